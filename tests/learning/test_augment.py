"""Variations of a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.learning.augment import augment, resize
from ichviewer.learning.config import AugmentConfig

STILL = AugmentConfig(
    rotation_deg=0,
    shift_px=0,
    scale=0,
    contrast=0,
    brightness_grey=0,
    noise_grey=0,
    blur_px=0,
    sharpen=0,
    single_slice=0,
)


def picture(size=96):
    y, x = np.mgrid[:size, :size]
    head = 110 * ((y - size / 2) ** 2 + (x - size / 2) ** 2 < (size / 3) ** 2)
    return np.stack([head, head * 1.2, head * 0.8], axis=-1).astype(np.uint8)


@given(seed=st.integers(0, 10_000), size=st.sampled_from([64, 96]))
def test_a_variation_has_the_size_wanted_and_stays_grey(seed, size):
    x, _ = augment(picture(), None, size, AugmentConfig(), np.random.default_rng(seed))
    assert x.shape == (size, size, 3)
    assert x.dtype == np.float32
    assert 0 <= x.min() <= x.max() <= 255


def test_without_any_variation_only_mirroring_and_the_order_of_slices_are_left():
    original = picture().astype(np.float32)
    possible = [original[:, :: 1 - 2 * m, :: 1 - 2 * c] for m in (0, 1) for c in (0, 1)]
    seen = set()
    for seed in range(20):
        x, _ = augment(picture(), None, 96, STILL, np.random.default_rng(seed))
        match = [i for i, candidate in enumerate(possible) if np.abs(x - candidate).max() <= 1]
        assert match
        seen.add(match[0])
    assert len(seen) > 1


def test_a_single_slice_repeats_the_middle_channel():
    config = AugmentConfig(**{**STILL.__dict__, "single_slice": 1.0})
    x, _ = augment(picture(), None, 96, config, np.random.default_rng(0))
    assert np.array_equal(x[..., 0], x[..., 1])
    assert np.array_equal(x[..., 1], x[..., 2])
    assert x[48, 48, 1] == 132


def test_air_and_bone_stay_black_and_white():
    config = AugmentConfig(**{**STILL.__dict__, "contrast": 0.3, "brightness_grey": 30.0, "noise_grey": 20.0})
    grey = np.zeros((64, 64, 3), np.uint8)
    grey[:32] = 255
    x, _ = augment(grey, None, 64, config, np.random.default_rng(1))
    assert set(np.unique(x)) == {0.0, 255.0}


@given(seed=st.integers(0, 10_000), size=st.sampled_from([64, 96]))
def test_the_mask_moves_with_the_picture(seed, size):
    grey = np.zeros((96, 96, 3), np.uint8)
    grey[30:50, 20:45] = 200
    mask = np.where(grey[..., 1] > 0, 4, 0).astype(np.uint8)
    config = AugmentConfig(**{**STILL.__dict__, "rotation_deg": 30.0, "shift_px": 8.0, "scale": 0.2})
    x, moved = augment(grey, mask, size, config, np.random.default_rng(seed))
    assert set(np.unique(moved)) == {0, 4}
    # Bilinear edges lie half in and half out of the mask, and nothing else differs.
    assert np.mean((x[..., 1] > 100) != (moved > 0)) < 0.02


def test_the_same_seed_varies_the_same():
    first, second = (
        augment(picture(), None, 96, AugmentConfig(), np.random.default_rng(7))[0] for _ in range(2)
    )
    assert np.array_equal(first, second)


def test_resizing_keeps_the_whole_picture():
    assert np.array_equal(resize(picture(), 96), picture().astype(np.float32))
    small = resize(picture(), 48)
    assert small.shape == (48, 48, 3)
    assert small.mean() == pytest.approx(picture().mean(), rel=0.02)
