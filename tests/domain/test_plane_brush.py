"""The brush on planes: by hand, the same as on slices, without holes, and never farther than it reaches."""

import itertools
import math
import statistics
import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from volume_builders import Y, Z, make_geometry, make_volume
from volume_strategies import geometries, views_of

from ichviewer.domain.geometry import Plane
from ichviewer.domain.plane_band import PlaneBand
from ichviewer.domain.plane_brush import PlaneBrush, nearest_voxel
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import reformat, whole_plane
from ichviewer.domain.sampling import Interpolation
from ichviewer.domain.voxel_region import VoxelGrid, VoxelRegion

SHAPE = (6, 14, 12)
radii = st.floats(0.2, 6)


def painted(brush, *places):
    """A mask of the volume after a stroke through places."""
    mask = np.zeros(brush.band.geometry.shape, dtype=bool)
    for a, b in itertools.pairwise(places) if len(places) > 1 else [(places[0], places[0])]:
        mask[brush.covered(a, b)] = True
    return mask


def cell_mm(geometry):
    """The longest way through a voxel."""
    steps = np.diff(geometry.slice_positions_mm).max(), *geometry.spacing.__dict__.values()
    return float(np.linalg.norm(steps))


@st.composite
def strokes(draw):
    """A band, and two places within its view."""
    geometry = draw(geometries(SHAPE))
    view = whole_plane(draw(views_of(geometry)), geometry)
    band = PlaneBand(geometry, view, draw(st.just(0.0) | st.floats(1, 8)))
    places = st.tuples(st.floats(0, view.rows - 1), st.floats(0, view.columns - 1))
    first = draw(places)
    return band, first, draw(st.just(first) | places)


class TestByHand:
    def test_on_a_coronal_plane_of_thick_slices_whole_voxels_are_painted(self):
        # Slices 5 mm apart, voxels of 1 mm: the plane is row 6. The brush of 4 mm is about slice 2, column 5.
        geometry = make_geometry(SHAPE, step_mm=5.0)
        view = PlaneView.coronal((5.5, 6.0, 10.0), 1.0, 21, 12)
        mask = painted(PlaneBrush(PlaneBand(geometry, view), 4.0), (10, 5))
        # Slices 1 and 3 lie 5 mm away, beyond the brush.
        assert np.argwhere(mask).tolist() == [[2, 6, j] for j in range(1, 10)]

    def test_between_thick_slices_the_nearer_one_is_painted(self):
        geometry = make_geometry(SHAPE, step_mm=5.0)
        view = PlaneView.coronal((5.5, 6.0, 10.0), 1.0, 21, 12)
        # At z 12, 2 mm above slice 2 and 3 below slice 3; of neither is the center within 1 mm.
        mask = painted(PlaneBrush(PlaneBand(geometry, view), 1.0), (8, 5))
        assert np.argwhere(mask).tolist() == [[2, 6, 4], [2, 6, 5], [2, 6, 6]]

    def test_a_plane_between_two_rows_paints_the_one_that_it_shows(self):
        geometry = make_geometry(SHAPE)
        view = PlaneView.coronal((5.5, 6.5, 4.0), 1.0, 11, 12)
        assert np.unique(np.argwhere(painted(PlaneBrush(PlaneBand(geometry, view), 2.0), (5, 5)))[:, 1]) == [
            7
        ]

    def test_a_slab_is_painted_as_thick_as_it_is(self):
        # 4 mm about row 6: the centers of rows 4 to 8. Slice 2 is at z 4, and those beside it 2 mm away.
        view = PlaneView.coronal((5.5, 6.0, 4.0), 1.0, 11, 12)
        mask = painted(PlaneBrush(PlaneBand(make_geometry(SHAPE), view, 4.0), 1.0), (5, 5))
        assert np.argwhere(mask).tolist() == [[2, i, j] for i in range(4, 9) for j in (4, 5, 6)]

    def test_a_brush_smaller_than_a_voxel_paints_the_one_under_the_pointer(self):
        view = PlaneView.sagittal((5.0, 6.0, 4.0), 0.5, 21, 25)
        mask = painted(PlaneBrush(PlaneBand(make_geometry(SHAPE), view), 0.2), (11, 12.8))
        # z 3.5 is nearest to slice 2 at 4, y 6.4 to row 6.
        assert np.argwhere(mask).tolist() == [[2, 6, 5]]

    def test_beside_the_volume_nothing_is_painted(self):
        view = PlaneView.coronal((5.5, 40.0, 4.0), 1.0, 11, 12)
        assert not painted(PlaneBrush(PlaneBand(make_geometry(SHAPE), view), 3.0), (5, 5)).any()
        assert nearest_voxel(PlaneBand(make_geometry(SHAPE), view), (5, 5)) is None

    def test_a_ball_has_all_centers_within_its_radius(self):
        geometry = make_geometry(SHAPE)
        view = PlaneView.coronal((5.0, 6.0, 4.0), 1.0, 11, 11)
        mask = painted(PlaneBrush(PlaneBand(geometry, view), 3.0, ball=True), (5, 5))
        k, i, j = np.indices(SHAPE)
        assert (mask == ((2 * k - 4) ** 2 + (i - 6) ** 2 + (j - 5) ** 2 <= 9)).all()

    @pytest.mark.parametrize(
        "build", [lambda b: PlaneBrush(b, 0.0), lambda b: PlaneBand(b.geometry, b.view, -1)]
    )
    def test_what_is_no_brush_is_refused(self, build):
        with pytest.raises(ValueError, match="Received"):
            build(PlaneBand(make_geometry(SHAPE), PlaneView.coronal((5.5, 6.0, 4.0), 1.0, 11, 12)))


