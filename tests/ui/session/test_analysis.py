"""The analysis beside the window: nothing found is lost, nothing of another model or other pixels is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_series
from fake_backend import HIGH, LOW, InProcessReader, Script, card, scripted_backend
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import EngineError, ModelError
from ichviewer.ui.session.analysis import AnalysisProgress
from ichviewer.ui.session.backend import Backend
from ichviewer.ui.session.series_work import SeriesWork
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Workers


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    made: list[Session] = []
    yield made
    for session in made:
        session.shutdown()


def start(
    qtbot: QtBot, sessions: list[Session], folder: Path, backend: Backend, *, wait: bool = True
) -> Session:
    session = Session(Workers(), backend)
    sessions.append(session)
    session.model.open(None)
    session.open([folder])
    if wait:
        qtbot.waitUntil(lambda: finished(session), timeout=10_000)
    return session


def finished(session: Session) -> bool:
    return session.is_open and not session.reading and session.analysis.complete


def only_work(session: Session) -> SeriesWork:
    (series,) = session.catalog.series
    work = session.findings.work(series.key)
    assert work is not None
    return work


def test_a_rerun_keeps_findings_until_new_ones_replace_them(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    gate = threading.Event()
    gate.set()
    script = Script(flagged=(2,), gate=gate)
    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(script))
    before = dict(only_work(session).slices)
    assert len(before) == 5
    gate.clear()
    script.flagged = {4}
    session.analysis.restart()
    qtbot.waitUntil(lambda: session.analysis.running)
    work = only_work(session)
    assert work.state in (SeriesState.WAITING, SeriesState.RUNNING)
    assert work.slices == before
    assert work.findings().analysed == 5  # what is exported meanwhile
    gate.set()
    qtbot.waitUntil(lambda: finished(session))
    assert [i for i, f in only_work(session).slices.items() if f.probabilities == HIGH] == [4]


def test_cancelling_a_rerun_loses_nothing(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    gate = threading.Event()
    gate.set()
    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(Script(gate=gate)))
    before = dict(only_work(session).slices)
    gate.clear()
    session.analysis.restart()
    qtbot.waitUntil(lambda: session.analysis.running)
    session.analysis.cancel()
    qtbot.waitUntil(lambda: finished(session))
    work = only_work(session)
    assert work.state is SeriesState.DONE
    assert work.slices == before
    assert work.findings().state() is SeriesState.DONE


def test_a_rerun_that_fails_says_so_and_loses_nothing(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    class Fragile(Script):
        broken = False

        def annotate(self, series: Series, **options: object) -> SeriesFindings:
            if self.broken:
                raise EngineError("out of order")
            return super().annotate(series, **options)  # type: ignore[arg-type]

    script = Fragile()
    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(script))
    before = dict(only_work(session).slices)
    script.broken = True
    session.analysis.restart()
    qtbot.waitUntil(lambda: finished(session))
    work = only_work(session)
    assert work.state is SeriesState.DONE
    assert "analyzing again failed: out of order" in work.text
    assert work.slices == before


def test_slices_to_come_wait_and_are_not_called_not_analysed(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    gate = threading.Event()
    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(Script(gate=gate)), wait=False)
    qtbot.waitUntil(lambda: session.analysis.running, timeout=10_000)
    reasons = {s.reason.code for s in only_work(session).findings().slices if s.reason}
    assert reasons == {ProblemCode.NOT_YET_ANALYSED}
    gate.set()
    qtbot.waitUntil(lambda: finished(session))


def test_findings_of_one_model_never_stand_under_the_name_of_another(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    """From the moment another model's card is known, its name and thresholds show: the old findings are gone."""
    gate = threading.Event()
    gate.set()
    other = replace(
        card(), name="another", calibration=PlattCalibration((2.0,) * 6, (0.0,) * 6), raw={"name": "another"}
    )
    cards = {"model": card(), "another": other}
    opening = threading.Event()
    opening.set()

    def open_analyser(_card: object, _kind: str, *, cancel: object) -> Script:
        opening.wait(10)
        return Script(gate=gate)

    backend = scripted_backend(load_card=lambda folder: cards[Path(folder).name], open_analyser=open_analyser)
    session = start(qtbot, sessions, ct_series[0].parent, backend)
    assert only_work(session).findings().analysed == 5
    opening.clear()
    with qtbot.waitSignal(session.model.cardRead):
        session.model.open(Path("another"))
    assert session.model.card is other
    assert only_work(session).findings().analysed == 0
    opening.set()
    qtbot.waitUntil(lambda: session.model.model is not None and finished(session))
    assert only_work(session).findings().analysed == 5


def test_reopening_the_same_model_keeps_its_findings(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend())
    before = dict(only_work(session).slices)
    with qtbot.waitSignal(session.model.cardRead):
        session.model.open(None)
    assert only_work(session).slices == before
    qtbot.waitUntil(lambda: session.model.model is not None and finished(session))


