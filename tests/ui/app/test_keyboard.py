"""The keys belong to the image, wherever the keyboard is; real key events, as the platform sends them."""

from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import Script, scripted_backend
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.main_window import MainWindow

N = 12
KEYS = {
    Qt.Key.Key_Home: 0,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Right: 2,
    Qt.Key.Key_PageDown: 7,
    Qt.Key.Key_Up: 6,
    Qt.Key.Key_Left: 5,
    Qt.Key.Key_PageUp: 0,
    Qt.Key.Key_End: N - 1,
    Qt.Key.Key_P: 9,
    Qt.Key.Key_N: 3,
    Qt.Key.Key_M: 3,
}
"""Keys in turn, and the slice each leads to; slices 4 and 10 are flagged."""


@pytest.fixture
def window(make_window: MakeWindow, tmp_path: Path) -> MainWindow:  # noqa: F811
    """A window started on a path with two series."""
    write_series(tmp_path / "a", n=N, SeriesInstanceUID="1.2.3", SeriesNumber=1)
    write_series(tmp_path / "b", n=4, SeriesInstanceUID="1.2.4", SeriesNumber=2)
    return make_window.opened(tmp_path, backend=scripted_backend(Script(flagged=[3, 9])))


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.windowHandle(), key)


def test_started_on_a_path_the_keys_step_slices(window: MainWindow) -> None:
    assert window.focusWidget() is window.image
    assert window.viewing.index == N // 2
    for key, index in KEYS.items():
        press(window, key)
        assert window.viewing.index == index, key


def test_keys_step_slices_wherever_the_keyboard_is(window: MainWindow) -> None:
    places = [
        w
        for w in window.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.isVisible()
        and w.isEnabled()
        and w.focusProxy() is None
    ]
    assert window.browser.view in places and window.strip in places and len(places) > 8
    for place in places:
        for key, index in KEYS.items():
            place.setFocus()
            assert QApplication.focusWidget() is place
            press(window, key)
            assert window.viewing.index == index, (place, key)


def test_lists_reached_by_tab_keep_the_arrow_keys(window: MainWindow) -> None:
    view = window.browser.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    row = view.currentIndex().row()
    press(window, Qt.Key.Key_Down)
    assert view.currentIndex().row() == row + 1
    assert window.viewing.series is not None and window.viewing.series.number == 2
    # The other series was chosen by the key, so the keyboard is in the image now.
    assert window.focusWidget() is window.image


def test_text_fields_keep_their_keys(window: MainWindow) -> None:
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    at = window.viewing.index
    for key in (Qt.Key.Key_N, Qt.Key.Key_M, Qt.Key.Key_P, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Left):
        press(window, key)
    assert field.text() == "nmp"
    assert field.cursorPosition() == 2
    assert window.viewing.index == at


def test_a_click_on_a_series_leaves_the_keyboard_in_the_image(window: MainWindow) -> None:
    view = window.browser.view
    assert window.viewing.series is not None and window.viewing.series.number == 1
    other = view.indexBelow(view.currentIndex())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(other).center())
    assert window.viewing.series.number == 2
    assert window.focusWidget() is window.image
    press(window, Qt.Key.Key_Home)
    assert window.viewing.index == 0


def test_a_click_into_strip_or_list_leaves_the_keyboard_in_the_image(window: MainWindow) -> None:
    grid = window.strip.grid()
    assert grid is not None
    left, right = grid.layout.span(8)
    place = QPoint(round((left + right) / 2), round(grid.area.center().y()))
    QTest.mouseClick(window.strip, Qt.MouseButton.LeftButton, pos=place)
    assert window.viewing.index == 8
    assert window.focusWidget() is window.image
    flagged = window.findings.findChild(QAbstractItemView, "")
    assert flagged is not None
    row = flagged.visualRect(flagged.model().index(0, 0))
    QTest.mouseClick(flagged.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert window.viewing.index == 3
    assert window.focusWidget() is window.image


@pytest.mark.parametrize("name", ["keys", "about", "problems"])
def test_after_a_dialog_the_keyboard_is_in_the_image(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.browser.view.setFocus()
    window.actions_[f"help.{name}"].trigger()
    qtbot.waitUntil(lambda: QApplication.activeWindow() not in {window, None})
    dialog = QApplication.activeWindow()
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    # What a window manager does, and the offscreen platform does not.
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.waitUntil(lambda: window.focusWidget() is window.image)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_after_a_menu_the_keyboard_is_in_the_image(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    at = window.viewing.index
    QTest.keyClick(menu, Qt.Key.Key_Down)
    assert window.viewing.index == at, "in a menu the arrows move through the menu"
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    QTest.keyClick(window.menuBar(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.focusWidget() is window.image)
    press(window, Qt.Key.Key_Home)
    assert window.viewing.index == 0


def test_the_buttons_of_the_empty_page_are_reached_by_tab(make_window: MakeWindow) -> None:  # noqa: F811
    window = make_window()
    first, second, *_ = window.image._card.buttons
    first.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second
