"""Hands decoded slices from one process to another through memory that both see.

A pipe takes a slice in hundreds of small pieces, with a switch between the processes for each. Here the pixels are
copied into shared memory by who decoded them and out of it by who asked; only what describes them goes through the
pipe. The memory has no name: it is inherited, nothing else can open it, and it is gone with the last process that has
it, however that ends (memfd_create(2)). It is no part of ``/dev/shm``, whose size containers limit to little.

Where there is no such memory (systems other than Linux, none left), or a slice does not fit, slices go through the
pipe as a whole.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import PaddingRange, Rescale, SliceImage
from ichviewer.domain.problems import Problem
from ichviewer.services.worker_protocol import ProtocolError

SLOT_BYTES = 16 * 1024 * 1024
"""A slice of 2,048 x 2,048 px. Only what was written to takes memory."""


@dataclass(frozen=True)
class Placed:
    """A slice whose pixels lie in a `PixelSlot`: all of a `DecodedSlice` but its arrays.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns.
    dtype : str
        Of the stored values, as numpy writes it.
    rescale, padding, rows_read, low_is_bright
        As in `SliceImage`.
    problems, pixel_hash
        As in `DecodedSlice`.
    in_color : bool
        Whether colors lie behind the stored values.
    """

    shape: tuple[int, int]
    dtype: str
    rescale: Rescale
    padding: PaddingRange | None
    rows_read: int | None
    low_is_bright: bool
    problems: tuple[Problem, ...]
    pixel_hash: str
    in_color: bool


class PixelSlot:
    """Shared memory for one slice at a time; made by the process that asks, given to the one that answers.

    Who asks has to `take` a slice before the next one is asked for.

    Parameters
    ----------
    descriptor : int
        Of the memory; closed with this object.
    size : int
        In bytes.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._memory = mmap.mmap(descriptor, size)
        self._backed = 0  # bytes from the start that are known to have memory behind them
        weakref.finalize(self, os.close, descriptor)

    @classmethod
    def make(cls, size: int = SLOT_BYTES) -> PixelSlot | None:
        """New memory; None where there is none to be had."""
        if sys.platform != "linux":
            return None
        with contextlib.suppress(OSError):
            import fcntl  # noqa: PLC0415 - not on every platform

            descriptor = os.memfd_create("ichviewer", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            try:
                os.ftruncate(descriptor, size)
                # Nobody can take away what another process is reading.
                fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
                return cls(descriptor, size)
            except BaseException:
                os.close(descriptor)
                raise
        return None

    def __reduce__(self) -> tuple[Callable[..., PixelSlot], tuple[object, int]]:
        """For a process that is being started: it inherits the memory."""
        from multiprocessing.reduction import DupFd  # noqa: PLC0415 - not on every platform

        return _inherited, (DupFd(self._descriptor), self._size)

    def place(self, decoded: DecodedSlice) -> Placed | DecodedSlice:
        """Put a slice into the memory, in place of the one before.

        Returns
        -------
        Placed or DecodedSlice
            To be sent to who asked; the slice itself if it does not fit.
        """
        image, rgb = decoded.image, decoded.rgb
        if decoded.nbytes > self._size or not self._back(decoded.nbytes):
            return decoded
        self._array(image.stored.dtype.str, image.shape)[...] = image.stored
        if rgb is not None:
            self._array("|u1", rgb.shape, image.nbytes)[...] = rgb
        return Placed(
            image.shape,
            image.stored.dtype.str,
            image.rescale,
            image.padding,
            image.rows_read,
            image.low_is_bright,
            decoded.problems,
            decoded.pixel_hash,
            rgb is not None,
        )

    def take(self, placed: Placed) -> DecodedSlice:
        """Copy the slice out of the memory.

        Raises
        ------
        ProtocolError
            If these are not the pixels that the other process spoke of.
        """
        stored = self._array(placed.dtype, placed.shape).copy()
        image = SliceImage(stored, placed.rescale, placed.padding, placed.rows_read, placed.low_is_bright)
        if pixel_hash(image) != placed.pixel_hash:
            raise ProtocolError("pixels were handed over that are not those of the slice")
        rgb = self._array("|u1", (*placed.shape, 3), image.nbytes).copy() if placed.in_color else None
        return DecodedSlice(image, placed.problems, placed.pixel_hash, rgb)

    def _array(self, dtype: str, shape: tuple[int, ...], offset: int = 0) -> NDArray[Any]:
        return np.ndarray(shape, dtype, buffer=self._memory, offset=offset)

    def _back(self, size: int) -> bool:
        """Whether there is memory for so many bytes: where it is short, writing would end the process."""
        if size > self._backed:
            try:
                os.posix_fallocate(self._descriptor, 0, size)
            except OSError:
                return False
            self._backed = size
        return True


def _inherited(descriptor: object, size: int) -> PixelSlot:
    return PixelSlot(descriptor.detach(), size)  # type: ignore[attr-defined]
