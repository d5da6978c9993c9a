"""C-FIND: studies, series and instances of a node (PS3.4 C.4.1, Study Root model)."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from pydicom import config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from ichviewer.dicom.values import Elements, readable_name
from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.errors import NetworkError
from ichviewer.network.association import Line, associated
from ichviewer.network.peers import DicomNode
from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery, check_uid
from ichviewer.network.sop_classes import STUDY_ROOT_FIND
from ichviewer.network.statuses import PENDING, SUCCESS, in_words, may_pass
from ichviewer.progress import CancelToken

_log = logging.getLogger("ichviewer.network")

_STOPPING_S = 1.0
_MESSAGE_ID = 1
_UTF_8 = "ISO_IR 192"
_MOST_ANSWERS = 1_000_000


@dataclass(frozen=True)
class InstanceAnswer:
    """An object that a node has.

    Parameters
    ----------
    series_uid, sop_instance_uid : str
    sop_class_uid : str
        Empty where the node does not say.
    """

    series_uid: str
    sop_instance_uid: str
    sop_class_uid: str = ""

    def __post_init__(self) -> None:
        check_uid(self.series_uid)
        check_uid(self.sop_instance_uid)
        if self.sop_class_uid:
            check_uid(self.sop_class_uid)


def find_studies(node: DicomNode, query: StudyQuery, cancel: CancelToken) -> Iterator[StudyAnswer]:
    """Studies as the answers arrive; the node is told to stop after ``query.limit`` of them.

    Raises
    ------
    Cancelled
    NetworkError
    """
    keys = {
        "QueryRetrieveLevel": "STUDY",
        "PatientID": query.patient_id,
        "PatientName": query.patient_name,
        "PatientBirthDate": "",
        "PatientSex": "",
        "StudyInstanceUID": query.study_uid,
        "StudyDate": query.dates,
        "StudyTime": "",
        "StudyDescription": "",
        "AccessionNumber": query.accession_number,
        "ModalitiesInStudy": query.modality,
        "NumberOfStudyRelatedSeries": "",
        "NumberOfStudyRelatedInstances": "",
    }
    n = 0
    with associated(node, _contexts(), cancel) as line, closing(answers(line, keys)) as found:
        for elements in found:
            study = _usable(_study, elements)
            # Nodes that do not know Modalities in Study as a key ignore it (PS3.4 C.2.2.2).
            if study is None or (
                query.modality and study.modalities and query.modality not in study.modalities
            ):
                continue
            yield study
            n += 1
            if n >= query.limit:
                return


def find_series(node: DicomNode, study_uid: str, cancel: CancelToken) -> Iterator[SeriesAnswer]:
    """Series of a study as the answers arrive.

    Raises
    ------
    Cancelled
    NetworkError
    """
    with associated(node, _contexts(), cancel) as line, closing(_series(line, study_uid)) as found:
        yield from found


def find_instances(
    node: DicomNode,
    study_uid: str,
    series_uid: str | None,
    cancel: CancelToken,
    on_series: Callable[[SeriesAnswer], None] = lambda _: None,
) -> list[InstanceAnswer]:
    """All objects of a study, or of one series of it.

    Parameters
    ----------
    node : DicomNode
    study_uid : str
    series_uid : str or None
    cancel : CancelToken
    on_series : callable
        Told the series of the study, before their objects are asked for.

    Raises
    ------
    Cancelled
    NetworkError
    """
    found: dict[str, InstanceAnswer] = {}
    with associated(node, _contexts(), cancel) as line:
        series = [] if series_uid else list(_series(line, study_uid))
        for one in series:
            on_series(one)
        for uid in [series_uid] if series_uid else [one.series_uid for one in series]:
            keys = {
                "QueryRetrieveLevel": "IMAGE",
                "StudyInstanceUID": study_uid,
                "SeriesInstanceUID": uid,
                "SOPInstanceUID": "",
                "SOPClassUID": "",
            }
            for elements in answers(line, keys):
                instance = _usable(
                    lambda e, uid=uid: InstanceAnswer(uid, e.text("SOPInstanceUID"), e.text("SOPClassUID")),
                    elements,
                )
                if instance is not None:
                    found[instance.sop_instance_uid] = instance
    return list(found.values())


def answers(line: Line, keys: Mapping[str, str]) -> Generator[Elements, None, None]:
    """Matches of one C-FIND request, as they arrive; closed early, the node is told to stop.

    Raises
    ------
    Cancelled
    NetworkError
    """
    try:
        responses = line.association.send_c_find(identifier_of(keys), STUDY_ROOT_FIND, msg_id=_MESSAGE_ID)
    except RuntimeError:  # the association ended in the meantime
        line.no_answer("the search could not be sent")
    ended = False
    try:
        for number, (status, identifier) in enumerate(responses):
            line.cancel.check()
            code = status.get("Status")
            if code is None:
                ended = True
                line.no_answer("the search was not answered to its end")
            if code in PENDING:
                if identifier is None or number > _MOST_ANSWERS:
                    raise NetworkError("the node's answer to a search cannot be read", str(line.node))
                yield Elements(identifier, str(line.node), [])
                continue
            ended = True
            if code != SUCCESS:
                raise NetworkError(
                    "the node refuses the search",
                    str(line.node),
                    in_words(code, str(status.get("ErrorComment", ""))),
                    may_retry=may_pass(code),
                )
    finally:
        if not ended:
            stop(line, responses, STUDY_ROOT_FIND)


def stop(line: Line, responses: Iterator[tuple[Dataset, Any]], model: str) -> None:
    """Send a C-CANCEL (PS3.7 section 9.3.2.3) and take what was under way, for at most a second."""
    end = time.monotonic() + _STOPPING_S
    line.association.dimse_timeout = _STOPPING_S
    # The association may have ended, which is what is wanted.
    with suppress(RuntimeError, ValueError):
        line.association.send_c_cancel(_MESSAGE_ID, query_model=model)
        for status, _ in responses:
            if status.get("Status") not in PENDING or time.monotonic() > end:
                break


def identifier_of(keys: Mapping[str, str]) -> Dataset:
    """A data set of matching and return keys; values that are not ASCII are sent in UTF-8."""
    identifier = Dataset()
    if not all(value.isascii() for value in keys.values()):
        identifier.SpecificCharacterSet = _UTF_8
    for keyword, value in keys.items():
        tag = tag_for_keyword(keyword)
        assert tag is not None
        # Keys hold wildcards and spans, which no stored value may.
        identifier.add(DataElement(tag, dictionary_VR(tag), value, validation_mode=config.IGNORE))
    return identifier


def _contexts() -> list[Any]:
    from pynetdicom import build_context

    return [build_context(STUDY_ROOT_FIND)]


def _series(line: Line, study_uid: str) -> Generator[SeriesAnswer, None, None]:
    keys = {
        "QueryRetrieveLevel": "SERIES",
        "StudyInstanceUID": study_uid,
        "SeriesInstanceUID": "",
        "Modality": "",
        "SeriesDescription": "",
        "SeriesNumber": "",
        "NumberOfSeriesRelatedInstances": "",
    }
    for elements in answers(line, keys):
        series = _usable(
            lambda e: SeriesAnswer(
                study_uid,
                e.text("SeriesInstanceUID"),
                e.text("Modality"),
                e.text("SeriesDescription"),
                e.integer("SeriesNumber"),
                _count(e, "NumberOfSeriesRelatedInstances"),
            ),
            elements,
        )
        if series is not None:
            yield series


def _study(elements: Elements) -> StudyAnswer:
    return StudyAnswer(
        StudyInfo(
            elements.text("StudyInstanceUID"),
            elements.date("StudyDate"),
            elements.time("StudyTime"),
            elements.text("StudyDescription"),
            elements.text("AccessionNumber"),
        ),
        PatientInfo(
            elements.text("PatientID"),
            readable_name(elements.name("PatientName")),
            elements.date("PatientBirthDate"),
            elements.text("PatientSex"),
        ),
        tuple(text for text in elements.texts("ModalitiesInStudy") if text),
        _count(elements, "NumberOfStudyRelatedSeries"),
        _count(elements, "NumberOfStudyRelatedInstances"),
    )


def _count(elements: Elements, keyword: str) -> int | None:
    number = elements.integer(keyword)
    return number if number is not None and number >= 0 else None


def _usable(make: Any, elements: Elements) -> Any:
    """What an answer says, None where it names nothing that could be asked for."""
    try:
        return make(elements)
    except ValueError:
        # Without what it says: it may be a patient's name.
        _log.warning("an answer of a node names no usable UID and is left out")
        return None
