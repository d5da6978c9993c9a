"""Drawing with the mouse in the window: every tool, moving, undoing, keys, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from fake_backend import scripted_backend
from free_keys import free_keys
from image_builders import drag, mouse, settle, wheel
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measured import Name
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.preferences import Preferences
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.tools.abc_slices import Share
from ichviewer.ui.tools.standard_tools import TOOLS
from ichviewer.ui.tools.surface import Surface
from ichviewer.ui.tools.tool import ClickTool
from ichviewer.ui.tools.words_dialog import WordsDialog

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five slices of 64 x 64 pixels of 0.5 mm, 5 mm apart, all of 40 HU but a square of 70 HU."""
    hu = np.full((64, 64), 40, dtype=np.int16)
    hu[20:40, 20:40] = 70
    write_series(tmp_path / "study", n=5, hu=hu)
    return tmp_path / "study"


@pytest.fixture
def window(make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    made = make_window.opened(folder)
    settle()
    return made


def screen(window: MainWindow, row: float, column: float) -> tuple[float, float]:
    """Where the center of a pixel is on the screen."""
    image = window.image
    shown, placement = image.shown, image.placement()
    assert shown is not None and placement is not None
    place = (column + 0.5) * shown.frame.column_mm, (row + 0.5) * shown.frame.row_mm
    return placement.to_screen(place, (float(image.width()), float(image.height())))


def click(window: MainWindow, row: float, column: float) -> None:
    at = screen(window, row, column)
    mouse(window.image, QEvent.Type.MouseMove, at)
    drag(window.image, at)


def draw(window: MainWindow, tool: str, *pixels: tuple[float, float]) -> Annotation:
    before = set(window.tools.store.annotations)
    window.actions_[f"measure.{tool}"].trigger()
    for row, column in pixels:
        click(window, row, column)
    (new,) = set(window.tools.store.annotations) - before
    return window.tools.store.annotations[new]


def value(window: MainWindow, annotation: Annotation, name: Name) -> float:
    shown = window.image.shown
    assert shown is not None
    found = window.tools.measurements.on(annotation, Surface(shown.series, shown.index, shown.decoded))
    quantity = found.find(name)
    assert quantity is not None
    return quantity.value


def spacing(window: MainWindow) -> float:
    shown = window.image.shown
    assert shown is not None and shown.info.spacing is not None
    assert shown.info.spacing.row_mm == shown.info.spacing.column_mm
    return shown.info.spacing.row_mm


def labels(window: MainWindow) -> list[tuple[str, ...]]:
    drawing = tools(window).drawing()
    assert drawing is not None
    return [one.label for one in drawing.annotations]


def tools(window: MainWindow):  # type: ignore[no-untyped-def]
    return window.tools._panes[window.image]


def test_each_tool_draws_its_kind_and_measures_it(window: MainWindow) -> None:
    mm = spacing(window)
    length = draw(window, "length", (10, 10), (10, 40))
    assert value(window, length, Name.LENGTH) == pytest.approx(30 * mm, abs=0.01)
    angle = draw(window, "angle", (10, 30), (10, 10), (30, 10))
    assert value(window, angle, Name.ANGLE) == pytest.approx(90, abs=0.01)
    axes = draw(window, "bidirectional", (20, 10), (20, 50), (10, 30), (40, 33))
    assert value(window, axes, Name.SHORT_AXIS) == pytest.approx(30 * mm, abs=0.01)
    shift = draw(window, "midline_shift", (5, 30), (60, 30), (30, 36))
    assert value(window, shift, Name.SHIFT) == pytest.approx(6 * mm, abs=0.01)
    # Corners half a pixel outside the square of 20 x 20 pixels.
    square = draw(window, "rectangle", (19.5, 19.5), (39.5, 39.5))
    assert value(window, square, Name.N_PIXELS) == 400
    assert value(window, square, Name.MEAN) == pytest.approx(70)
    assert value(window, square, Name.AREA) == pytest.approx(400 * mm * mm, rel=1e-3)
    round_one = draw(window, "ellipse", (22, 22), (37, 37))
    assert value(window, round_one, Name.MIN) == 70
    probe = draw(window, "probe", (30, 30))
    assert value(window, probe, Name.VALUE) == 70
    assert draw(window, "arrow", (30, 30), (10, 50)).kind is Kind.ARROW
    said = {line for label in labels(window) for line in label}
    assert f"{30 * mm:.1f} mm" in said and "90.0°" in said and "70 HU" in said


def test_a_drag_draws_as_two_clicks_do(window: MainWindow) -> None:
    window.actions_["measure.length"].trigger()
    drag(window.image, screen(window, 10, 10), screen(window, 10, 25), screen(window, 10, 40))
    (drawn,) = window.tools.store.annotations.values()
    assert value(window, drawn, Name.LENGTH) == pytest.approx(30 * spacing(window), abs=0.01)


def test_an_outline_is_traced(window: MainWindow) -> None:
    window.actions_["measure.freehand"].trigger()
    corners = [(19.5, 19.5), (19.5, 39.5), (39.5, 39.5), (39.5, 19.5)]
    drag(window.image, *(screen(window, *corner) for corner in corners))
    (drawn,) = window.tools.store.annotations.values()
    assert value(window, drawn, Name.N_PIXELS) == 400


def test_other_buttons_and_the_wheel_do_what_they_always_do(window: MainWindow) -> None:
    window.actions_["measure.length"].trigger()
    voi, index = window.image.voi(), window.viewing.index
    before = window.image.placement()
    drag(window.image, (100, 100), (100, 60), button=RIGHT)
    zoomed = window.image.placement()
    assert before is not None and zoomed is not None and zoomed.px_per_mm > before.px_per_mm
    drag(window.image, (100, 100), (120, 130), button=MIDDLE)
    assert window.image.placement().center_mm != zoomed.center_mm  # type: ignore[union-attr]
    wheel(window.image, -120)
    assert window.viewing.index == index + 1
    assert window.image.voi() == voi and not window.tools.store.annotations
    window.actions_["measure.window"].trigger()
    drag(window.image, (100, 100), (140, 100), button=LEFT)
    assert window.image.voi() != voi


def test_escape_leaves_what_is_half_drawn_and_then_the_tool(window: MainWindow) -> None:
    window.actions_["measure.angle"].trigger()
    click(window, 10, 10)
    click(window, 20, 10)
    assert tools(window).half_drawn
    QTest.keyClick(window.image, Qt.Key.Key_Escape)
    assert not tools(window).half_drawn and window.image.state.tool == "angle"
    QTest.keyClick(window.image, Qt.Key.Key_Escape)
    assert window.image.state.tool == "window"
    assert not window.tools.store.annotations


def test_what_is_half_drawn_is_not_ended_on_another_slice(window: MainWindow) -> None:
    window.actions_["measure.length"].trigger()
    click(window, 10, 10)
    window.viewing.step(1)
    settle()
    assert not tools(window).half_drawn
    click(window, 10, 40)
    assert not window.tools.store.annotations


def test_handles_and_whole_annotations_are_moved(window: MainWindow) -> None:
    mm = spacing(window)
    drawn = draw(window, "length", (10, 10), (10, 40))
    window.actions_["measure.select"].trigger()
    drag(window.image, screen(window, 10, 40), screen(window, 10, 30), screen(window, 10, 20))
    moved = window.tools.store.annotations[drawn.id]
    assert value(window, moved, Name.LENGTH) == pytest.approx(10 * mm, abs=0.01)
    drag(window.image, screen(window, 10, 15), screen(window, 30, 15), screen(window, 40, 15))
    whole = window.tools.store.annotations[drawn.id]
    assert value(window, whole, Name.LENGTH) == pytest.approx(10 * mm, abs=0.01)
    (surface,) = [Surface(s.series, s.index, s.decoded) for s in [window.image.shown] if s is not None]
    rows = surface.grid.pixels_of(whole.array())[:, 0]
    assert rows == pytest.approx([40, 40], abs=0.01)
    window.actions_["measure.undo"].trigger()
    window.actions_["measure.undo"].trigger()
    assert window.tools.store.annotations[drawn.id] == drawn
    window.actions_["measure.undo"].trigger()
    assert not window.tools.store.annotations and not window.actions_["measure.undo"].isEnabled()
    for _ in range(3):
        window.actions_["measure.redo"].trigger()
    assert window.tools.store.annotations[drawn.id] == whole


def test_flips_rotation_and_zoom_carry_the_drawing_along(window: MainWindow) -> None:
    drawn = draw(window, "length", (10, 10), (10, 40))
    for turn in (
        window.image.flip_horizontal,
        window.image.flip_vertical,
        lambda: window.image.rotate(90),
        lambda: window.image.zoom_by(1.7),
    ):
        turn()
        settle()
        window.actions_["measure.select"].trigger()
        window.tools.store.select("")
        click(window, 10, 25)
        assert window.tools.store.selected == drawn


def test_a_drawing_in_a_turned_picture_lies_where_it_was_seen(window: MainWindow) -> None:
    window.image.rotate(90)
    window.image.flip_horizontal()
    settle()
    assert value(window, draw(window, "probe", (22, 25)), Name.VALUE) == 70
    assert value(window, draw(window, "probe", (22, 50)), Name.VALUE) == 40


def test_delete_and_copy_to_the_next_slice(qtbot: QtBot, window: MainWindow) -> None:
    drawn = draw(window, "rectangle", (19.5, 19.5), (39.5, 39.5))
    index = window.viewing.index
    window.actions_["measure.copy_to_next"].trigger()
    qtbot.waitUntil(lambda: len(window.tools.store.annotations) == 2 and window.viewing.shown == index + 1)
    settle()
    copy = window.tools.store.selected
    assert copy is not None and copy.id != drawn.id
    assert copy.drawn_on != drawn.drawn_on and value(window, copy, Name.MEAN) == pytest.approx(70)
    assert len(labels(window)) == 1
    window.actions_["measure.delete"].trigger()
    assert list(window.tools.store.annotations) == [drawn.id]


def test_what_is_selected_on_another_slice_is_not_deleted(window: MainWindow) -> None:
    drawn = draw(window, "length", (10, 10), (10, 40))
    window.viewing.step(1)
    settle()
    assert window.tools.store.selected == drawn
    assert not window.actions_["measure.delete"].isEnabled()
    window.tools.delete()
    assert list(window.tools.store.annotations) == [drawn.id]
    # In the list it is seen, and deleted there.
    window.actions_["measure.list"].trigger()
    window.activateWindow()
    window.tools.list.table.setFocus()
    window.tools.list.table.selectRow(0)
    settle()
    assert window.tools.list.current == drawn
    assert window.actions_["measure.delete"].isEnabled()
    window.tools.delete()
    assert not window.tools.store.annotations


def test_without_words_no_label_stands_beside_a_drawing(window: MainWindow) -> None:
    draw(window, "length", (10, 10), (10, 40))
    window.actions_["measure.text"].trigger()
    click(window, 30, 30)
    dialog = window.findChild(WordsDialog)
    assert dialog is not None
    dialog.field.setText("Doe, Jane")
    dialog.accept()
    window.actions_["measure.key_image"].trigger()
    window.actions_["measure.window"].trigger()
    length = f"{30 * spacing(window):.1f} mm"
    assert labels(window) == [(length,), ("Doe, Jane",)]
    window.actions_["view.words"].trigger()
    settle()
    assert labels(window) == [(length,), ("Words hidden",)]
    window.actions_["view.words"].trigger()
    settle()
    drawing = tools(window).drawing()
    assert [one.label for one in drawing.annotations] == [(), ()] and drawing.notes == ()
    assert tools(window).layer.accessibleDescription() == ""
    # What a tool asks for is still said: without it nobody could draw.
    window.actions_["measure.length"].trigger()
    assert tools(window).drawing().notes[0].startswith("Length:")


def test_key_images_are_marked_with_one_key_and_found_again(window: MainWindow) -> None:
    start = window.viewing.index
    window.image.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_K)
    assert window.actions_["measure.key_image"].isChecked()
    window.viewing.go_first()
    settle()
    assert not window.actions_["measure.key_image"].isChecked()
    window.actions_["measure.next_key_image"].trigger()
    assert window.viewing.index == start
    settle()
    window.actions_["measure.key_image"].trigger()
    assert not window.tools.store.annotations


