"""Choices made by the bytes of a fuzzer: the same bytes always make the same choices."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_ODD_FLOATS = (0.0, -0.0, 1e-300, 1e-7, 0.01, 0.11, 1e15, -1e15, 1e30, 1e308, float("nan"), float("inf"))


class Choices:
    """Takes bytes from the front; where they are used up, every choice is the first or the lowest.

    Parameters
    ----------
    data : bytes
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._at

    def raw(self, length: int) -> bytes:
        """Up to ``length`` bytes."""
        taken = self._data[self._at : self._at + length]
        self._at += len(taken)
        return taken

    def number(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        width = (high - low).bit_length() // 8 + 1
        return low + int.from_bytes(self.raw(width), "little") % (high - low + 1)

    def yes(self) -> bool:
        """One of two."""
        return self.number(0, 1) == 1

    def pick(self, things: Sequence[T]) -> T:
        """One of several."""
        return things[self.number(0, len(things) - 1)]

    def real(self) -> float:
        """A float: usual tenths of a mm mostly, else an odd one, or any there is."""
        kind = self.number(0, 7)
        if kind < 6:
            return self.number(-4000, 4000) / 10
        if kind == 6:
            return self.pick(_ODD_FLOATS)
        return float(struct.unpack("<d", self.raw(8).ljust(8, b"\0"))[0])

    def text(self, longest: int = 24) -> str:
        """A short text of any characters."""
        return self.raw(self.number(0, longest)).decode("latin-1")
