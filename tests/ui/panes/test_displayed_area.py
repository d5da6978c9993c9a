"""The displayed area of a presentation state: which part of a picture, how large, and in words."""

from __future__ import annotations

import pytest

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.results.reading.graphics import DisplayedArea, SizeMode
from ichviewer.ui.panes.displayed_area import area_words, picture_area, screen_px_per_mm
from ichviewer.ui.panes.image_frame import ImageFrame, PictureArea

FRAME = ImageFrame(100, 200, PixelSpacing(1.0, 0.5))
CORNERS = ((41, 11), (120, 30))
TRUE = DisplayedArea(*CORNERS, SizeMode.TRUE, (1.0, 0.5), 2.0)


def test_corners_are_pixels_from_one_and_edges_lie_around_them_however_the_picture_is_turned() -> None:
    wanted = PictureArea(40, 10, 120, 30)
    for first, last in (CORNERS, CORNERS[::-1], ((120, 11), (41, 30)), ((41, 30), (120, 11))):
        assert picture_area(DisplayedArea(first, last), FRAME, 4.0, 1.0) == wanted


def test_the_whole_picture_fitted_is_no_area() -> None:
    assert picture_area(DisplayedArea((1, 1), (200, 100)), FRAME, 4.0, 1.0) is None
    assert area_words(DisplayedArea((1, 1), (200, 100)), FRAME, 4.0) == ()


def test_true_size_is_that_of_the_state_on_the_screen() -> None:
    # A column of 0.5 mm at 4 px a mm.
    assert picture_area(TRUE, FRAME, 4.0, 2.0) == PictureArea(40, 10, 120, 30, 2.0)
    assert area_words(TRUE, FRAME, 4.0) == ("true size, as the screen tells its own",)


def test_on_a_screen_that_does_not_tell_its_size_true_size_is_fitted_and_that_is_said() -> None:
    assert picture_area(TRUE, FRAME, None, 1.0) == PictureArea(40, 10, 120, 30)
    assert area_words(TRUE, FRAME, None) == ("not in true size: the screen does not tell its own",)


def test_a_magnification_counts_pixels_of_the_screen() -> None:
    area = DisplayedArea(*CORNERS, SizeMode.MAGNIFY, magnification=3.0)
    assert picture_area(area, FRAME, 4.0, 2.0) == PictureArea(40, 10, 120, 30, 1.5)
    assert area_words(area, FRAME, None) == ("magnified 3 times",)


def test_an_area_beside_the_picture_is_not_shown_and_that_is_said() -> None:
    area = DisplayedArea((201, 1), (300, 100))
    assert picture_area(area, FRAME, 4.0, 1.0) is None
    assert area_words(area, FRAME, 4.0) == ("its displayed area lies outside of the picture",)


@pytest.mark.parametrize(("aspect", "said"), [(2.0, False), (2.01, False), (1.0, True), (0.5, True)])
def test_pixels_of_another_shape_are_told(aspect: float, said: bool) -> None:
    area = DisplayedArea((1, 1), (200, 100), aspect=aspect)
    assert area_words(area, FRAME, 4.0) == ("its shape of pixels is not shown",) * said


@pytest.mark.parametrize(
    ("dpi", "px_per_mm"), [(254.0, 10.0), (0.0, None), (-5.0, None), (1e9, None), (float("nan"), None)]
)
def test_a_screen_of_no_believable_size_has_none(dpi: float, px_per_mm: float | None) -> None:
    assert screen_px_per_mm(dpi) == px_per_mm
