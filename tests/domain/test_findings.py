"""Findings of a slice and of a series; "not analysed" is never a negative."""

import math

import numpy as np
import pytest

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.series_rule import SeriesRule

KEY = SeriesKey("1.2", "1.2.3")
POINT = OperatingPoint("balanced", (0.5,) * 6)
NO_BRAIN = Problem(ProblemCode.NO_BRAIN_IN_SLICE, "slice 1")
BROKEN = Problem(ProblemCode.DECODE_FAILED, "slice 2")
STOPPED = Problem(ProblemCode.CANCELLED, "slice 3")


def analysed(*p):
    return SliceFinding(Status.ANALYSED, p if len(p) == 6 else (*p, *(0.0,) * (6 - len(p))))


def skipped(reason=NO_BRAIN):
    return SliceFinding(Status.NOT_ANALYSED, reason=reason)


def failed():
    return SliceFinding(Status.FAILED, reason=BROKEN)


def findings(*slices):
    return SeriesFindings(KEY, slices)


class TestSliceFinding:
    @pytest.mark.parametrize(
        "arguments",
        [
            {"status": Status.ANALYSED},
            {"status": Status.ANALYSED, "reason": NO_BRAIN},
            {"status": Status.ANALYSED, "probabilities": (0.1,) * 6, "reason": NO_BRAIN},
            {"status": Status.NOT_ANALYSED},
            {"status": Status.NOT_ANALYSED, "probabilities": (0.0,) * 6},
            {"status": Status.NOT_ANALYSED, "probabilities": (0.0,) * 6, "reason": NO_BRAIN},
            {"status": Status.FAILED},
        ],
    )
    def test_probabilities_exactly_when_analysed_and_a_reason_exactly_when_not(self, arguments):
        with pytest.raises(ValueError, match="exactly when"):
            SliceFinding(**arguments)

    @pytest.mark.parametrize(
        "p", [(0.5,) * 5, (0.5,) * 7, (1.01, *(0.0,) * 5), (-0.01, *(0.0,) * 5), (math.nan, *(0.0,) * 5)]
    )
    def test_six_probabilities_between_0_and_1(self, p):
        with pytest.raises(ValueError, match="probabilities in"):
            SliceFinding(Status.ANALYSED, p)

    def test_probability_of_a_label(self):
        finding = analysed(0.6, 0.1, 0.2, 0.3, 0.4, 0.5)
        assert [finding.probability(label) for label in LABELS] == [0.6, 0.1, 0.2, 0.3, 0.4, 0.5]

    def test_no_type_is_likelier_than_any(self):
        with pytest.raises(ValueError, match="no type can be more likely"):
            analysed(0.1, 0.2)

    def test_flags_are_at_or_over_the_threshold(self):
        assert analysed(0.9, 0.5, 0.49).flagged(POINT) == (Hemorrhage.ANY, Hemorrhage.EPIDURAL)

    @pytest.mark.parametrize("finding", [skipped(), failed()])
    def test_what_was_not_analysed_is_unknown_and_flags_nothing(self, finding):
        assert finding.probability(Hemorrhage.ANY) is None
        assert finding.flagged(POINT) == ()


