"""Results de-identified with their images: references still meet, no name is left, other people's programs agree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pydicom
import pytest
from analysis_factory import analysis_of, only_series, with_regions
from dicom_factory import make_enhanced, uid_of, write, write_series
from planted_names import DOCTOR, FULL_NAME, IDENTIFIER, names_in
from pydicom.uid import Comprehensive3DSRStorage

from ichviewer.bundle import demo_dir
from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.walk import elements_of
from ichviewer.domain.series import Series
from ichviewer.results.extras import Extras
from ichviewer.results.kinds import KINDS
from ichviewer.results.write_results import write_results
from ichviewer.services.deidentify_export import Export, export_deidentified

KEY = Key(bytes(range(32)))
ALL = Options(True, True, True)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def errors(path: Path) -> list[str]:
    """What dciodvfy calls an error; the test is skipped where it is not installed."""
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy is not installed; on Debian: apt-get install dicom3tools")
    found = subprocess.run(
        ["dciodvfy", str(path)], check=False, capture_output=True, text=True, errors="replace", timeout=60
    )
    return [line for line in (found.stdout + found.stderr).splitlines() if line.startswith("Error")]


def results_of(series: Series, out: Path) -> tuple[Path, ...]:
    flagged = {0: {"subdural": 0.75}, 1: {"epidural": 0.5, "intraventricular": 0.875}}
    extras = Extras(observer=f"{DOCTOR}^Jane", read_slice=read_slice, pdf=PDF)
    return write_results(with_regions(analysis_of(series, flagged), 0, 1), out, KINDS, extras=extras)


def study(folder: Path) -> Path:
    """Images of a patient with planted names, and all results of them."""
    images = write_series(folder / "images", n=5)
    for path in images:
        ds = pydicom.dcmread(path)
        ds.PatientName, ds.PatientID = FULL_NAME, IDENTIFIER
        ds.ReferringPhysicianName = DOCTOR
        ds.FrameOfReferenceUID = uid_of("frame of reference")
        ds.save_as(path)
    results_of(only_series(folder / "images"), folder / "results")
    return folder


def export(folder: Path, out: Path, options: Options) -> Export:
    return export_deidentified([folder], out, options, KEY)


@pytest.mark.parametrize("options", [Options(), ALL], ids=["basic", "all"])
def test_no_name_is_left_in_results_and_what_cannot_be_cleaned_is_refused(options, tmp_path):
    done = export(study(tmp_path / "in"), tmp_path / "out", options)
    assert {refused.why for refused in done.refused} == {"an encapsulated document cannot be cleaned"}
    kinds = {Path(item.source).name.split("_")[0] for item in done.written if "results" in item.source}
    assert kinds == {kind.name for kind in KINDS} - {"pdf"}
    for item in done.written:
        assert names_in(item.path.read_bytes()) == [], item.path


def test_results_refer_to_the_new_images(tmp_path):
    done = export(study(tmp_path / "in"), tmp_path / "out", Options())
    written = [pydicom.dcmread(item.path) for item in done.written]
    images = {ds.SOPInstanceUID for ds in written if ds.SOPClassUID.name == "CT Image Storage"}
    results = [ds for ds in written if ds.SOPInstanceUID not in images]
    assert len(images) == 5
    for ds in results:
        referred = {
            str(element.value) for element in elements_of(ds) if element.keyword == "ReferencedSOPInstanceUID"
        }
        others = {other.SOPInstanceUID for other in results} - {ds.SOPInstanceUID}
        assert referred <= images | others, ds.SOPClassUID.name
    assert {ds.Modality for ds in results} >= {"SR", "KO", "PR", "SEG"}
    assert len({ds.StudyInstanceUID for ds in written}) == 1
    assert len({ds.PatientID for ds in written}) == 1


def test_the_report_still_says_what_was_found_and_by_which_model(tmp_path):
    folder = study(tmp_path / "in")
    done = export(folder, tmp_path / "out", Options())
    before = next(
        ds
        for p in (folder / "results").iterdir()
        if (ds := pydicom.dcmread(p)).SOPClassUID == Comprehensive3DSRStorage
    )
    after = next(
        ds
        for item in done.written
        if (ds := pydicom.dcmread(item.path)).SOPClassUID == Comprehensive3DSRStorage
    )

    def told(ds: pydicom.Dataset, keyword: str) -> list[str]:
        return [str(e.value) for e in elements_of(ds) if e.keyword == keyword]

    assert told(after, "NumericValue") == told(before, "NumericValue") != []
    # The last items of a report's header are codes of what was done to it.
    assert [m for m in told(before, "CodeMeaning") if m not in told(after, "CodeMeaning")] == []
    kept = [text for text in told(after, "TextValue") if text != "REMOVED"]
    assert {"Series", "Slice 1, subdural"} <= set(kept)
    assert any("Research" in text for text in kept)
    assert any("SHA-256" in text or "sha256" in text for text in kept)
    assert set(kept) <= set(told(before, "TextValue"))


@pytest.mark.parametrize(
    "options", [Options(), Options(keep_longitudinal=True), ALL], ids=["basic", "dates", "all"]
)
def test_dciodvfy_finds_no_error_that_the_original_has_not(options, tmp_path):
    done = export(study(tmp_path / "in"), tmp_path / "out", options)
    for item in done.written:
        assert set(errors(item.path)) <= set(errors(Path(item.source))), item.source


@pytest.mark.parametrize("options", [Options(), ALL], ids=["basic", "all"])
def test_dciodvfy_finds_no_new_error_in_the_demo_study_and_a_multi_frame_one(options, tmp_path):
    first = sorted((demo_dir() / "bleed").rglob("*.dcm"))[-2:]
    enhanced = write(tmp_path / "enhanced" / "e.dcm", make_enhanced(6, FrameOfReferenceUID=uid_of("frame")))
    results_of(only_series(enhanced), tmp_path / "results")
    done = export_deidentified([*first, enhanced, tmp_path / "results"], tmp_path / "out", options, KEY)
    assert len(done.written) > 5
    for item in done.written:
        assert set(errors(item.path)) <= set(errors(Path(item.source))), item.source


@pytest.mark.realdata
@pytest.mark.parametrize("options", [Options(), ALL], ids=["basic", "all"])
def test_dciodvfy_finds_no_new_error_in_a_real_scan(options, shared_data, tmp_path):
    source = sorted((shared_data / "ge-head-ct").glob("*.dcm"))[:2]
    done = export_deidentified(source, tmp_path / "out", options, KEY)
    assert len(done.written) == 2
    for item in done.written:
        assert set(errors(item.path)) <= set(errors(Path(item.source))), item.source
