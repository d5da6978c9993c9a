from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.tags import (
    SeriesPair,
    TagList,
    TagPair,
    TagRow,
    TagSpread,
    paired,
    series_paired,
    spread_over,
)

MODALITY, NAME, SOP, SQ = 0x00080060, 0x00100010, 0x00080018, 0x00082112


def row(path: int | tuple[int, ...], value: str = "x", vr: str = "LO") -> TagRow:
    return TagRow(path if isinstance(path, tuple) else (path,), vr, "A name", value, mark=f"m{value}")


def tags(**values: str) -> TagList:
    places = {"modality": MODALITY, "name": NAME, "sop": SOP}
    return TagList(tuple(row(places[key], value) for key, value in values.items()))


def test_a_path_says_where_an_element_stands() -> None:
    nested = row((SQ, 1, 0x00081155))
    assert (nested.tag, nested.depth) == (0x00081155, 1)
    assert nested.tag_text == "(0008,1155)"
    assert nested.path_text == "(0008,2112) item 2 > (0008,1155)"
    assert row(0xFFFCFFFC).path_text == "(FFFC,FFFC)"


@pytest.mark.parametrize("path", [(), (SQ, 0), (-1,), (1 << 32,)])
def test_a_path_that_cannot_be_is_refused(path: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="Received"):
        row(path)


def test_pairs_hold_every_element_of_both_once_in_order() -> None:
    pairs = paired(tags(sop="1", modality="CT"), tags(modality="CT", sop="2", name="Doe"))
    assert [(p.row.tag, p.differs) for p in pairs] == [(SOP, True), (MODALITY, False), (NAME, True)]
    assert pairs[2].first is None


def test_what_was_cut_off_a_value_still_tells_them_apart() -> None:
    a = TagRow((NAME,), "LO", "A name", "long…", mark="1")
    assert not TagPair(a, TagRow((NAME,), "LO", "A name", "long…", mark="1")).differs
    assert TagPair(a, TagRow((NAME,), "LO", "A name", "long…", mark="2")).differs
    assert TagPair(a, TagRow((NAME,), "SH", "A name", "long…", mark="1")).differs


def test_a_pair_is_one_element() -> None:
    for first, second in ((None, None), (row(NAME), row(SOP))):
        with pytest.raises(ValueError, match="Received"):
            TagPair(first, second)


def test_a_series_knows_what_varies_within_it() -> None:
    series = spread_over([tags(modality="CT", sop="1"), tags(modality="CT", sop="2", name="Doe")], ["a note"])
    assert [(s.row.tag, s.present, s.varies) for s in series.spreads] == [
        (SOP, 2, True),
        (MODALITY, 2, False),
        (NAME, 1, True),  # one of the slices does not have it
    ]
    assert series.slices == 2
    assert series.notes == ("a note",)


def test_series_are_compared_by_all_their_values() -> None:
    first = spread_over([tags(modality="CT", sop="1"), tags(modality="CT", sop="2")])
    second = spread_over(
        [tags(modality="MR", sop="2"), tags(modality="MR", sop="1"), tags(modality="MR", sop="1")]
    )
    found = {
        p.first.row.tag: (p.varies_within, p.differs_between) for p in series_paired(first, second) if p.first
    }
    assert found == {SOP: (True, False), MODALITY: (False, True)}
    only = series_paired(first, spread_over([tags(name="Doe")]))
    assert [p.differs_between for p in only] == [True, True, True]


def test_a_spread_that_cannot_be_is_refused() -> None:
    for present, marks in ((0, frozenset()), (1, frozenset("ab")), (4, frozenset("a"))):
        with pytest.raises(ValueError, match="Received"):
            TagSpread(row(NAME), present, marks, 3)
    with pytest.raises(ValueError, match="Received"):
        SeriesPair(None, None)


rows = st.dictionaries(st.integers(0, 9), st.sampled_from("abc"), max_size=6).map(
    lambda found: TagList(tuple(row(tag, value) for tag, value in sorted(found.items())))
)


@given(rows, rows)
def test_comparing_the_other_way_round_finds_the_same(a: TagList, b: TagList) -> None:
    there, back = paired(a, b), paired(b, a)
    assert [(p.row.path, p.differs) for p in there] == [(p.row.path, p.differs) for p in back]
    assert not any(p.differs for p in paired(a, a))
    assert {p.row.path for p in there} == {r.path for r in (*a.rows, *b.rows)}
