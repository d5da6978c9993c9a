"""What the tags are compared with: nothing, another slice, or another series of what is open."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QWidget

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import counted, joined, patient_name, series_title

_TYPING_MS = 200
"""How long after the last key another slice is read."""


class _Against(Enum):
    NOTHING = "nothing"
    SLICE = "another slice"


class TagComparison(QWidget):
    """A choice of what to compare with, and whether only what differs is listed.

    Parameters
    ----------
    series : Series
    index : int
        The slice in view.
    others : sequence of Series
        The other series of what is open.

    Signals
    -------
    changed()
        Something else is compared with.
    onlyChanged()
        Only what differs is listed, or all again.
    """

    changed = Signal()
    onlyChanged = Signal()

    def __init__(self, series: Series, index: int, others: Sequence[Series]) -> None:
        super().__init__()
        self._others = {other.key: other for other in others}
        self._slices = len(series)
        words: dict[_Against | SeriesKey, str] = {_Against.NOTHING: tr("Compare with …")}
        if self._slices > 1:
            words[_Against.SLICE] = tr("Compare with slice")
        words |= {
            key: tr("Compare with {other_title}").format(other_title=other_title(other, series))
            for key, other in self._others.items()
        }
        self._choice: Choice[_Against | SeriesKey] = Choice(tr("Compare with"), words)
        self._choice.setEnabled(len(words) > 1)
        self._slice = QSpinBox()
        self._slice.setAccessibleName(tr("Slice to compare with"))
        self._slice.setRange(1, self._slices)
        # The slice before, and of the first one that after it.
        self._slice.setValue(index if index else min(2, self._slices))
        self._of = PlainLabel(tr("of {slices}").format(slices=self._slices), "muted")
        self.only = QCheckBox(tr("Only differences"))
        self.only.setChecked(True)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._choice, 1)
        for widget in (self._slice, self._of, self.only):
            row.addWidget(widget)
        self._choice.currentIndexChanged.connect(lambda _: self._switched())
        self._slice.valueChanged.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self.changed)
        self.only.toggled.connect(lambda _: self.onlyChanged.emit())
        self._show_controls()

    @property
    def target(self) -> int | Series | None:
        """Index of the other slice, the other series, or None for nothing."""
        chosen = self._choice.value()
        if chosen is _Against.SLICE:
            return self._slice.value() - 1
        return None if isinstance(chosen, _Against) else self._others[chosen]

    @property
    def only_differences(self) -> bool:
        """Whether only what differs is listed."""
        return self.target is not None and self.only.isChecked()

    def compare_with(self, target: int | Series) -> None:
        """Compare with another slice, by its index, or with another series."""
        if isinstance(target, Series):
            self._choice.set_value(target.key)
        else:
            self._slice.setValue(target + 1)
            self._choice.set_value(_Against.SLICE)

    def stop(self) -> None:
        """Tell of nothing any more."""
        self._typing.stop()

    def _switched(self) -> None:
        self._typing.stop()
        self._show_controls()
        self.changed.emit()

    def _show_controls(self) -> None:
        chosen = self._choice.value()
        self._slice.setVisible(chosen is _Against.SLICE)
        self._of.setVisible(chosen is _Against.SLICE)
        self.only.setVisible(chosen is not _Against.NOTHING)


def other_title(other: Series, series: Series) -> str:
    """Another series in words, with what tells it from this one: patient and date where they differ."""
    patient = "" if other.patient == series.patient else patient_name(other.patient)
    same_study = other.study.uid == series.study.uid
    return joined(
        (
            series_title(other),
            counted("slice", "slices", len(other)),
            patient,
            "" if same_study else other.study.date,
        )
    )
