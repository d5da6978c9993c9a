"""Results beside the images are listed with what they refer to, and only beside the study they belong to."""

from __future__ import annotations

from pathlib import Path

from dicom_factory import make_slice, to_bytes, uid_of, write, write_series
from stored_factory import (
    KEY_OBJECTS,
    PDF,
    PRESENTATION,
    REPORT,
    content,
    frame_group,
    make_report,
    make_segmentation,
    make_stored,
    masks_of,
    nested_bytes,
    reference,
    referenced_series,
)

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.stored_object import StoredKind
from ichviewer.services.reading_process import ReadingProcess
from ichviewer.services.stored_results import is_result, stored_results, without_study

IMAGE = make_slice(z_mm=0.0, instance_number=1)


def test_every_kind_is_listed_with_its_name_and_what_it_refers_to(tmp_path):
    write_series(tmp_path / "ct", n=2)
    listed = referenced_series([IMAGE])
    objects = {
        "sr": make_report(IMAGE, [], SeriesNumber=5),
        "ko": make_report(
            IMAGE,
            [content("CONTAINS", "IMAGE", None, ReferencedSOPSequence=[reference(IMAGE)])],
            KEY_OBJECTS,
            SeriesNumber=4,
        ),
        "seg": make_segmentation(
            IMAGE, masks_of(n=1), [frame_group(1)], ReferencedSeriesSequence=listed, SeriesNumber=3
        ),
        "pr": make_stored(
            PRESENTATION,
            "PR",
            IMAGE,
            ContentLabel="WINDOWS",
            ReferencedSeriesSequence=referenced_series([IMAGE], "ReferencedImageSequence"),
            SeriesNumber=2,
        ),
        "pdf": make_stored(
            PDF, "DOC", IMAGE, DocumentTitle="Letter", EncapsulatedDocument=b"%PDF-", SeriesNumber=1
        ),
    }
    for name, ds in objects.items():
        write(tmp_path / "results" / name, ds)
    catalog = read_catalog([tmp_path])
    (results,) = stored_results(catalog)
    assert [(o.kind, o.label) for o in results.objects] == [
        (StoredKind.DOCUMENT, "Letter"),
        (StoredKind.PRESENTATION, "WINDOWS"),
        (StoredKind.SEGMENTATION, ""),
        (StoredKind.KEY_OBJECTS, "Imaging Measurement Report"),
        (StoredKind.REPORT, "Imaging Measurement Report"),
    ]
    assert results.objects[2].manufacturer == "Another maker"
    ct = next(series for series in catalog.series if series.modality == "CT")
    assert {o.kind for o in results.about(ct)} == {StoredKind.PRESENTATION, StoredKind.SEGMENTATION}
    assert without_study(catalog) == ()
    assert {series.modality: is_result(series) for series in catalog.series} == {"CT": False, "SEG": True}


def test_results_of_another_patient_lie_beside_no_study(tmp_path):
    write_series(tmp_path / "ct", n=2)
    write(tmp_path / "other", make_report(IMAGE, [], PatientID="P2"))
    write(tmp_path / "alone", make_report(IMAGE, [], StudyInstanceUID=uid_of("no images")))
    catalog = read_catalog([tmp_path])
    assert stored_results(catalog) == ()
    assert sorted(Path(str(o.source)).name for o in without_study(catalog)) == ["alone", "other"]


def test_a_result_found_twice_is_listed_once(tmp_path):
    write_series(tmp_path / "ct", n=2)
    for name in ("a", "b"):
        write(tmp_path / name, make_report(IMAGE, []))
    (results,) = stored_results(read_catalog([tmp_path]))
    assert len(results.objects) == 1


def test_references_nested_without_end_are_a_file_that_cannot_be_read(tmp_path):
    ds = make_report(IMAGE, [])
    nested = nested_bytes(b"\x08\x00\x15\x11", 1_000, sized=False)
    (tmp_path / "sr").write_bytes(to_bytes(ds) + nested)
    catalog = read_catalog([tmp_path])
    assert catalog.stored == ()
    (problem,) = catalog.problems
    assert problem.code is ProblemCode.UNREADABLE_FILE
    assert "RecursionError" in problem.found


def test_an_old_report_without_pixels_is_still_told_as_a_file_without_an_image(tmp_path):
    write_series(tmp_path / "ct", n=1)
    write(tmp_path / "sr", make_stored(REPORT, "SR", IMAGE))
    catalog = read_catalog([tmp_path])
    assert [p.code for p in catalog.problems] == [ProblemCode.NO_PIXEL_DATA]
    assert [o.kind for o in catalog.stored] == [StoredKind.REPORT]


def test_the_reading_process_hands_results_over(tmp_path):
    write_series(tmp_path / "ct", n=1)
    write(tmp_path / "sr", make_report(IMAGE, []))
    process = ReadingProcess()
    try:
        catalog = process.open_study([tmp_path])
    finally:
        process.close()
    (results,) = stored_results(catalog)
    assert [o.kind for o in results.objects] == [StoredKind.REPORT]
