"""Which object the bytes of a DICOM file are, found without trusting them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from ichviewer.errors import ReadError
from ichviewer.network.query import check_uid

_TAGS = (
    "SpecificCharacterSet",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "SeriesDescription",
)


@dataclass(frozen=True)
class ObjectIdentity:
    """Which object it is.

    Parameters
    ----------
    study_uid, series_uid, sop_uid, sop_class_uid, transfer_syntax_uid : str
    description : str
        Modality and series description, as far as there are any.
    """

    study_uid: str
    series_uid: str
    sop_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    description: str

    def __post_init__(self) -> None:
        for uid in (
            self.study_uid,
            self.series_uid,
            self.sop_uid,
            self.sop_class_uid,
            self.transfer_syntax_uid,
        ):
            check_uid(uid)


def identify(data: bytes, where: str) -> ObjectIdentity:
    """Read which object a file of PS3.10 is; pixels are not looked at.

    Parameters
    ----------
    data : bytes
        The whole file.
    where : str
        Where it comes from, for messages.

    Raises
    ------
    ReadError
        If it is none, is damaged before its pixels, or lacks one of its UIDs.
    """
    from ichviewer.dicom.parse import parse_file  # noqa: PLC0415 - a list of what waits needs no pydicom

    if data[128:132] != b"DICM":
        raise ReadError("this is no DICOM file", where, repr(data[:16]))
    parsed = parse_file(io.BytesIO(data), where, _TAGS)
    text = parsed.elements.text
    try:
        return ObjectIdentity(
            text("StudyInstanceUID"),
            text("SeriesInstanceUID"),
            text("SOPInstanceUID"),
            text("SOPClassUID") or parsed.media_class,
            str(parsed.syntax),
            " ".join(filter(None, (text("Modality"), text("SeriesDescription")))),
        )
    except ValueError as error:
        raise ReadError("the object lacks one of its UIDs", where, str(error)) from error


def sop_uid_of(path: Path) -> str:
    """UID of the object that a file is.

    Raises
    ------
    ReadError
        If it cannot be read, or as `identify`.
    """
    try:
        return identify(path.read_bytes(), str(path)).sop_uid
    except OSError as error:
        raise ReadError("the file cannot be read", str(path), error.strerror or str(error)) from error
