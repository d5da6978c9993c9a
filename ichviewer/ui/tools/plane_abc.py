"""ABC/2 that was drawn on a reformat, beside a region that was painted on slices."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.image_grid import MeasuredImage
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Name
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.annotation.reformat_plane import plane_grid, view_of
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.region_cut import PlaneCut, RegionBox, cut_region
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import marked
from ichviewer.ui.tools.plane_surface import plane_trust
from ichviewer.ui.tools.region_boxes import NotPlaced, RegionBoxes

_POINTS = 64
"""So many points of a line are looked up; one of 30 mm has about as many pixels."""


class NotCompared(Enum):
    """Why ABC/2 on a reformat is not set beside a region; the value ends a line such as ``ABC/2 ...: ...``."""

    NOT_SHOWN = marked("compared while the reformats are shown")
    OTHER_PIXELS = marked("drawn on other pixels")
    ELSEWHERE = marked("its lines do not cross this region")
    NO_ML = marked("how far apart its planes lie is not known")


Compared = float | NotCompared | NotPlaced
"""Its volume in mL, or why there is none to compare."""


class PlaneAbc:
    """Sets ABC/2 on reformats beside regions; what was once compared is known when the reformats are left.

    Parameters
    ----------
    boxes : RegionBoxes
    volume_of : callable
        Gives the volume of a series that is at hand.
    """

    def __init__(self, boxes: RegionBoxes, volume_of: Callable[[Series], Volume | None]) -> None:
        self._boxes = boxes
        self._volume_of = volume_of
        self._known: dict[tuple[str, str], tuple[PaintedRegion, Abc2, Compared]] = {}

    def of(self, annotation: Abc2, region: PaintedRegion, series: Series) -> Compared:
        """ABC/2 in mL where its lines cross the region in its own plane, else why not.

        Parameters
        ----------
        annotation : Abc2
            With all three steps, on a reformat of the series.
        region : PaintedRegion
        series : Series
        """
        known = self._known.get((region.id, annotation.id))
        if known is not None and known[:2] == (region, annotation):
            return known[2]
        volume = self._volume_of(series)
        placed = None if volume is None else self._boxes.of(region, volume)
        if volume is None or placed is None:
            return NotCompared.NOT_SHOWN
        if annotation.drawn_on.pixel_hash != volume.digest:
            return NotCompared.OTHER_PIXELS
        if isinstance(placed, NotPlaced):
            return placed
        found = _compared(annotation, placed, volume, series)
        self._known[region.id, annotation.id] = region, annotation, found
        return found

    def clear(self) -> None:
        """Forget everything of what was open."""
        self._known = {}


def _compared(annotation: Abc2, box: RegionBox, volume: Volume, series: Series) -> Compared:
    place = annotation.drawn_on.place
    if not isinstance(place, OnReformat):
        raise ValueError(f"ABC/2 must be drawn on a reformat. Received: {place}")
    view = view_of(place, volume.geometry)
    cut = cut_region(volume.geometry, box, view)
    if cut is None or not _crosses(annotation.array(), cut, view):
        return NotCompared.ELSEWHERE
    image = MeasuredImage(volume.digest, plane_grid(view, plane_trust(series)))
    ml = measure(annotation, image).find(Name.VOLUME)
    return NotCompared.NO_ML if ml is None else ml.value


def _crosses(ends_mm: NDArray[np.float64], cut: PlaneCut, view: PlaneView) -> bool:
    """Whether A or B, four ends of shape (4, 3), has a point in what the plane cuts out of the region."""
    share = np.linspace(0.0, 1.0, _POINTS)[:, None]
    lines = [ends_mm[n] + share * (ends_mm[n + 1] - ends_mm[n]) for n in (0, 2)]
    at = np.round(view.px_of(np.concatenate(lines))).astype(np.intp) - (cut.row, cut.column)
    within = at[np.all((at >= 0) & (at < cut.inside.shape), axis=1)]
    return bool(cut.inside[within[:, 0], within[:, 1]].any())
