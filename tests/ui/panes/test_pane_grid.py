"""Several panes in the window: layouts, the active one, dragging, three windows, links, and nothing left behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import Script, scripted_backend
from image_builders import mouse, settle, wheel
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.window import Window
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.browser.series_drag import series_mime
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.pane_grid import PaneFrame
from ichviewer.ui.panes.pane_view import PaneView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(make_window: MakeWindow, tmp_path: Path) -> MainWindow:  # noqa: F811
    """A study with a thick, a thin and a high series in one frame of reference, and one in a frame of its own."""
    for number, places, uid in (
        (1, [0, 5, 10, 15, 20], "1.9"),
        (2, [0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5, 20], "1.9"),
        (3, [15, 20, 25, 30], "1.9"),
        (4, [100, 105, 110, 115], "2.2"),
    ):
        write_series(
            tmp_path / str(number),
            positions_mm=places,
            SeriesInstanceUID=f"1.2.{number}",
            SeriesNumber=number,
            FrameOfReferenceUID=uid,
            description=f"Stack {number}",
            patient_name="Doe^Zachariah",
        )
    made = make_window.opened(tmp_path, backend=scripted_backend(Script(flagged=[1])))
    made.resize(1500, 950)
    return made


def panes(window: MainWindow) -> tuple[PaneView, ...]:
    return window.panes.shown()


def frames(window: MainWindow) -> tuple[PaneFrame, ...]:
    return window.grid.shown()


def do(window: MainWindow, command_id: str) -> None:
    window.actions_[command_id].trigger()


def show(window: MainWindow, place: int, number: int, index: int | None = None) -> None:
    series = next(s for s in window.session.catalog.series if s.number == number)
    window.panes.show_series(panes(window)[place], series)
    if index is not None:
        panes(window)[place].follow(index)


def wait(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: all(p.series is None or p.out_of_range or p.shown == p.index for p in panes(window))
    )
    settle()


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Drag over a widget and let go; whether it took it."""
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(20, 20), copy, mime, LEFT, NONE)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(20, 20), copy, mime, LEFT, NONE))
    return enter.isAccepted()


# Layouts


def test_one_pane_has_no_frame_and_four_fill_the_grid_with_the_active_one_marked(window: MainWindow) -> None:
    (alone,) = frames(window)
    assert alone.image.geometry() == alone.rect() == window.grid.rect()
    do(window, "layout.panes_2x2")
    shown = frames(window)
    assert [f.active for f in shown] == [True, False, False, False]
    width, height = window.grid.width(), window.grid.height()
    assert [(f.x() < width // 2, f.y() < height // 2) for f in shown] == [
        (True, True), (False, True), (True, False), (False, False),
    ]  # fmt: skip
    assert all(not a.geometry().intersects(b.geometry()) for a in shown for b in shown if a is not b)
    assert [f.accessibleName() for f in shown[:2]] == [f"{shown[0].words}, active", "No series"]
    assert shown[1].image._card.title == "No series"


def test_panes_are_kept_when_the_layout_shrinks_and_load_nothing_meanwhile(
    window: MainWindow, qtbot: QtBot
) -> None:
    do(window, "layout.panes_1x2")
    show(window, 0, 1)
    show(window, 1, 3, 2)
    wait(qtbot, window)
    second = panes(window)[1]
    second.image.zoom_by(2)
    second.image.set_voi(Window(50, 100), "mine")
    kept = second.image.state
    do(window, "layout.panes_1x1")
    assert second.waits and second.shown is None and second.image.placement() is None
    second.go_to(3)
    second.go_to(2)
    assert second.shown is None
    do(window, "layout.panes_2x2")
    wait(qtbot, window)
    assert (second.index, second.shown, second.image.state) == (2, 2, kept)


def test_keys_go_through_the_panes_and_a_click_activates(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "layout.panes_2x1")
    first, second = panes(window)
    do(window, "layout.next_pane")
    assert window.viewing.active is second
    do(window, "layout.next_pane")
    assert window.viewing.active is first
    do(window, "layout.previous_pane")
    assert window.viewing.active is second
    mouse(first.image, QEvent.Type.MouseButtonPress, (9, 9), button=LEFT, buttons=LEFT)
    mouse(first.image, QEvent.Type.MouseButtonRelease, (9, 9), button=LEFT)
    assert window.viewing.active is first
    assert [f.active for f in frames(window)] == [True, False]


def test_only_this_pane_by_double_click_on_its_title_and_by_command(window: MainWindow) -> None:
    do(window, "layout.panes_2x2")
    third = frames(window)[2]
    mouse(third, QEvent.Type.MouseButtonDblClick, (60, 8), button=LEFT, buttons=LEFT)
    assert frames(window) == (third,) and third.geometry() == window.grid.rect()
    assert window.viewing.active is window.viewing.panes[2]
    assert window.actions_["layout.only"].isChecked()
    do(window, "layout.only")
    assert len(frames(window)) == 4 and not window.actions_["layout.only"].isChecked()


# Series into panes


def test_a_click_in_the_list_fills_the_active_pane_and_a_drag_the_one_it_ends_in(
    window: MainWindow, qtbot: QtBot
) -> None:
    do(window, "layout.panes_1x2")
    first, second = panes(window)
    before = first.series
    do(window, "layout.next_pane")
    series = {s.number: s for s in window.session.catalog.series}
    window.browser.seriesRequested.emit(series[3].key)
    assert (first.series, second.series) == (before, series[3])
    assert drop(frames(window)[0], series_mime(series[4].key))
    assert (first.series, second.series) == (series[4], series[3])
    assert window.viewing.active is first
    assert window.windowTitle().startswith("Doe, Zachariah")


def test_files_are_left_to_the_window_and_series_to_the_panes(window: MainWindow, tmp_path: Path) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    over = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, files, LEFT, NONE)
    QApplication.sendEvent(frames(window)[0], over)
    assert window.drop_target.words == "Drop to open in place of Doe, Zachariah"
    QApplication.sendEvent(window, QDragLeaveEvent())
    dragged = series_mime(window.session.catalog.series[0].key)
    enter = QDragEnterEvent(QPoint(2, 2), Qt.DropAction.CopyAction, dragged, LEFT, NONE)
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted() and window.drop_target.words == ""


