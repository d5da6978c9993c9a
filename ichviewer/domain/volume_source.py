"""Whether a series can be a volume, and if so, its geometry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import PixelSpacing, Plane, Vector
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.volume_geometry import LEAST_STACK_COSINE, VolumeGeometry

# Slices closer than this lie at one place: positions are written with two or more decimals.
_SAME_POSITION_MM = 0.01
# No pixel may lie farther from where the volume has it, in pixels.
_MOST_OFF_PX = 0.5


class NoVolumeReason(StrEnum):
    """Why a series is no volume; the value is what a person reads."""

    ONE_SLICE = "the series has a single slice"
    NO_POSITION = "a slice has no position or orientation"
    NO_SPACING = "a slice has no pixel spacing"
    SIZES_DIFFER = "slices differ in rows and columns"
    SPACINGS_DIFFER = "slices differ in pixel spacing"
    FRAMES_DIFFER = "slices are in different frames of reference"
    NOT_PARALLEL = "slices are not parallel"
    SAME_PLACE = "two slices lie at one place"
    NOT_IN_ORDER = "slices are not in the order of their positions"
    NOT_IN_LINE = "slices are not stacked along a line"
    GAP = "slices seem to be missing"
    COLOR = "the images are in color, not in HU"
    NOT_ALL_RECEIVED = "not all images of the study were received"


@dataclass(frozen=True)
class NoVolume:
    """Why a series cannot be shown in other planes.

    Parameters
    ----------
    reason : NoVolumeReason
    found : str
        What was found, e.g. which slice.
    """

    reason: NoVolumeReason
    found: str = ""

    def __str__(self) -> str:
        return f"{self.reason.value}: {self.found}" if self.found else self.reason.value


def volume_geometry(series: Series) -> VolumeGeometry | NoVolume:
    """Geometry of a series as a volume, or why it is none. Looks at headers only.

    Slices have to be parallel, of one size, pixel spacing and frame of reference, and stacked along one line, so that
    no pixel lies more than half a pixel from where the volume has it. Distances may be uneven and the line askew
    (a tilted gantry), but no slice may be missing (`ProblemCode.GAP` of the series), nor may any be still to come.
    """
    slices = series.slices
    n = len(slices)
    if not series.all_received:
        return NoVolume(NoVolumeReason.NOT_ALL_RECEIVED)
    if n < 2:
        return NoVolume(NoVolumeReason.ONE_SLICE)
    placed: list[tuple[Plane, PixelSpacing]] = []
    for i, info in enumerate(slices):
        if info.plane is None:
            return NoVolume(NoVolumeReason.NO_POSITION, _name(i, n))
        if info.spacing is None:
            return NoVolume(NoVolumeReason.NO_SPACING, _name(i, n))
        placed.append((info.plane, info.spacing))
    differing = _differing(slices, placed)
    if differing is not None:
        return differing
    gaps = [problem.found for problem in series.problems if problem.code is ProblemCode.GAP]
    if gaps:
        return NoVolume(NoVolumeReason.GAP, "; ".join(gaps))
    stacked = _stacked([plane for plane, _ in placed], placed[0][1])
    if isinstance(stacked, NoVolume):
        return stacked
    direction, positions = stacked
    plane, spacing = placed[0]
    return VolumeGeometry(
        plane.position_mm,
        direction,
        plane.column_direction,
        plane.row_direction,
        spacing,
        positions,
        slices[0].rows,
        slices[0].columns,
    )


def _name(index: int, n: int) -> str:
    return f"slice {index + 1} of {n}"


def _differing(slices: tuple[SliceInfo, ...], placed: list[tuple[Plane, PixelSpacing]]) -> NoVolume | None:
    """What differs between the first slice and another."""
    n, first = len(slices), slices[0]
    plane, spacing = placed[0]
    # How far, in pixels, a change of a direction by 1 moves the last row and column.
    rows_px = first.rows * spacing.row_mm / min(spacing.row_mm, spacing.column_mm)
    columns_px = first.columns * spacing.column_mm / min(spacing.row_mm, spacing.column_mm)
    for i, (info, (other, its)) in enumerate(zip(slices, placed, strict=True)):
        name = _name(i, n)
        if (info.rows, info.columns) != (first.rows, first.columns):
            found = f"{name} has {info.rows} x {info.columns} px, the first {first.rows} x {first.columns}"
            return NoVolume(NoVolumeReason.SIZES_DIFFER, found)
        if info.frame_of_reference_uid != first.frame_of_reference_uid:
            uids = [uid or "none" for uid in (info.frame_of_reference_uid, first.frame_of_reference_uid)]
            found = f"{name} is in {uids[0]}, the first in {uids[1]}"
            return NoVolume(NoVolumeReason.FRAMES_DIFFER, found)
        off = [
            abs(its.row_mm / spacing.row_mm - 1) * first.rows,
            abs(its.column_mm / spacing.column_mm - 1) * first.columns,
        ]
        if max(off) > _MOST_OFF_PX:
            found = (
                f"{name} has {its.row_mm:g} x {its.column_mm:g} mm, "
                f"the first {spacing.row_mm:g} x {spacing.column_mm:g} mm"
            )
            return NoVolume(NoVolumeReason.SPACINGS_DIFFER, found)
        turned = (
            _distance(other.row_direction, plane.row_direction) * columns_px,
            _distance(other.column_direction, plane.column_direction) * rows_px,
        )
        if max(turned) > _MOST_OFF_PX:
            most = max(
                _angle_deg(other.row_direction, plane.row_direction),
                _angle_deg(other.column_direction, plane.column_direction),
            )
            return NoVolume(NoVolumeReason.NOT_PARALLEL, f"{name} is turned by {most:.2f} degrees")
    return None


def _stacked(planes: list[Plane], spacing: PixelSpacing) -> tuple[Vector, tuple[float, ...]] | NoVolume:
    """The direction from the first to the last slice, and each one's position along it."""
    n = len(planes)
    corners = np.array([plane.position_mm for plane in planes])
    normal = np.array(planes[0].normal)
    heights: NDArray[np.float64] = (corners - corners[0]) @ normal
    steps = np.diff(np.sort(heights))
    if steps.min() < _SAME_POSITION_MM:
        at = planes[0].distance_mm() + float(np.sort(heights)[int(np.argmin(steps))])
        return NoVolume(NoVolumeReason.SAME_PLACE, f"{at:.1f} mm along the normal")
    rising = np.diff(heights) > 0
    if not (rising.all() or not rising.any()):
        turn = int(np.flatnonzero(rising != rising[0])[0]) + 1
        return NoVolume(NoVolumeReason.NOT_IN_ORDER, _name(turn, n))
    line = corners[-1] - corners[0]
    length = float(np.linalg.norm(line))
    cosine = abs(float(heights[-1])) / length
    if cosine < LEAST_STACK_COSINE:
        askew = np.degrees(np.arccos(cosine))
        return NoVolume(NoVolumeReason.NOT_IN_LINE, f"the line is {askew:.0f} degrees from the normal")
    direction = line / length
    along = np.abs(heights) / cosine
    off = np.linalg.norm(corners - corners[0] - along[:, None] * direction, axis=1)
    worst = int(np.argmax(off))
    if off[worst] > _MOST_OFF_PX * min(spacing.row_mm, spacing.column_mm):
        return NoVolume(
            NoVolumeReason.NOT_IN_LINE, f"{_name(worst, n)} lies {off[worst]:.2f} mm beside the line"
        )
    x, y, z = map(float, direction)
    return (x, y, z), tuple(map(float, along))


def _distance(a: Vector, b: Vector) -> float:
    return float(np.linalg.norm(np.subtract(a, b)))


def _angle_deg(a: Vector, b: Vector) -> float:
    return float(np.degrees(2 * np.arcsin(min(1.0, _distance(a, b) / 2))))
