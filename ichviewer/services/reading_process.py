"""Reads headers and decodes slices in processes of their own, for a window that must not stall.

Parsing DICOM is pure Python and holds the interpreter lock; a window in the same process waits for it many times a
frame. A decoder that crashes on a damaged file ends its process only, and the next slice starts another.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, PatientInfo, Series, SeriesKey, SliceInfo, Study, StudyInfo
from ichviewer.domain.stored_object import StoredObject
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.analysis_process import NICE
from ichviewer.services.decoder import Decoder
from ichviewer.services.worker_process import WorkerProcess
from ichviewer.services.worker_serve import Asker, Staff


@dataclass(frozen=True, eq=False)
class _Outline:
    """A catalog without its series, which travel one by one and only when they have changed."""

    studies: list[tuple[StudyInfo, PatientInfo, list[SeriesKey]]]
    problems: tuple[Problem, ...]
    stored: tuple[StoredObject, ...]

    def catalog(self, series: dict[SeriesKey, Series]) -> Catalog:
        return Catalog(
            tuple(
                Study(info, patient, tuple(series[key] for key in keys))
                for info, patient, keys in self.studies
            ),
            self.problems,
            self.stored,
        )


class ReadingProcess:
    """`ichviewer.services.open_study.open_study` and `ichviewer.dicom.decode.read_slice`, somewhere else.

    The processes are started at once and without waiting for them, so that they get ready while the window is built.
    The analysis has its slices decoded in one more, started when it first needs it: a file that takes long, or on
    which its decoder dies, must not hold up what a person looks at.
    """

    def __init__(self) -> None:
        self._lister = WorkerProcess("the reading process", _open_lister)
        self._decoder = Decoder()
        self._lock = threading.Lock()
        self._closed = False
        self._for_analysis: Decoder | None = None
        self._kept: PixelCache | None = None

    @property
    def pids(self) -> tuple[int | None, int | None]:
        """Process ids of who lists and of who decodes, None while there is no process."""
        return self._lister.pid, self._decoder.pid

    def open_study(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress = silent,
        cancel: CancelToken | None = None,
        on_partial: Callable[[Catalog], None] | None = None,
    ) -> Catalog:
        """Read the headers of everything under some paths; see `ichviewer.services.open_study.open_study`.

        Raises
        ------
        NothingReadableError, Cancelled
            As there.
        EngineError
            The process ended before it was done.
        """
        series: dict[SeriesKey, Series] = {}

        def take(item: Series | _Outline) -> None:
            if isinstance(item, Series):
                series[item.key] = item
            elif on_partial is not None:
                on_partial(item.catalog(series))

        outline: _Outline = self._lister.run(
            "list", list(paths), subject=_identity(paths), on_item=take, progress=progress, cancel=cancel
        )
        return outline.catalog(series)

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        """Decode a slice; see `ichviewer.services.decoder.Decoder.read_slice`.

        Raises
        ------
        ReadError, DecodeError, Cancelled
        """
        return self._decoder.read_slice(info)

    def share(self, kept: PixelCache | None) -> None:
        """From now on, let the analysis have the slices that are kept here, and keep here those that it needs."""
        with self._lock:
            self._kept = kept

    def read_for_analysis(self, info: SliceInfo) -> DecodedSlice:
        """A slice for the analysis: one that is shared, or else decoded, and shared then; from any thread.

        Raises
        ------
        ReadError, DecodeError, Cancelled
        """
        with self._lock:
            if self._closed:
                raise Cancelled
            if self._for_analysis is None:
                self._for_analysis = Decoder(niceness=NICE)
            decoder, kept = self._for_analysis, self._kept
        return decoder.read_slice(info) if kept is None else kept.get(info, decoder.read_slice)

    def close(self) -> None:
        """End the processes at once. May be called twice and from any thread."""
        self._lister.close()
        self._decoder.close()
        with self._lock:
            self._closed = True
            if self._for_analysis is not None:
                self._for_analysis.close()


def _identity(paths: Sequence[Path]) -> str:
    return hashlib.blake2b(
        repr(list(paths)).encode("utf-8", errors="surrogatepass"), digest_size=16
    ).hexdigest()


# In the process


def _open_lister() -> Staff:
    # The window is not there yet: a good time for what takes long to load.
    from ichviewer.services.open_study import open_study  # noqa: PLC0415

    decoders: list[Decoder] = []

    def read_slice(info: SliceInfo) -> DecodedSlice:
        # Only files that claim to be the same image are decoded while listing, so most listings need none.
        if not decoders:
            decoders.append(Decoder())
        return decoders[0].read_slice(info)

    def read(paths: Any, asker: Asker) -> _Outline:
        teller = _Teller(asker)
        catalog = open_study(
            paths,
            progress=asker.progress,
            cancel=asker.cancel,
            on_partial=lambda c: asker.item(teller.outline(c)),
            read_slice=read_slice,
        )
        return teller.outline(catalog)

    def close() -> None:
        for decoder in decoders:
            decoder.close()

    return Staff({"list": read}, close=close)


class _Teller:
    """Sends what was found so far, each series once unless it has changed."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._sent: dict[SeriesKey, Any] = {}

    def outline(self, catalog: Catalog) -> _Outline:
        """Send the series that are new or have changed; what is left of the catalog."""
        for series in catalog.series:
            state = (len(series), series.problems)
            if self._sent.get(series.key) != state:
                self._sent[series.key] = state
                self._asker.item(series)
        return _Outline(
            [(s.info, s.patient, [series.key for series in s.series]) for s in catalog.studies],
            catalog.problems,
            catalog.stored,
        )
