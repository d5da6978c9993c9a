"""Brain, subdural and bone window of the same slice side by side: which windows these are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ichviewer.domain.window import Window
from ichviewer.ui.panes.view_state import BRAIN, ShownWindow

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

_FALLBACKS = (
    BRAIN,
    ShownWindow(Window(80, 200, name="Subdural"), "Subdural"),
    ShownWindow(Window(600, 2800, name="Bone"), "Bone"),
)


def three_windows(presets: Sequence[Preset]) -> tuple[ShownWindow, ShownWindow, ShownWindow]:
    """The brain, subdural and bone windows: a person's own where they are called so."""
    named = {preset.name.casefold(): preset.voi for preset in presets if preset.voi is not None}
    brain, subdural, bone = (
        ShownWindow(named.get(usual.name.casefold(), usual.voi), usual.name) for usual in _FALLBACKS
    )
    return brain, subdural, bone
