"""Stored values to HU, padding, truncation, and the 12-bit repair."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ichviewer.domain.hu import (
    AIR_HU,
    HIGHEST_HU,
    LOWEST_HU,
    REPAIRED_INTERCEPT_HU,
    PaddingRange,
    Rescale,
    SliceImage,
    needs_12_bit_repair,
    repair_12_bit,
)
from ichviewer.domain.window import Window, render_grey


def stored(*rows, dtype=np.int16):
    return np.array(rows, dtype=dtype)


def test_hu_is_slope_times_stored_plus_intercept():
    image = SliceImage(stored([0, 1024], [2048, 4095], dtype=np.uint16), Rescale(1.0, -1024.0))
    np.testing.assert_array_equal(image.hu(), np.array([[-1024, 0], [1024, 3071]], dtype=np.float32))
    assert image.hu().dtype == np.float32


def test_a_slope_that_is_not_one():
    # 2 * 512 - 1000 = 24; 2 * 530 - 1000 = 60
    image = SliceImage(stored([512, 530]), Rescale(2.0, -1000.0))
    np.testing.assert_array_equal(image.hu(), [[24.0, 60.0]])
    assert image.hu_at(0, 1) == 60.0
    assert image.hu_range() == (24.0, 60.0)


def test_a_negative_slope_swaps_the_ends_of_the_range():
    assert SliceImage(stored([1, 5]), Rescale(-10.0, 0.0)).hu_range() == (-50.0, -10.0)


def test_without_a_rescale_stored_values_are_hu():
    np.testing.assert_array_equal(SliceImage(stored([-1000, 40])).hu(), [[-1000.0, 40.0]])


@pytest.mark.parametrize(
    ("slope", "intercept"), [(0.0, 0.0), (math.nan, 0.0), (1.0, math.inf), (math.inf, 0.0)]
)
def test_an_impossible_rescale_cannot_be_built(slope, intercept):
    with pytest.raises(ValueError, match="Received"):
        Rescale(slope, intercept)


def test_padding_is_no_image():
    image = SliceImage(stored([-2000, 40], [-1999, -2001]), padding=PaddingRange(-2000, -2000))
    np.testing.assert_array_equal(image.missing(), [[True, False], [False, False]])
    assert image.hu()[0, 0] == AIR_HU
    assert image.hu(fill_hu=7.0)[0, 0] == 7.0
    assert image.hu_at(0, 0) is None
    assert image.hu_range() == (-2001.0, 40.0)


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [(-2000, None, (-2000, -2000)), (-3000, -2000, (-3000, -2000)), (-2000, -3000, (-3000, -2000))],
)
def test_a_padding_range_takes_its_ends_in_either_order(value, limit, expected):
    made = PaddingRange.between(value, limit)
    assert (made.low, made.high) == expected


def test_both_ends_of_the_padding_range_are_padding():
    image = SliceImage(stored([-3001, -3000, -2500, -2000, -1999]), padding=PaddingRange(-3000, -2000))
    np.testing.assert_array_equal(image.missing(), [[False, True, True, True, False]])


def test_a_padding_range_upside_down_cannot_be_built():
    with pytest.raises(ValueError, match="low <= high"):
        PaddingRange(1, 0)


def test_rows_that_the_file_did_not_hold_are_no_image():
    image = SliceImage(stored([10, 20], [30, 40], [0, 0]), rows_read=2)
    np.testing.assert_array_equal(image.missing(), [[False, False], [False, False], [True, True]])
    assert image.hu_at(2, 0) is None
    assert image.hu_at(1, 1) == 40.0
    assert image.hu_range() == (10.0, 40.0)


def test_nothing_left_has_no_range():
    assert SliceImage(stored([1, 2]), rows_read=0).hu_range() is None
    assert SliceImage(stored([5, 5]), padding=PaddingRange(5, 5)).hu_range() is None


@pytest.mark.parametrize("where", [(-1, 0), (0, -1), (1, 0), (0, 2)])
def test_hu_outside_the_picture_is_none(where):
    assert SliceImage(stored([1, 2])).hu_at(*where) is None


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((2, 2, 2), np.int16),
        np.zeros((2, 2), np.float32),
        np.zeros((0, 4), np.int16),
        np.zeros(4, np.int16),
        np.zeros((2, 2), bool),
    ],
)
def test_only_a_two_dimensional_integer_array_is_a_slice(bad):
    with pytest.raises(ValueError, match="two-dimensional integer"):
        SliceImage(bad)


@pytest.mark.parametrize("rows", [-1, 3])
def test_rows_read_lies_within_the_picture(rows):
    with pytest.raises(ValueError, match="rows_read"):
        SliceImage(np.zeros((2, 2), np.int16), rows_read=rows)


def test_the_stored_values_are_locked_and_counted():
    image = SliceImage(np.zeros((3, 4), np.int16))
    assert image.shape == (3, 4)
    assert image.nbytes == 3 * 4 * 2
    with pytest.raises(ValueError, match="read-only"):
        image.stored[0, 0] = 1


@given(
    hnp.arrays(np.int16, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6)),
    st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000)),
    st.data(),
)
def test_the_cursor_and_the_picture_agree_on_hu(values, ends, data):
    rows_read = data.draw(st.integers(0, values.shape[0]))
    image = SliceImage(values, Rescale(0.5, -3.0), PaddingRange.between(*ends), rows_read)
    hu = image.hu(fill_hu=-9999.0)
    for row, column in np.ndindex(values.shape):
        at = image.hu_at(row, column)
        assert image.missing()[row, column] == (at is None)
        assert hu[row, column] == (-9999.0 if at is None else at)


@pytest.mark.parametrize(
    ("bits", "representation", "intercept", "needed"),
    [
        (12, 0, 0.0, True),
        (12, 0, -99.0, True),
        (12, 0, -100.0, False),
        (12, 0, -1024.0, False),
        (12, 1, 0.0, False),
        (16, 0, 0.0, False),
        (16, 1, -1024.0, False),
    ],
)
def test_the_header_of_a_scan_that_wrapped(bits, representation, intercept, needed):
    assert needs_12_bit_repair(bits, representation, Rescale(1.0, intercept)) is needed


def test_12_bit_repair_by_hand():
    # Water is stored as 0, 40 HU as 40; air at -1000 HU wrapped to 4096 - 1000 = 3096.
    # Repaired: (0 + 1000) mod 4096 = 1000, 1040, (3096 + 1000) mod 4096 = 0, (3095 + 1000) mod 4096 = 4095.
    fixed = repair_12_bit(stored([0, 40, 3096, 3095], dtype=np.uint16))
    np.testing.assert_array_equal(fixed, [[1000, 1040, 0, 4095]])
    assert fixed.dtype == np.int16
    image = SliceImage(fixed, Rescale(1.0, REPAIRED_INTERCEPT_HU))
    np.testing.assert_array_equal(image.hu(), [[0.0, 40.0, -1000.0, 3095.0]])


@given(hnp.arrays(np.int16, (4, 4), elements=st.integers(-1000, 3095)))
def test_12_bit_repair_brings_back_every_hu_that_12_bits_can_hold(hu):
    wrapped = (hu.astype(np.int32) % 4096).astype(np.uint16)
    again = SliceImage(repair_12_bit(wrapped), Rescale(1.0, REPAIRED_INTERCEPT_HU)).hu()
    np.testing.assert_array_equal(again, hu)


def head(size=128):
    """HU of a head in air with a skull around it, noise of 10 HU everywhere; float, shape (size, size)."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    distance = np.hypot(x, y) / size
    hu = np.select([distance < 0.33, distance < 0.36], [35.0, 1000.0], -1000.0)
    return hu + np.random.default_rng(5).normal(0, 10, hu.shape)


