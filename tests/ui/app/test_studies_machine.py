"""Open, open beside, close one, analyze, pause, cancel, in any order: what is open is whole, the rest is gone.

The reading, the pixels and the window are real; the model's findings follow from the pixels of each slice, so that
what is right for a study is known whatever was opened beside it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import HIGH, LOW, Script, scripted_backend
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from image_builders import settle
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture
from window_words import everything_said

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.ui.app.main_window import MainWindow

STUDIES = {"anne": "Doe^Anne", "before": "Doe^Anne", "bert": "Roe^Bert", "carl": "Poe^Carl"}
"""Folders, and their patients; words of each study carry the name of its folder."""
PLACES = (*STUDIES, "copy", "two", "above", "nothing")


def finding_of(info: SliceInfo) -> SliceFinding:
    """What the scripted model finds: it depends on nothing but the pixels."""
    pixels = read_slice(info).pixel_hash
    return SliceFinding(Status.ANALYSED, HIGH if int(pixels[0], 16) % 2 else LOW, pixel_hash=pixels)


class PixelScript(Script):
    """An analyser whose findings follow from the pixels."""

    def annotate(  # type: ignore[override]
        self,
        series: Series,
        *,
        on_finding: Callable[[int, SliceFinding], None],
        progress: Callable[[int, int, str], None],
        cancel: CancelToken,
        paused: Callable[[], bool],
    ) -> SeriesFindings:
        found = []
        for index, info in enumerate(series.slices):
            progress(index, len(series), "scripted")
            while paused():
                if cancel.cancelled or self.closed:
                    raise Cancelled
                time.sleep(0.002)
            cancel.check()
            found.append(finding_of(info))
            on_finding(index, found[-1])
        return SeriesFindings(series.key, tuple(found), series_identity(series))


def make_studies(root: Path) -> dict[str, Path]:
    for n, (name, patient) in enumerate(STUDIES.items()):
        write_series(
            root / "data" / name,
            n=3 + n,
            study=name,
            series=name,
            patient_name=patient,
            patient_id=f"ID-{patient[-4:]}",
            StudyDescription=f"STUDY-{name}",
            StudyDate="20200101" if name == "before" else "20240131",
        )
        (root / "data" / name / f"read-{name}.txt").write_text("no image")
    shutil.copytree(root / "data" / "anne", root / "copies" / "anne")
    for name in ("bert", "carl"):
        shutil.copytree(root / "data" / name, root / "both" / name)
    (root / "empty").mkdir()
    made = {name: root / "data" / name for name in STUDIES}
    return made | {
        "copy": root / "copies",
        "two": root / "both",
        "above": root / "data",
        "nothing": root / "empty",
    }


class StudiesMachine(RuleBasedStateMachine):
    """One window for all examples, as a person has it."""

    window: MainWindow
    folders: dict[str, Path]
    right: dict[str, SeriesFindings]
    seen: dict[str, Series]
    """Every series that ever was open."""

    @rule(name=st.sampled_from(PLACES))
    def open(self, name: str) -> None:
        self.window.open_paths([self.folders[name]])
        settle()

    @rule(names=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True), wait=st.booleans())
    def open_beside(self, names: list[str], wait: bool) -> None:
        for name in names:
            self.window.opening.open_beside([self.folders[name]])
        if wait:
            self.wait_for(lambda: not self.window.session.reading)
        settle()

    @rule(which=st.integers(0, 9))
    def read_all_studies_and_close_one(self, which: int) -> None:
        """All studies of the data in one place, as far as they are not open yet; then one of them goes."""
        self.open_beside(["above"], wait=True)
        self.close_one(which, whole_place=False)

    @rule(which=st.integers(0, 9), whole_place=st.booleans())
    def close_one(self, which: int, whole_place: bool) -> None:
        session = self.window.session
        if not session.catalog.series:
            return
        series = session.catalog.series[which % len(session.catalog.series)]
        place, study = session.places.of(series.key) or (None, None)
        assert place is not None and study is not None
        gone = {s.key for s in (place.catalog.series if whole_place else study.series)}
        rest = {
            work.series.key: (work.state, dict(work.slices), work.text)
            for work in session.findings.all_work()
            if work.series.key not in gone
        }
        panes = [(p, p.series, p.index) for p in self.window.viewing.panes if p.key not in gone]
        (session.close_place_of if whole_place else session.close_study_of)(series.key)
        for key, (state, slices, text) in rest.items():
            work = session.findings.work(key)
            assert work is not None, f"{key} went, too"
            assert work.slices == slices, f"findings of {key} changed"
            # The next series may have begun, because the one under way was closed.
            assert (work.state, work.text) == (state, text) or str(state) == "waiting"
        if session.is_open:
            for pane, shown, index in panes:
                if pane in self.window.viewing.panes and not self.window.panes.shows_three_windows:
                    assert pane.series is shown and pane.index == index, "a pane of another study changed"
        settle(1)

    @rule()
    def close_all(self) -> None:
        self.window.session.close_study()

    @rule()
    def cancel(self) -> None:
        self.window.session.cancel()
        settle()

    @rule()
    def analyze_again(self) -> None:
        self.window.session.analyze_again()
        self.window.viewing.reload()

    @rule(paused=st.booleans())
    def pause(self, paused: bool) -> None:
        if not self.window.session.analysis.complete:
            self.window.session.analysis.set_paused(paused)

    @rule(which=st.integers(0, 9), pane=st.integers(0, 3))
    def switch(self, which: int, pane: int) -> None:
        series = self.window.session.catalog.series
        shown = self.window.panes.shown()
        if series:
            self.window.viewing.activate(shown[pane % len(shown)])
            self.window.series_switch.show(series[which % len(series)].key)
        settle()

    @rule(layout=st.sampled_from(["1x1", "1x2", "2x2"]))
    def lay_out(self, layout: str) -> None:
        self.window.panes.use_layout(layout)

    @rule()
    def prior(self) -> None:
        self.window.panes.show_prior()

    @rule(which=st.integers(0, 9))
    def note_and_close(self, which: int) -> None:
        """Write the name of a study onto a slice of it, and close that study."""
        self.note(which)
        self.close_one(which, whole_place=False)

    @rule(which=st.integers(0, 9))
    def note(self, which: int) -> None:
        """Write the name of a study onto a slice of it."""
        viewing = self.window.viewing
        if not viewing.active.image.isVisible() or not self.window.session.catalog.series:
            return
        self.switch(which, 0)
        self.wait_for(lambda: viewing.series is None or viewing.shown == viewing.index)
        series, surface = viewing.series, self.window.tools._active.surface()
        if series is not None and surface is not None:
            words = f"NOTE-{series.study.description.removeprefix('STUDY-')}"
            self.window.tools.store.add(surface.make(Kind.TEXT, ((2.0, 2.0),), words))

    @rule()
    def let_it_finish(self) -> None:
        session = self.window.session
        session.analysis.set_paused(False)
        self.wait_for(lambda: not session.reading and session.analysis.complete)
        for series in session.catalog.series:
            work = session.findings.work(series.key)
            assert work is not None
            if str(work.state) != "cancelled":
                right = self.right[series_identity(series)].slices
                assert tuple(work.slices[i] for i in range(len(series))) == right

    @invariant()
    def what_is_open_is_whole_and_the_rest_is_gone(self) -> None:
        session = self.window.session
        here = {series.key: series for series in session.catalog.series}
        assert len(here) == len(session.catalog.series), "two series have one key"
        sources = [info.source.path.resolve() for s in here.values() for info in s.slices]
        assert len(set(sources)) == len(sources), "a file is listed twice"
        for work in session.findings.all_work():
            assert here.get(work.series.key) is work.series, "findings of what is not open"
            for index, found in work.slices.items():
                if found.probabilities is not None:
                    right = self.right[series_identity(work.series)].slices[index]
                    assert found == right, "a finding of other pixels"
        for pane in self.window.viewing.panes:
            assert pane.key is None or pane.key in here, "a pane shows what is not open"
            if pane.series is None:
                assert pane.image.picture is None, "a picture without a series"
        left = {info.source for s in here.values() for info in s.slices}
        for series in self.seen.values():
            for info in series.slices:
                if info.source not in left:
                    assert session.cache.peek(info) is None, f"pixels of {info.source}"
                    assert session.pixels.failure(info) is None
        self.seen.update({f"{key}{id(series)}": series for key, series in here.items()})

    @invariant()
    def only_what_is_open_is_spoken_of(self) -> None:
        session = self.window.session
        said = "\n".join(everything_said(self.window))
        studies = {s.study.description.removeprefix("STUDY-") for s in session.catalog.series}
        patients = {s.patient.name for s in session.catalog.series}
        for name, patient in STUDIES.items():
            if name not in studies and not session.reading:
                for mark in (f"STUDY-{name}", f"NOTE-{name}", f"read-{name}"):
                    assert mark not in said, f"{mark} is said"
                wheres = [p.where for p in session.catalog.problems if f"read-{name}" in p.where]
                assert not wheres, f"{wheres} is a problem"
            if name not in studies:
                assert f"NOTE-{name}" not in [a.label for a in self.window.tools.store.annotations.values()]
            spoken = ", ".join(patient.split("^"))
            assert spoken in patients or spoken not in said, f"{spoken} is said"
        series = self.window.viewing.series
        if series is None:
            assert self.window.windowTitle() == "ichviewer"
        else:
            assert series.patient.name in self.window.windowTitle()

    def wait_for(self, done: Callable[[], bool]) -> None:
        qtbot: QtBot = type(self).qtbot  # type: ignore[attr-defined]
        qtbot.waitUntil(done, timeout=20_000)
        settle()

    def teardown(self) -> None:
        self.window.session.close_study()
        settle()


@pytest.fixture
def machine(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> Iterator[type[StudiesMachine]]:
    StudiesMachine.folders = make_studies(tmp_path)
    StudiesMachine.seen = {}
    StudiesMachine.right = {}
    StudiesMachine.qtbot = qtbot  # type: ignore[attr-defined]
    window = make_window(scripted_backend(PixelScript()))
    window.settings.remember_recent = False
    StudiesMachine.window = window
    qtbot.waitUntil(lambda: window.session.model.model is not None)
    for name in ("above", "copy", "two"):
        window.open_paths([StudiesMachine.folders[name]])
        qtbot.waitUntil(lambda: window.session.is_open and not window.session.reading)
        for series in window.session.catalog.series:
            found = tuple(finding_of(info) for info in series.slices)
            identity = series_identity(series)
            StudiesMachine.right[identity] = SeriesFindings(series.key, found, identity)
    window.session.close_study()
    yield StudiesMachine


def test_in_any_order(machine: type[StudiesMachine]) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # Looking for a shorter way to the same failure would take long.
        phases=settings().phases[:3],
    )
    case().runTest()
