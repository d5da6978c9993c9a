"""Encapsulated documents are taken out under a name of ours, once they are what they say they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from stored_factory import PDF, make_stored

from ichviewer.domain.series import SliceSource
from ichviewer.errors import IchViewerError, ReadError
from ichviewer.results.reading.document import Document, DocumentType, read_document

A_PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n%%EOF"


def read(folder: Path, data: bytes, mime: str = "application/pdf", **elements: object) -> Document:
    padded = data + b"\0" * (len(data) % 2)
    told = {
        "EncapsulatedDocument": padded,
        "MIMETypeOfEncapsulatedDocument": mime,
        "DocumentTitle": "../../x",
    }
    ds = make_stored(PDF, "DOC", make_slice(), **{**told, **elements})
    return read_document(SliceSource(write(folder / "doc.dcm", ds)))


def test_a_pdf_comes_out_byte_for_byte_under_a_name_of_ours(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    document = read(tmp_path, A_PDF, EncapsulatedDocumentLength=len(A_PDF))
    path = document.write_to(out)
    assert (document.type, document.title) == (DocumentType.PDF, "../../x")
    assert path.parent == out
    assert path.suffix == ".pdf"
    assert path.read_bytes() == A_PDF


def test_what_stands_before_a_pdf_is_left_out(tmp_path):
    assert read(tmp_path, b"junk\n" + A_PDF).data == A_PDF


def test_a_table_comes_out_without_formulas(tmp_path):
    document = read(tmp_path, b'name,p\n=HYPERLINK("x"),0.5\n', "text/csv; charset=utf-8")
    assert document.type is DocumentType.CSV
    assert document.data == b'name,p\n\'=HYPERLINK("x"),0.5\n'


@pytest.mark.parametrize(
    ("data", "mime", "words"),
    [
        (b"MZ\x90\0", "application/pdf", "no PDF, although it says so"),
        (b"a\0b,", "text/csv", "no table of text, although it says so"),
        (A_PDF, "application/x-msdownload", "not opened. Found: application/x-msdownload"),
        (A_PDF, "", "no MIME type"),
        (b"", "application/pdf", "empty"),
    ],
)
def test_what_is_no_such_document_is_refused(tmp_path, data, mime, words):
    with pytest.raises(ReadError, match=words):
        read(tmp_path, data, mime)


def test_a_document_that_is_cut_is_refused(tmp_path):
    with pytest.raises(ReadError, match="cut short"):
        read(tmp_path, A_PDF, EncapsulatedDocumentLength=len(A_PDF) + 10)
    path = tmp_path / "doc.dcm"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(IchViewerError):
        read_document(SliceSource(path))
