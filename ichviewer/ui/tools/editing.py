"""What the mouse takes hold of, and where the points of an annotation go when it is moved."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ichviewer.domain.annotation.base import Kind
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.tools.figure import Figure
from ichviewer.ui.tools.standard_tools import across
from ichviewer.ui.tools.surface import Places

REACH_PX = 8.0
"""How close to a handle or a line the mouse must be, in px of the screen."""

WHOLE = -1
"""Stands for the whole annotation, as the number of a handle."""


@dataclass(frozen=True)
class Held:
    """What the mouse took hold of: an annotation by its id, and a handle of it, or `WHOLE`."""

    annotation_id: str
    handle: int


def held_at(
    at_px: Place, figures: Iterable[tuple[str, Figure]], to_screen: Callable[[Place], Place]
) -> Held | None:
    """What lies under the mouse: the closest handle, else the closest line.

    Parameters
    ----------
    at_px : place on the screen
    figures : iterable of (str, Figure)
        What is drawn, by the ids of the annotations.
    to_screen : callable
        From a place on the picture to one on the screen.
    """
    handles: list[tuple[float, str, int]] = []
    lines: list[tuple[float, str]] = []
    for name, drawn in figures:
        handles += [(math.dist(to_screen(h), at_px), name, i) for i, h in enumerate(drawn.handles)]
        for line in (*drawn.lines, *drawn.dashed):
            ends = [to_screen(place) for place in line]
            lines += [(_distance(at_px, a, b), name) for a, b in itertools.pairwise(ends)]
    nearest = min(handles, default=None)
    if nearest is not None and nearest[0] <= REACH_PX:
        return Held(nearest[1], nearest[2])
    line_hit = min(lines, default=None)
    return Held(line_hit[1], WHOLE) if line_hit is not None and line_hit[0] <= REACH_PX else None


def dragged(kind: Kind, at: Places, handle: int, start: Place, to: Place) -> Places:
    """Where the points go when a handle, or all of it, is dragged; the kind's shape is kept.

    Parameters
    ----------
    kind : Kind
    at : tuple of places
        Where they were.
    handle : int
        Or `WHOLE`.
    start, to : place
        Where the drag began, and where the mouse is.
    """
    x, y = to[0] - start[0], to[1] - start[1]
    if handle == WHOLE or len(at) == 1 or (kind is Kind.ELLIPSE and handle == 0):
        return tuple((px + x, py + y) for px, py in at)
    target = at[handle][0] + x, at[handle][1] + y
    if kind is Kind.RECTANGLE:
        return _rectangle(at, handle, target)
    if kind is Kind.ELLIPSE:
        return _put(at, handle, _along(at[0], at[handle], target))
    if kind in (Kind.BIDIRECTIONAL, Kind.ABC2) and len(at) == 4:
        return _two_axes(at, handle, target)
    return _put(at, handle, target)


def _put(at: Places, handle: int, target: Place) -> Places:
    return (*at[:handle], target, *at[handle + 1 :])


def _along(start: Place, end: Place, target: Place) -> Place:
    """The place on the line from ``start`` through ``end`` that is closest to a target."""
    length = math.dist(start, end) or 1.0
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    far = (target[0] - start[0]) * x + (target[1] - start[1]) * y
    return start[0] + far * x, start[1] + far * y


def _rectangle(at: Places, handle: int, target: Place) -> Places:
    """A corner moved: the opposite one stays, the sides keep their directions."""
    fixed = at[(handle + 2) % 4]
    result = list(at)
    result[handle] = target
    for step in (1, 3):
        side = at[(handle + step) % 4]
        along = side[0] - at[handle][0], side[1] - at[handle][1]
        end = target[0] + along[0], target[1] + along[1]
        result[(handle + step) % 4] = _along(target, end, fixed)
    return tuple(result)


def _two_axes(at: Places, handle: int, target: Place) -> Places:
    if handle >= 2:
        other = at[5 - handle]
        return _put(at, handle, across(at[0], at[1], other, target))
    start, end = _put(at, handle, target)[:2]
    # The second axis turns about its middle and keeps its length.
    middle = (at[2][0] + at[3][0]) / 2, (at[2][1] + at[3][1]) / 2
    half = math.dist(at[2], at[3]) / 2
    length = math.dist(start, end) or 1.0
    x, y = -(end[1] - start[1]) / length * half, (end[0] - start[0]) / length * half
    if x * (at[3][0] - middle[0]) + y * (at[3][1] - middle[1]) < 0:
        x, y = -x, -y
    return start, end, (middle[0] - x, middle[1] - y), (middle[0] + x, middle[1] + y)


def _distance(point: Place, start: Place, end: Place) -> float:
    """From a point to a line between two ends."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = x * x + y * y
    share = 0.0 if length == 0 else ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / length
    share = min(max(share, 0.0), 1.0)
    return math.dist(point, (start[0] + share * x, start[1] + share * y))
