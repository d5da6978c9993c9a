"""What happens to the others when a worker, a series or the journal fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from synthetic_head import make_series

from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import DecodeError, ExportError, IchViewerError, ModelError, WorkerBugError
from ichviewer.progress import Cancelled, CancelToken, silent
from ichviewer.services.batch import BatchOutcome, BatchTerms, run_batch
from ichviewer.services.batch_pools import LocalPool, PoolError
from ichviewer.services.batch_worker import ANALYSE, KEY, WorkOrder
from ichviewer.services.child_process import ProcessGoneError
from ichviewer.services.pace import Pace
from ichviewer.services.result_journal import ResultJournal
from ichviewer.services.series_key import model_digest
from ichviewer.services.series_result import SeriesResult, result_of

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"


def numbered(count: int) -> list[Series]:
    return [replace(make_series(2), key=SeriesKey("1.2", f"1.2.{i}")) for i in range(count)]


class FakePool:
    """Answers at once, or as told, from the threads that ask."""

    def __init__(self, terms: BatchTerms, workers: int = 2) -> None:
        self.workers = workers
        self.terms = terms
        self.asked: list[tuple[str, str]] = []
        self.before: Callable[[str, str], None] = lambda job, uid: None
        self.closed = threading.Event()

    def run(self, slot, job, argument, *, subject, progress, cancel) -> Any:
        series = argument if job == KEY else argument[0]
        uid = series.key.series_uid
        self.asked.append((job, uid))
        self.before(job, uid)
        if self.closed.is_set():
            raise Cancelled
        name = uid.replace(".", "a")
        if job == KEY:
            return name
        probabilities = (0.9, 0.1, 0.1, 0.1, 0.1, 0.9)
        slices = tuple(SliceFinding(Status.ANALYSED, probabilities) for _ in series.slices)
        findings = SeriesFindings(series.key, slices)
        return result_of(series, findings, self.terms.point, None, (), key=name, engine="fake")

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def terms(tiny_card) -> BatchTerms:
    return BatchTerms(tiny_card.point, None)


def run(series: list[Series], pool: FakePool, journal: ResultJournal, terms: BatchTerms) -> BatchOutcome:
    pace = Pace(len(series), 2 * len(series))
    return run_batch(series, pool, journal, terms, pace=pace, tell=lambda _: None)


def uids(journal: ResultJournal, outcome: BatchOutcome) -> list[object]:
    return [journal.read(place).details["series_uid"] for place in outcome.places]


def test_results_stand_in_the_order_of_the_series_whichever_ends_first(tmp_path, terms):
    pool = FakePool(terms, workers=4)
    pool.before = lambda job, uid: time.sleep(0.02 * (9 - int(uid[-1])) if job == ANALYSE else 0)
    with ResultJournal(tmp_path / "j") as journal:
        outcome = run(numbered(9), pool, journal, terms)
        assert uids(journal, outcome) == [f"1.2.{i}" for i in range(9)]
        assert (outcome.known, outcome.bugs) == (0, ())
        again = run(numbered(9), FakePool(terms), journal, terms)
        assert again.known == 9
        assert uids(journal, again) == uids(journal, outcome)
    assert pool.closed.is_set()


@pytest.mark.parametrize("times", [1, 2])
def test_a_worker_that_ended_is_asked_once_more(tmp_path, terms, times):
    pool = FakePool(terms)
    deaths = []

    def die(job: str, uid: str) -> None:
        if job == ANALYSE and uid == "1.2.1" and len(deaths) < times:
            deaths.append(uid)
            raise ProcessGoneError("the worker ended unexpectedly", found="signal SIGKILL")

    pool.before = die
    with ResultJournal(tmp_path / "j") as journal:
        outcome = run(numbered(3), pool, journal, terms)
        results = [journal.read(place) for place in outcome.places]
    assert [r.counts.failed for r in results] == [0, 2 * (times - 1), 0]
    assert [r.lasting for r in results] == [True, times == 1, True]


@pytest.mark.parametrize("error", [DecodeError("cannot"), WorkerBugError("KeyError: 1")])
def test_an_error_of_a_series_is_its_result_and_does_not_last(tmp_path, terms, error):
    pool = FakePool(terms, workers=1)

    def fail(job: str, uid: str) -> None:
        if job == ANALYSE and uid == "1.2.0":
            raise error

    pool.before = fail
    with ResultJournal(tmp_path / "j") as journal:
        outcome = run(numbered(2), pool, journal, terms)
        first, second = (journal.read(place) for place in outcome.places)
        assert (first.counts.failed, first.lasting, second.counts.analysed) == (2, False, 2)
        assert [line.split(",")[8] for line in first.lines] == ["failed", "failed"]
        assert outcome.bugs == ((error,) if isinstance(error, WorkerBugError) else ())
        assert run(numbered(2), FakePool(terms), journal, terms).known == 1


@pytest.mark.parametrize("error", [PoolError("nobody"), ModelError("no model"), OSError("odd")])
def test_an_error_of_no_series_ends_all_and_what_was_done_stays(tmp_path, terms, error):
    pool = FakePool(terms, workers=1)

    def fail(job: str, uid: str) -> None:
        if uid == "1.2.2":
            raise error

    pool.before = fail
    with ResultJournal(tmp_path / "j") as journal:
        with pytest.raises(type(error)):
            run(numbered(5), pool, journal, terms)
        assert len(journal) == 2
    assert pool.closed.is_set()
    assert all(uid in ("1.2.0", "1.2.1", "1.2.2") for _, uid in pool.asked)


def test_a_journal_that_cannot_be_written_ends_all(tmp_path, terms, monkeypatch):
    with ResultJournal(tmp_path / "j") as journal:

        def full(result: SeriesResult) -> None:
            raise ExportError("the journal of results cannot be written", "j", "No space left on device")

        monkeypatch.setattr(journal, "add", full)
        with pytest.raises(ExportError, match="No space left"):
            run(numbered(5), FakePool(terms), journal, terms)


def test_ctrl_c_closes_the_pool_before_it_is_told(tmp_path, terms):
    pool = FakePool(terms)

    def wait(job: str, uid: str) -> None:
        assert pool.closed.wait(30)

    pool.before = wait

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with ResultJournal(tmp_path / "j") as journal:
        with pytest.raises(KeyboardInterrupt):
            run_batch(numbered(4), pool, journal, terms, pace=Pace(4, 8), tell=interrupt)
        assert len(journal) == 0
    assert pool.closed.is_set()


def test_workers_that_find_another_model_or_program_refuse(tiny_card):
    good = WorkOrder(TINY, model_digest(tiny_card), "auto", tiny_card.point)
    for order in (replace(good, model_digest="0" * 40), replace(good, version="0.0.0")):
        pool = LocalPool(order, 1)
        try:
            with pytest.raises(IchViewerError, match="worker") as caught:
                pool.run(0, KEY, make_series(1), subject="s", progress=silent, cancel=CancelToken())
            assert isinstance(caught.value, ModelError)
        finally:
            pool.close()
            pool.close()
