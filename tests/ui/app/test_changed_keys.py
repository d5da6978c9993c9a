"""Changing keys in the window: at once, everywhere, and for the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_backend import Script, scripted_backend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.key_list import NO_KEY
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.panes.image_interaction import ZOOM_PER_NOTCH
from ichviewer.ui.session.ui_settings import UiSettings


@pytest.fixture
def window(make_window: MakeWindow, ct_series: list[Path]) -> MainWindow:  # noqa: F811
    return make_window.opened(ct_series[0].parent, backend=scripted_backend(Script(flagged=[1, 3])))


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> KeysDialog:
    window.actions_["help.keys"].trigger()
    dialog = window.findChild(KeysDialog)
    qtbot.waitExposed(dialog)
    dialog.pages.setCurrentIndex(1)
    return dialog


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.windowHandle(), key)


def click(dialog: KeysDialog, command_id: str) -> None:
    item = dialog.list.item(dialog.list.row_of(command_id), 0)
    dialog.list.scrollToItem(item)
    at = dialog.list.visualItemRect(item).center()
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def keys_of(dialog: KeysDialog, command_id: str) -> str:
    return dialog.list.item(dialog.list.row_of(command_id), 2).text()


def sheet(dialog: KeysDialog) -> dict[str, str]:
    """Words to keys, of the overview."""
    page = dialog.pages.widget(0)
    labels = [label for label in page.findChildren(QLabel) if label.isVisibleTo(page)]
    keys = [label for label in labels if label.property("role") == "key"]
    return {labels[labels.index(key) + 1].text(): key.text() for key in keys}


def test_a_click_and_a_key_change_it_at_once_and_everywhere(
    qtbot: QtBot, window: MainWindow, dialog: KeysDialog
) -> None:
    assert sheet(dialog)["Next, previous flagged slice"] == "N, P"
    click(dialog, "go.next_flagged")
    assert dialog.list.waits_for == "go.next_flagged"
    QTest.keyClick(dialog.list, Qt.Key.Key_J)
    assert (keys_of(dialog, "go.next_flagged"), dialog.told) == ("J", "")
    assert sheet(dialog)["Next, previous flagged slice"] == "J, P"
    action = window.actions_["go.next_flagged"]
    assert action.toolTip() == "Next flagged slice  (J)"
    assert [s.toString() for s in action.shortcuts()] == ["J"]
    dialog.close()
    # What a window manager does, and the offscreen platform does not.
    window.activateWindow()
    qtbot.waitActive(window)
    press(window, Qt.Key.Key_N)
    assert window.viewing.index == 2, "the old key is free"
    press(window, Qt.Key.Key_P)
    assert window.viewing.index == 1, "other keys are as they were"
    press(window, Qt.Key.Key_J)
    assert window.viewing.index == 3


def test_a_taken_key_is_refused_and_both_commands_are_named(window: MainWindow, dialog: KeysDialog) -> None:
    click(dialog, "go.next_flagged")
    QTest.keyClick(dialog.list, Qt.Key.Key_M)
    assert dialog.told == 'M belongs to "Most suspicious slice"; "Next flagged slice" cannot have it too.'
    assert keys_of(dialog, "go.next_flagged") == "N"
    assert window.settings.chosen_keys == ""
    click(dialog, "go.next_flagged")
    assert dialog.told == "", "the next try begins without it"


def test_esc_leaves_it_and_delete_takes_it_away(window: MainWindow, dialog: KeysDialog) -> None:
    click(dialog, "go.next_flagged")
    QTest.keyClick(dialog.list, Qt.Key.Key_Escape)
    assert dialog.isVisible() and dialog.list.waits_for == ""
    assert keys_of(dialog, "go.next_flagged") == "N"
    click(dialog, "go.next_flagged")
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert keys_of(dialog, "go.next_flagged") == NO_KEY
    # "P: next, previous" would be wrong now.
    told = sheet(dialog)
    assert told["Previous flagged slice"] == "P"
    assert "Next, previous flagged slice" not in told and "Next flagged slice" not in told
    assert window.actions_["go.next_flagged"].toolTip() == "Next flagged slice"


def test_reset_brings_first_keys_back_one_by_one_or_all(window: MainWindow, dialog: KeysDialog) -> None:
    one, every = (
        next(b for b in dialog.findChildren(type(dialog.buttons.buttons()[0])) if b.text() == text)
        for text in ("Reset this command", "Reset all keys")
    )
    assert not one.isEnabled() and not every.isEnabled()
    for command_id, key in (("go.next_slice", Qt.Key.Key_J), ("go.next_flagged", Qt.Key.Key_F5)):
        click(dialog, command_id)
        QTest.keyClick(dialog.list, key)
    assert UiSettings().chosen_keys == window.keys.keys.stored() != ""
    assert one.isEnabled() and every.isEnabled()
    one.click()
    assert (keys_of(dialog, "go.next_flagged"), keys_of(dialog, "go.next_slice")) == ("N", "J")
    every.click()
    assert keys_of(dialog, "go.next_slice") == "Down, Right"
    assert not every.isEnabled()
    assert UiSettings().chosen_keys == ""


def test_keys_are_there_at_the_next_start(make_window: MakeWindow, window: MainWindow) -> None:  # noqa: F811
    assert window.keys.give("view.theme", ["F9"]) == ""
    again = make_window()
    assert [s.toString() for s in again.actions_["view.theme"].shortcuts()] == ["F9"]
    assert again.keys.notes == ()


def test_keys_that_cannot_be_used_are_told_in_window_and_dialog(
    make_window: MakeWindow,  # noqa: F811
) -> None:
    UiSettings().chosen_keys = '{"version": 9, "keys": {}}'
    window = make_window()
    said = (
        "The keys you chose are not used: they were stored by another version of ichviewer. Found: version 9."
    )
    assert window.notice.text == said
    dialog = KeysDialog(window.keys, window)
    assert dialog.told == said
    window.keys.reset_all()
    assert window.keys.notes == () and UiSettings().chosen_keys == ""
    dialog.deleteLater()


def test_what_names_a_key_follows_it(window: MainWindow) -> None:
    assert window.keys.give("help.problems", ["F8"]) == ""
    tips = [b.toolTip() for b in window.status.findChildren(QToolButton)]
    assert "What was repaired, doubted or left out  (F8)" in tips
    assert not [tip for tip in tips if "F2" in tip]


def test_window_presets_are_listed_but_their_keys_are_set_in_their_file(dialog: KeysDialog) -> None:
    click(dialog, "window.preset_2")
    assert dialog.list.waits_for == ""
    assert keys_of(dialog, "window.preset_2") == "2  (Set in the settings)"
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert keys_of(dialog, "window.preset_2") == "2  (Set in the settings)"


def test_plus_equal_and_minus_zoom_about_the_center_wherever_the_keyboard_is(window: MainWindow) -> None:
    window.findings.setFocus()
    before = window.image.placement()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_Equal):
        press(window, key)
    after = window.image.placement()
    assert before is not None and after is not None
    assert after.px_per_mm == pytest.approx(before.px_per_mm * ZOOM_PER_NOTCH**2)
    assert after.center_mm == pytest.approx(before.center_mm)


def test_in_a_list_reached_by_tab_plus_and_minus_open_and_close_rows(window: MainWindow) -> None:
    view = window.browser.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    patient = view.model().index(0, 0)
    view.setCurrentIndex(patient)
    before = window.image.placement()
    press(window, Qt.Key.Key_Minus)
    assert not view.isExpanded(patient)
    press(window, Qt.Key.Key_Plus)
    assert view.isExpanded(patient)
    assert window.image.placement() == before


def test_esc_cancels_the_reading_too(qtbot: QtBot, window: MainWindow, ct_series: list[Path]) -> None:
    window.open_paths([ct_series[0].parent])
    assert window.session.reading
    assert window.actions_["analysis.cancel"].isEnabled()
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.session.reading and not window.session.is_open)
    assert not window.actions_["analysis.cancel"].isEnabled()
