"""What a plane shows of a volume: numbers by hand, invariants, what is missing, and a real head."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage
from volume_builders import Y, Z, make_volume
from volume_strategies import geometries, views_of

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import Reformat, reformat
from ichviewer.domain.sampling import Interpolation
from ichviewer.domain.slab import Projection, Slab
from ichviewer.domain.volume import MISSING, build_volume

NAN = np.nan
# Slices z 0, 2, 4; rows y 0, 1; columns x 0, 1, 2. HU = 100 * slice + 10 * row + column.
COUNTED = np.array([[[100 * k + 10 * i + j for j in range(3)] for i in range(2)] for k in range(3)])

slabs = st.none() | st.builds(Slab, st.floats(1, 12), st.sampled_from(Projection))


def coronal(y, pixel_mm=1.0, rows=5, columns=3):
    return PlaneView.coronal((1.0, y, 2.0), pixel_mm, rows, columns)


def shown(volume, view, *how):
    return reformat(volume, view, *how).hu.tolist()


class TestByHand:
    def test_a_coronal_plane_on_a_row(self):
        # From z 4 on top to 0 in steps of 1 mm: slices 2, between, 1, between, 0. y 1 is row 1.
        assert shown(make_volume(COUNTED), coronal(1.0)) == [
            [210, 211, 212],
            [160, 161, 162],
            [110, 111, 112],
            [60, 61, 62],
            [10, 11, 12],
        ]

    def test_a_coronal_plane_between_rows(self):
        # y 0.25: a quarter of 10 HU more.
        assert shown(make_volume(COUNTED), coronal(0.25, 2.0, 3, 1)) == [[203.5], [103.5], [3.5]]

    def test_a_sagittal_plane(self):
        # Columns from front (row 0) to back; x 1.5; from z 4 down.
        view = PlaneView.sagittal((1.5, 0.5, 2.0), 1.0, 5, 2)
        assert shown(make_volume(COUNTED), view)[0] == [201.5, 211.5]
        assert shown(make_volume(COUNTED), view)[4] == [1.5, 11.5]

    def test_an_axial_plane_between_slices(self):
        # z 3: halfway from slice 1 to 2.
        view = PlaneView.axial((1.0, 0.5, 3.0), 1.0, 2, 3)
        assert shown(make_volume(COUNTED), view) == [[150, 151, 152], [160, 161, 162]]

    def test_the_nearest_voxel(self):
        view = PlaneView.axial((1.0, 0.5, 3.1), 1.0, 2, 3)
        assert shown(make_volume(COUNTED), view, None, Interpolation.NEAREST) == [
            [200, 201, 202],
            [210, 211, 212],
        ]
        lower = view.moved(-0.2)
        assert shown(make_volume(COUNTED), lower, None, Interpolation.NEAREST)[0] == [100, 101, 102]

    def test_between_uneven_slices(self):
        # Slices at 0, 1, 4: z 3 is two thirds of the way from 100 to 200.
        volume = make_volume(COUNTED, positions_mm=(0, 1, 4))
        view = PlaneView.axial((1.0, 0.0, 3.0), 1.0, 1, 1)
        assert shown(volume, view)[0] == pytest.approx([100 * 5 / 3 + 1])

    def test_a_tilted_volume_is_not_sheared(self):
        # At 30 degrees row i lies at y 0.866 i and z 2 k - i / 2. The point of row 1 and slice 1 is at z 1.5.
        volume = make_volume(COUNTED, tilt_deg=30)
        y = math.cos(math.radians(30))
        view = PlaneView.coronal((1.0, y, 1.5), 1.0, 1, 3)
        assert shown(volume, view)[0] == pytest.approx([110, 111, 112])
        # Straight above it, at z 2.5, halfway to slice 2.
        assert shown(volume, view.rotated(Z, 0).through((1.0, y, 1.5)))[0] == pytest.approx([110, 111, 112])
        above = PlaneView.coronal((1.0, y, 2.5), 1.0, 1, 3)
        assert shown(volume, above)[0] == pytest.approx([160, 161, 162])

    def test_an_oblique_plane(self):
        # From voxel (0, 0, 0) along (1, 0, 2) / sqrt 5: slice and column grow by the same amount.
        view = PlaneView(
            (0.5, 0.0, 1.0), tuple(np.array([1, 0, 2]) / math.sqrt(5)), Y, math.sqrt(5) / 2, 1, 3
        )
        assert shown(make_volume(COUNTED), view)[0] == pytest.approx([0, 50.5, 101], abs=1e-3)

    def test_slabs(self):
        # Axial at z 2 with 4 mm: slices 0, 1, 2 with weights 1, 2, 1 of 4; row 0, column 0 is 0, 100 and 900.
        voxels = COUNTED.copy()
        voxels[2, 0, 0] = 900
        view = PlaneView.axial((0.0, 0.0, 2.0), 1.0, 1, 1)
        volume = make_volume(voxels)
        assert shown(volume, view, Slab(4)) == [[275]]
        assert shown(volume, view, Slab(4, Projection.MAXIMUM)) == [[900]]
        assert shown(volume, view, Slab(4, Projection.MINIMUM)) == [[0]]
        # 3 mm do not reach the neighbors.
        assert shown(volume, view, Slab(3, Projection.MAXIMUM)) == [[100]]

    def test_a_coronal_slab(self):
        # y 0 and 1 alone at steps of 1 mm; from y 1, 2 mm reach rows 0 and 2; of these, row 2 is outside.
        view = coronal(1.0, 2.0, 3, 1)
        assert shown(make_volume(COUNTED), view, Slab(2, Projection.MINIMUM)) == [[201], [101], [1]]
        # Row 0 has the weight 1/4, row 1 1/2: 1/3 of 1 and 2/3 of 11.
        assert shown(make_volume(COUNTED), view, Slab(2))[2] == pytest.approx([23 / 3])


class TestMissing:
    def test_outside_there_is_nothing(self):
        view = PlaneView.axial((1.0, 0.5, 2.0), 1.0, 4, 5)
        assert np.isnan(reformat(make_volume(COUNTED), view).hu).tolist() == [
            [True] * 5,
            [True, False, False, False, True],
            [True, False, False, False, True],
            [True] * 5,
        ]
        for outside in (view.moved(2.01), view.moved(-2.01), view.moved(1000)):
            assert reformat(make_volume(COUNTED), outside).missing().all()
        assert not reformat(make_volume(COUNTED), view.moved(2)).missing().all()

    def test_what_touches_a_missing_voxel_is_missing(self):
        voxels = COUNTED.copy()
        voxels[1, 0, 1] = MISSING
        volume = make_volume(voxels)
        # Around z 2 on row 0 at half a mm: the voxel itself and all that lies next to it.
        assert np.isnan(reformat(volume, coronal(0.0, 0.5, 9, 5)).hu).tolist() == [
            [False] * 5,
            *[[False, True, True, True, False]] * 7,
            [False] * 5,
        ]
        # Row 1 does not touch it; just before row 1 does.
        assert not reformat(volume, coronal(1.0)).missing().any()
        assert reformat(volume, coronal(0.99)).missing().any()

    @pytest.mark.parametrize("projection", Projection)
    def test_a_slab_that_touches_a_missing_slice_is_missing(self, projection):
        voxels = COUNTED.copy()
        voxels[0] = MISSING
        view = PlaneView.axial((1.0, 0.5, 2.0), 1.0, 2, 3)
        assert not reformat(make_volume(voxels), view, Slab(3, projection)).missing().any()
        assert reformat(make_volume(voxels), view, Slab(4, projection)).missing().all()

    def test_at_the_end_of_the_volume_a_slab_is_thinner(self):
        view = PlaneView.axial((0.0, 0.0, 4.0), 1.0, 1, 1)
        # Slice 2 has the weight 2, slice 1 the weight 1; the third sample is outside.
        assert shown(make_volume(COUNTED), view, Slab(4))[0] == pytest.approx([500 / 3])
        assert shown(make_volume(COUNTED), view, Slab(4, Projection.MAXIMUM)) == [[200]]
        # From z 6.1, all of 4.1, 6.1 and 8.1 are.
        assert reformat(make_volume(COUNTED), view.moved(2.1), Slab(4)).missing().all()

    def test_a_volume_without_any_slice_shows_nothing(self):
        volume = make_volume(np.full((3, 2, 3), MISSING))
        for view in (coronal(0.5), coronal(0.5).rotated(Z, 10), coronal(0.5).rotated((1.0, 1.0, 1.0), 10)):
            for projection in Projection:
                assert reformat(volume, view, Slab(2, projection)).missing().all()

    def test_nan_of_float32_is_missing(self):
        voxels = COUNTED.astype(np.float32) + np.float32(0.5)
        voxels[1] = NAN
        found = reformat(make_volume(voxels), coronal(0.0, 2.0, 3, 1))
        assert found.hu[0, 0] == 201.5
        assert found.missing()[:, 0].tolist() == [False, True, False]


class TestReformat:
    def test_is_filled_with_air_where_there_is_no_image(self):
        view = PlaneView.axial((1.0, 0.5, 2.0), 1.0, 2, 5)
        found = reformat(make_volume(COUNTED), view)
        assert found.filled()[0].tolist() == [-1000, 100, 101, 102, -1000]
        assert found.filled(7)[0].tolist() == [7, 100, 101, 102, 7]
        assert found.filled().dtype == np.float32

    def test_is_read_only(self):
        with pytest.raises(ValueError, match="read-only"):
            reformat(make_volume(COUNTED), coronal(0.0)).hu[0, 0] = 1

    @pytest.mark.parametrize("hu", [np.zeros((5, 4), np.float32), np.zeros((5, 3))])
    def test_has_the_size_of_its_view(self, hu):
        with pytest.raises(ValueError, match="Received"):
            Reformat(coronal(0.0), hu)


class TestInvariants:
    @given(st.data(), st.integers(-1000, 3000), slabs, st.sampled_from(Interpolation))
    def test_a_constant_volume_stays_constant(self, data, hu, slab, how):
        geometry = data.draw(geometries())
        found = reformat(
            make_volume(np.full((6, 14, 12), hu), geometry), data.draw(views_of(geometry)), slab, how
        )
        kept = found.hu[~found.missing()]
        assert kept == pytest.approx(np.full(kept.shape, hu), abs=0.01)

    @given(st.data(), st.tuples(*[st.floats(-20, 20)] * 3))
    def test_a_linear_field_is_reproduced_under_any_plane(self, data, slope):
        geometry = data.draw(geometries())
        view = data.draw(views_of(geometry))
        index = np.stack(np.meshgrid(*map(np.arange, geometry.shape), indexing="ij"), axis=-1)
        voxels = ((geometry.mm_of_index(index) - geometry.center_mm) @ slope).astype(np.float32)
        found = reformat(make_volume(voxels, geometry), view)
        rows, columns = np.mgrid[: view.rows, : view.columns]
        expected = (view.mm_at(rows, columns) - geometry.center_mm) @ slope
        kept = ~found.missing()
        assert found.hu[kept] == pytest.approx(expected[kept], abs=0.05)
        at = geometry.index_of_mm(view.mm_at(rows, columns))
        inside = ((at >= 0) & (at <= np.array(geometry.shape) - 1)).all(axis=-1)
        near = (np.minimum(np.abs(at), np.abs(at - np.array(geometry.shape) + 1)) < 1e-3).any(axis=-1)
        assert np.array_equal(kept | near, inside | near)

    @given(st.data(), st.integers(0, 2**31), st.floats(1, 12))
    def test_least_mean_and_greatest_are_in_order(self, data, seed, thickness):
        geometry = data.draw(geometries())
        view = data.draw(views_of(geometry))
        voxels = np.random.default_rng(seed).integers(-1000, 3000, geometry.shape)
        voxels[np.random.default_rng(seed).random(geometry.shape) < 0.01] = MISSING
        volume = make_volume(voxels, geometry)
        low, mean, high = (
            reformat(volume, view, Slab(thickness, p)).hu
            for p in (Projection.MINIMUM, Projection.MEAN, Projection.MAXIMUM)
        )
        assert np.array_equal(np.isnan(low), np.isnan(mean))
        assert np.array_equal(np.isnan(high), np.isnan(mean))
        kept = ~np.isnan(mean)
        assert (low[kept] <= mean[kept] + 0.05).all()
        assert (mean[kept] <= high[kept] + 0.05).all()

    @given(st.data(), st.integers(0, 2**31), slabs)
    def test_a_view_that_is_flipped_shows_the_same_flipped(self, data, seed, slab):
        geometry = data.draw(geometries())
        view = data.draw(views_of(geometry))
        volume = make_volume(np.random.default_rng(seed).integers(-1000, 3000, geometry.shape), geometry)
        mirrored = PlaneView(
            view.center_mm,
            tuple(-v for v in view.right),
            view.down,
            view.pixel_mm,
            view.rows,
            view.columns,
        )
        found, other = (reformat(volume, v, slab).hu for v in (view, mirrored))
        assert np.allclose(found, other[:, ::-1], atol=0.05, equal_nan=True)

    @given(st.data(), st.integers(0, 2**31), slabs)
    def test_a_view_turned_by_a_quarter_shows_the_same_turned(self, data, seed, slab):
        geometry = data.draw(geometries())
        view = data.draw(views_of(geometry))
        volume = make_volume(np.random.default_rng(seed).integers(-1000, 3000, geometry.shape), geometry)
        turned = PlaneView(
            view.center_mm, view.down, tuple(-v for v in view.right), view.pixel_mm, view.columns, view.rows
        )
        found, other = (reformat(volume, v, slab).hu for v in (view, turned))
        assert np.allclose(other, np.rot90(found), atol=0.05, equal_nan=True)


@pytest.fixture(scope="module")
def ge_series(shared_data):
    (series,) = read_catalog([shared_data / "ge-head-ct"]).series
    return series


@pytest.fixture(scope="module")
def ge_head(ge_series):
    """The tilted and uneven head CT."""
    return build_volume(ge_series, ((i, read_slice(info)) for i, info in enumerate(ge_series.slices)))


def skull_in(hu):
    """The largest piece of what is over 150 HU: the skull without the head rest."""
    pieces, _ = ndimage.label(np.nan_to_num(hu, nan=-1000) > 150)
    return pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])


def outermost_px(rows):
    """First and last column of the skull on each row; shape (rows, 2)."""
    return np.array([np.flatnonzero(row)[[0, -1]] for row in rows])


@pytest.mark.realdata
class TestGeHeadCt:
    def test_is_a_tilted_and_uneven_volume(self, ge_head):
        geometry = ge_head.geometry
        assert geometry.affine is None
        askew = math.degrees(math.acos(np.dot(geometry.normal, geometry.slice_direction)))
        assert askew == pytest.approx(18.5, abs=0.1)
        assert ge_head.undecoded == ()
        assert all(ge_head.missing(i).any() for i in range(28))

    def test_a_coronal_plane_has_the_skull_on_both_sides_around_one_midline(self, ge_head):
        view = PlaneView.coronal(ge_head.geometry.center_mm, 0.5, 1, 1).covering(ge_head.geometry)
        skull = skull_in(reformat(ge_head, view, Slab(5)).hu)
        # Every 2 mm from 20 to 80 mm below the top of the skull.
        top = int(np.flatnonzero(skull.any(axis=1))[0])
        edges = outermost_px(skull[top + 40 : top + 160 : 4]) * 0.5
        widths, middles = edges[:, 1] - edges[:, 0], edges.mean(axis=1)
        # An adult's is some 150 mm wide, and wider and wider from the vertex down.
        assert 140 < widths.max() < 165
        assert widths[0] < 0.9 * widths.max()
        assert np.diff(widths).min() > -2
        # Sheared sideways by a few degrees, the middle would drift.
        assert np.ptp(middles) < 5

    def test_a_sagittal_plane_has_the_vertex_above_the_middle_of_the_head(self, ge_head):
        view = PlaneView.sagittal(ge_head.geometry.center_mm, 0.5, 1, 1).covering(ge_head.geometry)
        skull = skull_in(reformat(ge_head, view, Slab(5)).hu)
        rows = np.flatnonzero(skull.any(axis=1))
        vertex = np.flatnonzero(skull[rows[0] + 2]).mean()
        # Of forehead and occiput 80 mm below it. With the tilt of 18.5 degrees ignored, the head would be 196 mm long
        # there and the vertex 17 mm off.
        front, back = outermost_px(skull[[rows[0] + 160]])[0] * 0.5
        assert 165 < back - front < 190
        assert abs(vertex * 0.5 - (front + back) / 2) < 10

    def test_planes_show_the_pixels_of_the_slices_where_those_lie(self, ge_series, ge_head):
        # Through the positions that the files tell of single pixels (PS3.3 equation C.7.6.2.1-1).
        for k in (3, 13, 14, 15, 24):
            info = ge_series.slices[k]
            hu = read_slice(info).image.hu()
            for row, column in ((150, 200), (250, 130), (300, 256), (370, 310)):
                at = info.plane.at_mm(row, column, info.spacing)
                for base in (PlaneView.axial, PlaneView.coronal, PlaneView.sagittal):
                    found = reformat(ge_head, base(at, 0.5, 3, 3)).hu[1, 1]
                    assert found == pytest.approx(hu[row, column], abs=0.5)
