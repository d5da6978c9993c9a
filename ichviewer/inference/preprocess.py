"""From HU to what the network sees. Training and the product both go through here, and nowhere else.

Version 2. A slice is cut out around the head at a fixed scale in mm, so that a lesion has the same size in the
picture whatever the scanner's field of view was. HU are clipped to a range and resampled; each channel of the input
is then one of these pictures, of the slice itself or of a neighbor at a fixed distance in mm, through one window as
8-bit grey. Thin slices are averaged over 5 mm first, because noise and partial volume should look like those of the
slices trained on. Version 1 had one window for all channels, which was also the range.

The order of the steps for slice ``i`` of a series::

    hu_i      = weighted mean of the HU of the slices in slab_weights(positions, i)
    picture_i = resample_head(hu_i, spacing, axis.center_px(position_i), settings)
    input_i   = make_input([picture_j for j in channel_indices(positions, i, settings)], settings)

Pictures are expected as a radiologist sees them, anterior up and the patient's right on the left; `Orientation`
turns others round.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.inference.bands import Bands, bands
from ichviewer.inference.head import Head

PREPROCESSING_VERSION = 2

SLAB_MM = 5.0
"""Slices of a thin-slice series are averaged over so much."""
THIN_SLICE_MM = 3.0
"""Series whose slices are closer than this are thin-slice series."""

_MIN_HEADS_FOR_LINE = 5
_MIN_SPAN_FOR_LINE_MM = 30.0


@dataclass(frozen=True)
class Channel:
    """One channel of the network's input.

    Parameters
    ----------
    offset_mm : float
        Where its slice lies along the normal, relative to the slice in question.
    center_hu, width_hu : float
        HU from center - width / 2 to center + width / 2 become grey 0 to 255, linearly.
    """

    offset_mm: float = 0.0
    center_hu: float = 40.0
    width_hu: float = 120.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(n) for n in (self.offset_mm, self.center_hu, self.width_hu)):
            raise ValueError(f"the numbers of a channel must be finite. Received: {self}")
        if self.width_hu <= 0:
            raise ValueError(f"the width of a window must be positive. Received: {self}")

    @property
    def low_hu(self) -> float:
        """HU that become 0."""
        return self.center_hu - self.width_hu / 2

    def grey(self, hu: NDArray[Any]) -> NDArray[np.uint8]:
        """HU of any shape as grey levels: (HU - low) / width * 255, rounded half up."""
        level = np.asarray((hu - np.float32(self.low_hu)) * np.float32(255.0 / self.width_hu))
        np.clip(level, 0.0, 255.0, out=level)
        level += np.float32(0.5)
        return level.astype(np.uint8)  # cuts off, so that half is rounded up


NEIGHBORS = (Channel(-5.0), Channel(0.0), Channel(5.0))
"""The slice and what lies 5 mm below and above, through the window 40/120."""


def check_channels(channels: Sequence[Channel]) -> None:
    """Raise a `ValueError` unless one of the channels shows the slice itself."""
    if not any(channel.offset_mm == 0 for channel in channels):
        raise ValueError(f"one channel must show the slice itself. Received: {channels}")


def read_channels(data: Iterable[Mapping[str, Any]]) -> tuple[Channel, ...]:
    """Channels from JSON: objects with the fields of `Channel`.

    Raises
    ------
    KeyError, TypeError, ValueError
        If one is missing or invalid.
    """
    return tuple(Channel(float(c["offset_mm"]), float(c["center_hu"]), float(c["width_hu"])) for c in data)


@dataclass(frozen=True)
class PreprocessSettings:
    """What the preprocessing can be told by a model.

    Parameters
    ----------
    size_px : int
        Rows and columns of the picture.
    mm_per_px : float
        Its scale.
    clip_hu : tuple of float
        HU are clipped to this range before they are resampled.
    channels : tuple of Channel
        What the input is made of; at least one shows the slice itself. The first of these is its main one.
    """

    size_px: int = 224
    mm_per_px: float = 1.0
    clip_hu: tuple[float, float] = (-160.0, 240.0)
    channels: tuple[Channel, ...] = NEIGHBORS

    def __post_init__(self) -> None:
        if not all(math.isfinite(n) for n in (self.mm_per_px, *self.clip_hu)):
            raise ValueError(f"preprocessing settings must be finite. Received: {self}")
        if self.size_px < 32 or self.mm_per_px <= 0:
            raise ValueError(f"size (at least 32) and scale must be positive. Received: {self}")
        if not self.clip_hu[0] < self.clip_hu[1]:
            raise ValueError(f"the range of HU must not be empty. Received: {self.clip_hu}")
        check_channels(self.channels)

    @property
    def main(self) -> int:
        """Index of the first channel that shows the slice itself."""
        return [channel.offset_mm for channel in self.channels].index(0.0)

    @property
    def reach_mm(self) -> float:
        """How far from the slice the farthest channel lies."""
        return max(abs(channel.offset_mm) for channel in self.channels)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PreprocessSettings:
        """Settings from the ``preprocessing`` part of a model's metadata.

        Raises
        ------
        ValueError
            If the version is not one implemented here, or a setting is missing or invalid.
        """
        version = data.get("version")
        if version not in (1, PREPROCESSING_VERSION):
            raise ValueError(
                f"preprocessing version 1 or {PREPROCESSING_VERSION} is needed. Received: {version!r}"
            )
        try:
            size_px, mm_per_px = int(data["size_px"]), float(data["mm_per_px"])
            if version == 1:
                center, width = float(data["window_center_hu"]), float(data["window_width_hu"])
                channels = tuple(Channel(float(mm), center, width) for mm in data["slice_offsets_mm"])
                return cls(size_px, mm_per_px, (center - width / 2, center + width / 2), channels)
            low, high = (float(hu) for hu in data["clip_hu"])
            return cls(size_px, mm_per_px, (low, high), read_channels(data["channels"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"preprocessing settings are incomplete: {error!r}") from error

    def to_json(self) -> dict[str, Any]:
        """The ``preprocessing`` part of a model's metadata."""
        return {
            "version": PREPROCESSING_VERSION,
            "size_px": self.size_px,
            "mm_per_px": self.mm_per_px,
            "clip_hu": list(self.clip_hu),
            "channels": [asdict(channel) for channel in self.channels],
        }


