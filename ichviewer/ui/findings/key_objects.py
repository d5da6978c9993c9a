"""Key objects as a filter of the slices: which are left, how to move between them, and the bar that says so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ichviewer.ui.findings.strip_layout import StripLayout
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import Theme
from ichviewer.ui.look.words import counted

_VEIL_ALPHA = 205


class KeyObjectBar(QFrame):
    """Says how many key objects are shown; hidden while all slices are.

    Signals
    -------
    allSlicesRequested()
    """

    allSlicesRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(tr("Key objects"))
        self._words = PlainLabel()
        self._button = QPushButton(tr("All slices"))
        self._button.clicked.connect(self.allSlicesRequested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def tell(self, slices: int, key: str) -> None:
        """Say how many slices are shown; none hides the bar.

        Parameters
        ----------
        slices : int
        key : str
            What shows all slices again, as a person reads it; empty for none.
        """
        words = (
            tr("Key objects: {slices}").format(slices=counted("slice", "slices", slices)) if slices else ""
        )
        self._words.setText(words)
        self.setAccessibleDescription(words)
        set_tip(self._button, tr("Show all slices again{more}").format(more=f"  ({key})" if key else ""))
        self.setVisible(bool(slices))


def moved_to(marked: Sequence[int], current: int, wanted: int) -> int:
    """Where a wish to go to a slice leads when only some are left.

    Parameters
    ----------
    marked : sequence of int
        The slices that are left, ascending; none for all.
    current, wanted : int
        The slice in view, and the one that was asked for.

    Returns
    -------
    int
        The next one that is left in the direction of a single step, else the nearest to what was asked for.
    """
    if not marked or wanted in marked:
        return wanted
    if abs(wanted - current) == 1:
        return stepped(marked, current, wanted - current)
    return min(marked, key=lambda index: abs(index - wanted))


def stepped(marked: Sequence[int], current: int, steps: int) -> int:
    """Where so many steps lead when only some slices are left.

    Parameters
    ----------
    marked : sequence of int
        The slices that are left, ascending; none for all.
    current : int
        The slice in view, which need not be left.
    steps : int
        Slices on, or back where negative.

    Returns
    -------
    int
        Past the last one that is left, that one. Where all are left it may lie past the ends of the series.
    """
    if not marked or not steps:
        return current + steps
    ahead = [index for index in marked[:: 1 if steps > 0 else -1] if (index - current) * steps > 0]
    if not ahead:
        return min(marked, key=lambda index: abs(index - current))
    return ahead[min(abs(steps), len(ahead)) - 1]


def veil(painter: QPainter, layout: StripLayout, area: QRectF, marked: Sequence[int], colors: Theme) -> None:
    """Cover the columns of the slices that are left out."""
    color = QColor(colors.window)
    color.setAlpha(_VEIL_ALPHA)
    left = area.left()
    for index in marked:
        start, end = layout.span(index)
        if start > left:
            painter.fillRect(QRectF(left, area.top(), start - left, area.height()), color)
        left = max(left, end)
    if area.right() > left:
        painter.fillRect(QRectF(left, area.top(), area.right() - left, area.height()), color)
