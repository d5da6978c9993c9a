"""What stands where the image would be when there is none: nothing open, loading, an error, an explanation."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.icons import icon, icon_image
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import lines
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import DARK, theme, theme_signals
from ichviewer.ui.panes.welcome_words import WelcomeWords

_ICON_PX = 48
_WIDEST_PX = 420
_FRAME_PX, _LEAST_FRAME_PX = 24, 6
_BUTTON_GAP_PX = 10
_BUTTON_PX = 168
"""The bold face of a default button is wider than what its size is computed from."""


class MessageKind(StrEnum):
    """What a message is about.

    ``EMPTY`` is a window with nothing open, ``VACANT`` a pane without a series, ``FAILED`` a window with nothing open
    because what was to be opened could not be read.
    """

    EMPTY = "empty"
    VACANT = "vacant"
    LOADING = "loading"
    ERROR = "error"
    INFO = "info"
    FAILED = "failed"


_CAN_OPEN = frozenset({MessageKind.EMPTY, MessageKind.FAILED})
_LOOKS = {
    MessageKind.EMPTY: ("series", DARK.overlay_muted),
    MessageKind.VACANT: ("series", DARK.border),
    MessageKind.LOADING: ("state-running", DARK.accent),
    MessageKind.ERROR: ("error", DARK.danger),
    MessageKind.INFO: ("info", DARK.accent),
    MessageKind.FAILED: ("error", DARK.danger),
}


class MessageCard(QWidget):
    """An icon, a title, a sentence or two; where nothing is open also buttons that open something.

    After a failure there are more: what was opened before (``recent_menu``, filled by the window), a way back to the
    empty window, and one that copies what is said.

    It lies on the image background, which is dark in both themes, so its colors are those of the dark one.
    """

    openRequested = Signal()
    openFilesRequested = Signal()
    demoRequested = Signal()
    backRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = MessageKind.EMPTY
        self._icon = PlainLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title, self._detail, self._hint = _words(), _words(), _words()
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        for words, what, told in (
            (tr("Open folder…"), tr("Choose a folder with DICOM files"), self.openRequested),
            (tr("Open files…"), tr("Choose DICOM files or a ZIP"), self.openFilesRequested),
            (
                tr("Open the demo studies"),
                tr("Open the demo studies that come with the program"),
                self.demoRequested,
            ),
        ):
            button = QPushButton(words)
            button.setAccessibleDescription(what)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setMinimumWidth(_BUTTON_PX)
            button.setIconSize(QSize(18, 18))
            button.clicked.connect(told)
            self._buttons.append(button)
        self._buttons[0].setDefault(True)
        self._hint.setText(tr("or drop a folder, files, a ZIP or a DICOMDIR here"))
        self.welcome = WelcomeWords()
        self.recent_menu = QMenu(self)
        self.recent_button = _further(tr("Open recent"), tr("What was opened before"))
        self.recent_button.setMenu(self.recent_menu)
        self.back_button = _further(tr("Back"), tr("Back to the empty window"))
        self.back_button.clicked.connect(self.backRequested)
        self.copy_button = _further(tr("Copy details"), tr("Copy what went wrong as text"))
        self.copy_button.clicked.connect(self._copy)
        self._further = (self.back_button, self.recent_button, self.copy_button)
        rows = (_row(self._buttons), _row(self._further))
        self._rows = tuple(zip(rows, (self._buttons, self._further), strict=True))
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(2 * _FRAME_PX, 2 * _FRAME_PX, 2 * _FRAME_PX, 2 * _FRAME_PX)
        column.setSpacing(8)
        column.addStretch()
        column.addWidget(self._icon)
        column.addSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._detail, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(10)
        for row in rows:
            column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self.welcome, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.welcome.changed.connect(self._show_welcome)
        theme_signals().changed.connect(self._dress)
        self._dress()

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
    def buttons(self) -> tuple[QPushButton, ...]:
        """The buttons of the empty window: a folder, files, the demo studies."""
        return tuple(self._buttons)

    def set_message(self, title: str, detail: str, kind: MessageKind) -> None:
        """Say something; plain text only."""
        self._kind = kind
        name, color = _LOOKS[kind]
        ratio = self.devicePixelRatioF()
        picture = icon_image(name, color, _ICON_PX, ratio)
        self._icon.setPixmap(QPixmap.fromImage(picture) if title or detail else QPixmap())
        self._title.setText(title)
        self._detail.setText(detail)
        for button in self._buttons:
            button.setVisible(kind in _CAN_OPEN)
        for button in self._further:
            button.setVisible(kind is MessageKind.FAILED)
        self._show_welcome()
        self.setAccessibleName(lines(title))
        self.setAccessibleDescription(lines(detail))
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Wrap the words to the new width, and put the buttons below each other where they do not fit in a row."""
        for row, buttons in self._rows:
            across = sum(button.sizeHint().width() + _BUTTON_GAP_PX for button in buttons)
            wide = across <= self.width() - 4 * _FRAME_PX
            row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._fit_words()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and where nothing is open the frame that things are dropped into."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().image_background))
        # Where the words take all of the room the frame would run through them.
        if self._kind in _CAN_OPEN and self._column.contentsMargins().top() > _FRAME_PX:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            pen = QPen(QColor(DARK.border), 1.5, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5.0, 5.0])
            painter.setPen(pen)
            edge = _FRAME_PX + 0.5
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 12, 12)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.title}\n{self.detail}")

    def _show_welcome(self) -> None:
        self.welcome.setVisible(self._kind is MessageKind.EMPTY and self.welcome.says_something)
        self._fit_words()

    def _fit_words(self) -> None:
        frame = _FRAME_PX if self._kind in _CAN_OPEN else _LEAST_FRAME_PX
        width = max(80, min(text_size().px(_WIDEST_PX), self.width() - 4 * frame))
        self._detail.setFixedWidth(width)
        # A centered widget is given the height of its hint, which knows nothing of the width.
        self._detail.ensurePolished()
        # The height it had at another width counts as its least height.
        self._detail.setMinimumHeight(0)
        # An empty label has no height for a width and says -1.
        self._detail.setFixedHeight(max(0, self._detail.heightForWidth(width)))
        self.welcome.fit(width)
        self._fit_height()

    def _fit_height(self) -> None:
        """Leave out what says least where not all has room; what a small pane cannot say is its tooltip."""
        can_open = self._kind in _CAN_OPEN
        frame = 2 * _FRAME_PX if can_open else _LEAST_FRAME_PX
        self._column.setContentsMargins(frame, 2 * _FRAME_PX, frame, 2 * _FRAME_PX)
        self._icon.show()
        self._hint.setVisible(can_open)
        self._detail.setVisible(bool(self.detail))
        set_tip(self, "")
        if self._has_room():
            return
        self._icon.hide()
        if self._has_room():
            return
        self._column.setContentsMargins(frame, _LEAST_FRAME_PX, frame, _LEAST_FRAME_PX)
        if not self._has_room():
            self._hint.hide()
        if not can_open and not self._has_room():
            self._detail.hide()
            set_tip(self, self.detail)

    def _has_room(self) -> bool:
        return self._column.totalHeightForWidth(self.width()) <= self.height()

    def _dress(self) -> None:
        self._buttons[0].setIcon(icon("open-folder", "on_accent"))
        for button, name in zip(self._buttons[1:], ("open-files", "demo"), strict=True):
            button.setIcon(icon(name))
        for button, name in zip(self._further, ("reset", "recent", "copy"), strict=True):
            button.setIcon(icon(name))
        for label, size_px, color, weight in (
            (self._title, 17, DARK.overlay_text, 600),
            (self._detail, 13, DARK.overlay_muted, 400),
            (self._hint, 12, DARK.overlay_muted, 400),
        ):
            size = text_size().px(size_px)
            label.setStyleSheet(f"color: {color}; font-size: {size}px; font-weight: {weight};")
        self._fit_words()


def _further(words: str, what: str) -> QPushButton:
    button = QPushButton(words)
    button.setAccessibleDescription(what)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(QSize(16, 16))
    return button


def _row(buttons: Iterable[QPushButton]) -> QBoxLayout:
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.setSpacing(_BUTTON_GAP_PX)
    row.addStretch()
    for button in buttons:
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
    row.addStretch()
    return row


def _words() -> PlainLabel:
    label = PlainLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
