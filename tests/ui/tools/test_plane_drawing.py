"""Drawing on reformats with the mouse: every tool, which plane it is shown on, the way back to it, what is kept."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import drag, mouse, settle, wheel
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from region_builders import rest
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measured import Measured, Name
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.slab import Projection, Slab
from ichviewer.progress import CancelToken
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.reformat_state import ReformatState, Section
from ichviewer.ui.tools.abc_slices import Share
from ichviewer.ui.tools.plane_tools import PlaneTools
from ichviewer.ui.tools.report_annotations import ReportAnnotations
from ichviewer.ui.tools.words_dialog import WordsDialog

STEP_MM = 5.0
"""Between slices."""
PIXEL_MM = 0.5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine slices of 64 x 64 pixels of 0.5 mm, 5 mm apart, all of 40 HU but a block of 70 HU."""
    hu = np.full((64, 64), 40, dtype=np.int16)
    hu[20:40, 20:40] = 70
    write_series(tmp_path / "study", n=9, hu=hu)
    return tmp_path / "study"


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    made = make_window.opened(folder)
    made.resize(1300, 800)
    made.actions_["view.reformats_shown"].trigger()
    rest(qtbot, made)
    return made


def pane(window: MainWindow, section: Section) -> ReformatPane:
    return window.reformats.set.panes[section]


def tools(window: MainWindow, section: Section) -> PlaneTools:
    # The volume tool stands before them.
    (found,) = pane(window, section).findChildren(PlaneTools)
    return found


def planes(window: MainWindow) -> ReformatState:
    found = window.reformats.set.planes
    assert found is not None
    return found


def point_mm(window: MainWindow, section: Section, right_mm: float, down_mm: float) -> np.ndarray:
    """A point of a plane, from the crosshair."""
    view = planes(window).view(section)
    return (
        np.array(planes(window).crosshair_mm)
        + right_mm * np.array(view.right)
        + down_mm * np.array(view.down)
    )


def shifted(at: np.ndarray, x: float = 0, y: float = 0, z: float = 0) -> np.ndarray:
    return at + np.array([x, y, z])


def screen(window: MainWindow, section: Section, right_mm: float, down_mm: float) -> tuple[float, float]:
    x, y, z = point_mm(window, section, right_mm, down_mm).tolist()
    place = pane(window, section).screen_of((x, y, z))
    assert place is not None
    return place.x(), place.y()


def click(window: MainWindow, section: Section, right_mm: float, down_mm: float) -> None:
    at = screen(window, section, right_mm, down_mm)
    mouse(pane(window, section), QEvent.Type.MouseMove, at)
    drag(pane(window, section), at)


def draw(window: MainWindow, section: Section, tool: str, *at: tuple[float, float]) -> Annotation:
    before = set(window.tools.store.annotations)
    window.actions_[f"measure.{tool}"].trigger()
    for place in at:
        click(window, section, *place)
    (new,) = set(window.tools.store.annotations) - before
    return window.tools.store.annotations[new]


def measured(window: MainWindow, annotation: Annotation) -> Measured:
    settle()
    for section in Section:
        tools(window, section).drawing()
    found = window.tools.measurements.of(annotation)
    assert found is not None
    return found


def value(window: MainWindow, annotation: Annotation, name: Name) -> float:
    quantity = measured(window, annotation).find(name)
    assert quantity is not None
    return quantity.value


def labels(window: MainWindow, section: Section) -> list[tuple[str, ...]]:
    drawing = tools(window, section).drawing()
    return [] if drawing is None else [one.label for one in drawing.annotations]


def notes(window: MainWindow, section: Section) -> tuple[str, ...]:
    drawing = tools(window, section).drawing()
    return () if drawing is None else drawing.notes


def planes_are_missing(window: MainWindow) -> bool:
    return window.reformats.set.planes is None


def turn(window: MainWindow, section: Section, degrees: float) -> None:
    """Turn the two other planes."""
    pane(window, section).turnRequested.emit(degrees)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("turned", [False, True], ids=["straight", "oblique"])
