"""The image: what it shows, and what mouse, wheel and keys do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from golden import CompareGolden, pixels
from image_builders import (
    SUBDURAL,
    OneSeries,
    analysed,
    drag,
    make_decoded,
    make_head,
    make_series,
    mouse,
    not_analysed,
    settle,
    wheel,
)
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.window import Window, render_grey
from ichviewer.ui.look.theme import LIGHT, apply_theme
from ichviewer.ui.panes.image_interaction import ZOOM_PER_NOTCH
from ichviewer.ui.panes.image_overlay import Corner
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.window_drag import dragged

SIDE = 320
WIDE = Window(20, 120)
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held(qapp: object) -> OneSeries:
    """The findings of five slices: none yet."""
    return OneSeries(make_series())


@pytest.fixture
def pane(qtbot: QtBot, held: OneSeries) -> ImagePane:
    """An image pane of 320 x 320 px that shows slice 3 of 5, 32 x 32 pixels of 1 mm."""
    widget = ImagePane(held.store)
    qtbot.addWidget(widget)
    widget.resize(SIDE, SIDE)
    widget.set_voi(WIDE, "Test")
    widget.show_series(held.series)
    widget.show_slice(2, make_decoded())
    widget.show()
    settle()
    return widget


def texts(pane: ImagePane, corner: Corner) -> list[str]:
    """The lines in a corner."""
    return [line.text for line in pane._overlay.lines(corner)]


def lit_rect(pane: ImagePane) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is not background, without the words."""
    pane._overlay.hide()
    grey = pixels(pane.grab().toImage()).max(axis=2)
    pane._overlay.show()
    rows, columns = np.nonzero(grey.max(axis=1) > 8)[0], np.nonzero(grey.max(axis=0) > 8)[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


class Counter:
    """Counts what a signal sends."""

    def __init__(self, signal: object) -> None:
        self.got: list[object] = []
        signal.connect(self._take)  # type: ignore[attr-defined]

    def _take(self, value: object = None) -> None:
        self.got.append(value)


# The picture


def test_shows_what_the_window_says(pane: ImagePane) -> None:
    image = make_decoded().image
    assert np.array_equal(pane._canvas.picture, render_grey(image, WIDE))
    pane.set_inverted(True)
    settle()
    assert np.array_equal(pane._canvas.picture, render_grey(image, WIDE, inverted=True))


def test_is_upright(pane: ImagePane) -> None:
    # HU grow to the right and, half as fast, downwards.
    grey = pixels(pane.grab().toImage())[..., 0].astype(int)
    at = {name: grey[y, x] for name, (x, y) in {"tl": (90, 100), "tr": (230, 100), "bl": (90, 220)}.items()}
    assert at["tl"] < at["bl"] < at["tr"]


@pytest.mark.parametrize(
    ("spacing", "ratio"),
    [(PixelSpacing(1, 1), 1.0), (PixelSpacing(2, 1), 0.5), (PixelSpacing(0.5, 1), 2.0), (None, 1.0)],
)
def test_true_aspect_ratio(pane: ImagePane, spacing: PixelSpacing | None, ratio: float) -> None:
    pane.show_series(make_series(spacing=spacing, problems=()))
    pane.set_voi(Window(-200, 10))  # everything white
    pane.show_slice(0, make_decoded())
    settle()
    left, top, right, bottom = lit_rect(pane)
    assert (right - left) / (bottom - top) == pytest.approx(ratio, rel=0.02)
    assert max(right - left, bottom - top) == pytest.approx(SIDE, abs=2)
    # It stands in the middle.
    assert abs(left - (SIDE - right)) <= 1 and abs(top - (SIDE - bottom)) <= 1


def test_fits_again_when_resized_until_the_reader_zooms(pane: ImagePane) -> None:
    pane.resize(640, 480)
    settle()
    placement = pane.placement()
    assert placement is not None and placement.px_per_mm == 480 / 32
    pane.zoom_by(2)
    pane.resize(320, 320)
    settle()
    placement = pane.placement()
    assert placement is not None and placement.px_per_mm == 30


def test_zoom_and_window_stay_when_stepping(pane: ImagePane) -> None:
    wheel(pane, 240, (80, 80), CONTROL)
    drag(pane, (100, 100), (110, 120))
    before, voi = pane.placement(), pane.voi()
    pane.show_slice(3, make_decoded())
    settle()
    assert (pane.placement(), pane.voi()) == (before, voi)


def test_another_series_is_fitted_but_a_growing_one_is_not(pane: ImagePane) -> None:
    pane.zoom_by(3)
    zoomed = pane.placement()
    pane.show_series(make_series(7))
    settle()
    assert pane.placement() == zoomed
    assert texts(pane, Corner.BOTTOM_LEFT)[0] == "Slice 3 / 7"
    pane.show_series(replace(make_series(), key=SeriesKey("1", "other")))
    pane.show_slice(0, make_decoded())
    placement = pane.placement()
    assert placement is not None and placement.px_per_mm == SIDE / 32


# Gestures


def test_left_drag_windows(pane: ImagePane) -> None:
    sent = Counter(pane.voiChanged)
    drag(pane, (100, 100), (120, 100), (160, 130))
    settle()
    assert pane.voi() == dragged(WIDE, 60, 30)
    assert sent.got[-1] == pane.voi()
    assert texts(pane, Corner.BOTTOM_RIGHT)[0].startswith("C 32")


def test_a_click_changes_nothing(pane: ImagePane) -> None:
    sent = Counter(pane.voiChanged)
    drag(pane, (100, 100), (101, 101))
    settle()
    assert pane.voi() is WIDE and not sent.got


def test_a_second_drag_starts_from_the_first(pane: ImagePane) -> None:
    drag(pane, (100, 100), (130, 100))
    first = pane.voi()
    assert isinstance(first, Window)
    drag(pane, (100, 100), (100, 130))
    assert pane.voi() == dragged(first, 0, 30)


@pytest.mark.parametrize(
    ("button", "modifiers"),
    [(MIDDLE, Qt.KeyboardModifier.NoModifier), (LEFT, Qt.KeyboardModifier.ShiftModifier)],
)
def test_middle_drag_pans(pane: ImagePane, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> None:
    drag(pane, (100, 100), (120, 105), (150, 90), button=button, modifiers=modifiers)
    placement = pane.placement()
    assert placement is not None
    # 10 px a mm: the picture moved by 5 mm and -1 mm, its center the other way.
    assert placement.center_mm == pytest.approx((16 - 5, 16 + 1))
    assert pane.voi() is WIDE


def test_right_drag_zooms_about_where_it_began(pane: ImagePane) -> None:
    before = pane.placement()
    drag(pane, (80, 200), (80, 150), (90, 100), button=RIGHT)
    after = pane.placement()
    assert before is not None and after is not None
    assert after.px_per_mm == pytest.approx(before.px_per_mm * np.exp(100 / 200))
    fixed = before.to_picture((80, 200), (SIDE, SIDE))
    assert after.to_screen(fixed, (SIDE, SIDE)) == pytest.approx((80, 200))


def test_control_wheel_zooms_about_the_cursor(pane: ImagePane) -> None:
    steps = Counter(pane.sliceStepRequested)
    before = pane.placement()
    wheel(pane, 120, (250, 60), CONTROL)
    after = pane.placement()
    assert before is not None and after is not None and after.px_per_mm > before.px_per_mm
    fixed = before.to_picture((250, 60), (SIDE, SIDE))
    assert after.to_screen(fixed, (SIDE, SIDE)) == pytest.approx((250, 60))
    assert not steps.got


@pytest.mark.parametrize(("value", "factor"), [(0.25, 1.25), (-0.1, 0.9), (-3.0, 0.25)])
def test_pinching_zooms(pane: ImagePane, value: float, factor: float) -> None:
    place = QPointF(160, 160)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        place,
        place,
        place,
        value,
        QPointF(),
    )
    assert QApplication.sendEvent(pane, pinch)
    placement = pane.placement()
    # The last one is held back by the smallest zoom.
    assert placement is not None and placement.px_per_mm == pytest.approx(10 * factor)


def test_wheel_steps_slices(pane: ImagePane) -> None:
    steps = Counter(pane.sliceStepRequested)
    wheel(pane, -120)
    wheel(pane, 240)
    assert steps.got == [1, -2]


def test_touchpads_step_once_a_notch(pane: ImagePane) -> None:
    steps = Counter(pane.sliceStepRequested)
    for _ in range(8):
        wheel(pane, -30)
    assert steps.got == [1, 1]
    # What is left over is forgotten when the direction turns.
    wheel(pane, -90)
    wheel(pane, 90)
    wheel(pane, 30)
    assert steps.got == [1, 1, -1]


def test_zooming_by_a_factor_keeps_the_center(pane: ImagePane) -> None:
    pane.zoom_by(ZOOM_PER_NOTCH)
    pane.zoom_by(ZOOM_PER_NOTCH)
    placement = pane.placement()
    assert placement is not None
    assert placement.px_per_mm == pytest.approx(10 * ZOOM_PER_NOTCH**2)
    assert placement.center_mm == pytest.approx((16, 16))
    pane.zoom_by(1 / ZOOM_PER_NOTCH)
    placement = pane.placement()
    assert placement is not None and placement.px_per_mm == pytest.approx(10 * ZOOM_PER_NOTCH)


def test_keys_are_for_the_window_around(pane: ImagePane) -> None:
    sent = Counter(pane.sliceStepRequested)
    before = pane.placement()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_R, Qt.Key.Key_I, Qt.Key.Key_Plus):
        QTest.keyClick(pane, key)
    settle()
    assert not sent.got
    assert not pane.inverted() and pane.placement() == before


