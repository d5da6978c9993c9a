"""The CSV of findings without what names the patient."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from ichviewer.dicom.deidentify.key import Key
from ichviewer.domain.findings import Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.problems import ProblemCode
from ichviewer.services.csv_cells import csv_line, text_cell
from ichviewer.services.export import COLUMNS

REMOVED = "removed"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_UIDS = ("study_uid", "series_uid", "sop_uid")


def is_findings_csv(text: str) -> bool:
    """Whether a text begins as the CSV of findings does."""
    first = text.removeprefix("\ufeff").partition("\n")[0].strip().split(",")
    return tuple(first[: len(COLUMNS)]) == COLUMNS


def deidentify_csv(text: str, key: Key, patients: Mapping[str, str]) -> str:
    """Replace what identifies in the CSV of findings; what is no number or known word becomes ``removed``.

    Parameters
    ----------
    text : str
        See `is_findings_csv`.
    key : Key
        That of the images, so that rows and images keep together.
    patients : mapping of str to str
        Pseudonyms of patients by the UID of a study, as its images got them.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is no CSV of findings, or a row has another number of cells than the header.
    """
    if not is_findings_csv(text):
        raise ValueError("this is no CSV of findings. Received: another header")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    header = rows[0]
    lines = [csv_line(name if _COLUMN.fullmatch(name) else REMOVED for name in header)]
    for number, cells in enumerate(rows[1:], 2):
        if len(cells) != len(header):
            raise ValueError(f"a row has {len(header)} cells. Received: {len(cells)} in row {number}")
        row = dict(zip(header, cells, strict=True))
        new = (_cell(name, value, row, key, patients) for name, value in row.items())
        # A number stands as it is, with a minus that a spreadsheet reads.
        lines.append(csv_line(cell if _NUMBER.fullmatch(cell) else text_cell(cell) for cell in new))
    return "".join(lines)


def _cell(name: str, value: str, row: Mapping[str, str], key: Key, patients: Mapping[str, str]) -> str:
    if name == "patient_id":
        return patients.get(row["study_uid"]) or (key.pseudonym(value) if value else "")
    if not value:
        return ""
    if name in _UIDS:
        return key.uid(value)
    if name == "file":
        return f"{key.uid(row['sop_uid'])}.dcm" if row["sop_uid"] else REMOVED
    if name == "status":
        return value if value in {status.value for status in Status} else REMOVED
    if name == "flagged":
        return _known(value, {label.value for label in LABELS})
    if name == "note":
        return _known(value, {code.value for code in ProblemCode})
    return value if _NUMBER.fullmatch(value) else REMOVED


def _known(value: str, words: set[str]) -> str:
    return ";".join(word if word in words else REMOVED for word in value.split(";"))
