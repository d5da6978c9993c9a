"""Whether an image may show text that names the patient, told from its header."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.uid import UID

_CT_CLASSES = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.2",
        "1.2.840.10008.5.1.4.1.1.2.1",
    }
)
"""CT and Enhanced CT Image Storage (PS3.4 Annex B.5). Legacy converted CT may hold captured screens."""
_WITHOUT_TEXT = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.66.4",
        "1.2.840.10008.5.1.4.1.1.66.7",
        "1.2.840.10008.5.1.4.1.1.30",
    }
)
"""Segmentation, Label Map Segmentation and Parametric Map Storage: values that a program computed."""
_CAPTURE_CLASSES = "1.2.840.10008.5.1.4.1.1.7"
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_NO_SECTIONS = ("LOCALIZER", "OTHER")
_SCREENS = ("SCREEN", "DOSE", "REPORT", "PROT")
_CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"


def has_pixels(dataset: Dataset) -> bool:
    """Whether a data set is an image."""
    return any(keyword in dataset for keyword in _PIXELS)


def why_text_is_possible(dataset: Dataset) -> str | None:
    """Why the pixels of an image may show text that names the patient; None where they need not be doubted.

    It is not looked for in the pixels. Taken for free of text are

    - images whose header says so: Burned In Annotation (0028,0301) is NO;
    - original axial CT sections: SOP class CT or Enhanced CT Image, modality CT, Image Type ORIGINAL, PRIMARY and (of
      CT Images) AXIAL, no LOCALIZER, captured screen or report, gray pixels, and Burned In Annotation is not YES;
    - segmentations and parametric maps.

    Everything else that has pixels is doubted: secondary captures, localizers, derived CT, and all other modalities.

    Parameters
    ----------
    dataset : pydicom Dataset

    Returns
    -------
    str or None
    """
    if not has_pixels(dataset):
        return None
    said = str(dataset.get("BurnedInAnnotation") or "").strip().upper()
    if said == "YES":
        return "the header says that text is burned into the pixels"
    sop_class = str(dataset.get("SOPClassUID") or "").strip()
    if said == "NO" or sop_class in _WITHOUT_TEXT:
        return None
    if sop_class == _CAPTURE_CLASSES or sop_class.startswith(_CAPTURE_CLASSES + "."):
        return "a secondary capture may show anything, and its header does not say that no text is burned in"
    modality = str(dataset.get("Modality") or "").strip()
    if sop_class not in _CT_CLASSES or modality != "CT":
        kind = UID(sop_class).name if UID(sop_class).name != sop_class else "an image of an unknown class"
        return f"not an original CT section but {kind}; the header does not say that no text is burned in"
    return _why_not_original(dataset)


def _why_not_original(dataset: Dataset) -> str | None:
    value = dataset.get("ImageType")
    types = [str(each).strip().upper() for each in ([value] if isinstance(value, str) else value or [])]
    if types[:2] != ["ORIGINAL", "PRIMARY"]:
        return "a CT image that is not marked ORIGINAL and PRIMARY may be a captured screen or a report"
    # Value 3 of a CT image is AXIAL or LOCALIZER (PS3.3 C.8.2.1.1.1).
    is_axial = str(dataset.get("SOPClassUID")).strip() != _CT_IMAGE or types[2:3] == ["AXIAL"]
    if not is_axial or any(word in _NO_SECTIONS for word in types[2:]):
        return "a CT localizer, or a view that is not marked AXIAL, may have text burned in"
    if any(screen in word for word in types[2:] for screen in _SCREENS):
        return "a CT image that is marked as a captured screen"
    if int(dataset.get("SamplesPerPixel") or 1) != 1:
        return "a CT image in color may be a captured screen"
    return None


def overlay_in_pixels(dataset: Dataset) -> bool:
    """Whether an overlay lies in unused bits of the pixels, where removing attributes does not reach it.

    Retired, PS3.3-2004 C.9.2: Overlay Bit Position (60xx,0102) is not 0, or there is an overlay without data.
    """
    for group in range(0x6000, 0x6020, 2):
        if (group, 0x0010) not in dataset and (group, 0x0102) not in dataset:
            continue
        position = dataset.get((group, 0x0102))
        if (position is not None and position.value) or (group, 0x3000) not in dataset:
            return True
    return False
