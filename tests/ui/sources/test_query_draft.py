from __future__ import annotations

from datetime import date

import pytest

from ichviewer.domain.series import PatientInfo
from ichviewer.network.query import StudyQuery
from ichviewer.ui.sources.query_draft import DateSpan, QueryDraft, earlier_query

TODAY = date(2024, 3, 2)


@pytest.mark.parametrize(
    ("draft", "dates"),
    [
        (QueryDraft(), ""),
        (QueryDraft(span=DateSpan.TODAY), "20240302"),
        # The 7 days up to the second of March in a leap year: 25, 26, 27, 28, 29 February, 1, 2 March.
        (QueryDraft(span=DateSpan.WEEK), "20240225-20240302"),
        (QueryDraft(span=DateSpan.MONTH), "20240202-20240302"),
        (QueryDraft(span=DateSpan.BETWEEN, first="2024-01-31"), "20240131-"),
        (QueryDraft(span=DateSpan.BETWEEN, first="2024-01-31", last=" 2024-02-01 "), "20240131-20240201"),
        # Dates that are not shown mean nothing.
        (QueryDraft(span=DateSpan.ANY, first="rubbish"), ""),
    ],
)
def test_dates_are_asked_as_they_were_chosen(draft, dates):
    assert draft.complaints(TODAY) == {}
    assert draft.query(TODAY).dates == dates


def test_what_was_entered_is_asked_for():
    draft = QueryDraft(" P1 ", "Doe^J*", " ct", "A1", limit="50")
    assert draft.query(TODAY) == StudyQuery("P1", "Doe^J*", modality="CT", accession_number="A1", limit=50)


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (QueryDraft(patient_id="a\\b"), "patient_id"),
        (QueryDraft(accession_number="x" * 17), "accession_number"),
        (QueryDraft(modality="C*"), "modality"),
        (QueryDraft(limit="0"), "limit"),
        (QueryDraft(limit="many"), "limit"),
        (QueryDraft(span=DateSpan.BETWEEN, first="31.1.2024"), "first"),
        (QueryDraft(span=DateSpan.BETWEEN, first="2024-02-02", last="2024-02-01"), "last"),
    ],
)
def test_a_field_that_cannot_be_asked_is_named(draft, wrong):
    assert list(draft.complaints(TODAY)) == [wrong]


def test_earlier_studies_are_those_up_to_the_date_of_this_one():
    query = earlier_query(PatientInfo("P1", "Doe, Jane"), "2024-01-05")
    assert query == StudyQuery("P1", last_date=date(2024, 1, 5))
    assert earlier_query(PatientInfo("P1"), "").last_date is None
    with pytest.raises(ValueError, match="by the patient's ID"):
        earlier_query(PatientInfo(name="Doe"), "2024-01-05")
