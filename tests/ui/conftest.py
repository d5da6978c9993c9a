"""Every test of the window: no display, settings of its own, no thread left behind, the dark theme."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

# `import fake_backend` and `import golden` work whatever pytest's import mode.
sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from golden import golden  # noqa: F401 - a fixture
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as `ichviewer` starts it, in place of pytest-qt's own."""
    from ichviewer.ui.app.app import make_app

    return make_app()


@pytest.fixture(autouse=True)
def isolated_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's real settings are read or written."""
    folder = tmp_path_factory.mktemp("settings")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(folder / name))
    return folder


@pytest.fixture(autouse=True)
def dark_theme(qapp: QApplication) -> Iterator[None]:
    """Start with the dark theme, and leave it on for the next test."""
    from ichviewer.ui.look.theme import DARK, apply_theme, theme

    if theme() is not DARK or not qapp.styleSheet():
        apply_theme(qapp, DARK)
    yield
    if theme() is not DARK:
        apply_theme(qapp, DARK)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test that leaves a worker running fails."""
    yield
    left = [t for t in threading.enumerate() if t.name.startswith("ichviewer-")]
    for thread in left:
        thread.join(2.0)
    assert not [t.name for t in left if t.is_alive()]
