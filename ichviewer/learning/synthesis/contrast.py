"""Contrast medium put into real head CT: arteries, veins and sinuses as tubes and bands that follow the skull.

Made to count how often the check of the input sees contrast medium, not to train on. Places are in mm: x grows to
the right of the picture and y to the back, both from the middle of the head; z grows downwards from the vertex. They
are those of a head 142 mm wide and 178 mm long and are scaled to the head at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ichviewer.inference.head import Head
from ichviewer.inference.preprocess import crop_axis
from ichviewer.learning.synthesis.anatomy import Field

Point = tuple[float, float, float]
Range = tuple[float, float]

_PLANES = 5
"""Thin planes whose mean is a slice."""
_WIDTH_MM, _LENGTH_MM = 142.0, 178.0
_ABOVE_TOP_SLICE_MM = 8.0
"""The vertex lies about so far above the highest slice that shows brain in a ring of bone."""
_EDGE_MM = 0.7
_INNER_TABLE_HU = 300.0
_VESSELS_LIE_IN_HU = (-40.0, 250.0)
_RAYS = 360

# Both sides: x is mirrored.
_PAIRED: tuple[tuple[float, tuple[Point, ...]], ...] = (
    (1.9, ((12, -14, 100), (9, -13, 92), (4, -12, 90))),  # carotid siphon
    (1.4, ((4, -12, 90), (18, -14, 88), (33, -8, 82))),  # middle cerebral artery
    (1.1, ((33, -8, 82), (38, -14, 74), (39, -10, 64), (44, -12, 60))),  # its branches over the insula
    (1.0, ((33, -8, 82), (38, 2, 74), (39, 8, 64), (46, 14, 58))),
    (0.9, ((35, -6, 80), (37, 10, 76), (42, 22, 66), (50, 28, 52))),
    (1.0, ((1.5, -16, 89), (1.5, -27, 82), (1.5, -33, 72), (1.5, -27, 60), (1.5, -5, 52), (1.5, 20, 50))),
    (1.1, ((1, -2, 92), (12, 8, 88), (17, 25, 82), (10, 48, 74), (7, 62, 66))),  # posterior cerebral artery
)
_BASILAR: tuple[Point, ...] = ((0, 2, 115), (0, -3, 100), (0, -6, 92))
_DEEP_VEINS: tuple[tuple[float, tuple[Point, ...]], ...] = (
    (1.1, ((1.5, -8, 58), (1.5, 8, 56), (0, 26, 58))),  # internal cerebral veins
    (2.0, ((0, 26, 58), (0, 36, 60))),  # vein of Galen
    (2.3, ((0, 36, 60), (0, 55, 70), (0, 76, 82))),  # straight sinus
)


class Phase(StrEnum):
    """When after the injection the scan was made."""

    ARTERIAL = "arterial"
    MIXED = "mixed"
    VENOUS = "venous"
    LATE = "late"


_PHASES_HU = {
    Phase.ARTERIAL: ((200, 400), (60, 130)),
    Phase.MIXED: ((180, 400), (140, 300)),
    Phase.VENOUS: ((120, 180), (120, 200)),
    Phase.LATE: ((90, 130), (95, 140)),
}
"""Arteries and veins."""


@dataclass(frozen=True)
class Enhancement:
    """How bright undiluted vessels are, HU, and what the capillaries add to the brain."""

    phase: Phase
    artery_hu: float
    vein_hu: float
    tissue_hu: float

    @classmethod
    def draw(cls, rng: Generator, phase: Phase) -> Enhancement:
        """Values as CT angiography, mixed and delayed scans have; late ones have little left."""
        artery, vein = _PHASES_HU[phase]
        return cls(phase, *(float(rng.uniform(*ends)) for ends in (artery, vein, (1.5, 5.0))))


def add_contrast(
    stack: Field,
    positions_mm: Sequence[float],
    spacing_mm: tuple[float, float],
    heads: Sequence[Head | None],
    *,
    enhancement: Enhancement,
    rng: Generator,
    thickness_mm: float = 5.0,
) -> Field:
    """Paint contrast medium into the vessels of a head.

    The stack is HU, float32 of shape (n, rows, columns), anterior up, from the feet up; it is not changed. Thin
    vessels are diluted in thick slices; chance says where the smaller ones run. Slices without a head stay as they
    are; ValueError if none has one.
    """
    known = [(position, head) for position, head in zip(positions_mm, heads, strict=True) if head]
    if not known:
        raise ValueError("contrast medium needs a head to be put into. Received: no slice with one")
    vertex_mm = max(position for position, _ in known) + _ABOVE_TOP_SLICE_MM
    width = max(head.width_mm for _, head in known) / _WIDTH_MM
    length = max(head.height_mm for _, head in known) / _LENGTH_MM
    scale = np.array([width, length, (width + length) / 2])
    axis = crop_axis(list(heads), list(positions_mm), (stack.shape[1], stack.shape[2]))
    arteries, veins = _arteries(rng, scale), _veins(rng, scale)
    sinuses = _sinuses(rng, float(scale[2]))
    out = stack.copy()
    for k, (position, head) in enumerate(zip(positions_mm, heads, strict=True)):
        if head is None:
            continue
        row, column = axis.center_px(position)
        y = ((np.arange(stack.shape[1]) - row) * spacing_mm[0]).astype(np.float32)
        x = ((np.arange(stack.shape[2]) - column) * spacing_mm[1]).astype(np.float32)
        depth, angle = _depth(stack[k], x, y, head)
        artery, vein = np.zeros_like(out[k]), np.zeros_like(out[k])
        for offset in (np.arange(_PLANES) - (_PLANES - 1) / 2) * thickness_mm / _PLANES:
            z = vertex_mm - (position + float(offset))
            artery += _tubes(arteries, x, y, z)
            vein += np.maximum(_tubes(veins, x, y, z), sinuses(x, depth, angle, z))
        out[k] = _mixed(out[k], artery / _PLANES, vein / _PLANES, depth, enhancement)
    return out


def _mixed(hu: Field, artery: Field, vein: Field, depth: Field, enhancement: Enhancement) -> Field:
    """HU with blood of the two kinds in the place of what was there."""
    fits = (hu > _VESSELS_LIE_IN_HU[0]) & (hu < _VESSELS_LIE_IN_HU[1]) & (depth > 0)
    brain = fits & (hu > 15) & (hu < 60)
    out = hu + np.float32(enhancement.tissue_hu) * brain
    for share, value in ((vein, enhancement.vein_hu), (artery, enhancement.artery_hu)):
        out += np.where(fits, share * np.maximum(np.float32(value) - out, 0), 0)
    return out.astype(np.float32)


Tube = tuple[NDArray[np.float64], NDArray[np.float64], float]
Vector = NDArray[np.float64]


def _chain(points: Sequence[Point], radius: float, scale: Vector, shift: Vector) -> list[Tube]:
    placed = [(np.array(point) + shift) * scale for point in points]
    return [(a, b, radius) for a, b in pairwise(placed)]


def _arteries(rng: Generator, scale: Vector) -> list[Tube]:
    shift = rng.normal(0, 2, 3)
    tubes = _chain(_BASILAR, 1.6 * float(rng.uniform(0.75, 1.15)), scale, shift)
    for side in (-1.0, 1.0):
        for radius, points in _PAIRED:
            jitter = shift + rng.normal(0, 1.2, 3)
            mirrored = [(side * p[0], p[1], p[2]) for p in points]
            tubes += _chain(mirrored, radius * float(rng.uniform(0.75, 1.15)), scale, jitter)
        for _ in range(int(rng.integers(6, 12))):
            tubes += _on_surface(rng, side, scale, (0.4, 0.9), (70, 30))
    return tubes


def _veins(rng: Generator, scale: Vector) -> list[Tube]:
    shift = rng.normal(0, 2, 3)
    tubes: list[Tube] = []
    for radius, points in _DEEP_VEINS:
        tubes += _chain(points, radius * float(rng.uniform(0.7, 1.2)), scale, shift)
    for side in (-1.0, 1.0):
        for _ in range(int(rng.integers(4, 9))):
            tubes += _on_surface(rng, side, scale, (0.6, 1.4), (50, 12))
    return tubes


def _on_surface(rng: Generator, side: float, scale: Vector, radii: Range, ends: Range) -> list[Tube]:
    """A vessel over the convexity, which runs upwards and towards the middle."""
    azimuth = rng.uniform(-1.2, 1.2)
    low, high = ends[0] + rng.normal(0, 6), max(ends[1] + rng.normal(0, 6), 8.0)
    depth = rng.uniform(1.5, 7.0)
    points: list[Point] = []
    for z in np.linspace(low, high, 5):
        # The brain's outline shrinks towards the vertex, as that of an ellipsoid 85 mm high does.
        ring = float(np.sqrt(max(1 - ((85 - min(z, 85)) / 85) ** 2, 0.0)))
        across, along = ((size / 2 - 9) * ring - depth for size in (_WIDTH_MM, _LENGTH_MM))
        points.append((side * across * float(np.cos(azimuth)), along * float(np.sin(azimuth)), float(z)))
        azimuth += rng.normal(0, 0.08)
    return _chain(points, float(rng.uniform(*radii)), scale, np.zeros(3))


def _tubes(tubes: Sequence[Tube], x: Field, y: Field, z: float) -> Field:
    """Share of each pixel that lies in one of the tubes, in a thin plane."""
    share = np.zeros((y.size, x.size), np.float32)
    for a, b, radius in tubes:
        if not min(a[2], b[2]) - radius <= z <= max(a[2], b[2]) + radius:
            continue
        reach = radius + _EDGE_MM
        rows = slice(*np.searchsorted(y, [min(a[1], b[1]) - reach, max(a[1], b[1]) + reach]))
        columns = slice(*np.searchsorted(x, [min(a[0], b[0]) - reach, max(a[0], b[0]) + reach]))
        u, v, w = x[columns][None, :] - a[0], y[rows][:, None] - a[1], z - a[2]
        d = b - a
        t = np.clip((u * d[0] + v * d[1] + w * d[2]) / max(float(d @ d), 1e-6), 0, 1)
        distance = np.sqrt((u - t * d[0]) ** 2 + (v - t * d[1]) ** 2 + (w - t * d[2]) ** 2)
        part = np.clip((radius - distance) / _EDGE_MM + 0.5, 0, 1).astype(np.float32)
        np.maximum(share[rows, columns], part, out=share[rows, columns])
    return share


def _sinuses(rng: Generator, scale: float) -> Callable[[Field, Field, Field, float], Field]:
    """The sagittal and transverse sinuses: they lie along the inner table wherever it is."""
    base_mm, depth_mm = rng.uniform(6, 11), rng.uniform(4.5, 8)
    confluence_mm = rng.uniform(80, 90) * scale
    transverse_mm = rng.uniform(4, 7)
    dominance = rng.uniform(0.3, 1.0) * (1 if rng.random() < 0.5 else -1)

    def share(x: Field, depth: Field, angle: Field, z: float) -> Field:
        """Share of each pixel in a thin plane; ``angle`` is 0 at the right of the picture, pi / 2 at the back."""
        off_bone = depth - 0.3
        sagittal = np.zeros_like(depth)
        if z < confluence_mm:
            size = np.where(angle > 0, 1.0, 0.55 if z < confluence_mm - 15 else 0.0)
            edge = base_mm / 2 * size * (1 - depth / (depth_mm * np.maximum(size, 0.1))) - np.abs(x)[None, :]
            sagittal = np.clip(np.minimum(edge, off_bone) / _EDGE_MM + 0.5, 0, 1) * (size > 0)
        sideways = angle - np.pi / 2
        thick = transverse_mm * np.where(np.sign(dominance) * sideways > 0, 1.0, abs(dominance))
        band = np.minimum(np.minimum(thick - depth, off_bone), 4.0 - abs(z - confluence_mm))
        transverse = np.clip(band / _EDGE_MM + 0.5, 0, 1) * (np.abs(sideways) < 1.2)
        return np.asarray(np.maximum(sagittal, transverse), np.float32)

    return share


def _depth(hu: Field, x: Field, y: Field, head: Head) -> tuple[Field, Field]:
    """Depth of each pixel under the inner table, mm, negative in bone and outside; and the angle it is seen at."""
    angles = np.linspace(-np.pi, np.pi, _RAYS, endpoint=False)
    outer = 1 / np.hypot(np.cos(angles) / (head.width_mm / 2), np.sin(angles) / (head.height_mm / 2))
    along = np.linspace(0.7, 1.1, 120)
    radii = outer[:, None] * along
    rows = np.searchsorted(y, radii * np.sin(angles)[:, None]).clip(0, y.size - 1)
    columns = np.searchsorted(x, radii * np.cos(angles)[:, None]).clip(0, x.size - 1)
    bone = hu[rows, columns] > _INNER_TABLE_HU
    inner = np.where(bone.any(axis=1), radii[np.arange(_RAYS), bone.argmax(axis=1)], outer * 0.92)
    angle = np.arctan2(y[:, None], x[None, :]).astype(np.float32)
    place = np.rint((angle + np.pi) / (2 * np.pi) * _RAYS).astype(np.intp) % _RAYS
    depth: Field = (inner[place] - np.hypot(y[:, None], x[None, :])).astype(np.float32)
    return depth, angle
