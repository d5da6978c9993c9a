"""Decoded slices kept in memory, within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo, SliceSource

DEFAULT_MAX_BYTES = 512 * 1024 * 1024


_Key = tuple[SliceSource, str, str]


def _key(info: SliceInfo) -> _Key:
    """What a slice is kept under: a file that was replaced and listed again is another slice."""
    return info.source, info.sop_uid, info.header_mark


def _read_here(info: SliceInfo) -> DecodedSlice:
    # Imported on use: the window has its slices decoded elsewhere and never needs the decoders.
    from ichviewer.dicom.decode import read_slice  # noqa: PLC0415

    return read_slice(info)


class PixelCache:
    """Decodes slices on demand and keeps the most recently used ones; safe to use from several threads.

    Two threads that ask for the same slice decode it once. Failures are not kept: the next one who asks tries again.
    A slice is the same if the file is and its header said the same when it was listed.

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
        self._kept: OrderedDict[_Key, DecodedSlice] = OrderedDict()
        self._running: dict[_Key, Future[DecodedSlice]] = {}
        # Hashes, so that no word of what was closed is held.
        self._closed: set[int] = set()
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
        key = _key(info)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def get(self, info: SliceInfo, read: Callable[[SliceInfo], DecodedSlice] | None = None) -> DecodedSlice:
        """The decoded slice; waits while it, or another thread, decodes it.

        Parameters
        ----------
        info : SliceInfo
        read : callable, optional
            Decodes it in place of what this cache was made with.

        Raises
        ------
        ReadError, DecodeError
        """
        key = _key(info)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            running = self._running.get(key)
            mine: Future[DecodedSlice] | None = None
            if running is None:
                mine = self._running[key] = Future()
        if mine is None:
            if running is None:
                raise AssertionError(
                    "unreachable: without one of our own, another thread's decoding was found"
                )
            return running.result()
        return self._decode(info, mine, read or self._read)

    def _decode(
        self, info: SliceInfo, mine: Future[DecodedSlice], read: Callable[[SliceInfo], DecodedSlice]
    ) -> DecodedSlice:
        key = _key(info)
        try:
            decoded = read(info)
        except BaseException as error:
            with self._lock:
                self._forget_running(key, mine)
            mine.set_exception(error)
            raise
        with self._lock:
            # After clear() the result is still handed out, but no longer kept.
            if self._forget_running(key, mine):
                self._keep(key, decoded)
        mine.set_result(decoded)
        return decoded

    def _forget_running(self, key: _Key, mine: Future[DecodedSlice]) -> bool:
        if self._running.get(key) is not mine:
            return False
        del self._running[key]
        return True

    def _keep(self, key: _Key, decoded: DecodedSlice) -> None:
        if decoded.nbytes > self._max_bytes or hash(key) in self._closed:
            return
        self._kept[key] = decoded
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

    def close(self, slices: Iterable[SliceInfo]) -> None:
        """Drop some slices, and keep them no more: a thread that is late may still ask for one of them."""
        with self._lock:
            for key in map(_key, slices):
                kept = self._kept.pop(key, None)
                self._nbytes -= 0 if kept is None else kept.nbytes
                self._running.pop(key, None)
                self._closed.add(hash(key))

    def open(self, slices: Iterable[SliceInfo]) -> None:
        """Keep slices again that were closed."""
        with self._lock:
            if self._closed:
                self._closed.difference_update(hash(_key(info)) for info in slices)
