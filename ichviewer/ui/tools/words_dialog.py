"""Asks for the words of a text on the image."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel

LONGEST = 200


class WordsDialog(QDialog):
    """One line of words; nothing is handed on where it is left.

    Parameters
    ----------
    given : callable
        Gets the words.
    parent : QWidget
    """

    def __init__(self, given: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Text on the image"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST)
        self.field.setAccessibleName(tr("Words on the image"))
        self.field.setMinimumWidth(320)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 16)
        layout.setSpacing(10)
        layout.addWidget(PlainLabel(tr("Words on the image. They are kept and exported as they are typed.")))
        layout.addWidget(self.field)
        layout.addWidget(buttons)
        self.accepted.connect(lambda: given(self.field.text()))
