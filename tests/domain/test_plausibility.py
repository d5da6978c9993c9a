from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import Rescale
from ichviewer.domain.plausibility import (
    implausible,
    implausible_plane,
    implausible_rescale,
    implausible_size,
    implausible_spacing,
    implausible_thickness,
)
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)

AXIAL = Plane((0, 0, 0), (1, 0, 0), (0, 1, 0))
SAGITTAL = Plane((0, 0, 0), (0, 1, 0), (0, 0, -1))


@pytest.mark.parametrize("slope", [1.0, 0.5, 2.0, 0.0625, 16.0])
@pytest.mark.parametrize("intercept", [0.0, -1024.0, -1000.0, -8192.0, -32768.0])
def test_rescales_of_scanners(slope: float, intercept: float) -> None:
    assert implausible_rescale(Rescale(slope, intercept)) == ""


@pytest.mark.parametrize(
    ("slope", "intercept", "found"),
    [
        (1e30, -1024.0, "RescaleSlope 1e+30"),
        (0.0001, -1024.0, "RescaleSlope 0.0001"),
        (-1.0, -1024.0, "RescaleSlope -1"),
        (1.0, 1e9, "RescaleIntercept 1e+09"),
    ],
)
def test_rescales_of_damaged_files(slope: float, intercept: float, found: str) -> None:
    assert implausible_rescale(Rescale(slope, intercept)) == found


@pytest.mark.parametrize(
    ("spacing", "size", "plane"),
    [
        ((0.5, 0.5), (512, 512), AXIAL),
        ((0.0488, 0.0488), (1024, 1024), AXIAL),  # the inner ear, 50 mm
        ((0.9766, 0.9766), (512, 512), AXIAL),  # 500 mm
        ((1.5625, 1.5625), (512, 512), AXIAL),  # an extended field of 800 mm
        ((0.5, 0.5), (16, 16), AXIAL),  # cut out
        ((0.4, 5.0), (512, 40), SAGITTAL),  # a reformat as thick as the slices
        ((0.4883, 0.4885), (512, 512), AXIAL),
        ((0.4, 0.6), (512, 512), None),
    ],
)
def test_spacings_of_scanners(
    spacing: tuple[float, float], size: tuple[int, int], plane: Plane | None
) -> None:
    assert implausible_spacing(PixelSpacing(*spacing), *size, plane) == ""


@pytest.mark.parametrize(
    ("spacing", "size", "plane", "found"),
    [
        ((0.4, 40), (512, 512), AXIAL, "PixelSpacing 0.4 by 40 mm"),
        ((0.4, 40), (16, 16), None, "PixelSpacing 0.4 by 40 mm"),
        ((0.4, 1.2), (512, 512), AXIAL, "PixelSpacing 0.4 by 1.2 mm"),
        ((0.01, 0.01), (512, 512), AXIAL, "PixelSpacing 0.01 by 0.01 mm"),
        ((4.5, 4.5), (512, 512), AXIAL, "PixelSpacing 4.5 by 4.5 mm, a field of view of 2304 mm"),
        ((0.03, 0.03), (512, 512), AXIAL, "PixelSpacing 0.03 by 0.03 mm, a field of view of 15.36 mm"),
        ((1e15, 1e15), (512, 512), AXIAL, "PixelSpacing 1e+15 by 1e+15 mm"),
    ],
)
def test_spacings_of_damaged_files(
    spacing: tuple[float, float], size: tuple[int, int], plane: Plane | None, found: str
) -> None:
    assert implausible_spacing(PixelSpacing(*spacing), *size, plane) == found


def test_positions_thickness_and_size() -> None:
    assert implausible_plane(AXIAL) == ""
    assert implausible_plane(replace(AXIAL, position_mm=(-250.0, -380.0, -1900.0))) == ""
    found = implausible_plane(replace(AXIAL, position_mm=(0.0, -250.0, 1e15)))
    assert found == "ImagePositionPatient 0\\-250\\1e+15"
    assert implausible_thickness(0.2) == implausible_thickness(20) == ""
    assert implausible_thickness(5000) == "SliceThickness 5000 mm"
    assert implausible_size(512, 512) == implausible_size(2048, 2048) == ""
    assert implausible_size(65535, 512) == "Rows 65535, Columns 512"


@given(st.floats(0.05, 0.97), st.sampled_from([512, 768, 1024]))
def test_a_field_of_50_to_500_mm_is_plausible_in_every_matrix(share: float, pixels: int) -> None:
    mm = share * 512 / pixels
    if 50 <= mm * pixels <= 500:
        assert implausible_spacing(PixelSpacing(mm, mm), pixels, pixels, AXIAL) == ""


def series(*doubted: bool) -> Series:
    def info(i: int, doubt: bool) -> SliceInfo:
        found = Problem(ProblemCode.IMPLAUSIBLE_VALUE, f"{i}.dcm", "RescaleSlope 1e+30")
        return SliceInfo(SliceSource(Path(f"{i}.dcm")), "", 512, 512, problems=(found,) if doubt else ())

    slices = tuple(info(i, doubt) for i, doubt in enumerate(doubted))
    return Series(
        SeriesKey("1", "2"), PatientInfo(), StudyInfo("1"), "CT", slices, SortBasis.FILE_NAME, "Head", 3
    )


def test_a_series_is_refused_where_every_slice_is() -> None:
    assert refusal(series(True, True)) == Problem(
        ProblemCode.IMPLAUSIBLE_VALUE, "series 3 Head", "RescaleSlope 1e+30"
    )
    assert refusal(series(True, False)) is None
    assert implausible(series(False, True)) is None
    assert implausible(series(True)) == Problem(ProblemCode.IMPLAUSIBLE_VALUE, "0.dcm", "RescaleSlope 1e+30")
