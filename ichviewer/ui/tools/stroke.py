"""A half-drawn annotation, as a value: what clicks and drags have placed so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ichviewer.domain.annotation.base import MOST_POINTS
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.tools.surface import Places
from ichviewer.ui.tools.tool import Tool


@dataclass(frozen=True)
class Stroke:
    """What is being drawn with a tool.

    Parameters
    ----------
    tool : Tool
    clicks : tuple of places
        Placed for good; of a trace, all places of it.
    cursor : place or None
        Where the mouse is: the next click as it would be.
    """

    tool: Tool
    clicks: Places = ()
    cursor: Place | None = None

    def __post_init__(self) -> None:
        if not self.tool.traces and len(self.clicks) > len(self.tool.steps):
            raise ValueError(f"{self.tool.name} has {len(self.tool.steps)} clicks. Received: {self.clicks}")

    @property
    def complete(self) -> bool:
        """Whether all clicks are made; a trace ends with its drag (`released`)."""
        return not self.tool.traces and len(self.clicks) == len(self.tool.steps)

    @property
    def step(self) -> str:
        """What comes next, in words."""
        return self.tool.steps[min(len(self.clicks), len(self.tool.steps) - 1)]

    def pressed(self, at: Place) -> Stroke:
        """The next place; one where the last one is already changes nothing."""
        if self.complete or (self.clicks and math.dist(self.clicks[-1], at) == 0):
            return self
        return replace(self, clicks=(*self.clicks, at), cursor=at)

    def moved(self, at: Place, dragging: bool) -> Stroke:
        """The mouse somewhere else."""
        if self.tool.traces and dragging and self.clicks and len(self.clicks) < MOST_POINTS:
            return self.pressed(at)
        return replace(self, cursor=at)

    def released(self, at: Place, dragged: bool) -> Stroke:
        """The end of a press: where it was a drag, it places another point."""
        return self.pressed(at) if dragged and not self.tool.traces else self

    def back(self) -> Stroke:
        """The last click taken back."""
        return replace(self, clicks=self.clicks[:-1])

    def preview(self) -> Places | None:
        """The points of the annotation as it would be with a click here; None while more clicks are missing."""
        if self.tool.traces:
            return self.tool.places(self.clicks) if len(self.clicks) >= 3 else None
        clicks = self._with_cursor()
        return self.tool.places(clicks) if len(clicks) == len(self.tool.steps) else None

    def lines(self) -> tuple[Places, ...]:
        """Lines to draw while clicks are missing."""
        if self.tool.traces:
            return (self.clicks,) if len(self.clicks) > 1 else ()
        clicks = self._with_cursor()
        return tuple((clicks[a], clicks[b]) for a, b in self.tool.joins if max(a, b) < len(clicks))

    def _with_cursor(self) -> Places:
        return self.clicks if self.complete or self.cursor is None else (*self.clicks, self.cursor)
