"""What all dialogs share: a title, content, buttons, and that they never block the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel


class DialogFrame(QDialog):
    """A dialog with a heading, room for content and a Close button. Use ``open()``, which does not block.

    Parameters
    ----------
    title, heading : str
        In the frame, and above the content.
    parent : QWidget or None
    """

    def __init__(self, title: str, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        top = PlainLabel(heading, "heading")
        self.content = QVBoxLayout()
        self.content.setSpacing(10)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 16)
        layout.setSpacing(14)
        layout.addWidget(top)
        layout.addLayout(self.content, 1)
        layout.addWidget(self.buttons)

    def ask(self, accept_words: str) -> None:
        """Have a button that accepts and one that cancels, in place of the one that closes."""
        which = QDialogButtonBox.StandardButton
        self.buttons.setStandardButtons(which.Ok | which.Cancel)
        self.buttons.button(which.Ok).setText(accept_words)
        self.buttons.button(which.Ok).setDefault(True)
        self.buttons.button(which.Cancel).setText(tr("Cancel"))
        self.buttons.accepted.connect(self.accept)

    def fit(self, width: int, height: int) -> None:
        """Take this size in px, or as much of it as the screen has."""
        room = self.screen().availableGeometry().size()
        self.resize(min(width, room.width() - 40), min(height, room.height() - 60))

    def showEvent(self, event: QShowEvent) -> None:
        """Grow to the height that the wrapped words need; Qt's own size hint knows nothing of wrapping."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            wanted = max(self.height(), layout.totalHeightForWidth(self.width()))
            self.fit(self.width(), wanted)

    def event(self, event: QEvent) -> bool:
        """Grow also when words are shown later, or they would be cut off or cover others."""
        handled = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._make_room()
        return handled

    def _make_room(self) -> None:
        """Grow to the least height that the words need: who made the dialog smaller than it was keeps that."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth() and self.isVisible():
            least = layout.minimumHeightForWidth(self.width())
            if least > self.height():
                self.resize(self.width(), least)


def wrapped(text: str, role: str = "") -> PlainLabel:
    """A paragraph that can be marked and copied."""
    label = PlainLabel(text, role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