class TestSeriesFindings:
    def test_the_table_has_nan_where_nothing_was_analysed(self):
        table = findings(analysed(0.1), skipped(), analysed(0.7)).probabilities()
        assert table.shape == (3, 6)
        np.testing.assert_array_equal(table[:, 0], [0.1, np.nan, 0.7])

    def test_the_table_of_nothing(self):
        assert findings().probabilities().shape == (0, 6)

    def test_the_study_level_answer_names_the_first_slice_that_shows_it(self):
        series = findings(skipped(), analysed(0.2, 0.1), analysed(0.9, 0.0), analysed(0.9, 0.3))
        assert series.strongest(Hemorrhage.ANY) == (0.9, 2)
        assert series.strongest(Hemorrhage.EPIDURAL) == (0.3, 3)

    def test_the_study_level_answer_of_nothing_analysed_is_none_not_zero(self):
        assert findings(skipped(), failed()).strongest(Hemorrhage.ANY) is None
        assert findings().strongest(Hemorrhage.ANY) is None

    def test_the_series_as_a_whole_is_told_by_its_analysed_slices(self):
        low, high = analysed(0.2, 0.1), analysed(0.5, 0.3)
        series = findings(*[low] * 7, skipped(), failed(), high)
        assert series.whole(None) == (0.5, 0.3, 0.0, 0.0, 0.0, 0.0)
        # Eight analysed slices: 2.4 of them are three tenths. Log odds of 0.5 are 0, those of 0.2 are -log 4.
        rule = SeriesRule((0.0, 0.0, 1.0), (0.0,) * 6)
        whole = series.whole(rule)
        assert whole[0] == pytest.approx(1 / (1 + math.exp(1.4 / 2.4 * math.log(4))))
        # One slice less is no whole head.
        assert findings(*[low] * 6, high).whole(rule)[0] == 0.5

    def test_what_is_not_analysed_or_not_through_has_no_answer(self):
        whole = [analysed(0.9)] * 8
        engine = SliceFinding(Status.FAILED, reason=Problem(ProblemCode.ENGINE_FAILED, "slice 9"))
        for series in (
            findings(),
            findings(skipped(), failed()),
            findings(*whole, skipped(STOPPED)),
            findings(*whole, engine),
        ):
            assert series.whole(None) is None
            assert series.whole(SeriesRule((1.0, 0.0, 0.0), (0.0,) * 6)) is None

    def test_flagged_slices_in_order(self):
        series = findings(analysed(0.6), skipped(), analysed(0.2), analysed(0.8, 0.8))
        assert series.flagged_slices(POINT) == (0, 3)

    def test_how_many_were_analysed(self):
        assert findings(analysed(0.6), skipped(), failed(), analysed(0.2)).analysed == 2

    @pytest.mark.parametrize(
        ("slices", "state"),
        [
            ((analysed(0.1), analysed(0.2)), SeriesState.DONE),
            # A slice above the brain does not make the series less analysed.
            ((analysed(0.1), skipped()), SeriesState.DONE),
            ((analysed(0.1), failed()), SeriesState.PARTLY),
            ((skipped(), skipped()), SeriesState.REFUSED),
            ((), SeriesState.REFUSED),
            ((failed(), skipped()), SeriesState.FAILED),
            ((analysed(0.1), skipped(STOPPED)), SeriesState.CANCELLED),
            ((skipped(STOPPED), skipped(STOPPED)), SeriesState.CANCELLED),
            ((failed(), skipped(STOPPED)), SeriesState.CANCELLED),
        ],
    )
    def test_the_state_in_one_word(self, slices, state):
        assert findings(*slices).state() is state


def test_a_slice_is_flagged_for_a_type_only_where_it_is_flagged_for_any():
    point = OperatingPoint("x", (0.5, 0.1, 0.5, 0.5, 0.5, 0.5))
    assert analysed(0.5, 0.2).flagged(point) == (Hemorrhage.ANY, Hemorrhage.EPIDURAL)
    assert analysed(0.3, 0.2).flagged(point) == ()


def test_any_is_named_only_where_no_type_is_flagged() -> None:
    point = OperatingPoint("p", (0.5,) * 6)

    def named(*probabilities: float) -> tuple[Hemorrhage, ...]:
        return SliceFinding(Status.ANALYSED, probabilities).named(point)

    assert named(0.9, 0.1, 0.1, 0.1, 0.6, 0.9) == (Hemorrhage.SUBARACHNOID, Hemorrhage.SUBDURAL)
    assert named(0.9, 0.1, 0.1, 0.1, 0.1, 0.1) == (Hemorrhage.ANY,)
    assert named(0.4, 0.1, 0.1, 0.1, 0.1, 0.1) == ()
    reason = Problem(ProblemCode.NO_BRAIN_IN_SLICE, "")
    assert SliceFinding(Status.NOT_ANALYSED, reason=reason).named(point) == ()
