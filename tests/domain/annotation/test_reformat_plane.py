"""What is measured on planes of tilted, uneven and oblique volumes is what it is in the patient."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from annotation_factory import SERIES
from hypothesis import given, settings
from hypothesis import strategies as st
from volume_builders import X, Y, Z, make_geometry, make_volume

from ichviewer.domain.annotation.base import Annotation, new_id
from ichviewer.domain.annotation.image_grid import MeasuredImage
from ichviewer.domain.annotation.kinds import (
    Angle,
    Bidirectional,
    Ellipse,
    Freehand,
    Length,
    MidlineShift,
    Probe,
    Rectangle,
)
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured, Name, Note, Side
from ichviewer.domain.annotation.place import DrawnOn, OnReformat
from ichviewer.domain.annotation.reformat_plane import (
    apart,
    onto_plane,
    place_of,
    plane_grid,
    plane_values,
    shows_plane,
    view_of,
)
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import reformat, whole_plane
from ichviewer.domain.slab import Projection, Slab
from ichviewer.domain.volume import Volume

TILTED = make_geometry((20, 60, 60), spacing_mm=(0.7, 0.9), step_mm=3.0, tilt_deg=20.0)
UNEVEN = make_geometry(
    (20, 60, 60),
    spacing_mm=(0.7, 0.9),
    positions_mm=[0, 1, 3, 6, 8, 13, 14, 19, 21, 25, 28, 30, 33, 37, 40, 41, 45, 50, 52, 57],
)
OBLIQUE = make_geometry((20, 60, 60), spacing_mm=(0.7, 0.9), step_mm=3.0, turn=((1.0, 2.0, 0.5), 25.0))
GEOMETRIES = {"tilted": TILTED, "uneven": UNEVEN, "oblique": OBLIQUE}


def along_x(geometry) -> Volume:
    """HU of 2 a mm along the patient's x: linear, so that interpolation changes nothing."""
    n, rows, columns = geometry.shape
    index = np.stack(np.meshgrid(range(n), range(rows), range(columns), indexing="ij"), axis=-1)
    at = geometry.mm_of_index(index.reshape(-1, 3)).reshape(*index.shape)
    return make_volume((2 * at[..., 0]).astype(np.float32), geometry)


VOLUMES = {name: along_x(geometry) for name, geometry in GEOMETRIES.items()}


def views_of(volume: Volume) -> dict[str, PlaneView]:
    center = volume.geometry.center_mm
    planes = {
        "axial": PlaneView.axial(center, 1, 1, 1),
        "coronal": PlaneView.coronal(center, 1, 1, 1),
        "sagittal": PlaneView.sagittal(center, 1, 1, 1),
        "oblique": PlaneView.coronal(center, 1, 1, 1).rotated((1.0, 1.0, 0.3), 33.0),
    }
    return {name: whole_plane(view, volume.geometry) for name, view in planes.items()}


EVERY_PLANE = [(name, plane) for name in GEOMETRIES for plane in ("axial", "coronal", "sagittal", "oblique")]


class Bench:
    """A plane of a volume to be drawn on, in mm to the right and down from the volume's middle."""

    def __init__(self, name: str, plane: str, slab: Slab | None = None) -> None:
        self.volume, self.slab = VOLUMES[name], slab
        self.view = views_of(self.volume)[plane]
        place = place_of(self.view, slab, self.volume.frame_of_reference_uid)
        self.drawn_on = DrawnOn(place, SERIES, self.volume.digest)
        self.image = MeasuredImage(
            self.volume.digest,
            plane_grid(self.view),
            plane_values(reformat(self.volume, self.view, slab).hu),
        )

    def at(self, right_mm: float, down_mm: float) -> tuple[float, float, float]:
        middle = np.array(self.volume.geometry.center_mm)
        x, y, z = middle + right_mm * np.array(self.view.right) + down_mm * np.array(self.view.down)
        return float(x), float(y), float(z)

    def measure(self, cls: type[Annotation], *at: tuple[float, float]) -> Measured:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        drawn = cls(new_id(), self.drawn_on, tuple(self.at(*p) for p in at), now, now)
        return measure(drawn, self.image)


def number(measured: Measured, name: Name) -> float:
    found = measured.find(name)
    assert found is not None
    return found.value


