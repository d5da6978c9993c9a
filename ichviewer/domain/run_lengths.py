"""Masks of slices as run lengths: small where regions are compact, and the same bytes for the same pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.voxel_region import Mask

_RUN = np.dtype("<u4")


def encode(mask: Mask) -> bytes:
    """Run lengths of a mask: pixels outside and inside in turn, row after row, the first outside.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)

    Returns
    -------
    bytes
        Little-endian uint32. Only the first run may be 0; all together are as many as there are pixels.
    """
    flat = np.ascontiguousarray(mask, dtype=bool).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = np.concatenate([[0], edges, [flat.size]])
    if flat.size and flat[0]:
        bounds = np.concatenate([[0], bounds])
    return bytes(np.diff(bounds).astype(_RUN).tobytes())


def decode(runs: bytes, shape: tuple[int, int]) -> Mask:
    """The mask of run lengths, shape (rows, columns).

    Raises
    ------
    ValueError
        If they are not what `encode` makes of a mask of this shape.
    """
    lengths = lengths_of(runs)
    if int(lengths.sum()) != shape[0] * shape[1]:
        raise ValueError(f"run lengths must add up to {shape}. Received: {int(lengths.sum())}")
    inside = np.arange(lengths.size) % 2 == 1
    return np.repeat(inside, lengths).reshape(shape)


def lengths_of(runs: bytes) -> NDArray[np.int64]:
    """Run lengths as numbers, shape (runs,).

    Raises
    ------
    ValueError
        If they cannot come from a mask.
    """
    if not runs or len(runs) % _RUN.itemsize:
        raise ValueError(f"run lengths take 4 bytes each. Received: {len(runs)} bytes")
    lengths = np.frombuffer(runs, dtype=_RUN).astype(np.int64)
    if not lengths[1:].all():
        raise ValueError(f"only the first run may be empty. Received: {lengths[:8].tolist()}")
    return lengths


def count_inside(runs: bytes) -> int:
    """How many pixels lie inside."""
    return int(lengths_of(runs)[1::2].sum())


def as_text(runs: bytes) -> str:
    """Run lengths as decimal numbers with spaces between, for files that people may read."""
    return " ".join(map(str, lengths_of(runs).tolist()))


def from_text(text: str) -> bytes:
    """Run lengths of a text.

    Raises
    ------
    ValueError
        If it holds anything but whole numbers that 32 bits can hold.
    """
    words = text.split(" ")
    if not all(word.isascii() and word.isdigit() and len(word) <= 10 for word in words):
        raise ValueError(f"run lengths are whole numbers. Received: {text[:40]!r}")
    numbers = np.array(words, dtype=np.uint64)
    if numbers.max() > np.iinfo(_RUN).max:
        raise ValueError(f"run lengths fit into 32 bits. Received: {int(numbers.max())}")
    return bytes(numbers.astype(_RUN).tobytes())
