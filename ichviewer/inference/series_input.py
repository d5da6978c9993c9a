"""From the slices of a series to the inputs of the network, and which slices get one.

The steps for one slice are those of `ichviewer.inference.preprocess`; here they are put together for a series
whose slices may be missing, broken, thin, or not of a head.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.aggregation import NOMINAL_SPACING_MM
from ichviewer.domain.series import Series
from ichviewer.inference.head import Head
from ichviewer.inference.preprocess import (
    SLAB_MM,
    Channel,
    Orientation,
    PreprocessSettings,
    are_thin,
    channel_indices,
    crop_axis,
    join_channels,
    resample_part,
    shown_part,
    slab_weights,
)
from ichviewer.inference.regions import Crop

REACH_BEYOND_HEAD_MM = 20.0
"""Slices without a skull around brain are still analysed this far beyond those that show one.

That takes in the vertex, where the skull is cut flat, and the skull base, whose ring of bone is broken; the network
was trained on both. Further out lie the neck and the air above.
"""

MANY_SLICES = 10
HEADS_NEEDED = 3
"""A series of `MANY_SLICES` or more is a head CT only if this many slices show a head: one may be chance."""

MIN_TISSUE_MM2 = 1000.0
"""A slice with less than this much tissue shows nothing to analyse."""
TISSUE_HU = -200.0

MIN_THICKNESS_MM, MAX_THICKNESS_MM = 0.3, 15.0
"""Slice thicknesses of head CT; others are taken for errors."""

_HU_BYTES_KEPT = 24 * 1024 * 1024
"""24 slices of 512 x 512, the most that are kept for what a 5 mm slab of a thin-slice series shares with the next."""


@dataclass(frozen=True)
class SeriesLayout:
    """Where the slices of a series lie, with what is assumed where the file says nothing.

    Parameters
    ----------
    positions_mm : tuple of float
        One a slice, ascending; multiples of the slice thickness, or of 5 mm, where positions are unknown.
    orientation : Orientation
        How pixels are turned to show anterior up and the patient's right on the left.
    """

    positions_mm: tuple[float, ...]
    orientation: Orientation

    @classmethod
    def of(cls, series: Series) -> SeriesLayout:
        """The layout of a series."""
        known = series.positions_mm()
        positions = _assumed_positions(series) if known is None else known
        plane = series.slices[0].plane
        turned = (
            Orientation()
            if plane is None
            else Orientation.from_directions(plane.row_direction, plane.column_direction)
        )
        return cls(positions, turned)


def _assumed_positions(series: Series) -> tuple[float, ...]:
    """Positions of slices that do not tell theirs: as far apart as they are thick."""
    known = [info.thickness_mm for info in series.slices if info.thickness_mm is not None]
    step = float(np.median(known)) if known else NOMINAL_SPACING_MM
    if not MIN_THICKNESS_MM <= step <= MAX_THICKNESS_MM:
        step = NOMINAL_SPACING_MM
    return tuple(i * step for i in range(len(series)))


def has_tissue(hu: NDArray[np.float32], spacing_mm: tuple[float, float]) -> bool:
    """Whether a slice shows more than air and a speck."""
    # Every fourth pixel each way is enough to measure an area, and takes a sixteenth of the time.
    sample = hu[::4, ::4] > TISSUE_HU
    return float(np.count_nonzero(sample)) * 16 * spacing_mm[0] * spacing_mm[1] >= MIN_TISSUE_MM2


def slices_of_head(heads: Mapping[int, Head | None], positions_mm: Sequence[float]) -> set[int]:
    """Which slices belong to a head: those that show one, those between them, and those a little beyond.

    Parameters
    ----------
    heads : mapping of int to Head or None
        What was found in each readable slice.
    positions_mm : sequence of float
        Position of every slice of the series.

    Returns
    -------
    set of int
        Empty if the series is not one of a head.
    """
    found = [positions_mm[i] for i, head in heads.items() if head is not None]
    if len(found) < (1 if len(heads) < MANY_SLICES else HEADS_NEEDED):
        return set()
    low, high = min(found) - REACH_BEYOND_HEAD_MM, max(found) + REACH_BEYOND_HEAD_MM
    return {i for i in heads if low <= positions_mm[i] <= high}


class SeriesInput:
    """Makes the network's input for any slice of a series.

    Parameters
    ----------
    layout : SeriesLayout
    heads : mapping of int to Head or None
        What was found in each readable slice; slices that are not in it are not used, not even as neighbors.
    hu_of : function of int to ndarray of float32
        HU of a slice, turned as the layout says; called again when a slice is needed again.
    shape : tuple of int
        Rows and columns of the turned slices.
    spacing_mm : tuple of float
        Row and column spacing of the turned slices.
    settings : PreprocessSettings
    """

    def __init__(
        self,
        layout: SeriesLayout,
        heads: Mapping[int, Head | None],
        hu_of: Callable[[int], NDArray[np.float32]],
        *,
        shape: tuple[int, int],
        spacing_mm: tuple[float, float],
        settings: PreprocessSettings,
    ) -> None:
        self._usable = sorted(heads)
        self._place = {index: place for place, index in enumerate(self._usable)}
        self._positions = np.array([layout.positions_mm[i] for i in self._usable])
        self._thin = are_thin(self._positions)
        self._axis = crop_axis([heads[i] for i in self._usable], self._positions, shape)
        self._orientation = layout.orientation
        self._shape = shape
        slice_bytes = shape[0] * shape[1] * np.dtype(np.float32).itemsize
        # Those of two slabs: the first inputs need pictures above and below in turn.
        shared = 2 * _most_within(self._positions, SLAB_MM) if self._thin else 1
        self._hu = lru_cache(maxsize=max(1, min(shared, _HU_BYTES_KEPT // slice_bytes)))(hu_of)
        self._spacing_mm = spacing_mm
        self._settings = settings
        self._pictures: dict[int, NDArray[np.float32]] = {}
        # By slice and window: a window shows a slice as the middle of one input and as the neighbor of others.
        self._greys: dict[tuple[int, float, float], NDArray[np.uint8]] = {}

    def input(self, index: int) -> NDArray[np.uint8]:
        """Input for one slice, shape (size, size, channels), uint8."""
        place = self._place[index]
        channels = channel_indices(self._positions, place, self._settings)
        inputs = join_channels(
            [self._grey(at, channel) for at, channel in zip(channels, self._settings.channels, strict=True)]
        )
        # Slices are asked for in ascending order, mostly: what lies below all that the next one can need may go.
        lowest = min(channels)
        for passed in [p for p in self._pictures if p < lowest]:
            del self._pictures[passed]
        for key in [key for key in self._greys if key[0] < lowest]:
            del self._greys[key]
        return inputs

    def crop(self, index: int) -> Crop:
        """Where the picture of a slice is cut out."""
        return Crop(self._orientation, self._shape, self._spacing_mm, self._center_px(self._place[index]))

    def needed_next(self, index: int, count: int) -> list[int]:
        """The slices that the inputs from this slice on will ask for, and ``count`` beyond, in ascending order."""
        place = self._place[index]
        reach_mm = self._settings.reach_mm + SLAB_MM / 2
        last = int(np.searchsorted(self._positions, self._positions[place] + reach_mm, side="right"))
        return self._usable[last : last + count]

    def picture_hu(self, index: int) -> NDArray[np.float32]:
        """A slice in HU as the network's inputs are made from it, shape (size, size)."""
        return self._picture(self._place[index])

    def _picture(self, place: int) -> NDArray[np.float32]:
        """Picture of one usable slice; kept, because its neighbors need it too."""
        if place not in self._pictures:
            parts = slab_weights(self._positions, place) if self._thin else {place: 1.0}
            own, center_px = self._hu(self._usable[place]), self._center_px(place)
            shape = own.shape
            shown = shown_part(shape, self._spacing_mm, center_px, self._settings)
            hu = own[shown]
            if len(parts) > 1:
                hu = np.zeros(hu.shape, np.float32)
                weighted = np.empty_like(hu)
                for part, weight in parts.items():
                    hu += np.multiply(self._hu(self._usable[part])[shown], np.float32(weight), out=weighted)
            self._pictures[place] = resample_part(hu, shape, self._spacing_mm, center_px, self._settings)
        return self._pictures[place]

    def _grey(self, place: int, channel: Channel) -> NDArray[np.uint8]:
        key = (place, channel.center_hu, channel.width_hu)
        if key not in self._greys:
            self._greys[key] = channel.grey(self._picture(place))
        return self._greys[key]

    def _center_px(self, place: int) -> tuple[float, float]:
        return self._axis.center_px(self._positions[place])


def _most_within(positions_mm: NDArray[np.float64], length_mm: float) -> int:
    """The most slices that a stretch of this length shows, with those that it cuts at its ends."""
    ends = np.searchsorted(positions_mm, positions_mm + length_mm, side="right")
    return int((ends - np.arange(positions_mm.size)).max()) + 1