@pytest.mark.parametrize(("name", "plane"), EVERY_PLANE)
class TestByHand:
    def test_lengths_and_angles(self, name, plane):
        bench = Bench(name, plane)
        # 3, 4, 5 twice: 10 mm.
        assert number(bench.measure(Length, (-3, -4), (3, 4)), Name.LENGTH) == pytest.approx(10, abs=0.1)
        axes = bench.measure(Bidirectional, (-6, 0), (6, 0), (1, -2.5), (1, 2.5))
        assert number(axes, Name.LONG_AXIS) == pytest.approx(12, abs=0.1)
        assert number(axes, Name.SHORT_AXIS) == pytest.approx(5, abs=0.1)
        # The arms run right, and right and down alike: 45 degrees.
        assert number(bench.measure(Angle, (8, 0), (0, 0), (5, 5)), Name.ANGLE) == pytest.approx(45, abs=0.1)

    def test_areas(self, name, plane):
        bench = Bench(name, plane)
        square = bench.measure(Rectangle, (-6, -5), (6, -5), (6, 5), (-6, 5))
        assert number(square, Name.AREA) == pytest.approx(120, rel=0.01)
        # Pixels are squares in the plane: as many centers in each direction as fit into it, or one more.
        sides = 12 / bench.view.pixel_mm, 10 / bench.view.pixel_mm
        fewest, most = (math.prod(map(turn, sides)) for turn in (math.floor, math.ceil))
        assert fewest <= number(square, Name.N_PIXELS) <= most
        ellipse = bench.measure(Ellipse, (0, 0), (8, 0), (0, 6))
        assert number(ellipse, Name.AREA) == pytest.approx(math.pi * 48, rel=0.01)
        triangle = bench.measure(Freehand, (-6, 6), (6, 6), (0, -6))
        assert number(triangle, Name.AREA) == pytest.approx(72, rel=0.01)

    def test_hu_are_those_of_the_plane(self, name, plane):
        bench = Bench(name, plane)
        middle = VOLUMES[name].geometry.center_mm[0]
        # HU are 2 a mm of x: about the middle they average to that of the middle, as far as pixels lie even.
        square = bench.measure(Rectangle, (-6, -5), (6, -5), (6, 5), (-6, 5))
        step = 2 * bench.view.pixel_mm
        assert number(square, Name.MEAN) == pytest.approx(2 * middle, abs=step)
        reach = 6 * abs(bench.view.right[0]) + 5 * abs(bench.view.down[0])
        assert number(square, Name.MAX) == pytest.approx(2 * (middle + reach), abs=2 * step)
        assert number(square, Name.MIN) == pytest.approx(2 * (middle - reach), abs=2 * step)
        x = bench.at(4, 3)[0]
        assert number(bench.measure(Probe, (4, 3)), Name.VALUE) == pytest.approx(2 * x, abs=step)


@pytest.mark.parametrize("name", GEOMETRIES)
def test_a_slab_is_measured_as_it_is_shown(name):
    # Along x, 10 mm of a sagittal plane reach from 5 mm left to 5 mm right of it: 2 HU a mm.
    middle = 2 * VOLUMES[name].geometry.center_mm[0]
    probes = {
        projection: number(Bench(name, "sagittal", Slab(10.0, projection)).measure(Probe, (0, 0)), Name.VALUE)
        for projection in Projection
    }
    assert probes[Projection.MEAN] == pytest.approx(middle, abs=0.1)
    # Sampled at the steps of the volume, of which the last is at most one short of the slab's end.
    assert middle + 5 < probes[Projection.MAXIMUM] <= middle + 10.01
    assert middle - 10.01 <= probes[Projection.MINIMUM] < middle - 5


def test_the_midline_is_shifted_to_the_side_it_is_shifted_to_in_the_patient():
    for plane in ("axial", "coronal"):
        bench = Bench("tilted", plane)
        # Both are seen with the patient's left on the right.
        shift = bench.measure(MidlineShift, (0, -15), (0, 15), (4, 2))
        assert number(shift, Name.SHIFT) == pytest.approx(4, abs=0.1) and shift.side is Side.LEFT
    sagittal = Bench("tilted", "sagittal").measure(MidlineShift, (0, -15), (0, 15), (4, 2))
    assert sagittal.side is None and Note.SIDE_UNKNOWN in sagittal.notes


def test_nothing_is_measured_on_another_volume():
    bench = Bench("tilted", "coronal")
    other = make_volume(VOLUMES["tilted"].voxels + np.float32(1), TILTED)
    assert other.digest == VOLUMES["tilted"].digest  # the same hashes of slices were told
    changed = Volume(other.voxels, TILTED, "1.2.3", "series", ("changed",) * 20)
    assert changed.digest != VOLUMES["tilted"].digest
    image = MeasuredImage(changed.digest, bench.image.grid, bench.image.values)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    drawn = Length("1", bench.drawn_on, (bench.at(0, 0), bench.at(5, 0)), now, now)
    assert measure(drawn, image).notes == (Note.OTHER_PIXELS,)


