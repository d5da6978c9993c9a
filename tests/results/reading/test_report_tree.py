"""Any structured report is a readable tree, however odd, and a Key Object Selection a filter of slices."""

from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import make_enhanced, make_slice, to_bytes, write
from pydicom.dataset import FileDataset
from stored_factory import (
    KEY_OBJECTS,
    code,
    content,
    item,
    make_report,
    nested_bytes,
    reference,
    referenced_series,
)

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError
from ichviewer.results.reading.key_objects import read_key_objects
from ichviewer.results.reading.report_tree import MOST_DEPTH, MOST_NODES, Report, read_report

CONTENT_TAG = b"\x40\x00\x30\xa7"


@pytest.fixture
def images(tmp_path: Path) -> list[FileDataset]:
    made = [make_slice(z_mm=5.0 * n, instance_number=n + 1) for n in range(4)]
    for number, image in enumerate(made):
        write(tmp_path / "ct" / f"{number}.dcm", image)
    return made


def saved(folder: Path, ds: FileDataset, more: bytes = b"") -> SliceSource:
    path = folder / "report.dcm"
    path.write_bytes(to_bytes(ds) + more)
    return SliceSource(path)


def number(value: str, unit: list) -> dict:
    return {"MeasuredValueSequence": [item(NumericValue=value, MeasurementUnitsCodeSequence=unit)]}


def test_every_kind_of_value_is_told_in_words(tmp_path, images):
    image = images[0]
    name = code("1", "99TEST", "Name")
    ds = make_report(
        image,
        [
            content("CONTAINS", "TEXT", name, TextValue="plain <b>words</b>"),
            content(
                "CONTAINS", "CODE", name, ConceptCodeSequence=code("35486000", "SCT", "Subdural hemorrhage")
            ),
            content("CONTAINS", "NUM", name, **number("12.5", code("mm", "UCUM", "millimeter"))),
            content("CONTAINS", "NUM", name, **number("0.75", code("1", "UCUM", "no units"))),
            content("CONTAINS", "NUM", name, **number("3", code("{counts}", "UCUM", "counts"))),
            content("CONTAINS", "NUM", name, MeasuredValueSequence=[]),
            content("CONTAINS", "PNAME", name, PersonName="Doe^Jane"),
            content("CONTAINS", "DATE", name, Date="20240131"),
            content("CONTAINS", "TIME", name, Time="101500"),
            content("CONTAINS", "DATETIME", name, DateTime="20240131101500+0100"),
            content("CONTAINS", "UIDREF", name, UID="1.2.3"),
            content("CONTAINS", "IMAGE", name, ReferencedSOPSequence=[reference(image, 3)]),
            content("CONTAINS", "SCOORD", name, GraphicType="POLYLINE", GraphicData=[1.0, 2.0, 3.0, 4.5]),
            content("CONTAINS", "SCOORD3D", name, GraphicType="POINT", GraphicData=[1.0, 2.0, 3.0]),
            content("CONTAINS", "MYSTERY", name),
            item(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=[1, 2]),
        ],
    )
    report = read_report(saved(tmp_path, ds))
    assert (report.completion, report.verification) == ("PARTIAL", "UNVERIFIED")
    assert report.root.text == "Imaging Measurement Report"
    assert [node.text for node in report.root.children] == [
        "Name: plain <b>words</b>",
        "Name: Subdural hemorrhage",
        "Name: 12.5 mm",
        "Name: 0.75",
        "Name: 3 counts",
        "Name: no value",
        "Name: Doe, Jane",
        "Name: 2024-01-31",
        "Name: 10:15:00",
        "Name: 2024-01-31 10:15:00",
        "Name: 1.2.3",
        f"Name: {image.SOPInstanceUID} frame 3",
        "Name: polyline (1, 2), (3, 4.5) px",
        "Name: point (1, 2, 3) mm",
        "Name: of an unknown kind: MYSTERY",
        "see item 1.2",
    ]
    assert report.root.children[11].references[0].frames == (2,)


def test_the_order_and_depth_of_items_are_those_of_the_report(tmp_path, images):
    name = code("1", "99TEST", "n")

    def text(words: str) -> object:
        return content("CONTAINS", "TEXT", name, TextValue=words)

    inner = content(
        "CONTAINS", "CONTAINER", code("2", "99TEST", "inner"), ContentSequence=[text("a"), text("b")]
    )
    report = read_report(saved(tmp_path, make_report(images[0], [inner, text("c")])))
    assert list(report.lines()) == [
        (0, "Imaging Measurement Report"),
        (1, "inner"),
        (2, "n: a"),
        (2, "n: b"),
        (1, "n: c"),
    ]


