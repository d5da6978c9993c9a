"""The image that is measured on: how its pixels lie in the patient, and their values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.place import Coordinates
from ichviewer.domain.eligibility import kind_refusal
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series

# Coordinates are rounded to this many digits of a pixel, so that a corner drawn on a pixel's center stays on it.
_DIGITS = 6
# Modalities whose images are projections: Pixel Spacing holds at one depth in the patient only, and Imager Pixel
# Spacing (0018,1164) at the detector (DICOM PS3.3 section 10.7.1).
_PROJECTIONS = frozenset({"CR", "DX", "IO", "MG", "PX", "RF", "RG", "XA"})


class SpacingTrust(StrEnum):
    """How well the size of a pixel is known."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    """It holds at one depth only, or was worked out by other means than the scanner's."""


def spacing_trust(series: Series, index: int) -> SpacingTrust:
    """How well the pixel spacing of a slice is known, where it has one.

    Estimated for projections (localizers and radiographs), for captured screens, and for slices that say so.
    """
    info = series.slices[index]
    refused = kind_refusal(series.modality, series.sop_class_uid, series.image_type)
    doubtful = refused is not None and refused[0] in (ProblemCode.LOCALIZER, ProblemCode.SECONDARY_CAPTURE)
    told = any(p.code is ProblemCode.SCALE_ESTIMATED for p in info.problems)
    estimated = doubtful or told or series.modality in _PROJECTIONS
    return SpacingTrust.ESTIMATED if estimated else SpacingTrust.MEASURED


@dataclass(frozen=True)
class ImageGrid:
    """How the pixels of an image lie.

    Parameters
    ----------
    plane : Plane or None
        None where the file does not tell where the slice lies. Of a reformat, the plane of its first pixel.
    spacing : PixelSpacing or None
    trust : SpacingTrust
    """

    plane: Plane | None = None
    spacing: PixelSpacing | None = None
    trust: SpacingTrust = SpacingTrust.MEASURED

    @property
    def coordinates(self) -> Coordinates:
        """The frame that points on this image are given in."""
        known = self.plane is not None and self.spacing is not None
        return Coordinates.PATIENT_MM if known else Coordinates.SLICE_PX

    def pixels_of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Row and column of points, shape (n, 2).

        Parameters
        ----------
        points : ndarray of float64, shape (n, 3) in patient mm or (n, 2) in pixels
            Points in mm are projected onto the plane.

        Raises
        ------
        ValueError
            For points in mm where plane or spacing are not known.
        """
        if points.shape[1] == 2:
            return np.round(points, _DIGITS)
        plane, spacing = self._known()
        # Least squares, because directions in files are not quite at right angles.
        steps = np.array([plane.column_direction, plane.row_direction])
        along = np.linalg.solve(steps @ steps.T, steps @ (points - np.array(plane.position_mm)).T).T
        return np.round(along / [spacing.row_mm, spacing.column_mm], _DIGITS)

    def points_of(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points, in the frame of `coordinates`, of rows and columns of shape (n, 2)."""
        if self.coordinates is Coordinates.SLICE_PX:
            return pixels
        plane, spacing = self._known()
        steps = np.array([plane.column_direction, plane.row_direction])
        points: NDArray[np.float64] = (
            np.array(plane.position_mm) + (pixels * [spacing.row_mm, spacing.column_mm]) @ steps
        )
        return points

    def distances_mm(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance of points in patient mm, shape (n, 3), from the plane, shape (n,)."""
        plane, _ = self._known()
        distances: NDArray[np.float64] = np.abs((points - np.array(plane.position_mm)) @ plane.normal)
        return distances

    def _known(self) -> tuple[Plane, PixelSpacing]:
        if self.plane is None or self.spacing is None:
            raise ValueError(f"points in mm need a plane and a spacing. Received: {self}")
        return self.plane, self.spacing


@dataclass(frozen=True, eq=False)
class ImageValues:
    """The values of an image's pixels.

    Parameters
    ----------
    values : ndarray of float32, shape (rows, columns)
        HU, or stored values where the image is not CT.
    missing : ndarray of bool, shape (rows, columns)
        Where there is no image.
    are_hu : bool
    """

    values: NDArray[np.float32]
    missing: NDArray[np.bool_]
    are_hu: bool = True

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape != self.missing.shape:
            raise ValueError(
                "values and mask must have one shape of two dimensions. "
                f"Received: {self.values.shape}, {self.missing.shape}"
            )

    @classmethod
    def of(cls, image: SliceImage, *, are_hu: bool = True) -> ImageValues:
        """The values of a slice, its padding and missing rows masked."""
        return cls(image.hu(), image.missing(), are_hu)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.values.shape[0], self.values.shape[1]

    def inside(self, mask: NDArray[Any]) -> NDArray[np.float64]:
        """The values under a mask that are image, in single file, as float64 for exact sums."""
        return self.values[mask & ~self.missing].astype(np.float64)


@dataclass(frozen=True, eq=False)
class MeasuredImage:
    """The image on screen, to be measured on.

    Parameters
    ----------
    pixel_hash : str
        Of these very pixels; see `DrawnOn`.
    grid : ImageGrid
    values : ImageValues or None
        None where the pixels are not at hand: lengths and areas are measured all the same.
    """

    pixel_hash: str
    grid: ImageGrid
    values: ImageValues | None = None
