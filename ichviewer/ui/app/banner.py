"""A quiet strip above the image: what a reader must know of the whole series before looking at its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.theme import theme_signals

_ICON_PX = 18


class Banner(QFrame):
    """One or more lines of plain text behind a sign; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(tr("About this series"))
        self._lines: tuple[str, ...] = ()
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        theme_signals().changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says."""
        return self._lines

    def set_lines(self, lines: Sequence[str]) -> None:
        """Say these lines, each on its own; none hides the strip."""
        self._lines = tuple(" ".join(one_line(line).split()) for line in lines if line.strip())
        self._text.setText("\n".join(self._lines))
        self.setAccessibleDescription(". ".join(self._lines))
        self.setVisible(bool(self._lines))

    def _tint(self) -> None:
        size = QSize(_ICON_PX, _ICON_PX)
        self._icon.setPixmap(icon("warning", "warning").pixmap(size, self.devicePixelRatioF()))
