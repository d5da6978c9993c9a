"""The tools that come with the program."""

from __future__ import annotations

import math

from ichviewer.domain.annotation.base import Kind
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.tools.surface import Places
from ichviewer.ui.tools.tool import ClickTool, ToolCursor, ToolTable


def across(start: Place, end: Place, first: Place, last: Place) -> Place:
    """Where a line from ``first`` at right angles to the one from ``start`` to ``end`` comes closest to ``last``."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = math.hypot(x, y)
    if length == 0:
        return last
    along = (-y / length, x / length)
    far = (last[0] - first[0]) * along[0] + (last[1] - first[1]) * along[1]
    return first[0] + far * along[0], first[1] + far * along[1]


def rectangle(clicks: Places) -> Places:
    """The four corners, of two opposite ones."""
    (left, top), (right, bottom) = clicks
    return (left, top), (right, top), (right, bottom), (left, bottom)


def ellipse(clicks: Places) -> Places:
    """Center and ends of the half axes, of two opposite corners of the rectangle around it."""
    (left, top), (right, bottom) = clicks
    x, y = (left + right) / 2, (top + bottom) / 2
    return (x, y), (right, y), (x, bottom)


def two_axes(clicks: Places) -> Places:
    """Both ends of the first axis, and of the second one at right angles to it."""
    start, end, first, last = clicks
    return start, end, first, across(start, end, first, last)


_AXES = ((0, 1), (2, 3))

TOOLS = ToolTable(
    (
        ClickTool(
            "length",
            "&Length",
            "Measure a distance",
            "tool-length",
            Kind.LENGTH,
            ("one end", "the other end"),
            keys=("Shift+L",),
        ),
        ClickTool(
            "bidirectional",
            "&Bidirectional",
            "Measure two diameters at right angles",
            "tool-bidirectional",
            Kind.BIDIRECTIONAL,
            ("one end of the long axis", "its other end", "one end of the short axis", "its other end"),
            keys=("Shift+B",),
            joins=_AXES,
            shape=two_axes,
        ),
        ClickTool(
            "angle",
            "&Angle",
            "Measure an angle",
            "tool-angle",
            Kind.ANGLE,
            ("a point on one arm", "the vertex", "a point on the other arm"),
            keys=("Shift+A",),
            joins=((0, 1), (1, 2)),
        ),
        ClickTool(
            "midline_shift",
            "&Midline shift",
            "Measure how far the septum pellucidum lies from the line between the ends of the falx",
            "tool-midline",
            Kind.MIDLINE_SHIFT,
            ("the anterior end of the falx", "its posterior end", "the septum pellucidum"),
            keys=("Shift+M",),
        ),
        ClickTool(
            "abc2",
            "AB&C/2 volume",
            "Estimate the volume of a hematoma from three diameters",
            "tool-abc2",
            Kind.ABC2,
            (
                "step 1 of 3, one end of A, the largest diameter on the slice of the largest area",
                "step 1 of 3, the other end of A",
                "step 2 of 3, one end of B, at right angles to A",
                "step 2 of 3, the other end of B",
            ),
            keys=("Shift+V",),
            joins=_AXES,
            shape=two_axes,
        ),
        ClickTool(
            "rectangle",
            "&Rectangle",
            "Area and HU within a rectangle",
            "tool-rectangle",
            Kind.RECTANGLE,
            ("one corner", "the opposite corner"),
            keys=("Shift+R",),
            joins=(),
            shape=rectangle,
        ),
        ClickTool(
            "ellipse",
            "&Ellipse",
            "Area and HU within an ellipse",
            "tool-ellipse",
            Kind.ELLIPSE,
            ("one corner of the rectangle around it", "the opposite corner"),
            keys=("Shift+E",),
            joins=(),
            shape=ellipse,
        ),
        ClickTool(
            "freehand",
            "&Freehand outline",
            "Area and HU within an outline",
            "tool-freehand",
            Kind.FREEHAND,
            ("hold the button and draw the outline",),
            keys=("Shift+F",),
            traces=True,
            joins=(),
        ),
        ClickTool(
            "probe",
            "&Probe",
            "The value of one pixel",
            "tool-probe",
            Kind.PROBE,
            ("the pixel",),
            keys=("Shift+P",),
            joins=(),
        ),
        ClickTool(
            "arrow",
            "Arro&w",
            "Point at something",
            "tool-arrow",
            Kind.ARROW,
            ("the tip", "the tail"),
            keys=("Shift+W",),
        ),
        ClickTool(
            "text",
            "&Text",
            "Write words on the image",
            "tool-text",
            Kind.TEXT,
            ("where the words stand",),
            keys=("Shift+T",),
            cursor=ToolCursor.TEXT,
            asks_words=True,
            joins=(),
        ),
    )
)
"""All tools of the program; a plug-in adds its own with ``TOOLS.add``."""