@pytest.mark.parametrize("sized", [True, False])
def test_a_tree_too_deep_is_shown_as_far_as_the_limit_and_says_so(tmp_path, images, sized):
    ds = make_report(images[0], [])
    del ds.ContentSequence
    report = read_report(saved(tmp_path, ds, nested_bytes(CONTENT_TAG, 100, sized=sized)))
    assert max(depth for depth, _ in report.lines()) == MOST_DEPTH
    assert [p.found for p in report.problems] == [f"1 items deeper than {MOST_DEPTH} levels"]


def test_a_tree_nested_without_end_gives_an_error_or_ends_at_the_limit(tmp_path, images):
    ds = make_report(images[0], [])
    del ds.ContentSequence
    with pytest.raises(ReadError, match="recursion"):
        read_report(saved(tmp_path, ds, nested_bytes(CONTENT_TAG, 3_000, sized=False)))
    assert (
        _depth(read_report(saved(tmp_path, ds, nested_bytes(CONTENT_TAG, 3_000, sized=True)))) == MOST_DEPTH
    )


def _depth(report: Report) -> int:
    return max(depth for depth, _ in report.lines())


def test_a_tree_too_wide_is_shown_as_far_as_the_limit_and_says_so(tmp_path, images):
    ds = make_report(images[0], [])
    del ds.ContentSequence
    items = b"\xfe\xff\x00\xe0\0\0\0\0" * (MOST_NODES + 5)
    wide = CONTENT_TAG + b"SQ\0\0" + len(items).to_bytes(4, "little") + items
    report = read_report(saved(tmp_path, ds, wide))
    assert sum(1 for _ in report.walk()) == MOST_NODES
    # The title is one of them.
    assert [p.found for p in report.problems] == [f"6 items beyond {MOST_NODES:,}"]


@pytest.mark.parametrize("kept", [150, 500, 900])
def test_a_report_that_is_cut_gives_an_error(tmp_path, images, kept):
    ds = make_report(images[0], [content("CONTAINS", "TEXT", None, TextValue="x" * 500)])
    path = write(tmp_path / "cut.dcm", ds, keep_bytes=kept)
    with pytest.raises(ReadError):
        read_report(SliceSource(path))


def test_an_image_is_no_report(tmp_path, images):
    with pytest.raises(ReadError, match=r"this is no structured report\. Found: CT Image Storage"):
        read_report(SliceSource(tmp_path / "ct" / "0.dcm"))


def test_key_objects_are_a_filter_of_slices_with_a_title(tmp_path, images):
    (series,) = read_catalog([tmp_path / "ct"]).series
    ds = make_report(
        images[0],
        [
            content(
                "HAS OBS CONTEXT",
                "PNAME",
                code("121008", "DCM", "Person Observer Name"),
                PersonName="Doe^Jane",
            ),
            content(
                "CONTAINS", "TEXT", code("113012", "DCM", "Key Object Description"), TextValue="look here"
            ),
            content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(images[3])]),
            content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(images[1])]),
        ],
        KEY_OBJECTS,
        ConceptNameCodeSequence=code("113003", "DCM", "For Surgery"),
        CurrentRequestedProcedureEvidenceSequence=[
            item(
                StudyInstanceUID=images[0].StudyInstanceUID,
                ReferencedSeriesSequence=referenced_series(images, "ReferencedSOPSequence"),
            )
        ],
    )
    found = read_key_objects(saved(tmp_path, ds))
    assert found.title is not None and found.title.text == "For Surgery"
    assert (found.description, found.observers) == ("look here", ("Doe, Jane",))
    assert found.slices_of(series) == (1, 3)


def test_key_frames_of_a_multi_frame_image_are_told_apart(tmp_path):
    image = make_enhanced(4)
    write(tmp_path / "ct" / "a.dcm", image)
    (series,) = read_catalog([tmp_path / "ct"]).series
    ds = make_report(
        image,
        [content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(image, 2, 4)])],
        KEY_OBJECTS,
    )
    assert read_key_objects(saved(tmp_path, ds)).slices_of(series) == (1, 3)


def test_key_objects_of_another_patient_or_of_nothing_are_refused(tmp_path, images):
    (series,) = read_catalog([tmp_path / "ct"]).series
    marked = [content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(images[1])])]
    other = make_report(images[0], marked, KEY_OBJECTS, PatientID="P9")
    with pytest.raises(ReadError, match="another patient"):
        read_key_objects(saved(tmp_path, other)).slices_of(series)
    with pytest.raises(ReadError, match="marks no images"):
        read_key_objects(saved(tmp_path, make_report(images[0], [], KEY_OBJECTS)))
