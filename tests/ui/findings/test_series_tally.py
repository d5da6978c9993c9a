"""Running totals of a series."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_builders import POINT, QUIET, SUBDURAL, analysed, failed, not_analysed, series_findings

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.ui.findings.series_tally import SeriesTally, flagged_labels

probability = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.9, 1.0])
findings = st.one_of(
    st.builds(not_analysed),
    st.builds(failed),
    st.builds(lambda types: analysed((max(types), *types)), st.tuples(*[probability] * 5)),
)


@given(st.lists(findings, min_size=1, max_size=12), st.randoms())
def test_any_order_gives_what_the_whole_series_says(slices: list[SliceFinding], random: object) -> None:
    tally = SeriesTally(len(slices))
    order = list(range(len(slices)))
    random.shuffle(order)  # type: ignore[attr-defined]
    for index in order:
        tally.put(index, slices[index])
    whole = series_findings(slices)
    for label in LABELS:
        assert tally.strongest.get(label) == whole.strongest(label)
    assert tally.number(Status.ANALYSED) == whole.analysed
    assert tally.pending == 0


def test_a_second_finding_replaces_the_first() -> None:
    tally = SeriesTally(2)
    tally.put(0, analysed(SUBDURAL))
    tally.put(1, analysed(QUIET))
    tally.put(0, analysed(QUIET))
    assert tally.strongest[Hemorrhage.SUBDURAL] == (0.06, 0)
    tally.put(0, failed())
    assert tally.strongest[Hemorrhage.SUBDURAL] == (0.06, 1)


def test_words_leave_zeros_out_but_never_the_analysed() -> None:
    tally = SeriesTally(4)
    assert tally.words() == "0 analyzed, 4 waiting"
    tally.put(0, analysed())
    tally.put(1, not_analysed())
    tally.put(2, failed())
    assert tally.words() == "1 analyzed, 1 not analyzed, 1 failed, 1 waiting"
    # Where the analysis ended early, what it never came to is not analysed.
    assert tally.words(over=True) == "1 analyzed, 2 not analyzed, 1 failed"
    tally.put(3, analysed())
    assert tally.words() == "2 analyzed, 1 not analyzed, 1 failed"


def test_nothing_analysed_has_no_strongest() -> None:
    tally = SeriesTally(1)
    tally.put(0, not_analysed())
    assert tally.strongest == {}


def test_index_must_fit() -> None:
    with pytest.raises(ValueError, match="Received: index 1"):
        SeriesTally(1).put(1, analysed())


def test_flagged_labels_prefer_types() -> None:
    assert flagged_labels(analysed(SUBDURAL), POINT) == (Hemorrhage.SUBDURAL,)
    assert flagged_labels(analysed((0.7, 0, 0, 0, 0, 0)), POINT) == (Hemorrhage.ANY,)
    assert flagged_labels(analysed(QUIET), POINT) == ()
    assert flagged_labels(failed(), POINT) == ()