def test_inverting_is_told(pane: ImagePane) -> None:
    sent = Counter(pane.invertedChanged)
    pane.toggle_inverted()
    settle()
    assert pane.inverted() and sent.got == [True]
    assert "Inverted" in texts(pane, Corner.BOTTOM_RIGHT)


@pytest.mark.parametrize("how", ["reset", "double click"])
def test_reset_undoes_everything(pane: ImagePane, how: str) -> None:
    pane.zoom_by(3)
    drag(pane, (100, 100), (150, 150), button=MIDDLE)
    drag(pane, (100, 100), (160, 130))
    pane.toggle_inverted()
    pane.rotate(90)
    settle()
    sent = Counter(pane.voiChanged)
    if how == "reset":
        pane.reset()
    else:
        mouse(pane, QEvent.Type.MouseButtonDblClick, (50, 50), button=LEFT, buttons=LEFT)
    settle()
    placement = pane.placement()
    assert placement is not None and placement.px_per_mm == SIDE / 32
    assert pane.voi() is WIDE and not pane.inverted()
    assert letters(pane) == ("A", "L", "P", "R")
    assert sent.got == [WIDE]


def test_only_the_first_button_counts(pane: ImagePane) -> None:
    mouse(pane, QEvent.Type.MouseButtonPress, (100, 100), button=LEFT, buttons=LEFT)
    mouse(pane, QEvent.Type.MouseButtonPress, (100, 100), button=RIGHT, buttons=LEFT | RIGHT)
    mouse(pane, QEvent.Type.MouseMove, (130, 100), buttons=LEFT | RIGHT)
    mouse(pane, QEvent.Type.MouseButtonRelease, (130, 100), button=RIGHT, buttons=LEFT)
    mouse(pane, QEvent.Type.MouseMove, (140, 100), buttons=LEFT)
    assert pane.voi() == dragged(WIDE, 40, 0)


