"""What the empty window says below its buttons: first steps of a new user, and that there is something new."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.icons import icon, icon_image
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import menu_text
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import DARK, theme_signals

_GAP_PX = 8
_CLOSE_PX = 14


class WelcomeWords(QWidget):
    """Numbered steps, and a line with a button that tells what is new. Both are empty unless told.

    It lies on the image background, which is dark in both themes.

    Signals
    -------
    newsRequested()
        What is new is to be shown.
    newsDismissed()
        It is not to be offered any more.
    changed()
        There is more or less to show.
    """

    newsRequested = Signal()
    newsDismissed = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[tuple[PlainLabel, PlainLabel]] = []
        self._offered = ""
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(_GAP_PX)
        self.news_button = QPushButton()
        self.news_button.setAccessibleName(tr("What's new"))
        self.news_button.setIconSize(QSize(16, 16))
        self.news_button.clicked.connect(self.newsRequested)
        self.dismiss_button = QToolButton()
        self.dismiss_button.setIconSize(QSize(_CLOSE_PX, _CLOSE_PX))
        set_tip(self.dismiss_button, tr("Do not show this any more"))
        self.dismiss_button.setAccessibleName(tr("Do not show what is new"))
        self.dismiss_button.clicked.connect(self.newsDismissed)
        self._news = QWidget()
        row = QHBoxLayout(self._news)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(self.news_button)
        row.addWidget(self.dismiss_button)
        row.addStretch()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * _GAP_PX, 0, 0)
        column.setSpacing(2 * _GAP_PX)
        column.addLayout(self._grid)
        column.addWidget(self._news)
        theme_signals().changed.connect(self._dress)
        self.set_news("")

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps on show."""
        return tuple(words.text() for _, words in self._steps)

    @property
    def news(self) -> str:
        """What the button for what is new says; empty where it is not there."""
        return self._offered

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._steps or self._offered)

    def set_steps(self, steps: tuple[str, ...]) -> None:
        """Number these steps, in place of others."""
        for pair in self._steps:
            for label in pair:
                self._grid.removeWidget(label)
                label.hide()
                label.deleteLater()
        self._steps = []
        for number, step in enumerate(steps):
            # Read with its words, so that no reader hears a lone number.
            mark, words = PlainLabel(f"{number + 1}"), PlainLabel(step)
            words.setAccessibleName(f"{number + 1}. {step}")
            words.setWordWrap(True)
            self._grid.addWidget(mark, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, number, 1)
            self._steps.append((mark, words))
        self._dress()
        self.changed.emit()

    def set_news(self, words: str) -> None:
        """Offer what is new under these words; nothing for none."""
        self._offered = words
        self.news_button.setText(menu_text(words))
        self._news.setVisible(bool(words))
        self._dress()
        self.changed.emit()

    def fit(self, width_px: int) -> None:
        """Take this width, and the height that the words need in it."""
        self.setFixedWidth(width_px)
        for _, words in self._steps:
            words.ensurePolished()
        self.setMinimumHeight(0)
        # Without words that wrap, there is no height for a width.
        column = self._column
        wraps = column.hasHeightForWidth()
        self.setFixedHeight(
            column.totalHeightForWidth(width_px) if wraps else column.totalSizeHint().height()
        )

    def _dress(self) -> None:
        self.news_button.setIcon(icon("info"))
        close = icon_image("close", DARK.overlay_muted, _CLOSE_PX, self.devicePixelRatioF())
        self.dismiss_button.setIcon(QIcon(QPixmap.fromImage(close)))
        size_px = text_size().px(13)
        for mark, words in self._steps:
            mark.setStyleSheet(f"color: {DARK.accent}; font-size: {size_px}px; font-weight: 600;")
            words.setStyleSheet(f"color: {DARK.overlay_text}; font-size: {size_px}px;")
