"""The CT-ICH data set: head CT of 82 trauma patients as 8-bit pictures through two windows.

M. Hssayeni et al., "Intracranial Hemorrhage Segmentation Using a Deep Convolutional Model", Data 5(1):14, 2020,
doi 10.13026/w8q8-ky94, CC BY 4.0.

Two layouts are read. One has a row for each slice in ``slices.csv``, with the paths of its two pictures. The other
is that of PhysioNet's versions with pictures: ``hemorrhage_diagnosis.csv``, and ``Patients_CT/049/brain/14.jpg``
beside ``Patients_CT/049/bone/14.jpg``. (PhysioNet's version 1.3 holds NIfTI volumes and is not read.) Masks of the
blood and the table of patients are read where they are there.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.errors import LearningError
from ichviewer.inference.head import estimate_spacing_mm, find_head
from ichviewer.inference.preprocess import PreprocessSettings, crop_axis, resample_head
from ichviewer.learning.data.ct_ich_masks import bit_of, clean_polygon, read_polygon, resample_polygon
from ichviewer.learning.data.source import Found, LeftOut, Runner, SeriesResult
from ichviewer.learning.data.volumes import Volume, stored
from ichviewer.progress import Progress

NAME = "CT-ICH v1.0"
LICENCE = "CC BY 4.0"
CITATION = (
    'M. Hssayeni et al., "Intracranial Hemorrhage Segmentation Using a Deep Convolutional Model", '
    "Data 5(1):14, 2020, doi 10.13026/w8q8-ky94"
)
SLICE_DISTANCE_MM = 5.0
"""Slices are about so far apart; the data set does not tell exactly."""

SLICES_CSV = "slices.csv"
DIAGNOSIS_CSV = "hemorrhage_diagnosis.csv"
PATIENTS_FOLDER = "Patients_CT"
DEMOGRAPHICS_CSV = "patient_demographics.csv"
MASKS_FOLDER = "masks"

_FALLBACK_MM_PER_PX = 0.36
"""Scale of a patient in none of whose slices a head is found: a field of view of 234 mm over 650 pixels."""

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
    mask : Path or None
        Where the radiologists drew its blood.
    """

    patient: int
    index: int
    brain: Path
    bone: Path | None
    labels: tuple[int, ...]
    mask: Path | None = None

    def __post_init__(self) -> None:
        if len(self.labels) != len(LABELS) or set(self.labels) - {0, 1}:
            raise ValueError(f"a slice needs {len(LABELS)} labels of 0 or 1. Received: {self.labels}")


@dataclass(frozen=True)
class Demographics:
    """What the data set tells of a patient.

    Parameters
    ----------
    age_years : float
        Newborns have a fraction of a year; NaN where it is not known.
    sex : str
        ``F``, ``M``, or empty where it is not known.
    """

    age_years: float
    sex: str

    def __post_init__(self) -> None:
        if self.age_years < 0 or self.sex not in ("F", "M", ""):
            raise ValueError(f"age cannot be negative, and sex is F, M or empty. Received: {self}")


def demographics(root: Path) -> dict[int, Demographics]:
    """Age and sex of each patient in ``patient_demographics.csv``; empty where there is no such table.

    Raises
    ------
    ValueError
        If the table has no patients' numbers, or an age is no number.
    """
    path = root / DEMOGRAPHICS_CSV
    if not path.is_file():
        return {}
    found = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            # "Patient Number" and "Age(years)" here, "Age\n(years)" in other copies.
            cells = {
                "".join((key or "").lower().split()): value.strip()
                for key, value in row.items()
                if isinstance(value, str)
            }
            try:
                age = float(cells.get("age(years)") or "nan")
                sex = cells.get("gender", "")[:1].upper()
                found[int(cells["patientnumber"])] = Demographics(age, sex if sex in ("F", "M") else "")
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, line {number}: {error!r}") from error
    return found


def read_table(root: Path) -> list[LabelledSlice]:
    """All slices of the data set, by patient and from the feet up.

    Parameters
    ----------
    root : Path
        The folder with ``slices.csv``, or with ``hemorrhage_diagnosis.csv`` and ``Patients_CT``.

    Raises
    ------
    FileNotFoundError
        If there is neither.
    ValueError
        If a row lacks a column or holds something else than numbers.
    """
    own = root / SLICES_CSV
    path, read_row = (own, _row_of_slices) if own.is_file() else (root / DIAGNOSIS_CSV, _row_of_diagnosis)
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    slices = []
    for number, row in enumerate(rows, start=2):
        try:
            slices.append(read_row(root, row))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error!r}") from error
    return sorted(slices, key=lambda s: (s.patient, s.index))


def _row_of_slices(root: Path, row: Mapping[str, str]) -> LabelledSlice:
    return LabelledSlice(
        patient=int(row["patient"]),
        index=int(row["slice"]),
        brain=root / row["brain"],
        bone=root / row["bone"] if row["bone"] else None,
        labels=tuple(int(row[label.value]) for label in LABELS),
        mask=_if_there(root / MASKS_FOLDER / f"{int(row['patient']):03d}_{int(row['slice']):02d}.png"),
    )


def _row_of_diagnosis(root: Path, row: Mapping[str, str]) -> LabelledSlice:
    patient, index = int(row["PatientNumber"]), int(row["SliceNumber"])
    folder = root / PATIENTS_FOLDER / f"{patient:03d}"
    bone = folder / "bone" / f"{index}.jpg"
    return LabelledSlice(
        patient=patient,
        index=index,
        brain=folder / "brain" / f"{index}.jpg",
        bone=_if_there(bone),
        labels=(1 - int(row["No_Hemorrhage"]), *(int(row[kind.value.capitalize()]) for kind in TYPES)),
        mask=_if_there(folder / "brain" / f"{index}_HGE_Seg.jpg"),
    )


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None


