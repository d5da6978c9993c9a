"""From the network's region logits to a map that lies on the slice: calibration, and the crop undone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.calibration import sigmoid
from ichviewer.domain.labels import TYPES
from ichviewer.domain.region_map import RegionMap
from ichviewer.inference.preprocess import Orientation, PreprocessSettings

KEPT_FROM = 0.05
"""A map in which nothing is as likely as this, nor reaches the threshold of its type, is not kept."""


@dataclass(frozen=True)
class RegionSettings:
    """What a model says about its maps.

    Parameters
    ----------
    stride_px : int
        Rows and columns of the network's picture that a cell covers.
    slope, intercept : tuple of 5 floats
        From region logits to the probability that a cell is blood of a type, as in
        `ichviewer.domain.calibration.PlattCalibration`; in the order of `ichviewer.domain.labels.TYPES`.
    threshold : tuple of 5 floats
        Probability from which a type is outlined, above 0 and below 1.
    """

    stride_px: int
    slope: tuple[float, ...]
    intercept: tuple[float, ...]
    threshold: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.stride_px < 1:
            raise ValueError(f"the stride must be at least 1 pixel. Received: {self.stride_px}")
        parts = (self.slope, self.intercept, self.threshold)
        if any(len(part) != len(TYPES) for part in parts) or not all(map(math.isfinite, sum(parts, ()))):
            raise ValueError(f"regions need {len(TYPES)} finite numbers of each kind. Received: {parts}")
        if min(self.slope) <= 0:
            raise ValueError(f"calibration slopes must be positive. Received: {self.slope}")
        if not all(0 < t < 1 for t in self.threshold):
            raise ValueError(f"thresholds must lie between 0 and 1. Received: {self.threshold}")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RegionSettings:
        """Settings from the ``regions`` part of a model's metadata.

        Raises
        ------
        ValueError
            If one is missing or invalid.
        """
        try:
            slope, intercept, threshold = (
                tuple(float(n) for n in data[name]) for name in ("slope", "intercept", "threshold")
            )
            return cls(int(data["stride_px"]), slope, intercept, threshold)
        except (KeyError, TypeError) as error:
            raise ValueError(f"the settings of regions are incomplete: {error!r}") from error

    def to_json(self) -> dict[str, Any]:
        """The ``regions`` part of a model's metadata."""
        return {
            "stride_px": self.stride_px,
            "slope": list(self.slope),
            "intercept": list(self.intercept),
            "threshold": list(self.threshold),
        }

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated probabilities of region logits, shape (..., 5)."""
        return sigmoid(np.asarray(logits, np.float64) * self.slope + self.intercept)


@dataclass(frozen=True)
class Crop:
    """Where the network's picture of a slice was cut out.

    Parameters
    ----------
    orientation : Orientation
        How stored pixels were turned.
    shape : tuple of int
        Rows and columns after turning.
    spacing_mm : tuple of float
        Row and column spacing after turning.
    center_px : tuple of float
        Row and column of the turned slice that the middle of the picture shows.
    """

    orientation: Orientation
    shape: tuple[int, int]
    spacing_mm: tuple[float, float]
    center_px: tuple[float, float]


def region_map(
    logits: NDArray[np.float32], settings: RegionSettings, preprocessing: PreprocessSettings, crop: Crop
) -> RegionMap | None:
    """The map of one slice, on the slice's own pixels.

    Parameters
    ----------
    logits : ndarray of float32, shape (rows, columns, 5)
        What the network said of the slice's input.
    settings : RegionSettings
    preprocessing : PreprocessSettings
        What the input was made with.
    crop : Crop
        Where.

    Returns
    -------
    RegionMap or None
        None if nothing in it is worth keeping: see `KEPT_FROM`.
    """
    # Calibration keeps the order: the highest of each type tell it, and few slices have any.
    if not np.any(
        settings.probabilities(logits.max(axis=(0, 1))) >= np.minimum(settings.threshold, KEPT_FROM)
    ):
        return None
    probabilities = settings.probabilities(logits)
    first, step = [], []
    flips = (crop.orientation.flip_rows, crop.orientation.flip_columns)
    for length, spacing_mm, center, flip in zip(
        crop.shape, crop.spacing_mm, crop.center_px, flips, strict=True
    ):
        scale = preprocessing.mm_per_px / spacing_mm
        # The middle of the first cell in the picture, whose own middle lies at (size - 1) / 2; see `resample_head`.
        in_picture = (settings.stride_px - 1) / 2 - (preprocessing.size_px - 1) / 2
        at = center + in_picture * scale
        first.append(length - 1 - at if flip else at)
        step.append(-settings.stride_px * scale if flip else settings.stride_px * scale)
    return RegionMap.of(
        probabilities, (first[0], first[1]), (step[0], step[1]), transpose=crop.orientation.transpose
    )
