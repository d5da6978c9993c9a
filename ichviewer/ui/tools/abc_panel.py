"""The third step of ABC/2: the reader goes through the slices and says how large the hemorrhage is on each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice, extent_mm, slice_count
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import noun_for, tr
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import sentence
from ichviewer.ui.tools.abc_slices import Share, planes_of, slices_of

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
        self._step_mm: float | None = None
        self._steps: int | None = None
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

    def show_annotation(
        self,
        annotation: Abc2 | None,
        series: Series | None,
        largest: int | None,
        step_mm: float | None = None,
    ) -> None:
        """Ask about an annotation that was drawn on a slice of a series; None for none.

        Parameters
        ----------
        annotation : Abc2 or None
        series : Series or None
        largest : int or None
            Index of the slice that it was drawn on; 0 for a reformat.
        step_mm : float or None
            Distance of the planes to go through where it was drawn on a reformat.
        """
        usable = annotation is not None and series is not None and largest is not None
        same = (
            annotation is not None and self._annotation is not None and annotation.id == self._annotation.id
        )
        if not usable or not same:
            self._shares = {}
        self._annotation = annotation if usable else None
        self._series = series if usable else None
        self._largest = largest or 0
        self._step_mm = step_mm
        self.setVisible(usable)
        self._show()

    def show_slice(self, index: int) -> None:
        """The slice in view, which the choices are about."""
        self._index = index
        self._show()

    def show_plane(self, steps: int | None) -> None:
        """The plane in view, counted from the one that was drawn on; None where none of these planes is in view."""
        if steps != self._steps:
            self._steps = steps
            self._show()

    def slices(self) -> tuple[AbcSlice, ...]:
        """The slices or planes with hemorrhage, as told so far."""
        if self._step_mm is not None:
            return planes_of(self._step_mm, self._shares)
        return () if self._series is None else slices_of(self._series, self._largest, self._shares)

    def _choose(self, share: Share | None) -> None:
        here = self._here
        if here is None:
            return
        if share is None:
            self._shares.pop(here, None)
        else:
            self._shares[here] = share
        self._show()

    def _show(self) -> None:
        if self._annotation is None:
            self.state.setText("")
            return
        place = self._here
        is_largest = place == self._largest
        chosen = None if place is None else self._shares.get(place)
        for share, button in self.choices.items():
            button.setEnabled(place is not None and not is_largest)
            button.setChecked(place is not None and not is_largest and share is chosen)
        slices = self.slices()
        depth = extent_mm(slices)
        here = tr("the largest") if is_largest else tr("no hemorrhage") if chosen is None else chosen.words
        mm = "" if depth is None else f", C {depth:.1f} mm"
        number = slice_count(slices)
        if self._step_mm is not None:
            self.state.setText(self._plane_words(here, number, mm))
            return
        noun = noun_for("slice", "slices", _plural(number))
        self.state.setText(
            tr("Slice {index}: {here}. Counted: {counted}{mm}.").format(
                index=self._index + 1, here=here, counted=f"{number:g} {noun}", mm=mm
            )
        )

    @property
    def _here(self) -> int | None:
        """The slice or plane that the choices are about."""
        return self._index if self._step_mm is None else self._steps

    def _plane_words(self, here: str, number: float, mm: str) -> str:
        noun = noun_for("plane", "planes", _plural(number))
        counted = f"{number:g} {noun}"
        step_mm, steps = self._step_mm or 0.0, self._steps
        if steps is None:
            return tr(
                "Show a plane parallel to that of A and B, with the same slab. Counted: {counted}{mm}."
            ).format(counted=counted, mm=mm)
        return tr(
            "{distance_mm:+g} mm from A and B, in steps of {step_mm:g} mm: {here}. Counted: {counted}{mm}."
        ).format(distance_mm=steps * step_mm, step_mm=step_mm, here=here, counted=counted, mm=mm)


def _plural(number: float) -> int:
    """1 or 2, for a noun: halves are counted too, and are many."""
    return 1 if number == 1 else 2
