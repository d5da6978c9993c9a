from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.dicom.deidentify.values import has_form, shifted


@pytest.mark.parametrize(
    ("vr", "value", "days", "expected"),
    [
        ("DA", "20240301", 1, "20240229"),
        ("DA", "2024.03.01", 1, "20240229"),
        ("DA", "20250101", 365, "20240102"),
        ("DA", "00010101", 1, None),
        ("DA", "20241301", 1, None),
        ("DA", "Doe", 1, None),
        ("TM", "235959.5", 400, "235959.5"),
        ("TM", "23:59:59", 400, "23:59:59"),
        ("TM", "Doe", 1, None),
        ("DT", "20240301120000.5+0100", 1, "20240229120000.5+0100"),
        ("DT", "202403", 1, "202402"),
        ("DT", "2024", 1, "2023"),
        ("DT", "20240301Doe", 1, None),
        ("SH", "+0100", 1, "+0100"),
        ("SH", "-0930", 1, "-0930"),
        ("SH", "Doe", 1, None),
    ],
)
def test_dates_go_back_and_times_stay(vr, value, days, expected):
    assert shifted(vr, value, days) == expected


@given(st.dates(date(1900, 1, 1)), st.dates(date(1900, 1, 1)), st.integers(365, 3650))
def test_the_time_between_two_dates_stays(one, other, days):
    moved = [date.fromisoformat(str(shifted("DA", day.strftime("%Y%m%d"), days))) for day in (one, other)]
    assert moved[1] - moved[0] == other - one
    assert one - moved[0] == timedelta(days=days)


@pytest.mark.parametrize(
    ("vr", "value", "good"),
    [
        ("CS", "ORIGINAL", True),
        ("CS", "CT_SOM5 SPI", True),
        ("CS", "Doe", False),
        ("CS", "A" * 17, False),
        ("DS", "-1.5e-03", True),
        ("DS", "1.5 Doe", False),
        ("IS", "-12", True),
        ("IS", "1.5", False),
        ("AS", "061Y", True),
        ("AS", "Doe", False),
        ("UI", "1.2.840", True),
        ("UI", "1.2.Doe", False),
        ("CS", "", True),
    ],
)
def test_values_have_the_form_of_their_vr_or_not(vr, value, good):
    assert has_form(vr, value) is good
