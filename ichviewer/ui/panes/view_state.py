"""How one pane shows a series, as a value: which slice, through which window, how large, turned how, with which tool.

It knows neither widgets nor Qt. What a reader does to a picture is a function from one state to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ichviewer.domain.series import SeriesKey
from ichviewer.domain.window import Voi, Window
from ichviewer.ui.panes.image_frame import (
    ImageFrame,
    PictureArea,
    Placement,
    Point,
    actual_size,
    fitted,
    panned,
    zoomed,
)
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation
from ichviewer.ui.panes.window_drag import dragged

WINDOW_TOOL = "window"
"""The tool that a pane starts with: a drag with the left button changes the window."""


@dataclass(frozen=True)
class ShownWindow:
    """What turns HU into grey, and what it is called; no name where it was made by hand."""

    voi: Voi
    name: str = ""


BRAIN = ShownWindow(Window(40, 80, name="Brain"), "Brain")
"""Before any window is chosen."""


@dataclass(frozen=True)
class ViewState:
    """How a pane shows a series.

    Parameters
    ----------
    series : SeriesKey or None
    index : int
        The slice that was asked for, from 0; its picture may still be on its way.
    window : ShownWindow
    preset : ShownWindow
        The window that a reset comes back to: that of the last preset, or of the file.
    inverted : bool
        Whether black and white are swapped.
    orientation : Orientation
    placement : Placement or None
        Zoom and pan, in the same orientation; None where the whole picture is fitted, and stays so when the pane gets
        another size.
    area : PictureArea or None
        The part that is seen instead of the whole picture, as long as nobody zooms or pans: then without placement.
    tool : str
        Name of the active tool: what a drag with the left button does.
    """

    series: SeriesKey | None = None
    index: int = 0
    window: ShownWindow = BRAIN
    preset: ShownWindow = BRAIN
    inverted: bool = False
    orientation: Orientation = UPRIGHT
    placement: Placement | None = None
    area: PictureArea | None = None
    tool: str = WINDOW_TOOL

    def __post_init__(self) -> None:
        if self.index < 0:
            raise ValueError(f"a slice has an index from 0. Received: {self.index}")
        if self.placement is not None and self.placement.orientation != self.orientation:
            raise ValueError(
                "picture and placement must be turned alike. "
                f"Received: {self.orientation}, {self.placement.orientation}"
            )
        if self.placement is not None and self.area is not None:
            raise ValueError(f"either a place or an area is seen. Received: {self.placement}, {self.area}")
        if not self.tool:
            raise ValueError("a tool has a name. Received: nothing")

    # Which slice

    def of_series(self, series: SeriesKey | None, index: int = 0) -> ViewState:
        """Another series, as it is stored and as large as it fits; window, inversion and tool stay."""
        return replace(self.fit(), series=series, index=index, orientation=UPRIGHT)

    def at(self, index: int, count: int) -> ViewState:
        """Another slice of the series; past the ends means the end.

        Parameters
        ----------
        index, count : int
            Where to, and how many slices the series has.
        """
        if count < 1:
            raise ValueError(f"a series has at least one slice. Received: {count}")
        return replace(self, index=min(max(index, 0), count - 1))

    def stepped(self, steps: int, count: int) -> ViewState:
        """So many slices on, or back where ``steps`` is negative, of ``count`` slices."""
        return self.at(self.index + steps, count)

    # Grey values

    def through(self, voi: Voi, name: str = "") -> ViewState:
        """Another preset or window of the file; a reset comes back to it."""
        window = ShownWindow(voi, name)
        return replace(self, window=window, preset=window)

    def window_dragged(self, start: Window, dx_px: float, dy_px: float) -> ViewState:
        """The window changed by hand (see `ichviewer.ui.panes.window_drag.dragged`)."""
        return replace(self, window=ShownWindow(dragged(start, dx_px, dy_px)))

    def windowed(self, window: Window) -> ViewState:
        """The window set by hand; a reset comes back to the preset."""
        return replace(self, window=ShownWindow(window))

    def invert(self, inverted: bool | None = None) -> ViewState:
        """Black and white swapped, or set to be swapped or not."""
        return replace(self, inverted=not self.inverted if inverted is None else inverted)

    # Place and size

    def placed(self, frame: ImageFrame, size_px: Point) -> Placement:
        """Where the picture lies in a pane of a size."""
        if self.area is not None:
            return self.area.placement(frame, size_px, self.orientation)
        return self.placement or fitted(frame, size_px, self.orientation)

    def fit(self) -> ViewState:
        """The whole picture, as large as it fits."""
        return replace(self, placement=None, area=None)

    def seen(self, area: PictureArea) -> ViewState:
        """A part of the picture, also when the pane gets another size."""
        return replace(self, placement=None, area=area)

    def at_place(self, placement: Placement | None) -> ViewState:
        """Zoomed and moved so, turned as it is; None for the whole picture."""
        if placement is None:
            return self.fit()
        return replace(self, placement=replace(placement, orientation=self.orientation), area=None)

    def one_to_one(self, frame: ImageFrame, size_px: Point, pixel_ratio: float = 1.0) -> ViewState:
        """A column of the picture as wide as a pixel of the screen; what stands at the center stays there.

        Parameters
        ----------
        frame : ImageFrame
        size_px : tuple of 2 floats
            Of the pane, in device-independent px.
        pixel_ratio : float
            Pixels of the screen a device-independent px.
        """
        return self.at_place(actual_size(self.placed(frame, size_px), frame, pixel_ratio))

    def panned(self, frame: ImageFrame, delta_px: Point, size_px: Point) -> ViewState:
        """The picture moved by a distance on the screen."""
        return self.at_place(panned(self.placed(frame, size_px), frame, delta_px))

    def zoomed(self, frame: ImageFrame, factor: float, about_px: Point, size_px: Point) -> ViewState:
        """The picture larger (over 1) or smaller; the point under ``about_px`` stays where it is."""
        return self.at_place(zoomed(self.placed(frame, size_px), frame, factor, about_px, size_px))

    # Mirrored and rotated, about what stands at the center of the pane

    def flipped_horizontally(self) -> ViewState:
        """Left for right."""
        return self.turned(self.orientation.flipped_horizontally())

    def flipped_vertically(self) -> ViewState:
        """Top for bottom."""
        return self.turned(self.orientation.flipped_vertically())

    def rotated(self, degrees: int) -> ViewState:
        """Rotated clockwise by a multiple of 90 degrees; negative for the other way round."""
        return self.turned(self.orientation.rotated(degrees))

    def turned(self, orientation: Orientation) -> ViewState:
        """Turned so, however it was turned before."""
        placement = None if self.placement is None else replace(self.placement, orientation=orientation)
        return replace(self, orientation=orientation, placement=placement)

    # All of it

    def reset(self) -> ViewState:
        """What mouse and keys changed is undone: the whole picture as stored, not inverted, the preset's window."""
        return replace(self.fit(), orientation=UPRIGHT, inverted=False, window=self.preset)

    def with_tool(self, tool: str) -> ViewState:
        """Another tool active."""
        return replace(self, tool=tool)
