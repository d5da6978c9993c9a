"""Whatever dies, fails, comes late or twice: each study ends with one result of all that was said to be stored."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from node_parts import QUIET_S, Parts, received

from ichviewer.network.node.entry import Group, StudyState

STUDIES = st.sampled_from(["a", "b", "c"])
SLICES = st.integers(1, 4)
DEATHS = st.one_of(st.none(), st.integers(0, 14))


class LifeOfStudies(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.parts = Parts(self.folder)
        self.stored: dict[str, set[int]] = {}
        self.tried: list[tuple[str, int]] = []

    @rule(study=STUDIES, number=SLICES, deaths_after=DEATHS)
    def a_slice_comes(self, study, number, deaths_after):
        item = received(study, number)
        if self.parts.mortally(deaths_after, lambda: self.parts.inbox(item)):
            self.stored.setdefault(study, set()).add(number)
        else:
            self.tried.append((study, number))

    @rule(seconds=st.sampled_from([1.0, QUIET_S, 20.0, 5000.0, -30.0]))
    def time_passes(self, seconds):
        self.parts.clock.now_s += seconds

    @rule()
    def quiet_studies_are_queued(self):
        self.parts.queue()

    @rule(deaths_after=DEATHS, fails=st.booleans())
    def a_worker_takes_the_next(self, deaths_after, fails):
        self.parts.analyzer.failures = int(fails)
        self.parts.mortally(deaths_after, self.parts.analyze)
        self.parts.analyzer.failures = 0

    @rule(study=STUDIES, number=SLICES)
    def a_slice_comes_during_an_analysis(self, study, number):
        item = received(study, number)
        before = self.parts.analyzer.calls
        self.parts.analyzer.during = lambda: self.parts.inbox(item)
        self.parts.analyze()
        self.parts.analyzer.during = None
        if self.parts.analyzer.calls > before:
            self.stored.setdefault(study, set()).add(number)

    @rule(deaths_after=DEATHS)
    def results_are_sent(self, deaths_after):
        self.parts.mortally(deaths_after, self.parts.send)

    @rule(down=st.booleans())
    def the_pacs_stops_or_starts(self, down):
        self.parts.pacs.down = down

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
                assert entry.state in (StudyState.WRITTEN, StudyState.SENDING, StudyState.DONE)

    @invariant()
    def no_object_has_two_contents(self):
        assert len(set(self.parts.pacs.got)) == len(set(self.parts.delivered()))

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
TestLifeOfStudies.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
