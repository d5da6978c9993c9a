"""Reformats in the window: pixels are real, the model is scripted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from golden import CompareGolden
from image_builders import drag, mouse, settle, wheel
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.bundle import demo_dir
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.slab import Projection
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.reformat_set import ReformatSet
from ichviewer.ui.panes.reformat_state import ReformatState, Section

LEFT = Qt.MouseButton.LeftButton
DRAG_LIMIT_MS, KEY_LIMIT_MS = 33.0, 120.0


def rest(qtbot: QtBot, window: MainWindow) -> ReformatSet:
    planes = window.reformats.set
    settle()
    qtbot.waitUntil(
        lambda: (
            planes.planes is not None
            and all(pane.pixels is not None and pane.resting for pane in planes.panes.values())
        ),
        timeout=60_000,
    )
    settle()
    return planes


def click(pane: ReformatPane, place: tuple[float, float]) -> None:
    mouse(pane, QEvent.Type.MouseButtonPress, place, button=LEFT, buttons=LEFT)
    mouse(pane, QEvent.Type.MouseButtonRelease, place, button=LEFT)
    settle()


def xy(place: QPointF | None) -> tuple[float, float]:
    assert place is not None
    return place.x(), place.y()


def texts(pane: ReformatPane, corner: Corner) -> list[str]:
    return [line.text for line in pane.overlay.lines(corner)]


def state_of(window: MainWindow) -> ReformatState:
    found = window.reformats.set.planes
    assert found is not None
    return found


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> MainWindow:  # noqa: F811
    """Reformats of nine slices of 16 x 16 pixels, 5 mm apart."""
    folder = write_series(tmp_path / "ct", n=9)[0].parent
    window = make_window.opened(folder)
    window.resize(1300, 800)
    QTest.keyClick(window, Qt.Key.Key_F)
    rest(qtbot, window)
    return window


class TestMode:
    def test_the_key_shows_three_planes_that_begin_on_the_slice_in_view(self, window: MainWindow) -> None:
        assert window.reformats.shown and window.reformats.set.isVisible() and not window.image.isVisible()
        assert state_of(window).nearest_slice == window.viewing.index == 4
        for section, pane in window.reformats.set.panes.items():
            assert pane.isVisible()
            assert texts(pane, Corner.BOTTOM_RIGHT)[0] == "Reformatted"
            assert section.value.capitalize() in texts(pane, Corner.BOTTOM_LEFT)
            assert texts(pane, Corner.TOP_LEFT) == [
                line.text for line in window.image._overlay.lines(Corner.TOP_LEFT)
            ]

    def test_letters_are_those_of_the_planes(self, window: MainWindow) -> None:
        found = {s: p.overlay.letters for s, p in window.reformats.set.panes.items()}
        sides = {s: (e.left, e.top, e.right, e.bottom) for s, e in found.items()}
        assert sides == {
            Section.AXIAL: ("R", "A", "L", "P"),
            Section.CORONAL: ("R", "H", "L", "F"),
            Section.SAGITTAL: ("A", "H", "P", "F"),
        }

    @pytest.mark.parametrize("size", [(1300, 800), (1000, 700)])
    def test_names_of_planes_cover_no_other_words(
        self, qtbot: QtBot, window: MainWindow, size: tuple[int, int]
    ) -> None:
        window.resize(*size)
        for degrees in (0.0, 20.0, 25.0):
            window.reformats.set.panes[Section.AXIAL].turnRequested.emit(degrees)
            rest(qtbot, window)
            for pane in window.reformats.set.panes.values():
                names = list(pane.lines.names.values())
                assert len(names) == 2 and not names[0].intersects(names[1])
                assert len(pane.overlay.taken()) == 8
                for other in pane.overlay.taken():
                    assert not any(name.intersects(other) for name in names)

    def test_no_finding_stands_beside_a_reformat(self, window: MainWindow) -> None:
        assert not window.strip.isVisible() and not window.findings.isVisible()
        planes = window.reformats.set
        assert all(pane.overlay.chips == () for pane in planes.panes.values())
        assert planes.words == "Findings are shown on the acquired slices."

    def test_the_way_back_goes_to_the_slice_nearest_to_the_crosshair(self, window: MainWindow) -> None:
        coronal = window.reformats.set.panes[Section.CORONAL]
        x, y, _ = state_of(window).crosshair_mm
        # Slices are at 0, 5, ... 40 mm: 11 mm is nearest to slice 3, index 2.
        click(coronal, xy(coronal.screen_of((x + 2, y, 11.0))))
        (go,) = [
            b for b in window.reformats.set.findChildren(QPushButton) if b.text().startswith("Go to slice")
        ]
        assert go.text() == "Go to slice 3"
        go.click()
        assert not window.reformats.shown and window.image.isVisible()
        assert window.strip.isVisible() and window.findings.isVisible()
        assert window.viewing.index == 2

    def test_asking_for_a_slice_leaves_the_reformats(self, window: MainWindow) -> None:
        QTest.keyClick(window, Qt.Key.Key_N)
        assert not window.reformats.shown
        assert window.viewing.index == 2  # the scripted model flags slice 3

    @pytest.mark.parametrize(("command", "panes"), [("layout.three_windows", 3), ("layout.panes_1x2", 2)])
    def test_laying_out_panes_leaves_the_reformats(
        self, window: MainWindow, command: str, panes: int
    ) -> None:
        window.actions_[command].trigger()
        assert not window.reformats.shown
        assert [pane.image.isVisible() for pane in window.panes.shown()] == [True] * panes
        assert window.viewing.active.image.hasFocus()
        assert window.strip.isVisible() and window.findings.isVisible()

    def test_slices_that_are_played_stop_for_the_reformats(self, qtbot: QtBot, window: MainWindow) -> None:
        QTest.keyClick(window, Qt.Key.Key_F)
        window.cine.set_speed(60)
        window.cine.toggle()
        index = window.viewing.index
        qtbot.waitUntil(lambda: window.viewing.index != index)
        QTest.keyClick(window, Qt.Key.Key_F)
        assert not window.cine.playing
        rest(qtbot, window)
        assert window.reformats.shown

    def test_no_slice_is_marked_that_is_not_seen(self, window: MainWindow) -> None:
        QTest.keyClick(window, Qt.Key.Key_K)
        assert not window.tools.store.annotations
        QTest.keyClick(window, Qt.Key.Key_F)
        QTest.keyClick(window, Qt.Key.Key_K)
        assert len(window.tools.store.annotations) == 1

    def test_closing_the_study_takes_everything_of_the_patient_off_the_screen(
        self, window: MainWindow
    ) -> None:
        planes = window.reformats.set
        window.session.close_study()
        assert not window.reformats.shown and planes.planes is None
        for pane in planes.panes.values():
            assert all(pane.overlay.lines(corner) == () for corner in Corner)
            assert pane.pixels is None and pane.frame is None
        assert not window.actions_["view.reformats_shown"].isEnabled()

    def test_a_single_slice_is_refused_in_words(
        self,
        qtbot: QtBot,
        make_window: MakeWindow,  # noqa: F811
        tmp_path: Path,
    ) -> None:
        window = make_window.opened(write_series(tmp_path / "one", n=1)[0].parent)
        window.actions_["view.reformats_shown"].trigger()
        assert "The series has a single slice" in window.reformats.set.message
        assert not window.actions_["view.reformats_shown"].isEnabled() or window.reformats.shown
        window.actions_["view.reformats_shown"].trigger()
        assert not window.reformats.shown


class TestCrosshair:
    def test_a_click_moves_it_and_the_other_planes_follow(self, window: MainWindow) -> None:
        axial = window.reformats.set.panes[Section.AXIAL]
        x, y, z = state_of(window).crosshair_mm
        target = (x + 2.0, y - 1.5, z)
        click(axial, xy(axial.screen_of(target)))
        assert state_of(window).crosshair_mm == pytest.approx(target, abs=0.05)
        for section in (Section.CORONAL, Section.SAGITTAL):
            assert abs(state_of(window).view(section).distance_mm(target)) < 0.05

    def test_dragging_a_line_moves_its_plane_only(self, window: MainWindow) -> None:
        axial = window.reformats.set.panes[Section.AXIAL]
        before = state_of(window).crosshair_mm
        line = dict(axial.lines.shown.lines)[Section.CORONAL]
        center = axial.lines.shown.crosshair
        start = ((line.start[0] + center[0]) / 2, center[1])
        down_px = 40.0
        placement = axial.placement()
        assert placement is not None
        drag(axial, start, (start[0] + 30, start[1] + 20), (start[0] + 30, start[1] + down_px))
        after = state_of(window).crosshair_mm
        assert after[1] - before[1] == pytest.approx(down_px / placement.px_per_mm, abs=0.05)
        assert (after[0], after[2]) == pytest.approx((before[0], before[2]))

    def test_dragging_the_end_of_a_line_turns_the_other_planes(self, window: MainWindow) -> None:
        axial = window.reformats.set.panes[Section.AXIAL]
        painted = axial.lines.shown
        end = dict(painted.lines)[Section.CORONAL].end
        # A quarter of a right angle below the right end: 45 degrees clockwise if it is the right end.
        side = abs(end[0] - painted.crosshair[0])
        assert end[0] > painted.crosshair[0]
        drag(axial, end, (end[0], end[1] + side / 2), (end[0], end[1] + side))
        settle()
        right = state_of(window).view(Section.CORONAL).right
        assert right == pytest.approx((np.sqrt(0.5), np.sqrt(0.5), 0), abs=1e-6)
        assert "Oblique, from coronal" in texts(
            window.reformats.set.panes[Section.CORONAL], Corner.BOTTOM_LEFT
        )
        window.actions_["view.reformats_reset_planes"].trigger()
        assert state_of(window).view(Section.CORONAL).right == (1, 0, 0)

    def test_the_wheel_and_the_keys_move_the_plane_under_work(self, window: MainWindow) -> None:
        axial = window.reformats.set.panes[Section.AXIAL]
        z = state_of(window).crosshair_mm[2]
        wheel(axial, -120)
        assert abs(state_of(window).crosshair_mm[2] - z) == pytest.approx(5)
        QTest.keyClick(window, Qt.Key.Key_Up)
        assert state_of(window).crosshair_mm[2] == pytest.approx(z)
        assert window.viewing.index == 4  # the hidden slice stays
        QTest.keyClick(window, Qt.Key.Key_End)
        assert state_of(window).crosshair_mm[2] in (pytest.approx(0), pytest.approx(40))

    def test_two_lines_straighten_the_head(self, window: MainWindow) -> None:
        planes = window.reformats.set
        window.actions_["view.reformats_straighten"].trigger()
        assert "midline" in planes.words
        axial, sagittal = planes.panes[Section.AXIAL], planes.panes[Section.SAGITTAL]
        center = axial.lines.shown.crosshair
        drag(axial, center, (center[0] + 3, center[1] + 2))
        assert "at least 5 mm long" in planes.words  # and it is asked for again
        scale = axial.placement().px_per_mm  # type: ignore[union-attr]
        # 6 mm down and 1.5 mm to the right.
        drag(axial, center, (center[0] + 9, center[1] + 9), (center[0] + 1.5 * scale, center[1] + 6 * scale))
        assert "canthus" in planes.words
        assert state_of(window).axes.back == pytest.approx(np.array([1.5, 6, 0]) / np.hypot(1.5, 6), abs=1e-2)
        settle()
        center = sagittal.lines.shown.crosshair
        scale = sagittal.placement().px_per_mm  # type: ignore[union-attr]
        drag(sagittal, center, (center[0] + 9, center[1]), (center[0] + 6 * scale, center[1]))
        assert planes.words == "Findings are shown on the acquired slices."
        settle()
        assert "Axial, straightened" in texts(axial, Corner.BOTTOM_LEFT)


class TestPicture:
    def test_hu_under_the_cursor_are_those_of_the_acquired_slice(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        # The axial plane lies on slice 5, so its pixels are that slice's.
        axial = window.reformats.set.panes[Section.AXIAL]
        series = window.viewing.series
        assert series is not None and axial.pixels is not None and axial.pixels.coarseness == 1
        expected = read_slice(series.slices[4]).image.hu(0.0)
        assert np.allclose(axial.pixels.hu, expected, atol=1e-3)
        view = state_of(window).view(Section.AXIAL)
        mouse(axial, QEvent.Type.MouseMove, xy(axial.screen_of(tuple(view.mm_at(3, 11)))))
        settle()
        assert texts(axial, Corner.BOTTOM_LEFT)[0].replace("−", "-") == f"{expected[3, 11]:g} HU"

    def test_slabs_have_keys_and_a_menu_and_say_so_on_the_image(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        for _ in range(5):
            QTest.keyClick(window, Qt.Key.Key_BracketRight)
        settle()
        pane = window.reformats.set.panes[Section.SAGITTAL]
        assert texts(pane, Corner.BOTTOM_RIGHT)[0] == "Reformatted, mean 5 mm"
        window.actions_["view.reformats_maximum"].trigger()
        settle()
        assert texts(pane, Corner.BOTTOM_RIGHT)[0] == "Reformatted, maximum 5 mm"
        assert window.actions_["view.reformats_maximum"].isChecked()
        assert window.reformats.projection is Projection.MAXIMUM
        for _ in range(5):
            QTest.keyClick(window, Qt.Key.Key_BracketLeft)
        settle()
        assert texts(pane, Corner.BOTTOM_RIGHT)[0] == "Reformatted"

    def test_windows_and_inversion_are_one_for_all_planes(self, qtbot: QtBot, window: MainWindow) -> None:
        panes = window.reformats.set.panes.values()
        QTest.keyClick(window, Qt.Key.Key_5)
        assert {pane.state.window.name for pane in panes} == {"Bone"}
        QTest.keyClick(window, Qt.Key.Key_I)
        assert all(pane.inverted() for pane in panes)
        axial = window.reformats.set.panes[Section.AXIAL]
        drag(axial, (60.0, 60.0), (90.0, 60.0), (120.0, 60.0))  # beside all lines
        settle()
        assert len({pane.voi() for pane in panes}) == 1 and axial.state.window.name == ""
        assert window.image.state.window.name == "Bone"  # while the reformats are shown
        dragged = axial.state.window
        QTest.keyClick(window, Qt.Key.Key_F)
        settle()
        assert not window.reformats.shown and window.image.state.window == dragged
        # A reset comes back to the preset, and so it does where it was reset on the reformats.
        QTest.keyClick(window, Qt.Key.Key_F)
        rest(qtbot, window)
        assert axial.state.window == dragged
        axial.reset()
        settle()
        QTest.keyClick(window, Qt.Key.Key_F)
        assert window.image.state.window.name == "Bone"

    def test_a_window_does_not_go_on_to_another_series(
        self,
        qtbot: QtBot,
        make_window: MakeWindow,  # noqa: F811
        tmp_path: Path,
    ) -> None:
        root = tmp_path / "two"
        write_series(root / "a", n=5, SeriesInstanceUID="1.2.3", SeriesNumber=1)
        write_series(root / "b", n=5, SeriesInstanceUID="1.2.4", SeriesNumber=2)
        window = make_window.opened(root)
        window.resize(1300, 800)
        QTest.keyClick(window, Qt.Key.Key_F)
        rest(qtbot, window)
        axial = window.reformats.set.panes[Section.AXIAL]
        drag(axial, (60.0, 60.0), (90.0, 60.0), (120.0, 60.0))
        settle()
        assert axial.state.window.name == ""
        here = window.viewing.key
        other = next(s for s in window.session.catalog.series if s.key != here)
        window.viewing.show_series(other)
        settle()
        assert not window.reformats.shown and window.viewing.key == other.key
        assert window.image.state.window.name != "" and window.image.state.window != axial.state.window

    def test_zoom_stays_where_the_crosshair_is_when_planes_turn(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        coronal = window.reformats.set.panes[Section.CORONAL]
        coronal.zoom_by(2.0)
        before = xy(coronal.screen_of(state_of(window).crosshair_mm))
        window.reformats.set.panes[Section.AXIAL].turnRequested.emit(30.0)
        assert xy(coronal.screen_of(state_of(window).crosshair_mm)) == pytest.approx(before, abs=1e-6)


def opened_demo(qtbot: QtBot, make: MakeWindow, folder: Path) -> MainWindow:
    window = make()
    window.resize(1500, 900)
    window.open_paths([folder])
    qtbot.waitUntil(
        lambda: window.session.is_open and not window.session.reading and window.viewing.shown is not None,
        timeout=60_000,
    )
    window.actions_["view.reformats_shown"].trigger()
    rest(qtbot, window)
    return window


def test_golden_picture_of_a_coronal_plane(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    golden: CompareGolden,
) -> None:
    window = opened_demo(qtbot, make_window, demo_dir())
    pane = window.reformats.set.panes[Section.CORONAL]
    window.reformats.set._change(lambda planes: planes.with_thickness(5.0))
    rest(qtbot, window)
    # The picture alone: words are drawn otherwise elsewhere.
    pane.overlay.hide()
    golden(pane._canvas.grab().toImage(), "reformat-coronal")


def busy_ms(act: Callable[[], None], times: int) -> float:
    """How long the main thread computes without a break after a step: the median of so many.

    Its own processor time, because other programs on the machine lengthen everything else.
    """
    worst = []
    for _ in range(times):
        began = time.thread_time()
        act()
        longest = time.thread_time() - began
        until = time.perf_counter() + 0.05
        while time.perf_counter() < until:
            began = time.thread_time()
            settle(1)
            longest = max(longest, time.thread_time() - began)
            time.sleep(0.001)
        worst.append(longest * 1000)
    return statistics.median(worst)


@pytest.mark.realdata
@pytest.mark.timeout(600)
def test_a_tilted_real_series_is_reformatted_without_stalling_the_window(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    shared_data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    window = opened_demo(qtbot, make_window, shared_data / "ge-head-ct")
    planes = window.reformats.set
    volume_lines = texts(planes.panes[Section.CORONAL], Corner.TOP_LEFT)
    assert any("uneven" in line for line in volume_lines)
    geometry = state_of(window).geometry
    # A tilted gantry: the patient's axial plane is no acquired slice.
    assert not geometry.is_along_slices(state_of(window).view(Section.AXIAL).normal)
    # Where the crosshair stands, all three planes show the same HU, that of the voxels around it.
    values = []
    for section, pane in planes.panes.items():
        row, column = state_of(window).view(section).px_of(state_of(window).crosshair_mm).round().astype(int)
        assert pane.pixels is not None and pane.pixels.coarseness == 1
        values.append(pane.pixels.hu_at(int(row), int(column)))
    assert max(values) - min(values) < 30  # they are up to half a pixel apart
    busy = {
        "scrolling": busy_ms(lambda: planes.step(1), 12),
        "turning": busy_ms(lambda: planes.panes[Section.AXIAL].turnRequested.emit(2.0), 12),
        "slab": busy_ms(planes.thicker, 10),
    }
    with capsys.disabled():
        told = {what: round(ms, 1) for what, ms in busy.items()}
        print(f"\nreformats, main thread busy after a step, ms: {told}", end="")  # noqa: T201
    # Two frames of a screen, measured on a machine that does other things: it is 7 and 13 ms at rest.
    assert max(busy["scrolling"], busy["turning"]) <= DRAG_LIMIT_MS
    # A key, not a drag: words on three panes are drawn anew, one after the other.
    assert busy["slab"] <= KEY_LIMIT_MS
    window.reformats.leave()
