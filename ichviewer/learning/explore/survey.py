"""One pass over stores of volumes: what is in them, how bright it is, and where to find examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES
from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.progress import Progress, silent

HU_EDGES: NDArray[np.float64] = np.arange(-40.0, 121.0, 2.0)
"""Bins of the histograms of brightness."""
NEGATIVE = "negative"
"""Key of the examples of slices with brain and no blood."""

_BONE_HU, _AIR_HU = 100, -20
_BRAIN_SLICES_A_SERIES = 2
_KEPT = 60
"""So many places of each kind are remembered to choose examples from."""


@dataclass(frozen=True)
class Place:
    """Where a slice is found."""

    store: Path
    series: str
    index: int


@dataclass(eq=False)
class Survey:
    """What was counted in the volumes of one source.

    Parameters
    ----------
    source : str
        ``ct-ich``, ``painted``, ``map``, ...
    """

    source: str
    series: int = 0
    slices: int = 0
    without_brain: int = 0
    patients: set[str] = field(default_factory=set)
    positives: NDArray[np.int64] = field(default_factory=lambda: np.zeros(N_LABELS, np.int64))
    unknown: NDArray[np.int64] = field(default_factory=lambda: np.zeros(N_LABELS, np.int64))
    together: NDArray[np.int64] = field(default_factory=lambda: np.zeros((N_LABELS, N_LABELS), np.int64))
    """Series with both labels."""
    brain_hu: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(HU_EDGES) - 1))
    blood_hu: NDArray[np.float64] = field(default_factory=lambda: np.zeros((len(TYPES), len(HU_EDGES) - 1)))
    blood_ml: dict[str, list[float]] = field(default_factory=lambda: {kind.value: [] for kind in TYPES})
    """Volume of each type in each series that has it."""
    spacing_mm: list[float] = field(default_factory=list)
    traits: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[Place]] = field(default_factory=dict)
    """Slices with each label, and `NEGATIVE` ones; one of each kind a series."""


def survey(
    folders: Sequence[Path], *, most: int | None = None, seed: int = 1, progress: Progress = silent
) -> dict[str, Survey]:
    """Count what some stores hold, by source.

    Parameters
    ----------
    folders : sequence of Path
        Stores.
    most : int, optional
        At most so many series of each store, drawn by chance.
    seed : int
        Of what is drawn.
    progress : Progress

    Returns
    -------
    dict of str to Survey

    Raises
    ------
    LearningError
        If there is no store, it is empty or damaged.
    """
    rng = np.random.default_rng(seed)
    chosen = []
    for folder in folders:
        store = Store.open(folder)
        names = [entry.name for entry in store.entries]
        if not names:
            raise LearningError("this store holds no volumes yet", str(folder))
        if most is not None and len(names) > most:
            names = sorted(rng.choice(names, most, replace=False).tolist())
        chosen += [(store, name) for name in names]
    found: dict[str, Survey] = {}
    for done, (store, name) in enumerate(chosen, 1):
        volume = store.load(name)
        _count(found.setdefault(volume.source, Survey(volume.source)), volume, store, rng)
        progress(done, len(chosen), name)
    return found


def inside_skull(hu: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Pixels of a slice that bone encloses, bone and its partial volume left out; same shape."""
    bone = ndimage.binary_closing(np.pad(hu >= _BONE_HU, 3), iterations=2)
    inside = ndimage.binary_fill_holes(bone) & ~bone
    brain: NDArray[np.bool_] = ndimage.binary_erosion(inside, iterations=3)[3:-3, 3:-3] & (hu > _AIR_HU)
    return brain


def hu_histogram(hu: NDArray[np.int16]) -> NDArray[np.float64]:
    """Number of pixels in each bin of `HU_EDGES`."""
    return np.histogram(hu, HU_EDGES)[0].astype(np.float64)


def _count(survey: Survey, volume: Volume, store: Store, rng: np.random.Generator) -> None:
    n = len(volume.hu)
    survey.series += 1
    survey.slices += n
    survey.patients.add(volume.patient)
    survey.without_brain += int((~volume.has_brain).sum())
    survey.positives += (volume.labels == 1).sum(axis=0)
    survey.unknown += (volume.labels == UNKNOWN).sum(axis=0)
    has = (volume.labels == 1).any(axis=0)
    survey.together += np.outer(has, has)
    survey.traits.update(volume.traits)
    if n > 1:
        survey.spacing_mm.append(float(np.median(np.diff(volume.positions_mm))))
    for i in rng.permutation(np.flatnonzero(volume.has_brain))[:_BRAIN_SLICES_A_SERIES].tolist():
        survey.brain_hu += hu_histogram(volume.hu[i][inside_skull(volume.hu[i])])
    _count_blood(survey, volume, store.settings)
    for key, at in _kinds(volume).items():
        places = survey.places.setdefault(key, [])
        place = Place(store.folder, volume.name, int(rng.choice(at)))
        # Every series has the same chance to stay, however many there are.
        if len(places) < _KEPT:
            places.append(place)
        elif (slot := int(rng.integers(survey.series))) < _KEPT:
            places[slot] = place


def _count_blood(survey: Survey, volume: Volume, settings: PreprocessSettings) -> None:
    if volume.masks is None or not volume.masks.any():
        return
    spacing_mm = survey.spacing_mm[-1] if len(volume.hu) > 1 else np.nan
    pixel_ml = settings.mm_per_px**2 * spacing_mm / 1000
    for k, kind in enumerate(TYPES):
        blood = (volume.masks & (1 << k)) > 0
        pixels = int(blood.sum())
        if pixels:
            survey.blood_ml[kind.value].append(pixels * pixel_ml)
            survey.blood_hu[k] += hu_histogram(volume.hu[blood])


def _kinds(volume: Volume) -> dict[str, NDArray[np.intp]]:
    """Slices of a volume by what they could be an example of."""
    found = {label.value: np.flatnonzero(volume.labels[:, i] == 1) for i, label in enumerate(LABELS)}
    found[NEGATIVE] = np.flatnonzero((volume.labels == 0).all(axis=1) & volume.has_brain)
    return {key: at for key, at in found.items() if at.size}
