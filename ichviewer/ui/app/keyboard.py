"""Which widget the keyboard belongs to: the image, unless somebody writes words or has come to a list by Tab."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ichviewer.ui.findings.study_answer import StudyAnswer

_TEXT_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
_WITH_ROWS = (QAbstractItemView, QComboBox, StudyAnswer)
_ROW_KEYS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Plus,
        Qt.Key.Key_Minus,
    }
)
"""They move through a list, and open and close rows of a tree."""
_BY_TAB = frozenset({Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason})


class RowKeys(QObject):
    """Leaves the keys of lists to those that were reached by Tab; elsewhere they are the window's.

    A click into a list is no wish to walk through it by keyboard, and a list that has the focus only because it comes
    first in the window is not either.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._by_tab: QObject | None = None
        for kind in _WITH_ROWS:
            for widget in window.findChildren(kind):
                widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note how a list got the focus, and claim its keys before the window's shortcuts get them."""
        if isinstance(event, QFocusEvent) and event.type() is QEvent.Type.FocusIn:
            self._by_tab = watched if event.reason() in _BY_TAB else None
        elif (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and watched is self._by_tab
            and event.key() in _ROW_KEYS
            and event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        ):
            event.accept()
            return True
        return False


def words_are_written() -> bool:
    """Whether the keyboard is in a text field."""
    return isinstance(QApplication.focusWidget(), _TEXT_FIELDS)