def test_abc2_goes_in_three_steps(window: MainWindow) -> None:
    mm = spacing(window)
    window.actions_["measure.abc2"].trigger()
    assert "step 1 of 3" in tools(window).drawing().notes[0]
    window.actions_["measure.list"].trigger()
    drawn = draw(window, "abc2", (30, 20), (30, 40), (25, 30), (35, 30))
    assert labels(window)[0][-1] == "C is still to be counted"
    panel = window.tools.list.abc
    assert panel.isVisible()
    window.viewing.step(1)
    settle()
    panel.choices[Share.WHOLE].click()
    window.viewing.step(-2)
    settle()
    panel.choices[Share.HALF].click()
    assert "Counted: 2.5 slices, C 12.5 mm" in panel.state.text()
    panel.done.click()
    counted = window.tools.store.annotations[drawn.id]
    assert isinstance(counted, Abc2) and counted.steps_done == 3
    window.viewing.step(1)
    settle()
    # A 20 pixels, B 10 pixels, C two and a half slices of 5 mm.
    assert value(window, counted, Name.VOLUME) == pytest.approx(20 * mm * 10 * mm * 12.5 / 2000, rel=1e-3)


def test_words_are_asked_for(window: MainWindow) -> None:
    window.actions_["measure.text"].trigger()
    click(window, 30, 30)
    assert not window.tools.store.annotations
    dialog = window.findChild(WordsDialog)
    assert dialog is not None
    dialog.field.setText("<b>clot</b>")
    dialog.accept()
    assert labels(window) == [("<b>clot</b>",)]


