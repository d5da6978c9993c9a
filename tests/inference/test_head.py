"""Finding the head."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.inference.head import (
    ADULT_SKULL_WIDTH_MM,
    Head,
    estimate_spacing_mm,
    find_head,
    measure_head,
)

SPACING = (0.5, 0.5)


def head_hu(
    *,
    shape=(512, 512),
    spacing_mm=SPACING,
    center_mm=(0.0, 0.0),
    width_mm=142.0,
    height_mm=176.0,
    skull_mm=6.0,
    brain_hu=32.0,
    air_hu=-1000.0,
):
    """An ellipse of brain in a ring of bone under a scalp; center relative to the middle of the image."""
    rows = (np.arange(shape[0]) - (shape[0] - 1) / 2) * spacing_mm[0] - center_mm[0]
    columns = (np.arange(shape[1]) - (shape[1] - 1) / 2) * spacing_mm[1] - center_mm[1]

    def within(grow_mm):
        y = rows[:, None] / (height_mm / 2 + grow_mm)
        x = columns[None, :] / (width_mm / 2 + grow_mm)
        return y**2 + x**2 <= 1

    hu = np.full(shape, air_hu, np.float32)
    hu[within(5.0)] = 20.0
    hu[within(0.0)] = 1000.0
    hu[within(-skull_mm)] = brain_hu
    return hu


def test_a_head_is_found_with_its_size_and_place():
    head = find_head(head_hu(center_mm=(10.0, -20.0)), SPACING)
    assert head is not None
    assert head.width_mm == pytest.approx(142, abs=4)
    assert head.height_mm == pytest.approx(176, abs=4)
    assert head.center_row_px == pytest.approx(255.5 + 20, abs=3)
    assert head.center_column_px == pytest.approx(255.5 - 40, abs=3)
    assert head.skull_coverage == 1.0
    assert head.brain_fraction > 0.9


@given(
    row_mm=st.floats(-25, 25),
    column_mm=st.floats(-40, 40),
    spacing=st.floats(0.45, 0.95),
    width=st.floats(110, 165),
)
def test_the_head_is_found_wherever_it_lies_and_however_large_it_is(row_mm, column_mm, spacing, width):
    hu = head_hu(
        shape=(420, 420),
        spacing_mm=(spacing, spacing),
        center_mm=(row_mm * 0.3, column_mm * 0.3),
        width_mm=width,
        height_mm=width * 1.1,
    )
    head = find_head(hu, (spacing, spacing))
    assert head is not None
    assert head.width_mm == pytest.approx(width, abs=6)
    assert head.center_column_px == pytest.approx(209.5 + column_mm * 0.3 / spacing, abs=4 / spacing)


@pytest.mark.parametrize("padding", [-1500.0, -2000.0, -3024.0, math.nan])
def test_padding_of_any_value_is_air(padding):
    hu = head_hu(air_hu=padding)
    assert find_head(hu, SPACING) == find_head(head_hu(), SPACING)


def test_a_head_holder_around_the_head_does_not_widen_it():
    hu = head_hu()
    hu[200:420, 60:66] = 600.0  # walls of plastic at both sides, 100 mm from the middle
    hu[200:420, 446:452] = 600.0
    head = find_head(hu, SPACING)
    assert head is not None
    assert head.width_mm == pytest.approx(142, abs=4)


def test_a_pillow_and_a_table_below_do_not_move_it():
    hu = head_hu()
    hu[470:480, 100:412] = 400.0
    hu[452:470, 150:362] = -850.0
    head = find_head(hu, SPACING)
    assert head is not None
    assert head.center_row_px == pytest.approx(255.5, abs=3)


def test_a_head_cut_off_by_the_edge_of_the_image_is_still_one():
    head = find_head(head_hu(center_mm=(0.0, 70.0)), SPACING)
    assert head is not None
    assert head.skull_coverage < 1.0


def test_a_skull_that_is_open_at_one_side_is_still_one():
    hu = head_hu()
    hu[180:330, 380:440][hu[180:330, 380:440] > 500] = 30.0  # bone taken out at the left side
    head = find_head(hu, SPACING)
    assert head is not None
    assert 0.7 < head.skull_coverage < 0.95


def chest_hu():
    """A wide body with lungs, a spine, and ribs as spots."""
    y, x = np.mgrid[:512, :512] - 255.5
    hu = np.full((512, 512), -1000.0, np.float32)
    hu[(y / 150) ** 2 + (x / 220) ** 2 <= 1] = 40.0
    for side in (-1, 1):
        hu[(y / 100) ** 2 + ((x - side * 100) / 75) ** 2 <= 1] = -850.0
    hu[(y - 100) ** 2 + x**2 <= 20**2] = 500.0
    for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        hu[(y - 135 * np.sin(angle)) ** 2 + (x - 200 * np.cos(angle)) ** 2 <= 6**2] = 700.0
    return hu


@pytest.mark.parametrize(
    "hu",
    [
        np.full((512, 512), -1000.0, np.float32),
        np.full((64, 64), 40.0, np.float32),
        head_hu(skull_mm=0.0, brain_hu=0.0) * np.float32(0.2),  # a phantom of water: a ring of no bone
        head_hu(brain_hu=1000.0),  # solid bone
        head_hu(brain_hu=-1000.0),  # an empty skull
        head_hu(width_mm=40.0, height_mm=50.0),  # an arm
        head_hu(width_mm=230.0, height_mm=240.0),  # too wide for a head
        chest_hu(),
    ],
    ids=["air", "tissue", "water phantom", "solid bone", "empty skull", "arm", "too wide", "chest"],
)
def test_what_is_no_brain_in_a_skull_is_refused(hu):
    spacing = (0.7, 0.7) if hu.shape == (512, 512) and hu[255, 100] == -850.0 else SPACING
    assert find_head(hu, spacing) is None


def test_spacing_may_differ_between_rows_and_columns():
    hu = head_hu(shape=(256, 512), spacing_mm=(1.0, 0.5))
    head = find_head(hu, (1.0, 0.5))
    assert head is not None
    assert head.height_mm == pytest.approx(176, abs=5)
    assert head.center_row_px == pytest.approx(127.5, abs=2)
    assert head.center_column_px == pytest.approx(255.5, abs=3)


def test_turning_a_slice_over_turns_its_head_over():
    hu = head_hu(center_mm=(8.0, 14.0))
    plain, mirrored = find_head(hu, SPACING), find_head(np.ascontiguousarray(hu[:, ::-1]), SPACING)
    assert plain is not None
    assert mirrored is not None
    assert mirrored.center_column_px == pytest.approx(511 - plain.center_column_px, abs=2.5)


def test_scale_is_estimated_from_the_widest_skull():
    slices = [
        head_hu(spacing_mm=(0.42, 0.42), width_mm=w, height_mm=w * 1.2)
        for w in (100, 130, ADULT_SKULL_WIDTH_MM)
    ]
    assert estimate_spacing_mm(slices) == pytest.approx(0.42, rel=0.06)


def test_scale_is_not_estimated_without_a_head():
    assert estimate_spacing_mm([]) is None
    assert estimate_spacing_mm([np.full((128, 128), -1000.0, np.float32)]) is None


@pytest.mark.parametrize(
    ("coverage", "brain", "expected"),
    [(1.0, 0.5, True), (0.84, 0.6, False), (0.6, 0.9, True), (0.4, 0.95, False), (1.0, 0.4, False)],
)
def test_a_closed_skull_may_hold_less_brain_than_an_open_one(coverage, brain, expected):
    assert Head(0, 0, 140, 170, coverage, brain).shows_brain is expected


@pytest.mark.parametrize(
    ("hu", "spacing"),
    [
        (np.zeros((4, 4, 3), np.float32), SPACING),
        (np.zeros((0, 4), np.float32), SPACING),
        (head_hu(), (0.0, 0.5)),
    ],
)
def test_nonsense_is_refused(hu, spacing):
    with pytest.raises(ValueError, match="Received"):
        measure_head(hu, spacing)


@pytest.mark.realdata
def test_a_real_series_is_a_head_and_a_phantom_is_not(shared_data):
    import pydicom

    heads = []
    for path in sorted((shared_data / "ge-head-ct").glob("*.dcm")):
        data = pydicom.dcmread(path)
        heads.append(find_head(data.pixel_array.astype(np.float32), tuple(map(float, data.PixelSpacing))))
    assert len(heads) == 28
    # All but the neck and the top, where there is no brain inside bone, one by one.
    assert all(head is not None for head in heads[6:26])
    assert all(130 < head.width_mm < 160 for head in heads[8:20] if head)
    for path in sorted((shared_data / "philips-phantom").rglob("I*")):
        data = pydicom.dcmread(path)
        pixels = data.pixel_array.astype(np.float32)
        pixels = pixels if pixels.ndim == 2 else pixels[..., 0]
        assert find_head(pixels - 1024, (0.98, 0.98)) is None
