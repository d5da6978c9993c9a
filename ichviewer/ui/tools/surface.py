"""A slice on screen as something to draw on: from places on the picture to points of annotations, and back.

A place on the picture is in mm from the outer corner of the first pixel, as in `ichviewer.ui.panes.image_frame`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from ichviewer.domain.annotation.base import Annotation, Kind, new_id
from ichviewer.domain.annotation.image_grid import ImageGrid, ImageValues, MeasuredImage, spacing_trust
from ichviewer.domain.annotation.place import Coordinates, DrawnOn, OnSlice, Point
from ichviewer.domain.annotation.record import CLASSES
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.ui.panes.image_frame import ImageFrame
from ichviewer.ui.panes.image_frame import Point as Place

Places = tuple[Place, ...]


class DrawingSurface(ABC):
    """What is drawn and measured on: a picture whose pixels lie in the patient, or have a grid of their own."""

    @property
    @abstractmethod
    def frame(self) -> ImageFrame:
        """Its size, and that of a pixel."""

    @property
    @abstractmethod
    def grid(self) -> ImageGrid:
        """How its pixels lie in the patient."""

    @property
    @abstractmethod
    def image(self) -> MeasuredImage:
        """What is measured on it."""

    @property
    @abstractmethod
    def drawn_on(self) -> DrawnOn:
        """What names it in an annotation."""

    @abstractmethod
    def is_of_pixels(self, annotation: Annotation) -> bool:
        """Whether an annotation was drawn on what is seen here: only then is it shown."""

    # Places and points

    def points(self, places: Iterable[Place]) -> tuple[Point, ...]:
        """Points of annotations at places on the picture."""
        pixels = np.array(
            [(y / self.frame.row_mm - 0.5, x / self.frame.column_mm - 0.5) for x, y in places]
        ).reshape(-1, 2)
        return tuple(tuple(map(float, point)) for point in self.grid.points_of(pixels))

    def places(self, annotation: Annotation) -> Places:
        """Where the points of an annotation that `is_of_pixels` lie on the picture."""
        if not annotation.points:
            return ()
        rows, columns = self.grid.pixels_of(annotation.array()).T
        x, y = (columns + 0.5) * self.frame.column_mm, (rows + 0.5) * self.frame.row_mm
        return tuple(zip(x.tolist(), y.tolist(), strict=True))

    def make(self, kind: Kind, places: Places, label: str = "") -> Annotation:
        """A new annotation at places on the picture.

        Raises
        ------
        ValueError
            If the places do not make one, as two equal ends of a length.
        """
        now = datetime.now(UTC)
        return CLASSES[kind](new_id(), self.drawn_on, self.points(places), now, now, label=label)

    def moved(self, annotation: Annotation, places: Places) -> Annotation:
        """An annotation with its points at other places; a ValueError as of `make`."""
        return annotation.with_points(self.points(places), max(datetime.now(UTC), annotation.modified))


@dataclass(frozen=True, eq=False)
class Surface(DrawingSurface):
    """A slice with its pixels, to be drawn and measured on.

    Parameters
    ----------
    series : Series
    index : int
    decoded : DecodedSlice
        With the hash of its pixels: without one, nothing can be kept beside them.
    """

    series: Series
    index: int
    decoded: DecodedSlice

    def __post_init__(self) -> None:
        if not self.decoded.pixel_hash:
            raise ValueError("pixels to draw on need a hash. Received: none")

    @property
    def info(self) -> SliceInfo:
        """The header of the slice."""
        return self.series.slices[self.index]

    @property
    def frame(self) -> ImageFrame:
        """Its size, and that of a pixel."""
        return ImageFrame(*self.decoded.image.shape, self.info.spacing)

    @cached_property
    def grid(self) -> ImageGrid:
        """How its pixels lie in the patient."""
        return ImageGrid(self.info.plane, self.info.spacing, spacing_trust(self.series, self.index))

    @cached_property
    def image(self) -> MeasuredImage:
        """What is measured on it; a color image has no values."""
        are_hu = self.series.modality in {"CT", ""}
        values = None if self.decoded.rgb is not None else ImageValues.of(self.decoded.image, are_hu=are_hu)
        return MeasuredImage(self.decoded.pixel_hash, self.grid, values)

    @property
    def drawn_on(self) -> DrawnOn:
        """What names it in an annotation."""
        place = OnSlice(self.info.sop_uid, self.info.source.frame, self.grid.coordinates)
        return DrawnOn(place, self.series.key.in_file, self.decoded.pixel_hash)

    # Which annotations

    def is_of_slice(self, annotation: Annotation) -> bool:
        """Whether an annotation names this slice, whatever pixels it was drawn on."""
        return names_slice(annotation, self.info, self.series, self.decoded.pixel_hash)

    def is_of_pixels(self, annotation: Annotation) -> bool:
        """Whether an annotation was drawn on these very pixels, in this series: only then is it shown."""
        return (
            self.is_of_slice(annotation)
            and annotation.drawn_on.pixel_hash == self.decoded.pixel_hash
            and same_series(annotation, self.series)
            and (annotation.coordinates is Coordinates.SLICE_PX or self._lies_in_plane(annotation))
        )

    def _lies_in_plane(self, annotation: Annotation) -> bool:
        if self.grid.coordinates is not Coordinates.PATIENT_MM:
            return False
        # A tenth of a mm, as `ichviewer.domain.annotation.measure` asks for.
        return not annotation.points or float(self.grid.distances_mm(annotation.array()).max()) <= 0.1


def names_slice(annotation: Annotation, info: SliceInfo, series: Series, pixel_hash: str = "") -> bool:
    """Whether an annotation was drawn on a slice of this SOPInstanceUID and frame.

    Where the file has no UID its series and its pixels name it.
    """
    place = annotation.drawn_on.place
    if not isinstance(place, OnSlice) or place.sop_uid != info.sop_uid or place.frame != info.source.frame:
        return False
    return bool(place.sop_uid) or (
        same_series(annotation, series) and annotation.drawn_on.pixel_hash == pixel_hash
    )


def same_series(annotation: Annotation, series: Series) -> bool:
    """Whether an annotation was drawn in a series of these UIDs.

    Which part of a split series it was is left out: that depends on which other files were read with it.
    """
    drawn, here = annotation.drawn_on.series, series.key
    return (drawn.study_uid, drawn.series_uid) == (here.study_uid, here.series_uid)
