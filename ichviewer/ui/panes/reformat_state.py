"""Three planes through a volume that meet in a crosshair, as a value. It knows neither widgets nor Qt.

What a reader does (scroll, move the crosshair, turn lines, straighten the head) is a function from one state to the
next. The three planes stay at right angles to each other and all go through the crosshair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.geometry import Plane, Vector
from ichviewer.domain.plane_lines import SegmentPx, cut_line
from ichviewer.domain.plane_view import PATIENT_AXES, HeadAxes, PlaneView
from ichviewer.domain.reformat import whole_plane
from ichviewer.domain.slab import THICKEST_SLAB_MM, Projection, Slab
from ichviewer.domain.straighten import straightened
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.ui.look.language import marked

SLAB_STEPS_MM = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 40.0, THICKEST_SLAB_MM)
"""Thicknesses that the commands for a thicker and a thinner slab go through; below the first, the plane alone."""

_TOLERANCE_MM = 1e-3
_RIGHT_ANGLE = 1e-5
TURNED_COSINE = 0.9999
"""A plane whose normal has a smaller cosine with the one it is named after (0.8 degrees) is oblique."""


class Section(StrEnum):
    """The three planes, by the direction that they are looked at along."""

    AXIAL = marked("axial")
    CORONAL = marked("coronal")
    SAGITTAL = marked("sagittal")


@dataclass(frozen=True)
class ReformatState:
    """Where the planes lie, and what is shown of the volume around them.

    Parameters
    ----------
    geometry : VolumeGeometry
    axes : HeadAxes
        What the planes are named by: those of the patient, or of the straightened head.
    crosshair_mm : tuple of 3 floats
        Patient coordinates; within the volume.
    views : tuple of 3 PlaneView
        In the order of `Section`.
    thickness_mm : float
        Of the slab; 0 for the plane alone.
    projection : Projection
        What is shown of a slab.
    """

    geometry: VolumeGeometry
    axes: HeadAxes
    crosshair_mm: Vector
    views: tuple[PlaneView, PlaneView, PlaneView]
    thickness_mm: float = 0.0
    projection: Projection = Projection.MEAN

    def __post_init__(self) -> None:
        off = [abs(view.distance_mm(self.crosshair_mm)) for view in self.views]
        if len(off) != len(Section) or max(off) > _TOLERANCE_MM:
            raise ValueError(f"three planes must go through the crosshair. Received: {off} mm beside it")
        normals = np.array([view.normal for view in self.views])
        if not np.allclose(normals @ normals.T, np.eye(3), atol=_RIGHT_ANGLE):
            raise ValueError(f"planes must be at right angles. Received: normals {normals.tolist()}")
        if self.thickness_mm:
            Slab(self.thickness_mm, self.projection)

    @classmethod
    def of(cls, geometry: VolumeGeometry) -> ReformatState:
        """Axial, coronal and sagittal planes through the middle of a volume."""
        return _named(geometry, PATIENT_AXES, geometry.center_mm)

    # What is seen

    @property
    def slab(self) -> Slab | None:
        """The slab around each plane, None for the plane alone."""
        return Slab(self.thickness_mm, self.projection) if self.thickness_mm else None

    def view(self, section: Section) -> PlaneView:
        """The plane of a section."""
        return self.views[list(Section).index(section)]

    def lines(self, section: Section) -> dict[Section, SegmentPx]:
        """Where the two other planes cut one, in its pixel coordinates."""
        found = {}
        for other in Section:
            if other is not section:
                line = cut_line(self.view(section), self.view(other), whole=True)
                if line is not None:
                    found[other] = line
        return found

    def plane(self, section: Section) -> Plane:
        """Position and directions of a section, for the letters at its edges."""
        view = self.view(section)
        return Plane(_vector(view.mm_at(0, 0)), view.right, view.down)

    def is_oblique(self, section: Section) -> bool:
        """Whether a plane was turned away from what it is named after."""
        return abs(float(np.dot(axis_of(self.axes, section), self.view(section).normal))) < TURNED_COSINE

    @property
    def is_straightened(self) -> bool:
        """Whether the planes are named by a straightened head."""
        return self.axes != PATIENT_AXES

    @property
    def nearest_slice(self) -> int:
        """Index of the acquired slice nearest to the crosshair."""
        index = round(float(self.geometry.index_of_mm(self.crosshair_mm)[0]))
        return min(max(index, 0), self.geometry.shape[0] - 1)

    # The crosshair

    def through(self, point_mm: ArrayLike) -> ReformatState:
        """The crosshair at a point, or at the border of the volume where the point lies outside; planes follow."""
        last = np.array(self.geometry.shape) - 1.0
        index = np.clip(self.geometry.index_of_mm(point_mm), 0.0, last)
        inside = _vector(self.geometry.mm_of_index(index))
        return replace(self, crosshair_mm=inside, views=_views(view.through(inside) for view in self.views))

    def stepped(self, section: Section, count: int) -> ReformatState:
        """So many natural steps along the normal of a section, at most to the end of the volume.

        The crosshair goes with the plane, also to where the line along the normal has left the volume: a slice of an
        oblique stack is seen to its last corner.
        """
        before = self.view(section)
        moved = before.stepped(self.geometry, count)
        way_mm = moved.distance_mm(before.center_mm)
        there = _vector(np.array(self.crosshair_mm) - way_mm * np.array(before.normal))
        views = _views(view.through(there) for view in self.views)
        return replace(self, crosshair_mm=there, views=views)

    def line_dragged(self, line: Section, point_mm: ArrayLike) -> ReformatState:
        """The plane of ``line`` moved along its normal, so that it goes through a point."""
        view = self.view(line)
        way_mm = view.distance_mm(_vector(point_mm))
        return self.through(np.array(self.crosshair_mm) + way_mm * np.array(view.normal))

    # Oblique planes

    def turned(self, section: Section, degrees: float) -> ReformatState:
        """The two other planes turned about the normal of a section through the crosshair; oblique planes.

        Parameters
        ----------
        section : Section
            Stays as it is; its two lines turn.
        degrees : float
            Clockwise as the section is seen.
        """
        still = self.view(section)
        turned = (
            view
            if view is still
            else whole_plane(view.rotated(still.normal, degrees, self.crosshair_mm), self.geometry)
            for view in self.views
        )
        return replace(self, views=_views(turned))

    def straightened(
        self,
        midline_mm: tuple[Vector, Vector] | None = None,
        orbitomeatal_mm: tuple[Vector, Vector] | None = None,
    ) -> ReformatState:
        """Planes of the head as two lines on it say (see `ichviewer.domain.straighten.straightened`).

        Raises
        ------
        ValueError
            If a line is too short or runs across.
        """
        axes = straightened(midline_mm, orbitomeatal_mm, self.axes)
        return replace(self, axes=axes, views=_named(self.geometry, axes, self.crosshair_mm).views)

    def showing(self, view: PlaneView, point_mm: Vector, slab: Slab | None) -> tuple[ReformatState, Section]:
        """Planes of which one is a given plane, through a point of it, with a slab.

        Parameters
        ----------
        view : PlaneView
            Its plane and directions are kept; what of the plane it covers does not matter.
        point_mm : tuple of 3 floats
            Where the crosshair goes, dropped onto the plane; it may lie outside of the volume.
        slab : Slab or None

        Returns
        -------
        ReformatState, Section
            The section is the one that the plane is nearest to: of a straightened head where that fits as well as
            the patient's own axes.
        """
        there = _vector(np.array(point_mm) - view.distance_mm(point_mm) * np.array(view.normal))
        choices = [(axes, section) for axes in (self.axes, PATIENT_AXES) for section in Section]
        # Rounding does not decide between the two axes.
        axes, section = max(choices, key=lambda c: round(abs(float(np.dot(axis_of(*c), view.normal))), 6))
        named = _named(self.geometry, axes, there)
        turn = _columns(view) @ _columns(named.view(section)).T
        views = []
        for other in Section:
            one = named.view(other)
            turned = PlaneView.facing(there, _vector(turn @ one.right), _vector(turn @ one.down))
            views.append(whole_plane(view if other is section else turned, self.geometry).through(there))
        shown = replace(named, views=_views(views), projection=self.projection)
        if slab is not None:
            shown = replace(shown, thickness_mm=slab.thickness_mm, projection=slab.projection)
        return shown, section

    def upright(self) -> ReformatState:
        """Planes as they are named: nothing oblique any more."""
        return replace(self, views=_named(self.geometry, self.axes, self.crosshair_mm).views)

    def reset(self) -> ReformatState:
        """The patient's own planes through the middle of the volume; the slab stays."""
        fresh = ReformatState.of(self.geometry)
        return replace(fresh, thickness_mm=self.thickness_mm, projection=self.projection)

    # Slabs

    def with_projection(self, projection: Projection) -> ReformatState:
        """Another projection; the plane alone becomes a slab of 5 mm, which shows it."""
        return replace(self, projection=projection, thickness_mm=self.thickness_mm or 5.0)

    def with_thickness(self, thickness_mm: float) -> ReformatState:
        """A slab of 1 to 50 mm, or with 0 the plane alone."""
        return replace(self, thickness_mm=thickness_mm)

    def thicker(self) -> ReformatState:
        """The next thicker slab."""
        return self.with_thickness(
            next((t for t in SLAB_STEPS_MM if t > self.thickness_mm), THICKEST_SLAB_MM)
        )

    def thinner(self) -> ReformatState:
        """The next thinner slab; the plane alone in the end."""
        return self.with_thickness(next((t for t in SLAB_STEPS_MM[::-1] if t < self.thickness_mm), 0.0))


def axis_of(axes: HeadAxes, section: Section) -> Vector:
    """What a section is looked at along."""
    return {Section.AXIAL: axes.head, Section.CORONAL: axes.back, Section.SAGITTAL: axes.left}[section]


def _columns(view: PlaneView) -> NDArray[np.float64]:
    """Right, down and normal as columns; shape (3, 3)."""
    return np.column_stack([view.right, view.down, view.normal])


def _named(geometry: VolumeGeometry, axes: HeadAxes, point_mm: Vector) -> ReformatState:
    makers = PlaneView.axial, PlaneView.coronal, PlaneView.sagittal
    views = _views(
        whole_plane(make(point_mm, geometry.spacing.row_mm, 1, 1, axes), geometry) for make in makers
    )
    return ReformatState(geometry, axes, point_mm, views)


def _views(views: Iterable[PlaneView]) -> tuple[PlaneView, PlaneView, PlaneView]:
    a, b, c = views
    return a, b, c


def _vector(values: ArrayLike) -> Vector:
    x, y, z = map(float, np.asarray(values))
    return x, y, z