@given(strokes())
def test_a_plane_cuts_every_voxel_that_its_reformat_shows_and_no_other(made):
    band, _, _ = made
    geometry, view = band.geometry, band.view
    cut = band.cuts(np.ix_(*map(np.arange, SHAPE)))
    names = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
    seen = reformat(make_volume(names, geometry), view, None, Interpolation.NEAREST).hu
    shown = np.unique(seen[~np.isnan(seen)]).astype(int)
    assert cut.ravel()[shown].all()
    # The corners of a voxel that is cut lie on both sides.
    halves = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))
    for voxel in np.argwhere(cut):
        away = (geometry.mm_of_index(voxel + halves) - view.center_mm) @ np.array(view.normal)
        assert away.min() <= 1e-3 and away.max() >= -1e-3


@given(strokes(), radii)
def test_within_the_brush_every_pixel_of_the_reformat_is_painted(made, radius):
    band, a, b = made
    view = band.view
    mask = painted(PlaneBrush(band, radius), a, b)
    seen = reformat(make_volume(mask * 1, band.geometry), view, None, Interpolation.NEAREST).hu
    rows, columns = np.mgrid[: view.rows, : view.columns]
    inner = distance_mm(view, rows, columns, a, b) <= radius - cell_mm(band.geometry)
    assert not (inner & (seen == 0)).any()


@given(strokes(), st.tuples(st.floats(0, 1), st.just(0.2) | radii))
def test_the_voxel_under_the_pointer_is_painted(made, how):
    band, a, b = made
    part, radius = how
    at = tuple(x + part * (y - x) for x, y in zip(a, b, strict=True))
    voxel = nearest_voxel(band, at)
    assume(voxel is not None)
    # Beside the border between two voxels rounding decides.
    index = band.geometry.index_of_mm(band.view.mm_at(*at))
    assume(np.abs(np.abs(index - np.rint(index)) - 0.5).min() > 1e-6 or a == b)
    assert painted(PlaneBrush(band, radius), a, b)[voxel]


@given(strokes(), radii, st.booleans())
def test_no_voxel_farther_than_the_brush_is_painted(made, radius, ball):
    band, a, b = made
    brush = PlaneBrush(band, radius, ball)
    found = np.argwhere(painted(brush, a, b))
    view = band.view
    points = band.geometry.mm_of_index(found)
    away = np.abs((points - view.center_mm) @ np.array(view.normal))
    rows, columns = view.px_of(points).T
    beside = distance_mm(view, rows, columns, a, b)
    cell = cell_mm(band.geometry)
    assert (beside <= radius + cell).all()
    assert (away <= max(radius if ball else 0.0, band.slab_mm / 2) + cell).all()


@given(strokes(), radii)
def test_a_stroke_is_what_its_parts_are(made, radius):
    band, a, b = made
    middle = tuple((x + y) / 2 for x, y in zip(a, b, strict=True))
    whole = painted(PlaneBrush(band, radius), a, b)
    parts = painted(PlaneBrush(band, radius), a, middle, b)
    # What lies just at the rim may be rounded either way.
    assert np.count_nonzero(whole != parts) <= 2


def distance_mm(view, rows, columns, a, b):
    step = np.subtract(b, a)
    long = float(step @ step)
    t = np.clip(((rows - a[0]) * step[0] + (columns - a[1]) * step[1]) / long, 0, 1) if long else 0.0
    return np.hypot(rows - a[0] - t * step[0], columns - a[1] - t * step[1]) * view.pixel_mm


