"""The list of keys takes the next key for the row that was chosen, whatever key it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.ui.dialogs.key_list import NO_KEY, WAITING, KeyList
from ichviewer.ui.dialogs.key_rows import KeyRow

ROWS = (
    KeyRow("go.next", "Next", "Go", "N"),
    KeyRow("go.last", "Last", "Go", "", changed=True),
    KeyRow("window.one", "Brain", "Window", "1", locked="Set in windows.toml"),
)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Hands:
    """A list beside a text field, and what was given to it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.around = QWidget()
        qtbot.addWidget(self.around)
        self.list = KeyList(ROWS)
        self.field = QLineEdit()
        layout = QVBoxLayout(self.around)
        layout.addWidget(self.list)
        layout.addWidget(self.field)
        self.given: list[tuple[str, str]] = []
        self.list.given.connect(lambda *what: self.given.append(what))
        self.around.show()
        qtbot.waitExposed(self.around)
        self.around.activateWindow()

    def words(self) -> list[str]:
        return [self.list.item(row, 2).text() for row in range(self.list.rowCount())]


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return Hands(qtbot)


def test_keys_are_shown_and_why_some_cannot_be_changed(hands: Hands) -> None:
    assert hands.words() == ["N", NO_KEY, "1  (Set in windows.toml)"]


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "J"),
        (Qt.Key.Key_J, CONTROL | SHIFT, "Ctrl+Shift+J"),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "Tab"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "Return"),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, "Down"),
        (Qt.Key.Key_Escape, CONTROL, "Ctrl+Esc"),
    ],
)
def test_the_next_key_is_given_to_the_row(
    hands: Hands, key: Qt.Key, modifiers: Qt.KeyboardModifier, name: str
) -> None:
    hands.list.begin(0)
    assert hands.words()[0] == WAITING
    QTest.keyClick(hands.list, Qt.Key.Key_Control, CONTROL)  # a modifier alone is no key yet
    assert hands.given == [] and hands.list.waits_for == "go.next"
    QTest.keyClick(hands.list, key, modifiers)
    assert hands.given == [("go.next", name)]
    assert hands.list.waits_for == "" and hands.words()[0] == "N"


def test_only_one_row_waits(hands: Hands) -> None:
    hands.list.begin(0)
    hands.list.begin(1)
    assert hands.words()[:2] == ["N", WAITING]
    QTest.keyClick(hands.list, Qt.Key.Key_Delete)
    assert hands.given == [("go.last", "")]


def test_by_keyboard_alone_enter_begins_and_delete_takes_away(hands: Hands) -> None:
    hands.list.setFocus()
    hands.list.setCurrentCell(0, 0)
    QTest.keyClick(hands.list, Qt.Key.Key_Down)
    assert hands.list.row_in_hand == ROWS[1]
    QTest.keyClick(hands.list, Qt.Key.Key_Return)
    assert hands.list.waits_for == "go.last"
    QTest.keyClick(hands.list, Qt.Key.Key_Escape)
    assert (hands.list.waits_for, hands.given) == ("", [])
    QTest.keyClick(hands.list, Qt.Key.Key_Delete)
    assert hands.given == [("go.last", "")]


def test_who_goes_elsewhere_has_given_no_key(hands: Hands, qtbot: QtBot) -> None:
    hands.list.begin(0)
    hands.field.setFocus()
    qtbot.waitUntil(lambda: hands.list.waits_for == "")
    QTest.keyClick(hands.field, Qt.Key.Key_J)
    assert hands.given == [] and hands.words()[0] == "N"


def test_keys_that_are_set_elsewhere_are_not_asked_for(hands: Hands) -> None:
    hands.list.begin(2)
    assert hands.list.waits_for == ""
    hands.list.begin(7)
    assert hands.list.waits_for == ""
