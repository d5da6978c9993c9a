"""Turning a data set into a store: find the series, read them in parallel, write down what came of each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.ct_ich import DIAGNOSIS_CSV, PATIENTS_FOLDER, SLICES_CSV, CtIchSource
from ichviewer.learning.data.folder import FolderSource
from ichviewer.learning.data.journal import Journal
from ichviewer.learning.data.rsna import RsnaSource
from ichviewer.learning.data.source import LeftOut, Runner, SeriesTask, Source
from ichviewer.learning.data.store import PackedVolume, Store, pack_volume
from ichviewer.progress import Progress, silent

KINDS = ("auto", "rsna", "ct-ich", "folder")
DEFAULT_SETTINGS = PreprocessSettings(size_px=256, mm_per_px=0.8)


@dataclass(frozen=True)
class PrepareReport:
    """What preparing came to.

    Parameters
    ----------
    series, patients, slices : int
        In the store now, from this and earlier runs.
    new_series, new_slices, new_bytes : int
        Read by this run; bytes are those of the files.
    seconds : float
        Spent on reading them, without the search for series.
    search_seconds : float
        Spent on finding the series.
    left_out : tuple of LeftOut
        By this and earlier runs.
    notes : tuple of str
        What a person should know about the data set.
    """

    series: int
    patients: int
    slices: int
    new_series: int
    new_slices: int
    new_bytes: int
    seconds: float
    search_seconds: float
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    @property
    def errors(self) -> tuple[LeftOut, ...]:
        """What should have been readable and was not."""
        return tuple(item for item in self.left_out if item.is_error)

    @property
    def slices_per_second(self) -> float:
        """Speed of this run; 0 if there was nothing to do."""
        return self.new_slices / self.seconds if self.seconds > 0 else 0.0

    @property
    def megabytes_per_second(self) -> float:
        """Speed of this run in 10^6 bytes of files a second."""
        return self.new_bytes / 1e6 / self.seconds if self.seconds > 0 else 0.0


def open_source(folder: Path, kind: str = "auto", labels: Path | None = None) -> Source:
    """The data set in a folder.

    Parameters
    ----------
    folder : Path
    kind : str
        One of `KINDS`; ``auto`` looks at what is there.
    labels : Path, optional
        The table of labels: needed for ``folder``, optional for ``rsna``.

    Raises
    ------
    LearningError
        If it is none of the kinds, or not the one told.
    """
    if kind not in KINDS:
        raise LearningError(f"the kind of data set must be one of {', '.join(KINDS)}", found=kind)
    chosen = _recognise(folder, labels) if kind == "auto" else kind
    if chosen == "ct-ich":
        return CtIchSource(folder)
    if chosen == "rsna":
        return RsnaSource.at(folder, labels)
    if labels is None:
        raise LearningError(
            "a folder of DICOM studies needs a table of labels: --labels FILE.csv", str(folder)
        )
    return FolderSource(folder, labels)


def _recognise(folder: Path, labels: Path | None) -> str:
    if (folder / SLICES_CSV).is_file():
        return "ct-ich"
    if (folder / DIAGNOSIS_CSV).is_file() and (folder / PATIENTS_FOLDER).is_dir():
        return "ct-ich"
    if labels is None and any(folder.glob("stage_*_train.csv")):
        return "rsna"
    if labels is not None:
        return "folder"
    raise LearningError(
        "this is no data set known here: neither the RSNA layout (stage_2_train.csv) nor CT-ICH (slices.csv, or "
        "hemorrhage_diagnosis.csv and Patients_CT); a folder of DICOM studies needs --labels FILE.csv",
        str(folder),
    )


def prepare(
    source: Source,
    folder: Path,
    settings: PreprocessSettings = DEFAULT_SETTINGS,
    *,
    runner: Runner,
    limit: int | None = None,
    progress: Progress = silent,
) -> PrepareReport:
    """Read a data set into a store; a run that was stopped goes on where it was.

    Parameters
    ----------
    source : Source
    folder : Path
        The store; made if it is not there.
    settings : PreprocessSettings
    runner : Runner
        Does the reading. Only this process writes to the store.
    limit : int, optional
        Only so many series, the first by name.
    progress : Progress
        Told after each series.

    Raises
    ------
    LearningError
        If the source is not what it claims, holds nothing of use, or the store there was made otherwise.
    """
    started = time.monotonic()
    store = Store.create(folder, settings, dict(source.recipe))
    found = source.find(runner, progress)
    journal = Journal(store)
    journal.begin(found.left_out)
    todo = [task for task in found.tasks[:limit] if task.name not in journal]
    tally = _Tally(len(todo), progress)
    failed: list[LeftOut] = []
    for answer in runner.run(partial(_read, settings=settings), todo):
        task = todo[answer.index]
        if answer.failure:
            failed.append(LeftOut(task.name, answer.failure))
            journal.add_failure(task.name, failed[-1])
            tally.add(_Read(()))
            continue
        read: _Read = answer.value
        for packed in read.volumes:
            store.add_packed(packed)
        journal.add(task.name, [packed.entry.name for packed in read.volumes], read.left_out)
        tally.add(read)
    if not store.entries:
        raise LearningError(
            "no series could be prepared", str(folder), _first(found.left_out, failed, journal)
        )
    return PrepareReport(
        series=len(store.entries),
        patients=len({entry.patient for entry in store.entries}),
        slices=sum(entry.slices for entry in store.entries),
        new_series=tally.series,
        new_slices=tally.slices,
        new_bytes=tally.bytes,
        seconds=tally.seconds,
        search_seconds=tally.started - started,
        left_out=(*found.left_out, *journal.left_out(), *failed),
        notes=found.notes,
    )


@dataclass(frozen=True, eq=False)
class _Read:
    """What came of one series, as it travels from the worker that read it; see `SeriesResult`."""

    volumes: tuple[PackedVolume, ...]
    left_out: tuple[LeftOut, ...] = ()
    bytes_read: int = 0


def _read(task: SeriesTask, settings: PreprocessSettings) -> _Read:
    result = task.read(settings)
    packed = tuple(pack_volume(volume, settings) for volume in result.volumes)
    return _Read(packed, result.left_out, result.bytes_read)


def _first(*lists: object) -> str:
    for items in lists:
        found = items.left_out() if isinstance(items, Journal) else items
        if isinstance(found, tuple | list) and found:
            return f"{found[0].file}: {found[0].reason}"
    return ""


class _Tally:
    """Counts what is done and tells how fast it goes."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.started = time.monotonic()
        self.seconds = 0.0
        self.series = self.slices = self.bytes = self._done = 0
        self._total = total
        self._progress = progress

    def add(self, result: _Read) -> None:
        self._done += 1
        self.series += len(result.volumes)
        self.slices += sum(packed.entry.slices for packed in result.volumes)
        self.bytes += result.bytes_read
        self.seconds = time.monotonic() - self.started
        rate = self.slices / self.seconds
        megabytes = self.bytes / 1e6 / self.seconds
        self._progress(
            self._done,
            self._total,
            f"{self.slices:,} slices, {rate:.0f} slices/s, {megabytes:.0f} MB/s",
        )
