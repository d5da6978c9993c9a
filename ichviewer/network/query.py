"""What a source is asked for, and what it answers: studies and series, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ichviewer.domain.series import PatientInfo, StudyInfo

USUAL_LIMIT = 200
_LARGEST_LIMIT = 100_000
_LONGEST_UID = 64
_LONGEST_ID = 64
_LONGEST_SHORT_TEXT = 16
# Three forms of at most 64 characters and the two signs between them (PS3.5 section 6.2.1.1).
_LONGEST_PERSON_NAME = 3 * 64 + 2
_MODALITY = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _")


@dataclass(frozen=True)
class StudyQuery:
    """Which studies are wanted (keys of PS3.4 C.6.2.1); what is empty matches everything.

    Parameters
    ----------
    patient_id, patient_name, accession_number : str
        ``*`` stands for any characters and ``?`` for one (PS3.4 C.2.2.2.4).
    first_date, last_date : date or None
        Span of Study Date, both ends within it; None leaves that end open.
    modality : str
        A modality that the study must hold, such as ``CT``.
    study_uid : str
        One study.
    limit : int
        How many answers are taken at most: 1 to 100,000. The source is told to stop then.
    """

    patient_id: str = ""
    patient_name: str = ""
    first_date: date | None = None
    last_date: date | None = None
    modality: str = ""
    accession_number: str = ""
    study_uid: str = ""
    limit: int = USUAL_LIMIT

    def __post_init__(self) -> None:
        _check_text(self.patient_id, _LONGEST_ID, "a patient ID")
        _check_text(self.patient_name, _LONGEST_PERSON_NAME, "a patient's name")
        _check_text(self.accession_number, _LONGEST_SHORT_TEXT, "an accession number")
        if len(self.modality) > _LONGEST_SHORT_TEXT or not set(self.modality) <= _MODALITY:
            raise ValueError(f"a modality is a code such as CT. Received: {self.modality!r}")
        if self.study_uid:
            check_uid(self.study_uid)
        if self.first_date and self.last_date and self.first_date > self.last_date:
            raise ValueError(
                "a span of dates begins before it ends. "
                f"Received: {self.first_date.isoformat()} to {self.last_date.isoformat()}"
            )
        if isinstance(self.limit, bool) or not 1 <= self.limit <= _LARGEST_LIMIT:
            raise ValueError(f"a limit lies within 1 to {_LARGEST_LIMIT}. Received: {self.limit}")

    @property
    def dates(self) -> str:
        """The span of dates as a range of PS3.4 C.2.2.2.5, such as ``20240101-20240131``; empty for any date."""
        if self.first_date is None and self.last_date is None:
            return ""
        if self.first_date == self.last_date and self.first_date is not None:
            return f"{self.first_date:%Y%m%d}"
        first = "" if self.first_date is None else f"{self.first_date:%Y%m%d}"
        last = "" if self.last_date is None else f"{self.last_date:%Y%m%d}"
        return f"{first}-{last}"


@dataclass(frozen=True)
class StudyAnswer:
    """A study that a source has.

    Parameters
    ----------
    study : StudyInfo
        Its UID is never empty; the rest as far as the source says it.
    patient : PatientInfo
    modalities : tuple of str
        Those in the study; empty where the source does not say.
    n_series, n_instances : int or None
        None where the source does not say.
    """

    study: StudyInfo
    patient: PatientInfo = field(default_factory=PatientInfo)
    modalities: tuple[str, ...] = ()
    n_series: int | None = None
    n_instances: int | None = None

    def __post_init__(self) -> None:
        check_uid(self.study.uid)
        _check_count(self.n_series)
        _check_count(self.n_instances)


@dataclass(frozen=True)
class SeriesAnswer:
    """A series that a source has.

    Parameters
    ----------
    study_uid, series_uid : str
    modality, description : str
        Empty where the source does not say.
    number : int or None
        Series Number.
    n_instances : int or None
    """

    study_uid: str
    series_uid: str
    modality: str = ""
    description: str = ""
    number: int | None = None
    n_instances: int | None = None

    def __post_init__(self) -> None:
        check_uid(self.study_uid)
        check_uid(self.series_uid)
        _check_count(self.n_instances)


def check_uid(uid: str) -> None:
    r"""Refuse what could not be a single UID (VR UI of PS3.5 section 6.2).

    Only what would change the meaning of a request is refused (``\``, ``/``, wildcards, spaces, control characters,
    more than 64 characters): archives hold UIDs with letters, and they must be reachable.

    Raises
    ------
    ValueError
    """
    if not 0 < len(uid) <= _LONGEST_UID or not (uid.isascii() and uid.isprintable()):
        raise ValueError(f"a UID has 1 to 64 characters of ASCII. Received: {uid!r}")
    if set(uid) & set("\\*?/ ") or not uid.strip("."):
        raise ValueError(f"a UID holds digits and dots. Received: {uid!r}")


def _check_text(text: str, longest: int, what: str) -> None:
    if len(text) > longest or not text.isprintable() or "\\" in text:
        raise ValueError(
            f"{what} has at most {longest} characters, no backslash and no control characters. Received: {text!r}"
        )


def _check_count(count: int | None) -> None:
    if count is not None and count < 0:
        raise ValueError(f"a count is at least 0. Received: {count}")
