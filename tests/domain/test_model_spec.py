"""What a model says it gives."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.labels import LABELS
from ichviewer.domain.model_spec import (
    HEMORRHAGE_OUTPUTS,
    ModelSpec,
    Output,
    Scope,
    Unit,
    hemorrhage_spec,
)

VOLUME = Output("volume", "Hematoma volume", "Vol", Scope.SERIES, Unit.ML, 1)
AGE = Output("age", "Age of the brain", "Age", Scope.SERIES, Unit.YEARS, 0)
FAZEKAS = Output("lesions", "White matter lesions", "WML", Scope.SLICE, Unit.COUNT, 0)


def output(**changes: object) -> Output:
    fields = {
        **{"name": "volume", "words": "Volume", "abbreviation": "Vol"},
        **{"scope": Scope.SERIES, "unit": Unit.ML, "decimals": 1},
    }
    return Output(**(fields | changes))  # type: ignore[arg-type]


def test_the_bundled_model_gives_the_six_labels_for_every_slice():
    spec = hemorrhage_spec("ich 1.0")
    assert spec.columns() == tuple(label.value for label in LABELS)
    assert spec.of_scope(Scope.SLICE) == HEMORRHAGE_OUTPUTS
    assert spec.of_scope(Scope.SERIES) == ()
    assert {o.unit for o in spec.outputs} == {Unit.PROBABILITY}
    assert [o.abbreviation for o in spec.outputs] == ["ICH", "EDH", "IPH", "IVH", "SAH", "SDH"]


def test_a_column_names_the_model_and_the_unit():
    spec = ModelSpec("hematoma", "Hematoma 2.1", (VOLUME, AGE, FAZEKAS))
    assert [spec.column(o) for o in spec.outputs] == [
        *("hematoma.volume_ml", "hematoma.age_years", "hematoma.lesions"),
    ]
    assert spec.of_scope(Scope.SERIES) == (VOLUME, AGE)
    with pytest.raises(ValueError, match="Received: any"):
        spec.column(HEMORRHAGE_OUTPUTS[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Volume"},
        {"name": "volume,ml"},
        {"name": "=volume"},
        {"name": ""},
        {"words": " "},
        {"words": "two\nlines"},
        {"words": "w" * 81},
        {"abbreviation": "too long for it"},
        {"scope": "patient"},
        {"unit": "liters"},
        {"decimals": 7},
        {"decimals": -1},
        {"unit": Unit.COUNT, "decimals": 1},
    ],
)
def test_an_output_that_cannot_be_is_refused(changes):
    with pytest.raises(ValueError, match="Received"):
        output(**changes)


@pytest.mark.parametrize(
    "fields",
    [
        ("Has Spaces", "name", (VOLUME,)),
        ("model", "", (VOLUME,)),
        ("model", "line\nbreak", (VOLUME,)),
        ("model", "name", ()),
        ("model", "name", (VOLUME, output(words="Another volume"))),
        ("model", "name", (VOLUME, output(unit=Unit.MM))),
    ],
)
def test_a_spec_that_cannot_be_is_refused(fields):
    with pytest.raises(ValueError, match="Received"):
        ModelSpec(*fields)


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        (Unit.ML, -0.1),
        (Unit.ML, math.nan),
        (Unit.ML, math.inf),
        (Unit.ML, True),
        (Unit.ML, "12"),
        (Unit.PROBABILITY, 1.01),
        (Unit.PROBABILITY, -0.01),
        (Unit.COUNT, 2.5),
        (Unit.YEARS, -1),
    ],
)
def test_a_value_that_the_unit_cannot_have_is_refused(unit, value):
    with pytest.raises(ValueError, match="Received"):
        output(unit=unit, decimals=0).check(value)


def test_a_value_is_written_with_its_decimals():
    assert VOLUME.number(12.25) == "12.2"  # half to even, as Python rounds
    assert VOLUME.number(1234.56) == "1234.6"
    assert AGE.number(71.5) == "72"
    assert output(unit=Unit.HU, decimals=0).number(-0.2) == "0"
    assert HEMORRHAGE_OUTPUTS[0].number(1 / 3) == "0.333333"


@given(st.floats(0, 1e6), st.integers(0, 6))
def test_what_is_written_lies_within_half_of_the_last_digit(value, decimals):
    written = float(output(decimals=decimals).number(value))
    assert abs(written - value) <= 0.5 * 10.0**-decimals * (1 + 1e-6) + 1e-9
