"""Whatever dies, fails, comes late or twice: each study ends with one result of all that was said to be stored."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from node_parts import QUIET_S, Parts, received, study_uid

from ichviewer.network.node.entry import Group, StudyState
from ichviewer.services.batch_pools import PoolError, PoolLostError

MEMORY = Path("/dev/shm")
STUDIES = st.sampled_from(["a", "b", "c"])
SLICES = st.integers(1, 4)
DEATHS = st.one_of(st.none(), st.integers(0, 9))


class LifeOfStudies(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.parts = Parts(self.folder)
        self.stored: dict[str, set[int]] = {}
        self.tried: list[tuple[str, int]] = []
        self.died_sending = False

    @rule(study=STUDIES, number=SLICES, deaths_after=DEATHS)
    def a_slice_comes(self, study, number, deaths_after):
        item = received(study, number)
        if self.parts.mortally(deaths_after, lambda: self.parts.inbox(item)):
            self.stored.setdefault(study, set()).add(number)
        else:
            self.tried.append((study, number))

    @rule(seconds=st.sampled_from([1.0, QUIET_S, 5000.0, -30.0]))
    def time_passes(self, seconds):
        self.parts.clock.now_s += seconds
        self.parts.queue()

    @rule(deaths_after=DEATHS, fails=st.booleans(), waits=st.booleans())
    def a_worker_takes_the_next(self, deaths_after, fails, waits):
        if waits:
            self.parts.clock.now_s += 100.0
            self.parts.queue()
        self.parts.analyzer.failures = int(fails and not waits)
        self.parts.mortally(deaths_after, self.parts.analyze)
        self.parts.analyzer.failures = 0

    @rule(deaths_after=DEATHS, kind=st.sampled_from([PoolError, PoolLostError]))
    def nobody_is_there_to_analyze(self, deaths_after, kind):
        self.parts.analyzer.absent = kind("the Dask scheduler has no workers")
        with suppress(PoolError):
            self.parts.mortally(deaths_after, self.parts.analyze)
        self.parts.fuse.left = None
        self.parts.analyzer.absent = None

    @rule(study=STUDIES, number=SLICES)
    def a_slice_comes_during_an_analysis(self, study, number):
        item = received(study, number)
        self.parts.clock.now_s += 100.0
        self.parts.queue()
        before = self.parts.analyzer.calls
        self.parts.analyzer.during = lambda: self.parts.inbox(item)
        self.parts.analyze()
        self.parts.analyzer.during = None
        if self.parts.analyzer.calls > before:
            self.stored.setdefault(study, set()).add(number)

    @rule(deaths_after=DEATHS)
    def results_are_sent(self, deaths_after):
        if not self.parts.mortally(deaths_after, self.parts.send):
            self.died_sending = True

    @rule(down=st.booleans())
    def the_pacs_stops_or_starts(self, down):
        self.parts.pacs.down = down

    @rule(study=STUDIES, deaths_after=DEATHS)
    def images_are_deleted(self, study, deaths_after):
        entry = self.parts.entry(study)
        if entry is not None and entry.state is StudyState.DONE:
            self.parts.mortally(deaths_after, lambda: self.parts.inbox.forget(entry.study_uid))
            if not self.parts.inbox.files(entry.study_uid):
                self.stored[study] = set()

    @rule()
    def the_node_dies(self):
        self.parts.die()

    @rule()
    def somebody_says_try_again(self):
        self.parts.worklist.retry()

    @invariant()
    def what_was_stored_is_known(self):
        for study, numbers in self.stored.items():
            assert self.parts.entry(study) is not None
            assert len(self.parts.inbox.files(self.parts.entry(study).study_uid)) >= len(numbers)

    @invariant()
    def no_result_passes_for_one_of_what_came_later(self):
        for entry in self.parts.worklist.entries():
            if entry.group is Group.NOT_FLAGGED:
                assert entry.result_is_current
                assert entry.state not in (StudyState.ARRIVING, StudyState.FAILED)

    @invariant()
    def no_object_has_two_contents(self):
        assert len(set(self.parts.pacs.got)) == len(set(self.parts.delivered()))

    @invariant()
    def nothing_is_sent_twice_but_what_was_under_way_at_a_death(self):
        got = self.parts.delivered()
        assert self.died_sending or len(got) == len(set(got))

    def teardown(self):
        try:
            self.parts.pacs.down = False
            for study, number in self.tried:
                # A sender that was not told of success sends again.
                self.parts.inbox(received(study, number))
                self.stored.setdefault(study, set()).add(number)
            self.parts.worklist.retry()
            self.parts.settle()
            for study, numbers in self.stored.items():
                entry = self.parts.entry(study)
                assert entry.state is StudyState.DONE
                assert entry.result_is_current
                if numbers:
                    assert entry.summary.description == f"{study} {sorted(numbers)}"
                (current,) = self.parts.current(study)
                assert current in self.parts.delivered()
                folder = self.parts.job.results_of(entry.study_uid)
                assert [path.name for path in folder.iterdir()] == [
                    item.name for item in self.parts.worklist.objects(entry.study_uid)
                ]
        finally:
            self.parts.close()
            shutil.rmtree(self.folder)


TestLifeOfStudies = LifeOfStudies.TestCase
TestLifeOfStudies.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


def a_life(parts: Parts, told: set[int]) -> None:
    """Three slices, analyzed and sent, and a late fourth; the images are deleted, and all of it comes again.

    What its sender was told to be stored, and was not deleted, is in ``told``.
    """
    for numbers in ((1, 2, 3), (4,), (1, 2, 3, 4)):
        if len(numbers) == 4:
            assert parts.inbox.forget(study_uid("a"))
            told.clear()
        for number in numbers:
            parts.inbox(received("a", number))
            told.add(number)
        parts.clock.now_s += 100
        parts.queue()
        parts.analyze()
        parts.send()


def steps_of_a_life(folder: Path) -> int:
    parts = Parts(folder)
    parts.fuse.left = 100_000
    a_life(parts, set())
    used = 100_000 - parts.fuse.left
    parts.close()
    return used


def test_a_death_at_any_step_of_a_life_loses_nothing_and_doubles_nothing(quick_folder):
    n_steps = steps_of_a_life(quick_folder / "counted")
    assert n_steps > 60
    for step in range(n_steps):
        parts = Parts(quick_folder / str(step))
        told: set[int] = set()
        assert not parts.mortally(step, lambda parts=parts, told=told: a_life(parts, told))
        entry = parts.entry("a")
        if told:
            assert entry is not None
        # The sender goes on where it was not told of success.
        for number in {1, 2, 3, 4} - told:
            parts.inbox(received("a", number))
        parts.settle()
        entry = parts.entry("a")
        assert entry.state is StudyState.DONE
        assert entry.summary.description == "a [1, 2, 3, 4]"
        assert set(parts.current("a")) <= set(parts.delivered())
        assert len(set(parts.pacs.got)) == len(set(parts.delivered()))
        # Of one death, at most the one object that was under way is sent again.
        assert len(parts.delivered()) <= len(set(parts.delivered())) + 1
        assert len(list(parts.job.results_of(entry.study_uid).iterdir())) == 1
        parts.close()


def test_a_file_that_was_written_before_a_death_and_not_noted_is_found_at_the_start(tmp_path):
    parts = Parts(tmp_path)
    parts.inbox(received("a", 1))
    parts.settle()
    # The step in which the worklist is told of the second slice never begins.
    assert not parts.mortally(0, lambda: parts.inbox(received("a", 2)))
    assert len(parts.inbox.files(parts.entry("a").study_uid)) == 2
    assert parts.entry("a").state is StudyState.ARRIVING
    parts.settle()
    assert parts.entry("a").summary.description == "a [1, 2]"
    parts.close()
