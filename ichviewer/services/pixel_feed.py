"""Gives one process the slices that another one keeps, so that a slice is decoded once for both.

The window keeps decoded slices for the screen. The analysis asks it for them, one at a time, through a pipe of its
own with the words of `ichviewer.services.worker_protocol`; the pixels lie in memory that both have
(`ichviewer.services.pixel_slot`). Either end may be killed at any time: the other one hears that the pipe is closed.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.identity import slice_identity
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import IchViewerError, WorkerBugError
from ichviewer.progress import Cancelled
from ichviewer.services.pixel_slot import PixelSlot, Placed
from ichviewer.services.worker_protocol import Exchange, Kind, Message, ProtocolError, Request, new_request

log = logging.getLogger("ichviewer.services")

ReadSlice = Callable[[SliceInfo], DecodedSlice]
_GONE = (EOFError, BrokenPipeError, ConnectionResetError)
_JOB = "decode"


class PixelFeed:
    """The end that has the slices: answers one process, on a thread of its own, until that process ends.

    Parameters
    ----------
    read : function of SliceInfo
        A slice, kept or decoded; called on that thread.
    """

    def __init__(self, read: ReadSlice) -> None:
        self._read = read
        self._slot = PixelSlot.make()
        self._pipe, self._theirs = multiprocessing.get_context("spawn").Pipe()

    @property
    def for_process(self) -> tuple[Connection, PixelSlot | None]:
        """What the process needs for its `FedPixels`; to be given to it when it is started."""
        return self._theirs, self._slot

    def start(self) -> None:
        """Begin to answer; call when the process has been started, or could not be."""
        # With this end open here, nobody would hear that the process has ended.
        self._theirs.close()
        # A daemon: a decoder that hangs must not keep the program from ending.
        threading.Thread(target=self._serve, name="ichviewer-pixel-feed", daemon=True).start()

    def _serve(self) -> None:
        with self._pipe:
            try:
                while True:
                    request = self._pipe.recv()
                    if isinstance(request, Request):
                        self._pipe.send(self._answer(request))
            except (*_GONE, OSError):
                log.debug("nobody asks for pixels any more")

    def _answer(self, request: Request) -> Message:
        def message(kind: Kind, value: object = None) -> Message:
            return Message(request.number, request.subject, kind, value)

        info = request.argument
        if not isinstance(info, SliceInfo) or slice_identity(info) != request.subject:
            return message(Kind.FAILURE, ProtocolError("a slice was asked for under the name of another"))
        try:
            decoded = self._read(info)
        except Cancelled:
            return message(Kind.CANCELLED)
        except IchViewerError as error:
            return message(Kind.FAILURE, error)
        except Exception as error:  # noqa: BLE001 - the boundary of a thread: a bug is told where a person can see it
            return message(
                Kind.FAILURE, WorkerBugError(f"{type(error).__name__}: {error}", traceback.format_exc())
            )
        return message(Kind.RESULT, decoded if self._slot is None else self._slot.place(decoded))


class FedPixels:
    """The end that asks, in the other process; from any thread, one slice at a time.

    Parameters
    ----------
    pipe : Connection
    slot : PixelSlot or None
        As `PixelFeed.for_process` gave them.
    """

    def __init__(self, pipe: Connection, slot: PixelSlot | None) -> None:
        self._pipe = pipe
        self._slot = slot
        self._one_slice = threading.Lock()

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        """The slice, with the hash of its pixels checked.

        Raises
        ------
        ReadError, DecodeError
            What decoding it raised at the other end.
        Cancelled
            The other end was closed, or is gone.
        EngineError
            It answered something else than it was asked.
        """
        exchange = Exchange(new_request(slice_identity(info), _JOB, info))
        with self._one_slice:
            message = self._ask(exchange)
            if message.kind is Kind.CANCELLED:
                raise Cancelled
            if message.kind is Kind.FAILURE:
                assert isinstance(message.value, BaseException)
                raise message.value
            if isinstance(message.value, Placed) and self._slot is not None:
                return self._slot.take(message.value)
            if message.kind is not Kind.RESULT or not isinstance(message.value, DecodedSlice):
                raise ProtocolError("no pixels came for a slice", found=type(message.value).__name__)
            # A pickled array is writable again.
            message.value.image.stored.setflags(write=False)
            return message.value

    def _ask(self, exchange: Exchange) -> Message:
        try:
            self._pipe.send(exchange.request)
            while True:
                message = exchange.accept(self._pipe.recv())
                if message is not None:
                    return message
        except _GONE as error:
            raise Cancelled from error

    def close(self) -> None:
        """Ask no more."""
        self._pipe.close()