def corners(size=128):
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    return np.hypot(x, y) > size / 2


def image_of(hu, slope=1.0, intercept=-1024.0, padding=None, rescale=None):
    values = np.round((hu - intercept) / slope).astype(np.int32)
    return SliceImage(values, rescale or Rescale(slope, intercept), padding)


@pytest.mark.parametrize("filling", [-2000.0, -2048.0, -3024.0, -32768.0])
@pytest.mark.parametrize("noise", [0.0, 20.0])
def test_a_head_is_plausible_whatever_its_corners_are_filled_with(filling, noise):
    # Lossy compression puts noise into the filling as well.
    filled = filling + np.random.default_rng(6).normal(0, noise, (128, 128))
    assert image_of(np.where(corners(), filled, head())).implausible_hu() == ""


def test_a_filling_inside_the_circle_is_plausible_where_it_is_one_value():
    hu = head()
    hu[:50] = -3024.0
    assert image_of(hu).implausible_hu() == ""


def test_metal_is_plausible_with_its_streaks():
    hu = head()
    hu[60:68, 60:68] = 30_000.0
    hu[:, 62:64] = -4000.0
    assert image_of(hu).implausible_hu() == ""


def test_an_image_of_one_value_is_plausible():
    for value in (-1000.0, 0.0, -5000.0):
        assert image_of(np.full((64, 64), value)).implausible_hu() == ""


