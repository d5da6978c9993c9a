"""Which commands are possible in which state of the window."""

from __future__ import annotations

import pytest

from ichviewer.ui.app.standard_commands import standard_table
from ichviewer.ui.app.window_state import WindowState

ALWAYS = {
    "file.open_folder", "file.open_files", "file.open_demo", "file.remember", "file.quit", "view.theme",
    "analysis.open_model", "help.keys", "help.about",
    "layout.panes_1x1", "layout.panes_1x2", "layout.panes_2x1", "layout.panes_2x2", "layout.panes_1_and_3",
    "layout.panes_1x3",
}  # fmt: skip
MOVING = {
    "go.next_flagged", "go.previous_flagged", "go.most_suspicious", "go.next_slice", "go.previous_slice",
    "go.five_on", "go.five_back", "go.first_slice", "go.last_slice", "go.next_series", "go.previous_series",
}  # fmt: skip
STUDY = MOVING | {"file.close_study", "view.reset", "view.zoom_in", "view.zoom_out", "help.problems"}
STUDY |= {"layout.prior", "links.scroll", "links.window", "links.zoom"}
GREY = {"view.invert", "layout.three_windows"}
SEVERAL = {"layout.only", "layout.next_pane", "layout.previous_pane", "links.here", "links.pane"}


@pytest.mark.parametrize(
    ("state", "more"),
    [
        (WindowState(), set()),
        (WindowState(reading=True), {"analysis.cancel"}),
        (WindowState(is_open=True), STUDY | GREY),
        (WindowState(is_open=True, color_image=True), STUDY),
        (WindowState(is_open=True, has_card=True), STUDY | GREY | {"file.export"}),
        (WindowState(has_card=True, has_model=True, has_maps=True), {"view.regions"}),
        (WindowState(analyzing=True), {"analysis.cancel", "analysis.pause"}),
        (WindowState(is_open=True, has_model=True), STUDY | GREY | {"analysis.restart"}),
        (WindowState(own_model=True), {"analysis.bundled_model"}),
        (WindowState(several_panes=True), set()),
        (WindowState(is_open=True, several_panes=True), STUDY | GREY | SEVERAL),
    ],
)
def test_what_is_possible(state: WindowState, more: set[str]) -> None:
    assert {c.id for c in standard_table(()).commands if c.enabled(state)} == ALWAYS | more


def test_switches_show_what_is_on() -> None:
    commands = [c for c in standard_table(()).commands if c.checked is not None]

    def on(state: WindowState) -> set[str]:
        return {c.id for c in commands if c.checked is not None and c.checked(state)}

    layouts = {c.id for c in commands if c.id.startswith("layout.panes_")}
    links = {"links.scroll", "links.window", "links.zoom", "links.here", "links.pane"}
    assert {c.id for c in commands} == {
        "file.remember", "view.invert", "view.regions", "analysis.pause", "layout.only", "layout.three_windows",
    } | layouts | links  # fmt: skip
    plain = {"layout.panes_1x1", "links.scroll", "links.pane"}
    assert on(WindowState()) == {"file.remember"} | plain
    assert on(WindowState(remembers_paths=False, inverted=True)) == {"view.invert"} | plain
    assert on(WindowState(remembers_paths=False, paused=True, regions_shown=True)) == plain | {
        "analysis.pause",
        "view.regions",
    }
    state = WindowState(remembers_paths=False, layout="2x2", only_pane=True, links_scroll=False)
    assert on(state) == {"layout.panes_2x2", "layout.only", "links.pane"}