def test_each_tool_draws_its_kind_in_mm_of_the_patient(
    qtbot: QtBot, window: MainWindow, section: Section, turned: bool
) -> None:
    if turned:
        turn(window, Section.SAGITTAL if section is not Section.SAGITTAL else Section.AXIAL, 20.0)
        rest(qtbot, window)
        assert planes(window).is_oblique(section)
    length = draw(window, section, "length", (-4, -3), (4, 3))
    assert value(window, length, Name.LENGTH) == pytest.approx(10, abs=0.1)
    assert length.array() == pytest.approx(
        np.array([point_mm(window, section, *at) for at in ((-4, -3), (4, 3))]), abs=0.1
    )
    angle = draw(window, section, "angle", (5, 0), (0, 0), (4, 4))
    assert value(window, angle, Name.ANGLE) == pytest.approx(45, abs=0.5)
    axes = draw(window, section, "bidirectional", (-6, 1), (6, 1), (2, -2), (2, 3))
    assert value(window, axes, Name.LONG_AXIS) == pytest.approx(12, abs=0.1)
    assert value(window, axes, Name.SHORT_AXIS) == pytest.approx(5, abs=0.1)
    shift = draw(window, section, "midline_shift", (0, -6), (0, 6), (3, 1))
    assert value(window, shift, Name.SHIFT) == pytest.approx(3, abs=0.1)
    square = draw(window, section, "rectangle", (-6, -5), (6, 5))
    assert value(window, square, Name.AREA) == pytest.approx(120, rel=0.01)
    # Two clicks are corners of the box around it: half axes of 4 and 3 mm.
    ellipse = draw(window, section, "ellipse", (-4, -3), (4, 3))
    assert value(window, ellipse, Name.AREA) == pytest.approx(math.pi * 12, rel=0.01)
    probe = draw(window, section, "probe", (0.1, 0.1))
    shown = pane(window, section).shown
    assert shown is not None
    here = np.rint(shown.view.px_of(probe.array())[0]).astype(int)
    assert value(window, probe, Name.VALUE) == pytest.approx(float(shown.pixels.hu[tuple(here)]))
    assert draw(window, section, "arrow", (2, 2), (5, -5)).kind is Kind.ARROW
    drawn = window.tools.store.annotations.values()
    series = window.viewing.series
    assert series is not None
    for annotation in drawn:
        place = annotation.drawn_on.place
        assert isinstance(place, OnReformat) and place.slab is None
        assert place.frame_of_reference_uid == series.slices[0].frame_of_reference_uid
        assert annotation.drawn_on.series == series.key
        assert place.right == planes(window).view(section).right
    assert len(labels(window, section)) == len(drawn)


def test_an_outline_is_traced_and_text_is_asked_for(window: MainWindow) -> None:
    window.actions_["measure.freehand"].trigger()
    corners = ((-5, -5), (5, -5), (5, 5), (-5, 5))
    at = [screen(window, Section.CORONAL, *corner) for corner in corners]
    drag(pane(window, Section.CORONAL), *at)
    (outline,) = window.tools.store.annotations.values()
    assert value(window, outline, Name.AREA) == pytest.approx(100, rel=0.01)
    window.actions_["measure.text"].trigger()
    click(window, Section.CORONAL, 3, 3)
    dialog = window.findChild(WordsDialog)
    assert dialog is not None
    dialog.field.setText("<b>clot</b>")
    dialog.accept()
    assert ("<b>clot</b>",) in labels(window, Section.CORONAL)


