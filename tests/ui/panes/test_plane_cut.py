"""Where a reference line lies, worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from image_builders import make_series

from ichviewer.domain.geometry import Plane, Vector
from ichviewer.domain.series import Series
from ichviewer.ui.panes.plane_cut import reference_line


def series(right: Vector, down: Vector, *firsts: Vector, uid: str = "1.9") -> Series:
    """Slices of 32 x 32 pixels of 1 mm whose first pixels lie there."""
    plain = make_series(len(firsts))
    slices = tuple(
        replace(info, plane=Plane(first, right, down), frame_of_reference_uid=uid)
        for info, first in zip(plain.slices, firsts, strict=True)
    )
    return replace(plain, slices=slices)


AXIAL = series(
    (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-16.0, -16.0, 0.0), (-16.0, -16.0, 5.0), (-16.0, -16.0, 90.0)
)
# Seen from the front, head on top: rows go down from z = 20.
CORONAL = series((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (-16.0, -10.0, 20.0))


def test_an_axial_slice_is_a_level_line_in_a_coronal_one() -> None:
    # z = 5 lies 15 mm below the center of the first row, which is 0.5 mm below the edge of the picture.
    line = reference_line(CORONAL, 0, AXIAL, 1)
    assert line is not None
    (x1, y1), (x2, y2) = line
    assert sorted((x1, x2)) == pytest.approx([0.0, 32.0])
    assert (y1, y2) == pytest.approx((15.5, 15.5))


def test_a_coronal_slice_is_a_level_line_in_an_axial_one() -> None:
    # y = -10 lies 6 mm below the center of the first row.
    line = reference_line(AXIAL, 0, CORONAL, 0)
    assert line is not None and [y for _, y in line] == pytest.approx([6.5, 6.5])


def test_there_is_no_line_where_planes_are_parallel_or_do_not_meet() -> None:
    assert reference_line(AXIAL, 0, AXIAL, 1) is None
    assert reference_line(CORONAL, 0, AXIAL, 2) is None, "z = 90 lies above the coronal picture"
    angle = math.radians(3)
    askew = series((1.0, 0.0, 0.0), (0.0, math.cos(angle), math.sin(angle)), (-16.0, -16.0, 0.0))
    assert reference_line(AXIAL, 0, askew, 0) is None


def test_there_is_no_line_between_other_frames_and_patients() -> None:
    other = series((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-16.0, -16.0, 5.0), uid="2.2")
    assert reference_line(CORONAL, 0, other, 0) is None
    nowhere = series((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-16.0, -16.0, 5.0), uid="")
    assert reference_line(nowhere, 0, nowhere, 0) is None
    somebody = replace(AXIAL, patient=replace(AXIAL.patient, name="OTHER"))
    assert reference_line(CORONAL, 0, somebody, 1) is None
