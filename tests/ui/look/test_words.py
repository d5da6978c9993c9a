from __future__ import annotations

import pytest

from ichviewer.domain.series import PatientInfo
from ichviewer.domain.window import Window
from ichviewer.ui.look.words import counted, duration, joined, patient_details, patient_name, voi_numbers


@pytest.mark.parametrize(
    ("patient", "name"),
    [
        (PatientInfo("1", "DOE, JANE"), "DOE, JANE"),
        (PatientInfo("17", ""), "17"),
        (PatientInfo(), "Unnamed patient"),
    ],
)
def test_patient_name(patient: PatientInfo, name: str) -> None:
    assert patient_name(patient) == name


def test_patient_details_leave_out_what_is_unknown() -> None:
    assert patient_details(PatientInfo("1", "A", "1950-01-02", "F")) == "ID 1 · F · born 1950-01-02"
    assert patient_details(PatientInfo("1", "")) == "", "the ID is the name already"


def test_small_words() -> None:
    assert [counted("slice", "slices", n) for n in (0, 1, 2, 1234)] == [
        "0 slices",
        "1 slice",
        "2 slices",
        "1,234 slices",
    ]
    assert counted("series", "series", 2) == "2 series"
    assert joined(("a", "", "b")) == "a · b"
    assert voi_numbers(Window(40, 80)) == "40/80"
    assert voi_numbers(Window(-600.5, 1500)) == "-600.5/1500"
    assert voi_numbers(None) == ""
    assert [duration(s) for s in (0.4, 12.4, 89, 150)] == [
        "about a second left", "about 12 s left", "about 89 s left", "about 2 min left",
    ]  # fmt: skip
