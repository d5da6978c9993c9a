"""Reads the tags of images in a process of its own: parsing holds the interpreter, and damaged files may hang."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ichviewer.dicom.tag_rows import read_tag_rows
from ichviewer.domain.identity import slice_identity
from ichviewer.domain.series import SliceInfo
from ichviewer.domain.tags import SeriesTags, TagList, spread_over
from ichviewer.errors import EngineError, IchViewerError, ReadError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.worker_process import WorkerProcess
from ichviewer.services.worker_serve import Asker, Staff

TIMEOUT_S = 30.0
"""The longest silence: the tags of one image take milliseconds, those of 10,000 frames seconds."""


class TagReader:
    """`ichviewer.dicom.tag_rows.read_tag_rows`, somewhere else; from any thread, one request at a time.

    Parameters
    ----------
    open_staff : callable
        What reads there; `ichviewer.dicom.tag_rows.read_tag_rows` unless told.
    timeout_s : float
        The longest silence while reading.
    """

    def __init__(self, open_staff: Callable[[], Staff] | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._worker = WorkerProcess("the reader of tags", open_staff or _open_reader)
        self._timeout_s = timeout_s

    def __enter__(self) -> TagReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, info: SliceInfo, *, cancel: CancelToken | None = None) -> TagList:
        """All tags of a slice's file, of many frames those of the slice.

        Raises
        ------
        ReadError
            If the file cannot be opened or understood, or reading it crashed or did not end.
        FileChangedError
            If it is not the file that was listed.
        Cancelled
        """
        try:
            tags: TagList = self._worker.run(
                "slice", info, subject=slice_identity(info), cancel=cancel, timeout_s=self._timeout_s
            )
        except EngineError as error:
            raise ReadError(
                "the tags could not be read", str(info.source), error.found or error.what
            ) from error
        return tags

    def read_series(
        self, slices: Sequence[SliceInfo], *, progress: Progress = silent, cancel: CancelToken | None = None
    ) -> SeriesTags:
        """The tags of a series and how they vary over it, for `ichviewer.domain.tags.series_paired`.

        Parameters
        ----------
        slices : sequence of SliceInfo
        progress : Progress
            Told after every slice.
        cancel : CancelToken, optional

        Returns
        -------
        SeriesTags
            With a note for each slice that could not be read.

        Raises
        ------
        ReadError
            If none could be read, or reading crashed or did not end.
        Cancelled
        """
        try:
            tags: SeriesTags = self._worker.run(
                "series",
                tuple(slices),
                subject=_identity(slices),
                progress=progress,
                cancel=cancel,
                timeout_s=self._timeout_s,
            )
        except EngineError as error:
            where = str(slices[0].source) if slices else ""
            raise ReadError("the tags could not be read", where, error.found or error.what) from error
        return tags

    def close(self) -> None:
        """End the process at once. May be called twice and from any thread."""
        self._worker.close()


def read_series_tags(
    slices: Sequence[SliceInfo],
    read: Callable[[SliceInfo], TagList],
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> SeriesTags:
    """Gather the tags of a series; see `TagReader.read_series`.

    Raises
    ------
    ReadError
        If none of the slices could be read.
    Cancelled
    """
    gathering = _Gathering(slices, read, progress, cancel or CancelToken())
    tags = spread_over(gathering, gathering.notes)
    if tags.slices == 0:
        raise ReadError("none of the slices could be read", found="; ".join(gathering.notes[:1]))
    return tags


@dataclass
class _Gathering:
    """Reads one slice after the other."""

    slices: Sequence[SliceInfo]
    read: Callable[[SliceInfo], TagList]
    progress: Progress
    cancel: CancelToken
    notes: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[TagList]:
        for number, info in enumerate(self.slices):
            self.cancel.check()
            try:
                yield self.read(info)
            except IchViewerError as error:
                reason = f"{error.what}: {error.found}" if error.found else error.what
                self.notes.append(f"Slice {number + 1} is not among them: {reason}")
            self.progress(number + 1, len(self.slices), "reading tags")


def _identity(slices: Sequence[SliceInfo]) -> str:
    words = "\n".join(slice_identity(info) for info in slices)
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


# In the process


def _open_reader() -> Staff:
    def read_slice(info: object, asker: Asker) -> TagList:
        assert isinstance(info, SliceInfo)
        return read_tag_rows(info.source, info)

    def read_series(slices: object, asker: Asker) -> SeriesTags:
        assert isinstance(slices, tuple)
        return read_series_tags(
            slices,
            lambda info: read_tag_rows(info.source, info),
            progress=asker.progress,
            cancel=asker.cancel,
        )

    return Staff({"slice": read_slice, "series": read_series})
