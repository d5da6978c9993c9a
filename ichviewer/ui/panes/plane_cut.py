"""Where the slice of one pane cuts the slice of another one: the place of a reference line. It knows no Qt."""

from __future__ import annotations

import math

import numpy as np

from ichviewer.domain.geometry import Vector
from ichviewer.domain.plane_lines import cut_line
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.ui.panes.image_frame import Point

_DIFFERENT_COSINE = math.cos(math.radians(5))
"""Planes that differ by less run beside each other: where they meet says nothing of the slice."""


def reference_line(target: Series, at: int, source: Series, index: int) -> tuple[Point, Point] | None:
    """The line in which a slice of another series cuts a slice.

    Parameters
    ----------
    target, at : Series, int
        The slice on which the line is drawn.
    source, index : Series, int
        The slice that it stands for.

    Returns
    -------
    tuple of 2 points or None
        In mm from the outer corner of the first pixel of the target, x to the right and y down. None where the
        planes are about parallel or do not meet, where positions are missing, or where they are of another patient
        or frame of reference (Frame of Reference UID (0020,0052), PS3.3 C.7.4.1).
    """
    here, there = target.slices[at], source.slices[index]
    uid = here.frame_of_reference_uid
    if not uid or uid != there.frame_of_reference_uid:
        return None
    if (target.patient.id, target.patient.name) != (source.patient.id, source.patient.name):
        return None
    if here.plane is None or there.plane is None:
        return None
    if abs(np.dot(here.plane.normal, there.plane.normal)) > _DIFFERENT_COSINE:
        return None
    view, other = _view(here), _view(there)
    if view is None or other is None:
        return None
    segment = cut_line(view, other)
    if segment is None:
        return None
    start, end = (_point(view, here, at_px) for at_px in (segment.start, segment.end))
    return start, end


def _point(view: PlaneView, info: SliceInfo, at_px: tuple[float, float]) -> Point:
    assert info.spacing is not None
    right_mm = (at_px[1] - (view.columns - 1) / 2) * view.pixel_mm
    down_mm = (at_px[0] - (view.rows - 1) / 2) * view.pixel_mm
    return info.columns * info.spacing.column_mm / 2 + right_mm, info.rows * info.spacing.row_mm / 2 + down_mm


def _view(info: SliceInfo) -> PlaneView | None:
    """The slice with square pixels as wide as its columns, about the same middle."""
    plane, spacing = info.plane, info.spacing
    if plane is None or spacing is None:
        return None
    right = np.array(plane.row_direction) / np.linalg.norm(plane.row_direction)
    # Direction cosines in files are rounded; a view wants right angles.
    down = np.array(plane.column_direction) - right * float(right @ plane.column_direction)
    down /= np.linalg.norm(down)
    middle = plane.at_mm((info.rows - 1) / 2, (info.columns - 1) / 2, spacing)
    rows = max(1, round(info.rows * spacing.row_mm / spacing.column_mm))
    return PlaneView(middle, _vector(right), _vector(down), spacing.column_mm, rows, info.columns)


def _vector(values: np.ndarray) -> Vector:
    x, y, z = values.tolist()
    return x, y, z
