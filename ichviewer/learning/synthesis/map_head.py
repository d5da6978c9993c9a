"""Clean heads made from label maps: a volume as a scan of it gives, and its skull and anatomy, exactly known."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import N_LABELS
from ichviewer.inference.head import find_head
from ichviewer.inference.preprocess import CropAxis, PreprocessSettings, crop_axis
from ichviewer.learning.data.volumes import Volume, stored
from ichviewer.learning.synthesis import maps
from ichviewer.learning.synthesis.anatomy import Anatomy, Field, Mask
from ichviewer.learning.synthesis.map_tissue import Tissues, draw_mixture, fill
from ichviewer.learning.synthesis.map_warp import PLANES, Pose, Warped, draw_pose, warp
from ichviewer.learning.synthesis.maps import PreparedMap
from ichviewer.learning.synthesis.scan_noise import Protocol, draw_protocol, scanned
from ichviewer.learning.synthesis.skull import NO_DEPTH_MM, Skull, behind_middle_mm, window

_MARGIN_MM = 8
_MIDDLE = slice(PLANES // 2, None, PLANES)
"""The middle plane of each slice."""
_BRAIN = (*maps.WHITE, *maps.CORTEX, *maps.CEREBELLUM, *maps.CEREBELLAR_WHITE)


class MadeHead(NamedTuple):
    """A volume without blood, and its skull with an anatomy that is exact from the map."""

    volume: Volume
    skull: Skull


def map_head(prepared: PreparedMap, seed: int, settings: PreprocessSettings) -> MadeHead | None:
    """Make a head from a map, and scan it; the seed is the only source of chance, together with the map's number.

    The volume has source ``map``, is named by map and seed, and belongs to the map's patient. None if no slice shows
    brain inside a skull.
    """
    rng = np.random.default_rng([prepared.number, seed, 5])
    pose, mix = draw_pose(rng, prepared), draw_mixture(rng)
    positions = _positions(rng, prepared, pose)
    protocol = draw_protocol(rng, float(positions[1] - positions[0]))
    side = int(np.ceil(settings.size_px * settings.mm_per_px)) + 2 * _MARGIN_MM
    head = warp(rng, prepared, pose, positions, side)
    tissues = fill(rng, head, mix)
    thick = _slabs(tissues.hu, positions, protocol)
    found = [find_head(k, (1.0, 1.0)) for k in thick]
    brain = np.array([f is not None for f in found])
    grid = _Grid(crop_axis(found, positions, (side, side)), positions, settings)
    vertex = float(pose.heights_mm(prepared.depth > 0, 2).max())
    skull = _skull(head, tissues, grid, brain, vertex)
    if skull is None:
        return None
    bone = grid.linear(_slabs(tissues.bone.astype(np.float32), positions, protocol), 0.0)
    smooth = grid.linear(np.clip(thick, settings.clip_hu[0], None), settings.clip_hu[0])
    seen = [scanned(rng, *slices, protocol, settings.mm_per_px) for slices in zip(smooth, bone, strict=True)]
    hu = stored(np.clip(np.stack(seen), *settings.clip_hu))
    traits = {"shrunken-brain": pose.shrunken_mm > 2, "head-holder": protocol.holder_mm > 0}
    patient = f"map-{prepared.number:02d}"
    volume = Volume(
        name=f"{patient}-{seed:05d}",
        patient=patient,
        source="map",
        hu=hu,
        positions_mm=(positions - positions[0]).astype(np.float32),
        labels=np.zeros((len(hu), N_LABELS), np.uint8),
        has_brain=brain,
        masks=np.zeros(hu.shape, np.uint8),
        traits=(*tissues.traits, *(name for name, has in traits.items() if has)),
    )
    return MadeHead(volume, skull)


def _positions(rng: np.random.Generator, prepared: PreparedMap, pose: Pose) -> NDArray[np.float64]:
    """Heights of the slices: from below the cerebellum to above the vertex, or less than that."""
    brain = pose.heights_mm(np.isin(prepared.labels, _BRAIN), 4)
    low, high = float(brain.min()), float(brain.max())
    low += rng.uniform(10, 40) if rng.random() < 0.15 else rng.uniform(-22, 2)
    high += rng.uniform(-30, -5) if rng.random() < 0.12 else rng.uniform(3, 14)
    gap = 5.0 if rng.random() < 0.6 else float(rng.uniform(3, 7))
    return np.arange(low, high, gap)


def _slabs(planes: Field, positions: NDArray[np.float64], protocol: Protocol) -> Field:
    """Means over slices, from planes closer than those, blurred as the kernel does."""
    gap = float(positions[1] - positions[0])
    step = gap / PLANES
    middle = np.arange(len(positions))[:, None] * gap
    at = np.arange(len(planes))[None] * step - (PLANES - 1) / 2 * step
    half = protocol.thickness_mm / 2
    weights = np.minimum(at + step / 2, middle + half) - np.maximum(at - step / 2, middle - half)
    weights = np.clip(weights, 0, None)
    weights /= weights.sum(axis=1, keepdims=True)
    mean = (weights.astype(np.float32) @ planes.reshape(len(planes), -1)).reshape(-1, *planes.shape[1:])
    return np.stack([ndimage.gaussian_filter(k, protocol.blur_mm, truncate=3.0) for k in mean])


class _Grid:
    """The network's grid in slices of 1 mm a pixel, around the head's middle."""

    def __init__(self, axis: CropAxis, positions: NDArray[np.float64], settings: PreprocessSettings) -> None:
        self.positions = positions
        self.px = settings.mm_per_px
        offsets = (np.arange(settings.size_px) - (settings.size_px - 1) / 2) * self.px
        centers = [axis.center_px(float(position)) for position in positions]
        self.places = [(row + offsets, column + offsets) for row, column in centers]

    def linear(self, slices: Field, outside: float) -> Field:
        """Slices on the grid, linearly between pixels."""
        placed = zip(slices - np.float32(outside), self.places, strict=True)
        on_grid = [_between(_between(k, rows).T, columns).T for k, (rows, columns) in placed]
        return np.stack(on_grid) + np.float32(outside)

    def nearest(self, planes: NDArray[Any], outside: float = 0) -> NDArray[Any]:
        """The middle plane of each slice on the grid, pixel by pixel."""
        padded = np.pad(planes[_MIDDLE], ((0, 0), (1, 1), (1, 1)), constant_values=outside)
        on_grid = []
        for plane, places in zip(padded, self.places, strict=True):
            rows, columns = (np.clip(np.rint(p) + 1, 0, len(plane) - 1).astype(np.intp) for p in places)
            on_grid.append(plane[np.ix_(rows, columns)])
        return np.stack(on_grid)


def _between(values: Field, at: NDArray[Any]) -> Field:
    """Rows of an array at places between them; 0 beyond it."""
    low = np.floor(at).astype(np.intp)
    part = (at - low).astype(np.float32)[:, None]
    padded = np.pad(values, ((1, 1), (0, 0)))
    last = len(padded) - 1
    done: Field = padded[np.clip(low + 1, 0, last)] * (1 - part) + padded[np.clip(low + 2, 0, last)] * part
    return done


def _skull(head: Warped, tissues: Tissues, grid: _Grid, brain: Mask, vertex_mm: float) -> Skull | None:
    depth = grid.linear(head.depth_mm[_MIDDLE] - np.float32(tissues.inner_mm), NO_DEPTH_MM)
    depth[~brain] = NO_DEPTH_MM
    if not (depth > 0).any():
        return None
    rows, columns = window(depth > 0)
    depth = depth[:, rows, columns].copy()
    inside = depth > 0

    def cut(planes: NDArray[Any], outside: float = 0) -> NDArray[Any]:
        return grid.nearest(planes, outside)[:, rows, columns]

    code = cut(head.code)
    fluid, lateral = cut(tissues.fluid) & inside, cut(tissues.lateral) & inside
    cistern = fluid & (cut(head.zones) & maps.CISTERN > 0)
    x = _from_midline(head, grid)[:, rows, columns]

    def only(*codes: int) -> Mask:
        return np.isin(code, codes) & inside & ~fluid & ~lateral

    anatomy = Anatomy(
        lateral=lateral,
        third=only(maps.THIRD),
        fourth=only(maps.FOURTH),
        cisterns=cistern,
        sulci=fluid & ~cistern,
        deep=only(*maps.THALAMUS, *maps.CAUDATE, *maps.PUTAMEN, *maps.PALLIDUM),
        cerebellum=only(*maps.CEREBELLUM, *maps.CEREBELLAR_WHITE),
        brainstem=only(*maps.BRAINSTEM),
        falx_mm=np.where(inside, -cut(head.midline_mm), x),
        falx=cut(tissues.dura) & inside,
        tentorium_mm=cut(head.tentorium_mm, 99.0),
    )
    gap = float(grid.positions[1] - grid.positions[0])
    return Skull(
        rows,
        columns,
        inside,
        depth,
        x,
        y_mm=behind_middle_mm(inside, grid.px),
        below_vertex_mm=(vertex_mm - grid.positions).astype(np.float32),
        step_mm=(gap, grid.px, grid.px),
        anatomy=anatomy,
    )


def _from_midline(head: Warped, grid: _Grid) -> Field:
    """Distance from the plane that fits the sheet between the hemispheres, positive to the right of the picture."""
    sheet = head.inside[np.abs(head.midline_mm.ravel()[head.inside]) < 0.6]
    k, row, column = np.unravel_index(sheet, head.code.shape)
    y, z = head.y_mm[k, row, 0], head.z_mm[k, 0, 0]
    terms = np.stack([y, z, np.ones_like(y)], axis=1).astype(np.float64)
    (of_y, of_z, offset), *_ = np.linalg.lstsq(terms, head.x_mm[k, 0, column].astype(np.float64))
    first_x, first_y, z = (at[_MIDDLE, 0, 0] for at in (head.x_mm, head.y_mm, head.z_mm))
    planes = []
    for i, (rows, columns) in enumerate(grid.places):
        on_plane = of_y * (first_y[i] - rows) + of_z * z[i] + offset
        planes.append((on_plane[:, None] - (first_x[i] - columns)[None, :]) / np.sqrt(1 + of_y**2 + of_z**2))
    return np.stack(planes).astype(np.float32)
