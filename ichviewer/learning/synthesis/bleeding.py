"""Puts lesions into a head: fluid spaces are filled, the brain is moved, then blood takes the room that was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue, clear_of_bone

_OWN_GRAIN, _TOUCHED_HU, _LEAST_BROKEN = 2.2, 0.5, 0.5
_PLANES = (-1 / 3, 0.0, 1 / 3)
_BLOCK_PX, _ROUNDS, _LEAST_MM = 4, 45, 0.3


@dataclass(frozen=True, eq=False)
class Displacement:
    """In-plane displacement in mm, along rows and along columns, each of shape (n, h, w)."""

    down_mm: Field
    across_mm: Field

    @property
    def size_mm(self) -> Field:
        """Length of the displacement."""
        return np.hypot(self.down_mm, self.across_mm)


@dataclass(frozen=True, eq=False)
class Solid:
    """Blood that makes its own room; arrays of shape (n, h, w), `hu` of one that broadcasts to it."""

    kind: Hemorrhage
    level_mm: Field  # positive inside the lesion, about the distance to its surface
    hu: Field
    given: Mask  # where the lesion says how far the brain has been moved
    down_mm: Field  # this and the next: how far
    across_mm: Field
    rim_mm: float = 0.0  # width of the edema around
    rim_hu: float = 0.0  # by how much that is darker than brain
    effaced: float = 0.0  # share by which nearby sulci lose their fluid, 0 to 1


@dataclass(frozen=True, eq=False)
class Filling:
    """Blood that takes the place of CSF: its share of each pixel, (n, h, w), and its HU, broadcastable to that."""

    kind: Hemorrhage
    share: Field
    hu: Field


@dataclass(frozen=True, eq=False)
class Bled:
    """A head with blood in it, HU (n, h, w), and how its brain was moved.

    For each kind of blood its share of each pixel is known, and HU without noise where it has one.
    """

    hu: Field
    shares: dict[Hemorrhage, Field]
    plain_hu: dict[Hemorrhage, Field]
    move: Displacement | None = None

    @property
    def moved_mm(self) -> Field:
        """How far the brain was moved, shape (n, h, w)."""
        return np.zeros_like(self.hu) if self.move is None else self.move.size_mm


def unmoved(kind: Hemorrhage, level_mm: Field, hu: Field) -> Solid:
    """Blood for which no brain has to give way."""
    nothing = np.zeros(level_mm.shape, np.float32)
    return Solid(kind, level_mm, hu, np.zeros(level_mm.shape, bool), nothing, nothing)


def share_of(level_mm: NDArray[np.floating[Any]], blur_px: float) -> Field:
    """Share of each thick pixel that lies inside a level function.

    The slice is sampled at planes within its thickness, between which the level runs linearly to the next slice's,
    and averaged; then blurred in the plane as a scanner does.
    """
    level_mm = np.asarray(level_mm, np.float32)
    up = np.concatenate([level_mm[1:], level_mm[-1:]])
    down = np.concatenate([level_mm[:1], level_mm[:-1]])
    share = np.zeros_like(level_mm)
    for plane in _PLANES:
        level = level_mm + np.float32(abs(plane)) * ((up if plane > 0 else down) - level_mm)
        share += np.clip(level + 0.5, 0, 1)
    share /= np.float32(len(_PLANES))
    for k in np.flatnonzero(share.max(axis=(1, 2)) > 0):
        share[k] = ndimage.gaussian_filter(share[k], blur_px, truncate=3.0)
    return share


def bleed(
    hu: Field, skull: Skull, tissue: Tissue, lesions: Sequence[Filling | Solid], *, blur_px: float
) -> Bled:
    """Put lesions into HU (n, h, w); pixels outside the skull stay as they are."""
    fillings = [lesion for lesion in lesions if isinstance(lesion, Filling)]
    solids = [lesion for lesion in lesions if isinstance(lesion, Solid)]
    mm = skull.step_mm[1]
    grain = np.clip(hu - tissue.smooth_hu, -_OWN_GRAIN * tissue.noise_hu, _OWN_GRAIN * tissue.noise_hu)
    clear = clear_of_bone(hu, skull.depth_mm)
    grain[~clear] = 0
    # Air and bone stay what they are.
    open_to_blood = skull.inside * np.clip((hu + 14) / 6, 0, 1) * np.clip((99 - hu) / 5, 0, 1)
    soft = before = np.where(clear, hu, tissue.smooth_hu)
    shares: dict[Hemorrhage, Field] = {}
    plain: dict[Hemorrhage, Field] = {}

    def note(kind: Hemorrhage, share: Field, blood_hu: Field) -> None:
        mixed = (tissue.smooth_hu + share * (blood_hu - tissue.smooth_hu)).astype(np.float32)
        if kind in shares:
            mixed = np.where(share >= shares[kind], mixed, plain[kind])
            share = np.maximum(shares[kind], share)
        shares[kind], plain[kind] = share, mixed

    for filling in fillings:
        # Fluid that is blood already cannot become it twice.
        taken = sum(shares.values(), np.float32(0))
        share = (np.clip(np.minimum(filling.share, 1 - taken), 0, 1) * open_to_blood).astype(np.float32)
        soft = soft + share * (filling.hu - tissue.smooth_hu)
        note(filling.kind, share, filling.hu)
    rooms = tissue.ventricles.astype(np.float32)
    move = _movement(skull, solids)
    if move is not None:
        soft = carry(soft, move, mm)
        shares = {kind: np.clip(carry(share, move, mm, order=1), 0, 1) for kind, share in shares.items()}
        plain = {kind: carry(hu, move, mm, order=1) for kind, hu in plain.items()}
        soft = _efface(soft, tissue, move, max(s.effaced for s in solids))
        rooms = np.clip(carry(rooms, move, mm, order=1), 0, 1)
    for solid in solids:
        if solid.rim_mm > 0:
            soft = soft - _rim(solid, skull, tissue)
    # Blood outside the brain wins over blood inside it.
    for solid in sorted(solids, key=lambda s: s.kind is not Hemorrhage.INTRAPARENCHYMAL):
        share = share_of(solid.level_mm, blur_px) * open_to_blood
        for kind in shares.keys() - {solid.kind}:
            shares[kind] = shares[kind] * (1 - share)
        soft = soft * (1 - share) + (solid.hu + 0.95 * grain) * share
        if solid.kind is Hemorrhage.INTRAPARENCHYMAL:
            # What has broken into a ventricle is blood of the ventricle.
            broken = (share * rooms).astype(np.float32)
            if broken.max() > _LEAST_BROKEN:
                note(Hemorrhage.INTRAVENTRICULAR, broken, solid.hu)
                share = share - broken
        note(solid.kind, share.astype(np.float32), solid.hu)
    # Where bone shines into a pixel it goes on shining; and what nothing was done to stays as it is.
    edge = np.where(np.abs(soft - before) > _TOUCHED_HU, np.maximum(soft, hu), hu)
    new = np.where(clear, soft, edge)
    return Bled(np.where(skull.inside, new, hu).astype(np.float32), shares, plain, move)


def _movement(skull: Skull, solids: Sequence[Solid]) -> Displacement | None:
    """How all lesions together move the brain; where two say how far, the longer way counts."""
    given = np.zeros(skull.inside.shape, bool)
    down, across = np.zeros(given.shape, np.float32), np.zeros(given.shape, np.float32)
    for solid in solids:
        longer = solid.given & (np.hypot(solid.down_mm, solid.across_mm) >= np.hypot(down, across) * given)
        down = np.where(longer, solid.down_mm, down)
        across = np.where(longer, solid.across_mm, across)
        given |= solid.given
    if not given.any() or max(np.abs(down).max(), np.abs(across).max()) < 0.5:
        return None
    return relax(skull, given, down, across)


def _efface(soft: Field, tissue: Tissue, move: Displacement, effaced: float) -> Field:
    """Fluid is pressed out of the sulci where the brain is moved."""
    size = move.size_mm
    out = soft.copy()
    for k in np.flatnonzero(size.max(axis=(1, 2)) > 0.5):
        smooth = ndimage.gaussian_filter(soft[k], 1.1, truncate=3.0)
        lack = np.clip(tissue.local_hu[k] - smooth, 0, 30)
        # Large pools of fluid are squeezed by the movement alone.
        narrow = lack - ndimage.minimum_filter(ndimage.uniform_filter(lack, 7), 5)
        out[k] = soft[k] + np.clip(narrow, 0, 14) * np.clip(size[k] / 4, 0, 1) * np.float32(effaced)
    return out


def _rim(solid: Solid, skull: Skull, tissue: Tissue) -> Field:
    """Edema in HU: it runs along white matter, hardly into cortex and not into fluid."""
    near = np.clip(1 + solid.level_mm / np.float32(solid.rim_mm), 0, 1)
    near[solid.level_mm > 1] = 0
    white = np.clip((tissue.brain_hu + 6 - tissue.smooth_hu) / 8, 0.35, 1) * (1 - tissue.fluid)
    return np.asarray(np.sqrt(near) * white * np.float32(solid.rim_hu) * skull.inside, np.float32)


def relax(skull: Skull, given: Mask, down_mm: Field, across_mm: Field) -> Displacement:
    """The displacement everywhere, from what it is where it is given; all arrays are of shape (n, h, w).

    It is zero outside the skull and harmonic between, solved on blocks of a few pixels: nearby sulci and ventricles
    are squeezed, the midline moves away from a large collection, and what is far does not move at all.
    """
    part = _blocks(given.astype(np.float32))
    known = part > 0.2
    scale = 1 / np.maximum(part, 1e-3)
    value = np.stack([_blocks(down_mm * given) * scale, _blocks(across_mm * given) * scale])
    free = (_blocks(skull.inside.astype(np.float32)) > 0.5) & ~known
    coarse = _solve(np.where(known, value, 0.0), free, (skull.step_mm[1] * _BLOCK_PX / skull.step_mm[0]) ** 2)
    rows, columns = (_linear_weights(n) for n in given.shape[1:])
    fine = np.stack([np.matmul(np.matmul(rows, u), columns.T) for u in coarse])
    # What hardly moves stays where it is, so that pictures far from a lesion are untouched.
    fine *= np.clip(1 - _LEAST_MM / np.maximum(np.hypot(fine[0], fine[1]), 1e-6), 0, 1)
    return Displacement(fine[0].astype(np.float32), fine[1].astype(np.float32))


def carry(picture: Field, move: Displacement, mm_per_px: float, order: int = 3) -> Field:
    """A stack after the displacement: what is now at p was at p - displacement."""
    moved = picture.copy()
    rows, columns = np.mgrid[: picture.shape[1], : picture.shape[2]].astype(np.float32)
    for k, size in enumerate(move.size_mm):
        where = size > 0
        if where.any():
            down, across = move.down_mm[k][where] / mm_per_px, move.across_mm[k][where] / mm_per_px
            at = [rows[where] - down, columns[where] - across]
            moved[k][where] = ndimage.map_coordinates(picture[k], at, order=order, mode="nearest")
    return moved


def _blocks(stack: Field) -> Field:
    """Means over blocks in the plane; beyond the edge everything is 0."""
    n, h, w = stack.shape
    rows, columns = -(-h // _BLOCK_PX), -(-w // _BLOCK_PX)
    padded = np.zeros((n, rows * _BLOCK_PX, columns * _BLOCK_PX), np.float32)
    padded[:, :h, :w] = stack
    return np.asarray(padded.reshape(n, rows, _BLOCK_PX, columns, _BLOCK_PX).mean(axis=(2, 4)), np.float32)


def _linear_weights(n: int) -> Field:
    """Matrix that interpolates means of blocks back to n samples, shape (n, blocks)."""
    blocks = -(-n // _BLOCK_PX)
    at = np.clip((np.arange(n) + 0.5) / _BLOCK_PX - 0.5, 0, blocks - 1)
    low = np.minimum(at.astype(int), max(blocks - 2, 0))
    weights = np.zeros((n, blocks), np.float32)
    weights[np.arange(n), low] = 1 - (at - low)
    if blocks > 1:
        weights[np.arange(n), low + 1] = at - low
    return weights


def _solve(start: Field, free: Mask, ratio: float) -> Field:
    """Let each free block be the mean of its neighbors, over and over; a little beyond, which is quicker."""
    u = np.pad(start, ((0, 0), (1, 1), (1, 1), (1, 1))).astype(np.float32)
    total = np.float32(4 + 2 * ratio)
    gain = np.where(free, np.float32(1.0), np.float32(0.0)) / total
    checker = (np.indices(free.shape).sum(axis=0) % 2).astype(bool)
    halves = (gain * ~checker * 1.75, gain * checker * 1.75)
    own, inner = u[:, 1:-1], u[:, 1:-1, 1:-1, 1:-1]
    for _ in range(_ROUNDS):
        for half in halves:
            # Beyond the ends of the stack the head goes on as it is in the last slice.
            u[:, 0], u[:, -1] = u[:, 1], u[:, -2]
            around = own[..., :-2, 1:-1] + own[..., 2:, 1:-1] + own[..., 1:-1, :-2] + own[..., 1:-1, 2:]
            around += np.float32(ratio) * (u[:, :-2, 1:-1, 1:-1] + u[:, 2:, 1:-1, 1:-1])
            around -= total * inner
            inner += half * around
    return inner.copy()
