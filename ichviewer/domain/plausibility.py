"""What the header of a CT slice can say at all: values outside of these bounds are damage, not measurements.

The bounds are far wider than what scanners do, so that nothing real is refused; a value beyond them would change
every probability without a word. They hold for CT sections only: a localizer is a projection, up to two meters long,
and other modalities have scales of their own.
"""

from __future__ import annotations

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import Rescale
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series

MOST_ROWS = 8192
"""Rows and columns. Reconstruction matrices are 256 to 2048; Rows and Columns could say 65,535 (PS3.3 C.7.6.3)."""

LEAST_SPACING_MM, MOST_SPACING_MM = 0.02, 10.0
"""Pixel spacing. A field of view of 50 mm in 2048 pixels has 0.024 mm, one of 500 mm in 64 pixels 7.8 mm."""

LEAST_FIELD_MM, MOST_FIELD_MM = 20.0, 1000.0
"""Field of view. Scanners reconstruct 50 to 500 mm and up to about 800 mm extended, within bores of 700 to 850 mm."""

FULL_MATRIX = 256
"""The least field of view counts from this many pixels on: less is a section cut out of an image."""

MOST_STRETCH = 2.0
"""How much longer than wide a pixel of an axial CT image may be. They are square, but for the rounding of writers."""

MOST_STRETCH_OBLIQUE = 50.0
"""The same for other planes: reformats that were not interpolated have pixels as long as the slice distance."""

MOST_POSITION_MM = 10_000.0
"""Distance of a slice from the origin, which is arbitrary (PS3.3 C.7.4.1) but lies on or near a table of some 2 m."""

MOST_THICKNESS_MM = 200.0
"""Slice thickness. Detectors are up to 160 mm wide; sections are 0.2 to 20 mm, thick slabs for viewing up to 100."""

LEAST_SLOPE, MOST_SLOPE = 0.01, 100.0
"""Rescale slope. HU are stored one by one (slope 1), seldom finer or coarser by some powers of two. With 16 bits,
0.01 covers 655 HU, less than from air to water; with 12 bits, 100 covers a hundred times what CT measures."""

MOST_INTERCEPT_HU = 70_000.0
"""Rescale intercept: -1024 as a rule, and no further off than 16 bits can be shifted (65,536)."""


def implausible_size(rows: int, columns: int) -> str:
    """What is wrong with a number of rows and columns; empty if nothing is."""
    return f"Rows {rows}, Columns {columns}" if max(rows, columns) > MOST_ROWS else ""


def implausible_spacing(spacing: PixelSpacing, rows: int, columns: int, plane: Plane | None) -> str:
    """What is wrong with a pixel spacing (PS3.3 10.7.1.3); empty if nothing is.

    Parameters
    ----------
    spacing : PixelSpacing
    rows, columns : int
    plane : Plane or None
        Pixels are square where it is axial.
    """
    shown = f"PixelSpacing {spacing.row_mm:g} by {spacing.column_mm:g} mm"
    small, large = sorted((spacing.row_mm, spacing.column_mm))
    if small < LEAST_SPACING_MM or large > MOST_SPACING_MM:
        return shown
    if large > small * MOST_STRETCH:
        is_axial = plane is not None and plane.is_axial
        if is_axial or large > small * MOST_STRETCH_OBLIQUE:
            return shown
    for pixels, mm in ((rows, spacing.row_mm), (columns, spacing.column_mm)):
        field = pixels * mm
        if field > MOST_FIELD_MM or (pixels >= FULL_MATRIX and field < LEAST_FIELD_MM):
            return f"{shown}, a field of view of {field:.4g} mm"
    return ""


def implausible_plane(plane: Plane) -> str:
    """What is wrong with a position in the patient (PS3.3 C.7.6.2.1.1); empty if nothing is."""
    if max(abs(v) for v in plane.position_mm) <= MOST_POSITION_MM:
        return ""
    return "ImagePositionPatient " + "\\".join(f"{v:g}" for v in plane.position_mm)


def implausible_thickness(thickness_mm: float) -> str:
    """What is wrong with a slice thickness; empty if nothing is."""
    return f"SliceThickness {thickness_mm:g} mm" if thickness_mm > MOST_THICKNESS_MM else ""


def implausible_rescale(rescale: Rescale) -> str:
    """What is wrong with a rescale to HU (PS3.3 C.11.1.1.2); empty if nothing is.

    A negative slope is: HU grow with attenuation.
    """
    if not LEAST_SLOPE <= rescale.slope <= MOST_SLOPE:
        return f"RescaleSlope {rescale.slope:g}"
    if abs(rescale.intercept) > MOST_INTERCEPT_HU:
        return f"RescaleIntercept {rescale.intercept:g}"
    return ""


def implausible(series: Series) -> Problem | None:
    """The first implausible value of a series all of whose slices have one; None if any slice has none."""
    first: Problem | None = None
    for info in series.slices:
        found = next((p for p in info.problems if p.code is ProblemCode.IMPLAUSIBLE_VALUE), None)
        if found is None:
            return None
        first = first or found
    return first
