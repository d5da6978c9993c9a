"""A short message over the image that goes away by itself, with a button for what follows from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QWidget,
)

from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import menu_text
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip

_STAY_MS = 9000
_GAP_PX = 18
_WIDEST_PX = 760

_LOOKS = {
    "info": ("info", "accent"),
    "done": ("state-done", "good"),
    "warning": ("warning", "warning"),
    "error": ("error", "danger"),
}


class Notice(QFrame):
    """Floats at the bottom of another widget. One message at a time; errors stay until they are closed."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("notice")
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        close = QToolButton()
        close.setIcon(icon("close", "muted"))
        close.setIconSize(QSize(14, 14))
        set_tip(close, tr("Close this message"))
        close.setAccessibleName(tr("Close this message"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 10, 10)
        layout.setSpacing(11)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(close)
        self._action: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True, interval=_STAY_MS)
        self._timer.timeout.connect(self.hide)
        shadow = QGraphicsDropShadowEffect(self, blurRadius=24)
        shadow.setOffset(0, 4)
        self.setGraphicsEffect(shadow)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_message(
        self, text: str, kind: str = "info", action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        """Say something.

        Parameters
        ----------
        text : str
        kind : str
            ``info``, ``done``, ``warning`` or ``error``.
        action : (str, callable), optional
            A button and what it does.
        """
        name, color = _LOOKS[kind]
        self._icon.setPixmap(icon(name, color).pixmap(QSize(20, 20), self.devicePixelRatioF()))
        self._text.setText(text)
        self._button.setVisible(action is not None)
        self._action = None
        if action is not None:
            self._button.setText(menu_text(action[0]))
            self._action = action[1]
        self._place()
        self.show()
        self.raise_()
        if kind == "error":
            self._timer.stop()
        else:
            self._timer.start()

    def clear(self) -> None:
        """Say nothing any more, and forget what was said."""
        self.hide()
        self._timer.stop()
        self._action = None
        self._text.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of what it floats over."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _place(self) -> None:
        over = self._over
        width = min(_WIDEST_PX, over.width() - 2 * _GAP_PX, self.sizeHint().width() + 320)
        self.setFixedWidth(max(200, width))
        height = self._row.heightForWidth(self.width())
        self.setFixedHeight(height)
        self.move((over.width() - self.width()) // 2, over.height() - height - _GAP_PX)
