"""From HU to the input of the network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.inference.head import Head
from ichviewer.inference.preprocess import (
    NEIGHBORS,
    Channel,
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
    channels = (Channel(-4.0, 80.0, 200.0), Channel(0.0, 40.0, 80.0))
    settings = PreprocessSettings(size_px=192, mm_per_px=1.1, clip_hu=(-100.0, 300.0), channels=channels)
    assert PreprocessSettings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    "change",
    [
        {"version": 3},
        {"version": None},
        {"size_px": 8},
        {"mm_per_px": 0.0},
        {"clip_hu": [10.0, 10.0]},
        {"clip_hu": [-1000.0, float("nan")]},
        {"channels": []},
        {"channels": [{"offset_mm": 1.0, "center_hu": 40.0, "width_hu": 80.0}]},
        {"channels": [{"offset_mm": 0.0, "center_hu": 40.0, "width_hu": 0.0}]},
        {"channels": [{"offset_mm": 0.0, "center_hu": float("inf"), "width_hu": 80.0}]},
    ],
)
def test_settings_of_another_kind_are_refused(change):
    with pytest.raises(ValueError, match="Received"):
        PreprocessSettings.from_json(PreprocessSettings().to_json() | change)


@pytest.mark.parametrize("name", ["size_px", "mm_per_px", "clip_hu", "channels"])
def test_a_missing_setting_is_named(name):
    data = PreprocessSettings().to_json()
    del data[name]
    with pytest.raises(ValueError, match=name):
        PreprocessSettings.from_json(data)


VERSION_1 = {
    "version": 1,
    "size_px": 64,
    "mm_per_px": 1.0,
    "window_center_hu": 40.0,
    "window_width_hu": 120.0,
    "slice_offsets_mm": [-5.0, 0.0, 5.0],
}
"""As in ``model.json`` of model 0.4.0, but smaller."""


def test_settings_of_version_1_had_one_window_for_all_channels_which_was_also_the_range():
    settings = PreprocessSettings.from_json(VERSION_1)
    assert settings == PreprocessSettings(64, 1.0, (-20.0, 100.0), NEIGHBORS)
    with pytest.raises(ValueError, match="window_width_hu"):
        PreprocessSettings.from_json({k: v for k, v in VERSION_1.items() if k != "window_width_hu"})


@given(
    seed=st.integers(0, 1000),
    center=st.floats(-40, 80),
    width=st.floats(40, 400),
    spacing=st.floats(0.3, 1.6),
    middle=st.floats(20, 60),
)
def test_settings_of_version_1_give_the_grey_levels_that_version_1_gave(seed, center, width, spacing, middle):
    data = VERSION_1 | {"window_center_hu": center, "window_width_hu": width}
    settings = PreprocessSettings.from_json(data)
    hu = np.random.default_rng(seed).normal(40, 90, (80, 96)).astype(np.float32)
    picture = resample_head(hu, (spacing, spacing), (middle, middle), settings)
    # Version 1 scaled to grey before it resampled: the same, since both are linear.
    low = center - width / 2
    grey = np.clip((hu - low) / width * 255, 0, 255).astype(np.float32)
    as_grey = PreprocessSettings(64, 1.0, (0.0, 255.0), (Channel(0.0, 127.5, 255.0),))
    before = np.floor(resample_head(grey, (spacing, spacing), (middle, middle), as_grey) + 0.5)
    now = make_input([picture] * 3, settings)
    assert np.abs(now - before[..., None]).max() <= 1


CHANNELS = st.builds(Channel, st.just(0.0), st.floats(-1000, 1000), st.floats(1, 4000))


@given(channel=CHANNELS, hu=st.lists(st.floats(-2000, 4000, width=32), min_size=2))
def test_grey_levels_are_monotone_and_meet_the_ends_of_the_window(channel, hu):
    levels = channel.grey(np.sort(np.array(hu, np.float32))).astype(int)
    assert (np.diff(levels) >= 0).all()
    ends = np.array([channel.low_hu - 1, channel.low_hu + channel.width_hu + 1], np.float32)
    assert channel.grey(ends).tolist() == [0, 255]
    assert channel.grey(np.float32(channel.center_hu)) in (127, 128)


@given(channels=st.lists(CHANNELS, min_size=1, max_size=5), seed=st.integers(0, 99))
def test_every_channel_is_a_picture_through_its_window(channels, seed):
    rng = np.random.default_rng(seed)
    pictures = [rng.uniform(-160, 240, (32, 32)).astype(np.float32) for _ in channels]
    settings = PreprocessSettings(size_px=32, channels=tuple(channels))
    inputs = make_input(pictures, settings)
    assert inputs.shape == (32, 32, len(channels))
    assert inputs.dtype == np.uint8
    for i, (channel, hu) in enumerate(zip(channels, pictures, strict=True)):
        assert np.array_equal(inputs[..., i], channel.grey(hu))


def test_the_main_channel_shows_the_slice_itself_and_the_reach_is_that_of_the_farthest():
    settings = PreprocessSettings(channels=(Channel(-10), Channel(5), Channel(0, 80, 200), Channel(0)))
    assert settings.main == 2
    assert settings.reach_mm == 10


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
    assert np.all(make_input([picture] * 3, SMALL) == grey)


def test_every_grey_level_of_the_8_bit_training_pictures_comes_back():
    levels = np.repeat(np.arange(256, dtype=np.float32)[:, None], 256, axis=1)
    hu = levels * np.float32(120 / 255) - 20
    picture = resample_head(hu, (1.0, 1.0), (127.5, 127.5), PreprocessSettings(size_px=256))
    assert np.array_equal(Channel().grey(picture), levels.astype(np.uint8))


def test_outside_the_slice_and_broken_values_are_the_low_end_of_the_range():
    hu = np.full((40, 40), 500.0, np.float32)
    hu[20, 20] = np.nan
    picture = resample_head(hu, (1.0, 1.0), (19.5, 19.5), SMALL)
    assert np.all(picture[:10] == -160)
    assert picture[12 + 20, 12 + 20] == -160
    assert np.all(picture[13:30, 13:30] == 240)


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
    hu = np.where(y[:, None] ** 2 + x[None, :] ** 2 <= 20**2, 240.0, -160.0).astype(np.float32)
    picture = resample_head(hu, spacing, ((shape[0] - 1) / 2, (shape[1] - 1) / 2), SMALL)
    assert (picture + 160).sum() / 400 == pytest.approx(np.pi * 20**2, rel=0.02)  # mm2, at 1 mm a pixel


def test_fine_noise_is_averaged_and_not_folded():
    rng = np.random.default_rng(0)
    hu = (40 + 12 * rng.standard_normal((512, 512))).astype(np.float32)
    picture = resample_head(hu, (0.4, 0.4), (255.5, 255.5), SMALL).astype(float)
    # A triangle of 2.5 pixels' reach: the variance falls to the sum of its squared weights, 2 / (3 * 2.5), per axis.
    assert picture.std() == pytest.approx(12 * 2 / (3 * 2.5), rel=0.12)


def test_mirrored_slices_give_mirrored_pictures():
    hu = np.random.default_rng(1).uniform(-50, 150, (101, 101)).astype(np.float32)
    plain = resample_head(hu, (0.7, 0.7), (50.0, 50.0), SMALL)
    mirrored = resample_head(np.ascontiguousarray(hu[:, ::-1]), (0.7, 0.7), (50.0, 50.0), SMALL)
    assert np.abs(plain[:, ::-1] - mirrored).max() < 0.01


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


def test_an_input_needs_a_picture_for_each_channel():
    pictures = [np.full((4, 4), hu, np.float32) for hu in (-20, 40, 100)]
    assert make_input(pictures)[0, 0].tolist() == [0, 128, 255]
    with pytest.raises(ValueError, match="Received: 2"):
        make_input(pictures[:2])
