"""Frames land where they lie, wherever that is, and none is lost without a word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)
from ichviewer.domain.stored_object import ImageReference
from ichviewer.results.reading.placing import FramePlace, on_slice, place_frames

AXES = (
    ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    ((-1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
    ((0.0, -1.0, 0.0), (-1.0, 0.0, 0.0)),
)


def info(
    z_mm: float,
    *,
    uid: str = "",
    size: tuple[int, int] = (8, 8),
    spacing: tuple[float, float] = (1.0, 1.0),
    start: tuple[float, float] = (0.0, 0.0),
    axes: int = 0,
    thickness_mm: float | None = 5.0,
) -> SliceInfo:
    plane = Plane((*start, z_mm), *AXES[axes])
    return SliceInfo(
        SliceSource(Path("x")),
        uid,
        *size,
        plane=plane,
        spacing=PixelSpacing(*spacing),
        thickness_mm=thickness_mm,
        frame_of_reference_uid="1.2",
    )


def series_of(*positions_mm: float) -> Series:
    slices = tuple(info(z, uid=f"1.{i}") for i, z in enumerate(positions_mm))
    return Series(SeriesKey("1", "2"), PatientInfo(), StudyInfo("1"), "CT", slices, SortBasis.POSITION)


positions = st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True).map(sorted)
frames = st.lists(
    st.tuples(st.floats(-10, 70), st.none() | st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=12
)


@given(positions, frames)
def test_each_frame_lies_near_each_slice_it_is_shown_on_or_a_nearer_one_of_its_layer_does(zs, told):
    series = series_of(*map(float, zs))
    places = [
        FramePlace(info(z), () if ref is None else (ImageReference(f"1.{ref}"),), layer)
        for z, ref, layer in told
    ]
    placement = place_frames(places, series)
    shown = {frame for found in placement.by_slice.values() for frame in found}
    for at, found in placement.by_slice.items():
        for frame in found:
            z, ref, layer = told[frame]
            assert ref is None or ref >= len(zs) or ref == at
            gaps = [abs(zs[at] - other) for i, other in enumerate(zs) if i != at]
            assert abs(z - zs[at]) <= max(5.0, min(gaps, default=5.0)) * 0.51 + 0.05
            rivals = [told[other][0] for other in found if told[other][2] == layer]
            assert max(abs(r - zs[at]) for r in rivals) - min(abs(r - zs[at]) for r in rivals) <= 0.05
    # What is shown nowhere was counted, or gave way to a nearer frame of its layer.
    hidden = set(range(len(told))) - shown
    assert sum(placement.unplaced.values()) <= len(hidden)
    for frame in hidden:
        if sum(placement.unplaced.values()) == 0:
            assert any(told[other][2] == told[frame][2] for other in shown)


@given(
    axes=st.integers(0, 3),
    spacing=st.sampled_from([(1.0, 1.0), (0.5, 0.5), (2.0, 1.0), (0.75, 1.25)]),
    start=st.tuples(st.integers(-6, 10), st.integers(-6, 10)),
)
def test_each_pixel_gets_the_value_of_the_frame_pixel_that_is_nearest_in_the_patient(axes, spacing, start):
    frame = info(0.0, size=(9, 7), spacing=spacing, start=(start[0] + 0.1, start[1] + 0.2), axes=axes)
    target = info(0.0)
    values = np.arange(1, 64).reshape(9, 7)
    found = on_slice(values, frame, target)
    assert frame.plane is not None and frame.spacing is not None
    rows, columns = np.mgrid[:9, :7]
    centers = np.array(
        [frame.plane.at_mm(r, c, frame.spacing) for r, c in zip(rows.ravel(), columns.ravel(), strict=True)]
    )
    for row in range(8):
        for column in range(8):
            point = np.array([column, row, 0.0])
            # Inside the rectangle of one pixel: half its size to either side, in the frame's own directions.
            down = np.abs((centers - point) @ frame.plane.column_direction) / spacing[0]
            across = np.abs((centers - point) @ frame.plane.row_direction) / spacing[1]
            inside = (down <= 0.5) & (across <= 0.5)
            wanted = values.ravel()[inside]
            if len(wanted) == 1:
                assert found[row, column] == wanted[0]
            elif len(wanted) == 0:
                assert found[row, column] == 0


def test_a_frame_on_the_grid_of_its_slice_is_handed_on_as_it_is():
    values = np.ones((8, 8), np.uint8)
    assert on_slice(values, info(0.0), info(0.0)) is values