def by_patient(slices: list[LabelledSlice]) -> Iterator[tuple[int, list[LabelledSlice]]]:
    """Slices of each patient in turn; `slices` must be sorted by patient."""
    for patient, group in groupby(slices, key=lambda s: s.patient):
        yield patient, list(group)


# HU of each grey level of the two kinds of pictures.
_LEVELS = np.arange(256).astype(np.float32)
_BRAIN_HU = _LEVELS * np.float32(_BRAIN_WIDTH_HU / 255) + np.float32(_BRAIN_LOW_HU)
_BONE_HU = _LEVELS * np.float32(_BONE_WIDTH_HU / 255) + np.float32(_BONE_LOW_HU)
# 2 grey levels of slack at either end, for what JPEG compression did to saturated areas.
_LOWEST_GREY, _HIGHEST_GREY = 2, 253


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
    hu: NDArray[np.float32] = np.take(_BRAIN_HU, grey)
    if item.bone is None:
        return hu
    with Image.open(item.bone) as picture:
        wide = picture.convert("L")
    if wide.size != (hu.shape[1], hu.shape[0]):
        wide = wide.resize((hu.shape[1], hu.shape[0]), Image.Resampling.BILINEAR)
    bone_hu = np.take(_BONE_HU, np.asarray(wide))
    np.maximum(hu, bone_hu, out=hu, where=grey >= _HIGHEST_GREY)
    np.minimum(hu, bone_hu, out=hu, where=grey <= _LOWEST_GREY)
    return hu


@dataclass(frozen=True)
class CtIchTask:
    """One patient, still to be read.

    Parameters
    ----------
    slices : tuple of LabelledSlice
        From the feet up.
    age_years : float
        Of the patient; NaN where it is not known.
    """

    slices: tuple[LabelledSlice, ...]
    age_years: float = math.nan

    @property
    def name(self) -> str:
        """Name of the volume, and of the patient."""
        return f"ct-ich-{self.slices[0].patient:03d}"

    def read(self, settings: PreprocessSettings) -> SeriesResult:
        """Read and preprocess the patient's slices; those of another size than the first are left out."""
        kept: list[LabelledSlice] = []
        stack: list[NDArray[np.float32]] = []
        drawn: dict[int, NDArray[np.bool_]] = {}
        left_out: list[LeftOut] = []
        size = 0
        for item in self.slices:
            try:
                hu = read_hu(item)
                size += sum(path.stat().st_size for path in (item.brain, item.bone) if path is not None)
            except OSError as error:
                left_out.append(LeftOut(str(item.brain), str(error)))
                continue
            if stack and hu.shape != stack[0].shape:
                left_out.append(LeftOut(str(item.brain), f"{hu.shape} pixels, others have {stack[0].shape}"))
                continue
            if item.mask is not None and item.labels[0]:
                try:
                    drawn[len(kept)] = read_polygon(item.mask, hu.shape)
                except OSError as error:  # the slice can do without: its mask stays unknown
                    left_out.append(LeftOut(str(item.mask), str(error)))
            kept.append(item)
            stack.append(hu)
        if not kept:
            return SeriesResult((), tuple(left_out))
        mm_per_px = estimate_spacing_mm(stack) or _FALLBACK_MM_PER_PX
        spacing = (mm_per_px, mm_per_px)
        heads = [find_head(hu, spacing) for hu in stack]
        positions = [(item.index - 1) * SLICE_DISTANCE_MM for item in kept]
        axis = crop_axis(heads, positions, (stack[0].shape[0], stack[0].shape[1]))
        pictures = [
            resample_head(hu, spacing, axis.center_px(p), settings)
            for hu, p in zip(stack, positions, strict=True)
        ]
        masks = np.zeros((len(kept), settings.size_px, settings.size_px), np.uint8)
        for k, polygon in drawn.items():
            placed = resample_polygon(polygon, spacing, axis.center_px(positions[k]), settings)
            masks[k] = clean_polygon(placed, pictures[k], settings.mm_per_px) << bit_of(kept[k].labels)
        volume = Volume(
            name=self.name,
            patient=self.name,
            source="ct-ich",
            hu=stored(np.stack(pictures)),
            masks=masks if drawn else None,
            mask_known=np.array([k in drawn or not i.labels[0] for k, i in enumerate(kept)])
            if drawn
            else None,
            age_years=self.age_years,
            positions_mm=np.array(positions, np.float32),
            labels=np.array([item.labels for item in kept], np.uint8),
            has_brain=np.array([head is not None for head in heads]),
            slice_ids=tuple(f"{item.patient:03d}_{item.index:02d}" for item in kept),
        )
        return SeriesResult((volume,), tuple(left_out), size)


@dataclass(frozen=True)
class CtIchSource:
    """The data set in either layout.

    Parameters
    ----------
    root : Path
    """

    root: Path

    @property
    def recipe(self) -> Mapping[str, Any]:
        """Nothing but the data set's name."""
        return {"source": "ct-ich"}

    def find(self, runner: Runner, progress: Progress) -> Found:
        """List the patients."""
        try:
            table = read_table(self.root)
            people = demographics(self.root)
        except (OSError, ValueError) as error:
            raise LearningError("this is not the CT-ICH data set", str(self.root), str(error)) from error
        tasks = [
            CtIchTask(tuple(slices), people[patient].age_years if patient in people else math.nan)
            for patient, slices in by_patient(table)
        ]
        without = sum(item.bone is None for item in table)
        return Found(tasks, notes=(f"{without} slices have no bone picture",) if without else ())
