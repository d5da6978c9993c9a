"""Which commands are possible in which state of the window."""

from __future__ import annotations

import pytest

from ichviewer.ui.app.standard_commands import standard_table
from ichviewer.ui.app.window_state import ToolState, WindowState

ALWAYS = {
    "file.open_folder", "file.open_files", "file.open_demo", "file.remember", "file.quit", "view.theme",
    "analysis.open_model", "help.keys", "help.about",
    "layout.panes_1x1", "layout.panes_1x2", "layout.panes_2x1", "layout.panes_2x2", "layout.panes_1_and_3",
    "layout.panes_1x3", "file.settings", "view.full_screen",
    "file.find_studies", "file.sources", "file.outbox", "file.worklist", "help.news",
}  # fmt: skip
MOVING = {
    "go.next_flagged", "go.previous_flagged", "go.most_suspicious", "go.next_slice", "go.previous_slice",
    "go.five_on", "go.five_back", "go.first_slice", "go.last_slice", "go.next_series", "go.previous_series",
}  # fmt: skip
STUDY = MOVING | {"file.close_study", "view.reset", "view.zoom_in", "view.zoom_out", "help.problems"}
STUDY |= {"file.open_folder_beside", "file.open_files_beside"}
STUDY |= {"layout.prior", "links.scroll", "links.window", "links.zoom"}
TOOLS = {
    "window", "select", "length", "bidirectional", "angle", "midline_shift", "abc2", "rectangle", "ellipse",
    "freehand", "probe", "arrow", "text", "volume",
}  # fmt: skip
LISTS = {"list", "next_key_image", "previous_key_image", "export_csv", "export_json"}
STUDY |= {f"measure.{name}" for name in TOOLS | LISTS} | {"view.panels"}
GREY = {"view.invert", "layout.three_windows", "view.window_values", "view.reformats_shown"}
PICTURE = {
    "view.rotate_left", "view.rotate_right", "view.flip_horizontal", "view.flip_vertical", "view.fit",
    "view.one_to_one",
    "view.magnify", "view.magnify_2", "view.magnify_3", "view.magnify_4", "view.window_from_region",
    "file.copy_picture", "file.copy_picture_with_patient", "file.save_picture",
    "measure.key_image",
}  # fmt: skip
SPEEDS = {f"cine.speed_{speed}" for speed in (1, 2, 5, 8, 12, 20, 30, 45, 60)}
SLICES = {
    "cine.play", "cine.slower", "cine.faster", "file.save_series", "file.report_pdf", "file.print", "help.tags",
    "view.words", "file.close_study_in_view", "file.close_folder_in_view",
}  # fmt: skip
REFORMATS = {
    f"view.reformats_{name}"
    for name in (
        "thinner", "thicker", "mean", "maximum", "minimum", "straighten", "reset_planes", "nearest_slice",
    )
}  # fmt: skip
STORED = {"view.stored_results", "go.all_slices"}
SAVING = {"file.save_results", "file.send_results"}
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
        (WindowState(is_open=True, picture=True), STUDY | GREY | PICTURE),
        (WindowState(is_open=True, slices=30), STUDY | GREY | SLICES | SPEEDS),
        (WindowState(slices=1, has_card=True), SLICES - {"cine.play", "cine.slower", "cine.faster"} | SAVING),
        (WindowState(results_drawn=True, key_objects=4), STORED),
        (
            WindowState(is_open=True, slices=30, reformats_shown=True),
            STUDY | GREY | SLICES - {"view.words"} | SPEEDS | REFORMATS,
        ),
        (
            WindowState(is_open=True, tools=ToolState(undo="a length", redo="an angle", selected=True)),
            STUDY | GREY | {"measure.undo", "measure.redo", "measure.delete", "measure.copy_to_next"},
        ),
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
    tools = {f"measure.{name}" for name in TOOLS | {"key_image", "list"}}
    reformats = {f"view.reformats_{name}" for name in ("shown", "mean", "maximum", "minimum")}
    assert {c.id for c in commands} == {
        "file.remember", "view.invert", "view.regions", "analysis.pause", "layout.only", "layout.three_windows",
        "view.words", "view.panels", "view.full_screen", "view.window_from_region", "view.magnify", "view.magnify_2",
        "view.magnify_3", "view.magnify_4", "cine.play", "view.stored_results", "view.painted_regions",
    } | layouts | links | tools | reformats | SPEEDS  # fmt: skip
    plain = {
        "layout.panes_1x1",
        "links.scroll",
        "links.pane",
        "measure.window",
        "cine.speed_12",
        "view.words",
        "view.painted_regions",
    }
    assert on(WindowState(tools=ToolState(painted=True, painted_hidden=True))) == (
        {"file.remember"} | plain
    ) - {"view.painted_regions"}
    assert on(WindowState()) == {"file.remember"} | plain
    assert on(WindowState(remembers_paths=False, inverted=True)) == {"view.invert"} | plain
    assert on(WindowState(remembers_paths=False, paused=True, regions_shown=True)) == plain | {
        "analysis.pause",
        "view.regions",
    }
    state = WindowState(remembers_paths=False, layout="2x2", only_pane=True, links_scroll=False)
    assert on(state) == {
        "layout.panes_2x2",
        "layout.only",
        "links.pane",
        "measure.window",
        "cine.speed_12",
        "view.words",
        "view.painted_regions",
    }
    state = WindowState(remembers_paths=False, tools=ToolState(active="length", listed=True), magnified=3)
    assert on(state) == (plain - {"measure.window"}) | {
        "measure.length",
        "measure.list",
        "view.magnify",
        "view.magnify_3",
    }
