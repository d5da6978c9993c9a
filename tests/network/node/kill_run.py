"""Studies sent to a node that is killed, with results going to a PACS that is stopped: at random, from a seed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from invariants import tree_mb
from pydicom import dcmread
from pynetdicom import AE, evt
from servers import free_port, listening

from ichviewer.errors import IchViewerError
from ichviewer.network.dimse import DimseSource
from ichviewer.network.node.node import OUTBOX
from ichviewer.network.node.worklist import read_worklist
from ichviewer.network.outbox_counts import OutboxCounts, count_outbox
from ichviewer.network.peers import DicomNode, Timeouts
from ichviewer.progress import CancelToken, silent

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "resources" / "demo" / "studies" / "bleed" / "series-2"
_TIMEOUTS = Timeouts(connect_s=5.0, answer_s=60.0, idle_s=60.0)


def make_studies(folder: Path, number: int, n_slices: int | None = None, seed: int = 0) -> list[list[Path]]:
    """Studies of the demo's slices with new UIDs, and the slices in the middle only where ``n_slices`` says so."""
    sources = sorted(DEMO.glob("*.dcm"))
    if n_slices is not None:
        first = (len(sources) - n_slices) // 2
        sources = sources[first : first + n_slices]
    studies = []
    for study in range(number):
        paths = []
        for source in sources:
            ds = dcmread(source)
            for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
                setattr(ds, keyword, _uid(seed, study, keyword))
            ds.SOPInstanceUID = _uid(seed, study, str(ds.SOPInstanceUID))
            ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
            ds.PatientID = f"BENCH-{study}"
            path = folder / f"{study:04}" / source.name
            path.parent.mkdir(parents=True, exist_ok=True)
            ds.save_as(path)
            paths.append(path)
        studies.append(paths)
    return studies


def _uid(*words: object) -> str:
    return f"2.25.{int(hashlib.sha256(repr(words).encode()).hexdigest()[:30], 16)}"


class StoppingPacs:
    """A PACS that keeps what it got when it is stopped and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.stored: dict[str, str] = {}
        self.times: Counter[str] = Counter()
        self.contents: dict[str, set[str]] = {}
        self._lock = threading.Lock()
        self._server: Any = None
        self._entity: Any = None

    def start(self) -> None:
        if self._server is not None:
            return
        self._entity = AE(ae_title="PACS")
        for uid in _RESULT_CLASSES:
            self._entity.add_supported_context(uid)
        self._server = self._entity.start_server(
            ("127.0.0.1", self.port), block=False, evt_handlers=[(evt.EVT_C_STORE, self._store)]
        )

    def stop(self) -> None:
        if self._server is not None:
            self._entity.shutdown()
            self._server = None

    def _store(self, event: Any) -> int:
        ds = event.dataset
        content = hashlib.sha256(event.request.DataSet.getvalue()).hexdigest()
        with self._lock:
            self.stored[str(ds.SOPInstanceUID)] = str(ds.StudyInstanceUID)
            self.times[str(ds.SOPInstanceUID)] += 1
            self.contents.setdefault(str(ds.SOPInstanceUID), set()).add(content)
        return 0x0000


_RESULT_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.88.34",  # Comprehensive 3D SR
    "1.2.840.10008.5.1.4.1.1.88.59",  # Key Object Selection
    "1.2.840.10008.5.1.4.1.1.7",  # Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.2",
    "1.2.840.10008.5.1.4.1.1.2",  # CT, in the place of results where nothing is analyzed
)


class NodeProcess:
    """`ichviewer node` in a process that is killed and started again."""

    def __init__(
        self,
        folder: Path,
        pacs: StoppingPacs,
        *,
        workers: int = 1,
        quiet_s: float = 3.0,
        scheduler: str = "",
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.data = folder / "data"
        self.settings = folder / "node.toml"
        self.log = folder / "node.log"
        self.peak_mb = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self.settings.write_text(
            f'version = 1\ndata_folder = "{self.data}"\n'
            f"[receiver]\nport = {self.port}\nmost_associations = 60\n"
            f'[analysis]\nquiet_s = {quiet_s}\nworkers = {workers}\nscheduler = "{scheduler}"\n'
            f'[results]\nkinds = ["sr", "ko"]\nsend_to = ["pacs"]\n'
            # What was delivered leaves the outbox at each start.
            f"[storage]\nkeep_free_mb = 100\nkeep_sent_days = 0.00002\n"
            f'[[node]]\nname = "pacs"\nae_title = "PACS"\nhost = "127.0.0.1"\nport = {pacs.port}\n'
            f"[node.timeouts]\nconnect_s = 5\nanswer_s = 20\nidle_s = 20\n"
        )

    def start(self) -> None:
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ichviewer", "node", str(self.settings)],
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )

    def wait_until_it_listens(self) -> None:
        end = time.monotonic() + 120
        while not listening(self.port):
            if self._process is None or self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the node did not start: {self.log.read_text(errors='replace')}")
            time.sleep(0.1)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> int:
        """Ask it to end; its exit code."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def measure(self) -> None:
        if self._process is not None and self._process.poll() is None:
            with suppress(OSError, ValueError):
                self.peak_mb = max(self.peak_mb, tree_mb(self._process.pid))


