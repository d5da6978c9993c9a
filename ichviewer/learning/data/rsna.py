"""The layout of the RSNA 2019 challenge: one CSV of labels, one folder of 752,803 DICOM files.

Rows of the CSV are ``ID_<image>_<type>,<0 or 1>``, six an image; some stand there twice. Files are named after
their SOPInstanceUID and lie flat, in no order; the headers tell which belong to one series. One file of the original
is cut short, and some scanners wrote 12-bit values that wrapped around. (Flanders et al., "Construction of a Machine
Learning Dataset through Collaboration: The RSNA 2019 Brain CT Hemorrhage Challenge", Radiology: AI 2(3), 2020.)
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage
from ichviewer.errors import LearningError
from ichviewer.learning.data.dicom_folder import make_tasks, problems_of, skim_files
from ichviewer.learning.data.skim import Skimmed
from ichviewer.learning.data.source import Found, Labels, Runner
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.progress import Progress

CSV_NAME = "stage_2_train.csv"
FOLDER_NAME = "stage_2_train"
SUBMISSION_ORDER = (*TYPES, Hemorrhage.ANY)
"""Order of an image's six rows in the challenge's tables."""

_CSV_PATTERN, _FOLDER_PATTERN = "stage_*_train.csv", "stage_*_train*"
_HEAD = ["ID", "Label"]
_NAMED = 5


@dataclass(frozen=True)
class RsnaTable:
    """What the CSV says.

    Parameters
    ----------
    labels : dict of str to Labels
        By image, ``ID_...``; `UNKNOWN` where a row is missing or two contradict each other.
    doubled_rows : int
        Rows that stand there once more with the same label.
    contradictions : tuple of str
        Images with rows that contradict each other.
    """

    labels: Mapping[str, Labels]
    doubled_rows: int
    contradictions: tuple[str, ...]


def read_table(path: Path) -> RsnaTable:
    """Read the CSV of labels.

    Raises
    ------
    LearningError
        If it cannot be read, or a row is something else than an image, a type and 0 or 1.
    """
    place = {label.value: index for index, label in enumerate(LABELS)}
    # Two bits a label: whether a 0, and whether a 1 was seen. Small numbers keep 750,000 images in little memory.
    seen: dict[str, int] = {}
    doubled = 0
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file)
            if next(rows, None) != _HEAD:
                raise LearningError("the first row must be ID,Label", str(path))
            for row in rows:
                try:
                    name, value = row
                    image, _, kind = name.rpartition("_")
                    bit = 1 << (2 * place[kind] + (0, 1)[int(value)])
                    if not image or value not in ("0", "1"):
                        raise ValueError
                except (KeyError, ValueError, IndexError):
                    raise LearningError(
                        "a row must be ID_image_type,0 or 1", f"{path}, line {rows.line_num}", ",".join(row)
                    ) from None
                before = seen.get(image, 0)
                doubled += (before & bit) != 0
                seen[image] = before | bit
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LearningError("the labels cannot be read", str(path), str(error)) from error
    meaning = {bits: _labels(bits) for bits in set(seen.values())}
    contradictory = {bits for bits in meaning if any((bits >> 2 * k) & 3 == 3 for k in range(N_LABELS))}
    return RsnaTable(
        {image: meaning[bits] for image, bits in seen.items()},
        doubled,
        tuple(sorted(image for image, bits in seen.items() if bits in contradictory)),
    )


def _labels(bits: int) -> Labels:
    return tuple({1: 0, 2: 1}.get((bits >> 2 * k) & 3, UNKNOWN) for k in range(N_LABELS))


@dataclass(frozen=True)
class RsnaSource:
    """The training part of the challenge.

    Parameters
    ----------
    csv_path : Path
    folder : Path
        Of the ``.dcm`` files.
    """

    csv_path: Path
    folder: Path

    @classmethod
    def at(cls, root: Path, csv_path: Path | None = None) -> RsnaSource:
        """The data set below a folder that holds ``stage_2_train.csv`` and ``stage_2_train/``.

        Raises
        ------
        LearningError
            If either is missing.
        """
        table = csv_path or next(iter(sorted(root.glob(_CSV_PATTERN), reverse=True)), None)
        folders = [f for f in sorted(root.glob(_FOLDER_PATTERN), reverse=True) if f.is_dir()]
        if table is None or not table.is_file():
            raise LearningError(f"this is not the RSNA layout: there is no {CSV_NAME}", str(root))
        if not folders and not any(root.glob("*.dcm")):
            raise LearningError(f"this is not the RSNA layout: there is no folder {FOLDER_NAME}", str(root))
        return cls(table, folders[0] if folders else root)

    @property
    def recipe(self) -> Mapping[str, Any]:
        """Nothing but the data set's name."""
        return {"source": "rsna"}

    def find(self, runner: Runner, progress: Progress) -> Found:
        """Sort the files into series, and give each its labels."""
        table = read_table(self.csv_path)
        files = sorted(str(path) for path in self.folder.glob("*.dcm"))
        if not files:
            raise LearningError("there are no .dcm files", str(self.folder))
        found, bad = skim_files(files, runner, progress)
        labels = table.labels

        def label_of(skimmed: Skimmed) -> Labels | None:
            return labels.get(skimmed.sop_uid) or labels.get(Path(skimmed.path).stem)

        tasks, unlabelled = make_tasks(found, prefix="rsna", source="rsna", label_of=label_of)
        notes = []
        if table.doubled_rows:
            notes.append(f"{table.doubled_rows:,} rows of {self.csv_path.name} stand there twice")
        if table.contradictions:
            notes.append(
                f"rows of {len(table.contradictions):,} images contradict each other and count as unknown: "
                + _some(table.contradictions)
            )
        there = {Path(file).stem for file in files}
        missing = [image for image in labels if image not in there]
        if missing:
            notes.append(f"{len(missing):,} labeled images have no file: {_some(missing)}")
        if unlabelled:
            notes.append(f"{unlabelled:,} series have no labels and are left out")
        return Found(tasks, problems_of(bad, lambda _: True), tuple(notes))


def _some(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
