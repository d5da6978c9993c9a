"""A node in parts, for tests: a clock that tests set, an analyzer without a model, a PACS, a death at any step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dicom_factory import make_slice, to_bytes, uid_of
from pydicom import dcmread

from ichviewer.errors import EngineError, ExportError, NetworkError
from ichviewer.network.node.entry import StudySummary
from ichviewer.network.node.inbox import Inbox
from ichviewer.network.node.study_job import StudyJob
from ichviewer.network.node.worklist import Worklist, WrittenObject
from ichviewer.network.outbox import Outbox
from ichviewer.network.outbox_sender import send_due
from ichviewer.network.source import ReceivedObject, SendOutcome, SendResult
from ichviewer.progress import CancelToken, silent
from ichviewer.services.batch_pools import PoolError

QUIET_S = 10.0
KEEP_SENT_S = 50.0
CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now_s = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now_s


class Killed(BaseException):
    """The program dies here."""


class Fuse:
    """Counts steps down to a death; None for a program that lives."""

    def __init__(self) -> None:
        self.left: int | None = None

    def step(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Killed


class Mortal:
    """Another object, of whose methods each may be the last one: before it begins, or when it has ended."""

    def __init__(self, of: Any, fuse: Fuse) -> None:
        self._of, self._fuse = of, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._of, name)
        if not callable(found):
            return found

        def called(*arguments: Any, **options: Any) -> Any:
            self._fuse.step()
            result = found(*arguments, **options)
            self._fuse.step()
            return result

        return called


@dataclass
class FakeStudy:
    """A study whose result is a DICOM object that names the slices it was made from."""

    summary: StudySummary
    study: str
    digest: str
    fuse: Fuse
    unwritable: bool = False

    def write(self, folder: Path, analyzed_at: Callable[[str], float]) -> tuple[WrittenObject, ...]:
        if self.unwritable:
            raise ExportError("an image lacks its UID")
        at_s = analyzed_at(self.digest)
        ds = make_slice(study=self.study, series="result", description=f"{at_s:.6f}")
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid_of("result", self.digest)
        self.fuse.step()
        name = f"sr_{self.digest}.dcm"
        (folder / name).write_bytes(to_bytes(ds))
        self.fuse.step()
        return (WrittenObject(str(ds.SOPInstanceUID), name),)


class FakeAnalyzer:
    """Gives what it found in its files; fails as often as it is told to."""

    def __init__(self, fuse: Fuse | None = None) -> None:
        self.fuse = fuse or Fuse()
        self.failures = 0
        self.absent: PoolError | None = None
        self.flagged = False
        self.unwritable = False
        self.calls = 0
        self.during: Callable[[], None] | None = None

    def analyze(self, files: Sequence[Path], cancel: CancelToken) -> FakeStudy:
        self.calls += 1
        self.fuse.step()
        if self.during is not None:
            self.during()
        cancel.check()
        if self.absent is not None:
            raise self.absent
        if self.failures:
            self.failures -= 1
            raise EngineError("the model could not be run")
        headers = [dcmread(path, stop_before_pixels=True) for path in files]
        numbers = sorted(int(ds.InstanceNumber) for ds in headers)
        study = str(headers[0].StudyDescription)
        words = f"{study} {numbers}"
        summary = StudySummary(
            description=words,
            probability=0.5,
            flagged=("any",) if self.flagged else (),
            n_series=1,
            n_analyzed=1,
            model="fake",
        )
        return FakeStudy(
            summary, study, hashlib.sha256(words.encode()).hexdigest()[:12], self.fuse, self.unwritable
        )

    def close(self) -> None:
        pass


@dataclass
class Pacs:
    """Takes objects, or is down."""

    down: bool = False
    got: list[tuple[str, bytes]] = field(default_factory=list)

    def send(self, files: Sequence[Path], progress: object, cancel: CancelToken) -> Iterator[SendResult]:
        if self.down:
            raise NetworkError("nobody answers", "pacs", may_retry=True)
        for path in files:
            data = path.read_bytes()
            uid = str(dcmread(path, stop_before_pixels=True).SOPInstanceUID)
            self.got.append((uid, data))
            yield SendResult(path, uid, SendOutcome.STORED)


def received(study: str, number: int, **options: Any) -> ReceivedObject:
    """A slice of a study as it comes over the network."""
    ds = make_slice(study=study, instance_number=number, z_mm=5.0 * number, StudyDescription=study, **options)
    return ReceivedObject(CT, str(ds.SOPInstanceUID), EXPLICIT, to_bytes(ds))


def study_uid(study: str) -> str:
    return uid_of("study", study)


class Parts:
    """A node's parts on a folder, which can be killed and opened again."""

    def __init__(self, folder: Path, *, send_to: tuple[str, ...] = ("pacs",), **limits: int) -> None:
        self.folder, self.send_to, self.limits = folder, send_to, limits
        self.folder.mkdir(exist_ok=True)
        self.clock, self.fuse, self.pacs = Clock(), Fuse(), Pacs()
        self.analyzer = FakeAnalyzer(self.fuse)
        self.open()

    def open(self) -> None:
        self.worklist = Worklist(self.folder, clock=self.clock)
        mortal = Mortal(self.worklist, self.fuse)
        limits = {"keep_free_bytes": 0, "most_waiting": 100, "most_objects": 100, **self.limits}
        self.inbox = Inbox(self.folder / "inbox", mortal, **limits)
        self.inbox.mend()
        self.job = StudyJob(mortal, self.inbox, self.folder / "results", send_to=self.send_to, tries=3)
        self.outbox = Outbox(self.folder / "outbox", clock=self.clock)

    def die(self) -> None:
        """End, as a killed program does, and start again."""
        self.fuse.left = None
        self.worklist.close()
        self.outbox.close()
        self.open()

    def mortally(self, deaths_after: int | None, work: Callable[[], object]) -> bool:
        """Do something and perhaps die in it, after so many steps; whether it lived. It is alive again afterwards."""
        self.fuse.left = deaths_after
        try:
            work()
        except Killed:
            self.die()
            return False
        self.fuse.left = None
        return True

    def queue(self) -> None:
        self.worklist.queue_quiet(QUIET_S, self.inbox.count)

    def analyze(self) -> bool:
        return self.job.analyze_next(self.analyzer, CancelToken())

    def send(self) -> None:
        outbox = Mortal(self.outbox, self.fuse)
        self.job.hand_over(outbox)
        send_due(outbox, lambda name: self.pacs, silent, CancelToken())
        self.job.note_deliveries(outbox)
        self.job.forget_sent(outbox, self.clock.now_s - KEEP_SENT_S)

    def settle(self) -> None:
        """Let time pass until nothing is to be done any more."""
        for _ in range(12):
            self.clock.now_s += 4000
            self.queue()
            while self.analyze():
                pass
            self.send()

    def entry(self, study: str):
        return self.worklist.find(study_uid(study))

    def delivered(self) -> list[str]:
        return [uid for uid, _ in self.pacs.got]

    def current(self, study: str) -> list[str]:
        return [item.sop_uid for item in self.worklist.objects(study_uid(study))]

    def close(self) -> None:
        self.worklist.close()
        self.outbox.close()
