"""Any folder of DICOM studies, with a table of labels.

The table is a CSV with a head row. One column says what a row is about, the first of these that is there:

``sop_instance_uid``
    one image, by its UID;
``file``
    one image, by its path below the folder (with slashes of either kind);
``series_instance_uid``
    a whole series. That a series shows no blood holds for each of its slices; where in it blood lies the table does
    not say, so a 1 makes its slices unknown, unless the series has only one.

Columns ``any``, ``epidural``, ``intraparenchymal``, ``intraventricular``, ``subarachnoid`` and ``subdural`` hold 0,
1, or nothing where it is not known; at least one of them must be there. ``any`` is worked out from the types where it
is not given. A column ``patient`` may say whose head it is; otherwise the files' PatientID does. Capitals and blanks
in column names do not matter, other columns are ignored.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.errors import LearningError
from ichviewer.learning.data.dicom_folder import files_below, make_tasks, problems_of, skim_files
from ichviewer.learning.data.dicom_series import only_negative
from ichviewer.learning.data.skim import Skimmed
from ichviewer.learning.data.source import Found, Labels, Runner, name_for_file
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.progress import Progress

KEYS = ("sop_instance_uid", "file", "series_instance_uid")
"""Columns that may say what a row is about, best first."""
PATIENT = "patient"

_VALUES = {"0": 0, "1": 1, "": UNKNOWN}


@dataclass(frozen=True)
class FolderTable:
    """What the CSV says.

    Parameters
    ----------
    key : str
        One of `KEYS`.
    labels : mapping of str to Labels
    patients : mapping of str to str
        Empty if there is no such column; rows that leave it blank are not in it.
    """

    key: str
    labels: Mapping[str, Labels]
    patients: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.key not in KEYS:
            raise ValueError(f"a table is about one of {', '.join(KEYS)}. Received: {self.key!r}")


def read_table(path: Path) -> FolderTable:
    """Read the CSV of labels.

    Raises
    ------
    LearningError
        If it cannot be read, lacks a column it needs, or holds a value or a second row that contradicts a first one.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            columns = {_plain(name): name for name in rows.fieldnames or ()}
            key = next((k for k in KEYS if k in columns), None)
            given = [label.value for label in LABELS if label.value in columns]
            if key is None or not given:
                raise LearningError(
                    f"the table needs one of the columns {', '.join(KEYS)}, and one for a label or more",
                    str(path),
                    ", ".join(columns),
                )
            labels: dict[str, Labels] = {}
            patients: dict[str, str] = {}
            for row in rows:
                where = f"{path}, line {rows.line_num}"
                name = _key_of(key, row[columns[key]])
                stated = _labels_of({k: row[columns[k]] for k in given}, where)
                if labels.setdefault(name, stated) != stated:
                    raise LearningError("a second row says otherwise", where, name)
                patient = (row[columns[PATIENT]] or "").strip() if PATIENT in columns else ""
                if patient:
                    patients[name] = patient
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LearningError("the labels cannot be read", str(path), str(error)) from error
    return FolderTable(key, labels, patients)


def _plain(column: str) -> str:
    return column.strip().lower().replace(" ", "_")


def _key_of(key: str, value: str | None) -> str:
    text = (value or "").strip()
    return str(PurePosixPath(text.replace("\\", "/"))) if key == "file" else text


def _labels_of(row: Mapping[str, str | None], where: str) -> Labels:
    values = dict.fromkeys((label.value for label in LABELS), UNKNOWN)
    for column, text in row.items():
        known = _VALUES.get((text or "").strip())
        if known is None:
            raise LearningError(f"{column} must be 0, 1 or empty", where, repr(text))
        values[column] = known
    types = [values[label.value] for label in TYPES]
    if values["any"] == UNKNOWN:
        values["any"] = 1 if 1 in types else UNKNOWN if UNKNOWN in types else 0
    elif values["any"] == 0:
        if 1 in types:
            raise LearningError("any is 0, but one of the types is 1", where)
        # Where there is no blood there is none of any type.
        values.update(dict.fromkeys((label.value for label in TYPES), 0))
    return tuple(values[label.value] for label in LABELS)


@dataclass(frozen=True)
class FolderSource:
    """A folder of DICOM studies and its table.

    Parameters
    ----------
    folder : Path
    csv_path : Path
    """

    folder: Path
    csv_path: Path

    @property
    def recipe(self) -> Mapping[str, Any]:
        """The labels are part of it: with others the store has to be made anew."""
        try:
            digest = hashlib.sha256(self.csv_path.read_bytes()).hexdigest()
        except OSError as error:
            raise LearningError("the labels cannot be read", str(self.csv_path), str(error)) from error
        return {"source": "folder", "labels_sha256": digest}

    def find(self, runner: Runner, progress: Progress) -> Found:
        """Sort the files into series, and give each its labels."""
        table = read_table(self.csv_path)
        files = [f for f in files_below(self.folder) if Path(f) != self.csv_path]
        found, bad = skim_files(files, runner, progress)
        key_of = {skimmed.path: self._key_of(table.key, skimmed) for skimmed in found}
        in_series: dict[str, int] = {}
        for key in key_of.values():
            in_series[key] = in_series.get(key, 0) + 1
        whole_series = table.key == "series_instance_uid"

        def label_of(skimmed: Skimmed) -> Labels | None:
            key = key_of[skimmed.path]
            labels = table.labels.get(key)
            return only_negative(labels) if labels and whole_series and in_series[key] > 1 else labels

        tasks, unlabelled = make_tasks(
            found,
            prefix=name_for_file(self.folder.resolve().name) or "folder",
            source="folder",
            label_of=label_of,
            patients={p: table.patients[key] for p, key in key_of.items() if key in table.patients},
        )
        if not tasks:
            raise LearningError(
                f"no file below the folder is named in {self.csv_path.name}",
                str(self.folder),
                f"{len(found)} DICOM files, {len(table.labels)} rows by {table.key}",
            )
        notes = []
        missing = len(set(table.labels) - set(key_of.values()))
        if missing:
            notes.append(f"{missing:,} rows of {self.csv_path.name} name nothing in the folder")
        if unlabelled:
            notes.append(f"{unlabelled:,} series have no labels and are left out")

        def looks_like_dicom(path: str) -> bool:
            named = table.key == "file" and self._below(path) in table.labels
            return named or Path(path).suffix.lower() in (".dcm", ".dicom", ".ima")

        return Found(tasks, problems_of(bad, looks_like_dicom), tuple(notes))

    def _below(self, path: str) -> str:
        return Path(path).relative_to(self.folder).as_posix()

    def _key_of(self, key: str, skimmed: Skimmed) -> str:
        if key == "file":
            return self._below(skimmed.path)
        return skimmed.sop_uid if key == "sop_instance_uid" else skimmed.series_uid
