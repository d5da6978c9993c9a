"""A command that another module adds: one entry, and it is in menu, toolbar, key sheet and by its key."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_backend import scripted_backend
from free_keys import free_keys
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolBar
from pytestqt.qtbot import QtBot

from ichviewer.ui.app.command_context import CommandContext
from ichviewer.ui.app.commands import Command, Menu, MenuPlace, Sheet, SheetGroup, ToolbarPlace
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.window_state import has_study
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.session.ui_settings import UiSettings


def two_back(context: CommandContext) -> None:
    context.viewing.step(-2)


KEY, OTHER_KEY = free_keys(2)

ADDED = (
    Menu("tools", "&Tools", order=80),
    Command(
        "tools.two_back",
        "&Two slices back",
        "Two slices back",
        two_back,
        icon="previous-flagged",
        keys=(KEY,),
        enabled=has_study,
        menu=MenuPlace("tools", 10),
        toolbar=ToolbarPlace(50, 1),
        sheet=Sheet(SheetGroup.SLICES, "two slices back", 25),
    ),
)


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(UiSettings(), scripted_backend(), commands=ADDED)
    window.resize(1600, 900)
    window.show()
    yield window  # type: ignore[misc]
    window.close()
    window.deleteLater()


def test_it_is_offered_everywhere_and_does_what_it_says(
    qtbot: QtBot, window: MainWindow, ct_series: list[Path]
) -> None:
    assert [a.text().replace("&", "") for a in window.menuBar().actions()] == [
        "File", "View", "Go", "Measure", "Analysis", "Tools", "Help",
    ]  # fmt: skip
    (item,) = window.menus["tools"].actions()
    assert item.text() == "&Two slices back" and item.shortcut().toString() == KEY
    assert item.toolTip() == f"Two slices back  ({KEY})"
    bar = window.findChild(QToolBar)
    assert bar.widgetForAction(item).isVisible()
    assert not item.isEnabled(), "nothing is open"
    dialog = KeysDialog(window.keys, window)
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert told[told.index(KEY) + 1] == "Two slices back"
    window.open_paths([ct_series[0].parent])
    qtbot.waitUntil(lambda: window.viewing.shown == 2)
    assert item.isEnabled()
    QTest.keySequence(window.windowHandle(), QKeySequence(KEY))
    assert window.viewing.index == 0


def test_its_key_can_be_changed_as_any_other(window: MainWindow) -> None:
    assert window.keys.give("tools.two_back", ["N"]).startswith('N belongs to "Next flagged slice"')
    assert window.keys.give("tools.two_back", [OTHER_KEY]) == ""
    assert window.actions_["tools.two_back"].toolTip() == f"Two slices back  ({OTHER_KEY})"
    # A window without the command does not know what the key is for, says so, and works.
    other = MainWindow(UiSettings(), scripted_backend())
    assert other.keys.notes == ("Keys of commands that are not there are not used: tools.two_back.",)
    assert other.notice.text == other.keys.notes[0]
    other.close()
    other.deleteLater()
