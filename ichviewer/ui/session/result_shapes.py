"""What stored results draw on a slice, as values in its pixels: outlines of segments, graphics and words.

Points are (row, column); a whole number is the middle of a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ichviewer.domain.level_lines import closed_lines
from ichviewer.errors import ReadError
from ichviewer.progress import CancelToken
from ichviewer.ui.look.language import tr

if TYPE_CHECKING:
    from ichviewer.domain.window import Voi
    from ichviewer.results.reading.graphics import DisplayedArea, Graphic
    from ichviewer.results.reading.presentation import SlicePresentation
    from ichviewer.results.reading.segmentation import SegmentMask

Point = tuple[float, float]
Rgb = tuple[int, int, int]

OUTLINED_FROM = 0.5
"""Probability or share of occupancy from which a pixel lies inside an outline."""
MOST_CORNERS = 40_000
"""Of all outlines of a slice; painting so many takes a third of a second."""
_ROUND_POINTS = 72
_STEPS_A_SPAN = 8


@dataclass(frozen=True)
class Stroke:
    """A line over a slice.

    Parameters
    ----------
    points : tuple of Point
        At least one; one alone is a point that is marked.
    closed, filled : bool
    color_rgb : tuple of 3 int, or None
        0..255; None where the file recommends none.
    """

    points: tuple[Point, ...]
    closed: bool = False
    filled: bool = False
    color_rgb: Rgb | None = None

    def __post_init__(self) -> None:
        if not self.points or not all(math.isfinite(v) for point in self.points for v in point):
            raise ValueError(f"a line needs finite points. Received: {len(self.points)}")


@dataclass(frozen=True)
class PlacedWords:
    """Words over a slice.

    Parameters
    ----------
    text : str
    at : Point
        Where they begin.
    leader : Point or None
        What a line leads to from there.
    color_rgb : tuple of 3 int, or None
    opposite : Point or None
        The other corner of the box that they stand in. They begin at the corner that is the upper left one on the
        screen, however the picture is turned.
    """

    text: str
    at: Point
    leader: Point | None = None
    color_rgb: Rgb | None = None
    opposite: Point | None = None


@dataclass(frozen=True)
class SegmentOutline:
    """A segment on a slice.

    Parameters
    ----------
    number : int
        Of the segment in its file.
    name : str
    color_rgb : tuple of 3 int, or None
    lines : tuple of Stroke
        Closed; none where nothing of it is as likely as `OUTLINED_FROM`.
    """

    number: int
    name: str
    color_rgb: Rgb | None
    lines: tuple[Stroke, ...]


@dataclass(frozen=True, eq=False)
class SliceGraphics:
    """What a presentation state says of a slice, as far as it is shown.

    Parameters
    ----------
    voi : Voi or None
        The window it is meant to be seen through; None for that of the image.
    inverted : bool
    strokes : tuple of Stroke
    words : tuple of PlacedWords
    quarter_turns : int
        How the picture is rotated: clockwise, 0 to 3, before it is flipped (PS3.3 C.10.6).
    flipped : bool
        Whether it is then flipped, left for right.
    area : DisplayedArea or None
        The part of the picture that is to be seen; None for all of it.
    """

    voi: Voi | None = None
    inverted: bool = False
    strokes: tuple[Stroke, ...] = ()
    words: tuple[PlacedWords, ...] = ()
    quarter_turns: int = 0
    flipped: bool = False
    area: DisplayedArea | None = None

    def __post_init__(self) -> None:
        if self.quarter_turns not in range(4):
            raise ValueError(f"there are 0 to 3 quarter turns. Received: {self.quarter_turns}")


def segment_outlines(
    masks: Sequence[SegmentMask], cancel: CancelToken | None = None
) -> tuple[SegmentOutline, ...]:
    """Outline the segments of a slice; takes milliseconds each.

    Parameters
    ----------
    masks : sequence of SegmentMask
    cancel : CancelToken, optional
        Checked before each.

    Raises
    ------
    ReadError
        When they have more corners than can be drawn while somebody scrolls: noise, most likely.
    Cancelled
    """
    found, corners = [], 0
    for mask in masks:
        if cancel is not None:
            cancel.check()
        # A border outside of all makes every line close.
        values = np.pad(np.asarray(mask.values, np.float32), 1)
        inside = values >= OUTLINED_FROM
        corners += int((inside[1:] != inside[:-1]).sum() + (inside[:, 1:] != inside[:, :-1]).sum())
        if corners > MOST_CORNERS:
            raise ReadError(
                tr("the outlines have too many corners to be drawn"),
                found=tr("over {most_corners:,}").format(most_corners=MOST_CORNERS),
            )
        lines = closed_lines(values.astype(np.float64), OUTLINED_FROM) if inside.any() else []
        segment = mask.segment
        drawn = tuple(Stroke(tuple((row - 1, column - 1) for row, column in line), True) for line in lines)
        found.append(SegmentOutline(segment.number, segment.name, segment.color_rgb, drawn))
    return tuple(found)


def slice_graphics(presentation: SlicePresentation) -> SliceGraphics:
    """What a presentation state says of a slice."""
    words = []
    for text, layer in presentation.words:
        at = text.box[0] if text.box is not None else text.anchor
        if at is not None:
            leads = text.box is not None and text.anchor_shown
            opposite = None if text.box is None else text.box[1]
            words.append(
                PlacedWords(text.text, at, text.anchor if leads else None, layer.color_rgb, opposite)
            )
    return SliceGraphics(
        presentation.vois[0] if presentation.vois else None,
        presentation.inverted,
        tuple(_stroke(graphic, layer.color_rgb) for graphic, layer in presentation.graphics),
        tuple(words),
        presentation.display.quarter_turns,
        presentation.display.flipped,
        presentation.display.area,
    )


def _stroke(graphic: Graphic, color_rgb: Rgb | None) -> Stroke:
    points, shape = graphic.points, graphic.shape.value
    closed = len(points) > 2 and points[0] == points[-1]
    if shape == "CIRCLE":
        center, edge = points
        radius = math.dist(center, edge)
        return Stroke(_round(center, (radius, 0.0), (0.0, radius)), True, graphic.filled, color_rgb)
    if shape == "ELLIPSE":
        # Both ends of the long axis, then both of the short one (PS3.3 C.10.5.1.2).
        (r0, c0), (r1, c1), (r2, c2), (r3, c3) = points
        center = ((r0 + r1) / 2, (c0 + c1) / 2)
        along, across = ((r1 - r0) / 2, (c1 - c0) / 2), ((r3 - r2) / 2, (c3 - c2) / 2)
        return Stroke(_round(center, along, across), True, graphic.filled, color_rgb)
    if shape == "INTERPOLATED" and len(points) > 2:
        points = _through(points, closed)
    return Stroke(points, closed, graphic.filled and closed, color_rgb)


def _round(center: Point, along: Point, across: Point) -> tuple[Point, ...]:
    angles = (2 * math.pi * k / _ROUND_POINTS for k in range(_ROUND_POINTS))
    return tuple(
        (
            center[0] + math.cos(a) * along[0] + math.sin(a) * across[0],
            center[1] + math.cos(a) * along[1] + math.sin(a) * across[1],
        )
        for a in angles
    )


def _through(points: Sequence[Point], closed: bool) -> tuple[Point, ...]:
    """A smooth line through points (Catmull and Rom, "A class of local interpolating splines", 1974)."""
    p = np.array(points)
    before, after = (p[-2:-1], p[1:2]) if closed else (p[:1], p[-1:])
    p = np.concatenate([before, p, after])
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    t = (np.arange(_STEPS_A_SPAN) / _STEPS_A_SPAN)[None, :, None]
    a, b, c, d = (part[:, None, :] for part in (a, b, c, d))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3)
    flat = curve.reshape(-1, 2).tolist()
    return (*((row, column) for row, column in flat), points[-1])
