"""The demo study that is bundled: its headers, its truth, and that it is what the program makes."""

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import config
from pydicom.uid import CTImageStorage, JPEG2000Lossless

from ichviewer.bundle import resources_dir
from ichviewer.domain.labels import TYPES
from ichviewer.learning.synthesis.demo import ACQUISITION
from ichviewer.learning.synthesis.demo_dicom import LEAST_PIXELS, LOCALIZER_FILE, TRUTH_COLUMNS, pixel_counts
from ichviewer.learning.synthesis.phantom.acquisition import scan, slice_z_mm
from ichviewer.learning.synthesis.phantom.head import Head

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


def test_it_is_small_and_says_what_it_is(folder: Path, headers: dict[str, pydicom.Dataset]) -> None:
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) <= 6_000_000
    for ds in headers.values():
        assert (ds.PatientName, ds.PatientID) == ("Demo^Phantom", "ICHV-DEMO")
        assert "synthetic" in ds.Manufacturer and "SYNTHETIC" in ds.ImageComments
        assert "(synthetic)" in ds.StudyDescription


def test_headers_hold_what_the_standard_asks_of_a_ct_image(headers: dict[str, pydicom.Dataset]) -> None:
    for name, ds in headers.items():
        missing = [k for k in _TYPE_1 if k not in ds or ds[k].is_empty] + [k for k in _TYPE_2 if k not in ds]
        assert not missing, name
        assert ds.file_meta.TransferSyntaxUID == JPEG2000Lossless
        assert ds.SOPClassUID == ds.file_meta.MediaStorageSOPClassUID == CTImageStorage
        assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID
        assert (ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation) == (16, 12, 11, 0)
        assert ds.LossyImageCompression == "00"


def test_there_are_two_series_of_one_study(headers: dict[str, pydicom.Dataset]) -> None:
    assert len({ds.StudyInstanceUID for ds in headers.values()}) == 1
    assert len({ds.SOPInstanceUID for ds in headers.values()}) == len(headers)
    localizer = headers[LOCALIZER_FILE]
    assert "LOCALIZER" in localizer.ImageType
    axial = [ds for name, ds in headers.items() if name != LOCALIZER_FILE]
    assert {ds.SeriesInstanceUID for ds in axial}.isdisjoint({localizer.SeriesInstanceUID})
    assert len(axial) == ACQUISITION.slices
    assert all("AXIAL" in ds.ImageType and (ds.Rows, ds.Columns) == (512, 512) for ds in axial)
    positions = sorted(float(ds.ImagePositionPatient[2]) for ds in axial)
    assert np.allclose(np.diff(positions), 5.0)
    assert [float(c) for c in axial[0].WindowCenter] == [40, 80, 600]
    assert len(axial[0].WindowCenterWidthExplanation) == 3


def test_the_truth_covers_all_types_and_healthy_ends(
    truth: list[dict[str, str]], headers: dict[str, pydicom.Dataset]
) -> None:
    assert {row["file"] for row in truth} == set(headers) - {LOCALIZER_FILE}
    for row in truth:
        assert headers[row["file"]].SOPInstanceUID == row["sop_uid"]
        assert float(headers[row["file"]].ImagePositionPatient[2]) == float(row["position_mm"])
        for kind in TYPES:
            assert int(row[kind]) == (int(row[f"{kind}_pixels"]) >= LEAST_PIXELS)
        assert int(row["any"]) == max(int(row[kind]) for kind in TYPES)
    for kind in TYPES:
        flags = [int(row[kind]) for row in truth]
        assert sum(flags) >= 3, kind
        # Neighbouring slices agree: a bleed is seen in one run of slices.
        assert sum(a != b for a, b in pairwise(flags)) == 2, kind
    assert all(row["any"] == "0" for row in (*truth[:5], truth[-1]))


def test_pixels_are_a_head_in_air(headers: dict[str, pydicom.Dataset], truth: list[dict[str, str]]) -> None:
    middle = headers[truth[len(truth) // 2]["file"]]
    hu = middle.pixel_array.astype(float) * float(middle.RescaleSlope) + float(middle.RescaleIntercept)
    assert (middle.pixel_array[0, 0], middle.PixelPaddingValue) == (0, 0)
    assert abs(float(hu[256, 40:60].mean()) + 1000) < 5
    brain = hu[200:300, 200:300]
    assert 20 < float(np.median(brain)) < 40
    assert float((hu > 700).mean()) > 0.02


def test_a_slice_made_now_is_the_bundled_one(
    demo_head: Head, headers: dict[str, pydicom.Dataset], truth: list[dict[str, str]]
) -> None:
    index = 15
    one = replace(ACQUISITION, slices=1, first_mm=slice_z_mm(ACQUISITION, index))
    row = truth[index]
    made = scan(demo_head, one, first_index=index)
    assert (made.stored[0] == headers[row["file"]].pixel_array).all()
    assert pixel_counts(made.blood, 0) == {kind: int(row[f"{kind}_pixels"]) for kind in TYPES}
