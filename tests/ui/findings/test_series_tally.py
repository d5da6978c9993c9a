"""Running totals of a series."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_builders import QUIET, SUBDURAL, analysed, failed, not_analysed, series_findings

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.ui.findings.series_tally import SeriesTally

probability = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.9, 1.0])
findings = st.one_of(
    st.builds(not_analysed),
    st.builds(failed),
    st.builds(lambda types: analysed((max(types), *types)), st.tuples(*[probability] * 5)),
)


@given(st.lists(findings, min_size=1, max_size=12), st.randoms())
def test_any_order_gives_what_the_whole_series_says(slices: list[SliceFinding], random: object) -> None:
    order = list(range(len(slices)))
    random.shuffle(order)  # type: ignore[attr-defined]
    tally = SeriesTally(len(slices), {index: slices[index] for index in order})
    whole = series_findings(slices)
    for label in LABELS:
        assert tally.strongest.get(label) == whole.strongest(label)
    assert tally.number(Status.ANALYSED) == whole.analysed
    assert tally.pending == 0


def test_the_first_of_equals_is_the_strongest() -> None:
    equals = {1: analysed(QUIET), 0: analysed(QUIET)}
    assert SeriesTally(2, equals).strongest[Hemorrhage.SUBDURAL] == (0.06, 0)
    assert SeriesTally(2, {**equals, 0: failed()}).strongest[Hemorrhage.SUBDURAL] == (0.06, 1)
    assert SeriesTally(2, {**equals, 1: analysed(SUBDURAL)}).strongest[Hemorrhage.SUBDURAL] == (0.83, 1)


def test_words_leave_zeros_out_but_never_the_analysed() -> None:
    assert SeriesTally(4, {}).words() == "0 analyzed, 4 waiting"
    some = {0: analysed(), 1: not_analysed(), 2: failed()}
    tally = SeriesTally(4, some)
    assert tally.words() == "1 analyzed, 1 not analyzed, 1 failed, 1 waiting"
    # Where the analysis ended early, what it never came to is not analysed.
    assert tally.words(over=True) == "1 analyzed, 2 not analyzed, 1 failed"
    assert SeriesTally(4, {**some, 3: analysed()}).words() == "2 analyzed, 1 not analyzed, 1 failed"


def test_nothing_analysed_has_no_strongest() -> None:
    assert SeriesTally(1, {0: not_analysed()}).strongest == {}


def test_index_must_fit() -> None:
    with pytest.raises(ValueError, match="Received: index 1"):
        SeriesTally(1, {1: analysed()})
