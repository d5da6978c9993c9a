"""The last step of every object: patient, study and dates put in, then the bytes of its file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import BytesIO

from pydicom import dcmwrite
from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr

from ichviewer.results.local_time import date_text, time_text
from ichviewer.results.source import Source

_DATES = (
    "InstanceCreationDate",
    "ContentDate",
    "SeriesDate",
    "DateOfSecondaryCapture",
    "PresentationCreationDate",
)
_TIMES = (
    "InstanceCreationTime",
    "ContentTime",
    "SeriesTime",
    "TimeOfSecondaryCapture",
    "PresentationCreationTime",
)
_UTF_8 = "ISO_IR 192"


def finish(dataset: Dataset, source: Source) -> Dataset:
    """Make an object that highdicom built one of this patient and study, dated by its analysis.

    Parameters
    ----------
    dataset : pydicom Dataset
        Changed in place. Its texts are ASCII but for names of persons.
    source : Source

    Returns
    -------
    pydicom Dataset
        The same one.
    """
    own = [text for text in _texts(dataset) if not text.isascii()]
    source.patient_study.apply(dataset)
    for keywords, text in ((_DATES, date_text(source.when)), (_TIMES, time_text(source.when))):
        for keyword in keywords:
            if keyword in dataset:
                setattr(dataset, keyword, text)
    # Of highdicom itself, which notes when it was called.
    for item in dataset.get("ContributingEquipmentSequence") or ():
        if "ContributionDateTime" in item:
            del item.ContributionDateTime
    charset = dataset.get("SpecificCharacterSet")
    if own and not _can_hold(charset, own):
        _convert(dataset, source, charset)
        dataset.SpecificCharacterSet = _UTF_8
    return dataset


def _convert(dataset: Dataset, source: Source, charset: object) -> None:
    """Turn the bytes that were copied into texts, which mean the same in another character set."""
    dataset.set_original_encoding(False, True, convert_encodings(charset))  # type: ignore[arg-type]
    for tag in source.patient_study.elements:
        element = dataset[tag]
        if element.VR == "PN" and element.value:
            names = element.value if element.VM > 1 else [element.value]
            element.value = [str(name) for name in names]


def file_bytes(dataset: Dataset) -> bytes:
    """A finished object as a DICOM file (PS3.10), texts that were copied byte for byte as they stood.

    The same object makes the same bytes.
    """
    encodings = convert_encodings(dataset.get("SpecificCharacterSet"))
    syntax = dataset.file_meta.TransferSyntaxUID
    dataset = correct_ambiguous_vr(dataset, True)
    # Told that this is how it was read, the writer takes copied elements as they are.
    dataset.set_original_encoding(syntax.is_implicit_VR, True, encodings)
    buffer = BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def _texts(dataset: Dataset) -> Iterator[str]:
    for element in dataset.iterall():
        if element.VR in ("LO", "LT", "PN", "SH", "ST", "UC", "UT") and element.value:
            values = element.value if element.VM > 1 else [element.value]
            yield from (str(value) for value in values)


def _can_hold(charset: object, texts: list[str]) -> bool:
    """Whether one character set, used without escape sequences, holds all texts."""
    encodings = convert_encodings(charset)  # type: ignore[arg-type]
    if len(encodings) != 1:
        return False
    try:
        for text in texts:
            codecs.encode(text, encodings[0])
    except (UnicodeError, LookupError):
        return False
    return True
