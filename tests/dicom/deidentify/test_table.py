from __future__ import annotations

import pytest
from pydicom.tag import Tag

from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.table import Action, Row, listed, table


@pytest.mark.parametrize(
    ("keyword", "options", "action"),
    [
        # Read off PS3.15 Table E.1-1 by hand.
        ("PatientName", Options(), Action.EMPTY),
        ("PatientBirthDate", Options(keep_longitudinal=True), Action.EMPTY),
        ("AccessionNumber", Options(), Action.EMPTY),
        ("OtherPatientIDs", Options(), Action.REMOVE),
        ("StudyInstanceUID", Options(), Action.UID),
        ("ReferencedSOPInstanceUID", Options(), Action.UID),
        ("StudyDate", Options(), Action.EMPTY),
        ("StudyDate", Options(keep_longitudinal=True), Action.SHIFT),
        ("StudyDescription", Options(), Action.REMOVE),
        ("StudyDescription", Options(clean_descriptors=True), Action.CLEAN),
        ("StationName", Options(), Action.DUMMY),
        ("StationName", Options(keep_device=True), Action.KEEP),
        ("DeviceSerialNumber", Options(), Action.DUMMY),
        ("DeviceSerialNumber", Options(keep_device=True), Action.KEEP),
        ("StationAETitle", Options(keep_device=True), Action.CLEAN),
        ("ContentSequence", Options(), Action.DUMMY),
        ("PersonName", Options(), Action.DUMMY),
        ("InstitutionName", Options(keep_device=True), Action.DUMMY),
    ],
)
def test_the_table_says_what_the_standard_says(keyword, options, action):
    assert table()[int(Tag(keyword))].action(options) is action


def test_the_table_has_the_rows_of_the_standard_but_for_repeating_groups():
    # 655 rows, of which Curve Data, Overlay Data and Overlay Comments are of repeating groups.
    assert len(table()) == 652


def test_an_action_that_the_table_does_not_have_is_refused():
    with pytest.raises(ValueError, match="Received"):
        Row("Q")
    with pytest.raises(ValueError, match="Received"):
        Row("X", device="Z")


def test_lists_have_words_and_no_comments():
    assert "head" in listed("words")
    assert "#" not in listed("words")
    assert all(word == word.casefold() for word in listed("words"))
    # Without the words around them, findings may say the opposite.
    assert not {"hemorrhage", "fracture", "tumor", "infarct"} & listed("words")
