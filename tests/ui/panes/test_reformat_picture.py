"""From a volume to the picture of a plane."""

from __future__ import annotations

import numpy as np
import pytest
from volume_builders import make_geometry, make_volume

from ichviewer.domain.reformat import reformat
from ichviewer.domain.slab import Slab
from ichviewer.domain.volume import MISSING
from ichviewer.domain.window import Window
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.ui.panes.reformat_picture import (
    STRIPES_RGB,
    PlanePixels,
    band_rows,
    coarser,
    picture,
    plane_hu,
    preview_coarseness,
)
from ichviewer.ui.panes.reformat_state import ReformatState, Section

RANDOM = np.random.default_rng(3).integers(-1000, 2000, (5, 31, 41))
VOLUME = make_volume(RANDOM, make_geometry((5, 31, 41), step_mm=5.0, tilt_deg=15.0))
PLANES = ReformatState.of(VOLUME.geometry).turned(Section.AXIAL, 10)


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("slab", [None, Slab(6.0)])
def test_bands_make_the_same_picture_as_the_whole_plane(section, slab):
    view = PLANES.view(section)
    whole = reformat(VOLUME, view, slab).hu
    banded = plane_hu(VOLUME, view, slab, 7, CancelToken())
    # At the border of the volume, rounding decides whether a pixel lies in it.
    assert (np.isnan(whole) != np.isnan(banded)).mean() < 0.02
    both = ~np.isnan(whole) & ~np.isnan(banded)
    assert both.any()
    assert np.allclose(whole[both], banded[both], atol=0.1)


def test_computing_stops_when_it_is_told_to():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        plane_hu(VOLUME, PLANES.view(Section.AXIAL), None, 7, cancel)


def test_coarser_pixels_cover_the_same_rectangle_about_the_same_center():
    view = PLANES.view(Section.CORONAL)
    coarse = coarser(view, 4)
    assert coarse.pixel_mm == 4 * view.pixel_mm and coarse.center_mm == view.center_mm
    assert view.rows <= coarse.rows * 4 < view.rows + 4


def test_slow_planes_are_previewed_coarsely_and_computed_in_bands():
    view = ReformatState.of(make_geometry((5, 500, 400))).view(Section.AXIAL)  # 200,000 pixels
    assert preview_coarseness(view, 1e-7) == 1  # 20 ms
    assert preview_coarseness(view, 5e-7) == 2  # 100 ms, a quarter of that is 25 ms
    assert preview_coarseness(view, 1.0) == 8
    assert band_rows(view, 1e-7) == 500
    assert band_rows(view, 1e-5) == 25  # 400 pixels take 4 ms
    assert band_rows(view, 1.0) == 8


def test_grey_is_that_of_the_window_and_missing_voxels_are_stripes():
    voxels = np.zeros((2, 4, 6), np.int16)
    voxels[:, :, 1], voxels[:, :, 2] = 80, 40
    voxels[:, 3] = MISSING
    volume = make_volume(voxels)
    view = ReformatState.of(volume.geometry).view(Section.AXIAL)
    hu = plane_hu(volume, view, None, view.rows, CancelToken())
    pixels = PlanePixels(view, None, 1, hu)
    window = Window(40, 80)
    drawn = picture(pixels, window, inverted=False)
    inverted = picture(pixels, window, inverted=True)
    for column, value in ((0, 0), (1, 80), (2, 40)):
        grey = int(window.grey(value))
        assert drawn[0, column].tolist() == [grey] * 3
        assert inverted[0, column].tolist() == [255 - grey] * 3
    assert {tuple(rgb) for rgb in drawn[3].tolist()} <= set(STRIPES_RGB)
    assert np.array_equal(drawn[3], inverted[3])
    assert pixels.hu_at(0, 1) == 80 and pixels.hu_at(3, 1) is None


def test_a_plane_without_any_image_is_all_stripes():
    volume = make_volume(np.full((2, 4, 6), MISSING))
    view = ReformatState.of(volume.geometry).view(Section.AXIAL)
    hu = plane_hu(volume, view, None, view.rows, CancelToken())
    drawn = picture(PlanePixels(view, None, 1, hu), Window(40, 80), inverted=False)
    assert {tuple(rgb) for rgb in drawn.reshape(-1, 3).tolist()} <= set(STRIPES_RGB)