@pytest.mark.parametrize(
    ("rescale", "says"),
    [
        (Rescale(1e30, -1024.0), f"99.4% of the pixels are above {HIGHEST_HU:g} HU"),
        (Rescale(1e300, -1e308), r"all HU are between -1e\+37 and -1e\+37"),
        (Rescale(1.0, 40_000.0), f"100.0% of the pixels are above {HIGHEST_HU:g} HU"),
        (Rescale(1.0, -6000.0), f"% of the pixels are below {LOWEST_HU:g} HU"),
        (Rescale(-1.0, -1024.0), f"% of the pixels are below {LOWEST_HU:g} HU"),
        (Rescale(10.0, -1024.0), "% of the pixels are above 3071 HU"),
        (Rescale(1e-30, 0.0), "all HU are between -1.3e-29 and 2.06"),
    ],
)
def test_an_absurd_scale_is_noticed(rescale, says):
    assert re.search(says, image_of(head(), rescale=rescale).implausible_hu())


def test_unsigned_values_that_should_be_signed_are_noticed():
    values = np.round(head()).astype(np.int16).view(np.uint16)
    assert "above 32767 HU" in SliceImage(values).implausible_hu()


def test_values_beyond_the_bounds_in_what_is_no_image_do_not_count():
    padded = np.where(np.arange(128)[:, None] < 100, 25_000, head() + 1024).astype(np.int32)
    assert "above 3071 HU" in SliceImage(padded, Rescale(1.0, -1024.0)).implausible_hu()
    padding = PaddingRange(25_000, 25_000)
    assert SliceImage(padded, Rescale(1.0, -1024.0), padding).implausible_hu() == ""
    assert SliceImage(padded, Rescale(1.0, -1024.0), PaddingRange(0, 30_000)).implausible_hu() == ""


@given(
    st.floats(allow_nan=False, allow_infinity=False).filter(bool),
    st.floats(allow_nan=False, allow_infinity=False),
    hnp.arrays(np.int32, (2, 3)) | hnp.arrays(np.uint16, (3, 2)),
)
def test_no_rescale_gives_warnings_or_infinity(slope, intercept, values):
    image = SliceImage(values, Rescale(slope, intercept))
    assert np.isfinite(image.hu()).all()
    assert all(math.isfinite(end) for end in image.hu_range())
    assert math.isfinite(image.hu_at(0, 0))
    image.implausible_hu()
    render_grey(image, Window(40.0, 80.0))
