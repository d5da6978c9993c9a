from __future__ import annotations

import csv
import io

import pytest
from analysis_factory import analysis_of, only_series
from dicom_factory import make_slice, write, write_series

from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import ExportError
from ichviewer.services.export import COLUMNS

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def series(tmp_path):
    return only_series(*write_series(tmp_path / "ct", n=3))


def test_the_pdf_comes_back_byte_for_byte(series, written):
    assert len(PDF) % 2 == 1
    document = written(analysis_of(series), "pdf", pdf=PDF)["pdf"]
    assert document.SOPClassUID == "1.2.840.10008.5.1.4.1.1.104.1"
    assert document.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert document.EncapsulatedDocument[: document.EncapsulatedDocumentLength] == PDF
    assert document.DocumentTitle.startswith("Research use")
    assert [i.ReferencedSOPInstanceUID for i in document.SourceInstanceSequence] == [
        i.sop_uid for i in series.slices
    ]


def test_another_report_is_another_object(series, written):
    one = written(analysis_of(series), "pdf", pdf=PDF)["pdf"]
    other = written(analysis_of(series), "pdf", pdf=PDF + b"% more\n")["pdf"]
    assert one.SOPInstanceUID != other.SOPInstanceUID
    assert one.SeriesInstanceUID == other.SeriesInstanceUID


@pytest.mark.parametrize("wrong", [None, b"", b"PK\3\4"])
def test_what_is_no_pdf_is_refused(series, written, wrong):
    with pytest.raises(ExportError, match=r"window|PDF"):
        written(analysis_of(series), "pdf", pdf=wrong)


def table_of(document) -> str:
    (text,) = (
        item.TextValue
        for item in document.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning.startswith("Comma")
    )
    return text


def test_the_table_comes_back_row_by_row(series, written):
    analysis = analysis_of(series, {1: {"subdural": 0.75}}, {2: ProblemCode.CANCELLED})
    document = written(analysis, "csv")["csv"]
    text = table_of(document)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    assert [r["status"] for r in rows] == ["analysed", "analysed", "not_analysed"]
    assert [r["subdural"] for r in rows] == ["0.125000", "0.750000", ""]
    assert [r["sop_uid"] for r in rows] == [i.sop_uid for i in series.slices]


def test_the_same_images_in_another_folder_make_the_same_report_but_another_table(tmp_path, written):
    one, other = (
        written(analysis_of(only_series(*write_series(tmp_path / name, n=3))), "sr", "csv") for name in "ab"
    )
    assert one["sr"] == other["sr"]
    assert one["csv"].SOPInstanceUID != other["csv"].SOPInstanceUID


def test_a_table_with_letters_of_any_script_is_whole(tmp_path, written):
    ds = make_slice(patient_id="Nº王")
    ds.SpecificCharacterSet = "ISO_IR 192"
    analysis = analysis_of(only_series(write(tmp_path / "Kopf-ü王" / "IM0", ds)))
    document = written(analysis, "csv")["csv"]
    assert "Kopf-ü王" in table_of(document)
    assert "Nº王" in table_of(document)
