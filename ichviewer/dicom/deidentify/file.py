"""A DICOM file without what names the patient: preamble, file meta information, data set, and nothing behind it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, cast

from pydicom import dcmread, dcmwrite
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRBigEndian, ImplicitVRLittleEndian

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.deidentify.dataset import deidentify
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.removal import Removal
from ichviewer.dicom.inflate import MOST_PIXEL_BYTES, deflated_start
from ichviewer.dicom.parse import UNDEFINED_LENGTH, parse_file
from ichviewer.dicom.source import HeaderStream
from ichviewer.errors import ExportError, ReadError

_MEDIA_CLASS, _SYNTAX = 0x00020002, 0x00020010
_KEPT_META = frozenset({0x00020000, 0x00020001, _MEDIA_CLASS, 0x00020003, _SYNTAX, 0x00020012, 0x00020013})
"""What is written anew; everything else of group 2 goes."""


@dataclass(frozen=True, eq=False)
class DeidentifiedFile:
    """A file to be written.

    Parameters
    ----------
    data : bytes
    patient, study_uid, series_uid, sop_uid : str
        New identifiers.
    old_study_uid : str
        The study's own UID.
    removals : tuple of Removal
    notes : tuple of str
        What was taken on trust.
    """

    data: bytes
    patient: str
    study_uid: str
    series_uid: str
    sop_uid: str
    old_study_uid: str
    removals: tuple[Removal, ...]
    notes: tuple[str, ...]


def deidentify_file(stream: BinaryIO, where: str, options: Options, key: Key) -> DeidentifiedFile:
    """De-identify one DICOM file, in memory. Pixels keep their bytes and transfer syntax unless they are masked.

    Parameters
    ----------
    stream : binary stream
        At its start; must be able to seek.
    where : str
        Names the file in errors.
    options : Options
    key : Key

    Returns
    -------
    DeidentifiedFile

    Raises
    ------
    ReadError
        If it is no DICOM file, or a damaged one.
    ExportError
        See `ichviewer.dicom.deidentify.dataset.deidentify`.
    """
    with foreign_code(ReadError, "the file cannot be understood", where):
        return _deidentify_file(stream, where, options, key)


def _deidentify_file(stream: BinaryIO, where: str, options: Options, key: Key) -> DeidentifiedFile:
    parsed = parse_file(cast(BinaryIO, HeaderStream(stream, where)), where, None)
    if parsed.is_directory:
        raise ExportError("a DICOMDIR names patients and files; make a new one of the result", where)
    syntax = parsed.syntax
    if not syntax.is_transfer_syntax or syntax.is_private:
        raise ExportError("the transfer syntax is not one of the standard", where)
    stream.seek(0)
    _check_inflated_size(stream, where)
    stream.seek(0)
    dataset = dcmread(BytesIO(stream.read()), force=True)
    _check_whole(dataset, where)
    removals = _meta_removals(dataset, key)
    old_study = str(dataset.get("StudyInstanceUID") or "")
    done = deidentify(dataset, options, key, syntax=str(syntax), where=where)
    result = done.dataset
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = result.SOPClassUID
    meta.MediaStorageSOPInstanceUID = result.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    dataset.file_meta = meta
    dataset.preamble = b"\0" * 128
    buffer = BytesIO()
    _check_encoding(dataset, syntax)
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return DeidentifiedFile(
        data=buffer.getvalue(),
        patient=str(result.get("PatientID") or key.pseudonym(f"study\0{old_study}")),
        study_uid=str(result.get("StudyInstanceUID") or "no_study"),
        series_uid=str(result.get("SeriesInstanceUID") or "no_series"),
        sop_uid=str(result.SOPInstanceUID),
        old_study_uid=old_study,
        removals=(*removals, *done.removals),
        notes=done.notes,
    )


def _check_whole(dataset: FileDataset, where: str) -> None:
    """Refuse a file that ends inside a value, which the parser takes as it is."""
    for tag in list(dataset.keys()):
        item = dataset.get_item(tag)
        if (
            isinstance(item, RawDataElement)
            and isinstance(item.value, bytes)
            and item.length != UNDEFINED_LENGTH
            and len(item.value) < item.length
        ):
            raise ReadError("the file is cut off inside a value", where)


def _meta_removals(dataset: FileDataset, key: Key) -> tuple[Removal, ...]:
    """What of preamble and file meta information is not there any more."""
    found: list[Removal] = []
    if dataset.preamble and dataset.preamble.strip(b"\0"):
        found.append(Removal("preamble", "", "zeros", "not part of a data set"))
    for element in dataset.file_meta:
        if element.tag not in _KEPT_META:
            path = f"({element.tag.group:04X},{element.tag.element:04X})"
            value = "" if isinstance(element.value, bytes) else str(element.value)
            found.append(Removal(path, element.keyword, "removed", "file meta information", value))
    uid = dataset.file_meta.get("MediaStorageSOPInstanceUID")
    if uid:
        found.append(
            Removal(
                "(0002,0003)", "MediaStorageSOPInstanceUID", "UID replaced", "PS3.15 Table E.1-1", str(uid)
            )
        )
    return tuple(found)


def _check_encoding(dataset: FileDataset, syntax: UID) -> None:
    """Refuse a file that is encoded in another way than it says."""
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    if dataset.original_encoding != (implicit, little):
        # Bytes of values that stay as they were read would be wrong in another encoding.
        raise ValueError("the file is encoded in another way than its transfer syntax says")


def _check_inflated_size(stream: BinaryIO, where: str) -> None:
    """Refuse a deflated data set of more bytes than are ever read of one."""
    start = deflated_start(stream)
    if start is None:
        return
    stream.seek(start)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflater.decompress(stream.read(), MOST_PIXEL_BYTES)
    if inflater.unconsumed_tail:
        raise ReadError("the data set inflates to too much", where)
