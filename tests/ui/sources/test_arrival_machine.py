"""Images come, the line breaks, somebody cancels, closes, opens, pages, quits, fetches again, in any order.

Whatever happens: what is shown stands whole in the cache, and lies decrypted no longer than it is shown; a study of
which images are missing is never analyzed or exported as if it were all; what a person looks at stays; fetched to its
end, a study is what a fresh reading gives.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import uid_of, write_series
from fake_backend import InProcessReader, Script, scripted_backend
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from memory_keyring import MemoryKeyring
from PySide6.QtTest import QTest
from scripted_source import NODE, scripted_network
from stepped_source import SteppedSource

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import SeriesState, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Catalog
from ichviewer.domain.volume_source import NoVolume, volume_geometry
from ichviewer.network.study_cache import StudyCache
from ichviewer.services.export import finding_rows
from ichviewer.services.open_study import open_study
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.arrival import Stage
from ichviewer.ui.session.ui_settings import UiSettings

N = 6
STUDY = uid_of("study", "study")
SIZES = {uid_of("series", "study", "series"): N, uid_of("series", "study", "thin"): 2}
COUNTS: list[dict[str, int]] = [{}, SIZES, dict.fromkeys(SIZES, N + 1)]
"""What the source tells of the number of images; the last is wrong."""
POINT = OperatingPoint("balanced", (0.5,) * 6)


class SlowReader(InProcessReader):
    """Lists slowly, so that things happen meanwhile."""

    def open_study(self, paths: Sequence[Path], **options: Any) -> Catalog:
        time.sleep(0.05)
        return super().open_study(paths, **options)


def fetching(machine: ArrivalMachine) -> bool:
    return machine.window.network.retrieval.running


def something_open(machine: ArrivalMachine) -> bool:
    return bool(machine.window.session.places.all)


class ArrivalMachine(RuleBasedStateMachine):
    """A window, a source that sends object by object, and a cache."""

    folder: Path
    files: list[Path]
    other: Path
    keyring: MemoryKeyring | None = None
    examples = 0

    @initialize(
        order=st.one_of(st.permutations(range(N + 2)), st.just([*range(N, N + 2), *range(N)])),
        lists=st.booleans(),
        counts=st.sampled_from(COUNTS),
    )
    def begin(self, order: list[int], lists: bool, counts: dict[str, int]) -> None:
        ArrivalMachine.examples += 1
        self.source = SteppedSource([self.files[i] for i in order])
        self.source.lists, self.source.counts = lists, counts
        self.place = self.folder / f"network-{ArrivalMachine.examples}"
        self.seen: tuple[object, ...] | None = None
        self.window = self.make_window()

    def make_window(self) -> MainWindow:
        window = MainWindow(
            UiSettings(),
            scripted_backend(Script(), open_reader=SlowReader),
            network=scripted_network(self.place, self.source, keyring=self.keyring),
        )
        window.show()
        session = window.session
        for gone in (session.opening, session.closed, session.studiesClosed, session.readFailed):
            gone.connect(lambda *_: self.forget())
        return window

    def forget(self) -> None:
        self.seen = None

    # What happens

    @precondition(lambda machine: not fetching(machine))
    @rule(beside=st.booleans(), first=st.integers(0, 3))
    def fetch(self, beside: bool, first: int) -> None:
        assert self.window.network.retrieval.fetch(NODE, STUDY, beside=beside)
        # All of it may be there from before.
        self.wait_for(lambda: self.source.sending or not fetching(self))
        self.source.give(first)
        self.settle()

    @precondition(fetching)
    @rule(n=st.integers(1, 3), shown=st.booleans())
    def images_come(self, n: int, shown: bool) -> None:
        before = self.source.n_sent
        self.source.give(n)
        self.wait_for(lambda: self.source.n_sent >= before + n or not fetching(self))
        if shown:
            session = self.window.session
            self.wait_for(
                lambda: not (session.reading or any(place.has_news for place in session.places.all))
            )
        self.settle()

    @precondition(fetching)
    @rule(
        how=st.sampled_from(["all of it comes", "the line breaks", "somebody cancels", "cancels and waits"])
    )
    def it_ends(self, how: str) -> None:
        if how == "all of it comes":
            self.source.give(1000)
        elif how == "the line breaks":
            self.source.cut()
        else:
            self.window.network.retrieval.cancel()
        if how != "somebody cancels":
            self.wait_for(lambda: not fetching(self))
        self.settle()

    @precondition(something_open)
    @rule(how=st.sampled_from(["all", "first", "last", "opens another", "quits"]))
    def somebody_closes(self, how: str) -> None:
        session = self.window.session
        if how == "quits":
            self.window.close()
            self.window.deleteLater()
            self.seen = None
            self.window = self.make_window()
        elif how == "opens another":
            self.window.open_paths([self.other])
        elif how == "all" or not session.catalog.series:
            session.close_study()
        else:
            session.close_study_of(session.catalog.series[0 if how == "first" else -1].key)
        self.settle()

    @rule()
    def open_another_beside(self) -> None:
        self.window.opening.open_beside([self.other])
        self.settle()

    @precondition(something_open)
    @rule(steps=st.integers(-3, 3))
    def page(self, steps: int) -> None:
        if self.window.viewing.series is not None:
            self.window.viewing.step(steps)
            self.look()

    @precondition(something_open)
    @rule()
    def zoom(self) -> None:
        if self.window.viewing.series is not None:
            self.window.viewing.active.image.zoom_by(1.3)
            self.window.viewing.moved = True
            self.look()

    @precondition(something_open)
    @rule(which=st.integers(0, 3))
    def switch_series(self, which: int) -> None:
        series = self.window.session.catalog.series
        if series:
            self.window.series_switch.show(series[which % len(series)].key)
            self.window.viewing.moved = True
            self.look()

    @precondition(something_open)
    @rule()
    def analyze_again(self) -> None:
        self.window.session.analyze_again()
        self.settle()

    @rule(seconds=st.sampled_from([0.05, 0.6]))
    def time_passes(self, seconds: float) -> None:
        self.settle(seconds)

    # What must be so

    @invariant()
    def nothing_takes_a_part_for_all(self) -> None:
        session = self.window.session
        bytes_of = {path.read_bytes() for path in self.files}
        for place in session.places.all:
            if place.arrival is None:
                continue
            for series in place.catalog.series:
                # Each image that is listed stands whole.
                assert all(info.source.path.read_bytes() in bytes_of for info in series.slices)
                whole = place.complete and place.arrival.stage is Stage.WHOLE
                if whole:
                    assert series.all_received, (place.received, place.arrival.stage)
                if series.all_received:
                    # It has all of its images, whatever is still to come of the others.
                    assert len(series) == SIZES[series.key.series_uid]
                    continue
                refused = refusal(series)
                assert refused is not None and refused.code is ProblemCode.NOT_ALL_RECEIVED
                assert isinstance(volume_geometry(series), NoVolume)
                work = session.findings.work(series.key)
                assert work is not None and work.series is series
                assert work.state is SeriesState.REFUSED and not work.slices
                assert "received" in work.text
                assert series.key not in session.findings.known()
            if place.complete and place.arrival.stage is Stage.WHOLE and place.whole:
                assert sum(map(len, place.catalog.series)) == N + 2
        for row in finding_rows(session.catalog, session.findings.known(), POINT):
            part = "not_all_received" in str(row["note"])
            assert not (part and row["status"] == Status.ANALYSED.value)
        assert all(work.series.all_received for work in session.findings.all_work() if work.slices)

    @invariant()
    def what_a_person_looks_at_stays(self) -> None:
        if self.seen is not None and self.window.viewing.key == self.seen[0]:
            assert self.looked_at() == self.seen

    @invariant()
    def what_is_shown_is_kept_and_nothing_else(self) -> None:
        window = self.window
        cache = self.place / "cache"
        if fetching(self) or not cache.is_dir():
            return
        shown = any(path.is_relative_to(cache) for path in window.session.paths)
        in_use = any(study.in_use for study in StudyCache(cache).studies())
        assert in_use is shown
        if self.keyring is not None and not in_use:
            # A worker removes them; folders vanish meanwhile.
            self.wait_for(
                lambda: not any(name.endswith(".dcm") for *_, names in os.walk(cache) for name in names)
            )

    def teardown(self) -> None:
        if not hasattr(self, "window"):
            return
        # After all of that the study is fetched to its end, and is what a fresh reading gives.
        self.window.network.retrieval.cancel()
        self.wait_for(lambda: not fetching(self))
        self.window.session.close_study()
        self.fetch(beside=False, first=0)
        self.source.give(1000)
        self.wait_for(lambda: not fetching(self))
        session = self.window.session
        self.wait_for(
            lambda: session.model.model is not None and not session.arriving and not session.reading
        )
        self.wait_for(lambda: session.is_open and session.analysis.complete)
        fresh = open_study(list(session.paths))
        assert [series_identity(s) for s in session.catalog.series] == [
            series_identity(s) for s in fresh.series
        ]
        assert sum(map(len, fresh.series)) == N + 2
        assert all(w.state is SeriesState.DONE for w in session.findings.all_work())
        self.nothing_takes_a_part_for_all()
        self.window.close()
        self.window.deleteLater()
        QTest.qWait(0)

    # Parts

    def looked_at(self) -> tuple[object, ...] | None:
        viewing = self.window.viewing
        if viewing.series is None:
            return None
        state = viewing.active.image.state
        return viewing.key, viewing.series.slices[viewing.index].sop_uid, state.window, state.placement

    def look(self) -> None:
        self.seen = self.looked_at()

    def settle(self, seconds: float = 0.02) -> None:
        QTest.qWait(round(1000 * seconds))

    def wait_for(self, said: Callable[[], bool]) -> None:
        until = time.monotonic() + 10
        while not said():
            assert time.monotonic() < until, "waited for too long"
            QTest.qWait(2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("arrivals")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("keyring", [None, MemoryKeyring()], ids=["plain", "encrypted"])
def test_any_order(folder: Path, qtbot, monkeypatch, keyring: MemoryKeyring | None) -> None:
    # The system's own folder in memory is left alone.
    monkeypatch.setattr("ichviewer.network.open_copies.memory_folder", lambda _: None)
    ArrivalMachine.keyring = keyring
    ArrivalMachine.folder = folder
    ArrivalMachine.files = [
        *write_series(folder / "ct", n=N),
        *write_series(folder / "thin", n=2, series="thin", series_number=2),
    ]
    write_series(folder / "other", n=3, study="other", patient_id="P2", patient_name="Roe^Ann")
    ArrivalMachine.other = folder / "other"
    machine = ArrivalMachine.TestCase
    machine.settings = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        # An example that fails depends on timing too; looking for a shorter one would take long.
        phases=settings().phases[:3],
    )
    machine().runTest()
