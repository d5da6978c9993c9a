"""A stroke of the brush that is under way, and the region as it is with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np

from ichviewer.domain.annotation.base import new_id
from ichviewer.domain.painted_region import PaintedRegion, SliceMask, SlicePlace
from ichviewer.domain.region_edit import PixelPlace, brushed
from ichviewer.domain.series import Series
from ichviewer.domain.voxel_region import Mask
from ichviewer.ui.tools.region_jobs import Seen
from ichviewer.ui.tools.surface import Surface


class RegionStroke(ABC):
    """A stroke on whatever is painted on; on the main thread, and for one stroke only.

    Parameters
    ----------
    series : Series
    before : PaintedRegion or None
        The region as it was, None for a new one.
    erase : bool
    """

    def __init__(self, series: Series, before: PaintedRegion | None, *, erase: bool) -> None:
        self.series = series
        self.before = before
        self.erase = erase
        self.shown = before
        """The region with the stroke; None where nothing is left of it."""
        self.ended = False
        """Whether the button is up, and slices beside are still being painted."""

    @abstractmethod
    def go(self, at: PixelPlace, radius: float) -> bool:
        """Go on in a straight line to a place, with a brush of a radius; whether that changed the region."""

    @abstractmethod
    def seen(self) -> Iterable[Seen]:
        """Slices of the region whose pixels are known to be those on screen."""

    @abstractmethod
    def drop(self) -> None:
        """Show the region as it was: nothing of the stroke stays."""


class SliceStroke(RegionStroke):
    """A stroke on one slice.

    Parameters
    ----------
    surface : Surface
    before : PaintedRegion or None
    mask : ndarray of bool, shape (rows, columns)
        The region on the slice.
    at : (row, column)
        Where it begins.
    erase : bool
    allowed : ndarray of bool, shape (rows, columns), or None
        The pixels that may be painted, all for None.
    ball : bool
        Whether it goes on to the slices beside when it ends.
    """

    def __init__(
        self,
        surface: Surface,
        before: PaintedRegion | None,
        mask: Mask,
        at: PixelPlace,
        *,
        erase: bool,
        allowed: Mask | None,
        ball: bool,
    ) -> None:
        super().__init__(surface.series, before, erase=erase)
        self.surface = surface
        self.ball = ball
        self.allowed = allowed
        self.path: tuple[PixelPlace, ...] = (at,)
        self._mask = mask

    def go(self, at: PixelPlace, radius: float) -> bool:
        """Paint the slice."""
        last = self.path[-1]
        mask = brushed(self._mask, (last, at), radius, self.surface.info.spacing, erase=self.erase)
        if self.allowed is not None:
            mask = self._mask | (mask & self.allowed)
        if at != last:
            self.path = (*self.path, at)
        if np.array_equal(mask, self._mask):
            return False
        self._mask = mask
        self.shown = with_mask(self.shown, self.surface, mask)
        return True

    def seen(self) -> Iterable[Seen]:
        """The slice that is painted on."""
        info = self.surface.info
        return [(info.sop_uid, info.source.frame, self.surface.decoded.pixel_hash)]

    def drop(self) -> None:
        """Slices are drawn as the store says, so that there is nothing to take back."""


def with_mask(region: PaintedRegion | None, surface: Surface, mask: Mask) -> PaintedRegion | None:
    """A region, or a new one, with another mask on a slice; None where nothing is left of it."""
    info, pixel_hash = surface.info, surface.decoded.pixel_hash
    place = info.sop_uid, info.source.frame
    found = SliceMask.of(place, pixel_hash, mask) if mask.any() else None
    return with_masks(region, surface.series, {place: found})


def with_masks(
    region: PaintedRegion | None, series: Series, masks: Mapping[SlicePlace, SliceMask | None]
) -> PaintedRegion | None:
    """A region, or a new one, with other masks on some slices, none for None; None where nothing is left of it."""
    others = {} if region is None else dict(region.by_place)
    for place, mask in masks.items():
        others.pop(place, None)
        if mask is not None:
            others[place] = mask
    return as_region(region, series, others.values())


def as_region(
    region: PaintedRegion | None, series: Series, masks: Iterable[SliceMask]
) -> PaintedRegion | None:
    """A region, or a new one, of these masks; None where there are none."""
    now = datetime.now(UTC)
    if region is not None:
        return region.with_masks(masks, now)
    ordered = tuple(sorted(masks, key=lambda mask: mask.place))
    return PaintedRegion(new_id(), series.key.in_file, ordered, now, now) if ordered else None
