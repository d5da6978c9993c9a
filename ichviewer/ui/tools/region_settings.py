"""How regions are painted, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ichviewer.domain.region_growing import WITHIN_MM
from ichviewer.ui.tools.region_jobs import HIGHEST_HU, LOWEST_HU


class Mode(StrEnum):
    """What the left button does."""

    PAINT = "paint"
    ERASE = "erase"
    GROW = "grow"


@dataclass(frozen=True)
class RegionSettings:
    """How regions are painted.

    Parameters
    ----------
    mode : Mode
    radius : float
        Of the brush, in mm; in pixels where there is no spacing. On a reformat the brush is as thick as one voxel, or
        as the slab (`ichviewer.domain.plane_brush`).
    low_hu, high_hu : int
        What belongs to a grown region, both included. Acute blood has some 50 to 90 HU.
    within : float
        As far from the seed a region grows, in mm; in pixels where there is no spacing.
    through_slices : bool
        Grow, smooth and paint in 3-D rather than on the slice or plane in view; reformats are smoothed in 3-D anyway.
    paint_in_range : bool
        The brush leaves out pixels whose HU are not within the range. Erasing takes all.
    """

    mode: Mode = Mode.GROW
    radius: float = 4.0
    low_hu: int = 45
    high_hu: int = 100
    within: float = WITHIN_MM
    through_slices: bool = False
    paint_in_range: bool = False

    def __post_init__(self) -> None:
        if not (
            self.radius > 0 and self.within > 0 and LOWEST_HU <= self.low_hu <= self.high_hu <= HIGHEST_HU
        ):
            raise ValueError(f"a brush has a radius, and a range two ends in order. Received: {self}")
