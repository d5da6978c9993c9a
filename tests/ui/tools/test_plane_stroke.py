"""Strokes on planes of a volume, without a window: any strokes, and how long one event of a stroke takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from image_builders import make_series
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from region_factory import region_in
from volume_builders import make_geometry
from volume_strategies import geometries, views_of

from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import whole_plane
from ichviewer.domain.region_cut import RegionBox, cut_region
from ichviewer.domain.series import Series
from ichviewer.domain.slab import Slab
from ichviewer.domain.volume import Volume
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.ui.panes.reformat_picture import PlanePixels, coarser
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.tools.plane_stroke import PlaneStroke
from ichviewer.ui.tools.region_boxes import NotPlaced, RegionBoxes
from ichviewer.ui.tools.region_settings import Mode, RegionSettings

SHAPE = (6, 14, 12)
Stroke = tuple[RegionSettings, PlaneView, Slab | None, list[tuple[float, float]]]


def volume_of(geometry: VolumeGeometry, unread: tuple[int, ...] = ()) -> tuple[Series, Volume]:
    """A volume of 0 HU and its series; slices may not have been read."""
    slices, rows, columns = geometry.shape
    series = make_series(slices, rows=rows, columns=columns)
    hashes = tuple("" if i in unread else f"hash {i}" for i in range(slices))
    return series, Volume(np.zeros(geometry.shape, np.int16), geometry, "1.2.3", "series", hashes)


def shown(series: Series, volume: Volume, view: PlaneView, slab: Slab | None = None) -> ShownPlane:
    small = coarser(view, 8)
    return ShownPlane(
        series, volume, PlanePixels(view, slab, 8, np.zeros((small.rows, small.columns), np.float32))
    )


def mask_of(region: PaintedRegion | None, series: Series, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    found = np.zeros(shape, dtype=bool)
    for k, info in enumerate(series.slices):
        mask = None if region is None else region.on(info)
        if mask is not None:
            found[k] = mask.mask()
    return found


def box_of(mask: NDArray[np.bool_]) -> RegionBox | None:
    return RegionBox.of({k: one for k, one in enumerate(mask) if one.any()})


@pytest.fixture(scope="module")
def boxes(qapp: object) -> Iterator[RegionBoxes]:
    parent, workers = QObject(), Workers()
    yield RegionBoxes(workers, parent)
    workers.stop()
    assert workers.join()


@st.composite
def strokes(draw: st.DrawFn) -> tuple[VolumeGeometry, list[Stroke]]:
    geometry = draw(geometries(SHAPE))
    found: list[Stroke] = []
    for _ in range(draw(st.integers(1, 3))):
        view = whole_plane(draw(views_of(geometry)), geometry)
        places = st.tuples(st.floats(-2, view.rows + 1), st.floats(-2, view.columns + 1))
        how = RegionSettings(
            draw(st.sampled_from([Mode.PAINT, Mode.ERASE])),
            radius=draw(st.floats(0.3, 5)),
            through_slices=draw(st.booleans()),
        )
        slab = draw(st.none() | st.builds(Slab, st.floats(1, 8)))
        found.append((how, view, slab, draw(st.lists(places, min_size=1, max_size=4))))
    return geometry, found


def draw_stroke(
    series: Series, volume: Volume, before: PaintedRegion | None, stroke: Stroke, boxes: RegionBoxes
) -> PaintedRegion | None:
    how, view, slab, places = stroke
    box = box_of(mask_of(before, series, volume.voxels.shape))
    plane = shown(series, volume, view, slab)
    made = PlaneStroke(plane, before, box, places[0], settings=how, boxes=boxes)
    for place in places:
        made.go(place, how.radius)
    if made.shown is not None and made.shown != before:
        # What reformats are given is what the slices are given.
        placed = boxes.of(made.shown, volume)
        assert placed is not None and not isinstance(placed, NotPlaced)
        whole = np.zeros(volume.voxels.shape, dtype=bool)
        whole[tuple(slice(a, a + n) for a, n in zip(placed.start, placed.mask.shape, strict=True))] = (
            placed.mask
        )
        assert np.array_equal(whole, mask_of(made.shown, series, volume.voxels.shape))
    return made.shown


@settings(deadline=None)
@given(strokes())
def test_any_strokes_one_after_the_other(
    boxes: RegionBoxes, made: tuple[VolumeGeometry, list[Stroke]]
) -> None:
    geometry, drawn = made
    series, volume = volume_of(geometry)
    region: PaintedRegion | None = None
    for stroke in drawn:
        before = mask_of(region, series, SHAPE)
        alone = draw_stroke(
            series, volume, None, (RegionSettings(Mode.PAINT, **_brush(stroke)), *stroke[1:]), boxes
        )
        covered = mask_of(alone, series, SHAPE)
        region = draw_stroke(series, volume, region, stroke, boxes)
        after = mask_of(region, series, SHAPE)
        erase = stroke[0].mode is Mode.ERASE
        assert np.array_equal(after, before & ~covered if erase else before | covered)
        assert region is None or region.n_pixels == after.sum()


@settings(deadline=None)
@given(strokes())
def test_erasing_a_stroke_restores_what_was_there(
    boxes: RegionBoxes, made: tuple[VolumeGeometry, list[Stroke]]
) -> None:
    geometry, drawn = made
    series, volume = volume_of(geometry)
    stroke = drawn[0]
    paint = (RegionSettings(Mode.PAINT, **_brush(stroke)), *stroke[1:])
    erase = (RegionSettings(Mode.ERASE, **_brush(stroke)), *stroke[1:])
    covered = mask_of(draw_stroke(series, volume, None, paint, boxes), series, SHAPE)
    other = ~covered & (np.indices(SHAPE).sum(axis=0) % 3 == 0)
    before = None
    for k in np.flatnonzero(other.any(axis=(1, 2))).tolist():
        dots = [(float(r), float(c)) for r, c in np.argwhere(other[k])]
        view = PlaneView.along_slices(geometry, k)
        for dot in dots:
            at = tuple(view.px_of(geometry.mm_of_index([k, *dot])).tolist())
            before = draw_stroke(
                series, volume, before, (RegionSettings(Mode.PAINT, radius=0.3), view, None, [at]), boxes
            )
    assert np.array_equal(mask_of(before, series, SHAPE), other)
    painted = draw_stroke(series, volume, before, paint, boxes)
    assert np.array_equal(mask_of(painted, series, SHAPE), other | covered)
    restored = draw_stroke(series, volume, painted, erase, boxes)
    assert np.array_equal(mask_of(restored, series, SHAPE), other)
    assert restored is None or before is None or restored.masks == before.masks


def test_slices_that_were_not_read_are_not_painted(boxes: RegionBoxes) -> None:
    series, volume = volume_of(make_geometry(SHAPE), unread=(2,))
    view = whole_plane(PlaneView.coronal((5.5, 6.0, 4.0), 1.0, 1, 1), volume.geometry)
    middle = view.rows / 2, view.columns / 2
    region = draw_stroke(
        series, volume, None, (RegionSettings(Mode.PAINT, radius=5.0), view, None, [middle]), boxes
    )
    mask = mask_of(region, series, SHAPE)
    assert mask[1].any() and mask[3].any() and not mask[2].any()


def _brush(stroke: Stroke) -> dict[str, object]:
    return {"radius": stroke[0].radius, "through_slices": stroke[0].through_slices}


@pytest.mark.alone
@pytest.mark.parametrize("degrees", [0.0, 25.0])
def test_an_event_of_a_stroke_takes_less_than_a_frame(boxes: RegionBoxes, degrees: float) -> None:
    # In a hematoma of 56 mm in 300 slices of 512 x 512 px; the voxels are painted, and cut by three planes anew.
    geometry = make_geometry((300, 512, 512), spacing_mm=(0.45, 0.45), step_mm=0.625, tilt_deg=18.5)
    series, volume = volume_of(geometry)
    bases = (PlaneView.coronal, PlaneView.sagittal, PlaneView.axial)
    views = [
        whole_plane(base(geometry.center_mm, 1.0, 1, 1).rotated((1.0, 2.0, 3.0), degrees), geometry)
        for base in bases
    ]
    box = RegionBox((105, 190, 190), np.ones((90, 125, 125), dtype=bool))
    how = RegionSettings(Mode.ERASE, radius=6.0)
    at = views[0].rows / 2, views[0].columns / 2 - 60
    before = draw_block(series, volume, box)
    stroke = PlaneStroke(shown(series, volume, views[0]), before, box, at, settings=how, boxes=boxes)
    took = []
    for i in range(20):
        began = time.process_time()
        assert stroke.go((at[0], at[1] + 6.0 * i), how.radius)
        assert stroke.shown is not None
        placed = boxes.of(stroke.shown, volume)
        assert isinstance(placed, RegionBox)
        assert any(cut_region(geometry, placed, view) is not None for view in views)
        took.append(time.process_time() - began)
    assert statistics.median(took) < 0.016


def draw_block(series: Series, volume: Volume, box: RegionBox) -> PaintedRegion:
    """A region of the voxels of a box."""
    masks = {}
    for k, mask in enumerate(box.mask, box.start[0]):
        whole = np.zeros(volume.voxels.shape[1:], dtype=bool)
        whole[box.start[1] : box.start[1] + mask.shape[0], box.start[2] : box.start[2] + mask.shape[1]] = mask
        masks[k] = whole
    return region_in(series, masks)