@dataclass
class Outcome:
    """What came of a run."""

    n_studies: int
    n_kills: int = 0
    n_stops: int = 0
    seconds: float = 0.0
    sending_s: float = 0.0
    peak_mb: float = 0.0
    waits_s: list[float] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    current: dict[str, list[str]] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    contents: dict[str, int] = field(default_factory=dict)
    outbox: OutboxCounts = field(default_factory=OutboxCounts)
    exit_code: int | None = None

    @property
    def complete(self) -> list[str]:
        """Studies that are done, all of whose objects the PACS has, with one content each."""
        return [
            entry["study_uid"]
            for entry in self.entries
            if entry["state"] == "done"
            and entry["result_is_current"]
            and self.current[entry["study_uid"]]
            and all(self.stored.get(uid) == entry["study_uid"] for uid in self.current[entry["study_uid"]])
            and all(self.contents[uid] == 1 for uid in self.current[entry["study_uid"]])
        ]

    @property
    def replaced(self) -> list[str]:
        """Objects at the PACS that a later result took the place of: of studies that were half there at first."""
        known = {uid for uids in self.current.values() for uid in uids}
        return sorted(set(self.stored) - known)


class _Senders:
    """Threads that send studies, each one again and again until all of its slices are stored."""

    def __init__(self, port: int, studies: Sequence[Sequence[Path]], number: int) -> None:
        self._peer = DicomNode("node", "ICHVIEWER", "127.0.0.1", port, timeouts=_TIMEOUTS)
        self._waiting = list(studies)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def at_work(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(120)

    def _send(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                left = list(self._waiting.pop())
            while left and not self._ended.is_set():
                with suppress(IchViewerError):
                    for result in DimseSource(self._peer).send(left[:], silent, CancelToken()):
                        if result.stored:
                            left.remove(result.path)
                if left:
                    time.sleep(0.5)


def run(
    folder: Path,
    studies: Sequence[Sequence[Path]],
    *,
    senders: int,
    kills: int,
    stops: int,
    seed: int,
    workers: int = 1,
    longest_s: float = 3600.0,
    scheduler: str = "",
    disturb: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Send all studies, kill the node and stop the PACS meanwhile and afterwards, and wait until all is delivered.

    What ``scheduler`` names is disturbed each time by ``disturb``, which is told how often that happened before.
    """
    chance = random.Random(seed)
    pacs = StoppingPacs()
    pacs.start()
    node = NodeProcess(folder, pacs, workers=workers, scheduler=scheduler)
    node.start()
    node.wait_until_it_listens()
    outcome = Outcome(len(studies))
    started = time.monotonic()
    sending = _Senders(node.port, studies, senders)
    end = started + longest_s
    next_disturbance = started + chance.uniform(0.3, 1.5)
    try:
        while time.monotonic() < end:
            node.measure()
            if not outcome.sending_s and not sending.at_work():
                outcome.sending_s = time.monotonic() - started
            if time.monotonic() > next_disturbance:
                if outcome.n_kills < kills:
                    disturb(outcome.n_kills)
                # Both go on beyond the sending, until they happened as often as they were to.
                if outcome.n_kills < kills:
                    node.kill()
                    outcome.n_kills += 1
                    time.sleep(chance.uniform(0.0, 1.0))
                    node.start()
                if outcome.n_stops < stops:
                    pacs.stop()
                    outcome.n_stops += 1
                    time.sleep(chance.uniform(0.5, 3.0))
                    pacs.start()
                next_disturbance = time.monotonic() + chance.uniform(4.0, 15.0 + len(studies) / 10)
            if outcome.sending_s and outcome.n_kills == kills and outcome.n_stops == stops:
                entries = read_worklist(node.data)
                if len(entries) == len(studies) and all(entry.state.value == "done" for entry in entries):
                    break
            time.sleep(0.5)
        outcome.seconds = time.monotonic() - started
        node.wait_until_it_listens()
        outcome.exit_code = node.end()
    finally:
        sending.end()
        with suppress(OSError, AssertionError):
            node.kill()
        pacs.stop()
    _note(outcome, node, pacs)
    return outcome


def _note(outcome: Outcome, node: NodeProcess, pacs: StoppingPacs) -> None:
    from ichviewer.network.node.worklist import Worklist

    entries = read_worklist(node.data)
    outcome.entries = [json.loads(json.dumps(entry.to_record())) for entry in entries]
    with Worklist(node.data) as worklist:
        outcome.current = {
            entry.study_uid: [item.sop_uid for item in worklist.objects(entry.study_uid)] for entry in entries
        }
    outcome.waits_s = [entry.waited_s for entry in entries if entry.waited_s is not None]
    outcome.stored, outcome.times = dict(pacs.stored), dict(pacs.times)
    outcome.contents = {uid: len(found) for uid, found in pacs.contents.items()}
    outcome.outbox = count_outbox(node.data / OUTBOX)
    outcome.peak_mb = node.peak_mb
