"""Volumes and what a network sees of them."""

from __future__ import annotations

import numpy as np
import pytest
from random_volume import SETTINGS, random_volume

from ichviewer.inference.preprocess import Channel, PreprocessSettings
from ichviewer.learning.data.volumes import MIMIC_BIT, UNKNOWN, UNTYPED_BIT, blood, stored


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a/b"},
        {"patient": ""},
        {"hu": np.zeros((3, 32, 31), np.int16)},
        {"hu": np.zeros((3, 32, 32), np.int32)},
        {"positions_mm": np.array([0, 5, 4], np.float32)},
        {"labels": np.zeros((3, 5), np.uint8)},
        {"has_brain": np.ones(2, bool)},
        {"masks": np.zeros((3, 16, 16), np.uint8)},
        {"slice_ids": ("one",)},
        {"mask_known": np.ones(3, bool)},
        {"mask_known": np.ones(2, bool), "masks": np.zeros((3, 32, 32), np.uint8)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_invalid_volume_cannot_be(fields):
    with pytest.raises(ValueError, match=r"Received|sorted"):
        random_volume(**fields)


def test_a_mask_is_known_where_it_was_drawn_or_there_is_no_blood():
    labels = np.zeros((3, 6), np.uint8)
    labels[1:] = 1
    drawn = np.full((3, 32, 32), 64, np.uint8)
    volume = random_volume(labels=labels, masks=drawn, mask_known=np.array([False, False, True]))
    assert not volume.mask(0).any() and volume.mask(1) is None and (volume.mask(2) == 64).all()
    assert random_volume(labels=labels).mask(1) is None and not random_volume(labels=labels).mask(0).any()
    labels[0, 3] = UNKNOWN
    assert random_volume(labels=labels).mask(0) is None


def test_a_mimic_is_no_blood():
    masks = np.array([[0, 1 << MIMIC_BIT, 1], [1 << 4, 1 << UNTYPED_BIT, 1 << MIMIC_BIT | 2]], np.uint8)
    assert blood(masks).tolist() == [[False, False, True], [True, True, True]]


def test_inputs_are_a_slice_between_its_neighbors():
    volume = random_volume(n=4)
    inputs = volume.inputs(SETTINGS)
    assert inputs.shape == (4, 32, 32, 3)
    grey = [volume.grey(i, SETTINGS) for i in range(4)]
    assert np.array_equal(inputs[2], np.stack([grey[i] for i in (1, 2, 3)], axis=-1))
    assert np.array_equal(inputs[0], np.stack([grey[i] for i in (0, 0, 1)], axis=-1))


@pytest.mark.parametrize("n", [1, 3, 4, 5])
def test_inputs_have_as_many_channels_as_they_are_told(n):
    windows = (Channel(0, 40, 80), Channel(0, 80, 200), Channel(0, 40, 380), Channel(-5, 40, 80), Channel(5))
    settings = PreprocessSettings(size_px=32, mm_per_px=6.0, channels=windows[:n])
    volume = random_volume(n=4)
    inputs = volume.inputs(settings)
    assert inputs.shape == (4, 32, 32, n)
    for i, (channel, at) in enumerate(zip(settings.channels, (2, 2, 2, 1, 3), strict=False)):
        assert np.array_equal(inputs[2, ..., i], channel.grey(volume.hu[at]))


def test_hu_are_rounded_to_what_a_volume_holds():
    assert stored(np.array([-160.0, -0.6, 0.4, 39.5, 40.5, 240.0])).tolist() == [-160, -1, 0, 40, 40, 240]
