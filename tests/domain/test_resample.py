"""The same HU as SimpleITK's resampling and as a plain sum over eight voxels, whatever the plane."""

from itertools import pairwise

import numpy as np
import pytest
import SimpleITK
from scipy import ndimage
from volume_builders import X, Y, Z, make_geometry, make_volume

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.resample import resample
from ichviewer.domain.sampling import Interpolation
from ichviewer.domain.slab import Projection, Slab, slab_samples
from ichviewer.domain.volume import MISSING, as_hu

SHAPE = (12, 40, 36)
UNEVEN = (0, 4, 8, 12, 13.1, 20, 27, 34, 38, 41, 48, 55)
HEAD = {"origin_mm": (-30, -25, 5), "spacing_mm": (0.5, 0.6)}
GEOMETRIES = {
    "plain": make_geometry(SHAPE, **HEAD, step_mm=1.25),
    "tilted": make_geometry(SHAPE, **HEAD, step_mm=1.25, tilt_deg=18.5),
    "oblique": make_geometry(SHAPE, **HEAD, step_mm=1.25, turn=((1.0, 2.0, 3.0), 25.0)),
    "uneven": make_geometry(SHAPE, **HEAD, positions_mm=UNEVEN),
    "tilted and uneven": make_geometry(SHAPE, **HEAD, positions_mm=UNEVEN, tilt_deg=-18.5),
}
SLABS = {
    "plane": None,
    "mean": Slab(5),
    "maximum": Slab(4, Projection.MAXIMUM),
    "minimum": Slab(7, Projection.MINIMUM),
}


def views_of(geometry):
    """Planes along the patient's axes and the slices, turned about one axis and about two."""
    center = tuple(map(float, np.add(geometry.center_mm, (0.13, 0.21, 0.37))))
    bases = [
        PlaneView.axial(center, 0.7, 50, 45),
        PlaneView.coronal(center, 0.7, 50, 45),
        PlaneView.sagittal(center, 0.7, 50, 45),
        PlaneView.along_slices(geometry, 5),
        PlaneView.along_slices(geometry, 5).moved(0.4),
    ]
    turned = [base.turned(degrees) for base in bases for degrees in (20, 90)]
    rotated = [base.rotated(axis, 17) for base in bases for axis in (X, Y, Z, (1.0, 1.0, 0.3))]
    return bases + turned + rotated


def noise(geometry, holes=False):
    rng = np.random.default_rng(3)
    voxels = rng.integers(-1000, 3000, geometry.shape)
    if holes:
        voxels[7] = MISSING
        voxels[:, :3] = MISSING
        voxels[rng.random(geometry.shape) < 0.002] = MISSING
    return make_volume(voxels, geometry)


def indices_of(geometry, points_mm):
    """Fractional indices, without what floating point does to those on a voxel."""
    index = geometry.index_of_mm(points_mm)
    return np.where(np.abs(index - np.rint(index)) < 1e-9, np.rint(index), index)


def expected(volume, view, slab, order=1):
    """Each sample on its own by scipy, with missing voxels; then mean, maximum or minimum."""
    samples = slab_samples(slab, volume.geometry.natural_step_mm(view.normal))
    rows, columns = np.mgrid[: view.rows, : view.columns]
    hu = as_hu(volume.voxels).astype(np.float64)
    layers = []
    for offset in samples.offsets_mm:
        index = indices_of(volume.geometry, view.mm_at(rows, columns) + offset * np.array(view.normal))
        index = np.moveaxis(index, -1, 0)
        found = ndimage.map_coordinates(np.nan_to_num(hu), index, order=order, cval=np.nan, prefilter=False)
        touched = ndimage.map_coordinates(np.isnan(hu).astype(float), index, order=order, prefilter=False)
        layers.append(np.where(touched > 1e-9, np.inf, found))
    layers = np.stack(layers)
    outside, touched = np.isnan(layers), np.isinf(layers).any(axis=0)
    if samples.projection is Projection.MEAN:
        weights = np.where(outside, 0, samples.weights[:, None, None])
        total = weights.sum(axis=0)
        result = (np.where(outside | np.isinf(layers), 0, layers) * weights).sum(axis=0)
        result = np.divide(result, total, out=np.full(total.shape, np.nan), where=total > 0)
    else:
        greatest = samples.projection is Projection.MAXIMUM
        layers = np.where(outside, -np.inf if greatest else np.inf, layers)
        result = layers.max(axis=0) if greatest else layers.min(axis=0)
        result[np.isinf(result)] = np.nan
    result[touched] = np.nan
    return result


def own(volume, view, slab=None, interpolation=Interpolation.LINEAR):
    samples = slab_samples(slab, volume.geometry.natural_step_mm(view.normal))
    return resample(volume, view, samples, interpolation)


