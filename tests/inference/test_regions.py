from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.inference.preprocess import Orientation, PreprocessSettings, resample_head
from ichviewer.inference.regions import KEPT_FROM, Crop, RegionSettings, region_map

PREPROCESSING = PreprocessSettings(size_px=64, mm_per_px=2.0)
STRIDE = 8
PLAIN = RegionSettings(STRIDE, (1.0,) * 5, (0.0,) * 5, (0.5,) * 5)
KIND = Hemorrhage.INTRAPARENCHYMAL


def logits_of(picture):
    """What a perfect network would say of one type: the logit of how bright each cell is."""
    cells = picture.shape[0] // STRIDE
    share = picture.reshape(cells, STRIDE, cells, STRIDE).mean(axis=(1, 3))
    out = np.full((cells, cells, 5), -20.0, np.float32)
    p = np.clip(share, 1e-6, 1 - 1e-6)
    out[..., TYPES.index(KIND)] = np.log(p / (1 - p))
    return out


@given(
    orientation=st.builds(Orientation, st.booleans(), st.booleans(), st.booleans()),
    shape=st.tuples(st.integers(60, 160), st.integers(60, 160)),
    spacing_mm=st.tuples(st.floats(0.5, 2.5), st.floats(0.5, 2.5)),
    off_mm=st.tuples(st.floats(-25, 25), st.floats(-25, 25)),
    blob_mm=st.tuples(st.floats(-35, 35), st.floats(-35, 35)),
)
def test_a_blob_comes_back_where_it_came_from(orientation, shape, spacing_mm, off_mm, blob_mm):
    """Draw a blob in a stored slice, cut the picture out as the product does, and undo it with the map."""
    turned_shape = shape[::-1] if orientation.transpose else shape
    turned_spacing = orientation.spacing(spacing_mm)
    center = tuple((n - 1) / 2 + o / s for n, o, s in zip(turned_shape, off_mm, turned_spacing, strict=True))
    at = tuple(c + b / s for c, b, s in zip(center, blob_mm, turned_spacing, strict=True))
    radius_mm = 14.0
    inside = all(
        radius_mm <= a * s <= (n - 1) * s - radius_mm
        for a, s, n in zip(at, turned_spacing, turned_shape, strict=True)
    )
    assume(inside)
    y, x = np.mgrid[: turned_shape[0], : turned_shape[1]]
    distance = np.hypot((y - at[0]) * turned_spacing[0], (x - at[1]) * turned_spacing[1])
    turned_hu = np.where(distance < radius_mm, 240.0, -160.0).astype(np.float32)
    # The stored slice that looks like this once it is turned.
    unflipped = turned_hu[:: -1 if orientation.flip_rows else 1, :: -1 if orientation.flip_columns else 1]
    stored = unflipped.T if orientation.transpose else unflipped
    np.testing.assert_array_equal(orientation.apply(stored), turned_hu)

    picture = (resample_head(orientation.apply(stored), turned_spacing, center, PREPROCESSING) + 160) / 400
    crop = Crop(orientation, turned_shape, turned_spacing, center)
    found = region_map(logits_of(picture), PLAIN, PREPROCESSING, crop)

    truth_px = np.argwhere(stored > 0).mean(axis=0)
    half_cell_mm = STRIDE * PREPROCESSING.mm_per_px / 2
    p = found.on_slice(KIND, shape)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    mean_px = (rows * p).sum() / p.sum(), (columns * p).sum() / p.sum()
    outline = np.concatenate(found.outlines(KIND, 0.3))
    for place in (mean_px, outline.mean(axis=0)):
        apart = math.hypot(*((a - b) * s for a, b, s in zip(place, truth_px, spacing_mm, strict=True)))
        assert apart <= half_cell_mm
    mask = found.mask(KIND, 0.5, shape)
    assert 0.5 < mask.sum() / (stored > 0).sum() < 1.6


def test_the_middle_of_the_picture_is_the_middle_of_the_head():
    crop = Crop(Orientation(), (100, 120), (0.5, 0.8), (40.25, 71.5))
    found = region_map(np.zeros((8, 8, 5), np.float32), PLAIN, PREPROCESSING, crop)
    assert found.place_px(3.5, 3.5) == pytest.approx((40.25, 71.5))
    # 8 pixels of 2 mm are 16 mm: 32 rows of 0.5 mm, 20 columns of 0.8 mm.
    assert found.step_px == pytest.approx((32.0, 20.0))


def test_probabilities_are_calibrated_type_by_type():
    settings = RegionSettings(8, (1.0, 2.0, 1.0, 1.0, 0.5), (0.0, 1.0, 0.0, 0.0, -1.0), (0.5,) * 5)
    p = settings.probabilities(np.full((1, 1, 5), 1.0, np.float32))[0, 0]
    np.testing.assert_allclose(p, 1 / (1 + np.exp(-np.array([1.0, 3.0, 1.0, 1.0, -0.5]))))


def test_a_map_without_anything_in_it_is_not_kept():
    crop = Crop(Orientation(), (64, 64), (2.0, 2.0), (31.5, 31.5))
    low = math.log(0.9 * KEPT_FROM / (1 - 0.9 * KEPT_FROM))
    logits = np.full((8, 8, 5), low, np.float32)
    assert region_map(logits, PLAIN, PREPROCESSING, crop) is None
    sensitive = RegionSettings(8, (1.0,) * 5, (0.0,) * 5, (0.5, 0.5, 0.5, 0.5, 0.8 * KEPT_FROM))
    assert region_map(logits, sensitive, PREPROCESSING, crop) is not None
    logits[3, 4, 2] = 0.0
    assert region_map(logits, PLAIN, PREPROCESSING, crop) is not None


def test_settings_survive_json():
    settings = RegionSettings(8, (1.0, 2.0, 3.0, 4.0, 5.0), (0.1,) * 5, (0.2,) * 5)
    assert RegionSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"stride_px": 0},
        {"slope": [1.0] * 4},
        {"slope": [0.0] * 5},
        {"intercept": [float("inf")] * 5},
        {"threshold": [1.0] * 5},
        {"threshold": None},
        {"stride_px": None},
        {"intercept": ["x"] * 5},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=r"Received|incomplete|could not convert"):
        RegionSettings.from_json(PLAIN.to_json() | wrong)