def test_a_model_that_cannot_be_opened_leaves_no_findings_of_the_old_one_running(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    def load(folder: Path) -> object:
        if Path(folder).name != "model":
            raise ModelError("no model here")
        return card()

    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(load_card=load))
    with qtbot.waitSignal(session.model.failed):
        session.model.open(Path("broken"))
    assert session.model.card is None  # so nothing is shown or exported
    assert session.model.point is None


def test_an_answer_about_another_series_is_refused_and_nothing_of_it_shown(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    class Mistaken(Script):
        def annotate(self, series: Series, **options: object) -> SeriesFindings:
            found = super().annotate(series, **options)  # type: ignore[arg-type]
            return replace(found, series="0" * 32)

    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(Mistaken()))
    work = only_work(session)
    assert work.state is SeriesState.FAILED
    assert "another series" in work.text
    assert work.findings().analysed == 0


def test_a_finding_goes_when_the_pixels_on_screen_are_others(
    qtbot: QtBot, sessions: list[Session], tmp_path: Path
) -> None:
    files = write_series(tmp_path, n=3)
    session = start(qtbot, sessions, tmp_path, scripted_backend())
    work = only_work(session)
    key = work.series.key
    with qtbot.waitSignal(session.findings.changed) as told:
        session.findings.reject(key, 1)
    assert told.args == [{key: {1}}]
    finding = work.slices[1]
    assert finding.status is Status.FAILED
    assert finding.reason is not None
    assert finding.reason.code is ProblemCode.FILE_CHANGED
    assert work.state is SeriesState.PARTLY
    assert session.findings.known()[key].slices[1].probabilities is None
    assert files


@pytest.mark.alone
def test_the_time_left_is_honest(qtbot: QtBot, sessions: list[Session], tmp_path: Path) -> None:
    """Whenever it is told, it is within a factor of two and a half of what it turns out to be."""
    write_series(tmp_path, n=40)
    session = Session(Workers(), scripted_backend(Script(seconds=0.03)))
    sessions.append(session)
    told: list[tuple[float, float]] = []

    def keep(progress: AnalysisProgress) -> None:
        if progress.seconds_left is not None and progress.running:
            told.append((time.monotonic(), progress.seconds_left))

    session.analysis.progressChanged.connect(keep)
    session.model.open(None)
    session.open([tmp_path])
    qtbot.waitUntil(lambda: finished(session), timeout=20_000)
    ended = time.monotonic()
    judged = [(ended - at, left) for at, left in told if ended - at > 0.25]
    assert len(judged) > 5
    wrong = [(round(real, 2), round(left, 2)) for real, left in judged if not real / 2.5 < left < real * 2.5]
    assert not wrong


def test_findings_carry_the_identity_of_their_series(
    qtbot: QtBot, sessions: list[Session], tmp_path: Path
) -> None:
    write(tmp_path / "a", make_slice())
    session = start(qtbot, sessions, tmp_path, scripted_backend())
    work = only_work(session)
    assert work.findings().series == series_identity(work.series)
    assert work.slices[0] in (SliceFinding(Status.ANALYSED, LOW), SliceFinding(Status.ANALYSED, HIGH))


def test_another_model_does_not_wait_for_the_series_under_way(
    qtbot: QtBot, sessions: list[Session], ct_series: list[Path]
) -> None:
    gate = threading.Event()
    session = start(qtbot, sessions, ct_series[0].parent, scripted_backend(Script(gate=gate)), wait=False)
    qtbot.waitUntil(lambda: session.analysis.running, timeout=10_000)
    session.analysis.interrupt()
    assert not session.analysis.running
    assert only_work(session).state is SeriesState.WAITING
    with qtbot.waitSignal(session.model.ready):  # though the gate is closed
        session.model.open(None)
    gate.set()
    qtbot.waitUntil(lambda: finished(session))
    assert only_work(session).findings().analysed == 5


def test_a_finding_is_held_against_the_picture_on_screen_not_the_one_on_its_way(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Seen: a step to a slice that was still being decoded, and its finding was called that of other pixels."""
    write_series(tmp_path, n=30)
    slow = threading.Event()
    slow.set()

    class SlowReader(InProcessReader):
        def read_slice(self, info: SliceInfo) -> DecodedSlice:
            slow.wait(10)
            return super().read_slice(info)

    class Hashing(Script):
        def annotate(self, series: Series, **options: object) -> SeriesFindings:
            found = super().annotate(series, **options)  # type: ignore[arg-type]
            hashes = [read_slice(info).pixel_hash for info in series.slices]
            slices = [replace(f, pixel_hash=h) for f, h in zip(found.slices, hashes, strict=True)]
            return replace(found, slices=tuple(slices))

    window = make_window.opened(tmp_path, backend=scripted_backend(Hashing(), open_reader=SlowReader))
    work = window.session.findings.work(window.viewing.key)
    assert work is not None
    shown = window.viewing.index
    slow.clear()
    window.viewing.go_to(29)
    assert window.viewing.shown == shown  # the picture of slice 30 is on its way
    window.session.findings.put(work, shown, work.slices[shown])
    slow.set()
    qtbot.waitUntil(lambda: window.viewing.shown == 29)
    assert {f.status for f in work.slices.values()} == {Status.ANALYSED}
