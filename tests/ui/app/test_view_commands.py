"""The commands of the menu View: by their keys, in a window with a real series."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_backend import Script, scripted_backend
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.window import Window
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.window_values import WindowValuesDialog
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.region_pick import RegionPick
from ichviewer.ui.panes.word_detail import HIDDEN_WORDS, WordDetail

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(make_window: MakeWindow, ct_series: list[Path]) -> MainWindow:  # noqa: F811
    window = make_window.opened(ct_series[0].parent)
    window.resize(1400, 900)
    return window


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.windowHandle(), key, modifiers)


def overlay(window: MainWindow) -> ImageOverlay:
    window.image.flush()
    return window.image.findChild(ImageOverlay)


def words(window: MainWindow) -> str:
    found = overlay(window)
    lines = [line.text for corner in Corner for line in found.lines(corner)]
    return "\n".join([*lines, *(chip.text for chip in found.chips)])


# Turning and sizes


@pytest.mark.parametrize(
    ("keys", "letters"),
    [
        # An axial slice has the patient's right on the left and the face at the top.
        ([], ("A", "P", "R", "L")),
        ([(Qt.Key.Key_H, SHIFT)], ("A", "P", "L", "R")),
        ([(Qt.Key.Key_V, SHIFT)], ("P", "A", "R", "L")),
        ([(Qt.Key.Key_R, SHIFT)], ("R", "L", "P", "A")),
        ([(Qt.Key.Key_L, SHIFT)], ("L", "R", "A", "P")),
        ([(Qt.Key.Key_R, SHIFT), (Qt.Key.Key_L, SHIFT)], ("A", "P", "R", "L")),
    ],
)
def test_letters_follow_flips_and_rotations(
    window: MainWindow, keys: list[tuple[Qt.Key, Qt.KeyboardModifier]], letters: tuple[str, ...]
) -> None:
    for key, modifiers in keys:
        press(window, key, modifiers)
    found = overlay(window).letters
    assert (found.top, found.bottom, found.left, found.right) == letters


def test_actual_size_makes_a_column_a_pixel_and_fit_shows_everything_again(window: MainWindow) -> None:
    fitted = window.image.placement()
    press(window, Qt.Key.Key_1, CTRL)
    actual = window.image.placement()
    frame = window.image.frame
    assert actual is not None and frame is not None
    assert actual.px_per_mm * frame.column_mm * window.image.devicePixelRatioF() == pytest.approx(1.0)
    press(window, Qt.Key.Key_0, CTRL)
    assert window.image.placement() == fitted


def test_without_a_picture_nothing_of_it_is_possible(make_window: MakeWindow) -> None:  # noqa: F811
    window = make_window()
    for name in (
        "view.fit",
        "view.flip_vertical",
        "view.window_values",
        "view.magnify",
        "cine.play",
        "view.words",
    ):
        assert not window.actions_[name].isEnabled(), name
    assert window.actions_["view.full_screen"].isEnabled()


# Words


def test_words_go_in_three_steps_and_what_was_not_analyzed_stays_in_the_second(window: MainWindow) -> None:
    series = window.viewing.series
    assert series is not None and series.patient.name and series.patient.id
    everything, chips = words(window), overlay(window).chips
    assert series.patient.name in everything and "Slice 3 / 5" in everything
    press(window, Qt.Key.Key_T)
    found = words(window)
    told = [
        series.patient.name,
        series.patient.id,
        series.study.description,
        series.study.date,
        series.description,
    ]
    assert not [text for text in told if text and text in found]
    assert "Slice 3 / 5" in found
    assert chips and overlay(window).chips == chips, "the finding of the slice stays"
    assert overlay(window).letters.left == "R"
    press(window, Qt.Key.Key_T)
    assert words(window) == HIDDEN_WORDS
    assert overlay(window).letters.words == "" and overlay(window).px_per_mm is None
    assert HIDDEN_WORDS in window.image.accessibleDescription()
    press(window, Qt.Key.Key_T)
    assert words(window) == everything


def test_the_mark_stays_on_a_slice_without_a_finding_and_on_the_next_one(window: MainWindow) -> None:
    window.viewing.set_detail(WordDetail.NONE)
    for index in range(5):
        window.viewing.go_to(index)
        assert words(window) == HIDDEN_WORDS


def test_not_analyzed_is_said_without_the_patient(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    window = make_window(scripted_backend(Script(flagged=[0], seconds=0.2)))
    window.viewing.set_detail(WordDetail.NO_PATIENT)
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.viewing.flagged() == [0])
    window.session.cancel()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    window.viewing.go_last()
    qtbot.waitUntil(lambda: "Not analyzed" in words(window))


# Windows


def test_typed_values_become_the_window_and_nonsense_is_refused_in_words(window: MainWindow) -> None:
    press(window, Qt.Key.Key_W)
    (dialog,) = window.findChildren(WindowValuesDialog)
    center, width = dialog.findChildren(QLineEdit)
    assert (center.text(), width.text()) == ("40", "80")
    center.setText("thirty")
    width.setText("0.5")
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.center.complaint == "The center is a number of HU, such as 40."
    assert dialog.width_.complaint == "The width is at least 1 HU."
    center.setText("-12,5")
    width.setText("250")
    dialog.accept()
    window.image.flush()
    assert window.image.voi() == Window(-12.5, 250.0)
    assert not any(window.preset_bar.button(n).isChecked() for n in range(len(window.presets)))


def test_the_dialog_closes_with_the_study(window: MainWindow) -> None:
    press(window, Qt.Key.Key_W)
    (dialog,) = window.findChildren(WindowValuesDialog)
    window.opening.close_study()
    assert not dialog.isVisible()


def test_a_dragged_rectangle_gives_the_window_of_its_median_and_spread(
    qtbot: QtBot, window: MainWindow
) -> None:
    press(window, Qt.Key.Key_W, SHIFT)
    assert window.actions_["view.window_from_region"].isChecked()
    (pick,) = window.image.findChildren(RegionPick)
    placement, frame, shown = window.image.placement(), window.image.frame, window.image.shown
    assert placement is not None and frame is not None and shown is not None
    size = (float(window.image.width()), float(window.image.height()))

    def at(row: float, column: float) -> QPoint:
        x, y = placement.to_screen((column * frame.column_mm, row * frame.row_mm), size)
        return QPoint(round(x), round(y))

    qtbot.mousePress(pick, Qt.MouseButton.LeftButton, pos=at(2, 3))
    qtbot.mouseMove(pick, at(6, 6))
    qtbot.mouseRelease(pick, Qt.MouseButton.LeftButton, pos=at(8, 9))
    inside = np.sort(shown.decoded.image.hu()[2:8, 3:9].ravel())
    found = window.image.voi()
    assert isinstance(found, Window)
    assert found.center_hu == round(float(np.median(inside)))
    assert not window.actions_["view.window_from_region"].isChecked(), "once"
    assert window.notice.text == ""


def test_escape_gives_the_rectangle_up_and_a_point_gives_no_window(qtbot: QtBot, window: MainWindow) -> None:
    before = window.image.voi()
    press(window, Qt.Key.Key_W, SHIFT)
    press(window, Qt.Key.Key_Escape)
    assert not window.active_image.picking
    press(window, Qt.Key.Key_W, SHIFT)
    (pick,) = [p for p in window.image.findChildren(RegionPick) if p.isVisible()]
    qtbot.mouseClick(pick, Qt.MouseButton.LeftButton, pos=pick.rect().center())
    assert window.notice.text.startswith("No window from this region")
    assert window.image.voi() == before


# Magnifier


def test_the_magnifier_shows_the_pixel_under_the_mouse_and_its_neighbors_larger(window: MainWindow) -> None:
    press(window, Qt.Key.Key_L)
    lens = window.active_image.lens
    assert lens is not None and lens.factor == 2 and not lens.isVisible(), "the mouse is elsewhere"
    center = window.image.rect().center()
    window.image.interaction.hovered.emit(center.toPointF())
    assert lens.isVisible()
    middle = lens.rect().toRectF().center()
    assert lens.picture_px(middle) == window.image.pixel_at(center.toPointF())
    # 40 px of the lens are 20 px of the pane.
    beside = middle + QPoint(40, 0).toPointF()
    assert lens.picture_px(beside) == window.image.pixel_at(center.toPointF() + QPoint(20, 0).toPointF())
    window.opening.close_study()
    assert not lens.isVisible() and lens.at is None
    window.actions_["view.magnify_4"].setEnabled(True)
    window.actions_["view.magnify_4"].trigger()
    assert window.active_image.magnified == 4
    press(window, Qt.Key.Key_Escape)
    assert window.active_image.lens is None


# Panels and the screen


def test_one_key_hides_the_panels_and_they_stay_hidden_with_the_next_study(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    window: MainWindow,
    ct_series: list[Path],
) -> None:
    parts = (window.browser, window.findings, window.strip)
    window.browser.setFocus()
    press(window, Qt.Key.Key_H)
    assert not any(part.isVisible() for part in parts)
    window.open_paths([ct_series[0].parent])
    make_window.wait(window)
    assert not any(part.isVisible() for part in parts)
    press(window, Qt.Key.Key_H)
    assert all(part.isVisible() for part in parts)
    window.opening.close_study()
    assert not any(part.isVisible() for part in parts), "nothing is open"


def test_escape_leaves_the_full_screen_before_it_cancels_the_analysis(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[bool] = []
    monkeypatch.setattr(window.session, "cancel", lambda: cancelled.append(True))
    press(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    assert window.actions_["view.full_screen"].isChecked()
    window.actions_["analysis.cancel"].setEnabled(True)
    press(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen() and not cancelled
    window.actions_["analysis.cancel"].setEnabled(True)
    press(window, Qt.Key.Key_Escape)
    assert cancelled == [True]


# Playing


def record(window: MainWindow) -> Callable[[], list[int]]:
    shown: list[int] = []
    window.viewing.sliceChanged.connect(shown.append)
    return lambda: shown


def test_playing_shows_every_slice_and_goes_round(qtbot: QtBot, window: MainWindow) -> None:
    shown = record(window)
    window.actions_["cine.speed_60"].trigger()
    press(window, Qt.Key.Key_C)
    assert window.actions_["cine.play"].isChecked()
    qtbot.waitUntil(lambda: len(shown()) >= 8)
    press(window, Qt.Key.Key_C)
    assert shown()[:8] == [3, 4, 0, 1, 2, 3, 4, 0]
    told = len(shown())
    qtbot.wait(60)
    assert len(shown()) == told


def test_playing_waits_for_pixels(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = record(window)
    monkeypatch.setattr(window.session.pixels, "ready", lambda _: None)
    monkeypatch.setattr(window.session.pixels, "_ask", lambda *_: None)
    window.cine.set_speed(60)
    window.cine.toggle()
    qtbot.waitUntil(lambda: shown() == [3])
    qtbot.wait(100)
    assert shown() == [3], "its pixels have not come"


def test_playing_stops_when_the_study_closes(window: MainWindow) -> None:
    window.cine.toggle()
    assert window.cine.playing
    window.opening.close_study()
    assert not window.cine.playing
    assert not window.actions_["cine.play"].isEnabled()


def test_speeds_go_in_steps_and_not_past_the_ends(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Up, SHIFT)
    assert window.cine.speed == 20
    for _ in range(9):
        press(window, Qt.Key.Key_Up, SHIFT)
    assert window.cine.speed == 60
    for _ in range(12):
        press(window, Qt.Key.Key_Down, SHIFT)
    assert window.cine.speed == 1
    with pytest.raises(ValueError, match="Received: 61"):
        window.cine.set_speed(61)
