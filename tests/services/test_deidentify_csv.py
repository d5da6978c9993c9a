from __future__ import annotations

import csv
import io

import pytest

from ichviewer.dicom.deidentify.key import Key
from ichviewer.services.deidentify_csv import deidentify_csv, is_findings_csv
from ichviewer.services.export import COLUMNS

KEY = Key(bytes(range(32)))


def row(**cells: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells.get(name, "") for name in COLUMNS)
    return buffer.getvalue()


HEADER = ",".join(COLUMNS) + "\n"
FULL = row(
    patient_id="MRN1",
    study_uid="1.2",
    series_uid="1.2.3",
    sop_uid="1.2.3.4",
    file="/home/Doe Jane/a.dcm",
    slice_index="1",
    position_mm="-12.500",
    status="analysed",
    any="0.75",
    flagged="any;subdural",
    note="no_brain_in_slice;by Doe",
)


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_identifiers_are_replaced_and_values_stay():
    (only,) = cells(deidentify_csv(HEADER + FULL, KEY, {}))
    assert only["patient_id"] == KEY.pseudonym("MRN1")
    assert (only["study_uid"], only["series_uid"]) == (KEY.uid("1.2"), KEY.uid("1.2.3"))
    assert only["sop_uid"] == KEY.uid("1.2.3.4")
    assert only["file"] == f"{KEY.uid('1.2.3.4')}.dcm"
    assert (only["slice_index"], only["position_mm"], only["any"]) == ("1", "-12.500", "0.75")
    assert (only["status"], only["flagged"]) == ("analysed", "any;subdural")
    assert only["note"] == "no_brain_in_slice;removed"
    assert "Doe" not in str(only)


def test_a_patient_is_called_as_in_the_images():
    (only,) = cells(deidentify_csv(HEADER + FULL, KEY, {"1.2": "PX"}))
    assert only["patient_id"] == "PX"


def test_a_slice_that_was_not_analyzed_stays_one():
    (only,) = cells(deidentify_csv(HEADER + row(status="not_analysed", note="not_ct", file="x"), KEY, {}))
    assert (only["status"], only["any"], only["flagged"], only["file"]) == ("not_analysed", "", "", "removed")


def test_words_in_columns_of_numbers_and_further_models_go():
    text = HEADER.strip() + ",model_volume_ml,Doe Jane\n" + FULL.strip() + ",12.5,Jane\n"
    (only,) = cells(deidentify_csv(text.replace("0.75", "Doe"), KEY, {}))
    assert (only["any"], only["model_volume_ml"], only["removed"]) == ("removed", "12.5", "removed")


@pytest.mark.parametrize("text", ["", "a,b\n", HEADER + "1,2\n", ",".join(COLUMNS[1:]) + "\n"])
def test_another_table_is_refused(text):
    with pytest.raises(ValueError, match="Received"):
        deidentify_csv(text, KEY, {})


def test_a_byte_order_mark_is_no_obstacle():
    assert is_findings_csv("\ufeff" + HEADER)
    assert len(cells(deidentify_csv("\ufeff" + HEADER + FULL, KEY, {}))) == 1