def test_a_drag_tells_other_programs_nothing_and_a_foreign_one_shows_nothing(window: MainWindow) -> None:
    key = window.session.catalog.series[1].key
    mime = series_mime(key)
    (kind,) = mime.formats()
    data = bytes(mime.data(kind).data()).decode()
    assert key.series_uid not in data and key.study_uid not in data
    before = window.viewing.series
    foreign = QMimeData()
    foreign.setData(kind, b"0" * 32)
    assert drop(frames(window)[0], foreign)
    assert window.viewing.series is before


# Three windows


def test_three_windows_of_the_slice_with_one_key_and_back(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "layout.panes_1x2")
    show(window, 0, 1, 3)
    show(window, 1, 4, 1)
    window.viewing.use_preset(2)
    wait(qtbot, window)
    before = [(p.key, p.index, p.image.state) for p in panes(window)]
    do(window, "layout.three_windows")
    wait(qtbot, window)
    assert [(p.series and p.series.number, p.shown) for p in panes(window)] == [(1, 3)] * 3
    assert [p.image.voi() for p in panes(window)] == [
        Window(40, 80, name="Brain"), Window(80, 200, name="Subdural"), Window(600, 2800, name="Bone"),
    ]  # fmt: skip
    wheel(panes(window)[1].image, 120)
    wait(qtbot, window)
    assert [p.shown for p in panes(window)] == [2, 2, 2]
    panes(window)[2].image.zoom_by(2)
    assert len({p.image.placement() for p in panes(window)}) <= 2  # a px more or less of width
    scale = [p.image.state.placement.px_per_mm for p in panes(window)]  # type: ignore[union-attr]
    assert scale == pytest.approx([scale[0]] * 3, rel=0.02)
    do(window, "layout.three_windows")
    wait(qtbot, window)
    assert window.panes.layout.id == "1x2"
    assert [(p.key, p.index, p.image.state) for p in panes(window)] == before


def test_three_windows_are_those_on_offer_now(window: MainWindow, qtbot: QtBot) -> None:
    show(window, 0, 1, 3)
    own = Window(70, 180, name="Subdural")
    offered = [replace(p, voi=own) if p.name == "Subdural" else p for p in window.presets]
    window.viewing.set_presets(offered)
    do(window, "layout.three_windows")
    wait(qtbot, window)
    assert panes(window)[1].image.voi() == own


# Reference lines


def test_the_slice_of_the_active_pane_is_a_line_in_other_planes_only(
    make_window: MakeWindow,  # noqa: F811
    qtbot: QtBot,
) -> None:
    """The demo studies' localizers are sagittal, their head series axial."""
    window = make_window.opened(scripted_backend().demo_folder())
    do(window, "layout.panes_1x3")
    scout, head, *_ = (s for s in window.session.catalog.series)
    for pane, series in zip(panes(window), (head, scout, head), strict=True):
        window.panes.show_series(pane, series)
    axial, sagittal, same = panes(window)
    axial.go_to(10)
    wait(qtbot, window)
    lines = window.panes.lines
    first = lines.line(sagittal)
    assert first is not None and (lines.line(axial), lines.line(same)) == (None, None)
    axial.go_to(12)
    wait(qtbot, window)
    second = lines.line(sagittal)
    # Two slices of 5 mm towards the head, which is up.
    assert second is not None
    assert [a[1] - b[1] for a, b in zip(first, second, strict=True)] == pytest.approx([10.0, 10.0])
    window.viewing.activate(sagittal)
    wait(qtbot, window)
    assert lines.line(sagittal) is None and lines.line(axial) is not None
    do(window, "file.close_study")
    assert [lines.line(pane) for pane in panes(window)] == [None, None, None]