@pytest.mark.parametrize("slab", SLABS.values(), ids=SLABS)
@pytest.mark.parametrize("holes", [False, True], ids=["whole", "with holes"])
@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)
def test_every_plane_shows_what_eight_voxels_around_every_sample_give(geometry, holes, slab):
    volume = noise(geometry, holes)
    seen = 0
    for view in views_of(geometry):
        found, wanted = own(volume, view, slab), expected(volume, view, slab)
        assert np.array_equal(np.isnan(found), np.isnan(wanted))
        assert np.allclose(found, wanted, atol=0.1, rtol=0, equal_nan=True)
        seen += np.count_nonzero(~np.isnan(found))
    assert seen > 1000


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)
def test_every_plane_shows_the_nearest_voxel(geometry):
    volume = noise(geometry)
    for view in views_of(geometry):
        rows, columns = np.mgrid[: view.rows, : view.columns]
        index = indices_of(geometry, view.mm_at(rows, columns))
        inside = ((index >= 0) & (index <= np.array(geometry.shape) - 1)).all(axis=-1)
        # Not where two voxels are equally near.
        clear = inside & (np.abs(index - np.floor(index) - 0.5) > 1e-6).all(axis=-1)
        nearest = np.rint(index[clear]).astype(int)
        found = own(volume, view, interpolation=Interpolation.NEAREST)
        assert np.array_equal(np.isnan(found), ~inside)
        assert np.array_equal(found[clear], volume.voxels[tuple(nearest.T)])


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)
def test_float32_voxels_give_the_same(geometry):
    volume = noise(geometry, holes=True)
    same = make_volume(as_hu(volume.voxels), geometry)
    for view in views_of(geometry):
        for slab in SLABS.values():
            assert np.allclose(own(volume, view, slab), own(same, view, slab), atol=0.1, equal_nan=True)


def simpleitk_image(voxels, affine):
    """An image with the affine of (slice, row, column); SimpleITK's is of (column, row, slice)."""
    image = SimpleITK.GetImageFromArray(np.ascontiguousarray(voxels))
    steps = np.linalg.norm(affine[:3, :3], axis=0)
    image.SetSpacing(steps[::-1].tolist())
    image.SetDirection((affine[:3, :3] / steps)[:, ::-1].ravel().tolist())
    image.SetOrigin(affine[:3, 3].tolist())
    return image


def by_simpleitk(image, view):
    """Linear interpolation on the pixels of a view; NaN outside of the image."""
    found = SimpleITK.Resample(
        image,
        (view.columns, view.rows, 1),
        SimpleITK.Transform(),
        SimpleITK.sitkLinear,
        view.mm_at(0, 0).tolist(),
        (view.pixel_mm, view.pixel_mm, 1.0),
        np.stack([view.right, view.down, view.normal], axis=1).ravel().tolist(),
        -30000.0,
        SimpleITK.sitkFloat32,
    )
    hu = SimpleITK.GetArrayFromImage(found)[0]
    return np.where(hu == -30000, np.nan, hu)


def expected_by_simpleitk(volume, view):
    """SimpleITK has no uneven images: there, each pair of neighboring slices is an image of its own."""
    geometry = volume.geometry
    if geometry.affine is not None:
        return by_simpleitk(simpleitk_image(volume.voxels, geometry.affine), view)
    result = np.full((view.rows, view.columns), np.nan)
    rows, columns = np.mgrid[: view.rows, : view.columns]
    slices = geometry.index_of_mm(view.mm_at(rows, columns))[..., 0]
    for k, (low, high) in enumerate(pairwise(geometry.slice_positions_mm)):
        affine = np.eye(4)
        affine[:3, :3] = geometry.matrix
        affine[:3, 0] *= high - low
        affine[:3, 3] = geometry.mm_of_index([k, 0, 0])
        between = (slices >= k) & (slices <= k + 1)
        result[between] = by_simpleitk(simpleitk_image(volume.voxels[k : k + 2], affine), view)[between]
    return result


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)
def test_planes_are_those_of_simpleitk_within_1_hu_and_half_a_pixel(geometry):
    volume = noise(geometry)
    compared = 0
    for view in views_of(geometry):
        found, wanted = own(volume, view), expected_by_simpleitk(volume, view)
        rows, columns = np.mgrid[: view.rows, : view.columns]
        index = geometry.index_of_mm(view.mm_at(rows, columns))
        beyond = np.maximum(-index, index - np.array(geometry.shape) + 1).max(axis=-1)
        # SimpleITK goes on by half a voxel beyond the centers of the outer voxels.
        assert (beyond[np.isnan(found) & ~np.isnan(wanted)] <= 0.5 + 1e-6).all()
        assert (beyond[np.isnan(wanted) & ~np.isnan(found)] > -1e-6).all()
        both = ~np.isnan(found) & ~np.isnan(wanted)
        assert np.abs(found - wanted)[both].max(initial=0) <= 1
        compared += np.count_nonzero(both)
    assert compared > 10_000
