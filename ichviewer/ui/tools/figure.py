"""How an annotation is drawn: lines, handles and where its label stands, in places on the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ichviewer.domain.annotation.base import Kind
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.tools.surface import Places

_ELLIPSE_SIDES = 72
_AREAS = (Kind.ELLIPSE, Kind.RECTANGLE, Kind.FREEHAND)


@dataclass(frozen=True)
class Figure:
    """Lines of an annotation.

    Parameters
    ----------
    lines : tuple of lines
        Each a tuple of places.
    dashed : tuple of lines
        Lines that only help the eye.
    handles : tuple of places
        What can be moved by itself; the order is that of the annotation's points.
    crosses : tuple of places
        Single points.
    letters : tuple of (place, str)
        Short names beside lines.
    tip : (place, place) or None
        Tip and tail of an arrow.
    label_at : place or None
        The label stands to the right of it.
    """

    lines: tuple[Places, ...] = ()
    dashed: tuple[Places, ...] = ()
    handles: Places = ()
    crosses: Places = ()
    letters: tuple[tuple[Place, str], ...] = ()
    tip: tuple[Place, Place] | None = None
    label_at: Place | None = None


def figure(kind: Kind, at: Places) -> Figure:
    """The lines of an annotation.

    Parameters
    ----------
    kind : Kind
    at : tuple of places
        Where its points lie on the picture.
    """
    if kind is Kind.KEY_IMAGE or not at:
        return Figure()
    if kind in (Kind.PROBE, Kind.TEXT):
        return Figure(handles=at, crosses=at if kind is Kind.PROBE else (), label_at=at[0])
    if kind in _AREAS:
        line = _ellipse(at) if kind is Kind.ELLIPSE else (*at, at[0])
        return Figure((line,), handles=() if kind is Kind.FREEHAND else at, label_at=_rightmost(line))
    if kind is Kind.ARROW:
        return Figure((at,), handles=at, tip=(at[0], at[1]), label_at=at[1])
    if kind is Kind.ANGLE:
        return Figure((at,), handles=at, label_at=at[1])
    if kind is Kind.MIDLINE_SHIFT:
        return Figure(((foot(*at), at[2]),), (at[:2],), at, label_at=at[2])
    lines = tuple(at[i : i + 2] for i in range(0, len(at), 2))
    letters = tuple((line[0], name) for line, name in zip(lines, "AB", strict=False))
    return Figure(lines, handles=at, letters=letters if kind is Kind.ABC2 else (), label_at=_rightmost(at))


def foot(start: Place, end: Place, point: Place) -> Place:
    """The place on the line through ``start`` and ``end`` that is closest to a point."""
    x, y = end[0] - start[0], end[1] - start[1]
    share = ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / (x * x + y * y or 1.0)
    return start[0] + share * x, start[1] + share * y


def _ellipse(at: Places) -> Places:
    (x, y), one, other = at
    angles = [2 * math.pi * i / _ELLIPSE_SIDES for i in range(_ELLIPSE_SIDES + 1)]
    return tuple(
        (
            x + (one[0] - x) * math.cos(a) + (other[0] - x) * math.sin(a),
            y + (one[1] - y) * math.cos(a) + (other[1] - y) * math.sin(a),
        )
        for a in angles
    )


def _rightmost(at: Places) -> Place:
    return max(at)
