"""Decodes slices in a process that may die: native decoders crash on some damaged files, and some never end."""

from __future__ import annotations

import faulthandler
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import replace

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.identity import slice_identity
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import DecodeError, EngineError
from ichviewer.services.child_process import ProcessGoneError
from ichviewer.services.pixel_slot import PixelSlot, Placed
from ichviewer.services.worker_process import WorkerProcess
from ichviewer.services.worker_serve import Asker, Job, Staff

DECODE_TIMEOUT_S = 30.0
"""A slice of 512 x 512 takes milliseconds, the largest frames seen a second."""

_GRACE_S = 5.0

_Stamp = tuple[SliceSource, int, int]


class Decoder:
    """`ichviewer.dicom.decode.read_slice`, somewhere else; from any thread, one slice after the other.

    A file that made the decoder crash fails at once when it is asked for again, until it changes.

    Parameters
    ----------
    open_staff : callable
        What decodes there; `ichviewer.dicom.decode.read_slice` unless told.
    timeout_s : float
        The longest that a slice may take.
    niceness : int
        How far it gives way to others.
    """

    def __init__(
        self,
        open_staff: Callable[[], Staff] | None = None,
        timeout_s: float = DECODE_TIMEOUT_S,
        *,
        niceness: int = 0,
    ) -> None:
        # While a slice is copied out of one and checked, the next is decoded into the other.
        slots = [slot for slot in (PixelSlot.make(), PixelSlot.make()) if slot is not None]
        self._worker = WorkerProcess(
            "the decoder", _open_placing, (open_staff or _open_decoder, slots), niceness=niceness
        )
        self._timeout_s = timeout_s
        self._slots: queue.SimpleQueue[tuple[int, PixelSlot | None]] = queue.SimpleQueue()
        for place, slot in enumerate(slots or [None]):
            self._slots.put((place, slot))
        self._lock = threading.Lock()
        self._crashed: dict[_Stamp, str] = {}

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        return self._worker.pid

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        """Decode a slice.

        Raises
        ------
        ReadError, DecodeError
            As `ichviewer.dicom.decode.read_slice`; a DecodeError too if the decoder crashed or did not answer.
        Cancelled
            The decoder was closed.
        """
        stamp = _stamp(info.source)
        with self._lock:
            known = self._crashed.get(stamp)
        if known is not None:
            raise DecodeError("the decoder crashed on this file", str(info.source), known)
        try:
            decoded = self._decode(info)
        except EngineError as error:
            how = error.found or error.what
            with self._lock:
                self._crashed[stamp] = how
            raise DecodeError("the decoder crashed on this file", str(info.source), how) from error
        # A pickled array is writable again.
        decoded.image.stored.setflags(write=False)
        if decoded.rgb is not None:
            decoded.rgb.setflags(write=False)
        return decoded

    def _decode(self, info: SliceInfo) -> DecodedSlice:
        try:
            return self._ask(info)
        except ProcessGoneError:
            # Perhaps somebody else ended the process, or memory was short: only a second time it is the file.
            return self._ask(info)

    def _ask(self, info: SliceInfo) -> DecodedSlice:
        # A slot is nobody else's until its slice has been taken out. What went wrong is heard out before the next
        # request, so nothing is written into it late either.
        place, slot = self._slots.get()
        try:
            answer: DecodedSlice | Placed = self._worker.run(
                "decode", (info, place), subject=slice_identity(info), timeout_s=self._timeout_s
            )
            if isinstance(answer, DecodedSlice):
                return answer
            assert slot is not None
            return slot.take(answer)
        finally:
            self._slots.put((place, slot))

    def close(self) -> None:
        """End the process at once. May be called twice and from any thread."""
        self._worker.close()


def _stamp(source: SliceSource) -> _Stamp:
    try:
        status = source.path.stat()
    except OSError:
        return source, 0, 0  # reading it says why
    return source, status.st_mtime_ns, status.st_size


# In the process


def _open_placing(open_staff: Callable[[], Staff], slots: list[PixelSlot]) -> Staff:
    """The same staff, whose slices are handed over in shared memory where there is any."""
    staff = open_staff()

    def placing(job: Job) -> Job:
        def run(argument: object, asker: Asker) -> object:
            assert isinstance(argument, tuple)
            info, place = argument
            result = job(info, asker)
            return slots[place].place(result) if slots and isinstance(result, DecodedSlice) else result

        return run

    return replace(staff, jobs={name: placing(job) for name, job in staff.jobs.items()})


def _open_decoder() -> Staff:
    # Loaded in the process only.
    from ichviewer.dicom.decode import read_slice  # noqa: PLC0415
    from ichviewer.dicom.native_stderr import send_native_stderr_to_log  # noqa: PLC0415

    # What libraries written in C and Rust print, panics included, is no word for a person.
    send_native_stderr_to_log()

    nowhere = open(os.devnull, "w")  # noqa: SIM115, PTH123 - as long as the process lives

    def decode(info: object, asker: Asker) -> DecodedSlice:
        assert isinstance(info, SliceInfo)
        # Whoever asked has given up by then, or is gone; a decoder that holds the interpreter lock hears of neither.
        faulthandler.dump_traceback_later(DECODE_TIMEOUT_S + _GRACE_S, exit=True, file=nowhere)
        try:
            return read_slice(info)
        finally:
            faulthandler.cancel_dump_traceback_later()

    return Staff({"decode": decode}, close=nowhere.close)
