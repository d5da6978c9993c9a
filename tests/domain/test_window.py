"""Windows against DICOM PS3.3 C.11.2, worked by hand, and the table against per-pixel windowing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ichviewer.domain.hu import PaddingRange, Rescale, SliceImage
from ichviewer.domain.window import VoiFunction, VoiLut, Window, render_grey

LINEAR, EXACT, SIGMOID = VoiFunction.LINEAR, VoiFunction.LINEAR_EXACT, VoiFunction.SIGMOID


def table_of(*entries):
    return np.array(entries, dtype=np.uint16)


class TestLinear:
    """C.11.2.1.2.1: y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255 between the ends."""

    def test_brain_window_by_hand(self):
        # c - 0.5 = 39.5, w - 1 = 79. Black up to 39.5 - 39.5 = 0, white from 39.5 + 39.5 = 79.
        # x = 39: (-0.5 / 79 + 0.5) * 255 = 125.886 -> 126. x = 40: (0.5 / 79 + 0.5) * 255 = 129.114 -> 129.
        # x = 20: (-19.5 / 79 + 0.5) * 255 = 64.557 -> 65.
        x = [-1000, 0, 20, 39, 40, 79, 80, 3000]
        np.testing.assert_array_equal(Window(40, 80).grey(x), [0, 0, 65, 126, 129, 255, 255, 255])

    def test_the_standards_example_of_center_0_width_100(self):
        # C.11.2.1.2.1: at or below -50 black, above 49 white.
        # x = -49: ((-49 + 0.5) / 99 + 0.5) * 255 = 2.576 -> 3. x = 48: (48.5 / 99 + 0.5) * 255 = 252.42 -> 252.
        np.testing.assert_array_equal(
            Window(0, 100).grey([-51, -50, -49, 48, 49, 50]), [0, 0, 3, 252, 255, 255]
        )

    def test_the_standards_example_of_center_2048_width_4096_spans_12_bits(self):
        # y = ((x - 2047.5) / 4095 + 0.5) * 255: 0 -> 0, 4095 -> 255, 2048 -> (0.5 / 4095 + 0.5) * 255 = 127.53.
        np.testing.assert_array_equal(Window(2048, 4096).grey([0, 2047, 2048, 4095]), [0, 127, 128, 255])

    def test_width_1_is_a_threshold_at_center_minus_half(self):
        # C.11.2.1.2.1: center 0, width 1: black if x <= -0.5, else white.
        np.testing.assert_array_equal(Window(0, 1).grey([-1, -0.5, -0.4, 0, 1]), [0, 0, 255, 255, 255])
        np.testing.assert_array_equal(Window(2048, 1).grey([2047, 2048]), [0, 255])

    def test_width_2_has_two_steps(self):
        # c - 0.5 = 9.5, w - 1 = 1: x = 9 -> 0, x = 10 -> 255.
        np.testing.assert_array_equal(Window(10, 2).grey([8, 9, 9.5, 10, 11]), [0, 0, 128, 255, 255])


class TestLinearExact:
    """C.11.2.1.3.2: y = ((x - c) / w + 0.5) * 255 between c - w/2 and c + w/2."""

    def test_by_hand(self):
        # 20: (-20 / 80 + 0.5) * 255 = 63.75 -> 64. 40: 127.5 -> 128 (half up). 60: 191.25 -> 191.
        x = [-1, 0, 20, 40, 60, 80, 81]
        np.testing.assert_array_equal(Window(40, 80, EXACT).grey(x), [0, 0, 64, 128, 191, 255, 255])

    def test_a_width_below_1_is_allowed(self):
        # (0.6 - 0.5) / 0.5 + 0.5 = 0.7; 0.7 * 255 = 178.5 -> 179.
        np.testing.assert_array_equal(Window(0.5, 0.5, EXACT).grey([0.25, 0.6, 0.75]), [0, 179, 255])


class TestSigmoid:
    """C.11.2.1.3.1: y = 255 / (1 + exp(-4 (x - c) / w))."""

    def test_by_hand(self):
        # c: 127.5 -> 128. c + w/4: 255 / (1 + e^-1) = 186.42 -> 186. c - w/4: 255 - 186.42 = 68.58 -> 69.
        # c + w/2: 255 / (1 + e^-2) = 224.60 -> 225.
        np.testing.assert_array_equal(Window(40, 80, SIGMOID).grey([40, 60, 20, 80]), [128, 186, 69, 225])

    def test_far_values_saturate_without_overflow(self):
        np.testing.assert_array_equal(Window(0, 1, SIGMOID).grey([-1e6, 1e6]), [0, 255])


@pytest.mark.parametrize(
    ("function", "width"), [(LINEAR, 0.5), (LINEAR, 0), (EXACT, 0), (EXACT, -1), (SIGMOID, 0), (SIGMOID, -3)]
)
def test_an_impossible_width_cannot_be_built(function, width):
    with pytest.raises(ValueError, match=r"needs a width of .* HU\. Received"):
        Window(40, width, function)


@pytest.mark.parametrize(
    ("center", "width"), [(math.nan, 80), (40, math.nan), (math.inf, 80), (40, math.inf)]
)
def test_a_window_is_finite(center, width):
    with pytest.raises(ValueError, match="finite"):
        Window(center, width)


windows = st.builds(
    Window,
    st.floats(-2000, 4000).map(lambda v: round(v, 3)),
    st.floats(1, 5000).map(lambda v: round(v, 3)),
    st.sampled_from(VoiFunction),
)
luts = st.builds(
    lambda first, entries: VoiLut(first, 12, np.array(entries, dtype=np.uint16)),
    st.integers(-2000, 2000),
    st.lists(st.integers(0, 4095), min_size=1, max_size=64),
)


@given(windows, st.lists(st.floats(-5000, 5000), min_size=2, max_size=40))
def test_a_window_never_turns_brighter_into_darker(window, hu):
    grey = window.grey(np.sort(hu)).astype(int)
    assert np.all(np.diff(grey) >= 0)


@given(windows)
def test_a_window_is_dark_far_below_and_white_far_above(window):
    ends = window.grey([window.center_hu - 3 * window.width_hu, window.center_hu + 3 * window.width_hu])
    np.testing.assert_array_equal(ends, [0, 255])


class TestVoiLut:
    """C.11.2.1.1: values below the first mapped take the first entry, values past the last take the last."""

    def test_by_hand(self):
        # 8-bit entries pass through; first value mapped is -10.
        lut = VoiLut(-10, 8, table_of(0, 50, 100, 255))
        np.testing.assert_array_equal(lut.grey([-500, -10, -9, -8, -7, 500]), [0, 0, 50, 100, 255, 255])

    def test_wide_entries_are_scaled_to_8_bits(self):
        # 12 bits: 4095 -> 255; 2048 / 4095 * 255 = 127.53 -> 128; 16 bits: 32768 / 65535 * 255 = 127.50 -> 128.
        np.testing.assert_array_equal(VoiLut(0, 12, table_of(0, 2048, 4095)).grey([0, 1, 2]), [0, 128, 255])
        np.testing.assert_array_equal(VoiLut(0, 16, table_of(0, 32768, 65535)).grey([0, 1, 2]), [0, 128, 255])

    def test_hu_between_entries_take_the_nearest(self):
        lut = VoiLut(0, 8, table_of(10, 20, 30))
        np.testing.assert_array_equal(lut.grey([0.4, 0.5, 1.49]), [10, 20, 20])

    def test_entries_beyond_their_bits_are_white(self):
        np.testing.assert_array_equal(VoiLut(0, 8, table_of(300)).grey([0]), [255])

    def test_an_inverting_table_is_kept(self):
        np.testing.assert_array_equal(VoiLut(0, 8, table_of(255, 0)).grey([0, 1]), [255, 0])

    @pytest.mark.parametrize(("bits", "entries"), [(8, []), (7, [1]), (17, [1]), (8, [[1, 2], [3, 4]])])
    def test_an_impossible_table_cannot_be_built(self, bits, entries):
        with pytest.raises(ValueError, match="VOI LUT"):
            VoiLut(0, bits, np.array(entries, dtype=np.uint16))

    def test_the_table_is_locked(self):
        lut = VoiLut(0, 8, table_of(1, 2))
        with pytest.raises(ValueError, match="read-only"):
            lut.entries[0] = 9


stored_images = st.sampled_from([np.int16, np.uint16, np.int8, np.uint8, np.int32]).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=8),
        elements=st.integers(max(np.iinfo(dtype).min, -40000), min(np.iinfo(dtype).max, 40000)),
    )
)
rescales = st.builds(
    Rescale,
    st.sampled_from([1.0, 0.5, 2.0, -1.0, 0.488281, 10.0]),
    st.sampled_from([0.0, -1024.0, -8192.0, 13.25]),
)


class TestRenderGrey:
    @given(stored_images, rescales, windows | luts, st.booleans())
    def test_the_table_gives_what_windowing_every_pixel_gives(self, stored, rescale, voi, inverted):
        expected = voi.grey(stored.astype(np.float64) * rescale.slope + rescale.intercept)
        grey = render_grey(SliceImage(stored, rescale), voi, inverted=inverted)
        np.testing.assert_array_equal(grey, 255 - expected if inverted else expected)
        assert grey.dtype == np.uint8
        assert grey.shape == stored.shape

    def test_a_range_too_wide_for_a_table(self):
        stored = np.array([[0, 1 << 20], [40, 2000]], dtype=np.int32)
        np.testing.assert_array_equal(render_grey(SliceImage(stored), Window(40, 80)), [[0, 255], [129, 255]])
        np.testing.assert_array_equal(
            render_grey(SliceImage(stored), Window(40, 80), inverted=True), [[255, 0], [126, 0]]
        )

    def test_the_whole_of_16_bits_does_not_wrap(self):
        signed = np.array([[-32768, 32767]], dtype=np.int16)
        unsigned = np.array([[0, 65535]], dtype=np.uint16)
        np.testing.assert_array_equal(render_grey(SliceImage(signed), Window(0, 65536)), [[0, 255]])
        np.testing.assert_array_equal(render_grey(SliceImage(unsigned), Window(32768, 65536)), [[0, 255]])

    def test_values_beyond_31_bits_do_not_wrap(self):
        big = np.array([[2**32 - 1, 2**32 - 80]], dtype=np.uint32)
        # HU -1 and -80 after the rescale; window -40/80: -40.5 +- 39.5, so black at -80, white at -1.
        image = SliceImage(big, Rescale(1.0, -(2.0**32)))
        np.testing.assert_array_equal(render_grey(image, Window(-40, 80)), [[255, 0]])

    def test_the_picture_may_be_written_to(self):
        grey = render_grey(SliceImage(np.full((2, 2), 40, np.int16)), Window(40, 80))
        grey[0, 0] = 1
        np.testing.assert_array_equal(grey, [[1, 129], [129, 129]])

    @pytest.mark.parametrize("inverted", [False, True])
    def test_where_there_is_no_image_it_is_black_inverted_or_not(self, inverted):
        stored = np.array([[-2000, 500], [500, 500]], dtype=np.int16)
        image = SliceImage(stored, padding=PaddingRange(-2000, -2000), rows_read=1)
        seen = 0 if inverted else 255
        np.testing.assert_array_equal(
            render_grey(image, Window(40, 80), inverted=inverted), [[0, seen], [0, 0]]
        )

    @pytest.mark.parametrize("inverted", [False, True])
    def test_an_image_whose_low_values_are_bright_is_shown_the_other_way_round(self, inverted):
        # MONOCHROME1 (PS3.3 C.7.6.3.1.2); HU stay what they are, and where there is no image it stays black.
        stored = np.array([[0, 79], [40, -2000]], dtype=np.int16)
        image = SliceImage(stored, padding=PaddingRange(-2000, -2000), low_is_bright=True)
        expected = [[0, 255], [129, 0]] if inverted else [[255, 0], [126, 0]]
        np.testing.assert_array_equal(render_grey(image, Window(40, 80), inverted=inverted), expected)
        assert image.hu_at(1, 0) == 40.0
