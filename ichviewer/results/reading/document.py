"""Encapsulated documents (DICOM PS3.3 A.45, A.104): PDF and CSV, taken out for another program to show.

The document is checked to be what it says it is. Its name is ours, never the file's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydicom.dataelem import RawDataElement

from ichviewer.dicom.values import tag_of
from ichviewer.domain.series import SliceSource
from ichviewer.domain.stored_object import StoredKind
from ichviewer.errors import ReadError
from ichviewer.results.reading.result_file import ResultFile, open_result
from ichviewer.services.csv_cells import defuse
from ichviewer.services.outputs import Inputs, write_outputs

MOST_BYTES = 1 << 25
"""The largest document that is taken out; what a header may hold."""
_PDF_SEARCHED = 1024


class DocumentType(StrEnum):
    """What documents can be taken out; the value is their suffix."""

    PDF = "pdf"
    CSV = "csv"


_BY_MIME = {"application/pdf": DocumentType.PDF, "text/csv": DocumentType.CSV}


@dataclass(frozen=True, eq=False)
class Document:
    """An encapsulated document.

    Parameters
    ----------
    file : ResultFile
    type : DocumentType
    title : str
        As the file says; may be empty.
    data : bytes
        The document; of a CSV, with lines that no spreadsheet takes for a formula.
    """

    file: ResultFile
    type: DocumentType
    title: str
    data: bytes

    def write_to(self, folder: Path) -> Path:
        """Write it into a folder of one's own under a name that says nothing of the patient.

        Parameters
        ----------
        folder : Path
            Readable by the user only, removed by whoever made it.

        Returns
        -------
        Path
            The file; the same one for the same document.

        Raises
        ------
        ExportError
        """
        name = hashlib.blake2b(self.data, digest_size=8).hexdigest()
        path = folder / f"document-{name}.{self.type.value}"
        write_outputs([(path, self.data)], Inputs(read=(self.file.source.path,)))
        return path


def read_document(source: SliceSource) -> Document:
    """Read an encapsulated PDF or CSV.

    Parameters
    ----------
    source : SliceSource

    Raises
    ------
    ReadError
        When it is none, is too large, is of a type that is not taken out, or is not what it says it is.
    """
    file = open_result(source, (StoredKind.DOCUMENT,), "encapsulated document")
    root = file.root
    mime = root.text("MIMETypeOfEncapsulatedDocument").partition(";")[0].strip().lower()
    if mime not in _BY_MIME:
        raise ReadError("documents of this type are not opened", file.where, mime or "no MIME type")
    kind = _BY_MIME[mime]
    data = _data(file)
    if kind is DocumentType.PDF:
        # Readers look for it in the first 1,024 bytes (ISO 32000-1, implementation note 13).
        start = data[:_PDF_SEARCHED].find(b"%PDF-")
        if start < 0:
            raise ReadError("the document is no PDF, although it says so", file.where)
        data = data[start:]
    else:
        data = _plain_table(file, data)
    return Document(file, kind, root.text("DocumentTitle"), data)


def _data(file: ResultFile) -> bytes:
    tag = tag_of("EncapsulatedDocument")
    if tag not in file.root.dataset:
        raise ReadError("the file holds no document", file.where)
    item = file.root.dataset.get_item(tag, keep_deferred=True)
    value = item.value if item is not None else None
    if value is None and isinstance(item, RawDataElement) and item.length:
        raise ReadError("the document is too large", file.where, f"{item.length:,} bytes")
    if not isinstance(value, bytes) or not value:
        raise ReadError("the document is empty", file.where)
    length = file.root.integer("EncapsulatedDocumentLength")
    if length is not None and 0 < length <= len(value):
        return value[:length]
    if length is not None and length > len(value):
        raise ReadError("the document is cut short", file.where, f"{len(value):,} of {length:,} bytes")
    # Values have an even length: one byte may be padding.
    return value.removesuffix(b"\0")


def _plain_table(file: ResultFile, data: bytes) -> bytes:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\0" in text:
        raise ReadError("the document is no table of text, although it says so", file.where)
    return "".join(defuse(line) + "\n" for line in text.splitlines()).encode()
