"""Numbers about a worklist that are kept while it is written: the same as those of its studies, whatever happens."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from node_parts import Clock
from tally_reference import tally_of

from ichviewer.errors import ReadError
from ichviewer.network.node.entry import Group, StudyState, StudySummary
from ichviewer.network.node.tally import Tally
from ichviewer.network.node.worklist import Claim, Worklist, WrittenObject

SUMMARIES = (
    StudySummary(probability=0.9, flagged=("any",), n_series=1, n_analyzed=1),
    StudySummary(probability=0.1, n_series=1, n_analyzed=1),
    StudySummary(n_series=2, n_analyzed=1, reasons=("thickness",)),
)


class Life:
    """Studies to which anything happens that can, in any order."""

    def __init__(self, worklist: Worklist, clock: Clock, rng: random.Random) -> None:
        self.worklist, self.clock, self.rng = worklist, clock, rng
        self.claims: list[Claim] = []

    def step(self) -> None:
        self.clock.now_s += self.rng.choice((0.0, 0.1, 7.25, 100.0, 4000.0))
        what = self.rng.randrange(9)
        if what <= 2:
            self.worklist.arrived(f"1.2.{self.rng.randrange(30)}")
        elif what == 3:
            self.worklist.queue_quiet(5, lambda _: 3)
        elif what == 4 and (claim := self.worklist.claim()) is not None:
            self.claims.append(claim)
        elif what == 5:
            self.worklist.retry()
        elif self.claims:
            claim = self.claims.pop(self.rng.randrange(len(self.claims)))
            self.rng.choice((self._ends, self._ends, self._fails, self._waits))(claim)

    def _ends(self, claim: Claim) -> None:
        self.worklist.analyzed(claim, self.rng.choice(SUMMARIES))
        if self.rng.random() < 0.8:
            self.worklist.written(claim, [WrittenObject("1.9", "a.dcm")])
        if self.rng.random() < 0.7:
            self.worklist.handed_over(claim, to_be_sent=self.rng.random() < 0.5)
            self.worklist.delivery(claim.study_uid, complete=self.rng.random() < 0.5, error="")

    def _fails(self, claim: Claim) -> None:
        self.worklist.failed(claim, "an error", tries=self.rng.randrange(1, 4), wait_s=1)

    def _waits(self, claim: Claim) -> None:
        self.worklist.put_off(claim, "nobody is there", was_begun=self.rng.random() < 0.5)


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_the_studies_say_after_every_step_and_over_restarts(tmp_path: Path, seed: int):
    rng, clock = random.Random(seed), Clock()
    seen: set[StudyState | Group] = set()
    for start in range(3):
        with Worklist(tmp_path, clock=clock) as worklist:
            life = Life(worklist, clock, rng)
            for step in range(150):
                life.step()
                if start == 0 and step < 20:
                    # It may be asked for late.
                    continue
                tally = worklist.tally()
                assert tally == tally_of(worklist.entries())
                seen |= {state for state, number in tally.states.items() if number}
                seen |= {group for group, number in tally.groups.items() if number}
    assert seen == {*StudyState, *Group}


def test_its_numbers_by_hand(tmp_path: Path):
    clock = Clock()
    with Worklist(tmp_path, clock=clock) as worklist:
        assert worklist.tally() == Tally(
            dict.fromkeys(StudyState, 0), dict.fromkeys(Group, 0), 0, (0,) * 8, 0.0
        )
        for uid, wait_s, summary in (("1.1", 30.0, SUMMARIES[0]), ("1.2", 60.5, SUMMARIES[1])):
            worklist.arrived(uid)
            clock.now_s += 20
            worklist.queue_quiet(10, lambda _: 1)
            clock.now_s += wait_s - 20
            claim = worklist.claim()
            assert claim is not None
            worklist.analyzed(claim, summary)
        worklist.arrived("1.3")
        tally = worklist.tally()
    assert {state: n for state, n in tally.states.items() if n} == {
        StudyState.ANALYZING: 2,
        StudyState.ARRIVING: 1,
    }
    assert {group: n for group, n in tally.groups.items() if n} == {
        Group.FLAGGED: 1,
        Group.NOT_FLAGGED: 1,
        Group.WAITING: 1,
    }
    assert tally.waits == (1, 1, 2, 2, 2, 2, 2, 2)
    assert tally.waited_s == 90.5


def test_what_is_undone_is_not_counted(tmp_path: Path):
    with Worklist(tmp_path, clock=Clock()) as worklist:
        worklist.arrived("1.1")
        before = worklist.tally()
        with pytest.raises(RuntimeError):
            worklist.queue_quiet(-1, no_count)
        assert worklist.tally() == before == tally_of(worklist.entries())


def no_count(_: str) -> int:
    raise RuntimeError("the disk is gone")


@pytest.mark.parametrize("summary", ["{", "[]", '{"flagged": 1}'])
def test_a_study_that_cannot_be_read_is_no_number_and_stops_no_other(tmp_path: Path, summary: str):
    clock = Clock()
    with Worklist(tmp_path, clock=clock) as worklist:
        worklist.arrived("1.1")
        worklist.arrived("1.2")
        file = worklist.path
    with sqlite3.connect(file) as database:
        database.execute(
            "UPDATE study SET summary = ?, result_revision = 1 WHERE study_uid = '1.1'", (summary,)
        )
    database.close()
    with Worklist(tmp_path, clock=clock) as worklist:
        with pytest.raises(ReadError, match="a line of the worklist cannot be read"):
            worklist.tally()
        clock.now_s += 100
        assert worklist.queue_quiet(10, lambda _: 1) == 2
        with pytest.raises(ReadError):
            worklist.tally()


def test_it_reads_no_study_when_it_is_asked_again(tmp_path: Path):
    clock = Clock()
    with Worklist(tmp_path, clock=clock) as worklist:
        for number in range(20):
            worklist.arrived(f"1.{number}")
        clock.now_s += 100
        worklist.queue_quiet(10, lambda _: 1)
        while (claim := worklist.claim()) is not None:
            worklist.analyzed(claim, SUMMARIES[0])
    with Worklist(tmp_path, clock=clock) as worklist, pytest.MonkeyPatch.context() as patch:
        read: list[object] = []
        whole = StudySummary.from_record
        patch.setattr(StudySummary, "from_record", lambda record: (read.append(record), whole(record))[1])
        assert worklist.tally().groups[Group.FLAGGED] == 20
        assert read
        read.clear()
        assert worklist.tally().groups[Group.FLAGGED] == 20
        assert not read
