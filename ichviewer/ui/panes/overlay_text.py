"""What is written on the image, as plain values: which words, in which corner, how loud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.geometry import PixelSpacing, Plane, Vector, letters, opposite
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.series import PatientInfo, Series, SliceInfo, StudyInfo
from ichviewer.domain.window import Voi, VoiFunction, Window
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.theme import Theme
from ichviewer.ui.look.words import (
    ABBREVIATIONS,
    OUTSIDE,
    OUTSIDE_SHORT,
    number,
    position_words,
    reason_text,
    sentence,
    signed,
)
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation

MOST_BADGES = 4
"""More problems than this are counted instead of named; the findings panel lists them all."""

_LETTER_NAMES = {
    "L": tr("left"),
    "R": tr("right"),
    "P": tr("posterior"),
    "A": tr("anterior"),
    "H": tr("head"),
    "F": tr("feet"),
}


class Tone(Enum):
    """How loud a line is."""

    STRONG = "strong"
    NORMAL = "normal"
    MUTED = "muted"
    WARNING = "warning"
    DANGER = "danger"


def tone_color(colors: Theme, tone: Tone) -> str:
    """The color of words of a tone."""
    return {
        Tone.STRONG: colors.overlay_text,
        Tone.NORMAL: colors.overlay_text,
        Tone.MUTED: colors.overlay_muted,
        Tone.WARNING: colors.warning,
        Tone.DANGER: colors.danger,
    }[tone]


@dataclass(frozen=True)
class Line:
    """One line of words on the image.

    Parameters
    ----------
    text : str
    tone : Tone
    short : str
        What to say where there is no room for the text; empty if it is cut then.
    """

    text: str
    tone: Tone = Tone.NORMAL
    short: str = ""


@dataclass(frozen=True)
class EdgeLetters:
    """Anatomical letters at the middle of the four edges; empty where the direction is unknown."""

    top: str = ""
    bottom: str = ""
    left: str = ""
    right: str = ""

    @property
    def words(self) -> str:
        """The directions for a screen reader, e.g. ``top anterior, left right``."""
        sides = (
            (tr("top"), self.top),
            (tr("right"), self.right),
            (tr("bottom"), self.bottom),
            (tr("left"), self.left),
        )
        named = (f"{side} {' '.join(_LETTER_NAMES[c] for c in text)}" for side, text in sides if text)
        return ", ".join(named)


@dataclass(frozen=True)
class Chip:
    """A statement about the slice.

    Parameters
    ----------
    text : str
    label : Hemorrhage or None
        The type it is about, None where it is about the slice itself.
    tone : Tone
    short : str
        What to say where there is little room; empty if it cannot be said shorter.
    name : str
        What it is about alone, where there is least room; empty if it has no such name.
    quiet : bool
        Whether it is drawn in italics and without color: it lies outside what the model knows.
    """

    text: str
    label: Hemorrhage | None = None
    tone: Tone = Tone.NORMAL
    short: str = ""
    name: str = ""
    quiet: bool = False

    @property
    def has_dot(self) -> bool:
        """Whether a colored dot leads it: all but quiet remarks."""
        return self.label is not None or self.tone is not Tone.MUTED


def edge_letters(plane: Plane | None, orientation: Orientation = UPRIGHT) -> EdgeLetters:
    """Letters of a plane's four edges as it is turned on the screen, none without geometry."""
    if plane is None:
        return EdgeLetters()
    right, bottom = (_direction(plane, orientation.to_picture(way)) for way in ((1.0, 0.0), (0.0, 1.0)))
    return EdgeLetters(
        top=letters(opposite(bottom)),
        bottom=letters(bottom),
        left=letters(opposite(right)),
        right=letters(right),
    )


def _direction(plane: Plane, way: tuple[float, float]) -> Vector:
    """The direction in the patient of a way in the picture."""
    a, b, c = (
        way[0] * along_row + way[1] * along_column
        for along_row, along_column in zip(plane.row_direction, plane.column_direction, strict=True)
    )
    return a, b, c