def test_hu_are_those_of_the_slab_in_view_and_say_so(qtbot: QtBot, window: MainWindow) -> None:
    # Across the edge of the block at column 40, whose HU are 70 to the one and 40 to the other side.
    edge = point_mm(window, Section.SAGITTAL, 0, 0)
    series = window.viewing.series
    assert series is not None and series.slices[0].plane is not None
    first = series.slices[0].plane.at_mm(30, 39.5, series.slices[0].spacing)  # type: ignore[arg-type]
    window.reformats.set._change(lambda now: now.through((first[0], first[1], edge[2])))
    expected = {"5 mm mean": 55.0, "5 mm maximum": 70.0, "5 mm minimum": 40.0, "plane alone": 55.0}
    for words, hu in expected.items():
        projection = next((p for p in Projection if p in words), None)
        if projection is None:
            window.reformats.set._change(lambda now: now.with_thickness(0.0))
        else:
            slab = projection
            window.reformats.set._change(lambda now, slab=slab: now.with_thickness(5.0).with_projection(slab))
        rest(qtbot, window)
        drawn = draw(window, Section.SAGITTAL, "rectangle", (-2, -4), (2, 4))
        assert value(window, drawn, Name.MEAN) == pytest.approx(hu, abs=0.01)
        assert f"Reformatted, {words}" in labels(window, Section.SAGITTAL)[0]
        # Another slab is another plane.
        assert len(labels(window, Section.SAGITTAL)) == 1


class TestWhere:
    def test_only_on_its_plane_within_half_a_slice(self, qtbot: QtBot, window: MainWindow) -> None:
        draw(window, Section.AXIAL, "length", (-4, 0), (4, 0))
        (drawn,) = window.tools.store.annotations.values()
        assert labels(window, Section.AXIAL) == [("8.0 mm",)]
        assert labels(window, Section.CORONAL) == labels(window, Section.SAGITTAL) == []
        at = np.array(planes(window).crosshair_mm)
        for way_mm, count in ((2.4, 1), (2.6, 0), (-2.4, 1), (-2.6, 0), (0.0, 1)):
            window.reformats.set._change(lambda now, z=way_mm: now.through(shifted(at, z=z)))
            rest(qtbot, window)
            assert len(labels(window, Section.AXIAL)) == count
            if way_mm and count:
                # What is said of it is what it was on its own plane.
                assert labels(window, Section.AXIAL) == [("8.0 mm", "Drawn 2.4 mm from this plane")]
        assert window.tools.store.annotations[drawn.id] == drawn

    def test_only_within_a_degree(self, qtbot: QtBot, window: MainWindow) -> None:
        draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        turn(window, Section.AXIAL, 0.9)
        rest(qtbot, window)
        assert labels(window, Section.CORONAL) == [("8.0 mm", "Drawn 0.1 mm from this plane, turned by 0.9°")]
        turn(window, Section.AXIAL, 0.2)
        rest(qtbot, window)
        assert labels(window, Section.CORONAL) == []

    def test_another_slab_is_counted_in_words(self, qtbot: QtBot, window: MainWindow) -> None:
        draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        window.actions_["measure.window"].trigger()
        window.reformats.thicker()
        rest(qtbot, window)
        assert labels(window, Section.CORONAL) == []
        assert notes(window, Section.CORONAL) == ("1 drawn with another slab",)
        window.reformats.thinner()
        rest(qtbot, window)
        assert len(labels(window, Section.CORONAL)) == 1 and notes(window, Section.CORONAL) == ()

    def test_hu_beside_it_stay_those_of_its_own_plane(self, qtbot: QtBot, window: MainWindow) -> None:
        drawn = draw(window, Section.CORONAL, "rectangle", (-3, -4), (3, 4))
        before = measured(window, drawn)
        window.tools.measurements.clear()
        at = np.array(planes(window).crosshair_mm)
        window.reformats.set._change(lambda now: now.through(shifted(at, y=0.2)))
        rest(qtbot, window)
        tools(window, Section.CORONAL).drawing()
        qtbot.waitUntil(lambda: window.tools.measurements.of(drawn) is not None)
        after = window.tools.measurements.of(drawn)
        assert after is not None and after.notes == before.notes
        for one, other in zip(before.quantities, after.quantities, strict=True):
            assert (one.name, one.unit) == (other.name, other.unit)
            assert one.value == pytest.approx(other.value, abs=1e-4)

    def test_not_on_slices_and_slices_not_on_it(self, qtbot: QtBot, window: MainWindow) -> None:
        draw(window, Section.AXIAL, "length", (-4, 0), (4, 0))
        window.actions_["view.reformats_shown"].trigger()
        settle()
        drawing = window.tools._panes[window.image].drawing()
        assert drawing is not None and drawing.annotations == ()


