from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from synthetic_head import make_series

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.hu import PaddingRange, SliceImage
from ichviewer.domain.window import Window
from ichviewer.services.outputs import Inputs
from ichviewer.services.render import (
    LARGEST_STRETCHED,
    LONGEST_STRETCHED,
    file_voi,
    render_slice,
    square_size,
    write_png,
)


def info_with(**fields):
    return dataclasses.replace(make_series(1).slices[0], **fields)


def test_grey_is_that_of_the_window(tmp_path):
    image = SliceImage(np.array([[-2000, 0, 40], [80, 2000, -5]], np.int16), padding=PaddingRange(-5, -5))
    picture = render_slice(info_with(), image, Window(40.0, 80.0))
    # LINEAR 40/80: black at 0 HU, white from 79 HU; 40 HU is (40 - 39.5) / 79 + 0.5 = 0.506 of 255.
    assert np.asarray(picture).tolist() == [[0, 0, 129], [255, 255, 0]]
    write_png(tmp_path / "a.png", picture, Inputs())
    with Image.open(tmp_path / "a.png") as read:
        assert (read.mode, read.size) == ("L", (3, 2))


@pytest.mark.parametrize(
    ("spacing", "size"),
    [
        (PixelSpacing(0.5, 0.5), (100, 60)),
        (PixelSpacing(1.0, 0.5), (100, 120)),  # rows lie twice as far apart as columns
        (PixelSpacing(0.5, 1.25), (250, 60)),
        (PixelSpacing(0.5, 0.5002), (100, 60)),
        (None, (100, 60)),
    ],
)
def test_true_aspect(spacing, size):
    assert square_size((60, 100), spacing) == size
    picture = render_slice(info_with(spacing=spacing), SliceImage(np.zeros((60, 100), np.int16)), None)
    assert picture.size == size


def test_the_files_own_window_or_the_whole_range():
    own = Window(300.0, 1500.0)
    image = SliceImage(np.array([[-100, 500]], np.int16))
    assert file_voi(info_with(vois=(own, Window(1.0, 2.0))), image) is own
    whole = file_voi(info_with(), image)
    assert isinstance(whole, Window)
    assert (whole.center_hu, whole.width_hu) == (200.0, 600.0)
    empty = SliceImage(np.array([[7]], np.int16), padding=PaddingRange(7, 7))
    assert np.asarray(render_slice(info_with(), empty, None)).tolist() == [[0]]


@given(
    st.tuples(st.integers(1, 65535), st.integers(1, 65535)),
    st.floats(1e-300, 1e300),
    st.floats(1e-300, 1e300),
)
@example((65535, 1), 1e300, 1e-300)
@example((1, 65535), 5e-324, 1.7e308)
def test_no_spacing_makes_a_giant_picture(shape, row_mm, column_mm):
    width, height = square_size(shape, PixelSpacing(row_mm, column_mm))
    assert width >= 1
    assert height >= 1
    if (width, height) != shape[::-1]:
        assert width * height <= 1.01 * LARGEST_STRETCHED + LONGEST_STRETCHED
        assert max(width, height) <= LONGEST_STRETCHED


def test_a_slice_of_absurd_shape_is_drawn_small():
    image = SliceImage(np.zeros((65535, 1), np.int16))
    picture = render_slice(info_with(spacing=PixelSpacing(1e6, 1e-6)), image, None)
    assert picture.size == (1, LONGEST_STRETCHED)
