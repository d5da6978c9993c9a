"""The store tells of its changes: together at the end of a turn, at once where they are on screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from image_builders import POINT, analysed, make_series, settle

from ichviewer.domain.findings import SeriesState, Status
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.session.findings_state import Judging, ModelId, OnScreen
from ichviewer.ui.session.findings_store import FindingsStore
from ichviewer.ui.session.series_work import SeriesWork

SERIES = make_series(5)
OTHER = replace(make_series(3), key=SeriesKey("1", "other"))
JUDGING = Judging(ModelId("one"), POINT)


class Told:
    """What a store tells, in order."""

    def __init__(self, store: FindingsStore) -> None:
        self.told: list[object] = []
        store.changed.connect(self.told.append)
        store.judgingChanged.connect(lambda: self.told.append("judging"))


@pytest.fixture
def store(qapp: object) -> FindingsStore:
    made = FindingsStore()
    made.judge(JUDGING)
    made.open([SERIES, OTHER])
    made.flush()
    return made


def work_of(store: FindingsStore, series: Series = SERIES) -> SeriesWork:
    work = store.work(series.key)
    assert work is not None
    return work


def test_changes_of_a_turn_are_told_together_at_its_end(store: FindingsStore) -> None:
    told = Told(store).told
    for index in (3, 1, 3):
        store.put(work_of(store), index, analysed())
    store.set_state(work_of(store, OTHER), SeriesState.RUNNING)
    assert told == []
    settle()
    assert told == [{SERIES.key: {1, 3}, OTHER.key: frozenset()}]
    settle()
    assert len(told) == 1


def test_a_change_on_screen_is_told_at_once(store: FindingsStore) -> None:
    told = Told(store).told
    store.show("left", OnScreen(SERIES.key, 2, "ab"))
    store.put(work_of(store), 1, analysed())
    assert told == []
    store.put(work_of(store), 2, replace(analysed(), pixel_hash="cd"))
    assert told == [{SERIES.key: {1, 2}}]
    assert work_of(store).slices[2].status is Status.FAILED
    settle()
    assert len(told) == 1


def test_other_thresholds_are_told_at_once_and_the_same_ones_never(store: FindingsStore) -> None:
    told = Told(store).told
    store.judge(JUDGING)
    assert told == []
    store.judge(None)
    assert (told, store.point, store.rule) == (["judging"], None, None)
    store.judge(replace(JUDGING, point=replace(POINT, name="other")))
    assert told == ["judging"] * 2
    assert store.point is not None and store.point.name == "other"


def test_another_model_is_told_at_once_with_what_goes(store: FindingsStore) -> None:
    store.put(work_of(store), 4, analysed())
    store.flush()
    told = Told(store).told
    assert store.use(ModelId("another"))
    assert told == [{SERIES.key: {4}, OTHER.key: frozenset()}, "judging"]
    assert store.known()[SERIES.key].analysed == 0


def test_who_is_told_may_write(store: FindingsStore) -> None:
    told = Told(store).told
    store.changed.connect(
        lambda changed: SERIES.key in changed and store.set_state(work_of(store, OTHER), SeriesState.RUNNING)
    )
    store.put(work_of(store), 0, analysed())
    settle()
    assert told == [{SERIES.key: {0}}, {OTHER.key: frozenset()}]


def test_nothing_more_is_told_of_what_was_closed(store: FindingsStore) -> None:
    store.put(work_of(store), 0, analysed())
    told = Told(store).told
    store.open([])
    settle()
    assert told == []
