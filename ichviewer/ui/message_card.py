"""What stands where the image would be when there is none: nothing open, loading, an error, an explanation."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ichviewer.ui.icons import icon, icon_image
from ichviewer.ui.plain_text import lines
from ichviewer.ui.plain_widgets import PlainLabel
from ichviewer.ui.theme import DARK, theme, theme_signals

_ICON_PX = 48
_WIDEST_PX = 420
_FRAME_PX = 24


class MessageKind(StrEnum):
    """What a message is about."""

    EMPTY = "empty"
    LOADING = "loading"
    ERROR = "error"
    INFO = "info"


_LOOKS = {
    MessageKind.EMPTY: ("series", DARK.overlay_muted),
    MessageKind.LOADING: ("state-running", DARK.accent),
    MessageKind.ERROR: ("error", DARK.danger),
    MessageKind.INFO: ("info", DARK.accent),
}


class MessageCard(QWidget):
    """An icon, a title, a sentence or two; for the empty window also how to open something.

    It lies on the image background, which is dark in both themes, so its colors are those of the dark one.
    """

    openRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = MessageKind.EMPTY
        self._icon = PlainLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title = _words(17, DARK.overlay_text, bold=True)
        self._detail = _words(13, DARK.overlay_muted)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton("Open folder…")
        self._button.setAccessibleDescription("Choose a folder with DICOM files")
        self._button.setDefault(True)
        # The bold face of a default button is wider than what its size is computed from.
        self._button.setMinimumWidth(168)
        self._button.setIconSize(QSize(18, 18))
        self._button.clicked.connect(self.openRequested)
        self._hint = _words(12, DARK.overlay_muted)
        self._hint.setText("or drop a folder, files, a ZIP or a DICOMDIR here")
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * _FRAME_PX, 2 * _FRAME_PX, 2 * _FRAME_PX, 2 * _FRAME_PX)
        column.setSpacing(8)
        column.addStretch()
        column.addWidget(self._icon)
        column.addSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._detail, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(10)
        column.addLayout(buttons)
        column.addWidget(self._hint)
        column.addStretch()
        theme_signals().changed.connect(self._tint_button)
        self._tint_button()

    @property
    def kind(self) -> MessageKind:
        """What the message is about."""
        return self._kind

    @property
    def title(self) -> str:
        """The title on show."""
        return self._title.text()

    @property
    def detail(self) -> str:
        """The sentences below it."""
        return self._detail.text()

    @property
    def button(self) -> QPushButton:
        """The button of the empty window."""
        return self._button

    def set_message(self, title: str, detail: str, kind: MessageKind) -> None:
        """Say something; plain text only."""
        self._kind = kind
        name, color = _LOOKS[kind]
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(QPixmap.fromImage(icon_image(name, color, _ICON_PX, ratio)))
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._button.setVisible(kind is MessageKind.EMPTY)
        self._hint.setVisible(kind is MessageKind.EMPTY)
        self.setAccessibleName(lines(title))
        self.setAccessibleDescription(lines(detail))
        self._fit_detail()
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Wrap the words to the new width."""
        self._fit_detail()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and for the empty window the frame that things are dropped into."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().image_background))
        if self._kind is MessageKind.EMPTY:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            pen = QPen(QColor(DARK.border), 1.5, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5.0, 5.0])
            painter.setPen(pen)
            edge = _FRAME_PX + 0.5
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 12, 12)

    def _fit_detail(self) -> None:
        width = max(80, min(_WIDEST_PX, self.width() - 4 * _FRAME_PX))
        self._detail.setFixedWidth(width)
        # A centered widget is given the height of its hint, which knows nothing of the width.
        self._detail.ensurePolished()
        # An empty label has no height for a width and says -1.
        self._detail.setFixedHeight(max(0, self._detail.heightForWidth(width)))

    def _tint_button(self) -> None:
        self._button.setIcon(icon("open-folder", "on_accent"))


def _words(size_px: int, color: str, *, bold: bool = False) -> PlainLabel:
    label = PlainLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    label.setStyleSheet(f"color: {color}; font-size: {size_px}px; font-weight: {600 if bold else 400};")
    return label
