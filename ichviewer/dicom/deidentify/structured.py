"""Which texts of a structured report are a program's own, so that they name nobody."""

from __future__ import annotations

import re

from pydicom.dataset import Dataset

from ichviewer.disclaimer import RESULT_NOTICE
from ichviewer.domain.findings import Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.problems import ProblemCode

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

_LABELS = "|".join(label.value for label in LABELS)
_STATES = "|".join(status.value for status in Status)
_REASONS = "|".join(code.value for code in ProblemCode)
_OWN_TEXT = re.compile(
    rf"Series|Slice \d+, ({_LABELS})|Not analyzed: ({_STATES}), ({_REASONS})|" + re.escape(RESULT_NOTICE)
)
"""What our own reports say of every patient in the same words: names of groups, and that it is research."""


def keeps_text(item: Dataset) -> bool:
    """Whether the text of a content item tells of a program, by its words or the code of its name (PS3.3 C.17.3)."""
    if _OWN_TEXT.fullmatch(str(item.get("TextValue") or "")):
        return True
    names = item.get("ConceptNameCodeSequence")
    if not names:
        return False
    value = str(names[0].get("CodeValue") or "").strip()
    scheme = str(names[0].get("CodingSchemeDesignator") or "").strip()
    return (value, scheme) in _OF_PROGRAMS or (scheme == _OWN_SCHEME and value in _OWN)
