"""The axes of a head that lies askew, from two lines that a person draws on it."""

from __future__ import annotations

import math

import numpy as np

from ichviewer.domain.geometry import Vector
from ichviewer.domain.plane_view import PATIENT_AXES, HeadAxes

# A line shorter than this says nothing about a direction.
_SHORTEST_MM = 5.0
# A line that runs more across than along is not what it was asked to be.
_LEAST_COSINE = math.cos(math.radians(60))


def straightened(
    midline_mm: tuple[Vector, Vector] | None = None,
    orbitomeatal_mm: tuple[Vector, Vector] | None = None,
    axes: HeadAxes = PATIENT_AXES,
) -> HeadAxes:
    """Axes in which the midline runs from front to back and the orbitomeatal line is horizontal.

    The midline, drawn on an axial view, turns the axes about the direction to the head; the orbitomeatal line, drawn
    on a sagittal view, then turns them about the direction to the left. How far the head leans to one side is told by
    neither and stays as it is.

    Parameters
    ----------
    midline_mm : two points, optional
        Ends of the midline in patient coordinates, in either order.
    orbitomeatal_mm : two points, optional
        Ends of the line from the outer canthus of the eye to the ear canal, in either order.
    axes : HeadAxes
        Axes of the views that were drawn on.

    Raises
    ------
    ValueError
        If a line is shorter than 5 mm or more than 60 degrees from the front-back direction.
    """
    left, back, head = (np.array(axis) for axis in (axes.left, axes.back, axes.head))
    if midline_mm is not None:
        direction = _backward(midline_mm, np.array([left, back]), "midline")
        left, back = direction[1] * left - direction[0] * back, direction[0] * left + direction[1] * back
    if orbitomeatal_mm is not None:
        direction = _backward(orbitomeatal_mm, np.array([head, back]), "orbitomeatal line")
        head, back = direction[1] * head - direction[0] * back, direction[0] * head + direction[1] * back
    x, y, z = (tuple(map(float, axis)) for axis in (left, back, head))
    return HeadAxes((x[0], x[1], x[2]), (y[0], y[1], y[2]), (z[0], z[1], z[2]))


def _backward(line_mm: tuple[Vector, Vector], axes: np.ndarray, name: str) -> np.ndarray:
    """Unit direction of a line in two axes, the second of which is the one to the back; pointing to the back."""
    drawn = axes @ np.subtract(line_mm[1], line_mm[0])
    length = math.hypot(*drawn)
    if not length >= _SHORTEST_MM:
        raise ValueError(f"the {name} must be at least {_SHORTEST_MM:g} mm long. Received: {length:g} mm")
    if abs(drawn[1]) < _LEAST_COSINE * length:
        degrees = math.degrees(math.acos(abs(drawn[1]) / length))
        raise ValueError(f"the {name} must run from front to back. Received: {degrees:.0f} degrees from it")
    return np.asarray(drawn / length * math.copysign(1, drawn[1]))
