"""The codes of findings: well-formed identifiers of SNOMED CT, or private ones."""

from __future__ import annotations

import pytest
from pydicom.sr.codedict import codes as dictionary

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.results.codes import FINDINGS, PRIVATE, Concept

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
def test_a_finding_has_a_concept_of_snomed_ct_without_a_wrong_digit_or_one_of_our_own(
    label: Hemorrhage,
) -> None:
    concept = FINDINGS[label]
    if concept.scheme == PRIVATE:
        assert label is Hemorrhage.INTRAVENTRICULAR
        return
    assert concept.scheme == "SCT"
    # Concepts, not descriptions or relationships, of the International Edition: partition identifier 00.
    assert concept.value[-3:-1] == "00"
    assert _remainder(concept.value) == 0


def test_the_code_of_any_hemorrhage_is_that_of_ps3_16() -> None:
    known = dictionary.SCT.IntracranialHemorrhage
    assert FINDINGS[Hemorrhage.ANY] == Concept(known.value, "SCT", known.meaning.removesuffix(" (disorder)"))
