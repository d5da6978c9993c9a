"""Splits by patient, so that no patient is both trained and judged on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike


def split_patients(labels: Mapping[str, ArrayLike], folds: int, seed: int) -> dict[str, int]:
    """Deal patients out to folds, evenly by the rarest label each of them has.

    Parameters
    ----------
    labels : mapping of str to array, shape (k,)
        For each patient whether each label occurs in any slice.
    folds : int
        How many folds.
    seed : int
        Of the shuffle; the same seed deals the same.

    Returns
    -------
    dict of str to int
        Patient to fold, 0 to folds - 1.
    """
    if not 2 <= folds <= len(labels):
        raise ValueError(f"from 2 to {len(labels)} folds are possible. Received: {folds}")
    patients = sorted(labels)
    table = np.array([np.asarray(labels[p], bool) for p in patients])
    counts = table.sum(axis=0)
    np.random.default_rng(seed).shuffle(order := np.arange(len(patients)))
    # The stratum of a patient is its rarest label; those without any come last.
    strata: dict[int, list[str]] = {}
    for i in order:
        has = np.flatnonzero(table[i])
        stratum = int(has[np.argmin(counts[has])]) if has.size else -1
        strata.setdefault(stratum, []).append(patients[i])
    by_rarity = sorted(strata, key=lambda s: (s < 0, counts[s] if s >= 0 else 0))
    dealt = [patient for stratum in by_rarity for patient in strata[stratum]]
    # One running deal over all strata keeps both the labels and the sizes even.
    return {patient: i % folds for i, patient in enumerate(dealt)}


class HasPatients(Protocol):
    """A volume, or what an index tells of one."""

    @property
    def all_patients(self) -> frozenset[str]:
        """Everybody whose images are in it."""


Images = TypeVar("Images", bound=HasPatients)


def without(volumes: Iterable[Images], patients: Collection[str]) -> list[Images]:
    """The volumes in which there is no image of some patients, be it as the head or as a donor's lesion."""
    return [volume for volume in volumes if volume.all_patients.isdisjoint(patients)]


def patients_of(volumes: Iterable[HasPatients]) -> frozenset[str]:
    """Everybody whose images are in some volumes."""
    return frozenset().union(*(volume.all_patients for volume in volumes))
