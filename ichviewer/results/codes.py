"""The codes that results use: public ones as far as they could be checked, our own for the rest.

Where each comes from:

- DCM, LN, and of SCT what stands in context groups: the concepts of DICOM PS3.16, as pydicom has them
  (`pydicom.sr.codedict`). Hemorrhage, 50960005, is of CID 7159 (lesions in segmentations); brain ventricle, 35764002,
  of CID 7153 (parts of the central nervous system); CT of an unspecified body region of CID 100; the families of
  algorithms of CID 7162; the category of segments of CID 7150. Intracranial hemorrhage, 1386000, probability and
  threshold are concepts of PS3.16 that no context group lists. A test compares code and meaning of them all.
- UCUM: no units, mm, Hounsfield unit and year as PS3.16 has them; mL of the Unified Code for Units of Measure itself
  (it allows the capital letter, which nobody takes for a 1).
- Other types of hemorrhage: no context group has them. Their SNOMED CT codes were checked, with their names, against
  HL7's International Patient Summary Free Set, SNOMED CT release 2022-07-31 (35486000, 21454007), and against concept
  sets that others exported from the OMOP vocabularies: 274100004 in several, 82999001 in two, and the others
  once more. No list that does not come from OMOP was found for 82999001; its check digit is right.
- In the ventricles: public programs use several codes of SNOMED CT, none of which could be checked. So it is the
  hemorrhage of CID 7159, with brain ventricle as its site: both are DICOM's own.

What no public scheme names has a code of our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.model_spec import Unit
from ichviewer.domain.problems import ProblemCode
from ichviewer.results.equipment import ascii_line

if TYPE_CHECKING:
    from highdicom.sr import CodedConcept

PRIVATE = "99ICHVIEWER"
"""Our own coding scheme; private designators begin with 99 (PS3.16 section 8)."""

_MOST_MEANING = 64
_WORD = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Concept:
    """A code with its scheme and its meaning in words (PS3.3 section 8)."""

    value: str
    scheme: str
    meaning: str

    def __post_init__(self) -> None:
        texts = (self.value, self.scheme, self.meaning)
        if not all(t and t.isascii() and t.isprintable() for t in texts) or len(self.meaning) > _MOST_MEANING:
            raise ValueError(
                f"a code has a value, a scheme and a meaning of 1 to 64 letters. Received: {texts}"
            )

    def coded(self) -> CodedConcept:
        """For highdicom."""
        from highdicom.sr import CodedConcept  # noqa: PLC0415

        return CodedConcept(self.value, self.scheme, self.meaning)


def own(value: str, meaning: str) -> Concept:
    """A code of our own scheme."""
    return Concept(value, PRIVATE, ascii_line(meaning, _MOST_MEANING))


FINDINGS: dict[Hemorrhage, Concept] = {
    Hemorrhage.ANY: Concept("1386000", "SCT", "Intracranial hemorrhage"),
    Hemorrhage.EPIDURAL: Concept("82999001", "SCT", "Epidural intracranial hemorrhage"),
    Hemorrhage.INTRAPARENCHYMAL: Concept("274100004", "SCT", "Cerebral hemorrhage"),
    Hemorrhage.INTRAVENTRICULAR: Concept("50960005", "SCT", "Hemorrhage"),
    Hemorrhage.SUBARACHNOID: Concept("21454007", "SCT", "Subarachnoid intracranial hemorrhage"),
    Hemorrhage.SUBDURAL: Concept("35486000", "SCT", "Subdural intracranial hemorrhage"),
}
"""What a slice is flagged for; with its site, where `SITES` has one."""

SITES: dict[Hemorrhage, Concept] = {
    Hemorrhage.INTRAVENTRICULAR: Concept("35764002", "SCT", "Brain ventricle"),
}
"""Where the blood is, of types whose own code does not tell it."""

PROBABILITY = Concept("122157", "DCM", "Probability")
THRESHOLD = Concept("122411", "DCM", "Threshold Value")
COMMENT = Concept("121106", "DCM", "Comment")
MORPHOLOGY = Concept("49755003", "SCT", "Morphologically Abnormal Structure")
"""The category of segments."""
LEARNED = Concept("123110", "DCM", "Artificial Intelligence")
GROWN = Concept("123101", "DCM", "Neighborhood Analysis")
"""Families of algorithms."""
CT_PROCEDURE = Concept("25045-6", "LN", "CT unspecified body region")
"""Of PS3.16 CID 100; the images do not tell the procedure in a code that all of them have."""

OPERATING_POINT = own("OPERATING_POINT", "Operating point")
STATE = own("STATE", "State of the analysis")
NOT_ANALYZED_BECAUSE = own("REASON", "Reason why slices were not analyzed")
OUTSIDE_MODEL = own("OUTSIDE_MODEL", "Outside what the model was trained on")
PIXEL_HASH = own("PIXEL_HASH", "Hash of the pixels the values were computed from")
MODEL = own("FURTHER_MODEL", "Further model")
NOT_MEASURED = own("NOT_MEASURED", "Not measured")

SLICES = own("SLICES", "Slices in the series")
SLICES_ANALYZED = own("SLICES_ANALYZED", "Slices analyzed")
SLICES_NOT_ANALYZED = own("SLICES_NOT_DONE", "Slices not analyzed")
SLICES_FLAGGED = own("SLICES_FLAGGED", "Slices flagged")

UNITS: dict[Unit, Concept] = {
    Unit.PROBABILITY: Concept("1", "UCUM", "no units"),
    Unit.COUNT: Concept("1", "UCUM", "no units"),
    Unit.ML: Concept("mL", "UCUM", "mL"),
    Unit.MM: Concept("mm", "UCUM", "mm"),
    Unit.HU: Concept("[hnsf'U]", "UCUM", "Hounsfield unit"),
    Unit.YEARS: Concept("a", "UCUM", "year"),
}
"""Units of values (UCUM)."""


def series_probability(label: Hemorrhage) -> Concept:
    """The name of a probability of the series as a whole."""
    what = "intracranial" if label is Hemorrhage.ANY else label.value
    return own(f"SERIES_{label.value.upper()}"[:16], f"Probability of {what} hemorrhage in the series")


def reason(code: ProblemCode, text: str) -> Concept:
    """Why slices were not analyzed, or what is doubted."""
    return own(code.value.upper(), text)


def state(of_series: SeriesState) -> Concept:
    """How far the analysis of a series came."""
    return own(of_series.name, of_series.value)


def operating_point(name: str) -> Concept:
    """An operating point by its name, which the model's metadata gives."""
    word = "_".join(_WORD.findall(name))[:_MOST_MEANING] or "UNNAMED"
    return own(word, name or "unnamed")


def coding_schemes() -> list[Any]:
    """What the Coding Scheme Identification Sequence (0008,0110) says of our own scheme (PS3.3 C.12.1.1.9)."""
    from highdicom.coding_schemes import CodingSchemeIdentificationItem  # noqa: PLC0415

    return [
        CodingSchemeIdentificationItem(
            designator=PRIVATE, name="ichviewer codes", version="1", responsible_organization="ichviewer"
        )
    ]
