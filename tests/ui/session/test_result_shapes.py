"""What results draw, in pixels of the slice: numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ichviewer.errors import ReadError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.results.reading.graphics import Display, Graphic, Shape, Units, Words
from ichviewer.results.reading.presentation import Layer, SlicePresentation
from ichviewer.results.reading.segmentation import Segment, SegmentMask
from ichviewer.ui.session.result_shapes import Stroke, segment_outlines, slice_graphics


def graphic(shape: Shape, *points: tuple[float, float], filled: bool = False) -> Stroke:
    one = Graphic(shape, points, Units.STORED, filled)
    (stroke,) = slice_graphics(SlicePresentation(graphics=((one, Layer("A", color_rgb=(1, 2, 3))),))).strokes
    assert stroke.color_rgb == (1, 2, 3)
    return stroke


def test_an_outline_runs_between_pixels_inside_and_outside() -> None:
    mask = np.zeros((4, 5), np.bool_)
    mask[1:3, 2] = True
    (found,) = segment_outlines([SegmentMask(Segment(7, "blood"), mask)])
    assert (found.number, found.name) == (7, "blood")
    (line,) = found.lines
    assert line.closed
    assert set(line.points) == {(0.5, 2.0), (1.0, 1.5), (2.0, 1.5), (2.5, 2.0), (2.0, 2.5), (1.0, 2.5)}


def test_a_mask_at_the_edge_of_the_slice_is_closed_too() -> None:
    (found,) = segment_outlines([SegmentMask(Segment(1), np.ones((1, 1), np.bool_))])
    assert set(found.lines[0].points) == {(-0.5, 0.0), (0.0, -0.5), (0.5, 0.0), (0.0, 0.5)}


def test_shares_are_outlined_from_one_half() -> None:
    shares = np.array([[0.0, 0.25, 0.75, 0.0]], np.float32)
    (found,) = segment_outlines([SegmentMask(Segment(1), shares)])
    # From 0.25 to 0.75 the half lies in the middle; from 0.75 to 0 a third of the way.
    columns = sorted(column for row, column in found.lines[0].points if row == 0)
    assert columns == pytest.approx([1.5, 2 + 1 / 3])


def test_a_share_below_one_half_is_outlined_nowhere() -> None:
    (found,) = segment_outlines([SegmentMask(Segment(1), np.full((2, 2), 0.4, np.float32))])
    assert found.lines == ()


def test_noise_is_refused_before_it_is_traced() -> None:
    noise = np.indices((400, 400)).sum(axis=0) % 2 == 0
    with pytest.raises(ReadError, match="too many corners"):
        segment_outlines([SegmentMask(Segment(1), noise)])


def test_cancelled_between_segments_nothing_more_is_traced() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        segment_outlines([SegmentMask(Segment(1), np.ones((2, 2), np.bool_))], cancel)


def test_a_circle_is_round_about_its_first_point() -> None:
    stroke = graphic(Shape.CIRCLE, (10.0, 20.0), (10.0, 23.0), filled=True)
    assert stroke.closed
    assert stroke.filled
    assert all(math.dist(point, (10.0, 20.0)) == pytest.approx(3.0) for point in stroke.points)


def test_an_ellipse_has_its_axes() -> None:
    stroke = graphic(Shape.ELLIPSE, (5.0, 0.0), (5.0, 8.0), (3.0, 4.0), (7.0, 4.0))
    for row, column in stroke.points:
        assert ((column - 4) / 4) ** 2 + ((row - 5) / 2) ** 2 == pytest.approx(1.0)


def test_a_smooth_line_goes_through_its_points() -> None:
    points = ((0.0, 0.0), (4.0, 3.0), (1.0, 7.0), (2.0, 9.0))
    stroke = graphic(Shape.INTERPOLATED, *points)
    for point in points:
        assert min(math.dist(point, other) for other in stroke.points) == pytest.approx(0.0, abs=1e-9)
    assert not stroke.closed


def test_a_closed_polyline_is_closed_and_only_then_filled() -> None:
    assert graphic(Shape.POLYLINE, (0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (0.0, 0.0), filled=True).filled
    open_line = graphic(Shape.POLYLINE, (0.0, 0.0), (0.0, 2.0), (2.0, 2.0), filled=True)
    assert not open_line.closed
    assert not open_line.filled


def test_words_stand_in_their_box_or_at_their_anchor() -> None:
    boxed = Words("a", (9.0, 9.0), ((1.0, 2.0), (3.0, 4.0)), Units.STORED, Units.STORED, anchor_shown=True)
    anchored = Words("b", (5.0, 6.0), None, Units.STORED, Units.STORED)
    found = slice_graphics(SlicePresentation(words=((boxed, Layer("A")), (anchored, Layer("A"))))).words
    assert [(one.text, one.at, one.opposite, one.leader) for one in found] == [
        ("a", (1.0, 2.0), (3.0, 4.0), (9.0, 9.0)),
        ("b", (5.0, 6.0), None, None),
    ]


def test_a_picture_is_turned_by_quarters_and_flipped_as_the_state_says() -> None:
    found = slice_graphics(SlicePresentation(display=Display(None, 3, True)))
    assert (found.quarter_turns, found.flipped) == (3, True)
    with pytest.raises(ValueError, match="Received: 4"):
        slice_graphics(SlicePresentation(display=Display(None, 4)))


def test_a_line_without_finite_points_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="Received: 1"):
        Stroke(((math.nan, 0.0),))
