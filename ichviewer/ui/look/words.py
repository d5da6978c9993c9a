"""How patients, studies, series and numbers are put into words, the same everywhere in the window."""

from __future__ import annotations

from collections.abc import Iterable

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import PatientInfo, Series, StudyInfo
from ichviewer.domain.stored_object import StoredKind, StoredObject
from ichviewer.domain.volume_source import NoVolume
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import marked, noun_for, tr, words_of
from ichviewer.ui.look.plain_text import one_line

ABBREVIATIONS: dict[Hemorrhage, str] = {
    Hemorrhage(output.name): output.abbreviation for output in HEMORRHAGE_OUTPUTS
}
"""What radiologists write, in English; shown with `words_of`."""

OUTSIDE = marked("outside what the model knows")
"""What is said, with `words_of`, beside probabilities of a series that is unlike what the model was made for."""

OUTSIDE_SHORT = marked("unknown to the model")
"""The same where there is little room."""

WORDS_HIDDEN = marked("Words hidden")
"""Stands, with `words_of`, for what a reader wrote, where that must not be seen."""


def patient_name(patient: PatientInfo) -> str:
    """The patient's name; the ID where there is none."""
    return one_line(patient.name or patient.id) or tr("Unnamed patient")


def patient_details(patient: PatientInfo) -> str:
    """ID, sex and date of birth, as far as they are known."""
    born = tr("born {birth_date}").format(birth_date=patient.birth_date) if patient.birth_date else ""
    ident = f"ID {patient.id}" if patient.id and patient.name else ""
    return one_line(joined((ident, patient.sex, born)))


def study_title(study: StudyInfo) -> str:
    """Its description, or that it has none."""
    return one_line(study.description) or tr("Study without description")


def series_title(series: Series) -> str:
    """Number and description of a series."""
    name = one_line(series.description) or tr("Series without description")
    part = tr(" (part {part})").format(part=series.key.part + 1) if series.key.part else ""
    return f"{series.number}  {name}{part}" if series.number is not None else f"{name}{part}"


def series_details(series: Series) -> str:
    """Modality, number of slices, and their thickness in mm."""
    known = {info.thickness_mm for info in series.slices if info.thickness_mm}
    thin, thick = min(known, default=0.0), max(known, default=0.0)
    thickness = (
        f"{thin:g} mm" if thin == thick else tr("{thin:g} to {thick:g} mm").format(thin=thin, thick=thick)
    )
    modality = one_line(series.modality) or tr("no modality")
    return joined((modality, counted("slice", "slices", len(series)), thickness if known else ""))


_RESULT_KINDS = {
    StoredKind.REPORT: marked("Report"),
    StoredKind.SEGMENTATION: marked("Segmentation"),
    StoredKind.KEY_OBJECTS: marked("Key objects"),
    StoredKind.PRESENTATION: marked("Presentation"),
    StoredKind.DOCUMENT: marked("Document"),
    StoredKind.PARAMETRIC_MAP: marked("Parametric map"),
    StoredKind.CAPTURE: marked("Captured screen"),
}


def result_kind(stored: StoredObject) -> str:
    """What kind a stored result is of, in a word or two."""
    return words_of(_RESULT_KINDS[stored.kind])


def result_title(stored: StoredObject) -> str:
    """Kind and label of a stored result."""
    return one_line(": ".join(filter(None, (result_kind(stored), stored.label))))


def result_details(stored: StoredObject) -> str:
    """Who made a stored result, and when, as it says."""
    return one_line(joined((stored.manufacturer, stored.date, stored.time[:5])))


def signed(value: float) -> str:
    """A length with one digit, with a true minus sign and no minus zero."""
    text = f"{value:.1f}"
    return "0.0" if text == "-0.0" else text.replace("-", "−")


def position_words(series: Series, index: int) -> str:
    """Where a slice lies, as other programs show it (``12.5 mm``); empty where the file does not say."""
    position = series.file_position_mm(index)
    return "" if position is None else f"{signed(position)} mm"


def position_tip(series: Series, index: int) -> str:
    """Where the number of `position_words` comes from, and the distance along the slices' normal."""
    plane, along = series.slices[index].plane, series.position_mm(index)
    lines = []
    shown = position_words(series, index)
    if shown and (plane is None or plane.is_axial):
        source = (
            tr("Slice Location of the file")
            if series.tells_location
            else tr("z of the file's Image Position")
        )
        lines.append(f"{shown}: {source}")
    if along is not None:
        lines.append(tr("{along} mm along the normal of the slices").format(along=signed(along)))
    return "\n".join(lines)


def counted(noun: str, nouns: str, n: int) -> str:
    """``1 slice``, ``28 slices``; both nouns are written out in the call, as for `tr`."""
    return f"{n:,} {noun_for(noun, nouns, n)}"


def joined(parts: Iterable[str]) -> str:
    """Parts that say something, with a middle dot between them."""
    return " · ".join(part for part in parts if part)


def voi_numbers(voi: Voi | None) -> str:
    """Center and width in HU (``40/80``), or what a table is called."""
    if voi is None:
        return ""
    if isinstance(voi, Window):
        return f"{voi.center_hu:g}/{voi.width_hu:g}"
    return one_line(voi.name) or tr("table")


def duration(seconds: float) -> str:
    """Time left, no more exact than it is known."""
    if seconds < 1.5:
        return tr("about a second left")
    if seconds < 90:
        return tr("about {seconds} s left").format(seconds=round(seconds))
    return tr("about {seconds} min left").format(seconds=round(seconds / 60))


def names_of(values: Iterable[str]) -> str:
    """Types of hemorrhage, or other values with words of their own, in a row."""
    return ", ".join(map(words_of, values))


def problem_words(problem: Problem) -> str:
    """What kind of problem it is, and what was found."""
    text = words_of(problem.text)
    return f"{text} ({words_of(problem.found)})" if problem.found else text


def no_volume_words(why: NoVolume) -> str:
    """Why a series is no volume."""
    words = words_of(why.reason)
    return f"{words}: {why.found}" if why.found else words


def error_words(error: BaseException) -> str:
    """An error in a sentence without a full stop: where, what, and what was found.

    What is said below the window in words that hold a value is English in every language.
    """
    if not isinstance(error, IchViewerError):
        return str(error)
    what = words_of(error.what)
    text = f"{error.where}: {what}" if error.where else what
    return (
        tr("{text}. Found: {found}").format(text=text, found=words_of(error.found)) if error.found else text
    )


def reason_text(finding: SliceFinding) -> str:
    """Why a slice has no probabilities, as a sentence that begins with its status."""
    if finding.reason is None:
        raise ValueError(f"an analyzed slice has no reason. Received: {finding.status}")
    text = words_of(finding.reason.text)
    if finding.status is Status.FAILED:
        return tr("Failed: {text}").format(text=text)
    says_so = finding.reason.text.startswith("not analyzed")
    return sentence(text) if says_so else tr("Not analyzed: {text}").format(text=text)


def sentence(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """A number with at most one digit, with a true minus sign and no minus zero."""
    return signed(value).removesuffix(".0")
