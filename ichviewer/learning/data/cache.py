"""The cache that training reads: one file of pictures for each patient, and a manifest with their checksums.

Making it is resumable: a patient whose file is there and whole is not done again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.errors import LearningError
from ichviewer.inference.head import estimate_spacing_mm, find_head
from ichviewer.inference.preprocess import (
    PreprocessSettings,
    channel_indices,
    crop_axis,
    make_input,
    resample_head,
)
from ichviewer.learning.data import ct_ich
from ichviewer.learning.synthesis.lesions2d import Painter, draw_kinds
from ichviewer.progress import Progress, silent

MANIFEST = "manifest.json"
CACHE_VERSION = 1
_SETTINGS = PreprocessSettings()
_FALLBACK_MM_PER_PX = 0.36
"""Scale of a patient in none of whose slices a head is found: a field of view of 234 mm over 650 pixels."""


@dataclass(frozen=True)
class PatientPictures:
    """The preprocessed slices of one patient, and what was painted into some of them.

    Parameters
    ----------
    patient : int
        Patient number.
    grey : ndarray of uint8, shape (n, size, size)
        Every slice, from the feet up.
    labels : ndarray of uint8, shape (n, 6)
        Their truth.
    has_brain : ndarray of bool, shape (n,)
        Whether a skull with brain inside was found in the slice.
    painted : ndarray of uint8, shape (m, size, size, 3)
        Painted inputs.
    painted_labels : ndarray of uint8, shape (m, 6)
        Their truth.
    """

    patient: int
    grey: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    has_brain: NDArray[np.bool_]
    painted: NDArray[np.uint8]
    painted_labels: NDArray[np.uint8]

    def inputs(self, settings: PreprocessSettings) -> NDArray[np.uint8]:
        """Inputs of the network for every slice, shape (n, size, size, 3)."""
        positions = np.arange(len(self.grey)) * ct_ich.SLICE_DISTANCE_MM
        channels = [channel_indices(positions.tolist(), i, settings) for i in range(len(self.grey))]
        return np.stack([make_input([self.grey[j] for j in triple]) for triple in channels])


@dataclass(frozen=True)
class PrepareReport:
    """What making the cache came to."""

    patients: int
    slices: int
    painted: int
    unreadable: tuple[str, ...]
    seconds: float


def prepare(
    data: Path,
    cache: Path,
    settings: PreprocessSettings = _SETTINGS,
    *,
    painted_per_patient: int = 40,
    seed: int = 1,
    patients: Sequence[int] | None = None,
    progress: Progress = silent,
) -> PrepareReport:
    """Read CT-ICH, cut out the heads, paint lesions, and write it all down.

    Parameters
    ----------
    data : Path
        The folder of CT-ICH.
    cache : Path
        Where to write; made if it is not there.
    settings : PreprocessSettings
        The preprocessing.
    painted_per_patient : int
        How many inputs to paint for each patient that has enough slices without blood.
    seed : int
        Of all chance; the same seed makes the same cache.
    patients : sequence of int, optional
        Only these.
    progress : Progress
        Told after each patient.

    Raises
    ------
    LearningError
        If the folder is not CT-ICH, or the cache there was made with other settings.
    """
    try:
        table = ct_ich.read_table(data)
    except (OSError, ValueError) as error:
        raise LearningError("this is not the CT-ICH data set", str(data), str(error)) from error
    groups = [(p, s) for p, s in ct_ich.by_patient(table) if patients is None or p in set(patients)]
    recipe = {
        "version": CACHE_VERSION,
        "preprocessing": settings.to_json(),
        "painted_per_patient": painted_per_patient,
        "seed": seed,
    }
    cache.mkdir(parents=True, exist_ok=True)
    manifest = _read_manifest(cache) or {"recipe": recipe, "files": {}, "unreadable": []}
    if manifest["recipe"] != recipe:
        raise LearningError("the cache there was made with other settings; remove it first", str(cache))
    start = time.monotonic()
    files: dict[str, Any] = manifest["files"]
    unreadable: list[str] = manifest["unreadable"]
    for done, (patient, slices) in enumerate(groups):
        name = f"patient_{patient:03d}.npz"
        if name not in files or not _is_whole(cache / name, files[name]["sha256"]):
            pictures, bad = _prepare_patient(slices, settings, painted_per_patient, seed)
            unreadable.extend(bad)
            if pictures is not None:
                _write_atomically(cache / name, lambda path, p=pictures: _save(path, p))  # type: ignore[misc]
                files[name] = {
                    "sha256": _sha256(cache / name),
                    "slices": len(pictures.grey),
                    "painted": len(pictures.painted),
                }
            text = json.dumps(manifest, indent=1)
            _write_atomically(cache / MANIFEST, lambda path, t=text: path.write_text(t, encoding="utf-8"))  # type: ignore[misc]
        progress(done + 1, len(groups), f"patient {patient}")
    return PrepareReport(
        patients=len(files),
        slices=sum(f["slices"] for f in files.values()),
        painted=sum(f["painted"] for f in files.values()),
        unreadable=tuple(unreadable),
        seconds=time.monotonic() - start,
    )


def read_cache(cache: Path) -> tuple[PreprocessSettings, list[PatientPictures]]:
    """Everything in a cache, checked against its checksums.

    Raises
    ------
    LearningError
        If there is no cache, or a file is missing or damaged.
    """
    manifest = _read_manifest(cache)
    if manifest is None:
        raise LearningError("there is no cache; make it with `ichviewer learn prepare`", str(cache))
    pictures = []
    for name, entry in sorted(manifest["files"].items()):
        if not _is_whole(cache / name, entry["sha256"]):
            raise LearningError(
                "a file of the cache is missing or damaged; prepare it again", str(cache / name)
            )
        pictures.append(_load(cache / name))
    return PreprocessSettings.from_json(manifest["recipe"]["preprocessing"]), pictures


def painted_pictures(cache: Path) -> int:
    """How many painted pictures a cache holds."""
    manifest = _read_manifest(cache)
    if manifest is None:
        raise LearningError("there is no cache; make it with `ichviewer learn prepare`", str(cache))
    return sum(int(entry["painted"]) for entry in manifest["files"].values())


def _prepare_patient(
    slices: list[ct_ich.LabelledSlice], settings: PreprocessSettings, painted_per_patient: int, seed: int
) -> tuple[PatientPictures | None, list[str]]:
    hu, kept, bad = [], [], []
    for item in slices:
        try:
            hu.append(ct_ich.read_hu(item))
            kept.append(item)
        except OSError as error:
            bad.append(f"{item.brain.name}: {error}")
    if not kept:
        return None, bad
    mm_per_px = estimate_spacing_mm(hu) or _FALLBACK_MM_PER_PX
    spacing = (mm_per_px, mm_per_px)
    heads = [find_head(h, spacing) for h in hu]
    positions = [item.index * ct_ich.SLICE_DISTANCE_MM for item in kept]
    axis = crop_axis(heads, positions, (hu[0].shape[0], hu[0].shape[1]))
    grey = np.stack(
        [resample_head(h, spacing, axis.center_px(p), settings) for h, p in zip(hu, positions, strict=True)]
    )
    pictures = PatientPictures(
        patient=kept[0].patient,
        grey=grey,
        labels=np.array([item.labels for item in kept], np.uint8),
        has_brain=np.array([head is not None for head in heads]),
        painted=np.empty((0, settings.size_px, settings.size_px, 3), np.uint8),
        painted_labels=np.empty((0, len(LABELS)), np.uint8),
    )
    return paint_patient(pictures, settings, painted_per_patient, seed), bad


def paint_patient(
    pictures: PatientPictures, settings: PreprocessSettings, count: int, seed: int
) -> PatientPictures:
    """Add painted inputs to a patient's pictures.

    Only slices without blood, and without blood in the slices next to them, are painted on. Of ten inputs, seven
    get lesions, two only what is mistaken for them, and one a lesion in a neighboring slice only.
    """
    rng = np.random.default_rng([seed, pictures.patient])
    painter = Painter(settings, rng)
    blood = pictures.labels[:, 0] > 0
    near = blood | np.append(blood[1:], False) | np.insert(blood[:-1], 0, False)
    free = np.flatnonzero(~near & pictures.has_brain)
    if free.size < 5:
        return pictures
    inputs = pictures.inputs(settings)
    grey: list[NDArray[np.uint8]] = []
    labels: list[tuple[int, ...]] = []
    # Some slices have no room for what was drawn; a few more tries than wanted make up for it.
    for _ in range(count * 2):
        if len(grey) == count:
            break
        canvas = inputs[rng.choice(free)]
        chance = rng.random()
        if chance < 0.7:
            painted = painter.paint(canvas, draw_kinds(rng))
        elif chance < 0.9:
            painted = painter.paint(canvas, ())
        else:
            painted = painter.paint_neighbor_only(canvas, Hemorrhage(draw_kinds(rng)[0]))
        if painted is not None:
            grey.append(painted.grey)
            labels.append(painted.labels)
    if not grey:
        return pictures
    return PatientPictures(
        pictures.patient,
        pictures.grey,
        pictures.labels,
        pictures.has_brain,
        np.stack(grey),
        np.array(labels, np.uint8),
    )


_ARRAYS = ("grey", "labels", "has_brain", "painted", "painted_labels")


def _save(path: Path, pictures: PatientPictures) -> None:
    with path.open("wb") as file:
        np.savez(file, patient=pictures.patient, **{name: getattr(pictures, name) for name in _ARRAYS})


def _load(path: Path) -> PatientPictures:
    with np.load(path, allow_pickle=False) as data:
        return PatientPictures(int(data["patient"]), *(data[name] for name in _ARRAYS))


def _read_manifest(cache: Path) -> dict[str, Any] | None:
    path = cache / MANIFEST
    if not path.exists():
        return None
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_name(path.name + ".part")
    write(part)
    part.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(path: Path, sha256: str) -> bool:
    return path.exists() and _sha256(path) == sha256
