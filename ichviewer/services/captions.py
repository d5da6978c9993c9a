"""The words that go with a picture of a slice when it leaves the program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.input_scope import OUTSIDE_MODEL
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.problems import Problem, Severity
from ichviewer.domain.series import Series
from ichviewer.domain.window import Voi, Window
from ichviewer.printable import printable

_DOT = " · "


@dataclass(frozen=True)
class JudgedSeries:
    """Findings that captions may tell, and what judges them.

    Parameters
    ----------
    findings : SeriesFindings
    point : OperatingPoint
        Thresholds that decide which types are named.
    model : str
        Name and version of the model that they come from.
    """

    findings: SeriesFindings
    point: OperatingPoint
    model: str

    def __post_init__(self) -> None:
        if not self.model.strip():
            raise ValueError("findings need the name of their model. Received: nothing")


@dataclass(frozen=True)
class CaptionSettings:
    """What is written under a picture, besides the number and position of the slice and what was wrong with it.

    Parameters
    ----------
    patient_data : bool
        Who it is and which examination, descriptions included: they are free text and may name the patient.
    window : bool
        How HU became grey.
    judged : JudgedSeries or None
        Findings to tell; None for none.
    """

    patient_data: bool = False
    window: bool = True
    judged: JudgedSeries | None = None


def caption_lines(
    series: Series, index: int, decoded: DecodedSlice, voi: Voi, settings: CaptionSettings, *, inverted: bool
) -> tuple[str, ...]:
    """Lines of plain, printable text about one slice.

    A finding is told only beside the pixels that it was computed from, and "not analyzed" in these words.

    Parameters
    ----------
    series : Series
    index : int
        Index of the slice.
    decoded : DecodedSlice
        Its pixels, as they are drawn.
    voi : Window or VoiLut
        What they are drawn through.
    settings : CaptionSettings
    inverted : bool
        Whether black and white are swapped.
    """
    lines = list(patient_lines(series)) if settings.patient_data else []
    lines.append(_place(series, index))
    if settings.window:
        lines.append("Color image" if decoded.rgb is not None else window_words(voi, inverted=inverted))
    if settings.judged is not None:
        lines += finding_lines(series, index, decoded, settings.judged)
    # Where a file is named in a problem stays out: paths name patients.
    lines += problem_words((*series.problems, *series.slices[index].problems, *decoded.problems))
    return tuple(printable(line) for line in lines if line)


def patient_lines(series: Series) -> tuple[str, ...]:
    """Who it is and which examination; what the file does not tell is left out."""
    patient, study = series.patient, series.study
    born = f"born {patient.birth_date}" if patient.birth_date else ""
    number = "" if series.number is None else f"series {series.number}"
    return (
        _joined(
            (patient.name or "Unnamed patient", f"ID {patient.id}" if patient.id else "", patient.sex, born)
        ),
        _joined((study.date, study.time, study.description, number, series.description)),
    )


def window_words(voi: Voi, *, inverted: bool) -> str:
    """How HU became grey."""
    if isinstance(voi, Window):
        name = f"{voi.name}: " if voi.name else ""
        words = f"{name}center {voi.center_hu:g}, width {voi.width_hu:g} HU"
    else:
        words = "Lookup table of the file"
    return f"{words}, inverted" if inverted else words


def finding_lines(series: Series, index: int, decoded: DecodedSlice, judged: JudgedSeries) -> tuple[str, ...]:
    """What the analysis says of one slice, with the model and the notice that must stand beside it.

    Raises
    ------
    ValueError
        If the findings are those of another series.
    """
    findings = judged.findings
    if findings.key != series.key or len(findings.slices) != len(series):
        raise ValueError(
            f"findings must be those of the series, slice by slice. Received: {findings.key}, "
            f"{len(findings.slices)} slices for {series.key}, {len(series)} slices"
        )
    finding = findings.slices[index]
    if finding.pixel_hash not in ("", decoded.pixel_hash):
        return ("Finding left out: the pixels are no longer those that were analyzed",)
    words = finding_words(finding, judged.point)
    if finding.status is Status.ANALYSED:
        problems = (*series.problems, *series.slices[index].problems, *finding.problems)
        if any(problem.code in OUTSIDE_MODEL for problem in problems):
            words += ", outside what the model knows"
    return words, f"{judged.model}{_DOT}{judged.point.name.replace('_', ' ')} thresholds{_DOT}{DISCLAIMER}"


def finding_words(finding: SliceFinding, point: OperatingPoint) -> str:
    """What was found in a slice, in words that never call a slice negative."""
    if finding.reason is not None:
        text = finding.reason.text
        if finding.status is Status.FAILED:
            return f"Failed: {text.removeprefix('not analyzed: ')}"
        return f"{text[:1].upper()}{text[1:]}" if text.startswith("not analyzed") else f"Not analyzed: {text}"
    named = finding.named(point)
    if not named:
        return "Analyzed: nothing over its threshold"
    told = ((label, finding.probability(label)) for label in named)
    return "Flagged: " + ", ".join(f"{label} {two_digits(p)}" for label, p in told if p is not None)


def problem_words(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Each kind of problem that is more than a remark once, the gravest first."""
    kinds = {p.code: p for p in problems if p.severity is not Severity.INFO}
    ordered = sorted(kinds.values(), key=lambda p: p.severity is not Severity.ERROR)
    return tuple(f"{p.text[:1].upper()}{p.text[1:]}" for p in ordered)


def _place(series: Series, index: int) -> str:
    position, thickness_mm = series.file_position_mm(index), series.slices[index].thickness_mm
    return _joined(
        (
            f"Slice {index + 1} of {len(series)}",
            "" if position is None else f"position {round(position, 1) + 0.0:.1f} mm",
            "" if thickness_mm is None else f"thickness {thickness_mm:g} mm",
        )
    )


def _joined(parts: Iterable[str]) -> str:
    return _DOT.join(part for part in parts if part)
