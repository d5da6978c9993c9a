"""How brain gives way: a smooth displacement that is given in some places, zero at the skull, harmonic between.

Solved on blocks of a few mm, coarse to fine. Nearby sulci and ventricles are squeezed, the midline moves away from
a large collection, and what is far does not move at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.noise import linear_weights
from ichviewer.learning.synthesis.skull import Skull

_LEAST_MM = 0.3
_FACTOR = 4


@dataclass(frozen=True, eq=False)
class Displacement:
    """In-plane displacement in mm, along rows and along columns, each of shape (n, h, w)."""

    down_mm: Field
    across_mm: Field

    @property
    def size_mm(self) -> Field:
        """Length of the displacement."""
        return np.hypot(self.down_mm, self.across_mm)


def relax(skull: Skull, given: Mask, down_mm: Field, across_mm: Field) -> Displacement:
    """The displacement everywhere, from what it is in some places.

    Parameters
    ----------
    skull : Skull
        Outside of it nothing moves, unless it is given there.
    given : ndarray of bool, shape (n, h, w)
        Where the displacement is known.
    down_mm, across_mm : ndarray of float32, shape (n, h, w)
        What it is there.
    """
    _, h, w = given.shape
    ch, cw = -(-h // _FACTOR), -(-w // _FACTOR)
    room = _blocks(skull.inside.astype(np.float32)) > 0.5
    part = _blocks(given.astype(np.float32))
    known = part > 0.2
    scale = 1 / np.maximum(part, 1e-3)
    value = np.stack([_blocks(down_mm * given) * scale, _blocks(across_mm * given) * scale])
    start = np.where(known, value, 0.0)
    free = room & ~known
    ratio = (skull.step_mm[1] * _FACTOR / skull.step_mm[0]) ** 2
    u = _solve(start, free, ratio, rounds=90)
    rows, columns = linear_weights(h, ch, _FACTOR), linear_weights(w, cw, _FACTOR)
    fine = np.stack([np.matmul(np.matmul(rows, u[i]), columns.T) for i in range(2)])
    length = np.hypot(fine[0], fine[1])
    # What hardly moves stays where it is, so that pictures far from a lesion are untouched.
    fine *= np.clip(1 - _LEAST_MM / np.maximum(length, 1e-6), 0, 1)
    return Displacement(fine[0].astype(np.float32), fine[1].astype(np.float32))


def carry(picture: Field, move: Displacement, mm_per_px: float, order: int = 3) -> Field:
    """A stack after the displacement: what is now at p was at p - displacement."""
    moved = picture.copy()
    rows, columns = np.mgrid[: picture.shape[1], : picture.shape[2]].astype(np.float32)
    size = move.size_mm
    for k in range(len(picture)):
        where = size[k] > 0
        if not where.any():
            continue
        at = [
            rows[where] - move.down_mm[k][where] / mm_per_px,
            columns[where] - move.across_mm[k][where] / mm_per_px,
        ]
        moved[k][where] = ndimage.map_coordinates(picture[k], at, order=order, mode="nearest")
    return moved


def _blocks(stack: Field) -> Field:
    n, h, w = stack.shape
    ch, cw = -(-h // _FACTOR), -(-w // _FACTOR)
    padded = np.zeros((n, ch * _FACTOR, cw * _FACTOR), np.float32)
    padded[:, :h, :w] = stack
    mean: Field = padded.reshape(n, ch, _FACTOR, cw, _FACTOR).mean(axis=(2, 4))
    return mean


def _solve(start: Field, free: Mask, ratio: float, rounds: int) -> Field:
    """Let each free block be the mean of its neighbors, over and over; a little beyond, which is quicker."""
    n = start.shape[1]
    u = np.pad(start, ((0, 0), (1, 1), (1, 1), (1, 1))).astype(np.float32)
    gain = np.where(free, np.float32(1.0), np.float32(0.0)) / np.float32(4 + 2 * ratio)
    checker = (np.indices(free.shape).sum(axis=0) % 2).astype(bool)
    gains = [gain * ~checker * 1.75, gain * checker * 1.75]
    inner = u[:, 1:-1, 1:-1, 1:-1]
    total = np.float32(4 + 2 * ratio)
    for _ in range(rounds // 2):
        for half in gains:
            # Beyond the ends of the stack the head goes on as it is in the last slice.
            u[:, 0], u[:, n + 1] = u[:, 1], u[:, n]
            around = (
                u[:, 1:-1, :-2, 1:-1] + u[:, 1:-1, 2:, 1:-1] + u[:, 1:-1, 1:-1, :-2] + u[:, 1:-1, 1:-1, 2:]
            )
            around += np.float32(ratio) * (u[:, :-2, 1:-1, 1:-1] + u[:, 2:, 1:-1, 1:-1])
            around -= total * inner
            inner += half * around
    return inner.copy()
