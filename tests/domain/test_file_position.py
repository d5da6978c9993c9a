"""The position in mm that other programs show for a slice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.geometry import Plane, Vector
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)

AXIAL: tuple[Vector, Vector] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
# Tilted by 18.5 degrees about the row: its normal is (0, sin, cos).
SIN, COS = math.sin(math.radians(18.5)), math.cos(math.radians(18.5))
TILTED: tuple[Vector, Vector] = ((1.0, 0.0, 0.0), (0.0, COS, -SIN))
SAGITTAL: tuple[Vector, Vector] = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))


def series(
    positions: Sequence[Vector],
    directions: tuple[Vector, Vector] | None = AXIAL,
    locations: Sequence[float | None] | None = None,
) -> Series:
    told = locations if locations is not None else [None] * len(positions)
    slices = tuple(
        SliceInfo(
            SliceSource(Path(f"{i}.dcm")),
            f"1.{i}",
            4,
            4,
            plane=None if directions is None else Plane(position, *directions),
            slice_location_mm=told[i],
        )
        for i, position in enumerate(positions)
    )
    return Series(SeriesKey("1", "2"), PatientInfo(), StudyInfo("1"), "CT", slices, SortBasis.POSITION)


def shown(found: Series) -> list[float | None]:
    return [found.file_position_mm(i) for i in range(len(found))]


def test_slice_location_where_the_file_has_it() -> None:
    found = series([(0, 0, 5), (0, 0, 10)], locations=[-123.5, -118.5])
    assert shown(found) == [-123.5, -118.5]
    assert found.position_mm(0) == 5


def test_z_of_a_tilted_series_and_not_the_distance_along_its_normal() -> None:
    found = series([(-120, 100, 40), (-120, 100, 45)], TILTED)
    assert shown(found) == [40, 45]
    along = found.position_mm(0)
    assert along == pytest.approx(100 * SIN + 40 * COS)
    assert abs(along - 40) > 25


def test_other_planes_keep_the_distance_along_the_normal() -> None:
    found = series([(-7, 0, 0), (8, 0, 0)], SAGITTAL, locations=[1.0, 2.0])
    assert shown(found) == [-7, 8] == [found.position_mm(0), found.position_mm(1)]


def test_one_series_never_mixes_two_kinds_of_numbers() -> None:
    assert shown(series([(0, 0, 5), (0, 0, 10)], locations=[-123.5, None])) == [5, 10]


def test_a_location_that_tells_nothing_apart_is_not_used() -> None:
    assert shown(series([(0, 0, 5), (0, 0, 10)], locations=[0.0, 0.0])) == [5, 10]
    assert shown(series([(0, 0, 5)], locations=[0.0])) == [0]
    assert shown(series([(0, 0, 5), (0, 0, 10)], locations=[math.nan, 1.0])) == [5, 10]


def test_without_geometry_only_the_location_is_known() -> None:
    assert shown(series([(0, 0, 0)] * 2, None, [3.0, 4.0])) == [3.0, 4.0]
    assert shown(series([(0, 0, 0)] * 2, None)) == [None, None]


@given(st.lists(st.floats(-2000, 2000), min_size=1, max_size=8, unique=True))
def test_the_number_is_that_of_the_slice(locations: list[float]) -> None:
    found = series([(0, 0, float(i)) for i in range(len(locations))], locations=locations)
    assert shown(found) == locations
    # The CSV's number does not depend on it.
    assert [found.position_mm(i) for i in range(len(locations))] == list(range(len(locations)))
