"""The tools that come with the program."""

from __future__ import annotations

import math

from ichviewer.domain.annotation.base import Kind
from ichviewer.ui.look.language import tr
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
            tr("&Length"),
            tr("Measure a distance"),
            "tool-length",
            Kind.LENGTH,
            (tr("one end"), tr("the other end")),
            keys=("Shift+L",),
        ),
        ClickTool(
            "bidirectional",
            tr("&Bidirectional"),
            tr("Measure two diameters at right angles"),
            "tool-bidirectional",
            Kind.BIDIRECTIONAL,
            (
                tr("one end of the long axis"),
                tr("its other end"),
                tr("one end of the short axis"),
                tr("its other end"),
            ),
            keys=("Shift+B",),
            joins=_AXES,
            shape=two_axes,
        ),
        ClickTool(
            "angle",
            tr("&Angle"),
            tr("Measure an angle"),
            "tool-angle",
            Kind.ANGLE,
            (tr("a point on one arm"), tr("the vertex"), tr("a point on the other arm")),
            keys=("Shift+A",),
            joins=((0, 1), (1, 2)),
        ),
        ClickTool(
            "midline_shift",
            tr("&Midline shift"),
            tr("Measure how far the septum pellucidum lies from the line between the ends of the falx"),
            "tool-midline",
            Kind.MIDLINE_SHIFT,
            (tr("the anterior end of the falx"), tr("its posterior end"), tr("the septum pellucidum")),
            keys=("Shift+M",),
        ),
        ClickTool(
            "abc2",
            tr("AB&C/2 volume"),
            tr("Estimate the volume of a hematoma from three diameters"),
            "tool-abc2",
            Kind.ABC2,
            (
                tr("step 1 of 3, one end of A, the largest diameter on the slice of the largest area"),
                tr("step 1 of 3, the other end of A"),
                tr("step 2 of 3, one end of B, at right angles to A"),
                tr("step 2 of 3, the other end of B"),
            ),
            keys=("Shift+V",),
            joins=_AXES,
            shape=two_axes,
        ),
        ClickTool(
            "rectangle",
            tr("&Rectangle"),
            tr("Area and HU within a rectangle"),
            "tool-rectangle",
            Kind.RECTANGLE,
            (tr("one corner"), tr("the opposite corner")),
            keys=("Shift+R",),
            joins=(),
            shape=rectangle,
        ),
        ClickTool(
            "ellipse",
            tr("&Ellipse"),
            tr("Area and HU within an ellipse"),
            "tool-ellipse",
            Kind.ELLIPSE,
            (tr("one corner of the rectangle around it"), tr("the opposite corner")),
            keys=("Shift+E",),
            joins=(),
            shape=ellipse,
        ),
        ClickTool(
            "freehand",
            tr("&Freehand outline"),
            tr("Area and HU within an outline"),
            "tool-freehand",
            Kind.FREEHAND,
            (tr("hold the button and draw the outline"),),
            keys=("Shift+F",),
            traces=True,
            joins=(),
        ),
        ClickTool(
            "probe",
            tr("&Probe"),
            tr("The value of one pixel"),
            "tool-probe",
            Kind.PROBE,
            (tr("the pixel"),),
            keys=("Shift+P",),
            joins=(),
        ),
        ClickTool(
            "arrow",
            tr("Arro&w"),
            tr("Point at something"),
            "tool-arrow",
            Kind.ARROW,
            (tr("the tip"), tr("the tail")),
            keys=("Shift+W",),
        ),
        ClickTool(
            "text",
            tr("&Text"),
            tr("Write words on the image"),
            "tool-text",
            Kind.TEXT,
            (tr("where the words stand"),),
            keys=("Shift+T",),
            cursor=ToolCursor.TEXT,
            asks_words=True,
            joins=(),
        ),
    )
)
"""All tools of the program; a plug-in adds its own with ``TOOLS.add``."""