def test_asking_for_words_ends_with_the_study(window: MainWindow) -> None:
    window.actions_["measure.text"].trigger()
    click(window, 30, 30)
    dialog = window.findChild(WordsDialog)
    assert dialog is not None and dialog.isVisible()
    dialog.field.setText("of this patient")
    window.opening.close_study()
    assert not dialog.isVisible() and not window.tools.store.annotations


def test_the_list_shows_all_slices_jumps_and_deletes(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["measure.list"].trigger()
    first = draw(window, "rectangle", (19.5, 19.5), (39.5, 39.5))
    window.viewing.go_last()
    settle()
    draw(window, "length", (10, 10), (10, 40))
    listed = window.tools.list
    assert [row.cells[:2] for row in listed.rows] == [("3", "Rectangle"), ("5", "Length")]
    assert "Mean 70.0 HU" in listed.rows[0].values
    listed.table.cellClicked.emit(0, 0)
    assert window.viewing.index == 2 and window.tools.store.selected == first
    # However narrow, the values have half of it.
    for width in (900, 250):
        listed.table.setMinimumWidth(0)
        listed.resize(width, 300)
        settle()
        header = listed.table.horizontalHeader()
        assert header.sectionViewportPosition(2) + header.sectionSize(2) <= listed.table.viewport().width()
        assert header.sectionSize(2) > 0.35 * listed.table.viewport().width()
    listed.delete_button.click()
    assert [row.cells[1] for row in listed.rows] == ["Length"]


def test_a_study_opened_again_has_its_annotations(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    window: MainWindow,
    folder: Path,
) -> None:
    drawn = draw(window, "length", (10, 10), (10, 40))
    window.actions_["measure.key_image"].trigger()
    window.actions_["file.close_study"].trigger()
    assert not window.tools.store.annotations and window.tools.store.selected is None
    assert not window.actions_["measure.undo"].isEnabled()
    assert tools(window).drawing() is None and not window.tools.list.rows
    window.open_paths([folder])
    make_window.wait(window)
    qtbot.waitUntil(lambda: len(window.tools.store.annotations) == 2)
    assert window.tools.store.annotations[drawn.id] == drawn
    window.close()
    other = make_window.opened(folder)
    qtbot.waitUntil(lambda: len(other.tools.store.annotations) == 2)
    settle()
    assert labels(other) == [(f"{30 * spacing(other):.1f} mm",)]
    # Numbers in the list come although the slice was never measured on screen.
    other.viewing.go_first()
    other.actions_["measure.list"].trigger()
    qtbot.waitUntil(lambda: any("mm" in row.values for row in other.tools.list.rows))


def test_what_was_drawn_last_is_saved_when_the_window_closes(window: MainWindow) -> None:
    drawn = draw(window, "length", (10, 10), (10, 40))
    window.close()
    with AnnotationsDb() as db:
        assert db.all() == (drawn,)


def test_other_pixels_under_the_same_uid_show_no_drawing_and_say_so(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    window: MainWindow,
    folder: Path,
) -> None:
    draw(window, "length", (10, 10), (10, 40))
    window.actions_["file.close_study"].trigger()
    for path in folder.iterdir():
        path.unlink()
    write_series(folder, n=5, hu=np.full((64, 64), 41, dtype=np.int16))
    window.open_paths([folder])
    make_window.wait(window)
    qtbot.waitUntil(lambda: len(window.tools.store.annotations) == 1)
    settle()
    drawing = tools(window).drawing()
    assert drawing.annotations == () and "1 drawn on other pixels" in drawing.notes


def test_a_file_that_cannot_be_used_is_told_and_drawing_goes_on(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder is needed")
    backend = scripted_backend(open_annotations=lambda _: AnnotationsDb(blocked / "a.sqlite3"))
    window = make_window.opened(folder, backend=backend)
    qtbot.waitUntil(lambda: window.notice.text.startswith("Annotations are not saved."))
    draw(window, "length", (10, 10), (10, 40))
    qtbot.waitUntil(lambda: window.tools.list.heading.text().startswith("Not saved"))
    blocked.unlink()
    draw(window, "length", (20, 10), (20, 40))
    qtbot.waitUntil(lambda: not window.tools.store.unsaved)
    window.close()
    with AnnotationsDb(blocked / "a.sqlite3") as db:
        assert len(db.all()) == 2


def test_drawings_go_to_the_folder_that_was_chosen(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    chosen = tmp_path / "chosen" / "here"
    UiSettings().store_preferences(Preferences(data_folder=chosen))
    window = make_window.opened(folder)
    settle()
    draw(window, "length", (10, 10), (10, 40))
    qtbot.waitUntil(lambda: not window.tools.store.unsaved)
    window.close()
    with AnnotationsDb(chosen / "annotations.sqlite3") as db:
        assert len(db.all()) == 1


def test_a_damaged_file_is_set_aside_and_told(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    path = tmp_path / "kept.sqlite3"
    path.write_bytes(b"no database at all " * 100)
    window = make_window.opened(
        folder, backend=scripted_backend(open_annotations=lambda _: AnnotationsDb(path))
    )
    qtbot.waitUntil(lambda: "was damaged" in window.notice.text)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_annotations_are_exported_with_their_numbers_and_without_names(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, form: str
) -> None:
    draw(window, "rectangle", (19.5, 19.5), (39.5, 39.5))
    out = tmp_path / f"out.{form}"
    window.tools.exporting.export(out)
    qtbot.waitUntil(lambda: "1 annotation written" in window.notice.text)
    text = out.read_text(encoding="utf-8-sig")
    assert "rectangle" in text and "mean" in text and "70" in text
    shown = window.image.shown
    assert shown is not None and shown.series.patient.name not in text
    assert form == "csv" or len(json.loads(text)["annotations"]) == 1


def test_a_plug_in_adds_a_tool_with_one_line(make_window: MakeWindow, folder: Path) -> None:  # noqa: F811
    (key,) = free_keys(1)
    TOOLS.add(ClickTool("caliper", "Caliper", "Mine", "info", Kind.LENGTH, ("a", "b"), keys=(key,)))
    try:
        window = make_window.opened(folder)
        settle()
        assert window.actions_["measure.caliper"] in window.menus["measure"].actions()
        assert window.actions_["measure.caliper"].shortcut().toString() == key
        assert draw(window, "caliper", (10, 10), (10, 40)).kind is Kind.LENGTH
    finally:
        TOOLS.remove("caliper")
