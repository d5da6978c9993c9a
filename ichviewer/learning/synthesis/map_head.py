"""Clean heads made from label maps: a volume as a scan of it gives, and the skull and anatomy that are exactly known.

What is painted onto real heads is painted onto these alike, and needs nothing to be searched for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
from ichviewer.learning.synthesis.skull import NO_DEPTH_MM, Skull

_MARGIN_PX = 8
_MARGIN_MM = 8
_BRAIN = (*maps.WHITE, *maps.CORTEX, *maps.CEREBELLUM, *maps.CEREBELLAR_WHITE)


@dataclass(frozen=True, eq=False)
class MadeHead:
    """A head made from a map.

    Parameters
    ----------
    volume : Volume
        Without blood.
    skull : Skull
        With its anatomy, exact from the map.
    """

    volume: Volume
    skull: Skull

    def __post_init__(self) -> None:
        if self.skull.anatomy is None or len(self.skull.inside) != len(self.volume.hu):
            raise ValueError("a made head needs a skull with anatomy, slice by slice")


def map_head(prepared: PreparedMap, seed: int, settings: PreprocessSettings) -> MadeHead:
    """Make a head from a map, and scan it.

    Parameters
    ----------
    prepared : PreparedMap
    seed : int
        The only source of chance, together with the map's number.
    settings : PreprocessSettings
        Grid and range of HU of the pictures.

    Returns
    -------
    MadeHead
        Its volume has source ``map``, is named by map and seed, and belongs to the map's patient.
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
    grid = _Grid(crop_axis(found, positions, (side, side)), positions, side, settings)
    bone = grid.linear(_slabs(tissues.bone.astype(np.float32), positions, protocol), 0.0)
    smooth = grid.linear(np.clip(thick, settings.clip_hu[0], None), settings.clip_hu[0])
    hu = np.empty(smooth.shape, np.int16)
    for k in range(len(hu)):
        seen = scanned(rng, smooth[k], bone[k], protocol, settings.mm_per_px)
        hu[k] = stored(np.clip(seen, *settings.clip_hu))
    traits = [*tissues.traits]
    traits += ["shrunken-brain"] if pose.shrunken_mm > 2 else []
    traits += ["head-holder"] if protocol.holder_mm else []
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
        traits=tuple(traits),
    )
    vertex = float(pose.heights_mm(prepared.depth > 0, 2).max())
    return MadeHead(volume, _skull(head, tissues, grid, brain, vertex))


def _positions(rng: np.random.Generator, prepared: PreparedMap, pose: Pose) -> NDArray[np.float64]:
    """Heights of the slices: from below the cerebellum to above the vertex, or less than that."""
    brain = pose.heights_mm(np.isin(prepared.codes, _BRAIN)[prepared.labels], 4)
    low, high = float(brain.min()), float(brain.max())
    low += rng.uniform(10, 40) if rng.random() < 0.15 else rng.uniform(-22, 2)
    high += rng.uniform(-30, -5) if rng.random() < 0.12 else rng.uniform(3, 14)
    gap = 5.0 if rng.random() < 0.6 else float(rng.uniform(3, 7))
    return np.arange(low, high, gap)


def _slabs(planes: Field, positions: NDArray[np.float64], protocol: Protocol) -> Field:
    """Means over slices, from planes closer than those, blurred as the kernel does."""
    gap = float(positions[1] - positions[0])
    step = gap / PLANES
    slices = len(positions)
    middle = np.arange(slices)[:, None] * gap
    at = np.arange(slices * PLANES)[None] * step - (PLANES - 1) / 2 * step
    half = protocol.thickness_mm / 2
    weights = np.minimum(at + step / 2, middle + half) - np.maximum(at - step / 2, middle - half)
    weights = np.clip(weights, 0, None)
    weights /= weights.sum(axis=1, keepdims=True)
    mean: Field = weights.astype(np.float32) @ planes.reshape(len(planes), -1)
    mean = mean.reshape(slices, *planes.shape[1:])
    for k in range(slices):
        mean[k] = ndimage.gaussian_filter(mean[k], protocol.blur_mm, truncate=3.0)
    return mean


