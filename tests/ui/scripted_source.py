"""A source of studies whose answers a test scripts, and the network of a window that speaks to nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from keyring.backend import KeyringBackend
from pydicom import dcmread

from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.errors import IchViewerError
from ichviewer.network.peers import DicomNode, FolderSource, Peer, WebServer
from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery
from ichviewer.network.secrets import Secrets
from ichviewer.network.source import (
    FailedObject,
    OnListed,
    ReceivedObject,
    Receiver,
    Retrieved,
    SendOutcome,
    SendResult,
    unheard,
)
from ichviewer.network.sources_file import Sources
from ichviewer.progress import CancelToken, Progress
from ichviewer.ui.sources.network_access import NetworkAccess

NODE = DicomNode("PACS", "ARCHIVE", "pacs.example", 104)
WEB = WebServer("Web archive", "https://dicom.example/dicom-web")


def answer(
    uid: str, date: str = "2024-01-05", patient: str = "P1", name: str = "Doe, Jane", n: int | None = 4
) -> StudyAnswer:
    study = StudyInfo(uid=uid, date=date, description=f"Head of {date}", accession="A1")
    return StudyAnswer(study, PatientInfo(id=patient, name=name), ("CT",), 1, n)


class ScriptedSource:
    """Answers what it is told.

    Parameters
    ----------
    answers : sequence of StudyAnswer
    files : sequence of Path
        What every retrieval brings.
    """

    def __init__(self, answers: Sequence[StudyAnswer] = (), files: Sequence[Path] = ()) -> None:
        self.answers = list(answers)
        self.files = list(files)
        self.error: IchViewerError | None = None
        self.failed: tuple[FailedObject, ...] = ()
        self.outcome = SendOutcome.STORED
        self.gate = threading.Event()
        """Unset: answers, objects and signs of life wait before the second one; a cancel ends the wait."""
        self.gate.set()
        self.deaf = False
        """Whether a cancel is not heard."""
        self.queries: list[StudyQuery] = []
        self.retrieved: list[str] = []
        self.sent: list[str] = []

    def check(self, cancel: CancelToken) -> str:
        self._wait(cancel)
        self._raise()
        return "PACS answers."

    def find_studies(self, query: StudyQuery, cancel: CancelToken) -> Iterator[StudyAnswer]:
        self.queries.append(query)
        self._raise()
        for number, found in enumerate(self.answers[: query.limit]):
            if number:
                self._wait(cancel)
            yield found

    def find_series(self, study_uid: str, cancel: CancelToken) -> Iterator[SeriesAnswer]:
        return iter(())

    def retrieve(
        self,
        study_uid: str,
        series_uid: str | None,
        into: Receiver,
        progress: Progress,
        cancel: CancelToken,
        *,
        on_listed: OnListed = unheard,
    ) -> Retrieved:
        self.retrieved.append(study_uid)
        self._raise()
        arrived = there = 0
        for number, path in enumerate(self.files):
            if number:
                self._wait(cancel)
            head = dcmread(path, stop_before_pixels=True)
            if into.has(str(head.SOPInstanceUID)):
                there += 1
                continue
            syntax = str(head.file_meta.TransferSyntaxUID)
            into(ReceivedObject(str(head.SOPClassUID), str(head.SOPInstanceUID), syntax, path.read_bytes()))
            arrived += 1
            progress(arrived, len(self.files), "fetching")
        return Retrieved(arrived, there, self.failed)

    def send(self, files: Sequence[Path], progress: Progress, cancel: CancelToken) -> Iterator[SendResult]:
        for number, path in enumerate(files):
            if number:
                self._wait(cancel)
            self._raise()
            uid = str(dcmread(path, stop_before_pixels=True).SOPInstanceUID)
            if self.outcome is SendOutcome.STORED:
                self.sent.append(uid)
                yield SendResult(path, uid, self.outcome)
            else:
                yield SendResult(path, uid, self.outcome, "PACS does not want it")

    def _wait(self, cancel: CancelToken) -> None:
        while not self.gate.wait(0.01):
            if not self.deaf:
                cancel.check()
        cancel.check()

    def _raise(self) -> None:
        if self.error is not None:
            raise self.error


def scripted_network(
    folder: Path,
    source: ScriptedSource,
    peers: Sequence[Peer] = (NODE, WEB),
    keyring: KeyringBackend | None = None,
) -> NetworkAccess:
    """Sources, cache and outbox in a folder; every peer is the scripted one. Without a keyring unless told."""
    network = NetworkAccess(
        sources_file=folder / "sources.toml",
        cache_folder=folder / "cache",
        outbox_folder=folder / "outbox",
        speak=lambda peer: source,
        secrets=Secrets(keyring or NoKeyring()),
    )
    network.save(Sources(tuple(peers)))
    return network


class NoKeyring:
    """A keyring that is none of the system's, so that secrets stay in this program."""


def folder_source(folder: Path) -> FolderSource:
    return FolderSource("Studies on disk", folder)
