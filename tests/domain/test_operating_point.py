"""Thresholds: at or over is a flag."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint

POINT = OperatingPoint("balanced", (0.5, 0.1, 0.2, 0.3, 0.4, 1.0))


def test_each_label_has_its_own_threshold():
    assert POINT.threshold(Hemorrhage.ANY) == 0.5
    assert POINT.threshold(Hemorrhage.SUBDURAL) == 1.0


def test_at_the_threshold_is_a_flag_and_just_below_is_not():
    p = (0.5, math.nextafter(0.1, 0), 0.2, 0.0, 0.39, 1.0)
    assert POINT.flagged(p) == (Hemorrhage.ANY, Hemorrhage.INTRAPARENCHYMAL, Hemorrhage.SUBDURAL)


def test_no_type_is_flagged_where_any_is_not():
    assert POINT.flagged((0.49, 0.49, 0.49, 0.49, 0.49, 0.49)) == ()


def test_nothing_reached_flags_nothing():
    assert POINT.flagged((0.0,) * 6) == ()


def test_a_vector_of_another_length_is_refused():
    with pytest.raises(ValueError, match="broadcast"):
        POINT.flagged((0.9,) * 5)


@pytest.mark.parametrize(
    "thresholds", [(0.5,) * 5, (0.5,) * 7, (0.0, *(0.5,) * 5), (1.1, *(0.5,) * 5), (math.nan,) * 6]
)
def test_impossible_thresholds_cannot_be_built(thresholds):
    with pytest.raises(ValueError, match="Received"):
        OperatingPoint("x", thresholds)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_more_probability_never_takes_a_flag_away(p, more):
    higher = [max(a, b) for a, b in zip(p, more, strict=True)]
    assert set(POINT.flagged(p)) <= set(POINT.flagged(higher))


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_flags_come_in_the_order_of_the_labels(p):
    flags = POINT.flagged(p)
    assert list(flags) == [label for label in LABELS if label in flags]
