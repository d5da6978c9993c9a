"""Where planes cut each other: reference lines and crosshairs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ichviewer.domain.plane_view import PlaneView

# Planes whose normals differ by less than this (a sine) are parallel: their cut is nowhere near.
_PARALLEL = 1e-6


@dataclass(frozen=True)
class SegmentPx:
    """A straight line between two points (row, column) in the pixel coordinates of a view."""

    start: tuple[float, float]
    end: tuple[float, float]


def cut_line(view: PlaneView, other: PlaneView, *, whole: bool = False) -> SegmentPx | None:
    """Where another view's plane cuts a view.

    Parameters
    ----------
    view : PlaneView
        The view on which the line is drawn.
    other : PlaneView
    whole : bool
        Whether the line goes on beyond the other view's rectangle (a crosshair); otherwise it ends where that does (a
        reference line).

    Returns
    -------
    SegmentPx or None
        The part inside of the view, to the outer edges of its pixels. None where planes are parallel or the cut lies
        outside.
    """
    normal = np.array(other.normal)
    # The plane of ``other`` in pixels of ``view``, from its center: down * row + right * column = distance.
    down, right = float(normal @ view.down), float(normal @ view.right)
    steepness = math.hypot(down, right)
    if steepness < _PARALLEL:
        return None
    distance = float(normal @ np.subtract(other.center_mm, view.center_mm)) / view.pixel_mm
    foot = np.array([down, right]) * distance / steepness**2
    along = np.array([-right, down]) / steepness
    ends = _inside(foot, along, view.rows, view.columns)
    if ends is None:
        return None
    if not whole:
        start, step = _seen_from(other, view, foot, along)
        others = _inside(start, step, other.rows, other.columns)
        if others is None:
            return None
        ends = max(ends[0], others[0]), min(ends[1], others[1])
        if ends[0] >= ends[1]:
            return None
    middle = np.array([(view.rows - 1) / 2, (view.columns - 1) / 2])
    (a, b), (c, d) = ((foot + along * t + middle).tolist() for t in ends)
    return SegmentPx((a, b), (c, d))


def _seen_from(
    other: PlaneView, view: PlaneView, foot: np.ndarray, along: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A line given in pixels from the center of ``view``, as start and step in pixels from that of ``other``."""
    axes = np.array([view.down, view.right]) * view.pixel_mm
    other_axes = np.array([other.down, other.right]) / other.pixel_mm
    start_mm = np.array(view.center_mm) + foot @ axes - other.center_mm
    return other_axes @ start_mm, other_axes @ (along @ axes)


def _inside(start: np.ndarray, step: np.ndarray, rows: int, columns: int) -> tuple[float, float] | None:
    """Between which multiples of the step a line is within a rectangle around 0 (Liang and Barsky)."""
    low, high = -math.inf, math.inf
    for at, by, half in zip(start.tolist(), step.tolist(), (rows / 2, columns / 2), strict=True):
        if abs(by) < _PARALLEL:
            if abs(at) > half:
                return None
            continue
        near, far = sorted(((-half - at) / by, (half - at) / by))
        low, high = max(low, near), min(high, far)
    return (low, high) if low < high else None