# Flips and rotations


def corners(pane: ImagePane) -> list[int]:
    """Grey near the four corners of the picture: upper left, upper right, lower left, lower right."""
    settle()
    pane._overlay.hide()
    grey = pixels(pane.grab().toImage())[..., 0].astype(int)
    pane._overlay.show()
    near, far = 12, SIDE - 12
    return [int(grey[y, x]) for y in (near, far) for x in (near, far)]


def letters(pane: ImagePane) -> tuple[str, str, str, str]:
    """The letters at the top, on the right, at the bottom and on the left."""
    settle()
    shown = pane._overlay.letters
    return shown.top, shown.right, shown.bottom, shown.left


@pytest.mark.parametrize(
    ("turn", "order", "said"),
    [
        (lambda p: None, (0, 1, 2, 3), ("A", "L", "P", "R")),
        (lambda p: p.flip_horizontal(), (1, 0, 3, 2), ("A", "R", "P", "L")),
        (lambda p: p.flip_vertical(), (2, 3, 0, 1), ("P", "L", "A", "R")),
        # Clockwise: what was on the left is at the top.
        (lambda p: p.rotate(90), (2, 0, 3, 1), ("R", "A", "L", "P")),
        (lambda p: p.rotate(-90), (1, 3, 0, 2), ("L", "P", "R", "A")),
        (lambda p: (p.rotate(90), p.flip_horizontal()), (0, 2, 1, 3), ("R", "P", "L", "A")),
    ],
)
def test_picture_letters_and_cursor_turn_together(
    pane: ImagePane, turn: Callable[[ImagePane], object], order: tuple[int, ...], said: tuple[str, ...]
) -> None:
    # HU grow to the right and, half as fast, downwards: each corner has a grey of its own.
    pane.set_voi(Window(30, 120))
    stored = corners(pane)
    assert len(set(stored)) == 4
    turn(pane)
    assert corners(pane) == pytest.approx([stored[i] for i in order], abs=2)
    assert letters(pane) == said
    # 10 px a pixel: the corners of the picture are pixels of its first and last rows and columns.
    stored_pixels = [(0, 0), (0, 31), (31, 0), (31, 31)]
    places = [QPointF(x, y) for y in (5, SIDE - 5) for x in (5, SIDE - 5)]
    assert [pane.pixel_at(place) for place in places] == [stored_pixels[i] for i in order]


