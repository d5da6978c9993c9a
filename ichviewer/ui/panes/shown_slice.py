"""The slice whose picture stands in a pane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.ui.panes.image_frame import ImageFrame


@dataclass(frozen=True, eq=False)
class ShownSlice:
    """A slice of a series with its pixels.

    Parameters
    ----------
    series : Series
    index : int
    decoded : DecodedSlice
    leaving : bool
        Whether another slice has been chosen, whose picture is on its way.
    """

    series: Series
    index: int
    decoded: DecodedSlice
    leaving: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.index < len(self.series):
            raise ValueError(f"the series has {len(self.series)} slices. Received: index {self.index}")

    @property
    def info(self) -> SliceInfo:
        """Its header."""
        return self.series.slices[self.index]

    @cached_property
    def frame(self) -> ImageFrame:
        """Its size in pixels, and that of a pixel."""
        return ImageFrame(*self.decoded.image.shape, self.info.spacing)

    @property
    def in_color(self) -> bool:
        """Whether it is a color image, to which no window applies."""
        return self.decoded.rgb is not None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was repaired, doubted or lost in it, in its header and in its pixels."""
        return (*self.info.problems, *self.decoded.problems)

    def left(self) -> ShownSlice:
        """The same while the picture of another slice is on its way."""
        return replace(self, leaving=True)

    def within(self, series: Series) -> ShownSlice | None:
        """The same slice in a newer reading of its series, None where it is not there or the series is another."""
        if series.key != self.series.key:
            return None
        source = self.info.source
        index = next((i for i, info in enumerate(series.slices) if info.source == source), None)
        return None if index is None else replace(self, series=series, index=index)
