"""The rows of the study browser, patients, studies, series and stored results, and what each says in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QPixmap

from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.series import PatientInfo, Series, Study
from ichviewer.ui.browser.study_order import SeriesResult, Summary, state_word
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import (
    OUTSIDE,
    counted,
    joined,
    names_of,
    patient_details,
    patient_name,
    result_details,
    result_title,
    sentence,
    series_details,
    series_title,
    study_title,
)
from ichviewer.ui.session.result_reading import StoredEntry

_NOTHING, _WAITING = Summary(), SeriesResult()


@dataclass(eq=False)
class PatientRow:
    """A patient in the tree.

    ``summary`` is that of everything below, listed or not; ``wanted`` is whether a person has opened or closed the
    row, None before that; ``is_open`` is how it stands; ``heading`` stands above the row where a group of the order
    of suspicion begins; ``in_view`` is whether it is marked as the patient of the active pane.
    """

    patient: PatientInfo
    summary: Summary = _NOTHING
    wanted: bool | None = None
    is_open: bool = False
    heading: str = ""
    in_view: bool = False


@dataclass(eq=False)
class StudyRow:
    """A study in the tree; fields as in `PatientRow`.

    ``place`` says where it was opened; empty where everything that is open was opened together. ``received`` says how
    much of it was received; empty for all of it.
    """

    study: Study
    summary: Summary = _NOTHING
    wanted: bool | None = None
    is_open: bool = False
    place: str = ""
    received: str = ""

    @property
    def details(self) -> str:
        """How much was received, date, time, number of series, place."""
        info, number = self.study.info, counted("series", "series", len(self.study.series))
        return one_line(
            joined((self.received, info.date or tr("no date"), info.time[:5], number, self.place))
        )


@dataclass(eq=False)
class SeriesRow:
    """A series in the tree, and what is known of its analysis."""

    series: Series
    result: SeriesResult = _WAITING
    thumbnail: QPixmap | None = None


class ResultState(StrEnum):
    """What is done with a stored result; the value stands beside it."""

    LISTED = ""
    READING = marked("reading")
    SHOWN = marked("shown")


@dataclass(eq=False)
class ResultRow:
    """A stored result in the tree, below the series of its study."""

    entry: StoredEntry
    state: ResultState = ResultState.LISTED

    @property
    def details(self) -> str:
        """What is done with it, who made it, and when."""
        return joined((words_of(self.state), result_details(self.entry.stored)))


Row = PatientRow | StudyRow | SeriesRow | ResultRow


def told(row: Row) -> str:
    """Everything a row says, a line each."""
    if isinstance(row, SeriesRow):
        result = row.result
        highest = (
            ""
            if result.highest is None
            else tr("Highest probability {highest}").format(highest=two_digits(result.highest))
        )
        flagged = tr("{slices} flagged: {flagged}").format(
            slices=counted("slice", "slices", result.flagged_slices), flagged=names_of(result.flagged)
        )
        parts = [series_title(row.series), series_details(row.series), sentence(state_word(result))]
        whole = (
            ""
            if result.whole is None
            else tr("Pooled over the series {whole}").format(whole=two_digits(result.whole))
        )
        parts += [flagged if result.flagged else "", highest, whole, result.text]
        parts.append(sentence(words_of(OUTSIDE)) if result.outside else "")
    elif isinstance(row, ResultRow):
        parts = [result_title(row.entry.stored), row.details]
    else:
        words = [part for part, _ in row.summary.parts()]
        summary = sentence(", ".join([*words, words_of(OUTSIDE)] if row.summary.muted else words))
        if isinstance(row, PatientRow):
            marked = tr("In view") if row.in_view else ""
            parts = [patient_name(row.patient), patient_details(row.patient), marked, summary]
        else:
            parts = [study_title(row.study.info), row.details, summary]
    return "\n".join(part for part in parts if part)


def spoken(row: Row) -> str:
    """Everything a row says, in one line."""
    return one_line(told(row).replace("\n", ", "))