def test_the_value_under_the_cursor_is_that_of_the_turned_picture(pane: ImagePane) -> None:
    pane.rotate(90)
    mouse(pane, QEvent.Type.MouseMove, (125, 75))
    settle()
    # Column 12 and row 7 of the screen are row 31 - 12 and column 7 of the picture: 19 + 14 - 20 HU.
    assert texts(pane, Corner.BOTTOM_LEFT)[:2] == ["13 HU", "Row 19  Column 7"]


def test_a_turned_picture_stays_turned_when_stepping_and_is_stored_again_in_another_series(
    pane: ImagePane,
) -> None:
    pane.flip_horizontal()
    pane.rotate(90)
    before = pane.state.orientation
    pane.show_slice(3, make_decoded())
    assert pane.state.orientation == before
    pane.show_series(replace(make_series(), key=SeriesKey("1", "other")))
    pane.show_slice(0, make_decoded())
    assert letters(pane) == ("A", "L", "P", "R")


def test_a_rotated_picture_keeps_its_true_aspect_and_fits(pane: ImagePane) -> None:
    pane.show_series(make_series(spacing=PixelSpacing(2, 1)))
    pane.set_voi(Window(-200, 10))  # everything white
    pane.show_slice(0, make_decoded())
    pane.rotate(90)
    settle()
    left, top, right, bottom = lit_rect(pane)
    assert (right - left) / (bottom - top) == pytest.approx(2.0, rel=0.02)
    assert right - left == pytest.approx(SIDE, abs=2)


def test_actual_size_and_fitted(pane: ImagePane) -> None:
    pane.one_to_one()
    settle()
    # 32 pixels of 1 mm at a px each.
    left, top, right, bottom = lit_rect(pane)
    assert (right - left, bottom - top) == pytest.approx((32, 32), abs=1)
    assert "Zoom 100 %" in texts(pane, Corner.BOTTOM_LEFT)
    pane.fit()
    settle()
    placement = pane.placement()
    assert placement is not None and placement.px_per_mm == 10


