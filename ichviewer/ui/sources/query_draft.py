"""What is searched for while it is entered, whether or not it can be asked. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ichviewer.domain.series import PatientInfo
from ichviewer.network.query import USUAL_LIMIT, StudyQuery
from ichviewer.ui.look.language import marked
from ichviewer.ui.sources.source_draft import error_sentence


class DateSpan(StrEnum):
    """Which study dates are searched."""

    ANY = marked("Any date")
    TODAY = marked("Today")
    WEEK = marked("Last 7 days")
    MONTH = marked("Last 30 days")
    BETWEEN = marked("From … to …")


_DAYS = {DateSpan.TODAY: 1, DateSpan.WEEK: 7, DateSpan.MONTH: 30}


@dataclass(frozen=True)
class QueryDraft:
    """A search as it is being entered.

    Parameters
    ----------
    patient_id, patient_name, modality, accession_number : str
        ``*`` stands for any characters and ``?`` for one, but in a modality.
    span : DateSpan
    first, last : str
        ISO dates such as 2024-01-31, for `DateSpan.BETWEEN`; an empty one leaves its end open.
    limit : str
        How many studies are listed at most.
    """

    patient_id: str = ""
    patient_name: str = ""
    modality: str = ""
    accession_number: str = ""
    span: DateSpan = DateSpan.ANY
    first: str = ""
    last: str = ""
    limit: str = str(USUAL_LIMIT)

    def complaints(self, today: date) -> dict[str, str]:
        """A sentence for each field that cannot be used as it is."""
        checks: Mapping[str, Callable[[], object]] = {
            "patient_id": lambda: StudyQuery(patient_id=self.patient_id.strip()),
            "patient_name": lambda: StudyQuery(patient_name=self.patient_name.strip()),
            "modality": lambda: StudyQuery(modality=self._modality),
            "accession_number": lambda: StudyQuery(accession_number=self.accession_number.strip()),
            "first": lambda: self._day(self.first),
            "last": lambda: self._day(self.last),
            "limit": lambda: StudyQuery(limit=self._limit),
        }
        found = {}
        for name, check in checks.items():
            try:
                check()
            except ValueError as error:
                found[name] = error_sentence(error)
        if not found:
            try:
                self.query(today)
            except ValueError as error:
                found["last"] = error_sentence(error)
        return found

    def query(self, today: date) -> StudyQuery:
        """What a source is asked; asked for only if there are no complaints.

        Parameters
        ----------
        today : date
            The last day of "last 7 days".

        Raises
        ------
        ValueError
        """
        if self.span in _DAYS:
            first: date | None = today - timedelta(days=_DAYS[self.span] - 1)
            last: date | None = today
        else:
            first, last = self._day(self.first), self._day(self.last)
        return StudyQuery(
            patient_id=self.patient_id.strip(),
            patient_name=self.patient_name.strip(),
            first_date=first,
            last_date=last,
            modality=self._modality,
            accession_number=self.accession_number.strip(),
            limit=self._limit,
        )

    @property
    def _modality(self) -> str:
        return self.modality.strip().upper()

    @property
    def _limit(self) -> int:
        text = self.limit.strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ValueError(f"this is a whole number of studies. Received: {text!r}")
        return int(text)

    def _day(self, text: str) -> date | None:
        if self.span is not DateSpan.BETWEEN or not text.strip():
            return None
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            raise ValueError(f"a date is written as 2024-01-31. Received: {text!r}") from None


def earlier_query(patient: PatientInfo, before: str) -> StudyQuery:
    """The studies of a patient up to a date, by the patient's ID.

    Parameters
    ----------
    patient : PatientInfo
        With an ID.
    before : str
        An ISO date; empty for any date.

    Raises
    ------
    ValueError
        If the patient has no ID, or one that cannot be asked for.
    """
    if not patient.id:
        raise ValueError("earlier studies are searched by the patient's ID. Received: none")
    try:
        last = date.fromisoformat(before) if before else None
    except ValueError:
        last = None
    return StudyQuery(patient_id=patient.id, last_date=last)