@dataclass(frozen=True)
class Orientation:
    """How stored pixels must be turned to show anterior up and the patient's right on the left.

    Parameters
    ----------
    transpose : bool
        Swap rows and columns first.
    flip_rows, flip_columns : bool
        Then turn upside down, or left to right.
    """

    transpose: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    @classmethod
    def from_directions(
        cls, row_direction: Sequence[float], column_direction: Sequence[float]
    ) -> Orientation:
        """Orientation from the two direction cosines of ImageOrientationPatient (DICOM PS3.3 C.7.6.2.1.1).

        Parameters
        ----------
        row_direction : sequence of three float
            Patient direction in which the column index grows; +x is the patient's left.
        column_direction : sequence of three float
            Patient direction in which the row index grows; +y is the patient's back.
        """
        transpose = abs(row_direction[1]) > abs(row_direction[0])
        across, down = (column_direction, row_direction) if transpose else (row_direction, column_direction)
        return cls(transpose, flip_rows=down[1] < 0, flip_columns=across[0] < 0)

    def apply(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """The pixels turned; a view, nothing is copied."""
        turned = pixels.T if self.transpose else pixels
        return turned[:: -1 if self.flip_rows else 1, :: -1 if self.flip_columns else 1]

    def spacing(self, spacing_mm: tuple[float, float]) -> tuple[float, float]:
        """Row and column spacing after turning."""
        return (spacing_mm[1], spacing_mm[0]) if self.transpose else spacing_mm


@dataclass(frozen=True)
class CropAxis:
    """Where the head's middle lies in the slices of a series: a straight line along the normal.

    One line for the series keeps the picture from jumping between slices, and still follows a head that drifts
    through the field of view, as it does with a tilted gantry.

    Parameters
    ----------
    row_px, column_px : float
        Middle of the head at position 0.
    row_px_per_mm, column_px_per_mm : float
        Drift along the normal.
    """

    row_px: float
    column_px: float
    row_px_per_mm: float = 0.0
    column_px_per_mm: float = 0.0

    def center_px(self, position_mm: float) -> tuple[float, float]:
        """Row and column of the head's middle in the slice at a position."""
        return (
            self.row_px + self.row_px_per_mm * position_mm,
            self.column_px + self.column_px_per_mm * position_mm,
        )


_MOST_HEADS_FOR_LINE = 2048


def crop_axis(heads: Sequence[Head | None], positions_mm: ArrayLike, shape: tuple[int, int]) -> CropAxis:
    """The line through the heads found in a series, robust against single wrong ones.

    The slope is the median of the slopes between all pairs of slices (Theil-Sen); series that are short or show few
    heads get the median center. Where no head was found the middle of the image is taken.

    Parameters
    ----------
    heads : sequence of Head or None
        What `head.find_head` found in each slice.
    positions_mm : array of float, shape (n,)
        Position of each slice along the normal.
    shape : tuple of int
        Rows and columns of the slices.
    """
    places = np.asarray(positions_mm, np.float64)
    found = [(p, h.center_row_px, h.center_column_px) for h, p in zip(heads, places, strict=True) if h]
    if not found:
        return CropAxis((shape[0] - 1) / 2, (shape[1] - 1) / 2)
    position, row, column = np.asarray(found, np.float64).T
    if len(found) < _MIN_HEADS_FOR_LINE or np.ptp(position) < _MIN_SPAN_FOR_LINE_MM:
        return CropAxis(float(np.median(row)), float(np.median(column)))
    row_slope, column_slope = _median_slope(position, row), _median_slope(position, column)
    return CropAxis(
        float(np.median(row - row_slope * position)),
        float(np.median(column - column_slope * position)),
        row_slope,
        column_slope,
    )


def are_thin(positions_mm: NDArray[np.float64]) -> bool:
    """Whether slices at these positions are those of a thin-slice series, which are averaged."""
    return positions_mm.size > 1 and float(np.median(np.diff(positions_mm))) < THIN_SLICE_MM


def slab_weights(positions_mm: ArrayLike, index: int) -> dict[int, float]:
    """Which slices are averaged, and with what weight, before a slice is resampled.

    A slice of a thin-slice series is replaced by a slab of `SLAB_MM` around it: each slice counts by how much of
    the slab it fills, half way to its neighbors on either side. Others stand for themselves.

    Parameters
    ----------
    positions_mm : array of float, shape (n,)
        Positions of the slices along the normal, in ascending order.
    index : int
        The slice in question.

    Returns
    -------
    dict of int to float
        Slice index to weight; the weights add up to 1.
    """
    position = np.asarray(positions_mm, np.float64)
    if not are_thin(position):
        return {index: 1.0}
    middle = (position[1:] + position[:-1]) / 2
    # The first and the last slice reach as far outwards as inwards.
    edges = np.concatenate([[2 * position[0] - middle[0]], middle, [2 * position[-1] - middle[-1]]])
    low, high = position[index] - SLAB_MM / 2, position[index] + SLAB_MM / 2
    overlap = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0.0, None)
    total = float(overlap.sum())
    if total <= 0.0:  # several slices at one position: the slice has no extent of its own
        return {index: 1.0}
    return {int(i): float(overlap[i]) / total for i in np.flatnonzero(overlap)}


