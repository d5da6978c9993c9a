"""A tiny data set in the RSNA layout, with the defects of the original."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ichviewer.domain.labels import TYPES
from ichviewer.learning.data.drawn import DrawnHead, label_rows, write_rsna_file

SIZE_PX, MM_PER_PX = 128, 1.9


@dataclass(frozen=True)
class RsnaLike:
    """What was written.

    Parameters
    ----------
    csv : Path
        The table of labels; its first two images stand there twice.
    folder : Path
        Of the files.
    labels : dict of str to tuple of int
        By image, in the order of `domain.labels.LABELS`.
    truncated : Path
        The file that is cut short.
    wrapped : tuple of Path
        Files with 12-bit values that wrapped around: those of the last patient.
    patients : dict of str to str
        Patient of each image.
    """

    csv: Path
    folder: Path
    labels: dict[str, tuple[int, ...]]
    truncated: Path
    wrapped: tuple[Path, ...]
    patients: dict[str, str]


def write_rsna_like(folder: Path, *, patients: int = 4, slices: int = 6, seed: int = 1) -> RsnaLike:
    """Write ``stage_2_train.csv`` and ``stage_2_train/``: one series a patient, every other one with bright blood.

    Every bleeding patient has two of the five types, one after the other, in the middle third of the slices. Files
    bear names that say nothing of their order. One file, the last of the first patient, ends in the middle of its
    pixels.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    patients, slices : int
        How many, and how many each has.
    seed : int
    """
    rng = np.random.default_rng(seed)
    files = folder / "stage_2_train"
    files.mkdir(parents=True, exist_ok=True)
    names = [f"ID_{number:09x}" for number in rng.choice(16**9, patients * slices, replace=False)]
    labels: dict[str, tuple[int, ...]] = {}
    owner: dict[str, str] = {}
    wrapped: list[Path] = []
    for patient in range(patients):
        bleeds = patient % 2 == 1
        first = patient // 2
        kinds = (TYPES[first % 5], TYPES[(first + 2) % 5]) if bleeds else ()
        head = DrawnHead(kinds, side=int(rng.choice((-1, 1))), scale=float(rng.uniform(0.9, 1.05)))
        for index in range(slices):
            image = names[patient * slices + index]
            height = index / max(1, slices - 1)
            hu = head.hu(height, rng, size_px=SIZE_PX, mm_per_px=MM_PER_PX)
            path = files / f"{image}.dcm"
            is_wrapped = patient == patients - 1
            write_rsna_file(
                path,
                hu,
                patient=f"ID_patient{patient}",
                series=f"ID_series{patient}",
                position_mm=5.0 * index,
                mm_per_px=MM_PER_PX,
                wrapped=is_wrapped,
            )
            if is_wrapped:
                wrapped.append(path)
            labels[image] = head.labels(height)
            owner[image] = f"ID_patient{patient}"
    truncated = files / f"{names[slices - 1]}.dcm"
    data = truncated.read_bytes()
    truncated.write_bytes(data[: len(data) // 3])
    rows = [row for image in labels for row in label_rows(image, labels[image])]
    table = folder / "stage_2_train.csv"
    table.write_text("\n".join(["ID,Label", *rows, *rows[:12]]) + "\n", encoding="utf-8")
    return RsnaLike(table, files, labels, truncated, tuple(wrapped), owner)
