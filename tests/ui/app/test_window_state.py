"""Which commands are possible in which state of the window."""

from __future__ import annotations

import pytest

from ichviewer.ui.app.standard_commands import standard_table
from ichviewer.ui.app.window_state import WindowState

ALWAYS = {
    "file.open_folder", "file.open_files", "file.open_demo", "file.remember", "file.quit", "view.theme",
    "analysis.open_model", "help.keys", "help.about",
}  # fmt: skip
MOVING = {
    "go.next_flagged", "go.previous_flagged", "go.most_suspicious", "go.next_slice", "go.previous_slice",
    "go.five_on", "go.five_back", "go.first_slice", "go.last_slice", "go.next_series", "go.previous_series",
}  # fmt: skip
STUDY = MOVING | {"file.close_study", "view.reset", "view.zoom_in", "view.zoom_out", "help.problems"}


@pytest.mark.parametrize(
    ("state", "more"),
    [
        (WindowState(), set()),
        (WindowState(reading=True), {"analysis.cancel"}),
        (WindowState(is_open=True), STUDY | {"view.invert"}),
        (WindowState(is_open=True, color_image=True), STUDY),
        (WindowState(is_open=True, has_card=True), STUDY | {"view.invert", "file.export"}),
        (WindowState(has_card=True, has_model=True, has_maps=True), {"view.regions"}),
        (WindowState(analyzing=True), {"analysis.cancel", "analysis.pause"}),
        (WindowState(is_open=True, has_model=True), STUDY | {"view.invert", "analysis.restart"}),
        (WindowState(own_model=True), {"analysis.bundled_model"}),
    ],
)
def test_what_is_possible(state: WindowState, more: set[str]) -> None:
    assert {c.id for c in standard_table(()).commands if c.enabled(state)} == ALWAYS | more


def test_switches_show_what_is_on() -> None:
    commands = [c for c in standard_table(()).commands if c.checked is not None]

    def on(state: WindowState) -> set[str]:
        return {c.id for c in commands if c.checked is not None and c.checked(state)}

    assert {c.id for c in commands} == {"file.remember", "view.invert", "view.regions", "analysis.pause"}
    assert on(WindowState()) == {"file.remember"}
    assert on(WindowState(remembers_paths=False, inverted=True)) == {"view.invert"}
    assert on(WindowState(remembers_paths=False, paused=True, regions_shown=True)) == {
        "analysis.pause",
        "view.regions",
    }
