"""Exports say what was measured, name no patient unless asked to, and read back to equal values."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import UTC, datetime

import pytest
from annotation_factory import CORONAL, HASH, IN_MM, IN_PX, SLAB, examples, lengths, make
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.annotation.image_grid import ImageGrid, MeasuredImage
from ichviewer.domain.annotation.kinds import KeyImage, Length, MidlineShift
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.series import PatientInfo
from ichviewer.errors import ExportError, ReadError
from ichviewer.services.annotation_export import (
    COLUMNS,
    PATIENT_COLUMNS,
    ExportedAnnotation,
    annotations_csv,
    read_annotations,
    write_annotations,
)
from ichviewer.services.outputs import Inputs

AXIAL = ImageGrid(Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), PixelSpacing(0.5, 0.5))
PATIENT = PatientInfo("P1", "Doe, Jane", "1950-02-01", "F", 74.0)


def exported(annotation, patient=None) -> ExportedAnnotation:
    grid = AXIAL if annotation.drawn_on == IN_MM else ImageGrid()
    return ExportedAnnotation(annotation, measure(annotation, MeasuredImage(HASH, grid)), patient)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_by_hand():
    length = make(Length, [(0, 0), (3, -4)], id="i1", label="a, b", author="Dr. A")
    text, n = annotations_csv([exported(length)])
    assert text.splitlines() == [
        ",".join(COLUMNS),
        'i1,length,length,5,mm,,,"a, b",Dr. A,2026-01-02T12:00:00+00:00,2026-01-02T12:00:00+00:00,'
        f"1.2,1.2.3,1.2.0,1,,patient_mm,(0 0 0) (3 -4 0),{HASH},,,,,",
    ]
    assert n == 1


def test_a_row_for_every_quantity_and_one_for_what_has_none():
    text, n = annotations_csv([exported(a) for a in examples()])
    rows = rows_of(text)
    assert len(rows) == n
    # Without pixels at hand there are areas but no HU, and a probe has nothing.
    assert [(r["kind"], r["quantity"]) for r in rows] == [
        ("length", "length"),
        ("bidirectional", "long_axis"),
        ("bidirectional", "short_axis"),
        ("angle", "angle"),
        ("midline_shift", "shift"),
        ("abc2", "a"),
        ("abc2", "b"),
        ("abc2", "c"),
        ("abc2", "volume"),
        ("ellipse", "area"),
        ("rectangle", "area"),
        ("freehand", "area"),
        ("probe", ""),
        ("arrow", ""),
        ("text", ""),
        ("key_image", ""),
    ]


def test_sides_and_notes():
    shifted = make(MidlineShift, [(0, -60), (0, 60), (-4.5, 10)])
    unknown = make(MidlineShift, [(0, 50), (100, 50), (50, 70)], IN_PX)
    rows = rows_of(annotations_csv([exported(shifted), exported(unknown)])[0])
    assert [(r["value"], r["unit"], r["side"], r["notes"]) for r in rows] == [
        ("4.5", "mm", "R", ""),
        ("20", "px", "", "no_spacing;side_unknown"),
    ]


def test_reformats_and_slices_say_where_they_are():
    drawn = [make(Length, [(0, 10, 0), (3, 10, 4)], CORONAL), make(Length, [(0, 0), (3, 4)], IN_PX)]
    rows = rows_of(annotations_csv([ExportedAnnotation(a) for a in drawn])[0])
    places = [(r["sop_uid"], r["frame_number"], r["frame_of_reference_uid"], r["coordinates"]) for r in rows]
    assert places == [("", "", "1.9", "patient_mm"), ("1.2.0", "1", "", "slice_px")]
    assert [r["quantity"] for r in rows] == ["", ""]


def test_reformats_say_their_plane_and_slab():
    drawn = [make(Length, [(0, 10, 0), (3, 10, 4)], on) for on in (CORONAL, SLAB)]
    rows = rows_of(annotations_csv([ExportedAnnotation(a) for a in drawn])[0])
    plane = [[r[name] for name in ("plane_point", "plane_right", "plane_down")] for r in rows]
    assert plane == [["(0 10 0)", "(1 0 0)", "(0 0 -1)"]] * 2
    assert [(r["slab_mm"], r["slab_mode"]) for r in rows] == [("0", ""), ("5", "maximum")]


def test_a_file_of_before_slabs_reads_back(tmp_path):
    path = tmp_path / "a.json"
    everything = [ExportedAnnotation(a) for a in examples(CORONAL)]
    write_annotations(everything, None, path, Inputs())
    content = json.loads(path.read_text(encoding="utf-8"))
    content["format"] = 1
    for entry in content["annotations"]:
        del entry["annotation"]["drawn_on"]["slab"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_annotations(path) == tuple(everything)


def test_no_spreadsheet_runs_what_a_person_typed():
    text, _ = annotations_csv([exported(make(KeyImage, [], label="=1+1", author="x;@y\n+2"))])
    (row,) = rows_of(text)
    assert (row["label"], row["author"]) == ("'=1+1", "x;'@y +2")


def test_patients_are_named_only_where_they_are_given(tmp_path):
    drawn = make(Length, [(0, 0), (3, 4)])
    for patient in (None, PATIENT):
        write_annotations([exported(drawn, patient)], tmp_path / "a.csv", tmp_path / "a.json", Inputs())
        for path in (tmp_path / "a.csv", tmp_path / "a.json"):
            text = path.read_text(encoding="utf-8")
            assert all((word in text) == (patient is not None) for word in ("P1", "Doe, Jane", "1950-02-01"))
    (row,) = rows_of((tmp_path / "a.csv").read_text(encoding="utf-8"))
    assert list(row) == [*PATIENT_COLUMNS, *COLUMNS]
    assert [row[c] for c in PATIENT_COLUMNS] == ["P1", "Doe, Jane", "1950-02-01", "F"]


def test_every_column_is_described():
    assert all(words.strip() for words in (PATIENT_COLUMNS | COLUMNS).values())


def test_json_reads_back_to_equal_values(tmp_path):
    everything = [exported(a) for d in (IN_MM, IN_PX) for a in examples(d)]
    everything += [ExportedAnnotation(a, None, PATIENT) for d in (CORONAL, SLAB) for a in examples(d)]
    path = tmp_path / "a.json"
    write_annotations(everything, None, path, Inputs(), now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert read_annotations(path) == tuple(everything)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (content["format"], content["time"]) == (2, "2026-01-02T03:04:05+00:00")


@given(lengths, st.text(), st.none() | st.floats(0, 120))
def test_any_words_and_numbers_read_back_to_equal_values(tmp_path_factory, annotation, name, age):
    path = tmp_path_factory.mktemp("export") / "a.json"
    entry = exported(annotation, PatientInfo(name, name, age_years=age))
    write_annotations([entry], None, path, Inputs())
    assert read_annotations(path) == (entry,)


def test_both_files_are_written_or_none(tmp_path):
    entry = exported(make(Length, [(0, 0), (3, 4)]))
    with pytest.raises(ExportError):
        write_annotations([entry], tmp_path / "a.csv", tmp_path / "nowhere" / "a.json", Inputs())
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_was_read_is_written_to(tmp_path):
    scan = tmp_path / "scan.dcm"
    scan.write_bytes(b"pixels")
    with pytest.raises(ExportError, match="read or found"):
        write_annotations([], scan, None, Inputs((scan,)))
    assert scan.read_bytes() == b"pixels"


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.update(format=3),
        lambda c: c.pop("annotations"),
        lambda c: c["annotations"].append({}),
        lambda c: c["annotations"].append(5),
        lambda c: c["annotations"][0]["annotation"].update(points=[]),
        lambda c: c["annotations"][0]["measured"].update(annotation_id="another"),
        lambda c: c["annotations"][0]["measured"].update(kind=Kind.ANGLE),
        lambda c: c["annotations"][0].update(patient={"id": 5}),
        lambda c: c["annotations"][0].update(
            patient={"id": 5, "name": "", "birth_date": "", "sex": "", "age_years": None}
        ),
    ],
)
def test_of_a_file_that_holds_anything_else_nothing_is_used(tmp_path, change):
    path = tmp_path / "a.json"
    write_annotations([exported(make(Length, [(0, 0), (3, 4)]))], None, path, Inputs())
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReadError, match=r"a\.json"):
        read_annotations(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'"format"'])
def test_what_is_no_json_of_ours_is_refused(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=r"a\.json"):
        read_annotations(path)
    with pytest.raises(ReadError, match="cannot be read"):
        read_annotations(tmp_path / "none.json")


def test_numbers_measured_elsewhere_are_not_exported_with_an_annotation():
    drawn = make(Length, [(0, 0), (3, 4)])
    for other in (
        Measured("another", Kind.LENGTH, HASH),
        Measured(drawn.id, Kind.ANGLE, HASH),
        Measured(drawn.id, Kind.LENGTH, "cd" * 16),
    ):
        with pytest.raises(ValueError, match="Received"):
            ExportedAnnotation(drawn, other)
    assert dataclasses.replace(exported(drawn), measured=None).measured is None
