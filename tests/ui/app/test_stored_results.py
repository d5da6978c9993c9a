"""Stored results in the window: listed, opened, shown beside their own images only, and gone with their study."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import make_slice, to_bytes, uid_of
from fake_backend import InProcessReader, scripted_backend
from image_builders import settle
from pydicom.dataset import FileDataset
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QDesktopServices, QGuiApplication, QScreen
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from stored_factory import (
    KEY_OBJECTS,
    PRESENTATION,
    content,
    frame_group,
    item,
    make_report,
    make_segmentation,
    make_stored,
    masks_of,
    reference,
    referenced_series,
    segment,
)
from stored_files import images, whole_files, write_images
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture
from window_words import everything_said

from ichviewer.domain.stored_object import StoredKind
from ichviewer.domain.window import Window
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.browser.tree_rows import ResultState
from ichviewer.ui.dialogs.report_tree import ReportTreeDialog
from ichviewer.ui.panes.image_canvas import on_screen as canvas_transform
from ichviewer.ui.panes.image_frame import fitted
from ichviewer.ui.panes.orientation import UPRIGHT
from ichviewer.ui.panes.result_layer import ResultDrawing, ResultLayer
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session import result_reading
from ichviewer.ui.session.result_reading import StoredEntry


def put(folder: Path, *names: str, **objects: FileDataset) -> Path:
    """The three slices with some results beside them."""
    folder.mkdir(exist_ok=True)
    write_images(folder)
    for name in names:
        (folder / f"{name}.dcm").write_bytes(whole_files()[name])
    for name, ds in objects.items():
        (folder / f"{name}.dcm").write_bytes(to_bytes(ds))
    return folder


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Callable[..., MainWindow]:  # noqa: F811
    """Opens the three slices with results beside them."""

    def go(*names: str, **objects: FileDataset) -> MainWindow:
        window = make_window.opened(put(tmp_path / "study", *names, **objects))
        qtbot.waitUntil(lambda: len(window.results.list.entries) == len(names) + len(objects))
        return window

    return go


def entry(window: MainWindow, kind: StoredKind) -> StoredEntry:
    return next(one for one in window.results.list.entries if one.stored.kind is kind)


def ask(qtbot: QtBot, window: MainWindow, kind: StoredKind) -> StoredEntry:
    """Click on a result in the list, and wait until it was read."""
    one = entry(window, kind)
    window.browser.resultRequested.emit(one)
    qtbot.waitUntil(lambda: not window.results.list.reads(one))
    settle()
    return one


def drawing(window: MainWindow) -> ResultDrawing | None:
    layer = next(one for one in window.image.layers if isinstance(one, ResultLayer))
    return layer._read()


def legend(qtbot: QtBot, window: MainWindow) -> list[str]:
    """What the legend says once the masks are read."""
    qtbot.waitUntil(lambda: "reading" not in texts(window))
    return texts(window)


def texts(window: MainWindow) -> list[str]:
    drawn = drawing(window)
    return [] if drawn is None else [one.text for one in drawn.legend]


def binary(image: FileDataset, **elements: Any) -> FileDataset:
    """A segment on the first and the last slice."""
    groups = [frame_group(1, position_mm=i.ImagePositionPatient, sources=[reference(i)]) for i in images()]
    return make_segmentation(image, masks_of((0, 4, 4), (2, 8, 8), n=3), groups, **elements)


def dialog(window: MainWindow) -> QDialog:
    (found,) = [d for d in window.findChildren(QDialog) if d.isVisible()]
    return found


# Listed


def test_results_are_listed_below_the_series_of_their_study(opened: Callable[..., MainWindow]) -> None:
    window = opened("binary", "report", "key objects", "presentation", "pdf")
    rows = window.browser.tree.results()
    assert [row.entry.stored.kind for row in rows] == [e.stored.kind for e in window.results.list.entries]
    assert {row.entry.stored.kind for row in rows} == {
        StoredKind.SEGMENTATION,
        StoredKind.REPORT,
        StoredKind.KEY_OBJECTS,
        StoredKind.PRESENTATION,
        StoredKind.DOCUMENT,
    }
    index = window.browser.tree.result_index(rows[0].entry)
    study = index.parent()
    assert index.row() >= len(rows[0].entry.study.series)
    assert window.browser.tree.rowCount(study) == len(rows[0].entry.study.series) + len(rows)
    assert "Segmentation" in "\n".join(everything_said(window))


def test_a_click_on_a_row_and_enter_open_it(qtbot: QtBot, opened: Callable[..., MainWindow]) -> None:
    window = opened("key objects")
    one = entry(window, StoredKind.KEY_OBJECTS)
    window.browser.view.clicked.emit(window.browser.tree.result_index(one))
    qtbot.waitUntil(lambda: window.results.shown.shows(one.stored))
    window.browser.view.enterPressed.emit(window.browser.tree.result_index(one))
    assert not window.results.shown.shows(one.stored)


# Segmentations


def test_a_segmentation_is_outlined_only_on_its_slices_with_its_names(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(seg=binary(images()[0]))
    window.viewing.go_to(0)
    ask(qtbot, window, StoredKind.SEGMENTATION)
    assert "blood" in legend(qtbot, window)
    drawn = drawing(window)
    assert drawn is not None
    (outline,) = [one.outline for one in drawn.legend if one.outline is not None]
    points = np.array(outline.lines[0].points)
    # A single pixel at row 4, column 4: the line crosses half way to its four neighbors.
    assert sorted(map(tuple, points.tolist())) == [(3.5, 4.0), (4.0, 3.5), (4.0, 4.5), (4.5, 4.0)]
    window.viewing.go_to(1)
    settle()
    assert [one for one in legend(qtbot, window) if one == "blood"] == []
    window.viewing.go_to(2)
    settle()
    assert "blood" in legend(qtbot, window)


def test_segments_can_be_hidden_one_by_one_and_all_together(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened("label map")
    window.viewing.go_to(0)
    one = ask(qtbot, window, StoredKind.SEGMENTATION)
    assert {"a", "b"} <= set(legend(qtbot, window))
    menu = window.results.make_menu(one)
    (action,) = [action for action in menu.actions() if action.text() == "a"]
    action.trigger()
    assert "a" not in texts(window)
    assert "b" in texts(window)
    window.actions_["view.stored_results"].trigger()
    assert drawing(window) is None
    window.actions_["view.stored_results"].trigger()
    assert "b" in texts(window)
    menu.actions()[0].trigger()
    assert drawing(window) is None
    assert not window.actions_["view.stored_results"].isEnabled()


def test_what_is_hidden_with_all_words_is_not_outlined(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(seg=binary(images()[0]))
    window.viewing.go_to(0)
    ask(qtbot, window, StoredKind.SEGMENTATION)
    legend(qtbot, window)
    window.image.set_detail(WordDetail.NONE)
    assert drawing(window) is None


def test_a_picture_without_patient_data_has_no_words_of_a_file(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    named = binary(images()[0], SegmentSequence=[segment(1, "Doe^Zachariah")], Manufacturer="Zachariah Inc")
    window = opened(seg=named)
    window.viewing.go_to(0)
    ask(qtbot, window, StoredKind.SEGMENTATION)
    assert "Doe^Zachariah" in legend(qtbot, window)
    # As a picture without the patient's data poses it (see `pane_picture`).
    window.image.pose(WordDetail.NO_PATIENT)
    said = texts(window)
    window.image.pose(None)
    assert "Segment 1" in said
    assert not [text for text in said if "Zachariah" in text]


@pytest.mark.parametrize("change", ["patient", "birth date", "frame of reference", "study"])
def test_what_is_of_others_is_never_shown(
    qtbot: QtBot, opened: Callable[..., MainWindow], change: str, tmp_path: Path
) -> None:
    window = opened(seg=binary(images()[0]))
    # The file is replaced after it was listed: all UIDs are equal but for what is said.
    ds = binary(images()[0])
    if change == "patient":
        ds.PatientID = "ANOTHER"
    elif change == "birth date":
        ds.PatientBirthDate = "19010101"
    elif change == "study":
        ds.StudyInstanceUID = uid_of("another study")
    else:
        ds.FrameOfReferenceUID = uid_of("another frame")
        for group in ds.PerFrameFunctionalGroupsSequence:
            del group.DerivationImageSequence
    (tmp_path / "study" / "seg.dcm").write_bytes(to_bytes(ds))
    ask(qtbot, window, StoredKind.SEGMENTATION)
    assert window.results.shown.results == ()
    assert drawing(window) is None
    told = {"frame of reference": "another frame of reference", "study": "another study"}
    assert told.get(change, "another patient") in window.notice.text


def test_a_segmentation_of_another_patient_with_equal_uids_is_not_listed(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    ds = binary(images()[0])
    ds.PatientID, ds.PatientName = "ANOTHER", "Other^One"
    own = make_report(images()[0], [content("CONTAINS", "TEXT", None, TextValue="x")])
    window = make_window.opened(put(tmp_path / "study", seg=ds, own=own))
    qtbot.waitUntil(lambda: len(window.results.list.entries) >= 1)
    key = window.viewing.key
    listed = [one for one in window.results.list.entries if any(s.key == key for s in one.study.series)]
    assert [one.stored.kind for one in listed] == [StoredKind.REPORT]


def test_a_file_with_another_object_is_refused(
    qtbot: QtBot, opened: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = opened(seg=binary(images()[0]))
    other = binary(images()[0])
    other.SOPInstanceUID = other.file_meta.MediaStorageSOPInstanceUID = uid_of("another object")
    (tmp_path / "study" / "seg.dcm").write_bytes(to_bytes(other))
    ask(qtbot, window, StoredKind.SEGMENTATION)
    assert window.results.shown.results == ()
    assert "another object" in window.notice.text


def test_masks_that_change_after_opening_are_refused_in_words(
    qtbot: QtBot, opened: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = opened(seg=binary(images()[0]))
    window.viewing.go_to(1)
    window.results.toggle(entry(window, StoredKind.SEGMENTATION))
    qtbot.waitUntil(lambda: bool(window.results.shown.results))
    # It brought the nearest slice with something on it into view.
    legend(qtbot, window)
    file = tmp_path / "study" / "seg.dcm"
    file.write_bytes(file.read_bytes() + b"\0\0")
    window.viewing.go_to(2)
    settle()
    assert any("open it again" in text for text in legend(qtbot, window))
    drawn = drawing(window)
    assert drawn is not None
    assert all(one.outline is None for one in drawn.legend)


# Presentation states, key objects, reports, documents


def test_a_presentation_state_gives_its_window_and_graphics_once(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened("presentation")
    ask(qtbot, window, StoredKind.PRESENTATION)
    voi = window.image.voi()
    assert isinstance(voi, Window)
    assert (voi.center_hu, voi.width_hu) == (40, 80)
    drawn = drawing(window)
    assert drawn is not None
    # Column 1, row 2 in PIXEL units: half a pixel less in whole pixels.
    assert drawn.strokes[0].points == ((1.5, 0.5), (3.5, 2.5))
    window.viewing.use_preset(2)
    mine = window.image.voi()
    window.viewing.step(1)
    settle()
    assert window.image.voi() == mine


def state_of(*shown_on: int, **elements: Any) -> FileDataset:
    """A presentation state of some slices, with a point a quarter across the display and half way down."""
    point = item(
        GraphicAnnotationUnits="DISPLAY",
        GraphicDimensions=2,
        NumberOfGraphicPoints=1,
        GraphicData=[0.25, 0.5],
        GraphicType="POINT",
        GraphicFilled="N",
    )
    on = [images()[index] for index in shown_on]
    return make_stored(
        PRESENTATION,
        "PR",
        images()[0],
        **{
            "ReferencedSeriesSequence": referenced_series(on, "ReferencedImageSequence"),
            "GraphicAnnotationSequence": [item(GraphicLayer="A", GraphicObjectSequence=[point])],
            **elements,
        },
    )


def on_screen(window: MainWindow) -> tuple[float, float]:
    """Where the first point of the drawing lies in the picture as it is turned: shares across and down."""
    drawn = drawing(window)
    assert drawn is not None
    frame, placement = drawn.frame, drawn.placement
    transform = canvas_transform(frame, placement, (400.0, 400.0))
    row, column = drawn.strokes[0].points[0]
    at = transform.map(QPointF(column + 0.5, row + 0.5))
    area = transform.mapRect(QRectF(0, 0, frame.columns, frame.rows))
    return (at.x() - area.left()) / area.width(), (at.y() - area.top()) / area.height()


@pytest.mark.parametrize(
    "case",
    [
        (0, "N", (1.0, 0.0), (0.0, 1.0), ""),
        (0, "Y", (-1.0, 0.0), (0.0, 1.0), "flipped left for right"),
        # A quarter clockwise: what pointed right points down, what pointed down points left.
        (90, "N", (0.0, 1.0), (-1.0, 0.0), "rotated by 90°"),
        (180, "N", (-1.0, 0.0), (0.0, -1.0), "rotated by 180°"),
        (270, "N", (0.0, -1.0), (1.0, 0.0), "rotated by 270°"),
        # Rotated, then flipped: what pointed down points right.
        (90, "Y", (0.0, 1.0), (1.0, 0.0), "rotated by 90° · flipped left for right"),
    ],
)
def test_a_presentation_state_turns_the_picture_with_what_it_draws_at_its_place(
    qtbot: QtBot,
    opened: Callable[..., MainWindow],
    case: tuple[int, str, tuple[float, float], tuple[float, float], str],
) -> None:
    rotation, flip, right, down, said = case
    window = opened(pr=state_of(0, 1, 2, ImageRotation=rotation, ImageHorizontalFlip=flip))
    one = ask(qtbot, window, StoredKind.PRESENTATION)
    orientation = window.image.state.orientation
    assert (orientation.to_screen((1.0, 0.0)), orientation.to_screen((0.0, 1.0))) == (right, down)
    assert on_screen(window) == pytest.approx((0.25, 0.5))
    assert texts(window)[2:] == [said] * bool(said)
    window.results.toggle(one)
    assert window.image.state.orientation == UPRIGHT


def test_only_the_slices_of_a_presentation_state_are_turned_and_a_reader_may_turn_them_back(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(pr=state_of(1, ImageRotation=0, ImageHorizontalFlip="Y"))
    flipped = UPRIGHT.flipped_horizontally()
    window.viewing.go_to(0)
    window.image.rotate(90)
    ask(qtbot, window, StoredKind.PRESENTATION)
    assert (window.viewing.index, window.image.state.orientation) == (1, flipped)
    window.viewing.go_to(2)
    settle()
    assert window.image.state.orientation == UPRIGHT.rotated(90)
    assert texts(window) == []
    window.viewing.go_to(1)
    settle()
    assert window.image.state.orientation == flipped
    window.image.flip_horizontal()
    window.actions_["view.stored_results"].trigger()
    assert window.image.state.orientation == UPRIGHT
    window.actions_["view.stored_results"].trigger()
    assert window.image.state.orientation == flipped
    window.session.close_study()
    assert window.image.state.orientation == UPRIGHT


def test_a_state_that_turns_nothing_leaves_a_picture_as_a_reader_turned_it(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened("presentation")
    window.image.rotate(180)
    one = ask(qtbot, window, StoredKind.PRESENTATION)
    assert window.image.state.orientation == UPRIGHT.rotated(180)
    window.results.toggle(one)
    assert window.image.state.orientation == UPRIGHT.rotated(180)


def shown_area(*, on: tuple[int, ...] = (), mode: str = "SCALE TO FIT", **elements: Any) -> Any:
    """Columns 5 to 8 and rows 3 to 10, counted from 1: 2 mm by 4 mm."""
    made = item(
        DisplayedAreaTopLeftHandCorner=[5, 3],
        DisplayedAreaBottomRightHandCorner=[8, 10],
        PresentationSizeMode=mode,
        **{"PresentationPixelAspectRatio": [1, 1], **elements},
    )
    if on:
        made.ReferencedImageSequence = [reference(images()[index]) for index in on]
    return made


def edges_on_screen(window: MainWindow) -> tuple[float, ...]:
    """Left, top, right and bottom of the area of `shown_area`, in px of the pane."""
    frame, placement = window.image.frame, window.image.placement()
    assert frame is not None
    assert placement is not None
    size = float(window.image.width()), float(window.image.height())
    box = canvas_transform(frame, placement, size).mapRect(QRectF(4, 2, 4, 8))
    return box.left(), box.top(), box.right(), box.bottom()


def in_the_middle(window: MainWindow, width_px: float, height_px: float) -> tuple[float, ...]:
    x, y = window.image.width() / 2, window.image.height() / 2
    return x - width_px / 2, y - height_px / 2, x + width_px / 2, y + height_px / 2


@pytest.mark.parametrize(("rotation", "flip"), [(0, "N"), (0, "Y"), (90, "N"), (180, "Y"), (270, "Y")])
def test_a_displayed_area_is_as_large_as_the_pane_allows_turned_or_not(
    qtbot: QtBot, opened: Callable[..., MainWindow], rotation: int, flip: str
) -> None:
    window = opened(
        pr=state_of(
            0,
            1,
            2,
            ImageRotation=rotation,
            ImageHorizontalFlip=flip,
            DisplayedAreaSelectionSequence=[shown_area()],
        )
    )
    one = ask(qtbot, window, StoredKind.PRESENTATION)
    assert "zoomed to its displayed area" in texts(window)
    for size in (window.size(), window.size() * 0.8):
        window.resize(size)
        settle()
        width, height = window.image.width(), window.image.height()
        # Twice as high as wide, or as wide as high when it lies on its side; a pixel is at most 48 px.
        across, down = (8, 4) if rotation % 180 else (4, 8)
        scale = min(width / across, height / down, 48.0)
        assert edges_on_screen(window) == pytest.approx(in_the_middle(window, across * scale, down * scale))
    window.results.toggle(one)
    assert window.image.state.area is None
    assert window.image.state.orientation == UPRIGHT
    assert window.image.placement() == fitted(window.image.frame, (width, height))


def test_each_slice_is_seen_in_its_own_area_and_a_reader_may_leave_it(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    magnified = shown_area(on=(2,), mode="MAGNIFY", PresentationPixelMagnificationRatio=7.0)
    window = opened(pr=state_of(0, 1, 2, DisplayedAreaSelectionSequence=[shown_area(on=(1,)), magnified]))
    window.viewing.go_to(0)
    window.image.zoom_by(1.5)
    mine = window.image.placement()
    ask(qtbot, window, StoredKind.PRESENTATION)
    assert window.image.placement() == mine
    window.viewing.go_to(1)
    settle()
    assert "zoomed to its displayed area" in texts(window)
    window.viewing.go_to(2)
    settle()
    assert edges_on_screen(window) == pytest.approx(in_the_middle(window, 4 * 7.0, 8 * 7.0))
    assert "magnified 7 times" in texts(window)
    window.viewing.go_to(0)
    settle()
    assert window.image.placement() == mine
    window.viewing.go_to(2)
    settle()
    window.actions_["view.fit"].trigger()
    settle()
    assert "magnified 7 times" not in texts(window)
    whole = window.image.placement()
    window.viewing.step(0)
    settle()
    assert window.image.placement() == whole
    # It was left as the reader wants it, and so it stays where the state says nothing.
    window.viewing.go_to(0)
    settle()
    assert window.image.placement() == whole
    window.viewing.go_to(1)
    settle()
    assert "zoomed to its displayed area" in texts(window)
    window.actions_["view.stored_results"].trigger()
    assert window.image.placement() == whole
    window.session.close_study()
    assert window.image.state.area is None


def test_true_size_is_that_of_the_screen_and_without_a_spacing_that_is_said(
    qtbot: QtBot, opened: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "physicalDotsPerInchX", lambda _: 254.0)
    spacing = {"PresentationPixelSpacing": [2.0, 2.0]}
    window = opened(
        good=state_of(0, 1, 2, DisplayedAreaSelectionSequence=[shown_area(mode="TRUE SIZE", **spacing)]),
        without=state_of(
            0,
            1,
            2,
            SOPInstanceUID=uid_of("without"),
            DisplayedAreaSelectionSequence=[shown_area(mode="TRUE SIZE")],
        ),
    )
    for one in window.results.list.entries:
        window.browser.resultRequested.emit(one)
        qtbot.waitUntil(lambda one=one: not window.results.list.reads(one))
        settle()
        if "without" in str(one.stored.source):
            assert "true size without pixel spacing" in window.notice.text
            assert "zoomed to its displayed area" in texts(window)
        else:
            # 10 px a mm, columns and rows of 2 mm.
            assert edges_on_screen(window) == pytest.approx(in_the_middle(window, 4 * 20.0, 8 * 20.0))
            assert "true size, as the screen tells its own" in texts(window)


def test_a_state_that_shows_all_leaves_a_picture_as_a_reader_zoomed_it(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    whole = shown_area()
    whole.DisplayedAreaTopLeftHandCorner, whole.DisplayedAreaBottomRightHandCorner = [1, 1], [16, 16]
    window = opened(pr=state_of(0, 1, 2, DisplayedAreaSelectionSequence=[whole]))
    window.image.zoom_by(2.0)
    mine = window.image.placement()
    one = ask(qtbot, window, StoredKind.PRESENTATION)
    assert window.image.placement() == mine
    window.results.toggle(one)
    assert window.image.placement() == mine


def test_a_series_that_comes_back_into_the_pane_is_seen_as_the_state_says(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    voi = item(WindowCenter=35, WindowWidth=77)
    window = opened(
        pr=state_of(
            0,
            1,
            2,
            ImageRotation=90,
            SoftcopyVOILUTSequence=[voi],
            DisplayedAreaSelectionSequence=[shown_area()],
        )
    )
    ask(qtbot, window, StoredKind.PRESENTATION)
    series, seen, through = window.viewing.series, window.image.placement(), window.image.voi()
    assert isinstance(through, Window)
    assert (through.center_hu, through.width_hu) == (35, 77)
    assert series is not None
    window.viewing.active.clear()
    settle()
    window.viewing.active.show_series(series)
    settle()
    assert window.image.placement() == seen
    assert window.image.voi() == through


def test_key_objects_filter_the_strip_until_one_key_shows_all_again(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened("key objects")
    window.viewing.go_to(2)
    ask(qtbot, window, StoredKind.KEY_OBJECTS)
    assert window.viewing.index == 0
    assert window.strip.marked == (0,)
    assert window.key_objects.words == "Key objects: 1 slice"
    assert window.key_objects.isVisible()
    action = window.actions_["go.all_slices"]
    assert action.isEnabled()
    action.trigger()
    assert window.strip.marked == ()
    assert not window.key_objects.isVisible()
    assert not action.isEnabled()


def test_wheel_and_keys_page_through_the_key_objects_only_until_all_are_shown_again(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    marked = [
        content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(images()[i])]) for i in (0, 2)
    ]
    window = opened(ko=make_report(images()[0], marked, KEY_OBJECTS))
    window.viewing.go_to(1)
    one = ask(qtbot, window, StoredKind.KEY_OBJECTS)
    assert window.strip.marked == (0, 2)
    assert window.viewing.index == 0
    window.image.sliceStepRequested.emit(1)
    assert window.viewing.index == 2
    for command, wanted in (
        ("go.next_slice", 2),
        ("go.previous_slice", 0),
        ("go.previous_slice", 0),
        ("go.last_slice", 2),
        ("go.first_slice", 0),
    ):
        window.actions_[command].trigger()
        assert window.viewing.index == wanted, command
    # A slice that was left out can still be gone to, and from there on the next one is marked.
    window.viewing.go_to(1)
    assert window.viewing.index == 1
    window.viewing.step(5)
    assert window.viewing.index == 2
    window.actions_["go.all_slices"].trigger()
    window.viewing.step(-1)
    assert window.viewing.index == 1
    window.results.toggle(one)
    qtbot.waitUntil(lambda: window.strip.marked == (0, 2))
    window.session.close_study()
    assert window.viewing.active.slices_left(window.viewing.key) == ()


def test_a_selection_of_nothing_here_is_refused(qtbot: QtBot, opened: Callable[..., MainWindow]) -> None:
    elsewhere = make_slice(z_mm=900.0, instance_number=9)
    marked = [content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(elsewhere)])]
    window = opened(ko=make_report(images()[0], marked, KEY_OBJECTS))
    ask(qtbot, window, StoredKind.KEY_OBJECTS)
    assert "marks no slice" in window.notice.text
    assert window.strip.marked == ()


def test_a_report_is_a_tree_to_search_and_copy_as_plain_text(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    bold = content("CONTAINS", "TEXT", None, TextValue="<b>subdural</b> 3 mm")
    other = content("CONTAINS", "TEXT", None, TextValue="nothing else")
    window = opened(sr=make_report(images()[0], [bold, other]))
    ask(qtbot, window, StoredKind.REPORT)
    shown = dialog(window)
    assert isinstance(shown, ReportTreeDialog)
    assert shown.listed() == ["Imaging Measurement Report", "  <b>subdural</b> 3 mm", "  nothing else"]
    shown.search.setText("SUBDURAL")
    assert shown.listed() == ["Imaging Measurement Report", "  <b>subdural</b> 3 mm"]
    assert shown.status == "2 of 3 items"
    shown.copy()
    assert QGuiApplication.clipboard().text() == "Imaging Measurement Report\n  <b>subdural</b> 3 mm"
    window.session.close_study()
    assert not [d for d in window.findChildren(QDialog) if d.isVisible()]


def test_a_document_is_opened_after_asking_and_deleted_with_its_study(
    qtbot: QtBot, opened: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(Path(url.toLocalFile())) is None)
    window = opened("pdf")
    ask(qtbot, window, StoredKind.DOCUMENT)
    assert urls == []
    dialog(window).reject()
    settle()
    assert window.results.documents.folders == ()
    ask(qtbot, window, StoredKind.DOCUMENT)
    dialog(window).accept()
    qtbot.waitUntil(lambda: len(urls) == 1)
    assert urls[0].read_bytes() == b"%PDF-1.4 %%EOF"
    assert urls[0].parent.stat().st_mode & 0o777 == 0o700
    window.session.close_study()
    assert not urls[0].parent.exists()


def test_a_parametric_map_is_refused_by_name(qtbot: QtBot, opened: Callable[..., MainWindow]) -> None:
    window = opened("map")
    ask(qtbot, window, StoredKind.PARAMETRIC_MAP)
    assert "not shown" in window.notice.text
    assert "parametric map" in window.notice.text


# Closing


def test_closing_while_a_result_is_read_shows_nothing_of_it(
    qtbot: QtBot, opened: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(seg=binary(images()[0]))
    gate, inside, read = threading.Event(), threading.Event(), result_reading.read_result

    def slow(*args: Any) -> Any:
        inside.set()
        assert gate.wait(5)
        return read(*args)

    monkeypatch.setattr("ichviewer.ui.session.stored_list.read_result", slow)
    one = entry(window, StoredKind.SEGMENTATION)
    window.browser.resultRequested.emit(one)
    assert inside.wait(5)
    assert window.browser.tree.results()[0].state is ResultState.READING
    window.actions_["file.close_study"].trigger()
    gate.set()
    qtbot.wait(100)
    assert window.results.list.entries == ()
    assert window.results.shown.results == ()
    assert drawing(window) is None
    assert window.browser.tree.results() == []


def test_closing_one_study_leaves_the_results_of_the_other(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    # Copies of one study in two folders: the same UIDs, kept apart by their places.
    one, two = put(tmp_path / "one", "key objects"), put(tmp_path / "two", "key objects", "binary")
    window = make_window.opened(one)
    window.session.open_beside([two])
    qtbot.waitUntil(lambda: len(window.results.list.entries) == 3)
    mine, *others = window.results.list.entries
    for each in (mine, others[0]):
        window.results.toggle(each)
        qtbot.waitUntil(lambda each=each: window.results.shown.shows(each.stored))
    window.results.toggle(others[1])
    qtbot.waitUntil(lambda: window.results.shown.shows(others[1].stored))
    window.session.close_study_of(mine.anchor)
    settle()
    assert window.results.list.entries == tuple(others)
    assert [row.entry for row in window.browser.tree.results()] == others
    left = {result.entry for result in window.results.shown.results}
    assert left <= set(others)
    assert others[1] in left or others[0] in left
    window.session.close_study_of(others[0].anchor)
    settle()
    assert window.results.list.entries == ()
    assert window.results.shown.results == ()


def test_nothing_of_results_stays_in_words_after_closing(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(
        seg=binary(images()[0], SegmentSequence=[segment(1, "Zachariah")], SeriesDescription="SECRET")
    )
    window.viewing.go_to(0)
    ask(qtbot, window, StoredKind.SEGMENTATION)
    assert "Zachariah" in legend(qtbot, window)
    window.settings.clear_recent()
    window.actions_["file.close_study"].trigger()
    said = "\n".join(everything_said(window))
    assert "Zachariah" not in said
    assert "SECRET" not in said


def test_compressed_frames_are_decoded_by_the_reader_that_may_die(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    window = make_window.opened(
        put(tmp_path / "study", "rle"), backend=scripted_backend(open_reader=InProcessReader)
    )
    qtbot.waitUntil(lambda: len(window.results.list.entries) == 1)
    window.viewing.go_to(0)
    ask(qtbot, window, StoredKind.SEGMENTATION)
    assert "blood" in legend(qtbot, window)