angles = st.floats(-180, 180, allow_nan=False)
offsets = st.floats(-25, 25, allow_nan=False)


@settings(deadline=None)
@given(st.sampled_from(list(GEOMETRIES)), angles, angles, offsets, st.lists(st.tuples(offsets, offsets)))
def test_patient_mm_and_plane_px_lead_to_each_other(name, one, other, way_mm, pixels):
    geometry = GEOMETRIES[name]
    turned = PlaneView.coronal(geometry.center_mm, 1, 1, 1).rotated(X, one).rotated(Z, other)
    view = whole_plane(turned.moved(way_mm), geometry)
    grid = plane_grid(view)
    at = np.array(pixels, dtype=np.float64).reshape(-1, 2)
    points = grid.points_of(at)
    assert grid.pixels_of(points) == pytest.approx(at, abs=2e-6)
    assert points == pytest.approx(view.mm_at(at[:, 0], at[:, 1]), abs=1e-9)
    assert grid.distances_mm(points) == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(st.sampled_from(list(GEOMETRIES)), angles, angles, offsets)
def test_what_is_kept_of_a_plane_leads_back_to_its_pixels(name, one, other, way_mm):
    geometry = GEOMETRIES[name]
    turned = PlaneView.sagittal(geometry.center_mm, 1, 1, 1).rotated(Y, one).rotated(X, other)
    view = whole_plane(turned, geometry).moved(way_mm)
    back = view_of(place_of(view, None, "1.9"), geometry)
    assert (back.rows, back.columns) == (view.rows, view.columns)
    assert back.pixel_mm == pytest.approx(view.pixel_mm)
    corners = np.array([[0, 0], [view.rows - 1, view.columns - 1]])
    assert back.mm_at(*corners.T) == pytest.approx(view.mm_at(*corners.T), abs=1e-6)


class TestWhichPlane:
    VIEW = PlaneView.coronal((0.0, 10.0, 0.0), 1.0, 50, 50)
    PLACE = place_of(VIEW, None, "1.9")
    POINTS = np.array([[-20.0, 10.0, 0.0], [20.0, 10.0, 5.0]])

    def shown(self, view: PlaneView, slab: Slab | None = None, place: OnReformat = PLACE) -> bool:
        return shows_plane(place, self.POINTS, view, slab, step_mm=3.0)

    def test_within_half_a_step(self):
        assert (
            self.shown(self.VIEW) and self.shown(self.VIEW.moved(1.5)) and self.shown(self.VIEW.moved(-1.4))
        )
        assert not self.shown(self.VIEW.moved(1.51)) and not self.shown(self.VIEW.moved(-1.6))

    def test_within_a_degree(self):
        assert self.shown(self.VIEW.rotated(X, 0.99)) and not self.shown(self.VIEW.rotated(X, 1.01))

    def test_with_the_same_slab_only(self):
        slab = Slab(5.0, Projection.MEAN)
        on_slab = place_of(self.VIEW, slab, "1.9")
        assert self.shown(self.VIEW, slab, on_slab)
        for other in (None, Slab(5.0, Projection.MAXIMUM), Slab(6.0, Projection.MEAN)):
            assert not self.shown(self.VIEW, other, on_slab)
        assert not self.shown(self.VIEW, slab)

    def test_turned_or_mirrored_in_itself_it_is_the_same_plane(self):
        assert self.shown(self.VIEW.turned(90))
        behind = PlaneView(self.VIEW.center_mm, (-1.0, 0.0, 0.0), self.VIEW.down, 1.0, 50, 50)
        assert self.shown(behind)

    def test_how_far_it_is_apart(self):
        moved = apart(self.PLACE, self.POINTS, self.VIEW.moved(0.8))
        assert (moved.distance_mm, moved.angle_deg) == pytest.approx((0.8, 0.0), abs=1e-9)
        assert not moved.is_exact and apart(self.PLACE, self.POINTS, self.VIEW).is_exact
        # Through the middle of the points and turned about the vertical: 20 mm to either side.
        turned = apart(self.PLACE, self.POINTS, self.VIEW.rotated(Z, 0.5))
        assert turned.angle_deg == pytest.approx(0.5)
        assert turned.distance_mm == pytest.approx(20 * math.sin(math.radians(0.5)))

    def test_points_are_dropped_along_the_normal(self):
        assert onto_plane(self.PLACE, np.array([[3.0, 11.0, 4.0]])) == ((3.0, 10.0, 4.0),)
