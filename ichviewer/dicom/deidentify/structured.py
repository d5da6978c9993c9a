"""Which texts of a structured report are a program's own, so that they name nobody."""

from __future__ import annotations

from pydicom.dataset import Dataset

_OF_PROGRAMS = frozenset(
    {
        ("111001", "DCM"),
        ("111002", "DCM"),
        ("111003", "DCM"),
        ("121014", "DCM"),
        ("121015", "DCM"),
    }
)
"""Algorithm Name, Parameters, Version (PS3.16 TID 4019); manufacturer and model of a device observer (TID 1004)."""
_OWN = frozenset({"PIXEL_HASH"})
_OWN_SCHEME = "99ICHVIEWER"


def keeps_text(item: Dataset) -> bool:
    """Whether the text of a content item tells of a program by the code of its name (PS3.3 C.17.3)."""
    names = item.get("ConceptNameCodeSequence")
    if not names:
        return False
    value = str(names[0].get("CodeValue") or "").strip()
    scheme = str(names[0].get("CodingSchemeDesignator") or "").strip()
    return (value, scheme) in _OF_PROGRAMS or (scheme == _OWN_SCHEME and value in _OWN)
