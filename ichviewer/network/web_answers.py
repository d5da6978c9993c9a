"""Answers of QIDO-RS (PS3.18 section 10.6) as values; what makes no sense in them is left out, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ichviewer.dicom.values import parse_age, parse_date, parse_time, readable_name
from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery, check_uid

STUDY_FIELDS = (
    "StudyDescription",
    "PatientAge",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
)
"""Asked for on top of what a server gives by itself."""
SERIES_FIELDS = ("SeriesDescription", "NumberOfSeriesRelatedInstances")

_TAGS = {
    "AccessionNumber": "00080050",
    "Modality": "00080060",
    "ModalitiesInStudy": "00080061",
    "NumberOfSeriesRelatedInstances": "00201209",
    "NumberOfStudyRelatedInstances": "00201208",
    "NumberOfStudyRelatedSeries": "00201206",
    "PatientAge": "00101010",
    "PatientBirthDate": "00100030",
    "PatientID": "00100020",
    "PatientName": "00100010",
    "PatientSex": "00100040",
    "SOPInstanceUID": "00080018",
    "SeriesDescription": "0008103E",
    "SeriesInstanceUID": "0020000E",
    "SeriesNumber": "00200011",
    "StudyDate": "00080020",
    "StudyDescription": "00081030",
    "StudyInstanceUID": "0020000D",
    "StudyTime": "00080030",
}
_NAME_FORMS = ("Alphabetic", "Ideographic", "Phonetic")
# An IS has at most 12 characters (PS3.5 section 6.2).
_MOST = 10**12


def search_filters(query: StudyQuery) -> dict[str, str]:
    """A query as the parameters of a search for studies."""
    filters = {
        "PatientID": query.patient_id,
        "PatientName": query.patient_name,
        "StudyDate": query.dates,
        "ModalitiesInStudy": query.modality,
        "AccessionNumber": query.accession_number,
        "StudyInstanceUID": query.study_uid,
    }
    return {name: value for name, value in filters.items() if value}


def study_answer(found: Mapping[str, Any]) -> StudyAnswer | None:
    """A study of an answer in DICOM JSON (PS3.18 F.2); None where it has no usable UID."""
    uid = uid_of(found, "StudyInstanceUID")
    if uid is None:
        return None
    patient = PatientInfo(
        id=_text(found, "PatientID"),
        name=readable_name(_name(found)),
        birth_date=parse_date(_text(found, "PatientBirthDate")) or "",
        sex=_text(found, "PatientSex"),
        age_years=parse_age(_text(found, "PatientAge")),
    )
    study = StudyInfo(
        uid=uid,
        date=parse_date(_text(found, "StudyDate")) or "",
        time=parse_time(_text(found, "StudyTime")) or "",
        description=_text(found, "StudyDescription"),
        accession=_text(found, "AccessionNumber"),
    )
    modalities = tuple(dict.fromkeys(str(value).strip() for value in _values(found, "ModalitiesInStudy")))
    return StudyAnswer(
        study,
        patient,
        tuple(modality for modality in modalities if modality),
        _count(found, "NumberOfStudyRelatedSeries"),
        _count(found, "NumberOfStudyRelatedInstances"),
    )


def series_answer(found: Mapping[str, Any], study_uid: str) -> SeriesAnswer | None:
    """A series of an answer; None where it has no usable UID, or says that it is of another study."""
    uid = uid_of(found, "SeriesInstanceUID")
    if uid is None or uid_of(found, "StudyInstanceUID") not in (None, study_uid):
        return None
    return SeriesAnswer(
        study_uid=study_uid,
        series_uid=uid,
        modality=_text(found, "Modality"),
        description=_text(found, "SeriesDescription"),
        number=_integer(found, "SeriesNumber"),
        n_instances=_count(found, "NumberOfSeriesRelatedInstances"),
    )


def uid_of(found: Mapping[str, Any], keyword: str) -> str | None:
    """A UID of an answer, None where there is none that could be asked for."""
    text = _text(found, keyword)
    try:
        check_uid(text)
    except ValueError:
        return None
    return text


def _values(found: Mapping[str, Any], keyword: str) -> list[Any]:
    element = found.get(_TAGS[keyword])
    values = element.get("Value") if isinstance(element, dict) else None
    return values if isinstance(values, list) else []


def _first(found: Mapping[str, Any], keyword: str) -> Any:
    values = _values(found, keyword)
    return values[0] if values else None


def _text(found: Mapping[str, Any], keyword: str) -> str:
    value = _first(found, keyword)
    return value.strip(" \0") if isinstance(value, str) else ""


def _name(found: Mapping[str, Any]) -> str:
    value = _first(found, "PatientName")
    if isinstance(value, str):
        # As some servers write it, though a name is an object (PS3.18 F.2.2).
        return value
    forms = [value.get(form) for form in _NAME_FORMS] if isinstance(value, dict) else []
    return "=".join(form if isinstance(form, str) else "" for form in forms)


def _integer(found: Mapping[str, Any], keyword: str) -> int | None:
    value = _first(found, keyword)
    try:
        number = int(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < _MOST else None


def _count(found: Mapping[str, Any], keyword: str) -> int | None:
    number = _integer(found, keyword)
    return number if number is not None and number >= 0 else None