def age_years(birth_date: str, on_date: str) -> int | None:
    """Age in whole years, None unless both dates are real dates in order."""
    try:
        born, then = date.fromisoformat(birth_date), date.fromisoformat(on_date)
    except ValueError:
        return None
    years = then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    return years if 0 <= years <= 130 else None


def patient_lines(patient: PatientInfo, study: StudyInfo) -> tuple[Line, ...]:
    """Who it is. What the file leaves out is said, so that nobody takes silence for a known patient."""
    lines = [
        Line(one_line(patient.name), Tone.STRONG) if patient.name else Line(tr("No patient name"), Tone.MUTED)
    ]
    lines.append(Line(one_line(f"ID {patient.id}")) if patient.id else Line(tr("No patient ID"), Tone.MUTED))
    age = age_years(patient.birth_date, study.date)
    facts = [patient.birth_date, f"{age} y" if age is not None else "", patient.sex]
    if any(facts):
        lines.append(Line(one_line(" · ".join(f for f in facts if f))))
    return tuple(lines)


def series_lines(series: Series) -> tuple[Line, ...]:
    """Which examination and which series."""
    study = series.study
    lines = [Line(one_line(study.description), Tone.STRONG)] if study.description else []
    when = " ".join(t for t in (study.date, study.time[:5] if ":" in study.time else "") if t)
    if when:
        lines.append(Line(one_line(when)))
    number = tr("Series {number}").format(number=series.number) if series.number is not None else tr("Series")
    lines.append(Line(one_line(": ".join(t for t in (number, series.description) if t))))
    if study.accession:
        lines.append(
            Line(one_line(tr("Accession {accession}").format(accession=study.accession)), Tone.MUTED)
        )
    return tuple(lines)


def slice_lines(series: Series, index: int, zoom: float) -> tuple[Line, ...]:
    """Which slice, where it lies, how large it is shown (screen px a pixel)."""
    info, position = series.slices[index], position_words(series, index)
    lines = [Line(tr("Slice {index} / {series}").format(index=index + 1, series=len(series)), Tone.STRONG)]
    if position:
        lines.append(Line(tr("Position {position}").format(position=position)))
    if info.thickness_mm is not None:
        lines.append(Line(tr("Thickness {thickness_mm:g} mm").format(thickness_mm=info.thickness_mm)))
    lines.append(Line(tr("Zoom {zoom:.0f} %").format(zoom=zoom * 100), Tone.MUTED))
    return tuple(lines)


COLOR_LINES = (Line(tr("Color image"), Tone.STRONG), Line(tr("no window applies"), Tone.MUTED))
"""What stands in place of the window where there is none."""


def window_lines(voi: Voi, name: str, *, inverted: bool) -> tuple[Line, ...]:
    """Which window is on."""
    lines = [Line(one_line(words_of(name)), Tone.STRONG)] if name else []
    if isinstance(voi, Window):
        lines.append(Line(f"C {number(voi.center_hu)}  W {number(voi.width_hu)}"))
        if voi.function is not VoiFunction.LINEAR:
            lines.append(Line(str(voi.function).replace("_", " ").lower(), Tone.MUTED))
    else:
        lines.append(Line(tr("Lookup table of the file"), Tone.NORMAL))
    if inverted:
        lines.append(Line(tr("Inverted"), Tone.WARNING))
    return tuple(lines)


def cursor_lines(
    info: SliceInfo, decoded: DecodedSlice, pixel: tuple[int, int], unit: str
) -> tuple[Line, ...]:
    """The value under the cursor, and where it lies.

    Parameters
    ----------
    info, decoded : SliceInfo, DecodedSlice
    pixel : tuple of int
        Row and column, from 0, inside the picture.
    unit : str
        ``HU``, or empty where the values are not HU. Of a color image it is not used.
    """
    row, column = pixel
    value = decoded.image.hu_at(row, column)
    if decoded.rgb is not None:
        red, green, blue = (int(v) for v in decoded.rgb[row, column])
        lines = [Line(f"RGB {red} {green} {blue}", Tone.STRONG)]
        if value is not None:
            lines.append(Line(tr("Luminance {value}").format(value=number(value)), Tone.MUTED))
    elif value is None:
        lines = [Line(tr("No image here"), Tone.MUTED)]
    else:
        lines = [Line(f"{number(value)} {unit}".strip(), Tone.STRONG)]
    lines += [
        Line(tr("Row {row}  Column {column}").format(row=row, column=column), Tone.MUTED),
    ]
    where = position_of(info.plane, info.spacing, pixel)
    if where is not None:
        lines.append(Line("  ".join(f"{a} {signed(v)}" for a, v in zip("xyz", where, strict=True)) + " mm"))
    return tuple(lines)


