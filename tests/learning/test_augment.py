"""Variations of a picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.inference.preprocess import NEIGHBORS, Channel
from ichviewer.learning.augment import augment, grey_tables, resize, window
from ichviewer.learning.config import AugmentConfig

STILL = AugmentConfig(**dict.fromkeys(AugmentConfig().__dict__, 0.0))
CLIP_HU = (-160.0, 240.0)
WINDOWS = (Channel(0, 40, 80), Channel(0, 80, 200), Channel(0, 40, 380), *NEIGHBORS[::2])


def picture(size=96, n=3):
    y, x = np.mgrid[:size, :size]
    head = 110 * ((y - size / 2) ** 2 + (x - size / 2) ** 2 < (size / 3) ** 2)
    return [(head * (1 + 0.1 * i)).astype(np.uint8) for i in range(n)]


def varied(greys, mask=None, size=96, *, config=None, seed=0, channels=None, slices=None):
    channels = channels or (Channel(),) * len(greys)
    slices = slices or tuple(range(len(greys)))
    rng = np.random.default_rng(seed)
    return augment(greys, mask, size, config or AugmentConfig(), rng, channels=channels, slices=slices)


@given(seed=st.integers(0, 10_000), size=st.sampled_from([64, 96]), n=st.sampled_from([1, 2, 3, 4, 5]))
def test_a_variation_has_the_size_wanted_and_stays_grey(seed, size, n):
    x, _ = varied(picture(n=n), size=size, seed=seed, channels=WINDOWS[:n])
    assert x.shape == (size, size, n)
    assert x.dtype == np.float32
    assert 0 <= x.min() <= x.max() <= 255


def test_without_any_variation_only_mirroring_is_left():
    half = [p * (np.arange(96) < 60) for p in picture()]
    original = np.stack(half, axis=-1).astype(np.float32)
    seen = set()
    for seed in range(20):
        x, _ = varied([p.astype(np.uint8) for p in half], config=STILL, seed=seed)
        match = [m for m in (0, 1) if np.abs(x - original[:, :: 1 - 2 * m]).max() <= 1]
        assert match
        seen.add(match[0])
    assert seen == {0, 1}


def test_channels_of_one_slice_share_its_noise_in_hu():
    config = replace(STILL, noise_grey=8.0)
    greys = [np.full((96, 96), 128, np.uint8)] * 3
    channels = (Channel(0, 40, 120), Channel(0, 40, 240), Channel(5, 40, 120))
    for seed in range(20):
        x, _ = varied(greys, config=config, seed=seed, channels=channels, slices=(4, 4, 5))
        noise = x - 128
        assert noise[..., 1] == pytest.approx(noise[..., 0] / 2, abs=1e-3)
        if noise.std() > 0.5:
            assert abs(np.corrcoef(noise[..., 0].ravel(), noise[..., 2].ravel())[0, 1]) < 0.1
            return
    pytest.fail("none of 20 pictures got noise")


@pytest.mark.parametrize("size", [64, 96])
def test_noise_has_at_most_the_spread_told_and_differs_from_picture_to_picture(size):
    config = replace(STILL, noise_grey=10.0)
    grey = np.full((size, size), 128, np.uint8)
    drawn = [varied([grey], size=size, config=config, seed=seed)[0][..., 0] - 128 for seed in range(40)]
    spreads = np.array([noise.std() for noise in drawn])
    # In grey levels of a window as wide as this one; four in ten pictures stay without.
    assert 5 < spreads.max() <= 10.5
    assert 0.2 < np.mean(spreads == 0) < 0.6
    noisy = [noise / noise.std() for noise in drawn if noise.std() > 0.5]
    apart = [np.abs((one * other).mean()) for one in noisy for other in noisy if one is not other]
    # Two may by chance be taken from places in the table next to each other.
    assert np.quantile(apart, 0.98) < 0.1


def test_air_and_bone_stay_black_and_white():
    config = replace(STILL, noise_grey=20.0, shading_hu=20.0)
    grey = np.zeros((64, 64), np.uint8)
    grey[:32] = 255
    for seed in range(10):
        x, _ = varied([grey] * 3, size=64, config=config, seed=seed)
        assert set(np.unique(x)) == {0.0, 255.0}


@given(seed=st.integers(0, 10_000), size=st.sampled_from([64, 96]))
def test_the_mask_moves_with_the_picture(seed, size):
    grey = np.zeros((96, 96), np.uint8)
    grey[30:50, 20:45] = 200
    mask = np.where(grey > 0, 4, 0).astype(np.uint8)
    config = replace(STILL, rotation_deg=30.0, shift_px=8.0, scale=0.2, stretch=0.1, shear=0.1)
    x, moved = varied([grey] * 3, mask, size, config=config, seed=seed)
    assert set(np.unique(moved)) == {0, 4}
    # Bilinear edges lie half in and half out of the mask, and nothing else differs.
    assert np.mean((x[..., 1] > 100) != (moved > 0)) < 0.02


def test_the_same_seed_varies_the_same():
    first, second = (varied(picture(), seed=7)[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_shading_is_a_bowl_of_so_many_hu_in_each_window():
    config = replace(STILL, shading_hu=6.0)
    greys = [np.full((64, 64), 128, np.uint8)] * 2
    for seed in range(5):
        x, _ = varied(
            greys, size=64, config=config, seed=seed, channels=(Channel(0, 40, 120), Channel(0, 40, 60))
        )
        hu = (x - 128) * np.array([120, 60], np.float32) / 255
        assert hu[..., 0] == pytest.approx(hu[..., 1], abs=1e-3)
        assert np.ptp(hu) <= 6.0
        assert hu[32, 32, 0] == pytest.approx(-hu[0, 0, 0], abs=0.02)
        assert np.ptp(hu) == pytest.approx(2 * abs(hu[0, 0, 0]), abs=0.02)


def test_a_border_is_lost_unless_something_is_marked_there():
    config = replace(STILL, cut_border=1.0)
    grey = np.full((100, 100), 90, np.uint8)
    grey[0, 0] = 7  # what air is
    lost = [int((varied([grey], size=100, config=config, seed=s)[0] == 7).sum()) for s in range(30)]
    # One pixel is air anyway; of 100 rows or columns 2 to 10 are lost.
    assert {(n - 1) // 100 * 100 + 1 for n in lost} <= {100 * k + 1 for k in range(1, 11)}
    assert min(lost) >= 200
    assert max(lost) <= 1001
    mask = np.full((100, 100), 1, np.uint8)
    assert (varied([grey], mask, 100, config=config)[0] == 7).sum() <= 1


@given(
    seed=st.integers(0, 1000),
    center=st.floats(-50, 100),
    width=st.floats(40, 400),
    config=st.sampled_from([STILL, AugmentConfig()]),
)
def test_tables_are_monotone_and_keep_what_is_saturated(seed, center, width, config):
    channel = Channel(0, center, width)
    (table,) = grey_tables([channel], CLIP_HU, config, np.random.default_rng(seed))
    assert table.shape == (401,)
    assert (np.diff(table.astype(int)) >= 0).all()
    if config is STILL:
        plain = channel.grey(np.arange(-160, 241, dtype=np.float32))
        assert np.abs(table.astype(int) - plain).max() <= 1


def test_calibration_is_a_change_of_hu_and_the_same_in_every_window():
    config = replace(STILL, gain=0.05, offset_hu=8.0)
    narrow, wide = Channel(0, 40, 100), Channel(0, 40, 200)
    hu = np.arange(20, 61)
    found = []
    for seed in range(8):
        a, b = grey_tables([narrow, wide], CLIP_HU, config, np.random.default_rng(seed))
        seen = [window(hu.astype(np.int16), t, -160) for t in (a, b)]
        as_hu = [s / 255 * c.width_hu + c.low_hu for s, c in zip(seen, (narrow, wide), strict=True)]
        assert as_hu[0] == pytest.approx(as_hu[1], abs=1.0)
        found.append(as_hu[0] - hu)
    assert np.abs(found).max() <= 0.05 * 60 + 8 + 0.5
    assert np.ptp(found) > 4


def test_hu_beyond_the_range_count_as_its_ends():
    (table,) = grey_tables([Channel()], CLIP_HU, STILL, np.random.default_rng(0))
    assert window(np.array([-1000, -160, 40, 240, 3000], np.int16), table, -160).tolist() == [
        0,
        0,
        128,
        255,
        255,
    ]


@pytest.mark.parametrize("n", [1, 3, 4, 5])
def test_resizing_keeps_the_whole_picture_of_any_number_of_channels(n):
    grey = np.stack(picture(n=n), axis=-1)
    assert np.array_equal(resize(grey, 96), grey.astype(np.float32))
    small = resize(grey, 48)
    assert small.shape == (48, 48, n)
    assert small.mean(axis=(0, 1)) == pytest.approx(grey.mean(axis=(0, 1)), rel=0.02)
