"""What a reader measured, marked and wrote, as a report lists it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ichviewer.domain.series import Series
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import WORDS_HIDDEN, joined, position_words, sentence
from ichviewer.ui.report.content import Block, Paragraph, Section, Table, Tone

NOTHING = "–"
_ON_NO_SLICE = marked("on no slice")


@dataclass(frozen=True)
class Measurement:
    """An annotation as it is printed.

    Parameters
    ----------
    what : str
        Its kind, such as ``Midline shift``.
    index : int or None
        Of its slice in the series; None where it lies on none of them.
    values : tuple of str
        What was measured, with units, or why there is nothing.
    words : str
        What the reader wrote; free text, which may name the patient.
    remarks : tuple of str
        What has to be said of the units, once below the table.
    """

    what: str
    index: int | None
    values: tuple[str, ...] = ()
    words: str = ""
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.what.strip():
            raise ValueError(f"a measurement needs a name. Received: {self.what!r}")
        if self.index is not None and self.index < 0:
            raise ValueError(f"slices are counted from 0. Received: {self.index}")


def measurements_section(
    series: Series, measurements: Sequence[Measurement], *, patient_data: bool
) -> Section:
    """A row for each, in the order given, and below what has to be said of the units.

    Parameters
    ----------
    series : Series
    measurements : sequence of Measurement
        At least one.
    patient_data : bool
        Whether what the reader wrote is told.
    """
    written = any(one_line(m.words).strip() for m in measurements)
    columns = (tr("What"), tr("Slice"), tr("Measured"), *((tr("Words"),) if written else ()))
    rows = []
    for one in measurements:
        said = joined(one_line(value) for value in one.values) or NOTHING
        row = (one_line(one.what), _slice_words(series, one.index), said)
        rows.append((*row, _own_words(one, patient_data)) if written else row)
    blocks: list[Block] = [Table(columns, tuple(rows))]
    blocks += [Paragraph(f"{sentence(text)}.", Tone.WARNING) for text in _each_once(measurements)]
    return Section(tr("Measurements"), tuple(blocks))


def _slice_words(series: Series, index: int | None) -> str:
    if index is None:
        return words_of(_ON_NO_SLICE)
    position = position_words(series, index)
    return f"{index + 1} ({position})" if position else f"{index + 1}"


def _own_words(measurement: Measurement, patient_data: bool) -> str:
    words = one_line(measurement.words).strip()
    return (words if patient_data else words_of(WORDS_HIDDEN)) if words else ""


def _each_once(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(text) for m in measurements for text in m.remarks))