class _Grid:
    """The network's grid in slices of 1 mm a pixel, around the head's middle."""

    def __init__(
        self,
        axis: CropAxis,
        positions: NDArray[np.float64],
        side: int,
        settings: PreprocessSettings,
    ) -> None:
        self.positions = positions
        self.side = side
        self.px = settings.mm_per_px
        offsets = (np.arange(settings.size_px) - (settings.size_px - 1) / 2) * self.px
        self.places: list[tuple[NDArray[Any], NDArray[Any]]] = []
        for position in self.positions:
            row, column = axis.center_px(float(position))
            self.places.append((row + offsets, column + offsets))

    def linear(self, slices: Field, outside: float) -> Field:
        """Slices on the grid, linearly between pixels."""
        size = len(self.places[0][0])
        done = np.empty((len(slices), size, size), np.float32)
        for k, (rows, columns) in enumerate(self.places):
            strip = _between(slices[k] - np.float32(outside), rows)
            done[k] = _between(strip.T, columns).T + np.float32(outside)
        return done

    def nearest(self, planes: NDArray[Any], outside: float) -> NDArray[Any]:
        """The middle plane of each slice on the grid, pixel by pixel."""
        size = len(self.places[0][0])
        done = np.full((len(self.places), size, size), outside, planes.dtype)
        for k, places in enumerate(self.places):
            rows, columns = (np.rint(p).astype(np.intp) for p in places)
            good_rows, good_columns = ((p >= 0) & (p < self.side) for p in (rows, columns))
            part = planes[PLANES * k + PLANES // 2][np.ix_(rows[good_rows], columns[good_columns])]
            done[k][np.ix_(good_rows, good_columns)] = part
        return done


def _between(values: Field, at: NDArray[Any]) -> Field:
    """Rows of an array at places between them; 0 beyond it."""
    low = np.floor(at).astype(np.intp)
    part = (at - low).astype(np.float32)[:, None]
    padded = np.pad(values, ((1, 1), (0, 0)))
    last = len(padded) - 1
    done: Field = padded[np.clip(low + 1, 0, last)] * (1 - part) + padded[np.clip(low + 2, 0, last)] * part
    return done


def _skull(head: Warped, tissues: Tissues, grid: _Grid, brain: Mask, vertex_mm: float) -> Skull:
    depth = grid.linear(head.depth_mm[PLANES // 2 :: PLANES] - np.float32(tissues.inner_mm), NO_DEPTH_MM)
    depth[~brain] = NO_DEPTH_MM
    inside = depth > 0
    rows, columns = (_around(np.asarray(inside.any(axis=axes))) for axes in ((0, 2), (0, 1)))
    inside, depth = inside[:, rows, columns].copy(), depth[:, rows, columns].copy()

    def cut(planes: NDArray[Any], outside: float = 0) -> NDArray[Any]:
        return grid.nearest(planes, outside)[:, rows, columns]

    code = cut(head.code)
    zones = cut(head.zones)
    fluid, lateral = cut(tissues.fluid) & inside, cut(tissues.lateral) & inside
    cistern = fluid & (zones & maps.CISTERN > 0)
    x = _from_midline(head, grid)[:, rows, columns]
    midline = np.where(inside, -cut(head.midline_mm), x)

    def only(*codes: int) -> Mask:
        part: Mask = np.isin(code, codes) & inside & ~fluid & ~lateral
        return part

    anatomy = Anatomy(
        lateral=lateral,
        third=only(maps.THIRD),
        fourth=only(maps.FOURTH),
        cisterns=cistern,
        sulci=fluid & ~cistern,
        deep=only(*maps.THALAMUS, *maps.CAUDATE, *maps.PUTAMEN, *maps.PALLIDUM),
        white=only(*maps.WHITE),
        cortex=only(*maps.CORTEX),
        cerebellum=only(*maps.CEREBELLUM, *maps.CEREBELLAR_WHITE),
        brainstem=only(*maps.BRAINSTEM),
        falx_mm=midline.astype(np.float32),
        falx=cut(tissues.dura) & inside,
        tentorium_mm=cut(head.tentorium_mm, 99.0),
    )
    filled = np.flatnonzero(inside.any(axis=(0, 2)))
    row = np.arange(inside.shape[1])
    gap = float(grid.positions[1] - grid.positions[0])
    return Skull(
        rows,
        columns,
        inside,
        depth,
        x,
        ((row - (filled[0] + filled[-1]) / 2) * grid.px).astype(np.float32),
        (vertex_mm - grid.positions).astype(np.float32),
        (gap, grid.px, grid.px),
        anatomy,
    )


def _from_midline(head: Warped, grid: _Grid) -> Field:
    """Distance from the plane that fits the sheet between the hemispheres, positive to the right of the picture."""
    sheet = head.inside[np.abs(head.midline_mm.ravel()[head.inside]) < 0.6]
    k, row, column = np.unravel_index(sheet, head.shape)
    y, z = head.y_mm[k, row, 0], head.z_mm[k, 0, 0]
    terms = np.stack([y, z, np.ones_like(y)], axis=1).astype(np.float64)
    (of_y, of_z, offset), *_ = np.linalg.lstsq(terms, head.x_mm[k, 0, column].astype(np.float64))
    middle = slice(PLANES // 2, None, PLANES)
    first_x, first_y, z = head.x_mm[middle, 0, 0], head.y_mm[middle, 0, 0], head.z_mm[middle, 0, 0]
    size = len(grid.places[0][0])
    done = np.empty((len(z), size, size), np.float32)
    for i, (rows, columns) in enumerate(grid.places):
        on_plane = of_y * (first_y[i] - rows) + of_z * z[i] + offset
        done[i] = (on_plane[:, None] - (first_x[i] - columns)[None, :]) / np.sqrt(1 + of_y**2 + of_z**2)
    return done


def _around(line: Mask) -> slice:
    filled = np.flatnonzero(line)
    if not filled.size:
        raise ValueError("no slice of this head shows brain inside a skull")
    return slice(max(0, int(filled[0]) - _MARGIN_PX), min(line.size, int(filled[-1]) + 1 + _MARGIN_PX))
