"""Which series may be analysed at all, judged by their headers; the pixels are judged later, slice by slice."""

from __future__ import annotations

from collections.abc import Sequence

from ichviewer.domain.plausibility import implausible
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series

CT_STORAGE = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.2",  # CT Image Storage
        "1.2.840.10008.5.1.4.1.1.2.1",  # Enhanced CT Image Storage
        "1.2.840.10008.5.1.4.1.1.2.2",  # Legacy Converted Enhanced CT Image Storage
    }
)
"""SOP classes of CT images (DICOM PS3.4 table B.5-1)."""

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"

# Values of Image Type (0008,0008) that scanners give to pictures meant for planning the scan.
_LOCALIZER_WORDS = frozenset({"LOCALIZER", "SCOUT", "TOPOGRAM", "SURVIEW", "SCANOGRAM"})

# ... and to pictures whose values are not HU of thin sections: screens, dose pages, projections, parameter maps.
_NOT_A_SECTION_WORDS = frozenset(
    {
        *("SCREEN SAVE", "SCREENSAVE", "SCREENSHOT", "DOSE", "DOSE_INFO", "DOSE_REPORT", "PROTOCOL"),
        *(
            "MIP",
            "MAX_IP",
            "MINIP",
            "MIN_IP",
            "PROJECTION IMAGE",
            "THICK_MIP",
            "VOLUME_RENDERING",
            "VRT",
            "3D",
            "SSD",
        ),
        *("PERFUSION", "CBF", "CBV", "MTT", "TTP", "TMAX", "TTD", "RGB", "FUSED", "SUBTRACTION", "OVERLAY"),
    }
)

_AXIAL_COSINE = 0.7
"""A normal within about 45 degrees of the body's axis; gantry tilts reach 30."""


def kind_refusal(
    modality: str, sop_class_uid: str, image_type: Sequence[str]
) -> tuple[ProblemCode, str] | None:
    """Why images of a kind are not analysed, as a problem's code and what was found; None for CT sections.

    Missing SOP classes are accepted: the RSNA 2019 files have none.

    Parameters
    ----------
    modality, sop_class_uid : str
        Empty where missing.
    image_type : sequence of str
        Values of Image Type (0008,0008).
    """
    words = {value.strip().upper() for value in image_type}
    shown = "\\".join(image_type)
    if sop_class_uid == _SECONDARY_CAPTURE or sop_class_uid.startswith(_SECONDARY_CAPTURE + "."):
        return ProblemCode.SECONDARY_CAPTURE, "SOP class Secondary Capture"
    if modality.upper() != "CT":
        return ProblemCode.NOT_CT, f"modality {modality}" if modality else "no modality"
    if words & _LOCALIZER_WORDS:
        return ProblemCode.LOCALIZER, f"image type {shown}"
    if sop_class_uid and sop_class_uid not in CT_STORAGE:
        return ProblemCode.NOT_CT, f"SOP class {sop_class_uid}"
    if words & _NOT_A_SECTION_WORDS:
        return ProblemCode.SECONDARY_CAPTURE, f"image type {shown}"
    return None


def is_of_headers(refused: Problem | None) -> bool:
    """Whether a series is refused for what it is, not because images of it are still to come."""
    return refused is not None and refused.code is not ProblemCode.NOT_ALL_RECEIVED


def refusal(series: Series) -> Problem | None:
    """Why a series is not analysed, or None if its headers allow it.

    Derived and secondary images are accepted only where they say where they lie in the patient, as reformatted
    slices do and captured screens do not.

    Parameters
    ----------
    series : Series

    Returns
    -------
    Problem or None
        One of NOT_CT, LOCALIZER, SECONDARY_CAPTURE, IMPLAUSIBLE_VALUE (where every slice has an implausible value),
        NOT_AXIAL, with the series as its place; or, where its headers allow it, NOT_ALL_RECEIVED.
    """
    of_headers = _headers_refusal(series)
    if of_headers is not None:
        return of_headers
    return next((p for p in series.problems if p.code is ProblemCode.NOT_ALL_RECEIVED), None)


def _headers_refusal(series: Series) -> Problem | None:
    where = _name(series)
    kind = kind_refusal(series.modality, series.sop_class_uid, series.image_type)
    if kind is not None:
        return Problem(kind[0], where, kind[1])
    doubted = implausible(series)
    if doubted is not None:
        return Problem(doubted.code, where, doubted.found)
    plane = series.slices[0].plane
    if plane is None:
        if {value.strip().upper() for value in series.image_type} & {"DERIVED", "SECONDARY"}:
            shown = "\\".join(series.image_type)
            return Problem(
                ProblemCode.SECONDARY_CAPTURE, where, f"image type {shown}, no position in the patient"
            )
        return None
    if abs(plane.normal[2]) < _AXIAL_COSINE:
        return Problem(
            ProblemCode.NOT_AXIAL,
            where,
            "normal ({:.2f}, {:.2f}, {:.2f})".format(*(round(n, 2) + 0.0 for n in plane.normal)),
        )
    return None


def _name(series: Series) -> str:
    number = "" if series.number is None else f" {series.number}"
    return f"series{number} {series.description}".strip() if number or series.description else "series"
