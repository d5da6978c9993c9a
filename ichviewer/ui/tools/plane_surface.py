"""A reformat on screen as something to draw on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.image_grid import ImageGrid, MeasuredImage, SpacingTrust, spacing_trust
from ichviewer.domain.annotation.place import DrawnOn, OnReformat
from ichviewer.domain.annotation.reformat_plane import (
    SAME_PLANE_DEG,
    angle_deg,
    apart,
    onto_plane,
    place_of,
    plane_grid,
    plane_values,
    shows_plane,
    view_of,
)
from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import marked, tr
from ichviewer.ui.panes.image_frame import ImageFrame
from ichviewer.ui.tools.surface import DrawingSurface, Places, same_series

if TYPE_CHECKING:
    from ichviewer.ui.panes.shown_plane import ShownPlane


PLANE_KINDS = frozenset(
    {
        Kind.LENGTH,
        Kind.BIDIRECTIONAL,
        Kind.ANGLE,
        Kind.MIDLINE_SHIFT,
        Kind.ABC2,
        Kind.ELLIPSE,
        Kind.RECTANGLE,
        Kind.FREEHAND,
        Kind.PROBE,
        Kind.ARROW,
        Kind.TEXT,
    }
)
"""What can be drawn on reformats; what counts or marks acquired slices cannot."""
_ALIKE = 1e-6
"""Components of directions that differ by less are the same, as of a plane that was found again."""


class Relation(Enum):
    """How something that was drawn lies to the plane on screen."""

    HERE = "here"
    OTHER_SLAB = marked("drawn with another slab")
    OTHER_PIXELS = marked("drawn on other pixels")
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, eq=False)
class PlaneSurface(DrawingSurface):
    """A plane with its pixels, to be drawn and measured on.

    Parameters
    ----------
    shown : ShownPlane
    """

    shown: ShownPlane

    @property
    def series(self) -> Series:
        """What the volume was made of."""
        return self.shown.series

    @property
    def frame(self) -> ImageFrame:
        """Its size, and that of a pixel."""
        view = self.shown.view
        return ImageFrame(view.rows, view.columns, PixelSpacing(view.pixel_mm, view.pixel_mm))

    @cached_property
    def grid(self) -> ImageGrid:
        """How its pixels lie in the patient."""
        return plane_grid(self.shown.view, self.trust)

    @cached_property
    def trust(self) -> SpacingTrust:
        """How well distances are known."""
        return plane_trust(self.series)

    @cached_property
    def image(self) -> MeasuredImage:
        """What is measured on it; a coarse picture has no values."""
        volume, pixels = self.shown.volume, self.shown.pixels
        values = plane_values(pixels.hu, are_hu=shows_hu(self.series)) if self.shown.in_full else None
        return MeasuredImage(volume.digest, self.grid, values)

    @property
    def drawn_on(self) -> DrawnOn:
        """What names it in an annotation."""
        shown = self.shown
        place = place_of(shown.view, shown.slab, shown.volume.frame_of_reference_uid)
        return DrawnOn(place, self.series.key, shown.volume.digest)

    # Which annotations

    def relation(self, annotation: Annotation) -> Relation:
        """How an annotation lies to what is seen here."""
        place, shown = annotation.drawn_on.place, self.shown
        if (
            not isinstance(place, OnReformat)
            or not same_series(annotation, self.series)
            or place.frame_of_reference_uid != shown.volume.frame_of_reference_uid
            # Before the points are looked at: a trace has thousands.
            or angle_deg(place, shown.view) > SAME_PLANE_DEG
            or not shows_plane(place, annotation.array(), shown.view, place.slab, self._step_mm)
        ):
            return Relation.ELSEWHERE
        if annotation.drawn_on.pixel_hash != shown.volume.digest:
            return Relation.OTHER_PIXELS
        return Relation.HERE if place.slab == shown.slab else Relation.OTHER_SLAB

    @cached_property
    def _step_mm(self) -> float:
        return self.shown.volume.geometry.natural_step_mm(self.shown.view.normal)

    def is_of_pixels(self, annotation: Annotation) -> bool:
        """Whether an annotation was drawn in this plane and slab of this very volume: only then is it shown."""
        return self.relation(annotation) is Relation.HERE

    def apart_words(self, annotation: Annotation) -> str:
        """How far the plane that was drawn on lies from this one; empty where they are one."""
        place = annotation.drawn_on.place
        if not isinstance(place, OnReformat):
            return ""
        found = apart(place, annotation.array(), self.shown.view)
        if found.is_exact:
            return ""
        turned = (
            tr(", turned by {angle_deg:.1f}°").format(angle_deg=found.angle_deg)
            if found.angle_deg >= 0.05
            else ""
        )
        return tr("Drawn {distance_mm:.1f} mm from this plane{turned}").format(
            distance_mm=found.distance_mm, turned=turned
        )

    def measures(self, annotation: Annotation) -> bool:
        """Whether the pixels on screen are those that the annotation was drawn on, each with its HU."""
        place, view = annotation.drawn_on.place, self.shown.view
        if not isinstance(place, OnReformat) or not self.shown.in_full:
            return False
        # The same plane turned in itself has other pixels.
        alike = np.allclose((place.right, place.down), (view.right, view.down), rtol=0, atol=_ALIKE)
        return alike and apart(place, annotation.array(), view).is_exact

    def own_image(self, annotation: Annotation) -> MeasuredImage:
        """The plane that an annotation was drawn on, without its pixels: lengths and areas are measured on it."""
        place, volume = annotation.drawn_on.place, self.shown.volume
        if not isinstance(place, OnReformat):
            raise ValueError(f"a plane measures what was drawn on one. Received: {place}")
        return MeasuredImage(volume.digest, plane_grid(view_of(place, volume.geometry), self.trust))

    # Places and points

    def moved(self, annotation: Annotation, places: Places) -> Annotation:
        """An annotation with its points at other places, in the plane that it was drawn on."""
        place, points = annotation.drawn_on.place, self.points(places)
        if isinstance(place, OnReformat):
            points = onto_plane(place, np.array(points))
        return annotation.with_points(points, max(datetime.now(UTC), annotation.modified))


def plane_trust(series: Series) -> SpacingTrust:
    """How well distances on reformats of a series are known: as those on its worst slice."""
    trusts = {spacing_trust(series, index) for index in range(len(series))}
    return SpacingTrust.ESTIMATED if SpacingTrust.ESTIMATED in trusts else SpacingTrust.MEASURED


def shows_hu(series: Series) -> bool:
    """Whether values are HU."""
    return series.modality in {"CT", ""}
