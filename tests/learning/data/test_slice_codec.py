"""Slices on the disk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ichviewer.learning.data.slice_codec import pack_hu, pack_mask, unpack_hu, unpack_mask

SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=9)


@given(hu=arrays(np.int16, SHAPES))
def test_any_hu_come_back(hu):
    assert np.array_equal(unpack_hu(pack_hu(hu), hu.shape), hu)


@given(mask=arrays(np.uint8, SHAPES, elements=st.sampled_from([0, 0, 1, 34])))
def test_any_mask_comes_back_and_an_empty_one_takes_nothing(mask):
    packed = pack_mask(mask)
    assert np.array_equal(unpack_mask(packed, mask.shape), mask)
    assert (packed == b"") == (not mask.any())


def test_a_noisy_slice_takes_less_than_its_pixels():
    hu = np.random.default_rng(0).normal(30, 5, (128, 128)).astype(np.int16)
    assert len(pack_hu(hu)) < 0.6 * hu.nbytes


def test_damage_seldom_goes_unnoticed():
    hu = np.random.default_rng(0).normal(30, 5, (16, 16)).astype(np.int16)
    packed = pack_hu(hu)
    unnoticed = 0
    for place in range(len(packed)):
        for change in range(1, 256):
            damaged = bytearray(packed)
            damaged[place] ^= change
            try:
                unnoticed += not np.array_equal(unpack_hu(bytes(damaged), hu.shape), hu)
            except ValueError:
                continue
    # Adler-32 is weak on so little data: a few other deflate streams have the same sum.
    assert unnoticed < 1e-4 * 255 * len(packed)


@pytest.mark.parametrize("length", [0, 5, -1])
def test_a_slice_cut_short_is_told(length):
    packed = pack_hu(np.zeros((4, 4), np.int16))
    with pytest.raises(ValueError, match=r"\w"):
        unpack_hu(packed[:length], (4, 4))
    with pytest.raises(ValueError, match=r"\w"):
        unpack_hu(packed, (4, 5))
