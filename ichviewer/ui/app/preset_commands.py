"""The commands that choose a window preset; they change with the presets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ichviewer.ui.app.commands import Command, Entry, MenuPlace, Sheet, SheetGroup
from ichviewer.ui.app.window_state import has_grey_image
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import menu_text
from ichviewer.ui.look.words import voi_numbers

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset

WINDOW_MENU = "view.window"
PRESET_IDS = "window.preset_"


def preset_commands(presets: Sequence[Preset]) -> list[Entry]:
    """The window presets, in their order; their keys are set where they are."""
    return [_use_preset(place, preset) for place, preset in enumerate(presets)]


def _use_preset(place: int, preset: Preset) -> Command:
    words = f"{words_of(preset.name)}  {voi_numbers(preset.voi)}".strip() or tr("Window {place}").format(
        place=place + 1
    )
    told = (
        f"{words_of(preset.name)} {voi_numbers(preset.voi)}"
        if preset.voi
        else tr("{name}; again for the next one").format(name=words_of(preset.name))
    )
    return Command(
        f"{PRESET_IDS}{place + 1}",
        menu_text(words),
        words,
        lambda c: c.viewing.use_preset(place),
        keys=(str(preset.key),) if preset.key else (),
        keys_set_in=tr("the settings"),
        enabled=has_grey_image,
        menu=MenuPlace(WINDOW_MENU, 10),
        sheet=Sheet(SheetGroup.WINDOWS, told, place),
    )
