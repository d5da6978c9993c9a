"""Public codes: those of DICOM PS3.16 with its meanings, others at least without a wrong digit."""

from __future__ import annotations

import pytest
from pydicom.sr.codedict import codes as dictionary

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.model_spec import Unit
from ichviewer.results import codes
from ichviewer.results.codes import FINDINGS, PRIVATE, SITES, Concept

# The multiplication of the dihedral group of a pentagon: 0 to 4 turn, 5 to 9 mirror (Verhoeff, 1969).
_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _times(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


def _remainder(digits: str) -> int:
    """Zero for a number whose last digit is the check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % 8):
            value = _STEP[value]
        total = _times(total, value)
    return total


def test_the_check_of_digits_knows_a_right_number_from_a_wrong_one() -> None:
    # The worked example of the check digit in the literature: 236 gets 3.
    assert _remainder("2363") == 0
    assert _remainder("2633") != 0


@pytest.mark.parametrize("label", LABELS)
def test_a_finding_has_a_concept_of_snomed_ct_without_a_wrong_digit(label: Hemorrhage) -> None:
    concept = FINDINGS[label]
    assert concept.scheme == "SCT"
    # Concepts, not descriptions or relationships, of the International Edition: partition identifier 00.
    assert concept.value[-3:-1] == "00"
    assert _remainder(concept.value) == 0


def test_the_code_of_any_hemorrhage_is_that_of_ps3_16() -> None:
    known = dictionary.SCT.IntracranialHemorrhage
    assert FINDINGS[Hemorrhage.ANY] == Concept(known.value, "SCT", known.meaning.removesuffix(" (disorder)"))


def test_every_label_has_a_code_or_a_code_with_a_site_of_its_own() -> None:
    assert len({(FINDINGS[label], SITES.get(label)) for label in LABELS}) == len(LABELS)


@pytest.mark.parametrize(
    ("concept", "scheme", "keyword", "group"),
    [
        (FINDINGS[Hemorrhage.INTRAVENTRICULAR], "SCT", "Hemorrhage", "7159"),
        (SITES[Hemorrhage.INTRAVENTRICULAR], "SCT", "BrainVentricle", "7153"),
        (codes.MORPHOLOGY, "SCT", "MorphologicallyAbnormalStructure", "7150"),
        (codes.LEARNED, "DCM", "ArtificialIntelligence", "7162"),
        (codes.GROWN, "DCM", "NeighborhoodAnalysis", "7162"),
        (codes.CT_PROCEDURE, "LN", "CTUnspecifiedBodyRegion", "100"),
        (codes.COMMENT, "DCM", "Comment", "12101"),
        (codes.UNITS[Unit.HU], "UCUM", "HounsfieldUnit", "7181"),
        (codes.UNITS[Unit.MM], "UCUM", "Millimeter", "7181"),
        (codes.UNITS[Unit.YEARS], "UCUM", "Year", "7456"),
        (codes.UNITS[Unit.PROBABILITY], "UCUM", "NoUnits", "7181"),
        (codes.PROBABILITY, "DCM", "Probability", ""),
        (codes.THRESHOLD, "DCM", "ThresholdValue", ""),
    ],
)
def test_codes_of_ps3_16_are_those_of_its_context_groups(
    concept: Concept, scheme: str, keyword: str, group: str
) -> None:
    place = getattr(dictionary, f"cid{group}" if group else scheme)
    known = getattr(place, keyword)
    assert concept == Concept(known.value, known.scheme_designator, known.meaning)
    assert known.scheme_designator == scheme


def test_no_public_code_is_left_that_nobody_compares() -> None:
    compared = {
        "50960005",
        "35764002",
        "49755003",
        "123110",
        "123101",
        "25045-6",
        "121106",
        "122157",
        "122411",
    }
    by_name = {"1386000", "82999001", "274100004", "21454007", "35486000"}
    named = [one for one in vars(codes).values() if isinstance(one, Concept)]
    public = {one.value for one in (*named, *FINDINGS.values(), *SITES.values()) if one.scheme != PRIVATE}
    assert public == compared | by_name
