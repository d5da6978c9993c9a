"""The third step of ABC/2: the reader goes through the slices and says how large the hemorrhage is on each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice, extent_mm, slice_count
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import noun_for, tr
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import sentence
from ichviewer.ui.tools.abc_slices import Share, slices_of

_CHOICES = (Share.WHOLE, Share.HALF, Share.SMALL)


class AbcPanel(QWidget):
    """Shown while an ABC/2 with A and B is selected.

    Signals
    -------
    counted(tuple of AbcSlice)
        The reader has gone through the slices.
    """

    counted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._annotation: Abc2 | None = None
        self._series: Series | None = None
        self._largest = 0
        self._index = 0
        self._shares: dict[int, Share] = {}
        explained = PlainLabel(
            tr(
                "ABC/2, step 3 of 3: C. Go through the slices, and say of each with hemorrhage how large its area "
                "is. Over 75 % of the largest area counts as one slice, 25 to 75 % as half a slice, less as none."
            )
        )
        explained.setWordWrap(True)
        self.state = PlainLabel()
        self.state.setWordWrap(True)
        self.choices: dict[Share | None, QPushButton] = {}
        grid = QGridLayout()
        for place, share in enumerate((*_CHOICES, None)):
            words = tr("No hemorrhage here") if share is None else sentence(share.words)
            button = QPushButton(words)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, share=share: self._choose(share))
            grid.addWidget(button, place // 2, place % 2)
            self.choices[share] = button
        self.done = QPushButton(tr("Count these slices"))
        self.done.clicked.connect(lambda: self.counted.emit(self.slices()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (explained, self.state):
            layout.addWidget(widget)
        layout.addLayout(grid)
        layout.addWidget(self.done)
        self.hide()

    def show_annotation(self, annotation: Abc2 | None, series: Series | None, largest: int | None) -> None:
        """Ask about an annotation that was drawn on a slice of a series; None for none."""
        usable = annotation is not None and series is not None and largest is not None
        same = (
            annotation is not None and self._annotation is not None and annotation.id == self._annotation.id
        )
        if not usable or not same:
            self._shares = {}
        self._annotation = annotation if usable else None
        self._series = series if usable else None
        self._largest = largest or 0
        self.setVisible(usable)
        self._show()

    def show_slice(self, index: int) -> None:
        """The slice in view, which the choices are about."""
        self._index = index
        self._show()

    def slices(self) -> tuple[AbcSlice, ...]:
        """The slices with hemorrhage, as told so far."""
        return () if self._series is None else slices_of(self._series, self._largest, self._shares)

    def _choose(self, share: Share | None) -> None:
        if share is None:
            self._shares.pop(self._index, None)
        else:
            self._shares[self._index] = share
        self._show()

    def _show(self) -> None:
        if self._annotation is None:
            self.state.setText("")
            return
        is_largest = self._index == self._largest
        chosen = self._shares.get(self._index)
        for share, button in self.choices.items():
            button.setEnabled(not is_largest)
            button.setChecked(not is_largest and share is chosen)
        slices = self.slices()
        depth = extent_mm(slices)
        here = tr("the largest") if is_largest else tr("no hemorrhage") if chosen is None else chosen.words
        mm = "" if depth is None else f", C {depth:.1f} mm"
        number = slice_count(slices)
        # Halves are counted too, and are many.
        noun = noun_for("slice", "slices", 1 if number == 1 else 2)
        self.state.setText(
            tr("Slice {index}: {here}. Counted: {counted}{mm}.").format(
                index=self._index + 1, here=here, counted=f"{number:g} {noun}", mm=mm
            )
        )
