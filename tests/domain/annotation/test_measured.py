from __future__ import annotations

import pytest

from ichviewer.domain.annotation.measured import Name, Quantity, Unit


@pytest.mark.parametrize(
    ("name", "value", "unit", "digits"),
    [
        (Name.LENGTH, 12.34, Unit.MM, "12.3"),
        (Name.LENGTH, -0.04, Unit.MM, "0.0"),
        (Name.VALUE, -0.4, Unit.HU, "0"),
        (Name.VALUE, -41.0, Unit.HU, "-41"),
        (Name.MEAN, 61.26, Unit.HU, "61.3"),
        (Name.N_PIXELS, 120.0, Unit.PIXELS, "120"),
        # Slices of an ABC/2 count half where the hemorrhage is smaller.
        (Name.C, 2.5, Unit.SLICES, "2.5"),
    ],
)
def test_a_number_is_shown_with_the_digits_of_its_kind(
    name: Name, value: float, unit: Unit, digits: str
) -> None:
    assert Quantity(name, value, unit).digits == digits


def test_lengths_areas_and_volumes_in_mm_rest_on_the_spacing() -> None:
    resting = {unit for unit in Unit if Quantity(Name.LENGTH, 1.0, unit).rests_on_spacing}
    assert resting == {Unit.MM, Unit.MM2, Unit.ML}
