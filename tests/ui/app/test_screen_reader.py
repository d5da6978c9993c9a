"""Every control that a person can act on has a name for a screen reader, in the window and in each dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.open_settings import open_settings
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.input_problems import ProblemRow
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)


def is_interactive(widget: QWidget) -> bool:
    """Whether a person can act on it or come to it by Tab; what Qt makes for its own use aside."""
    if isinstance(widget, QScrollBar | QHeaderView | QMenu) or widget.objectName().startswith("qt_"):
        return False
    if isinstance(widget, QLabel) and not widget.text():
        return False
    parent = widget.parent()
    # The button in a text field that clears it is for the mouse; keys clear the field itself.
    if isinstance(parent, QLineEdit):
        return False
    if isinstance(widget, QAbstractButton) and widget.isHidden() and not widget.text():
        return False
    return isinstance(widget, CONTROLS) or widget.focusPolicy() is not Qt.FocusPolicy.NoFocus


def name_of(widget: QWidget) -> str:
    """What a screen reader says, whether the widget was named or its words are its name."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def nameless(root: QWidget) -> set[tuple[str, str]]:
    """Class and parent's class of each control without a name."""
    return {
        (type(widget).__name__, type(widget.parent()).__name__)
        for widget in (root, *root.findChildren(QWidget))
        if is_interactive(widget) and not name_of(widget)
    }


def test_a_control_without_a_name_is_found(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    field = QLineEdit(box)
    assert nameless(box) == {("QLineEdit", "QWidget")}
    field.setAccessibleName("Name")
    assert nameless(box) == set()


@pytest.mark.parametrize("opened", [False, True], ids=["empty", "with a study"])
def test_every_control_of_the_window_has_a_name(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    opened: bool,
) -> None:
    window = make_window.opened(ct_series[0].parent) if opened else make_window()
    window.notice.show_message("Something was done.", "done", ("Show it", lambda: None))
    assert nameless(window) == set()
    for action in window.findChildren(QMenu):
        assert all(item.text().strip() for item in action.actions() if not item.isSeparator())


Dialogs = dict[str, Callable[[MainWindow], QDialog]]
DIALOGS: Dialogs = {
    "about": lambda window: AboutDialog(window.session.model, window),
    "bug": lambda window: BugDialog(ValueError("Something"), Path("/tmp/bug.log"), window),
    "keys": lambda window: KeysDialog(window.keys, window),
    "problems": lambda window: ProblemsDialog([ProblemRow(Problem(ProblemCode.GAP, "a"))], window),
    "settings": lambda window: open_settings(window, window.settings, window.presets),
}


@pytest.fixture
def dialog(request: pytest.FixtureRequest, make_window: MakeWindow) -> Iterator[QDialog]:  # noqa: F811
    window = make_window()
    made = DIALOGS[request.param](window)
    made.show()
    yield made
    made.close()


@pytest.mark.parametrize("dialog", list(DIALOGS), indirect=True)
def test_every_control_of_a_dialog_has_a_name(dialog: QDialog) -> None:
    assert nameless(dialog) == set()
