"""C of ABC/2: how much of the distance between slices each of them stands for, where all slices are there."""

from __future__ import annotations

from dataclasses import replace

from image_builders import make_series

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.ui.tools.abc_slices import Share, slice_extent_mm, slices_of


def test_a_slice_reaches_to_the_middle_between_it_and_its_neighbors() -> None:
    series = make_series(4)
    assert [slice_extent_mm(series, index) for index in range(4)] == [5.0] * 4


def test_of_a_study_that_is_still_received_slices_are_counted_and_not_measured() -> None:
    series = replace(make_series(4), problems=(Problem(ProblemCode.NOT_ALL_RECEIVED, "series 2"),))
    counted = slices_of(series, 1, {2: Share.HALF})
    assert [(one.area_share, one.extent_mm) for one in counted] == [(1.0, None), (0.5, None)]
