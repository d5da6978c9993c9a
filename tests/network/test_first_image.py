"""The window and real servers: the first image of a study is shown while the server still holds back the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from dicom_factory import uid_of, write_series
from fake_backend import Script, scripted_backend
from peers_for_tests import node_at, scripted_node
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage
from pynetdicom import build_context, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as Find
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet as Get
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove as Move
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from scripted_server import BOUNDARY, MULTIPART, Archive, Handler, serving
from servers import free_port

from ichviewer.network.dicomweb import WebSource
from ichviewer.network.open_source import open_source
from ichviewer.network.peers import DicomNode, Peer, ReceiverAddress, RetrieveBy, Timeouts, WebServer
from ichviewer.network.secrets import Secrets
from ichviewer.network.source import Source
from ichviewer.network.study_cache import StudyCache
from ichviewer.network.web_line import Pace
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.sources.network_access import NetworkAccess

N = 8
STUDY = uid_of("study", "study")
PROTOCOLS = ("C-GET", "C-MOVE", "DICOMweb")
PATIENT = Timeouts(connect_s=5.0, answer_s=10.0, idle_s=10.0)
"""A server that a test holds back is waited for."""


class Gate:
    """Lets objects through, and breaks lines."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._left = 0
        self.cut = False
        self.n_sent = 0

    def give(self, n: int) -> None:
        with self._turn:
            self._left += n
            self._turn.notify_all()

    def break_line(self) -> None:
        with self._turn:
            self.cut = True
            self._turn.notify_all()

    def wait(self) -> bool:
        """Whether the next object may go; False where the line breaks."""
        with self._turn:
            self._turn.wait_for(lambda: self._left > 0 or self.cut, timeout=10)
            if self.cut or self._left == 0:
                return False
            self._left -= 1
            self.n_sent += 1
            return True


@contextmanager
def archive(protocol: str, files: Sequence[Path], gate: Gate) -> Iterator[Peer]:
    """A server that sends these files as the gate lets them through."""
    if protocol == "DICOMweb":
        with serving(_web(files, gate)) as server:
            yield WebServer("archive", server.url, timeouts=PATIENT)
        return
    our_port = free_port()
    model = Get if protocol == "C-GET" else Move
    with scripted_node(_node(files, gate, our_port), services=[Find, model], storage=True) as port:
        by = {"retrieve_by": RetrieveBy.MOVE, "receiver": ReceiverAddress(port=our_port)}
        yield node_at(port, name="archive", timeouts=PATIENT, **(by if protocol == "C-MOVE" else {}))


def _node(files: Sequence[Path], gate: Gate, our_port: int) -> list[tuple]:
    datasets = [dcmread(path) for path in files]

    def find(event):
        if event.identifier.QueryRetrieveLevel == "SERIES":
            for uid in dict.fromkeys(ds.SeriesInstanceUID for ds in datasets):
                found = Dataset()
                found.SeriesInstanceUID = uid
                yield 0xFF00, found
        else:
            for ds in datasets:
                if ds.SeriesInstanceUID == event.identifier.SeriesInstanceUID:
                    found = Dataset()
                    found.SOPInstanceUID, found.SOPClassUID = ds.SOPInstanceUID, ds.SOPClassUID
                    yield 0xFF00, found
        yield 0x0000, None

    def chosen(event) -> list[Dataset]:
        wanted = event.identifier.get("SOPInstanceUID", None)
        uids = [wanted] if isinstance(wanted, str) else wanted
        return [ds for ds in datasets if uids is None or ds.SOPInstanceUID in uids]

    def objects(event):
        found = chosen(event)
        yield len(found)
        for ds in found:
            if not gate.wait():
                event.assoc.abort()
                return
            if event.is_cancelled:
                yield 0xFE00, None
                return
            yield 0xFF00, ds

    def move(event):
        yield "127.0.0.1", our_port, {"contexts": [build_context(CTImageStorage)]}
        yield from objects(event)

    return [(evt.EVT_C_FIND, find), (evt.EVT_C_GET, objects), (evt.EVT_C_MOVE, move)]


def _web(files: Sequence[Path], gate: Gate) -> Archive:
    made = Archive(files)

    def gated(handler: Handler, body: bytes) -> None:
        """The answer part by part; without a length it ends with the connection."""
        handler.begin(MULTIPART)
        mark = b"--%s\r\n" % BOUNDARY.encode()
        parts = body.split(mark)[1:]
        for part in parts:
            if not gate.wait():
                return
            # With the mark of the next part, which tells that this one is whole.
            handler.wfile.write((mark if part is parts[0] else b"") + part.removesuffix(mark))
            if part is not parts[-1]:
                handler.wfile.write(mark)
            handler.wfile.flush()

    made.whole = made.single = gated
    return made


def speak(peer: Peer) -> Source:
    if isinstance(peer, DicomNode):
        return open_source(peer)
    assert isinstance(peer, WebServer)
    return WebSource(peer, Secrets(), pace=Pace(tries=2, first_wait_s=0.01))


@pytest.fixture(params=PROTOCOLS)
def protocol(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return write_series(tmp_path / "ct", n=N)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: Script):
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    network = NetworkAccess(
        sources_file=tmp_path / "sources.toml",
        cache_folder=tmp_path / "cache",
        outbox_folder=tmp_path / "outbox",
        speak=speak,
    )
    made = MainWindow(UiSettings(), scripted_backend(script), network=network)
    made.show()
    qtbot.waitUntil(lambda: made.session.model.model is not None)
    yield made
    made.close()
    made.deleteLater()