# The prior study


def test_the_prior_study_stands_beside_with_one_key(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    for number, date, n in ((1, "20230101", 4), (2, "20240101", 5)):
        write_series(
            tmp_path / str(number),
            n=n,
            StudyInstanceUID=f"1.7.{number}",
            SeriesInstanceUID=f"1.2.{number}",
            StudyDate=date,
            SeriesNumber=number,
        )
    window = make_window.opened(tmp_path)
    assert window.viewing.series is not None and window.viewing.series.number == 2, "the longest comes first"
    window.viewing.go_to(1)
    do(window, "layout.prior")
    wait(qtbot, window)
    left, right = panes(window)
    assert [p.series and p.series.number for p in (left, right)] == [2, 1]
    assert (left.index, window.viewing.active) == (1, left)
    window.viewing.activate(right)
    do(window, "layout.prior")
    assert window.notice.text == "No earlier study of this patient is open that fits this series."


# Links


def test_linked_panes_show_the_same_place_and_nothing_where_they_have_none(
    window: MainWindow, qtbot: QtBot
) -> None:
    do(window, "layout.panes_2x2")
    for place, number in enumerate((1, 2, 3, 4)):
        show(window, place, number)
    first, thin, high, other = panes(window)
    elsewhere = other.index
    window.viewing.activate(first)
    first.go_to(4)  # z = 20
    wait(qtbot, window)
    assert (thin.shown, high.shown, other.index) == (8, 1, elsewhere)
    first.go_to(1)  # z = 5
    wait(qtbot, window)
    assert thin.shown == 2 and high.out_of_range and high.image.placement() is None
    assert high.image._card.title == "Out of range"
    assert [f.note for f in frames(window)] == ["Linked", "Linked", "Out of range", ""]
    assert not high.image._overlay.chips


def test_a_pane_that_follows_leads_nobody(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "layout.panes_1x3")
    for place, number in enumerate((2, 1, 2)):
        show(window, place, number)
    told: list[int] = []
    for place, pane in enumerate(panes(window)):
        pane.steered.connect(lambda place=place: told.append(place))
    lead, thick, thin = panes(window)
    lead.go_to(3)  # z = 7.5: as far from 5 as from 10
    assert told == [0]
    assert (lead.index, thick.index, thin.index) == (3, 1, 3)
    do(window, "links.window")
    lead.use_preset(4)
    assert [p.image.voi() for p in panes(window)] == [Window(600, 2800, name="Bone")] * 3
    assert told == [0]


def test_a_pane_may_stand_alone_and_links_can_be_off(window: MainWindow) -> None:
    do(window, "layout.panes_1x2")
    show(window, 0, 1, 0)
    show(window, 1, 2, 0)
    first, second = panes(window)
    window.viewing.activate(second)
    do(window, "links.pane")
    window.viewing.activate(first)
    first.go_to(2)
    assert second.index == 0 and frames(window)[1].note == "Link off"
    window.viewing.activate(second)
    do(window, "links.pane")
    assert second.index == 4, "z = 10 again"
    do(window, "links.scroll")
    first.go_to(0)
    assert second.index == 4


def test_link_here_keeps_the_distance_in_view(window: MainWindow) -> None:
    do(window, "layout.panes_1x2")
    show(window, 0, 1, 1)
    show(window, 1, 4, 0)
    first, second = panes(window)
    window.viewing.activate(first)
    first.go_to(2)
    assert second.index == 0, "other frames of reference are not linked"
    do(window, "links.here")
    first.go_to(3)
    assert second.index == 1
    assert frames(window)[1].note == "Linked at +90.0 mm"
    do(window, "links.here")
    first.go_to(2)
    assert second.index == 1


# Nothing is left


def test_closing_leaves_nothing_of_the_patient_in_any_pane(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "layout.panes_2x2")
    for place, number in enumerate((1, 2, 3, 4)):
        show(window, place, number)
    wait(qtbot, window)
    do(window, "layout.panes_1x2")
    do(window, "layout.three_windows")
    do(window, "file.close_study")
    assert window.panes.layout.id == "1x2" and not window.panes.shows_three_windows
    for frame in window.grid.frames:
        said = [frame.words, frame.note, frame.accessibleName(), frame.image.accessibleDescription()]
        said += [line.text for corner in Corner for line in frame.image._overlay.lines(corner)]
        assert not any("Stack" in text or "Zachariah" in text for text in said)
        assert frame.image._canvas.picture is None and not frame.image._overlay.chips
    assert all(pane.series is None for pane in window.viewing.panes)
    # Buttons to open something are in one pane only.
    settle()
    offered = [f.image._card.buttons[0].isVisible() for f in frames(window)]
    assert offered == [True, False]
    assert window.windowTitle() == "ichviewer"
