"""What further models say of the series in view: under each model's name a line for every value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import Output, Unit
from ichviewer.domain.probability_words import two_digits
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import PlainLabel


class FurtherValues(QWidget):
    """Small lines of plain text; hidden where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[ModelResult, ...] | None = None
        self._labels: list[PlainLabel] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 12, 6)
        self._column.setSpacing(0)
        self.set_results(())

    def set_results(self, results: Sequence[ModelResult]) -> None:
        """Show these results in place of those before."""
        results = tuple(results)
        if results == self._shown:
            return
        self._shown = results
        for label in self._labels:
            # Off the screen at once: deleteLater waits for the next turn of the event loop.
            label.setParent(None)
            label.deleteLater()
        self._labels.clear()
        for result in results:
            lines = [value_line(output, value) for output, value in result.series_values()]
            if lines:
                self._add(one_line(result.spec.name), "muted")
                for line in lines:
                    self._add(line)
        self.setVisible(bool(self._labels))

    def lines(self) -> list[str]:
        """What is written, line by line."""
        return [label.text() for label in self._labels]

    def _add(self, text: str, role: str = "") -> None:
        label = PlainLabel(text, role)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._column.addWidget(label)
        self._labels.append(label)


def value_line(output: Output, value: float | NotMeasured) -> str:
    """An output with its value and unit, or why there is none."""
    return f"{one_line(output.words)}: {_value(output, value)}"


def _value(output: Output, value: float | NotMeasured) -> str:
    if isinstance(value, NotMeasured):
        return one_line(tr("not measured: {why}").format(why=words_of(value.why)))
    if output.unit is Unit.PROBABILITY:
        return two_digits(value)
    number = f"{round(value, output.decimals) + 0.0:,.{output.decimals}f}".replace("-", "\u2212")
    return f"{number} {output.unit.symbol}".strip()