def shown(window: MainWindow) -> int:
    return sum(len(series) for series in window.session.catalog.series)


def wait_for_images(qtbot: QtBot, window: MainWindow, n: int) -> None:
    qtbot.waitUntil(lambda: shown(window) == n, timeout=15_000)


def wait_until_whole(qtbot: QtBot, window: MainWindow) -> None:
    def whole() -> bool:
        session = window.session
        waits = window.network.retrieval.running or session.reading or session.arriving
        return not waits and session.is_open and session.analysis.complete

    qtbot.waitUntil(whole, timeout=20_000)


def test_images_are_shown_as_they_come_and_analyzed_when_all_are_there(
    qtbot: QtBot, window, script, files, protocol
):
    gate = Gate()
    with archive(protocol, files, gate) as peer:
        window.network.retrieval.fetch(peer, STUDY)
        gate.give(1)
        wait_for_images(qtbot, window, 1)
        qtbot.waitUntil(lambda: window.viewing.shown == 0)
        gate.give(3)
        wait_for_images(qtbot, window, 4)
        assert script.analysed == [] and window.session.arriving
        gate.give(N)
        wait_until_whole(qtbot, window)
    assert shown(window) == N and len(script.analysed) == 1


def test_a_line_cut_after_five_images_leaves_them_incomplete_and_is_taken_up_again(
    qtbot: QtBot, window, files, protocol, tmp_path
):
    gate = Gate()
    with archive(protocol, files, gate) as peer:
        window.network.retrieval.fetch(peer, STUDY)
        gate.give(5)
        wait_for_images(qtbot, window, 5)
        gate.break_line()
        qtbot.waitUntil(lambda: not window.network.retrieval.running, timeout=20_000)
        qtbot.waitUntil(lambda: not window.session.arriving)
        assert shown(window) == 5 and window.session.findings.known() == {}
        assert window.session.places.incomplete == {0: f"5 of {N} images received"}
        assert "Not all of the study was fetched" in window.notice.text
        gate.cut = False
        gate.give(N)
        sent = gate.n_sent
        window.network.retrieval.fetch(peer, STUDY)
        wait_until_whole(qtbot, window)
        assert gate.n_sent - sent == N - 5
    assert shown(window) == N
    (kept,) = StudyCache(tmp_path / "cache").studies()
    assert kept.complete and kept.n_objects == N


def test_a_fetch_that_is_cancelled_ends_while_the_server_holds_back(
    qtbot: QtBot, window, script, files, protocol
):
    gate = Gate()
    with archive(protocol, files, gate) as peer:
        window.network.retrieval.fetch(peer, STUDY)
        gate.give(2)
        wait_for_images(qtbot, window, 2)
        window.network.retrieval.cancel()
        # A node hears of it between two objects.
        gate.give(1)
        qtbot.waitUntil(lambda: not window.network.retrieval.running, timeout=20_000)
        qtbot.waitUntil(lambda: not window.session.arriving)
        gate.break_line()
    assert 2 <= shown(window) <= 3 and script.analysed == []
    assert not window.session.catalog.series[0].all_received


def test_two_series_that_come_side_by_side_grow_side_by_side(qtbot: QtBot, window, script, files, tmp_path):
    second = write_series(tmp_path / "thin", n=4, series="thin", series_number=2)
    gate = Gate()
    with archive("DICOMweb", [*files, *second], gate) as peer:
        window.network.retrieval.fetch(peer, STUDY)
        gate.give(5)
        wait_for_images(qtbot, window, 5)
        gate.give(N)
        wait_until_whole(qtbot, window)
    assert sorted(len(series) for series in window.session.catalog.series) == [4, N]
    assert len(script.analysed) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_program_that_is_killed_in_the_middle_leaves_what_came_for_the_next(
    qtbot: QtBot, window, files, tmp_path
):
    gate = Gate()
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from ichviewer.network.dimse import DimseSource
        from ichviewer.network.fetch_study import fetch_study
        from ichviewer.network.peers import DicomNode
        from ichviewer.network.study_cache import StudyCache
        from ichviewer.progress import CancelToken, silent

        port, folder, uid = sys.argv[1:]
        said = lambda: print("stands", flush=True)
        study = StudyCache(Path(folder)).open("archive", uid, said)
        fetch_study(DimseSource(DicomNode("archive", "PEER", "127.0.0.1", int(port))), study, silent, CancelToken())
    """)
    with archive("C-GET", files, gate) as peer:
        command = [sys.executable, "-c", program, str(peer.port), str(tmp_path / "cache"), STUDY]
        killed = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        gate.give(5)
        assert killed.stdout is not None
        assert [killed.stdout.readline() for _ in range(5)] == ["stands\n"] * 5
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        killed.stdout.close()
        # The node tells its sixth object to nobody.
        gate.give(1)
        (kept,) = StudyCache(tmp_path / "cache").studies()
        assert (kept.n_objects, kept.complete, kept.in_use) == (5, False, False)
        time.sleep(0.2)
        sent = gate.n_sent
        window.network.retrieval.fetch(peer, STUDY)
        # What is there is shown before the node sends anything.
        wait_for_images(qtbot, window, 5)
        gate.give(N)
        wait_until_whole(qtbot, window)
        assert gate.n_sent - sent == N - 5
    assert shown(window) == N
