"""The settings, which lie in `ichviewer.ui.session.ui_settings` because dialogs show them too."""

from __future__ import annotations

from ichviewer.ui.session.ui_settings import APPLICATION, ORGANIZATION, UiSettings, is_folder, is_there

__all__ = ["APPLICATION", "ORGANIZATION", "UiSettings", "is_folder", "is_there"]
