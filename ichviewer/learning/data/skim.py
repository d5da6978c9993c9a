"""Which series a DICOM file belongs to, from its first few kilobytes.

Sorting the files of a large data set into series needs four identifiers of each and nothing else. Plain files, which
nearly all are, are read by walking over their first elements (DICOM PS3.5 section 7.1); whatever is unusual goes to
the reader that the product itself uses.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from ichviewer.dicom.parse import parse_file
from ichviewer.dicom.source import open_source
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

_HEAD_BYTES = 4096
_PREAMBLE = 128
_UNDEFINED = 0xFFFFFFFF
_TRANSFER_SYNTAX = 0x00020010
# In ascending order, as they stand in a file.
_WANTED = {0x00080018: "sop_uid", 0x00100020: "patient_id", 0x0020000D: "study_uid", 0x0020000E: "series_uid"}
_LAST_WANTED = max(_WANTED)
_LONG_VRS = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
_KEYWORDS = ("SOPInstanceUID", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SpecificCharacterSet")


@dataclass(frozen=True, slots=True)
class Skimmed:
    """The identifiers of a file; empty where it has none.

    Parameters
    ----------
    path : str
    sop_uid, patient_id, study_uid, series_uid : str
    """

    path: str
    sop_uid: str = ""
    patient_id: str = ""
    study_uid: str = ""
    series_uid: str = ""


def skim(path: str) -> Skimmed:
    """Read the identifiers of a file.

    Parameters
    ----------
    path : str

    Raises
    ------
    ReadError
        If it cannot be opened, is no DICOM data set, or one without an image that names neither itself nor a series.
    """
    source = SliceSource(Path(path))
    with open_source(source) as stream:
        head = stream.read(_HEAD_BYTES)
        found = _walk(head)
        if found is not None:
            return Skimmed(path, **found)
        stream.seek(0)
        parsed = parse_file(stream, path, _KEYWORDS)
    root = parsed.elements
    found = {name: root.text(keyword) for name, keyword in zip(_WANTED.values(), _KEYWORDS, strict=False)}
    if parsed.pixels is None and not (found["sop_uid"] or found["series_uid"]):
        raise ReadError("a DICOM file without an image", path)
    return Skimmed(path, **found)


def skim_all(paths: tuple[str, ...]) -> tuple[list[Skimmed], list[tuple[str, str]]]:
    """Skim many files.

    Returns
    -------
    list of Skimmed
        Those that could be read.
    list of (str, str)
        Path and reason of those that could not.
    """
    found, bad = [], []
    for path in paths:
        try:
            found.append(skim(path))
        except ReadError as error:
            bad.append((path, f"{error.what}: {error.found}" if error.found else error.what))
    return found, bad


def _walk(head: bytes) -> dict[str, str] | None:
    """The identifiers, or None where the file is not plain enough: the product's reader has to look at it."""
    if head[_PREAMBLE : _PREAMBLE + 4] != b"DICM":
        return None
    found: dict[str, str] = {}
    at, implicit = _PREAMBLE + 4, False
    try:
        while True:
            group, element = struct.unpack_from("<HH", head, at)
            tag = group << 16 | element
            if tag > _LAST_WANTED:
                return found if "series_uid" in found and "sop_uid" in found else None
            start, length = _value_at(head, at, implicit=implicit and group != 2)
            if length == _UNDEFINED or start + length > len(head):
                return None
            if tag == _TRANSFER_SYNTAX:
                syntax = _text(head[start : start + length])
                if syntax not in (ExplicitVRLittleEndian, ImplicitVRLittleEndian):
                    return None
                implicit = syntax == ImplicitVRLittleEndian
            elif tag in _WANTED:
                found[_WANTED[tag]] = _text(head[start : start + length])
            at = start + length
    except (struct.error, UnicodeDecodeError):
        return None


def _value_at(head: bytes, at: int, *, implicit: bool) -> tuple[int, int]:
    """Where an element's value starts, and its length."""
    if implicit:
        return at + 8, struct.unpack_from("<I", head, at + 4)[0]
    if head[at + 4 : at + 6] in _LONG_VRS:
        return at + 12, struct.unpack_from("<I", head, at + 8)[0]
    return at + 8, struct.unpack_from("<H", head, at + 6)[0]


def _text(value: bytes) -> str:
    return value.decode("ascii").strip(" \0")