def position_of(
    plane: Plane | None, spacing: PixelSpacing | None, pixel: tuple[int, int]
) -> tuple[float, float, float] | None:
    """Patient coordinates in mm of a pixel's center, None without geometry."""
    if plane is None or spacing is None:
        return None
    return plane.at_mm(pixel[0], pixel[1], spacing)


def badge_lines(problems: Iterable[Problem]) -> tuple[Line, ...]:
    """What was repaired, doubted or lost, in words; each kind once, the worst first."""
    tones = {Severity.ERROR: Tone.DANGER, Severity.WARNING: Tone.WARNING}
    kinds = {p.code: p for p in problems if p.severity in tones}
    ordered = sorted(kinds.values(), key=lambda p: p.severity is not Severity.ERROR)
    lines = [Line(sentence(words_of(p.text)), tones[p.severity]) for p in ordered]
    if len(lines) > MOST_BADGES:
        rest = len(lines) - (MOST_BADGES - 1)
        lines = [*lines[: MOST_BADGES - 1], Line(tr("and {rest} more").format(rest=rest), Tone.WARNING)]
    return tuple(lines)


def finding_of(findings: Mapping[int, SliceFinding], index: int) -> SliceFinding | None:
    """What was found in a slice; that it waits, where the analysis is under way and has not come to it."""
    found = findings.get(index)
    if found is None and findings:
        waiting = Problem(ProblemCode.NOT_YET_ANALYSED, tr("slice {index}").format(index=index + 1))
        return SliceFinding(Status.NOT_ANALYSED, reason=waiting)
    return found


def finding_chips(
    finding: SliceFinding | None, point: OperatingPoint | None, *, muted: bool = False
) -> tuple[Chip, ...]:
    """What the analysis says of the slice; never silent about a slice that was not analysed.

    Parameters
    ----------
    finding : SliceFinding or None
        None where there is no analysis at all.
    point : OperatingPoint or None
        Thresholds that decide which types are named; None while there is no model.
    muted : bool
        Whether the series lies outside what the model knows, which is then said and drawn quietly.
    """
    if finding is None:
        return ()
    if finding.reason is not None:
        failed = finding.status is Status.FAILED
        return (Chip(reason_text(finding), tone=Tone.DANGER if failed else Tone.WARNING),)
    if point is None:
        return (Chip(tr("Not judged: no model is ready"), tone=Tone.WARNING),)
    named = finding.named(point)
    if not named:
        words = tr("Analyzed: nothing over its threshold")
        return (Chip(f"{words}, {words_of(OUTSIDE)}" if muted else words, tone=Tone.MUTED, quiet=muted),)
    chips = tuple(
        Chip(
            f"{sentence(words_of(label))} {p}",
            label,
            short=f"{words_of(ABBREVIATIONS[label])} {p}",
            name=words_of(ABBREVIATIONS[label]),
            quiet=muted,
        )
        for label in named
        for p in (probability(finding, label),)
    )
    if not muted:
        return chips
    outside = sentence(words_of(OUTSIDE))
    return (*chips, Chip(outside, tone=Tone.MUTED, short=sentence(words_of(OUTSIDE_SHORT)), quiet=True))


def probability(finding: SliceFinding, label: Hemorrhage) -> str:
    """A calibrated probability with two digits, or a dash where there is none; 1.00 and 0.00 only if exact."""
    value = finding.probability(label)
    return "–" if value is None else two_digits(value)
