"""Stored values and Hounsfield units.

Pixels stay in the integer form they are stored in; HU are computed where they are needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

AIR_HU = -1000.0
"""What padding and missing pixels count as where a value is needed."""

LOWEST_HU = -1500.0
"""Air is -1000 HU. Scanners store down to -1024 on the 12-bit scale; noise and streaks of sharp kernels go below."""
HIGHEST_HU = 32767.0
"""The 12-bit scale ends at 3071, the extended ones for metal at 30,710 or where 16 bits end.

C. Coolens and P. J. Childs, Phys. Med. Biol. 48 (2003) 1591, on the extended CT scale; J. Jayamani et al., J.
Radiother. Pract. 17 (2018), on metals at 12, extended 12 and 16 bits.
"""
DENSEST_TISSUE_HU = 3071.0
"""Enamel, the densest tissue, comes up to the end of the 12-bit scale; only metal lies above."""

# Shares of the pixels within the scanned circle. Streaks around metal undershoot and fillings overshoot, in a few
# percent of them; where a fifth does, it is the scale that is wrong.
_MOST_TOO_LOW, _MOST_METAL, _MOST_TOO_HIGH = 0.25, 0.2, 0.001
# Shares are estimated on every second row and column of a 512 x 512 image.
_JUDGED_ROWS = 256
# Stored values that differ this much must not all come to the same HU.
_LEAST_STORED_SPREAD, _LEAST_HU_SPREAD = 200, 20.0
# Beyond this, single precision is left behind; what is plausible never comes near.
_LARGEST_COEFFICIENT = 1e9
_LARGEST_HU = 1e37

# The defect and its repair are known from the RSNA 2019 data: 12-bit unsigned scanners whose values below
# -1000 HU wrapped around to the top of the range.
_REPAIR_OFFSET = 1000
_REPAIR_MODULUS = 4096
REPAIRED_INTERCEPT_HU = -1000.0


@dataclass(frozen=True)
class Rescale:
    """Linear modality transformation, HU = slope * stored + intercept (DICOM PS3.3 C.11.1.1.2)."""

    slope: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slope) and math.isfinite(self.intercept)) or self.slope == 0:
            raise ValueError(
                "a rescale needs a finite, non-zero slope and a finite intercept. "
                f"Received: {self.slope}, {self.intercept}"
            )

    def hu(self, stored: NDArray[np.floating], *, in_place: bool = False) -> NDArray[np.floating]:
        """HU of stored values, of their shape and type; finite whatever the rescale.

        With ``in_place`` they may take the place of the stored values, which costs no memory.
        """
        if max(abs(self.slope), abs(self.intercept)) <= _LARGEST_COEFFICIENT:
            values = stored if in_place else stored.copy()
            if self.slope != 1.0:  # seldom
                values *= stored.dtype.type(self.slope)
            values += stored.dtype.type(self.intercept)
            return values
        with np.errstate(over="ignore"):
            exact = stored.astype(np.float64) * self.slope + self.intercept
        return exact.clip(-_LARGEST_HU, _LARGEST_HU).astype(stored.dtype)

    def hu_of(self, stored: int) -> float:
        """HU of one stored value; finite whatever the rescale."""
        return min(max(stored * self.slope + self.intercept, -_LARGEST_HU), _LARGEST_HU)


@dataclass(frozen=True)
class PaddingRange:
    """Stored values, both ends included, that stand for "no image here" (DICOM PS3.3 C.7.5.1.1.2)."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"a padding range needs low <= high. Received: {self.low}, {self.high}")

    @classmethod
    def between(cls, value: int, limit: int | None = None) -> PaddingRange:
        """Range from PixelPaddingValue and PixelPaddingRangeLimit, in either order."""
        other = value if limit is None else limit
        return cls(min(value, other), max(value, other))


