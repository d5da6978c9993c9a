"""Which window a pane uses."""

from __future__ import annotations

import pytest

from ichviewer.domain.window import Window
from ichviewer.services.windows import Preset
from ichviewer.ui.panes.preset_choice import NO_PRESET, ImageWindows, PresetChoice, preset_in_use, window_for
from ichviewer.ui.panes.view_state import BRAIN, ShownWindow

SOFT, BONE = Window(40, 380, name="Soft"), Window(600, 2800)
PRESETS = (Preset(1, SOFT, "Soft tissue"), Preset(2, BONE, "Bone"), Preset(6, None, "From file"))
FILE = (Window(35, 90, name="HEAD"), Window(300, 1500))
HEAD = ImageWindows(FILE)
PICTURE = ImageWindows(in_hu=False, hu_range=(0.0, 255.0))


def test_a_head_is_seen_through_the_preset() -> None:
    assert window_for(PresetChoice(), PRESETS, HEAD) == ShownWindow(SOFT, "Soft tissue")
    assert window_for(PresetChoice(1), PRESETS, HEAD) == ShownWindow(BONE, "Bone")
    assert preset_in_use(PresetChoice(1), HEAD) == 1


def test_the_window_of_the_file_again_is_its_next_window() -> None:
    choice = PresetChoice()
    seen = []
    for _ in range(3):
        choice = choice.chose(2, len(FILE))
        seen.append(window_for(choice, PRESETS, HEAD))
    # A window without a name of its own is called as the preset is.
    assert seen == [
        ShownWindow(FILE[0], "HEAD"),
        ShownWindow(FILE[1], "From file"),
        ShownWindow(FILE[0], "HEAD"),
    ]
    # Another preset in between begins with the first one again.
    assert choice.chose(1, 0).chose(2, len(FILE)).own == 0


def test_the_window_of_a_file_that_has_none_is_the_first_preset_that_is_one() -> None:
    assert window_for(PresetChoice(2), PRESETS, ImageWindows()) == ShownWindow(SOFT, "Soft tissue")
    assert window_for(PresetChoice(), (PRESETS[2],), ImageWindows()) == BRAIN


def test_an_image_without_hu_is_seen_through_its_own_window_until_the_reader_chooses() -> None:
    own = ImageWindows(FILE, in_hu=False)
    assert window_for(PresetChoice(), PRESETS, own) == ShownWindow(FILE[0], "HEAD")
    assert window_for(PresetChoice(), PRESETS, ImageWindows(FILE[1:], in_hu=False)) == ShownWindow(
        FILE[1], "From file"
    )
    assert window_for(PresetChoice(), PRESETS, PICTURE) == ShownWindow(Window(127.5, 255), "Full range")
    assert preset_in_use(PresetChoice(), PICTURE) == NO_PRESET
    chosen = PresetChoice().chose(1, 0)
    assert window_for(chosen, PRESETS, PICTURE) == ShownWindow(BONE, "Bone")
    assert preset_in_use(chosen, PICTURE) == 1
    # In the next series nobody has chosen anything.
    assert window_for(chosen.kept(same_series=True), PRESETS, PICTURE) == ShownWindow(BONE, "Bone")
    assert window_for(chosen.kept(same_series=False), PRESETS, PICTURE).name == "Full range"


@pytest.mark.parametrize("hu_range", [None, (7.0, 7.0)])
def test_an_image_of_one_value_or_none_still_has_a_window(hu_range: tuple[float, float] | None) -> None:
    shown = window_for(PresetChoice(), PRESETS, ImageWindows(in_hu=False, hu_range=hu_range))
    assert shown == (
        ShownWindow(SOFT, "Soft tissue") if hu_range is None else ShownWindow(Window(7, 1), "Full range")
    )


def test_impossible_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="Received: -1, 0"):
        PresetChoice(-1)
