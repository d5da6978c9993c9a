"""What all dialogs share."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.window_values import WindowValuesDialog

LONG = "Words that take more than a line in a dialog that is as narrow as this one is. " * 3


def test_complaints_that_come_later_are_not_cut_off(qtbot: QtBot) -> None:
    dialog = WindowValuesDialog(None)
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog.height()
    dialog.accept()
    assert dialog.center.complaint and dialog.width_.complaint
    qtbot.waitUntil(lambda: dialog.height() > before)
    layout = dialog.layout()
    assert layout is not None and dialog.height() >= layout.totalHeightForWidth(dialog.width())


def test_a_dialog_made_smaller_by_hand_grows_only_as_far_as_words_need(qtbot: QtBot) -> None:
    dialog = DialogFrame("Studies", "Studies")
    qtbot.addWidget(dialog)
    rows, said = QListWidget(), wrapped("")
    rows.setMinimumHeight(60)
    dialog.content.addWidget(rows, 1)
    dialog.content.addWidget(said)
    dialog.show()
    dialog.resize(300, 0)
    small = dialog.height()
    qtbot.waitUntil(lambda: rows.height() == 60)
    said.setText("A word.")
    qtbot.wait(50)
    assert dialog.height() == small
    said.setText(LONG)
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(300))
    assert dialog.height() > small
    assert rows.height() == 60
