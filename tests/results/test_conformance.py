"""Other people's programs judge the objects: dciodvfy of dicom3tools, dsrdump and dcm2json of dcmtk."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from analysis_factory import analysis_of, only_series
from dicom_factory import make_enhanced, make_slice, write, write_series

from ichviewer.bundle import demo_dir
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceSource
from ichviewer.results.extras import Extras
from ichviewer.results.kinds import KINDS, kinds_named
from ichviewer.results.write_results import write_results

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def tool(name: str) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """A program of Debian that reads one file; the test is skipped where it is not installed."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed; on Debian: apt-get install dicom3tools dcmtk")

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [name, str(path)], check=False, capture_output=True, text=True, errors="replace", timeout=60
        )

    return run


def objects_of(series: Series, out: Path, without=None) -> tuple[Path, ...]:
    """All kinds of objects of a series of which a few slices are flagged."""
    n = len(series)
    flagged = {n // 3: {"subdural": 0.75}, n // 2: {"epidural": 0.5, "intraventricular": 0.875}}
    extras = Extras(observer="Doe^Jane", read_slice=read_slice, pdf=PDF)
    return write_results(analysis_of(series, flagged, without), out, KINDS, extras=extras)


def errors(path: Path) -> list[str]:
    found = tool("dciodvfy")(path)
    return [line for line in (found.stdout + found.stderr).splitlines() if line.startswith("Error")]


def check(paths: tuple[Path, ...]) -> None:
    """No error in any object, and dcmtk reads each to the values that pydicom reads."""
    # Regions need slices that lie somewhere in the patient; they are judged where there are some (test_regions).
    assert {path.name.split("_")[0] for path in paths} >= {kind.name for kind in KINDS} - {"seg", "pm"}
    to_json, dump = tool("dcm2json"), tool("dsrdump")
    for path in paths:
        assert errors(path) == [], path
        dataset = pydicom.dcmread(path)
        told = to_json(path)
        assert told.returncode == 0, told.stderr
        values = json.loads(told.stdout)
        assert values["00080018"]["Value"] == [dataset.SOPInstanceUID]
        assert values["0020000D"]["Value"] == [dataset.StudyInstanceUID]
        if "ContentSequence" in dataset:
            report = dump(path)
            assert report.returncode == 0, report.stderr
            assert "E: " not in report.stderr
            assert "ichviewer" in report.stdout


@pytest.fixture(scope="module")
def demo() -> Series:
    """The head CT of the first demo study that shows blood."""
    found = read_catalog([demo_dir() / "bleed"]).series
    return max(found, key=len)


def test_the_demo_study(demo, tmp_path):
    check(objects_of(demo, tmp_path / "out"))


def test_a_series_of_which_slices_were_not_analyzed(demo, tmp_path):
    without = {0: ProblemCode.NO_BRAIN_IN_SLICE, 1: ProblemCode.DECODE_FAILED, 2: ProblemCode.CANCELLED}
    check(objects_of(demo, tmp_path / "out", without))


def test_a_report_that_names_its_predecessors(demo, tmp_path):
    extras = Extras(earlier=tuple(SliceSource(path) for path in objects_of(demo, tmp_path / "first")))
    other = analysis_of(demo, point=OperatingPoint("other", (0.25,) * 6))
    (path,) = write_results(other, tmp_path / "second", kinds_named(["sr"]), extras=extras)
    assert len(pydicom.dcmread(path).PredecessorDocumentsSequence) == 1
    assert errors(path) == []
    dump = tool("dsrdump")(path)
    assert (dump.returncode, "E: " in dump.stderr) == (0, False)


def test_a_multi_frame_study(tmp_path):
    check(objects_of(only_series(write(tmp_path / "e", make_enhanced(6))), tmp_path / "out"))


def test_images_without_spacing_position_numbers_and_names(tmp_path):
    bare = {
        "pixel_spacing_mm": None,
        "orientation": None,
        "series_number": None,
        "PatientName": None,
        "PatientID": None,
        "PatientBirthDate": None,
        "PatientSex": None,
        "StudyDate": None,
        "StudyTime": None,
        "SpecificCharacterSet": None,
    }
    paths = [write(tmp_path / "ct" / f"IM{i}", make_slice(instance_number=i + 1, **bare)) for i in range(6)]
    check(objects_of(only_series(*paths), tmp_path / "out"))


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "Müller^Jürgen"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
    ],
)
def test_character_sets(tmp_path, charset, name):
    paths = write_series(tmp_path / "ct", n=6, SpecificCharacterSet=charset, patient_name=name)
    paths = objects_of(only_series(*paths), tmp_path / "out")
    for path in paths:
        assert errors(path) == []
        assert str(pydicom.dcmread(path).PatientName) == name


@pytest.mark.realdata
def test_the_tilted_scan_with_uneven_distances(shared_data, tmp_path):
    (series,) = read_catalog([shared_data / "ge-head-ct"]).series
    paths = objects_of(series, tmp_path / "out")
    check(paths)
    report = pydicom.dcmread(next(path for path in paths if path.name.startswith("sr")))
    # Each group lands on the image whose position is that of the slice it names, whatever the file's name or number.
    files = {}
    for path in (shared_data / "ge-head-ct").glob("*.dcm"):
        image = pydicom.dcmread(path, stop_before_pixels=True)
        files[image.SOPInstanceUID] = [float(v) for v in image.ImagePositionPatient]
    order = sorted(files.values(), key=lambda position: position[2])
    (measurements,) = (
        i
        for i in report.ContentSequence
        if i.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurements"
    )
    named = 0
    for group in measurements.ContentSequence:
        words = next(i.TextValue for i in group.ContentSequence if i.ValueType == "TEXT")
        for item in group.ContentSequence:
            if item.ValueType == "IMAGE" and words.startswith("Slice "):
                number = int(words.removeprefix("Slice ").partition(",")[0])
                uid = item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
                assert files[uid] == order[number - 1]
                named += 1
    assert named == 5