def test_turning_tells_no_window_and_draws_no_new_grey_values(
    pane: ImagePane, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Counter(pane.voiChanged)
    monkeypatch.setattr(pane._canvas, "set_picture", lambda grey: pytest.fail("the picture was drawn again"))
    pane.rotate(90)
    pane.flip_vertical()
    settle()
    assert not sent.got


def test_a_pane_without_a_picture_can_be_turned_too(pane: ImagePane) -> None:
    pane.show_message("Reading", "", "loading")
    pane.rotate(90)
    pane.one_to_one()
    pane.fit()
    settle()
    assert pane.placement() is None


# One repaint a turn


def test_many_events_are_one_rendering(pane: ImagePane, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[object] = []
    real = pane._canvas.set_picture
    monkeypatch.setattr(pane._canvas, "set_picture", lambda grey: (rendered.append(grey), real(grey)))
    sent = Counter(pane.voiChanged)
    drag(pane, (50, 50), *((50 + i, 50) for i in range(4, 200)))
    assert not rendered
    settle()
    assert len(rendered) == 1 and len(sent.got) == 1
    settle()
    assert len(rendered) == 1


def test_moving_the_mouse_does_not_render(pane: ImagePane, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(grey: object) -> None:
        pytest.fail("the picture was drawn again")

    monkeypatch.setattr(pane._canvas, "set_picture", never)
    for x in range(50, 250):
        mouse(pane, QEvent.Type.MouseMove, (x, 100))
    settle()


# Words


def test_value_under_the_cursor(pane: ImagePane) -> None:
    # 10 px a pixel: column 12, row 7; HU = 7 + 24 - 20.
    mouse(pane, QEvent.Type.MouseMove, (125, 75))
    settle()
    assert texts(pane, Corner.BOTTOM_LEFT)[:3] == ["11 HU", "Row 7  Column 12", "x −4.0  y −9.0  z 10.0 mm"]


def test_the_value_follows_the_slice_under_a_resting_cursor(pane: ImagePane) -> None:
    mouse(pane, QEvent.Type.MouseMove, (125, 75))
    pane.show_slice(4, make_decoded())
    settle()
    assert texts(pane, Corner.BOTTOM_LEFT)[2].endswith("z 20.0 mm")


def test_no_value_beside_the_picture(pane: ImagePane) -> None:
    pane.resize(640, 320)
    settle()
    mouse(pane, QEvent.Type.MouseMove, (20, 100))
    settle()
    assert texts(pane, Corner.BOTTOM_LEFT)[0] == "Slice 3 / 5"
    QTest.mouseMove(pane)
    pane.leaveEvent(QEvent(QEvent.Type.Leave))
    settle()
    assert texts(pane, Corner.BOTTOM_LEFT)[0] == "Slice 3 / 5"


def test_patient_and_study_are_always_there(pane: ImagePane) -> None:
    pane.show_message("Decoding failed", "Cut short.", "error")
    settle()
    assert texts(pane, Corner.TOP_LEFT)[0] == "DOE, JANE"
    assert texts(pane, Corner.TOP_RIGHT)[0] == "CT head"
    assert texts(pane, Corner.BOTTOM_LEFT) == [] == texts(pane, Corner.BOTTOM_RIGHT)


def test_problems_are_said(pane: ImagePane) -> None:
    pane.show_series(make_series(problems=(Problem(ProblemCode.GAP, "series"),)))
    pane.show_slice(0, make_decoded(problems=(Problem(ProblemCode.REPAIRED_12_BIT, "slice"),)))
    settle()
    said = texts(pane, Corner.TOP_LEFT)
    assert "Slices seem to be missing" in said
    assert "12-bit values had wrapped around and were repaired" in said


def test_flipped_geometry_changes_the_letters(pane: ImagePane) -> None:
    assert (pane._overlay.letters.left, pane._overlay.letters.top) == ("R", "A")
    pane.show_series(make_series(row_direction=(-1.0, 0.0, 0.0)))
    pane.show_slice(0, make_decoded())
    settle()
    assert (pane._overlay.letters.left, pane._overlay.letters.right) == ("L", "R")


def test_no_letters_and_no_scale_without_geometry(pane: ImagePane) -> None:
    assert pane._overlay.px_per_mm == 10
    pane.show_series(make_series(row_direction=None, spacing=None))
    pane.show_slice(0, make_decoded())
    settle()
    assert pane._overlay.letters.words == ""
    assert pane._overlay.px_per_mm is None


def test_chips_follow_slice_and_analysis(pane: ImagePane, held: OneSeries) -> None:
    assert pane._overlay.chips == ()
    held.put(0, not_analysed())
    settle()
    # The analysis has begun, but not come to this slice.
    assert [c.text for c in pane._overlay.chips] == ["Not analyzed yet"]
    held.put(2, analysed(SUBDURAL))
    settle()
    assert [c.text for c in pane._overlay.chips] == ["Subdural 0.83"]
    pane.show_slice(0, make_decoded())
    settle()
    assert [c.text for c in pane._overlay.chips] == ["Not analyzed: no brain inside a skull in this slice"]
    assert "Not analyzed" in pane.accessibleDescription()
    held.finish([analysed()] * 5)
    settle()
    assert "nothing over" in pane._overlay.chips[0].text


# Messages


@pytest.mark.parametrize("kind", ["empty", "loading", "error", "info"])
def test_messages(pane: ImagePane, kind: str) -> None:
    pane.show_message("A title", "Some detail.", kind)
    settle()
    card = pane._card
    assert card.isVisible() and (card.title, card.detail) == ("A title", "Some detail.")
    assert card.buttons[0].isVisible() == (kind == "empty")
    assert pane.placement() is None
    pane.show_series(make_series())
    pane.show_slice(0, make_decoded())
    assert not card.isVisible()


def test_gestures_do_nothing_on_a_message(pane: ImagePane) -> None:
    pane.show_message("Reading", "", "loading")
    sent = Counter(pane.voiChanged)
    drag(pane, (100, 100), (160, 130))
    drag(pane, (100, 100), (160, 130), button=MIDDLE)
    wheel(pane, 120, (80, 80), CONTROL)
    settle()
    assert not sent.got and pane.voi() is WIDE


def test_the_empty_window_opens_a_folder(pane: ImagePane) -> None:
    pane.show_message("Nothing open", "Open a study to begin.", "empty")
    sent = Counter(pane.openRequested)
    QTest.mouseClick(pane._card.buttons[0], LEFT)
    assert len(sent.got) == 1
    settle()
    assert texts(pane, Corner.TOP_LEFT) == []


def test_a_slice_needs_its_series(qtbot: QtBot) -> None:
    widget = ImagePane()
    qtbot.addWidget(widget)
    with pytest.raises(ValueError, match="after its series"):
        widget.show_slice(0, make_decoded())
    with pytest.raises(ValueError, match="nonsense"):
        widget.show_message("", "", "nonsense")


# Golden images: the picture with its letters cut out


def test_golden_picture(pane: ImagePane, golden: CompareGolden) -> None:
    pane._overlay.hide()
    pane.show_series(make_series(rows=96, columns=96, spacing=PixelSpacing(1.2, 1.0)))
    pane.set_voi(Window(40, 80))
    pane.show_slice(0, make_head())
    settle()
    golden(pane.grab().toImage(), "image-fitted")
    wheel(pane, 600, (100, 100), CONTROL)
    pane.set_inverted(True)
    settle()
    golden(pane.grab().toImage(), "image-zoomed-inverted")


def test_the_image_stays_dark_in_the_light_theme(pane: ImagePane, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    pane.resize(640, 320)
    settle()
    assert pixels(pane.grab().toImage())[160, 40].max() < 10


def test_words_are_readable_on_white(pane: ImagePane) -> None:
    pane.set_voi(Window(-500, 10), "White")
    settle()
    corner = pixels(pane.grab().toImage())[SIDE - 80 : SIDE - 12, 12:90]
    # White ground, white words: what separates them is their dark rim.
    assert corner.min() < 120 < corner.max()


# Real data


@pytest.mark.realdata
def test_a_real_tilted_series(pane: ImagePane, shared_data: Path) -> None:
    (series,) = read_catalog([shared_data / "ge-head-ct"]).series
    decoded = read_slice(series.slices[14])
    pane.resize(512, 512)
    pane.show_series(series)
    pane.show_slice(14, decoded)
    mouse(pane, QEvent.Type.MouseMove, (200.5, 240.5))
    settle()
    # The gantry is tilted by 18.5 degrees: anterior is up, and a little towards the head.
    letters = pane._overlay.letters
    assert (letters.top, letters.bottom, letters.left, letters.right) == ("AH", "PF", "R", "L")
    pixel = pane.pixel_at(QPointF(200.5, 240.5))
    assert pixel == (240, 200)
    hu = decoded.image.hu_at(*pixel)
    assert hu is not None and -20 < hu < 90
    assert texts(pane, Corner.BOTTOM_LEFT)[0] == f"{hu:.0f} HU".replace("-", "−")
    assert any("uneven" in text for text in texts(pane, Corner.TOP_LEFT))
    # Square pixels fill a square widget.
    left, top, right, bottom = lit_rect(pane)
    assert left >= 0 and right <= 512 and top >= 0 and bottom <= 512
