"""Slow work on painted regions, on a worker's thread: growing and smoothing through slices, and checking pixels."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from ichviewer.domain.annotation.base import new_id
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.painted_region import PaintedRegion, SliceMask, masks_of
from ichviewer.domain.plane_band import PlaneBand
from ichviewer.domain.region_edit import PixelPlace, brushed, smoothed_through
from ichviewer.domain.region_growing import WITHIN_MM, grow
from ichviewer.domain.region_numbers import NoMl, RegionNumbers, measure_region, not_measured
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume, build_volume
from ichviewer.domain.volume_source import NoVolume, volume_geometry
from ichviewer.domain.voxel_region import Index, Mask, VoxelGrid
from ichviewer.errors import FileChangedError, IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import no_volume_words
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.free_memory import free_memory_bytes
from ichviewer.ui.session.volumes import volume_memory
from ichviewer.ui.session.workers import TaskContext

LOWEST_HU, HIGHEST_HU = -1024, 4095
"""Bounds of a range of HU: what 12 bits hold. Voxels without an image lie far below."""

Seen = tuple[str, int, str]
"""A slice by its UID and frame, and the hash of the pixels that were read of it."""


@dataclass(frozen=True)
class Growth:
    """What is asked for.

    Parameters
    ----------
    series : Series
    index : int
        The slice of the seed.
    pixel_hash : str
        Of the pixels on screen when it was asked for.
    seed_px : (row, column)
    range_hu : (lowest, highest)
    within_mm : float
    """

    series: Series
    index: int
    pixel_hash: str
    seed_px: tuple[int, int]
    range_hu: tuple[float, float]
    within_mm: float = WITHIN_MM

    def __post_init__(self) -> None:
        low, high = self.range_hu
        if not LOWEST_HU <= low <= high <= HIGHEST_HU:
            raise ValueError(
                f"a range within {LOWEST_HU} to {HIGHEST_HU} HU is needed. Received: {self.range_hu}"
            )

    @property
    def slices(self) -> range:
        """The slices that it may reach, and one more on either side; two at least."""
        away = np.abs(_grid(self.series).positions_mm - _grid(self.series).positions_mm[self.index])
        near = np.flatnonzero(away <= self.within_mm)
        return range(max(0, int(near[0]) - 1), min(len(self.series), int(near[-1]) + 2))


@dataclass(frozen=True, eq=False)
class PlaneGrowth:
    """What is asked for on a reformat, whose volume is at hand.

    Parameters
    ----------
    series : Series
    volume : Volume
    seed : (slice, row, column)
    range_hu : (lowest, highest)
    within_mm : float
    band : PlaneBand or None
        Stay within the plane or slab; None for growing through the slices.
    """

    series: Series
    volume: Volume
    seed: Index
    range_hu: tuple[float, float]
    within_mm: float
    band: PlaneBand | None


@dataclass(frozen=True, eq=False)
class BallStroke:
    """A stroke of a ball on a slice and those beside it.

    Parameters
    ----------
    series : Series
    index : int
        The slice that it was drawn on, which is painted already.
    path_px : tuple of (row, column)
        Where the middle of the ball went.
    radius_mm : float
    erase : bool
    range_hu : (lowest, highest) or None
        Only such pixels are painted; all for None.
    """

    series: Series
    index: int
    path_px: tuple[PixelPlace, ...]
    radius_mm: float
    erase: bool = False
    range_hu: tuple[float, float] | None = None

    def beside(self) -> tuple[tuple[int, float, tuple[PixelPlace, ...]], ...]:
        """Other slices that the ball meets: index, radius of the disc there in mm, and its path in pixels there."""
        grid, found = _grid(self.series), []
        scale = grid.spacing.row_mm, grid.spacing.column_mm
        for index, position in enumerate(grid.positions_mm):
            squared = self.radius_mm**2 - float(position - grid.positions_mm[self.index]) ** 2
            if index != self.index and squared > 0:
                # A tilted gantry shears the stack: the same place has other rows and columns on another slice.
                down, across = grid.in_plane_mm(index, self.index)
                path = tuple((r - down / scale[0], c - across / scale[1]) for r, c in self.path_px)
                found.append((index, squared**0.5, path))
        return tuple(found)


@dataclass(frozen=True)
class Grown:
    """What has grown.

    Parameters
    ----------
    masks : tuple of SliceMask
    reached_limit : bool
        It would have gone on beyond the limit.
    unread : tuple of int
        Indices of slices that could not be read, which it cannot reach.
    """

    masks: tuple[SliceMask, ...]
    reached_limit: bool
    unread: tuple[int, ...] = ()


def refusal_in_3d(series: Series) -> str:
    """Why nothing can be done through the slices of a series, in words; empty where it can. Looks at headers only."""
    geometry = volume_geometry(series)
    if isinstance(geometry, NoVolume):
        return str(geometry)
    try:
        VoxelGrid.of(series)
    except ValueError:
        return tr("slices differ in pixel spacing or orientation")
    return ""


def grow_through(context: TaskContext, asked: Growth, pixels: Pixels) -> Grown:
    """Grow a region through slices.

    Raises
    ------
    IchViewerError
        If the slice of the seed does not hold the pixels any more that were on screen, if its pixel is not within the
        range, or if there is not enough memory.
    """
    series, slices = asked.series, asked.slices
    part = replace(series, slices=tuple(series.slices[i] for i in slices))
    memory = volume_memory(part, free_memory_bytes())
    if not memory.fits:
        raise IchViewerError(tr("growing needs too much memory"), found=memory.words)
    unread: list[int] = []

    def decoded() -> Iterator[tuple[int, DecodedSlice]]:
        for place, index in enumerate(slices):
            context.cancel.check()
            context.progress(place, len(slices), "slices")
            info = series.slices[index]
            try:
                one = pixels.get(info)
            except FileChangedError:
                raise
            except IchViewerError:
                unread.append(index)
                continue
            if one.image.shape != (info.rows, info.columns):
                unread.append(index)
                continue
            yield place, one

    volume = build_volume(part, decoded())
    if isinstance(volume, NoVolume):
        raise IchViewerError(
            tr("a region cannot be grown through these slices"), found=no_volume_words(volume)
        )
    seed = asked.index - slices.start
    if volume.pixel_hashes[seed] != asked.pixel_hash:
        raise IchViewerError(
            tr("the slice does not hold the pixels any more that were on screen"),
            str(series.slices[asked.index].source),
        )
    try:
        # Voxels without an image lie below any range, or are NaN, and never belong to it.
        found = grow(
            volume.voxels,
            VoxelGrid.of(part),
            (seed, *asked.seed_px),
            asked.range_hu,
            within_mm=asked.within_mm,
        )
    except ValueError as error:
        raise IchViewerError(tr("no region grows from this pixel"), found=str(error)) from error
    context.cancel.check()
    on = list(found.region.slices)
    masks = masks_of(part, on, [found.region.on_slice(i) for i in on], [volume.pixel_hashes[i] for i in on])
    context.progress(len(slices), len(slices), "slices")
    return Grown(masks, found.reached_limit, tuple(unread))


def grow_in_volume(context: TaskContext, asked: PlaneGrowth) -> Grown:
    """Grow a region in the volume of a reformat.

    Raises
    ------
    IchViewerError
        If the voxel is not within the range.
    """
    series, volume = asked.series, asked.volume
    try:
        # Voxels without an image lie below any range, or are NaN, and never belong to it.
        found = grow(
            volume.voxels,
            _grid(series),
            asked.seed,
            asked.range_hu,
            within_mm=asked.within_mm,
            band=asked.band,
        )
    except ValueError as error:
        raise IchViewerError(tr("no region grows from this pixel"), found=str(error)) from error
    context.cancel.check()
    on = list(found.region.slices)
    hashes = [volume.pixel_hashes[i] for i in on]
    masks = masks_of(series, on, [found.region.on_slice(i) for i in on], hashes)
    unread = [i for i in volume.undecoded if on[0] - 1 <= i <= on[-1] + 1]
    return Grown(masks, found.reached_limit, tuple(unread))


def joined(
    region: PaintedRegion | None, masks: tuple[SliceMask, ...], series: Series
) -> PaintedRegion | None:
    """A region, or a new one, with masks added to it; None where it has other pixels on one of their slices."""
    now = datetime.now(UTC)
    if region is None:
        ordered = tuple(sorted(masks, key=lambda mask: mask.place))
        return PaintedRegion(new_id(), series.key.in_file, ordered, now, now)
    both = dict(region.by_place)
    for mask in masks:
        old = both.get(mask.place)
        if old is not None and old.pixel_hash != mask.pixel_hash:
            return None
        both[mask.place] = (
            mask if old is None else SliceMask.of(mask.place, mask.pixel_hash, old.mask() | mask.mask())
        )
    return region.with_masks(both.values(), now)


def paint_through(
    context: TaskContext, region: PaintedRegion | None, stroke: BallStroke, pixels: Pixels
) -> PaintedRegion | None:
    """A region after a stroke of a ball, which has painted its own slice already; None where nothing is left.

    Raises
    ------
    IchViewerError
        If a slice beside cannot be read, or does not hold the pixels any more that were painted on.
    """
    beside = stroke.beside()
    masks = {} if region is None else dict(region.by_place)
    for done, (index, radius_mm, path) in enumerate(beside):
        context.cancel.check()
        context.progress(done, len(beside), "slices")
        info = stroke.series.slices[index]
        place = info.sop_uid, info.source.frame
        old = masks.get(place)
        if stroke.erase and old is None:
            continue
        decoded = pixels.get(info)
        if old is not None and old.pixel_hash != decoded.pixel_hash:
            raise IchViewerError(tr("the region was painted on other pixels of a slice"), str(info.source))
        before = np.zeros(decoded.image.shape, dtype=bool) if old is None else old.mask()
        after = brushed(before, path, radius_mm, info.spacing, erase=stroke.erase)
        if stroke.range_hu is not None and not stroke.erase:
            after = before | (after & within_range(decoded.image, stroke.range_hu))
        masks.pop(place, None)
        if after.any():
            masks[place] = SliceMask.of(place, decoded.pixel_hash, after)
    context.progress(len(beside), len(beside), "slices")
    if region is not None:
        return region.with_masks(masks.values(), datetime.now(UTC))
    ordered, now = tuple(sorted(masks.values(), key=lambda mask: mask.place)), datetime.now(UTC)
    return PaintedRegion(new_id(), stroke.series.key.in_file, ordered, now, now) if ordered else None


def within_range(image: SliceImage, range_hu: tuple[float, float]) -> Mask:
    """Which pixels of a slice are image and within a range, both ends included."""
    hu = image.hu()
    return (hu >= range_hu[0]) & (hu <= range_hu[1]) & ~image.missing()


def smooth_through(
    context: TaskContext, region: PaintedRegion, series: Series, pixels: Pixels
) -> PaintedRegion | None:
    """A region smoothed through slices; None where nothing is left. A slice that it newly reaches is read."""
    by_place = {(info.sop_uid, info.source.frame): i for i, info in enumerate(series.slices)}
    if any(mask.place not in by_place for mask in region.masks):
        raise IchViewerError(tr("the region cannot be smoothed"), found=NoMl.SLICES_NOT_OPEN.text)
    old = {by_place[mask.place]: mask for mask in region.masks}
    smooth = smoothed_through(_grid(series), {i: mask.mask() for i, mask in old.items()})
    hashes = []
    for done, index in enumerate(smooth):
        context.cancel.check()
        context.progress(done, len(smooth), "slices")
        known = old.get(index)
        hashes.append(pixels.get(series.slices[index]).pixel_hash if known is None else known.pixel_hash)
    return region.with_masks(masks_of(series, smooth, smooth.values(), hashes), datetime.now(UTC))


def check_and_measure(
    context: TaskContext, region: PaintedRegion, series: Series, pixels: Pixels, seen: Collection[Seen] = ()
) -> tuple[RegionNumbers, tuple[Seen, ...]]:
    """Measure a region if its slices hold the pixels that it was painted on, and say which were read for it.

    Parameters
    ----------
    context : TaskContext
    region : PaintedRegion
    series : Series
    pixels : Pixels
    seen : collection of Seen
        What is known already and is not read again.
    """
    by_place = {(info.sop_uid, info.source.frame): info for info in series.slices}
    read: list[Seen] = []
    for done, mask in enumerate(region.masks):
        context.cancel.check()
        context.progress(done, len(region.masks), "slices")
        info = by_place.get(mask.place)
        if info is None:
            return not_measured(region, NoMl.SLICES_NOT_OPEN), tuple(read)
        if (*mask.place, mask.pixel_hash) in seen:
            continue
        try:
            found = pixels.get(info).pixel_hash
        except IchViewerError:
            return not_measured(region, NoMl.UNREADABLE), tuple(read)
        read.append((*mask.place, found))
        if found != mask.pixel_hash:
            return not_measured(region, NoMl.OTHER_PIXELS), tuple(read)
    return measure_region(region, series), tuple(read)


def _grid(series: Series) -> VoxelGrid:
    return VoxelGrid.of(series)
