"""Two programs fetch, look, close and are killed, while the keyring locks, opens and loses its key, in any order.

Whatever happens: what is shown is what was stored; what was stored under a key that is there comes back; and when
nobody has a study open any more, nobody reads it without the key.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from cached_objects import Machine, received
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from keyring.errors import KeyringLocked

from ichviewer.network.cache_key import KeyState
from ichviewer.network.cached_study import CachedStudy
from ichviewer.network.study_cache import StudyCache

programs = st.integers(0, 1)
studies = st.sampled_from(["1", "2"])
numbers = st.integers(1, 3)


class CacheMachine(RuleBasedStateMachine):
    """Two programs, two studies of up to three objects, each in two forms."""

    @initialize(in_memory=st.booleans())
    def begin(self, in_memory: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.machine = Machine(self.folder, in_memory=in_memory)
        self.caches: list[StudyCache] = [self.machine.program(), self.machine.program()]
        self.open: dict[tuple[int, str], CachedStudy] = {}
        # What comes back if the key does: stored under it, or without any.
        self.sure: set[tuple[str, int]] = set()
        self.plain_may_lie: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            for study in self.open.values():
                study.close()
            shutil.rmtree(self.folder)

    # What happens

    @rule(program=programs, study=studies)
    def opens(self, program: int, study: str) -> None:
        if (program, study) not in self.open:
            self.open[program, study] = self.caches[program].open("pacs", study)

    @rule(program=programs, study=studies)
    def closes(self, program: int, study: str) -> None:
        if opened := self.open.pop((program, study), None):
            opened.close()

    @rule(program=programs, study=studies, number=numbers, fill=st.sampled_from([b"\1", b"\2"]))
    def stores(self, program: int, study: str, number: int, fill: bytes) -> None:
        if opened := self.open.get((program, study)):
            opened(received(number, fill=fill))
            assert opened.path_of(f"1.2.{number}").read_bytes() == received(number, fill=fill).data
            self.sure.add((study, number))
            if not opened.encrypted:
                self.plain_may_lie.add(study)

    @rule(program=programs, study=studies)
    def looks(self, program: int, study: str) -> None:
        if opened := self.open.get((program, study)):
            found = {path.read_bytes() for path in opened.paths()}
            known = {n: {received(n, fill=f).data for f in (b"\1", b"\2")} for n in range(1, 4)}
            assert all(any(data in forms for forms in known.values()) for data in found)
            assert opened.n_damaged == 0
            if opened.key_state is KeyState.ENCRYPTED:
                assert all(found & known[n] for s, n in self.sure if s == study)

    @rule(program=programs)
    def is_killed(self, program: int) -> None:
        """Its locks are gone, and all else is there as it was."""
        for key in [key for key in self.open if key[0] == program]:
            marks = {path for path in self.machine.files() if path.parent.name == "opened"}
            self.open.pop(key).let_go()
            for mark in marks - set(self.machine.files()):
                mark.touch()
        self.caches[program] = self.machine.program()

    @rule(program=programs)
    def clears(self, program: int) -> None:
        in_use = {study for _, study in self.open}
        assert self.caches[program].clear().n_in_use == len(in_use)
        self.sure = {(study, number) for study, number in self.sure if study in in_use}
        self.plain_may_lie &= in_use

    @rule(locked=st.booleans())
    def the_keyring_is(self, locked: bool) -> None:
        self.machine.keyring.error = KeyringLocked() if locked else None

    @precondition(lambda machine: not machine.open)
    @rule()
    def the_key_is_lost(self) -> None:
        """Between two sessions; a program that knows the key goes on with it."""
        self.machine.keyring.kept.clear()
        self.caches = [self.machine.program(), self.machine.program()]
        self.sure.clear()

    # What must be so

    @invariant()
    def nobody_reads_what_is_not_open_without_the_key(self) -> None:
        in_use = {study for _, study in self.open}
        for kept in self.caches[0].studies():
            assert kept.in_use is (kept.study_uid in in_use)
            assert kept.n_plain == 0 or kept.study_uid in self.plain_may_lie
        if not in_use:
            stored = {path for path in self.machine.readable() if path.parent.name == "objects"}
            assert all(path.parents[2] == self.machine.cache_folder for path in stored)
            assert not stored or self.plain_may_lie

    @invariant()
    def nothing_is_half(self) -> None:
        whole = {received(n, fill=f).data for n in range(1, 4) for f in (b"\1", b"\2")}
        assert all(path.read_bytes() in whole for path in self.machine.readable())


TestCacheMachine = CacheMachine.TestCase
TestCacheMachine.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