def channel_indices(
    positions_mm: ArrayLike, index: int, settings: PreprocessSettings = PreprocessSettings()
) -> tuple[int, ...]:
    """Which slices are the channels of a slice's input: those nearest to the offsets.

    The slice itself is repeated where there is no nearer one: at the ends of a series and in a single slice.

    Parameters
    ----------
    positions_mm : array of float, shape (n,)
        Positions of the slices along the normal, in ascending order.
    index : int
        The slice in question.
    settings : PreprocessSettings
        Tells the offsets.
    """
    position = np.asarray(positions_mm, np.float64)
    return tuple(_nearest(position, index, channel.offset_mm) for channel in settings.channels)


def resample_head(
    hu: NDArray[np.float32],
    spacing_mm: tuple[float, float],
    center_px: tuple[float, float],
    settings: PreprocessSettings = PreprocessSettings(),
) -> NDArray[np.float32]:
    """Picture of a slice in HU, cut out around a center at the model's scale.

    HU are clipped before they are resampled, so that metal and air do not smear into the brain. Resampling is
    separable with a triangle as wide as the coarser of the two grids, which keeps fine noise from folding
    into coarse.

    Parameters
    ----------
    hu : ndarray of float32, shape (rows, columns)
        HU; NaN counts as air.
    spacing_mm : tuple of float
        Distance between rows and between columns.
    center_px : tuple of float
        Row and column of `hu` that the middle of the picture shows.
    settings : PreprocessSettings
        Size, scale and range of HU.

    Returns
    -------
    ndarray of float32, shape (size_px, size_px)
        HU within the range; its low end outside the slice.
    """
    rows, columns = shown_part(hu.shape, spacing_mm, center_px, settings)
    return resample_part(hu[rows, columns], hu.shape, spacing_mm, center_px, settings)


