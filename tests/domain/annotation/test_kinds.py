"""Annotations that make no shape cannot be built."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime, timedelta

import pytest
from annotation_factory import CORONAL, HASH, IN_MM, IN_PX, NOON, SERIES, examples, make

from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice
from ichviewer.domain.annotation.base import Kind, new_id
from ichviewer.domain.annotation.kinds import (
    Angle,
    Bidirectional,
    Ellipse,
    Freehand,
    Length,
    Rectangle,
    TextNote,
)
from ichviewer.domain.annotation.place import DrawnOn, OnReformat, OnSlice
from ichviewer.domain.annotation.record import CLASSES


def test_every_kind_has_a_class_and_an_example():
    assert set(CLASSES) == set(Kind)
    assert [a.kind for a in examples()] == list(Kind)


@pytest.mark.parametrize(
    ("cls", "points"),
    [
        (Length, [(0, 0)]),
        (Length, [(0, 0), (0, 0)]),
        (Length, [(0, 0), (0, 1e-9)]),
        (Length, [(0, 0), (0, math.nan)]),
        (Length, [(0, 0), (0, 2e6)]),
        (Angle, [(1, 0), (1, 0), (0, 1)]),
        # The short axis leans by 45 degrees, or has no length.
        (Bidirectional, [(0, 0), (10, 0), (5, 0), (6, 1)]),
        (Bidirectional, [(0, 0), (10, 0), (5, 1), (5, 1)]),
        (Ellipse, [(0, 0), (2, 0), (4, 0)]),
        (Rectangle, [(0, 0), (4, 0), (5, 4), (1, 4)]),
        (Rectangle, [(0, 0), (4, 0), (4, 4), (0, 3)]),
        (Rectangle, [(0, 0), (4, 0), (4, 0), (0, 0)]),
        (Freehand, [(0, 0), (1, 0)]),
        (Abc2, [(0, 0), (1, 0), (0, 1)]),
        (Abc2, [(0, 0), (4, 0), (2, 0), (3, 1)]),
        (TextNote, [(0, 0)]),
    ],
)
def test_points_that_make_no_shape_are_refused(cls, points):
    with pytest.raises(ValueError, match="Received"):
        make(cls, points)


def test_points_must_be_in_the_frame_of_the_place():
    with pytest.raises(ValueError, match="patient_mm need 3"):
        Length("1", IN_MM, ((0.0, 0.0), (1.0, 0.0)), NOON, NOON)
    with pytest.raises(ValueError, match="slice_px need 2"):
        Length("1", IN_PX, ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), NOON, NOON)


def test_in_pixels_right_angles_of_two_axes_are_not_asked_for():
    # They depend on the shape of the pixels, which is not known.
    assert make(Bidirectional, [(0, 0), (10, 0), (5, 0), (6, 1)], IN_PX).kind is Kind.BIDIRECTIONAL


def test_points_of_a_reformat_lie_in_its_plane():
    # The plane is y = 10.
    make(Length, [(0, 10.05, 0), (5, 10, 3)], CORONAL)
    with pytest.raises(ValueError, match="plane"):
        make(Length, [(0, 10.2, 0), (5, 10, 3)], CORONAL)


@pytest.mark.parametrize(
    ("right", "down"),
    [((2, 0, 0), (0, 1, 0)), ((1, 0, 0), (1, 0, 0)), ((1, 0, 0), (0, math.nan, 0)), ((1, 0), (0, 1))],
)
def test_a_reformat_needs_unit_vectors_at_right_angles(right, down):
    with pytest.raises(ValueError, match="Received"):
        OnReformat("", (0, 0, 0), right, down)


def test_times_have_a_zone_and_an_order():
    for created, modified in (
        (datetime(2026, 1, 1), datetime(2026, 1, 1)),
        (NOON, NOON - timedelta(seconds=1)),
    ):
        with pytest.raises(ValueError, match="Received"):
            make(Length, [(0, 0), (1, 0)], created=created, modified=modified)


def test_an_annotation_names_itself_and_its_pixels():
    with pytest.raises(ValueError, match="id"):
        make(Length, [(0, 0), (1, 0)], id="")
    with pytest.raises(ValueError, match="hash"):
        DrawnOn(OnSlice("1"), SERIES, "")
    with pytest.raises(ValueError, match="from 0"):
        OnSlice("1", -1)
    assert DrawnOn(OnSlice(""), SERIES, HASH).place == OnSlice("")


def test_ids_differ():
    assert len({new_id() for _ in range(100)}) == 100


def test_moving_keeps_all_else():
    before = make(Length, [(0, 0), (3, 4)], author="A")
    later = NOON + timedelta(minutes=5)
    moved = before.with_points([(1, 0, 0), (4, 4, 0)], later)
    assert moved == dataclasses.replace(before, points=((1, 0, 0), (4, 4, 0)), modified=later)


class TestAbc2:
    @pytest.mark.parametrize(
        ("share", "weight"),
        [(1, 1), (0.76, 1), (0.75, 0.5), (0.5, 0.5), (0.25, 0.5), (0.249, 0), (0, 0)],
    )
    def test_weights_of_kothari(self, share, weight):
        assert AbcSlice(share, 5).weight == weight

    @pytest.mark.parametrize(
        ("share", "extent"), [(-0.1, 5), (1.1, 5), (math.nan, 5), (0.5, 0), (1, math.inf)]
    )
    def test_slices_that_cannot_be(self, share, extent):
        with pytest.raises(ValueError, match="Received"):
            AbcSlice(share, extent)

    def test_steps(self):
        a, b = [(0, 0), (40, 0)], [(20, -15), (20, 15)]
        assert make(Abc2, a).steps_done == 1
        assert make(Abc2, a + b).steps_done == 2
        assert make(Abc2, a + b, slices=(AbcSlice(1, 5),)).steps_done == 3

    def test_c_comes_last_and_knows_the_largest_slice_and_all_extents_or_none(self):
        a, b = [(0, 0), (40, 0)], [(20, -15), (20, 15)]
        for points, slices in (
            (a, (AbcSlice(1, 5),)),
            (a + b, (AbcSlice(0.9, 5),)),
            (a + b, (AbcSlice(1, 5), AbcSlice(0.5, None))),
        ):
            with pytest.raises(ValueError, match="Received"):
                make(Abc2, points, slices=slices)
