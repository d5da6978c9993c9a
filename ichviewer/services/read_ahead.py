"""Decodes slices before they are asked for, on threads of their own, while the processor does something else."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo, SliceSource

AHEAD = 4
"""Slices decoded ahead: enough to hide one that takes long."""
_THREADS = 2
"""While one takes a slice over from the decoder, the other has the next one decoded."""


class Pixels(Protocol):
    """Decodes slices and keeps the last ones (see `ichviewer.dicom.pixel_cache.PixelCache`)."""

    def get(self, info: SliceInfo) -> DecodedSlice:
        """The decoded slice; from any thread."""

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        """The slice if it is there already; never decodes."""


class ReadAhead:
    """Fills a cache of decoded slices. Used as a context: at its end nothing more is decoded.

    Parameters
    ----------
    pixels : Pixels
    """

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ichviewer-read-ahead")
        self._asked: dict[SliceSource, Future[DecodedSlice]] = {}

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Ctrl+C does not wait for a decoder that hangs; whoever made the decoder closes it then.
        interrupted = kind is not None and not issubclass(kind, Exception)
        self._threads.shutdown(wait=not interrupted, cancel_futures=True)

    def want(self, infos: Iterable[SliceInfo]) -> None:
        """Decode these soon, in this order. One that fails says so when it is asked for."""
        self._asked = {source: future for source, future in self._asked.items() if not future.done()}
        for info in infos:
            if info.source not in self._asked and self._pixels.peek(info) is None:
                self._asked[info.source] = self._threads.submit(self._pixels.get, info)
