"""The CT-ICH data set: head CT of 82 trauma patients as 8-bit pictures through two windows.

M. Hssayeni et al., "Intracranial Hemorrhage Segmentation Using a Deep Convolutional Model", Data 5(1):14, 2020,
doi 10.13026/w8q8-ky94, CC BY 4.0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS

NAME = "CT-ICH v1.0"
LICENCE = "CC BY 4.0"
CITATION = (
    'M. Hssayeni et al., "Intracranial Hemorrhage Segmentation Using a Deep Convolutional Model", '
    "Data 5(1):14, 2020, doi 10.13026/w8q8-ky94"
)
SLICE_DISTANCE_MM = 5.0
"""Slices are about so far apart; the data set does not tell exactly."""

_BRAIN_LOW_HU, _BRAIN_WIDTH_HU = -20.0, 120.0
_BONE_LOW_HU, _BONE_WIDTH_HU = -800.0, 2800.0


@dataclass(frozen=True)
class LabelledSlice:
    """One slice of the data set.

    Parameters
    ----------
    patient, index : int
        Patient number, and the slice's number within the patient from 1, counted from the feet up.
    brain, bone : Path or None
        Its two pictures; one slice has no bone picture.
    labels : tuple of int
        0 or 1 for each of `domain.labels.LABELS`.
    """

    patient: int
    index: int
    brain: Path
    bone: Path | None
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.labels) != len(LABELS) or set(self.labels) - {0, 1}:
            raise ValueError(f"a slice needs {len(LABELS)} labels of 0 or 1. Received: {self.labels}")


def read_table(root: Path) -> list[LabelledSlice]:
    """All slices of the data set, by patient and from the feet up.

    Parameters
    ----------
    root : Path
        The folder with ``slices.csv``.

    Raises
    ------
    FileNotFoundError
        If there is no ``slices.csv``.
    ValueError
        If a row lacks a column or holds something else than numbers.
    """
    with (root / "slices.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    slices = []
    for number, row in enumerate(rows, start=2):
        try:
            slices.append(
                LabelledSlice(
                    patient=int(row["patient"]),
                    index=int(row["slice"]),
                    brain=root / row["brain"],
                    bone=root / row["bone"] if row["bone"] else None,
                    labels=tuple(int(row[label.value]) for label in LABELS),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"slices.csv, line {number}: {error!r}") from error
    return sorted(slices, key=lambda s: (s.patient, s.index))


def by_patient(slices: list[LabelledSlice]) -> Iterator[tuple[int, list[LabelledSlice]]]:
    """Slices of each patient in turn; `slices` must be sorted by patient."""
    for patient, group in groupby(slices, key=lambda s: s.patient):
        yield patient, list(group)


def read_hu(item: LabelledSlice) -> NDArray[np.float32]:
    """HU of a slice, put together from its two pictures.

    The brain picture tells HU from -20 to 100; where it is saturated, the bone picture tells more, coarsely. Where
    there is no bone picture the ends of the brain window stand.

    Returns
    -------
    ndarray of float32, shape (rows, columns)

    Raises
    ------
    OSError
        If a picture cannot be read.
    """
    from PIL import Image  # noqa: PLC0415

    with Image.open(item.brain) as picture:
        grey = np.asarray(picture.convert("L"))
    hu = grey.astype(np.float32) * np.float32(_BRAIN_WIDTH_HU / 255) + np.float32(_BRAIN_LOW_HU)
    if item.bone is None:
        return hu
    with Image.open(item.bone) as picture:
        coarse = np.asarray(
            picture.convert("L").resize((hu.shape[1], hu.shape[0]), Image.Resampling.BILINEAR)
        )
    bone_hu = coarse.astype(np.float32) * np.float32(_BONE_WIDTH_HU / 255) + np.float32(_BONE_LOW_HU)
    # 2 grey levels of slack at either end, for what JPEG compression did to saturated areas.
    hu = np.where(grey >= 253, np.maximum(hu, bone_hu), hu)
    return np.where(grey <= 2, np.minimum(hu, bone_hu), hu)
