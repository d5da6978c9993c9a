from __future__ import annotations

from dataclasses import replace

import pytest

from ichviewer.network.node.entry import Entry, Group, StudyState, StudySummary, by_urgency

GOOD = StudySummary(probability=0.1, n_series=1, n_analyzed=1)
FLAGGED = StudySummary(probability=0.9, flagged=("any",), n_series=1, n_analyzed=1)


def entry(uid: str = "1.2", **values) -> Entry:
    made = Entry(
        study_uid=uid,
        state=StudyState.DONE,
        revision=1,
        n_objects=3,
        starts=1,
        failures=0,
        next_try_s=0.0,
        error="",
        first_arrival_s=1.0,
        last_arrival_s=1.0,
        changed_s=2.0,
        result_revision=1,
        result_s=2.0,
        waited_s=1.0,
        summary=GOOD,
    )
    return replace(made, **values)


@pytest.mark.parametrize(
    "summary",
    [
        StudySummary(),
        StudySummary(probability=0.1, n_series=2, n_analyzed=1),
        StudySummary(n_series=1, n_analyzed=1),
        replace(GOOD, reasons=("a file cannot be read",)),
    ],
)
def test_what_was_not_analyzed_whole_is_never_in_the_last_group(summary):
    assert summary.group is Group.NOT_ANALYZED


def test_no_word_of_a_group_says_negative():
    for group in Group:
        assert not {"negative", "normal", "clear", "no hemorrhage"} & {group.words.lower()}
    assert Group.NOT_FLAGGED.words == "analyzed, nothing flagged"


@pytest.mark.parametrize(
    ("values", "group"),
    [
        ({}, Group.NOT_FLAGGED),
        ({"summary": FLAGGED}, Group.FLAGGED),
        ({"state": StudyState.FAILED}, Group.NOT_ANALYZED),
        ({"state": StudyState.ARRIVING, "revision": 2}, Group.WAITING),
        ({"state": StudyState.ARRIVING, "revision": 2, "summary": FLAGGED}, Group.FLAGGED),
        ({"state": StudyState.QUEUED, "revision": 2, "failures": 1}, Group.NOT_ANALYZED),
        ({"state": StudyState.QUEUED, "summary": None, "result_revision": None}, Group.WAITING),
        ({"state": StudyState.FAILED, "summary": FLAGGED, "revision": 2}, Group.FLAGGED),
    ],
)
def test_how_urgent_a_study_is(values, group):
    assert entry(**values).group is group


def test_flagged_come_first_by_probability_then_not_analyzed_then_those_to_come():
    entries = [
        entry("quiet", summary=replace(GOOD, probability=0.01)),
        entry("likelier", summary=replace(GOOD, probability=0.3)),
        entry("to come", state=StudyState.ARRIVING, summary=None, result_revision=None),
        entry("broken", state=StudyState.FAILED, summary=None, result_revision=None),
        entry("bleeds", summary=FLAGGED),
        entry("bleeds more", summary=replace(FLAGGED, probability=0.99)),
    ]
    assert [found.study_uid for found in by_urgency(entries)] == [
        "bleeds more",
        "bleeds",
        "broken",
        "to come",
        "likelier",
        "quiet",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"n_series": 1, "n_analyzed": 2},
        {"probability": 1.5},
        {"probability": float("nan")},
        {"flagged": ("any",)},
    ],
)
def test_a_summary_that_contradicts_itself_cannot_be_made(values):
    with pytest.raises(ValueError, match="Received: "):
        StudySummary(**values)


def test_a_summary_comes_back_from_its_record():
    summary = replace(FLAGGED, patient_name="Doe", reasons=("a", "b"), notes=("c",))
    assert StudySummary.from_record(summary.to_record()) == summary
