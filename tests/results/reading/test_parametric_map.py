"""Parametric maps give numbers with their meaning and unit on the slices they lie on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import make_slice, uid_of, write
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from stored_factory import PARAMETRIC_MAP, code, frame_group, item, make_stored, reference, shared_group

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.series import Series, SliceSource
from ichviewer.errors import DecodeError, ReadError
from ichviewer.results.reading.parametric_map import ParametricMap, read_parametric_map


@pytest.fixture
def images(tmp_path: Path) -> list[FileDataset]:
    made = [
        make_slice(z_mm=5.0 * n, instance_number=n + 1, FrameOfReferenceUID=uid_of("frame")) for n in range(3)
    ]
    for number, image in enumerate(made):
        write(tmp_path / "ct" / f"{number}.dcm", image)
    return made


@pytest.fixture
def series(tmp_path: Path, images: list[FileDataset]) -> Series:
    (found,) = read_catalog([tmp_path / "ct"]).series
    return found


def mapping(**elements: Any) -> Dataset:
    quantity = item(
        ValueType="CODE",
        ConceptNameCodeSequence=code("246205007", "SCT", "Quantity"),
        ConceptCodeSequence=code("113041", "DCM", "Apparent Diffusion Coefficient"),
    )
    return item(
        **{
            "LUTLabel": "ADC",
            "QuantityDefinitionSequence": [quantity],
            "MeasurementUnitsCodeSequence": code("um2/s", "UCUM", "um2/s"),
            **elements,
        }
    )


def make_map(image: Dataset, values: NDArray[Any], groups: list[Dataset], mapped: Dataset) -> FileDataset:
    shared = shared_group()
    shared.update(item(RealWorldValueMappingSequence=[mapped]))
    ds = make_stored(
        PARAMETRIC_MAP,
        "PM",
        image,
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=groups,
        ContentLabel="ADC",
    )
    ds.FrameOfReferenceUID = image.FrameOfReferenceUID
    ds.NumberOfFrames, ds.Rows, ds.Columns = values.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    bits = values.dtype.itemsize * 8
    ds.BitsAllocated = bits
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    if values.dtype.kind == "f":
        setattr(ds, "FloatPixelData" if bits == 32 else "DoubleFloatPixelData", data)
    else:
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, 0
        ds.PixelData = data
        ds["PixelData"].VR = "OW"
    return ds


def read(folder: Path, ds: FileDataset) -> ParametricMap:
    return read_parametric_map(SliceSource(write(folder / "pm.dcm", ds)))


@pytest.mark.parametrize("kind", ["f4", "f8", "u2"])
def test_stored_values_become_numbers_where_the_mapping_holds(tmp_path, images, series, kind):
    values = np.zeros((2, 16, 16), kind)
    values[0, 3, 4], values[1, 5, 6], values[1, 7, 8] = 100, 40, 900
    limits = {"RealWorldValueFirstValueMapped": 0, "RealWorldValueLastValueMapped": 500}
    if kind != "u2":
        limits = {f"DoubleFloat{keyword}": float(value) for keyword, value in limits.items()}
    mapped = mapping(RealWorldValueSlope=0.5, RealWorldValueIntercept=-10.0, **limits)
    for element in mapped:
        if element.keyword in ("RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped"):
            element.VR = "US"
    groups = [
        frame_group(position_mm=image.ImagePositionPatient, sources=[reference(image)])
        for image in (images[2], images[0])
    ]
    on = read(tmp_path, make_map(images[0], values, groups, mapped)).on(series)
    assert on.numbers(1) == ()
    ((what, numbers),) = on.numbers(2)
    assert what.quantity is not None and what.quantity.text == "Apparent Diffusion Coefficient"
    assert what.unit is not None and what.unit.value == "um2/s"
    assert (numbers[3, 4], numbers[0, 0]) == (40, -10)
    ((_, numbers),) = on.numbers(0)
    assert numbers[5, 6] == 10
    assert np.isnan(numbers[7, 8])


def test_a_table_maps_each_stored_value(tmp_path, images, series):
    values = np.full((1, 16, 16), 3, np.uint16)
    values[0, 0, 0], values[0, 0, 1] = 4, 9
    mapped = mapping(
        RealWorldValueFirstValueMapped=3,
        RealWorldValueLastValueMapped=5,
        RealWorldValueLUTData=[1.5, 2.5, 7.0],
    )
    for keyword in ("RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped"):
        mapped[keyword].VR = "US"
    ds = make_map(images[0], values, [frame_group(position_mm=images[1].ImagePositionPatient)], mapped)
    ((_, numbers),) = read(tmp_path, ds).on(series).numbers(1)
    assert (numbers[0, 0], numbers[5, 5]) == (2.5, 1.5)
    assert np.isnan(numbers[0, 1])


def test_a_map_of_another_patient_or_cut_short_is_refused(tmp_path, images, series):
    values = np.ones((1, 16, 16), np.float32)
    groups = [frame_group(position_mm=images[1].ImagePositionPatient)]
    ds = make_map(images[0], values, groups, mapping(RealWorldValueSlope=1.0, RealWorldValueIntercept=0.0))
    path = write(tmp_path / "pm.dcm", ds, keep_bytes=-100)
    with pytest.raises(DecodeError, match="cut short"):
        read_parametric_map(SliceSource(path)).on(series).numbers(1)
    ds.PatientID = "P2"
    with pytest.raises(ReadError, match="another patient"):
        read(tmp_path, ds).on(series)