def shown_part(
    shape: tuple[int, ...],
    spacing_mm: tuple[float, float],
    center_px: tuple[float, float],
    settings: PreprocessSettings = PreprocessSettings(),
) -> tuple[slice, slice]:
    """Rows and columns of a slice that its picture is made from; parameters as of `resample_head`."""
    down, across = _both_bands(shape, spacing_mm, center_px, settings)
    return down.needed, across.needed


def resample_part(
    part: NDArray[np.float32],
    shape: tuple[int, ...],
    spacing_mm: tuple[float, float],
    center_px: tuple[float, float],
    settings: PreprocessSettings = PreprocessSettings(),
) -> NDArray[np.float32]:
    """`resample_head` of a slice of which only the `shown_part` is at hand.

    Parameters
    ----------
    part : ndarray of float32
        HU of these rows and columns.
    shape : tuple of int
        Rows and columns of the whole slice.
    spacing_mm, center_px, settings
        As of `resample_head`.
    """
    low, high = (np.float32(end) for end in settings.clip_hu)
    down, across = _both_bands(shape, spacing_mm, center_px, settings)
    above = part - low
    # fmax and fmin take the number where the other is NaN.
    np.fmin(np.fmax(above, np.float32(0.0), out=above), high - low, out=above)
    picture = across.apply(down.apply(above.astype(np.float32, copy=False)).T).T
    return picture + low


def make_input(
    pictures: Sequence[NDArray[Any]], settings: PreprocessSettings = PreprocessSettings()
) -> NDArray[np.uint8]:
    """Pictures in HU as one input, each through the window of its channel.

    Parameters
    ----------
    pictures : sequence of ndarray, each of shape (size, size)
        One for each of the settings' channels, in their order.
    settings : PreprocessSettings
        Tells the windows.

    Returns
    -------
    ndarray of uint8, shape (size, size, channels)
    """
    if len(pictures) != len(settings.channels):
        raise ValueError(f"an input has {len(settings.channels)} channels. Received: {len(pictures)}")
    return join_channels([channel.grey(hu) for channel, hu in zip(settings.channels, pictures, strict=True)])


def join_channels(greys: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Grey pictures, each of shape (size, size), as one input of shape (size, size, channels)."""
    return np.stack(greys, axis=-1)


def _nearest(position: NDArray[np.float64], index: int, offset_mm: float) -> int:
    if offset_mm == 0.0:
        return index
    distance = np.abs(position - (position[index] + offset_mm))
    best = int(np.argmin(distance))
    # A slice at the very position of another is no neighbor of it.
    return best if distance[best] < abs(offset_mm) - 1e-6 else index


def _median_slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    if x.size > _MOST_HEADS_FOR_LINE:
        # Pairs grow with the square; so many evenly spread heads tell the slope as well.
        kept = np.linspace(0, x.size - 1, _MOST_HEADS_FOR_LINE).round().astype(np.intp)
        x, y = x[kept], y[kept]
    slopes = []
    for i in range(x.size - 1):  # row by row: all pairs at once would take a hundred MB for 2,000 heads
        across = x[i + 1 :] - x[i]
        apart = np.abs(across) > 1e-6
        slopes.append((y[i + 1 :] - y[i])[apart] / across[apart])
    return float(np.median(np.concatenate(slopes)))


def _both_bands(
    shape: tuple[int, ...],
    spacing_mm: tuple[float, float],
    center_px: tuple[float, float],
    settings: PreprocessSettings,
) -> tuple[Bands, Bands]:
    """The matrices of rows and columns."""
    down, across = (
        bands(shape[axis], spacing_mm[axis], round(center_px[axis], 2), settings.size_px, settings.mm_per_px)
        for axis in (0, 1)
    )
    return down, across