class TestChanging:
    def test_moving_undoing_and_deleting(self, qtbot: QtBot, window: MainWindow) -> None:
        drawn = draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        window.actions_["measure.select"].trigger()
        here = [screen(window, Section.CORONAL, *at) for at in ((4, 0), (5, 2), (8, 5))]
        drag(pane(window, Section.CORONAL), *here)
        moved = window.tools.store.annotations[drawn.id]
        assert value(window, moved, Name.LENGTH) == pytest.approx(13, abs=0.1)  # 12 and 5
        window.actions_["measure.undo"].trigger()
        assert window.tools.store.annotations[drawn.id] == drawn
        window.actions_["measure.redo"].trigger()
        assert window.tools.store.annotations[drawn.id] == moved
        window.actions_["measure.delete"].trigger()
        assert not window.tools.store.annotations
        window.actions_["measure.undo"].trigger()
        assert labels(window, Section.CORONAL) == [("13.0 mm",)]

    def test_moved_beside_its_plane_it_stays_in_it(self, qtbot: QtBot, window: MainWindow) -> None:
        drawn = draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        at = np.array(planes(window).crosshair_mm)
        window.reformats.set._change(lambda now: now.through(shifted(at, y=0.2)))
        turn(window, Section.AXIAL, 0.5)
        rest(qtbot, window)
        window.actions_["measure.select"].trigger()
        here = [screen(window, Section.CORONAL, *at) for at in ((4, 0), (5, 2), (8, 5))]
        drag(pane(window, Section.CORONAL), *here)
        moved = window.tools.store.annotations[drawn.id]
        assert moved != drawn and moved.drawn_on == drawn.drawn_on
        place = drawn.drawn_on.place
        assert isinstance(place, OnReformat)
        assert place.distances_mm(moved.array()) == pytest.approx(0, abs=1e-9)

    def test_what_is_out_of_view_is_not_deleted(self, qtbot: QtBot, window: MainWindow) -> None:
        drawn = draw(window, Section.AXIAL, "length", (-4, 0), (4, 0))
        wheel(pane(window, Section.AXIAL), -120)
        rest(qtbot, window)
        assert window.tools.store.selected == drawn
        assert not window.actions_["measure.delete"].isEnabled()
        QTest.keyClick(window, Qt.Key.Key_Delete)
        window.tools.delete()
        assert window.tools.store.annotations[drawn.id] == drawn
        wheel(pane(window, Section.AXIAL), 120)
        rest(qtbot, window)
        assert window.actions_["measure.delete"].isEnabled()
        window.tools.delete()
        assert not window.tools.store.annotations

    def test_what_is_half_drawn_is_not_ended_on_another_plane(self, qtbot: QtBot, window: MainWindow) -> None:
        window.actions_["measure.length"].trigger()
        click(window, Section.AXIAL, -4, 0)
        assert tools(window, Section.AXIAL).half_drawn
        wheel(pane(window, Section.AXIAL), -120)
        rest(qtbot, window)
        assert not tools(window, Section.AXIAL).half_drawn
        click(window, Section.AXIAL, 4, 0)
        assert not window.tools.store.annotations

    def test_nothing_is_drawn_on_a_coarse_picture(self, window: MainWindow) -> None:
        window.actions_["measure.length"].trigger()
        # The key is not waited for: the picture is still that of the plane before.
        window.reformats.set.step(1)
        click(window, Section.AXIAL, -4, 0)
        click(window, Section.AXIAL, 4, 0)
        assert not window.tools.store.annotations
        assert "still being computed" in window.notice.text

    def test_a_tool_for_slices_is_refused(self, window: MainWindow) -> None:
        # A tool of another kind, which this module does not know.
        pane(window, Section.AXIAL).set_tool("brush")
        click(window, Section.AXIAL, 3, 2)
        assert window.notice.text == "This tool is for acquired slices, not for reformats."

    def test_a_tool_draws_where_lines_lie_and_without_one_they_move(self, window: MainWindow) -> None:
        before = planes(window)
        # Both ends lie on the lines of the other planes.
        draw(window, Section.AXIAL, "length", (0, -4), (0, 4))
        assert planes(window) == before
        QTest.keyClick(pane(window, Section.AXIAL), Qt.Key.Key_Escape)
        assert pane(window, Section.AXIAL).state.tool == "window" == window.image.state.tool
        click(window, Section.AXIAL, 3, 2)
        assert planes(window) != before and len(window.tools.store.annotations) == 1

    def test_copying_to_the_next_slice_says_that_it_is_for_slices(self, window: MainWindow) -> None:
        draw(window, Section.AXIAL, "length", (-4, 0), (4, 0))
        window.actions_["measure.copy_to_next"].trigger()
        assert "acquired slice" in window.notice.text and len(window.tools.store.annotations) == 1


