"""Decoded slices kept in memory, within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo, SliceSource

DEFAULT_MAX_BYTES = 512 * 1024 * 1024


def _read_here(info: SliceInfo) -> DecodedSlice:
    # Imported on use: the window has its slices decoded elsewhere and never needs the decoders.
    from ichviewer.dicom.decode import read_slice  # noqa: PLC0415

    return read_slice(info)


class PixelCache:
    """Decodes slices on demand and keeps the most recently used ones; safe to use from several threads.

    Two threads that ask for the same slice decode it once. Failures are not kept: the next one who asks tries again.

    Parameters
    ----------
    max_bytes : int
        Most memory that kept pixels may take; a slice larger than this is handed out but not kept.
    read : callable, optional
        Decodes a slice; `ichviewer.dicom.decode.read_slice` unless told.
    """

    def __init__(
        self, max_bytes: int = DEFAULT_MAX_BYTES, read: Callable[[SliceInfo], DecodedSlice] | None = None
    ) -> None:
        if max_bytes < 0:
            raise ValueError(f"max_bytes must be 0 or more. Received: {max_bytes}")
        self._max_bytes = max_bytes
        self._read = read or _read_here
        self._lock = threading.Lock()
        self._kept: OrderedDict[SliceSource, DecodedSlice] = OrderedDict()
        self._running: dict[SliceSource, Future[DecodedSlice]] = {}
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """Memory that the kept pixels take, in bytes."""
        with self._lock:
            return self._nbytes

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        """The slice if it is there already; never decodes, never waits for one that does."""
        with self._lock:
            kept = self._kept.get(info.source)
            if kept is not None:
                self._kept.move_to_end(info.source)
            return kept

    def get(self, info: SliceInfo) -> DecodedSlice:
        """The decoded slice; waits while it, or another thread, decodes it.

        Raises
        ------
        ReadError, DecodeError
        """
        source = info.source
        with self._lock:
            kept = self._kept.get(source)
            if kept is not None:
                self._kept.move_to_end(source)
                return kept
            running = self._running.get(source)
            mine: Future[DecodedSlice] | None = None
            if running is None:
                mine = self._running[source] = Future()
        if mine is None:
            if running is None:
                raise AssertionError(
                    "unreachable: without one of our own, another thread's decoding was found"
                )
            return running.result()
        return self._decode(info, mine)

    def _decode(self, info: SliceInfo, mine: Future[DecodedSlice]) -> DecodedSlice:
        try:
            decoded = self._read(info)
        except BaseException as error:
            with self._lock:
                self._forget_running(info.source, mine)
            mine.set_exception(error)
            raise
        with self._lock:
            # After clear() the result is still handed out, but no longer kept.
            if self._forget_running(info.source, mine):
                self._keep(info.source, decoded)
        mine.set_result(decoded)
        return decoded

    def _forget_running(self, source: SliceSource, mine: Future[DecodedSlice]) -> bool:
        if self._running.get(source) is not mine:
            return False
        del self._running[source]
        return True

    def _keep(self, source: SliceSource, decoded: DecodedSlice) -> None:
        if decoded.nbytes > self._max_bytes:
            return
        self._kept[source] = decoded
        self._nbytes += decoded.nbytes
        while self._nbytes > self._max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._nbytes -= oldest.nbytes

    def clear(self) -> None:
        """Drop everything; what is being decoded right now will not be kept either."""
        with self._lock:
            self._kept.clear()
            self._running.clear()
            self._nbytes = 0
