"""Order, filter and words of the study browser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.ui.browser.study_order import (
    Group,
    SeriesResult,
    Show,
    Summary,
    of_series,
    short_state_word,
    state_word,
    total,
)

ANY = (Hemorrhage.ANY,)

results = st.one_of(
    st.builds(
        lambda state, n, p: SeriesResult(state, "", ANY, n, p),
        st.sampled_from(SeriesState),
        st.integers(1, 40),
        st.floats(0.0, 1.0),
    ),
    st.builds(lambda state, p: SeriesResult(state, "", (), 0, p), st.sampled_from(SeriesState), st.none()),
    st.builds(
        lambda state, p: SeriesResult(state, "", (), 0, p), st.sampled_from(SeriesState), st.floats(0, 1)
    ),
)


def test_words_of_states_never_say_negative() -> None:
    flagged = [SeriesResult(state, "", ANY, 1, 0.9) for state in SeriesState]
    said = {state_word(result) for result in (*map(SeriesResult, SeriesState), *flagged)}
    assert not any("negative" in word or "normal" in word for word in said)
    assert state_word(SeriesResult(SeriesState.DONE)) == "analyzed, no flag"
    assert state_word(SeriesResult(SeriesState.REFUSED)) == "not analyzed"
    assert state_word(SeriesResult(SeriesState.WAITING)) == "waiting"


def test_a_rerun_keeps_what_was_flagged_in_words() -> None:
    again = [SeriesResult(s, "", ANY, 1, 0.9) for s in (SeriesState.WAITING, SeriesState.RUNNING)]
    assert [state_word(result) for result in again] == ["flagged, waiting", "flagged, analyzing"]


@pytest.mark.parametrize("state", [SeriesState.WAITING, SeriesState.RUNNING])
def test_what_is_waiting_is_never_counted_as_not_analyzed(state: SeriesState) -> None:
    result = SeriesResult(state)
    assert not result.fits(Show.NOT_ANALYZED)
    assert of_series(result).group is Group.WAITING
    assert of_series(result).parts() == (("1 waiting", "muted"),)


def test_summary_of_a_patient_by_hand() -> None:
    summary = total(
        of_series(result)
        for result in (
            SeriesResult(SeriesState.DONE, "", ANY, 3, 0.6),
            SeriesResult(SeriesState.PARTLY, "", ANY, 2, 0.91),
            SeriesResult(SeriesState.FAILED),
            SeriesResult(SeriesState.REFUSED),
            SeriesResult(SeriesState.CANCELLED),
            SeriesResult(SeriesState.RUNNING, "", (), 0, 0.2),
            SeriesResult(SeriesState.DONE, "", (), 0, 0.3),
        )
    )
    assert summary == Summary(7, 2, 5, 2, 2, 1, 1, 0.91, suspected=0.91)
    assert [words for words, _ in summary.parts()] == [
        "5 slices flagged, up to 0.91",
        "2 failed",
        "1 waiting",
        "2 not analyzed",
        "1 without a flag",
    ]


def test_where_there_is_less_room_the_same_is_said_in_fewer_words() -> None:
    summary = Summary(3, 1, 20, not_analyzed=1, clear=1, highest=0.91)
    full, shorter, shortest = ([words for words, _ in version] for version in summary.versions)
    assert full == ["20 slices flagged, up to 0.91", "1 not analyzed", "1 without a flag"]
    assert shorter == ["20 flagged, up to 0.91", *full[1:]]
    assert shortest == ["20 flagged", *full[1:]]
    # Colors, and what is said of the others, stay.
    assert len({tuple(color for _, color in version) for version in summary.versions}) == 1
    assert short_state_word(SeriesResult(SeriesState.DONE)) == "no flag"
    assert short_state_word(SeriesResult(SeriesState.DONE, "", ANY, 3, 0.6)) == "flagged"
    assert short_state_word(SeriesResult(SeriesState.REFUSED)) == state_word(
        SeriesResult(SeriesState.REFUSED)
    )


def test_flags_are_muted_where_all_lie_outside_what_the_model_knows() -> None:
    outside = SeriesResult(SeriesState.DONE, "", ANY, 3, 0.6, outside=True)
    inside = SeriesResult(SeriesState.DONE, "", ANY, 2, 0.91)
    without_flag = SeriesResult(SeriesState.DONE, "", (), 0, 0.2, outside=True)
    for found, muted in (
        ([outside], True),
        ([outside, without_flag], True),
        ([outside, inside], False),
        ([inside], False),
        ([without_flag], False),
    ):
        summary = total(of_series(result) for result in found)
        assert summary.muted is muted
        colors = [color for words, color in summary.parts() if "flagged" in words]
        assert colors == (["muted" if muted else "warning"] if summary.flagged else [])


@given(st.lists(results, max_size=12))
def test_a_total_counts_every_series_and_hides_no_flag(found: list[SeriesResult]) -> None:
    summary = total([of_series(result) for result in found])
    assert summary.series == len(found)
    assert (summary.group is Group.FLAGGED) == any(result.flagged for result in found)
    # Every series is at least one of these.
    counted = summary.flagged + summary.failed + summary.waiting + summary.not_analyzed + summary.clear
    assert counted >= len(found)
    for show, number in ((Show.FLAGGED, summary.flagged), (Show.FAILED, summary.failed)):
        assert sum(result.fits(show) for result in found) == number


@given(st.lists(results, min_size=1, max_size=12))
def test_nothing_unknown_is_sorted_among_what_was_analyzed(found: list[SeriesResult]) -> None:
    order = sorted((of_series(result) for result in found), key=lambda s: s.suspicion)
    groups = [summary.group for summary in order]
    assert groups == sorted(groups)
    for group in Group:
        inside = [-1.0 if s.highest is None else s.highest for s in order if s.group is group]
        assert inside == sorted(inside, reverse=True)
    assert all(s.clear for s in order if s.group is Group.CLEAR)


def test_what_is_known_of_a_whole_series_sorts_it_and_not_its_highest_slice() -> None:
    spike = SeriesResult(SeriesState.DONE, "", ANY, 1, 0.95, whole=0.4)
    spread = SeriesResult(SeriesState.DONE, "", ANY, 6, 0.7, whole=0.9)
    running = SeriesResult(SeriesState.RUNNING, "", ANY, 2, 0.6)
    order = sorted([spike, running, spread], key=lambda result: of_series(result).suspicion)
    assert order == [spread, running, spike]
    both = total([of_series(spike), of_series(running)])
    assert (both.highest, both.suspected) == (0.95, 0.6)
    # What is told of slices stays what the slices say.
    assert both.parts()[0][0] == "3 slices flagged, up to 0.95"


@pytest.mark.parametrize(
    "fields",
    [
        {"flagged": ANY},
        {"flagged_slices": 2},
        {"flagged": ANY, "flagged_slices": 1},
        {"highest": 1.2},
        {"highest": float("nan")},
        {"highest": 0.5, "whole": -0.1},
    ],
)
def test_a_result_that_contradicts_itself_cannot_be_built(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Received"):
        SeriesResult(SeriesState.DONE, **fields)  # type: ignore[arg-type]
