"""The demo studies that are bundled: their headers, their truth, and that they are what the program makes."""

import csv
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import config
from pydicom.uid import CTImageStorage, JPEG2000Lossless

from ichviewer.bundle import demo_dir, resources_dir
from ichviewer.domain.labels import TYPES
from ichviewer.learning.synthesis.demo import CLEAN_NAMES, STRUCK_NAMES, make_demo
from ichviewer.learning.synthesis.demo_dicom import TRUTH_COLUMNS, StudyNames, differences

# Type 1 and type 2 attributes of the modules of the CT Image IOD (DICOM PS3.3 A.3.3), by module.
_TYPE_1 = [
    "StudyInstanceUID",
    "Modality",
    "SeriesInstanceUID",
    "FrameOfReferenceUID",
    "PixelSpacing",
    "ImageOrientationPatient",
    "ImagePositionPatient",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelData",
    "ImageType",
    "RescaleIntercept",
    "RescaleSlope",
    "SOPClassUID",
    "SOPInstanceUID",
    "PatientPosition",
]
_TYPE_2 = [
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "StudyID",
    "AccessionNumber",
    "SeriesNumber",
    "PositionReferenceIndicator",
    "Manufacturer",
    "InstanceNumber",
    "KVP",
    "AcquisitionNumber",
    "SliceThickness",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return resources_dir() / "demo"


@pytest.fixture(scope="module")
def truth(folder: Path) -> list[dict[str, str]]:
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == TRUTH_COLUMNS
    return rows


@pytest.fixture(scope="module")
def headers(folder: Path) -> dict[str, pydicom.Dataset]:
    """All images, read with every check of pydicom's raising."""
    previous = config.settings.reading_validation_mode
    config.settings.reading_validation_mode = config.RAISE
    try:
        images = {}
        for path in sorted(folder.rglob("*.dcm")):
            ds = pydicom.dcmread(path)
            assert len(list(ds.iterall())) > 40
            images[path.relative_to(folder).as_posix()] = ds
        return images
    finally:
        config.settings.reading_validation_mode = previous


def test_they_are_small_and_say_what_they_are(folder: Path, headers: dict[str, pydicom.Dataset]) -> None:
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) <= 5_000_000
    for name, ds in headers.items():
        names = STRUCK_NAMES if f"/{STRUCK_NAMES.key}/" in name else CLEAN_NAMES
        assert (ds.PatientName, ds.PatientID) == (names.patient_name, names.patient_id)
        assert "synthetic" in ds.Manufacturer and "SYNTHETIC" in ds.ImageComments
        assert "(synthetic)" in ds.StudyDescription


def test_it_is_said_where_the_shapes_come_from(folder: Path) -> None:
    notice = (Path(__file__).parents[3] / "NOTICE").read_text(encoding="utf-8")
    for text in ((folder / "README.txt").read_text(encoding="utf-8"), notice):
        assert "SynthSeg" in text and "Apache License" in text
    # What lies beside the studies is not opened with them.
    assert not [p for p in demo_dir().rglob("*") if p.is_file() and p.suffix != ".dcm"]


def test_headers_hold_what_the_standard_asks_of_a_ct_image(headers: dict[str, pydicom.Dataset]) -> None:
    for name, ds in headers.items():
        missing = [k for k in _TYPE_1 if k not in ds or ds[k].is_empty] + [k for k in _TYPE_2 if k not in ds]
        assert not missing, name
        assert ds.file_meta.TransferSyntaxUID == JPEG2000Lossless
        assert ds.SOPClassUID == ds.file_meta.MediaStorageSOPClassUID == CTImageStorage
        assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID
        assert (ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation) == (16, 12, 11, 0)
        assert ds.LossyImageCompression == "00"


@pytest.mark.parametrize("names", [STRUCK_NAMES, CLEAN_NAMES], ids=lambda names: names.key)
def test_each_is_a_study_of_two_series(headers: dict[str, pydicom.Dataset], names: StudyNames) -> None:
    images = {name: ds for name, ds in headers.items() if f"/{names.key}/" in name}
    assert len({ds.SOPInstanceUID for ds in headers.values()}) == len(headers)
    assert {ds.StudyInstanceUID for ds in images.values()} == {names.uid("study")}
    localizer = images.pop(names.file(1, 1))
    assert "LOCALIZER" in localizer.ImageType
    axial = list(images.values())
    assert len({ds.SeriesInstanceUID for ds in axial} | {localizer.SeriesInstanceUID}) == 2
    assert 28 <= len(axial) <= 32
    assert all("AXIAL" in ds.ImageType and (ds.Rows, ds.Columns) == (512, 512) for ds in axial)
    positions = sorted(float(ds.ImagePositionPatient[2]) for ds in axial)
    assert np.allclose(np.diff(positions), 5.0)
    assert [float(c) for c in axial[0].WindowCenter] == [40, 80, 600]
    assert len(axial[0].WindowCenterWidthExplanation) == 3


def test_the_truth_covers_all_types_and_a_head_without_any(
    truth: list[dict[str, str]], headers: dict[str, pydicom.Dataset]
) -> None:
    assert {row["file"] for row in truth} == {n for n, ds in headers.items() if "AXIAL" in ds.ImageType}
    for row in truth:
        assert headers[row["file"]].SOPInstanceUID == row["sop_uid"]
        assert float(headers[row["file"]].ImagePositionPatient[2]) == float(row["position_mm"])
    clean = [row for row in truth if f"/{CLEAN_NAMES.key}/" in row["file"]]
    struck = [row for row in truth if row not in clean]
    assert all(row["any"] == "0" for row in clean)
    for kind in TYPES:
        assert all(int(row[f"{kind}_pixels"]) == 0 for row in clean)
        assert sum(row[kind] == "1" for row in struck) >= 3, kind
    # What is seen has pixels, and neither end of the head shows any.
    assert all(int(row[f"{kind}_pixels"]) > 0 for row in struck for kind in TYPES if row[kind] == "1")
    assert all(row["any"] == "0" for row in (*struck[:5], struck[-1]))


def test_pixels_are_a_head_in_air(headers: dict[str, pydicom.Dataset], truth: list[dict[str, str]]) -> None:
    middle = headers[truth[15]["file"]]
    hu = middle.pixel_array.astype(float) * float(middle.RescaleSlope) + float(middle.RescaleIntercept)
    assert (middle.pixel_array[0, 0], middle.PixelPaddingValue) == (0, 0)
    assert abs(float(hu[256, 10:30].mean()) + 1000) < 5
    brain = hu[200:300, 200:300]
    assert 20 < float(np.median(brain)) < 40
    assert float((hu > 700).mean()) > 0.02


@pytest.mark.realdata
def test_made_again_they_are_the_same_to_the_bit(shared_data: Path, folder: Path, tmp_path: Path) -> None:
    maps = shared_data / "synthseg-maps"
    if not maps.is_dir():
        pytest.skip(f"no label maps at {maps}")
    make_demo(tmp_path, maps)
    assert differences(tmp_path, folder) == []
