"""Where a frame lies and how large its pixels are, as its header tells it and as far as CT can have it."""

from __future__ import annotations

from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.values import Elements
from ichviewer.domain.geometry import PixelSpacing, Plane, Vector
from ichviewer.domain.plausibility import (
    implausible_plane,
    implausible_size,
    implausible_spacing,
    implausible_thickness,
)
from ichviewer.domain.problems import ProblemCode


def read_geometry(
    root: Elements, groups: FrameGroups, frame: int, size: tuple[int, int], count: int, *, is_section: bool
) -> tuple[Plane | None, PixelSpacing | None, float | None]:
    """What is missing, malformed or implausible is None, and said.

    Parameters
    ----------
    root : Elements
        The data set.
    groups : FrameGroups
    frame : int
        From 0.
    size : tuple of int
        Rows and columns.
    count : int
        How many frames there are.
    is_section : bool
        Whether the image is a section through a patient, so that its numbers can be judged.

    Returns
    -------
    plane : Plane or None
    spacing : PixelSpacing or None
    thickness_mm : float or None
    """
    measures = groups.find(frame, "PixelMeasuresSequence")
    spacing = _spacing(measures)
    if spacing is None:
        root.report(ProblemCode.PIXEL_SPACING_MISSING, "")
    thickness = measures.number("SliceThickness")
    if thickness is not None and thickness <= 0:
        # Zero is how some writers say "unknown".
        if thickness < 0:
            root.broken("SliceThickness", f"{thickness:g}")
        thickness = None
    plane = None
    if count > 1 and not groups.present:
        root.report(ProblemCode.GEOMETRY_MISSING, f"{count} frames without positions of their own")
    else:
        plane = _plane(
            groups.find(frame, "PlanePositionSequence"), groups.find(frame, "PlaneOrientationSequence")
        )
        if plane is None:
            root.report(ProblemCode.GEOMETRY_MISSING, "")
    if not is_section:
        return plane, spacing, thickness
    doubts = (
        implausible_size(*size),
        implausible_spacing(spacing, *size, plane) if spacing is not None else "",
        implausible_plane(plane) if plane is not None else "",
        implausible_thickness(thickness) if thickness is not None else "",
    )
    for doubt in filter(None, doubts):
        root.report(ProblemCode.IMPLAUSIBLE_VALUE, doubt)
    return (
        None if doubts[2] else plane,
        None if doubts[1] else spacing,
        None if doubts[3] else thickness,
    )


def _spacing(elements: Elements) -> PixelSpacing | None:
    values = elements.vector("PixelSpacing", 2)
    if values is None:
        return None
    try:
        return PixelSpacing(*values)
    except ValueError:
        elements.broken("PixelSpacing", "\\".join(f"{v:g}" for v in values))
        return None


def _plane(position: Elements, orientation: Elements) -> Plane | None:
    at, cosines = position.vector("ImagePositionPatient", 3), orientation.vector("ImageOrientationPatient", 6)
    if at is None or cosines is None:
        return None
    try:
        return Plane(_vector(at), _vector(cosines[:3]), _vector(cosines[3:]))
    except ValueError:
        orientation.broken("ImageOrientationPatient", "\\".join(f"{v:g}" for v in cosines))
        return None


def _vector(values: tuple[float, ...]) -> Vector:
    return values[0], values[1], values[2]