@given(
    st.integers(0, 5),
    st.sampled_from([0.0, 20.0]),
    st.lists(st.tuples(st.floats(0, 12), st.floats(0, 10)), min_size=1, max_size=4),
    st.floats(0.8, 6),
)
def test_on_the_plane_of_a_slice_it_paints_what_it_paints_on_the_slice(index, tilt_deg, places, radius):
    geometry = make_geometry(SHAPE, positions_mm=(0, 1, 3, 6, 7, 9), tilt_deg=tilt_deg)
    view = PlaneView.along_slices(geometry, index)
    assert (view.rows, view.columns) == SHAPE[1:]
    planes = tuple(
        Plane(tuple(geometry.mm_of_index([k, 0, 0])), geometry.row_direction, geometry.column_direction)
        for k in range(6)
    )
    grid = VoxelGrid(*SHAPE[1:], geometry.spacing, planes)
    on_slice = VoxelRegion.empty(grid).painted(index, places, radius)
    mask = painted(PlaneBrush(PlaneBand(geometry, view), radius), *places)
    assert not np.delete(mask, index, axis=0).any()
    # What lies just at the rim may be rounded either way.
    assert np.count_nonzero(mask[index] != on_slice.on_slice(index)) <= 1


SPACINGS = [(0.5, 0.625, 0.0), (0.7, 1.0, 18.0), (0.6, 3.0, 0.0)]
PLANES = {
    "axial": PlaneView.axial,
    "coronal": PlaneView.coronal,
    "sagittal": PlaneView.sagittal,
}


@pytest.mark.parametrize(("pixel_mm", "step_mm", "tilt_deg"), SPACINGS)
@pytest.mark.parametrize("name", [*PLANES, "oblique"])
def test_a_ball_painted_plane_by_plane_has_its_volume(name, pixel_mm, step_mm, tilt_deg):
    radius = 15.0
    size = round(44 / pixel_mm)
    n = round(60 / step_mm)
    geometry = make_geometry((n, size, size), spacing_mm=(pixel_mm,) * 2, step_mm=step_mm, tilt_deg=tilt_deg)
    center = np.add(geometry.center_mm, (0.13, -0.21, 0.17))
    base = PLANES.get(name, PlaneView.coronal)(geometry.center_mm, 1.0, 1, 1)
    if name == "oblique":
        base = base.rotated((1.0, 0.3, 0.2), 35.0)
    base = base.through(tuple(center))
    mask = np.zeros(geometry.shape, dtype=bool)
    step = thickness_mm(geometry, base)
    for along in np.arange(-radius, radius, step) + step / 2:
        view = whole_plane(base.moved(float(along)), geometry)
        at = tuple(view.px_of(center))
        if abs(along) >= radius:
            continue
        disk = math.sqrt(radius**2 - along**2)
        mask[PlaneBrush(PlaneBand(geometry, view), disk).covered(at, at)] = True
    cosine = abs(float(np.dot(geometry.normal, geometry.slice_direction)))
    found = mask.sum() * pixel_mm**2 * step_mm * cosine
    assert found == pytest.approx(4 / 3 * math.pi * radius**3, rel=0.03)


def thickness_mm(geometry, view):
    """How far a voxel reaches along the normal of a plane: planes as far apart meet each voxel once."""
    return float(
        np.abs(np.array(view.normal) @ geometry.matrix * [geometry.slice_positions_mm[1], 1, 1]).sum()
    )


@pytest.mark.alone
@pytest.mark.parametrize("degrees", [0.0, 25.0])
@pytest.mark.parametrize(
    ("radius", "ball", "slab_mm"), [(4, False, 0), (25, False, 0), (10, False, 10), (10, True, 0)]
)
def test_an_event_of_a_stroke_takes_a_part_of_a_frame(degrees, radius, ball, slab_mm):
    geometry = make_geometry((300, 512, 512), spacing_mm=(0.45, 0.45), step_mm=0.625, tilt_deg=18.5)
    view = PlaneView.coronal(geometry.center_mm, 1.0, 1, 1).rotated((1.0, 2.0, 3.0), degrees)
    brush = PlaneBrush(PlaneBand(geometry, whole_plane(view, geometry), slab_mm), radius, ball)
    middle = brush.band.view.rows / 2, brush.band.view.columns / 2
    took = []
    for i in range(15):
        began = time.process_time()
        assert brush.covered((middle[0] + i, middle[1]), (middle[0] + i, middle[1] + 9))[0].size
        took.append(time.process_time() - began)
    assert statistics.median(took) < 0.012


def test_axes_are_those_of_the_patient():
    # A sagittal plane at x 3 paints column 3 alone, whichever way the picture lies.
    geometry = make_geometry(SHAPE)
    for right, down in ((Y, Z), (Z, Y), (Y, tuple(-v for v in Z))):
        view = PlaneView((3.0, 6.0, 4.0), right, down, 1.0, 9, 9)
        mask = painted(PlaneBrush(PlaneBand(geometry, view), 1.0), (4, 4))
        assert np.unique(np.argwhere(mask)[:, 2]).tolist() == [3] and mask[2, 6, 3]