class TestAbc2:
    def test_c_is_counted_on_planes_beside_the_one_that_was_drawn_on(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        window.actions_["measure.list"].trigger()
        drawn = draw(window, Section.CORONAL, "abc2", (-6, 1), (6, 1), (2, -2), (2, 3))
        panel = window.tools.list.abc
        assert panel.isVisible() and "+0 mm from A and B, in steps of 5 mm: the largest" in panel.state.text()
        # Planes of 0.5 mm: the tenth lies 5 mm away, the eighth is nearer to that than to the one drawn on.
        self.move(qtbot, window, 8)
        panel.choices[Share.WHOLE].click()
        assert panel.state.text() == (
            "+5 mm from A and B, in steps of 5 mm: over 75 % of the largest. Counted: 2 planes, C 10.0 mm."
        )
        self.move(qtbot, window, 2)
        assert panel.choices[Share.WHOLE].isChecked()
        self.move(qtbot, window, -20)
        panel.choices[Share.HALF].click()
        panel.done.click()
        counted = window.tools.store.annotations[drawn.id]
        assert isinstance(counted, Abc2)
        self.move(qtbot, window, 10)
        # A 12 mm, B 5 mm, C one plane, one, and half a plane of 5 mm.
        assert value(window, counted, Name.VOLUME) == pytest.approx(12 * 5 * 12.5 / 2000, rel=0.02)
        assert any("ABC/2" in line for lines in labels(window, Section.CORONAL) for line in lines)

    def test_planes_are_as_far_apart_as_the_slab_is_thick(self, qtbot: QtBot, window: MainWindow) -> None:
        window.reformats.set._change(lambda now: now.with_thickness(8.0))
        rest(qtbot, window)
        window.actions_["measure.list"].trigger()
        draw(window, Section.SAGITTAL, "abc2", (-6, 1), (6, 1), (2, -2), (2, 3))
        panel = window.tools.list.abc
        assert "in steps of 8 mm" in panel.state.text()
        # With another slab the areas are others.
        window.reformats.set._change(lambda now: now.with_thickness(3.0))
        rest(qtbot, window)
        assert "with the same slab" in panel.state.text()
        assert not any(button.isEnabled() for button in panel.choices.values())

    def test_planes_turned_away_are_not_counted(self, qtbot: QtBot, window: MainWindow) -> None:
        window.actions_["measure.list"].trigger()
        draw(window, Section.CORONAL, "abc2", (-6, 1), (6, 1), (2, -2), (2, 3))
        turn(window, Section.AXIAL, 30.0)
        rest(qtbot, window)
        panel = window.tools.list.abc
        assert panel.state.text().startswith("Show a plane parallel to that of A and B")
        assert len(panel.slices()) == 1

    def test_leaving_the_reformats_ends_the_counting(self, window: MainWindow) -> None:
        window.actions_["measure.list"].trigger()
        draw(window, Section.CORONAL, "abc2", (-6, 1), (6, 1), (2, -2), (2, 3))
        assert window.tools.list.abc.isVisible()
        window.reformats.leave()
        settle()
        assert window.tools.part.isVisible() and not window.tools.list.abc.isVisible()

    @staticmethod
    def move(qtbot: QtBot, window: MainWindow, steps: int) -> None:
        pane(window, Section.CORONAL).sliceStepRequested.emit(steps)
        rest(qtbot, window)


class TestKept:
    def test_a_study_opened_again_has_them_and_the_list_leads_to_their_plane(
        self,
        qtbot: QtBot,
        make_window: MakeWindow,  # noqa: F811
        window: MainWindow,
        folder: Path,
    ) -> None:
        window.reformats.set._change(lambda now: now.with_thickness(5.0).with_projection(Projection.MAXIMUM))
        turn(window, Section.AXIAL, 30.0)
        turn(window, Section.CORONAL, 12.0)
        rest(qtbot, window)
        drawn = draw(window, Section.SAGITTAL, "rectangle", (-4, -3), (4, 3))
        label = labels(window, Section.SAGITTAL)
        view = planes(window).view(Section.SAGITTAL)
        assert "Reformatted, 5 mm maximum" in label[0]
        window.close()
        with AnnotationsDb() as db:
            assert db.all() == (drawn,)
        other = make_window.opened(folder)
        other.resize(1300, 800)
        other.actions_["measure.list"].trigger()
        listed = other.tools.list
        qtbot.waitUntil(lambda: len(listed.rows) == 1)
        (row,) = listed.rows
        assert row.cells[:2] == ("Oblique", "Rectangle")
        assert row.values == "Not measured: its plane has to be shown first"
        listed.table.cellClicked.emit(0, 0)
        assert other.reformats.shown
        rest(qtbot, other)
        active = other.reformats.set.active
        found = planes(other).view(active.section)
        assert planes(other).slab == Slab(5.0, Projection.MAXIMUM)
        corners = [[0, view.rows - 1], [0, view.columns - 1]]
        assert found.mm_at(*corners) == pytest.approx(view.mm_at(*corners), abs=1e-6)
        assert planes(other).crosshair_mm == pytest.approx(drawn.array().mean(axis=0), abs=1e-6)
        assert labels(other, active.section) == label
        assert "Area 48.0 mm²" in listed.rows[0].values and "Mean" in listed.rows[0].values

    def test_the_list_leads_to_a_plane_from_another_one(self, qtbot: QtBot, window: MainWindow) -> None:
        drawn = draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        window.actions_["measure.list"].trigger()
        turn(window, Section.AXIAL, 40.0)
        at = np.array(planes(window).crosshair_mm)
        window.reformats.set._change(lambda now: now.through(shifted(at, x=3, y=3)))
        rest(qtbot, window)
        assert labels(window, Section.CORONAL) == []
        window.tools.list.table.cellClicked.emit(0, 0)
        rest(qtbot, window)
        assert window.reformats.set.active.section is Section.CORONAL
        assert window.tools.store.selected == drawn
        assert labels(window, Section.CORONAL) == [("8.0 mm",)]

    def test_a_way_to_a_plane_that_was_cancelled_can_be_gone_again(
        self,
        qtbot: QtBot,
        make_window: MakeWindow,  # noqa: F811
        window: MainWindow,
        folder: Path,
    ) -> None:
        drawn = draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        window.close()
        other = make_window.opened(folder)
        other.resize(1300, 800)
        qtbot.waitUntil(lambda: len(other.tools.store.annotations) == 1)
        other.actions_["measure.list"].trigger()
        other.tools.list.table.cellClicked.emit(0, 0)
        other.reformats.volumes.cancel()
        qtbot.waitUntil(lambda: not other.reformats.volumes.building)
        if planes_are_missing(other):
            assert "Cancelled" in other.reformats.set.message
            other.tools.list.table.cellClicked.emit(0, 0)
        rest(qtbot, other)
        assert labels(other, Section.CORONAL) == [("8.0 mm",)]
        # Closed on the way there, nothing of it comes.
        other.actions_["file.close_study"].trigger()
        other.open_paths([folder])
        make_window.wait(other)
        qtbot.waitUntil(lambda: list(other.tools.store.annotations) == [drawn.id])
        other.actions_["measure.list"].trigger()
        other.tools.list.planeRequested.emit(drawn)
        other.actions_["file.close_study"].trigger()
        settle(20)
        assert not other.reformats.shown and planes_are_missing(other)
        assert all(tools(other, section).drawing() is None for section in Section)

    def test_closing_the_study_takes_them_away(self, window: MainWindow) -> None:
        draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        window.session.close_study()
        assert not window.tools.store.annotations and not window.actions_["measure.undo"].isEnabled()
        assert all(tools(window, section).drawing() is None for section in Section)

    def test_other_pixels_under_the_same_uids_show_none_and_say_so(
        self,
        qtbot: QtBot,
        make_window: MakeWindow,  # noqa: F811
        window: MainWindow,
        folder: Path,
    ) -> None:
        draw(window, Section.CORONAL, "length", (-4, 0), (4, 0))
        window.actions_["measure.window"].trigger()
        window.actions_["file.close_study"].trigger()
        for path in folder.iterdir():
            path.unlink()
        write_series(folder, n=9, hu=np.full((64, 64), 41, dtype=np.int16))
        window.open_paths([folder])
        make_window.wait(window)
        qtbot.waitUntil(lambda: len(window.tools.store.annotations) == 1)
        window.actions_["view.reformats_shown"].trigger()
        rest(qtbot, window)
        assert labels(window, Section.CORONAL) == []
        assert notes(window, Section.CORONAL) == ("1 drawn on other pixels",)

    @pytest.mark.parametrize("at_hand", [True, False], ids=["volume at hand", "volume read for it"])
    def test_exported_with_their_plane_and_numbers(
        self,
        qtbot: QtBot,
        make_window: MakeWindow,  # noqa: F811
        window: MainWindow,
        folder: Path,
        *,
        at_hand: bool,
    ) -> None:
        window.reformats.set._change(lambda now: now.with_thickness(5.0))
        rest(qtbot, window)
        drawn = draw(window, Section.CORONAL, "rectangle", (-3, -4), (3, 4))
        mean = value(window, drawn, Name.MEAN)
        if not at_hand:
            window.close()
            window = make_window.opened(folder)
            qtbot.waitUntil(lambda: len(window.tools.store.annotations) == 1)
        out = folder.parent / "out"
        out.mkdir()
        for form in ("csv", "json"):
            path = out / f"out.{form}"
            window.tools.exporting.export(path)
            qtbot.waitUntil(path.exists)
        rows = list(csv.DictReader((out / "out.csv").read_text(encoding="utf-8").splitlines()))
        assert {(r["slab_mm"], r["slab_mode"], r["plane_right"], r["plane_down"]) for r in rows} == {
            ("5", "mean", "(1 0 0)", "(0 0 -1)")
        }
        found = {r["quantity"]: float(r["value"]) for r in rows}
        assert found["area"] == pytest.approx(48, rel=0.01) and found["mean"] == pytest.approx(mean, abs=1e-3)
        content = json.loads((out / "out.json").read_text(encoding="utf-8"))
        (entry,) = content["annotations"]
        assert entry["annotation"]["drawn_on"]["slab"] == {"thickness_mm": 5.0, "projection": "mean"}


def test_a_report_says_on_which_plane_and_slab_it_was_measured(qtbot: QtBot, window: MainWindow) -> None:
    window.reformats.set._change(lambda now: now.with_thickness(5.0))
    rest(qtbot, window)
    drawn = draw(window, Section.CORONAL, "rectangle", (-3, -4), (3, 4))
    mean = value(window, drawn, Name.MEAN)
    series = window.viewing.series
    assert series is not None
    taken = ReportAnnotations.of(series, window.tools.store, window.tools.measurements)
    (listed,) = taken.measured(window.session.cache, CancelToken())
    assert listed.values[0] == "Coronal reformat, 5 mm mean"
    assert any(line.startswith(f"Mean {mean:.1f} HU") for line in listed.values)


def test_a_picture_of_the_window_carries_them(window: MainWindow) -> None:
    coronal = pane(window, Section.CORONAL)

    def yellow(image: QImage) -> int:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
        return int(np.all(np.abs(pixels[:, :, :3].astype(int) - [0x4D, 0xE1, 0xFF]) < 12, axis=2).sum())

    settle()
    before = yellow(coronal.grab().toImage())
    draw(window, Section.CORONAL, "length", (-6, 3), (6, 5))
    settle()
    assert yellow(coronal.grab().toImage()) > before + 50
    assert yellow(window.grab().toImage()) > 50
