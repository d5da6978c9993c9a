"""From HU to the input of the network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.inference.head import Head
from ichviewer.inference.preprocess import (
    CropAxis,
    Orientation,
    PreprocessSettings,
    channel_indices,
    crop_axis,
    make_input,
    resample_head,
    slab_weights,
)

SMALL = PreprocessSettings(size_px=64)


def head_at(row, column):
    return Head(row, column, 140, 170, 1.0, 0.9)


# -- settings ----------------------------------------------------------------------------------------------------


def test_settings_survive_json():
    settings = PreprocessSettings(size_px=192, mm_per_px=1.1, slice_offsets_mm=(-4.0, 0.0, 4.0))
    assert PreprocessSettings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": None},
        {"size_px": 8},
        {"mm_per_px": 0.0},
        {"slice_offsets_mm": [-5.0, 1.0, 5.0]},
    ],
)
def test_settings_of_another_kind_are_refused(change):
    with pytest.raises(ValueError, match="Received"):
        PreprocessSettings.from_json(PreprocessSettings().to_json() | change)


def test_a_missing_setting_is_named():
    data = PreprocessSettings().to_json()
    del data["window_width_hu"]
    with pytest.raises(ValueError, match="window_width_hu"):
        PreprocessSettings.from_json(data)


# -- grey --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hu", "grey"),
    [
        (-1000, 0),
        (-20, 0),
        (0, 43),  # 20 / 120 * 255 = 42.5, rounded half up
        (40, 128),  # 60 / 120 * 255 = 127.5
        (100, 255),
        (3000, 255),
    ],
)
def test_grey_levels_worked_by_hand(hu, grey):
    picture = resample_head(np.full((200, 200), hu, np.float32), (1.0, 1.0), (99.5, 99.5), SMALL)
    assert np.all(picture == grey)


def test_every_grey_level_of_the_8_bit_training_pictures_comes_back():
    levels = np.repeat(np.arange(256, dtype=np.float32)[:, None], 256, axis=1)
    hu = levels * np.float32(120 / 255) - 20
    picture = resample_head(hu, (1.0, 1.0), (127.5, 127.5), PreprocessSettings(size_px=256))
    assert np.array_equal(picture, levels.astype(np.uint8))


def test_outside_the_slice_is_black_and_broken_values_are_air():
    hu = np.full((40, 40), 100.0, np.float32)
    hu[20, 20] = np.nan
    picture = resample_head(hu, (1.0, 1.0), (19.5, 19.5), SMALL)
    assert np.all(picture[:10] == 0)
    assert picture[12 + 20, 12 + 20] == 0
    assert np.all(picture[13:30, 13:30] == 255)


@given(shift=st.integers(-8, 8))
def test_the_picture_follows_its_center(shift):
    rng = np.random.default_rng(0)
    hu = rng.uniform(-20, 100, (120, 120)).astype(np.float32)
    moved = resample_head(hu, (1.0, 1.0), (59.5 + shift, 59.5), SMALL)
    plain = resample_head(hu, (1.0, 1.0), (59.5, 59.5), PreprocessSettings(size_px=96))
    assert np.array_equal(moved, plain[16 + shift : 80 + shift, 16:80])


@pytest.mark.parametrize("spacing", [(0.3, 0.3), (0.488, 0.488), (0.9, 0.5), (1.0, 1.0), (1.7, 1.2)])
def test_a_lesion_has_the_same_size_in_the_picture_whatever_the_spacing(spacing):
    shape = (round(120 / spacing[0]), round(120 / spacing[1]))
    y = (np.arange(shape[0]) - (shape[0] - 1) / 2) * spacing[0]
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2) * spacing[1]
    hu = np.where(y[:, None] ** 2 + x[None, :] ** 2 <= 20**2, 100.0, -20.0).astype(np.float32)
    picture = resample_head(hu, spacing, ((shape[0] - 1) / 2, (shape[1] - 1) / 2), SMALL)
    assert picture.sum() / 255 == pytest.approx(np.pi * 20**2, rel=0.02)  # mm2, at 1 mm a pixel


def test_fine_noise_is_averaged_and_not_folded():
    rng = np.random.default_rng(0)
    hu = (40 + 12 * rng.standard_normal((512, 512))).astype(np.float32)
    picture = resample_head(hu, (0.4, 0.4), (255.5, 255.5), SMALL).astype(float)
    # A triangle of 2.5 pixels' reach: the variance falls to the sum of its squared weights, 2 / (3 * 2.5), per axis.
    assert picture.std() == pytest.approx(12 / 120 * 255 * 2 / (3 * 2.5), rel=0.12)


def test_mirrored_slices_give_mirrored_pictures():
    hu = np.random.default_rng(1).uniform(-50, 150, (101, 101)).astype(np.float32)
    plain = resample_head(hu, (0.7, 0.7), (50.0, 50.0), SMALL)
    mirrored = resample_head(np.ascontiguousarray(hu[:, ::-1]), (0.7, 0.7), (50.0, 50.0), SMALL)
    assert np.abs(plain[:, ::-1].astype(int) - mirrored).max() <= 1


# -- orientation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row_direction", "column_direction", "expected"),
    [
        ((1, 0, 0), (0, 1, 0), Orientation()),
        ((1, 0, 0), (0, 0.95, -0.3), Orientation()),  # tilted gantry
        ((-1, 0, 0), (0, 1, 0), Orientation(flip_columns=True)),
        ((-1, 0, 0), (0, -1, 0), Orientation(flip_rows=True, flip_columns=True)),  # prone
        ((0, 1, 0), (1, 0, 0), Orientation(transpose=True)),
        ((0, -1, 0), (1, 0, 0), Orientation(transpose=True, flip_rows=True)),
    ],
)
def test_orientation_from_direction_cosines(row_direction, column_direction, expected):
    assert Orientation.from_directions(row_direction, column_direction) == expected


@given(transpose=st.booleans(), rows=st.booleans(), columns=st.booleans())
def test_turning_puts_front_up_and_right_left(transpose, rows, columns):
    # What a scanner would store for each way of lying: x grows to the patient's left, y to the back.
    truth = np.array([[11, 12, 13], [21, 22, 23]])
    stored = truth[:: -1 if rows else 1, :: -1 if columns else 1]
    down, across = (0, -1 if rows else 1, 0), (-1 if columns else 1, 0, 0)
    stored, row_direction, column_direction = (
        (stored.T, down, across) if transpose else (stored, across, down)
    )
    turned = Orientation.from_directions(row_direction, column_direction)
    assert np.array_equal(turned.apply(stored), truth)
    assert turned.spacing((1.0, 2.0)) == ((2.0, 1.0) if transpose else (1.0, 2.0))


# -- the series --------------------------------------------------------------------------------------------------


def test_the_axis_follows_a_head_that_drifts():
    positions = np.arange(12) * 5.0
    heads = [head_at(200 + 0.5 * p, 250) for p in positions]
    heads[3] = head_at(90, 400)  # one slice in which something else was taken for the head
    heads[7] = None
    axis = crop_axis(heads, positions, (512, 512))
    assert axis.center_px(0.0) == pytest.approx((200, 250), abs=0.5)
    assert axis.center_px(55.0) == pytest.approx((227.5, 250), abs=0.5)


def test_few_heads_give_their_middle_and_none_that_of_the_image():
    assert crop_axis([head_at(10, 20), head_at(14, 26), None], [0, 5, 10], (512, 512)) == CropAxis(12, 23)
    assert crop_axis([None], [0], (512, 256)) == CropAxis(255.5, 127.5)


@pytest.mark.parametrize(
    ("positions", "index", "expected"),
    [
        ([0, 5, 10], 1, (0, 1, 2)),
        ([0, 5, 10], 0, (0, 0, 1)),
        ([0, 5, 10], 2, (1, 2, 2)),
        ([0], 0, (0, 0, 0)),
        ([0, 2.5, 5, 7.5, 10], 2, (0, 2, 4)),
        ([0, 4.2, 8.4, 15.8], 2, (1, 2, 3)),  # 7.4 mm away is nearer to +5 mm than the slice itself
        ([0, 12, 24], 1, (1, 1, 1)),  # too far apart to be neighbors
        ([0, 0, 0], 1, (1, 1, 1)),
    ],
)
def test_channels_are_the_slices_nearest_to_the_offsets(positions, index, expected):
    assert channel_indices(positions, index) == expected


@pytest.mark.parametrize(
    ("positions", "index", "expected"),
    [
        ([0, 5, 10], 1, {1: 1.0}),
        ([0, 3, 6], 1, {1: 1.0}),  # 3 mm is not thin
        ([7.0], 0, {0: 1.0}),
        ([0, 2.5, 5, 7.5], 1, {0: 0.25, 1: 0.5, 2: 0.25}),
        ([0, 1, 2, 3, 4, 5, 6], 3, {1: 0.2, 2: 0.2, 3: 0.2, 4: 0.2, 5: 0.2}),
        ([0, 1, 2, 3, 4], 0, {0: 1 / 3, 1: 1 / 3, 2: 1 / 3}),  # at the end from -0.5 to 2.5 mm
    ],
)
def test_thin_slices_are_averaged_over_5_mm(positions, index, expected):
    assert slab_weights(positions, index) == pytest.approx(expected)


@given(steps=st.lists(st.floats(0.0, 4.0), min_size=1, max_size=30), data=st.data())
def test_slab_weights_are_a_mean_that_reaches_no_farther_than_the_slab(steps, data):
    positions = np.concatenate([[0.0], np.cumsum(steps)])
    index = data.draw(st.integers(0, len(steps)))
    weights = slab_weights(positions.tolist(), index)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert all(w > 0 for w in weights.values())
    assert all(abs(positions[i] - positions[index]) <= 2.5 + 2.0 for i in weights)


def test_an_input_stacks_three_pictures():
    pictures = [np.full((4, 4), i, np.uint8) for i in range(3)]
    assert make_input(pictures)[0, 0].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="Received: 2"):
        make_input(pictures[:2])