@dataclass(frozen=True, eq=False)
class SliceImage:
    """The pixels of one slice as they are stored, with what turns them into HU.

    Parameters
    ----------
    stored : ndarray of int, shape (rows, columns)
        Stored values; made read-only.
    rescale : Rescale
        Modality transformation.
    padding : PaddingRange or None
        Stored values that are no image.
    rows_read : int or None
        How many rows the file really held; fewer than ``rows`` when it was cut short. None means all.
    low_is_bright : bool
        Whether low values are meant to be shown bright (MONOCHROME1, DICOM PS3.3 C.7.6.3.1.2). HU are not changed.
    """

    stored: NDArray[Any]
    rescale: Rescale = Rescale()
    padding: PaddingRange | None = None
    rows_read: int | None = None
    low_is_bright: bool = False

    def __post_init__(self) -> None:
        if self.stored.ndim != 2 or self.stored.size == 0 or self.stored.dtype.kind not in "iu":
            raise ValueError(
                "a slice needs a non-empty two-dimensional integer array. "
                f"Received: shape {self.stored.shape}, dtype {self.stored.dtype}"
            )
        if self.rows_read is not None and not 0 <= self.rows_read <= self.stored.shape[0]:
            raise ValueError(
                f"rows_read must lie within 0..{self.stored.shape[0]}. Received: {self.rows_read}"
            )
        self.stored.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.stored.shape[0], self.stored.shape[1]

    @property
    def nbytes(self) -> int:
        """Memory that the stored values take, in bytes."""
        return int(self.stored.nbytes)

    def missing(self) -> NDArray[np.bool_]:
        """Where there is no image: padding, and rows that the file did not hold. Shape (rows, columns)."""
        if self.padding is None:
            mask = np.zeros(self.shape, dtype=bool)
        elif self.padding.low == self.padding.high:  # mostly
            mask = np.asarray(self.stored == self.padding.low)
        else:
            mask = (self.stored >= self.padding.low) & (self.stored <= self.padding.high)
        if self.rows_read is not None:
            mask[self.rows_read :] = True
        return mask

    def hu(self, fill_hu: float = AIR_HU) -> NDArray[np.float32]:
        """HU of every pixel, shape (rows, columns), float32; ``fill_hu`` where there is no image."""
        values = self.rescale.hu(self.stored.astype(np.float32), in_place=True)
        if self.padding is not None or self.rows_read is not None:
            np.copyto(values, np.float32(fill_hu), where=self.missing())
        return values

    def hu_at(self, row: int, column: int) -> float | None:
        """HU of one pixel, or None outside the image and where there is no image."""
        if not (0 <= row < self.shape[0] and 0 <= column < self.shape[1]):
            return None
        if self.rows_read is not None and row >= self.rows_read:
            return None
        value = int(self.stored[row, column])
        if self.padding is not None and self.padding.low <= value <= self.padding.high:
            return None
        return self.rescale.hu_of(value)

    def hu_range(self) -> tuple[float, float] | None:
        """Lowest and highest HU outside padding and missing rows; None if nothing is left."""
        kept = self.stored[~self.missing()]
        if kept.size == 0:
            return None
        ends = [self.rescale.hu_of(int(v)) for v in (kept.min(), kept.max())]
        return min(ends), max(ends)

    def implausible_hu(self) -> str:
        """What of the HU no CT scanner gives, in words; empty where nothing is wrong.

        Judged within the circle inside the image, because what lies outside was not scanned and is filled with values
        like -2000 or -3024, often without Pixel Padding Value to say so (DICOM PS3.3 C.7.5.1.1.2). Inside, the lowest
        value may be such a filling as well and does not count if it is common. The bounds are `LOWEST_HU`,
        `HIGHEST_HU` and `DENSEST_TISSUE_HU`; a few pixels beyond them are no reason for doubt.
        """
        ends = int(self.stored.min()), int(self.stored.max())
        low, high = sorted(self.rescale.hu_of(end) for end in ends)
        if ends[1] - ends[0] >= _LEAST_STORED_SPREAD and high - low < _LEAST_HU_SPREAD:
            return f"all HU are between {low:g} and {high:g}"
        if low >= LOWEST_HU and high <= DENSEST_TISSUE_HU:
            return ""
        every = max(1, min(self.shape) // _JUDGED_ROWS)
        scanned = _circle(self.shape) & ~self.missing()
        values = self.rescale.hu(self.stored[::every, ::every][scanned[::every, ::every]].astype(np.float32))
        if values.size == 0:
            return ""
        too_low = values < LOWEST_HU
        too_low &= values != values.min()
        for outside, most, what in (
            (too_low, _MOST_TOO_LOW, f"below {LOWEST_HU:g}"),
            (values > HIGHEST_HU, _MOST_TOO_HIGH, f"above {HIGHEST_HU:g}"),
            (values > DENSEST_TISSUE_HU, _MOST_METAL, f"above {DENSEST_TISSUE_HU:g}"),
        ):
            share = np.count_nonzero(outside) / values.size
            if share > most:
                return f"{share:.1%} of the pixels are {what} HU"
        return ""


@lru_cache(maxsize=4)
def _circle(shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The largest ellipse inside an image of this shape."""
    rows, columns = shape
    y = (np.arange(rows) - (rows - 1) / 2) / (rows / 2)
    x = (np.arange(columns) - (columns - 1) / 2) / (columns / 2)
    inside = np.asarray(y[:, None] ** 2 + x**2 <= 1)
    inside.setflags(write=False)
    return inside


def needs_12_bit_repair(bits_stored: int, pixel_representation: int, rescale: Rescale) -> bool:
    """Tell whether a header is that of a scan whose 12-bit values wrapped around.

    The signs are those of the RSNA 2019 data: 12 bits stored, unsigned, and an intercept near zero, with which
    air at -1000 HU could not be expressed.
    """
    return bits_stored == 12 and pixel_representation == 0 and rescale.intercept > -100


def repair_12_bit(stored: NDArray[Any]) -> NDArray[np.int16]:
    """Undo the wrap-around of 12-bit values: add 1000, wrap at 4096. The intercept is then -1000 HU.

    Parameters
    ----------
    stored : ndarray of int, shape (rows, columns)
        Values as stored, 0..4095.

    Returns
    -------
    ndarray of int16, shape (rows, columns)
        Values for which HU = value + `REPAIRED_INTERCEPT_HU`.
    """
    return ((stored.astype(np.int32) + _REPAIR_OFFSET) % _REPAIR_MODULUS).astype(np.int16)
