"""A volume: the preprocessed slices of one series with all that is known of them.

A real patient, a patient with painted lesions and a made head look the same here: a stack of pictures in HU with
labels and, where a lesion was made rather than found, its mask. `store` keeps them on the disk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS
from ichviewer.inference.preprocess import PreprocessSettings, channel_indices, make_input

MADE_SOURCES = ("painted", "map")
"""Sources whose blood was made rather than found."""
UNKNOWN = 255
"""Label of a slice about which nothing is taught: blood too faint or too thin to say yes or no."""
MIMIC_BIT = 5
"""Bit of a mask that marks what is mistaken for blood."""
UNTYPED_BIT = 6
"""Bit of a mask where a pixel is blood and nobody told of which type."""


@dataclass(frozen=True, eq=False)
class Volume:
    """The preprocessed slices of one series, lowest first.

    Parameters
    ----------
    name : str
        Unique in a store; becomes the file's name.
    patient : str
        Whose head it is. Volumes made from one head, painted ones included, share it, and splits go by it.
    source : str
        ``ct-ich``, ``rsna``, ``folder``, ``painted`` or ``map``.
    hu : ndarray of int16, shape (n, size, size)
        As `preprocess.resample_head` gives them, rounded.
    positions_mm : ndarray of float32, shape (n,)
        Ascending positions along the normal.
    labels : ndarray of uint8, shape (n, 6)
        0, 1 or `UNKNOWN` for each of `domain.labels.LABELS`.
    has_brain : ndarray of bool, shape (n,)
        Whether a skull with brain inside was found in the slice.
    masks : ndarray of uint8, shape (n, size, size), or None
        Bit k is set where a pixel is blood of ``domain.labels.TYPES[k]``, `MIMIC_BIT` where it is no blood and is
        mistaken for it; None where no one has drawn them. Bit `UNTYPED_BIT` is set where it is blood of one of the
        types that the slice's labels do not exclude.
    twin : str
        Name of the same head in the same scanner without the blood; empty if there is none.
    traits : tuple of str
        What was put in that is not blood, by name: hard negatives, ways of scanning.
    slice_ids : tuple of str
        What the data set calls each slice; empty if it does not.
    mask_known : ndarray of bool, shape (n,), or None
        Slices whose mask counts; None if all of `masks` do.
    donors : tuple of str
        Patients other than `patient` whose images are in it: whoever is left out must be none of `all_patients`.
    age_years : float
        Of the patient; NaN where it is not known.
    """

    name: str
    patient: str
    source: str
    hu: NDArray[np.int16]
    positions_mm: NDArray[np.float32]
    labels: NDArray[np.uint8]
    has_brain: NDArray[np.bool_]
    masks: NDArray[np.uint8] | None = None
    twin: str = ""
    traits: tuple[str, ...] = ()
    slice_ids: tuple[str, ...] = ()
    mask_known: NDArray[np.bool_] | None = None
    donors: tuple[str, ...] = ()
    age_years: float = math.nan

    def __post_init__(self) -> None:
        n = len(self.hu)
        if self.hu.ndim != 3 or self.hu.shape[1] != self.hu.shape[2] or n == 0:
            raise ValueError(f"a volume is a stack of square pictures. Received: {self.hu.shape}")
        if self.hu.dtype != np.int16:
            raise ValueError(f"pictures are HU in 16 bit. Received: {self.hu.dtype}")
        if not self.name or not self.patient or {"/", "\\", "\0"} & set(self.name):
            raise ValueError(
                f"a volume needs a patient, and a name that can name a file. Received: {self.name!r}"
            )
        shapes = (self.positions_mm.shape, self.labels.shape, self.has_brain.shape)
        if shapes != ((n,), (n, N_LABELS), (n,)):
            raise ValueError(f"{n} slices need positions, labels and has_brain. Received: {shapes}")
        if self.masks is not None and self.masks.shape != self.hu.shape:
            raise ValueError(f"masks must have the shape of the pictures. Received: {self.masks.shape}")
        if self.mask_known is not None and (self.masks is None or self.mask_known.shape != (n,)):
            raise ValueError(f"mask_known tells of {n} masks. Received: {self.mask_known.shape}")
        if self.slice_ids and len(self.slice_ids) != n:
            raise ValueError(f"{n} slices need as many names. Received: {len(self.slice_ids)}")
        if np.any(np.diff(self.positions_mm) < 0):
            raise ValueError("slices must be sorted by position")

    @property
    def all_patients(self) -> frozenset[str]:
        """Everybody whose images are in it."""
        return frozenset((self.patient, *self.donors))

    def mask(self, index: int) -> NDArray[np.uint8] | None:
        """The mask of a slice; None where it shows blood, or may, that nobody has drawn."""
        if self.masks is not None and (self.mask_known is None or self.mask_known[index]):
            mask: NDArray[np.uint8] = self.masks[index]
            return mask
        # Without blood the mask is known though nobody drew it.
        return None if self.labels[index].any() else np.zeros(self.hu.shape[1:], np.uint8)

    def channels(self, settings: PreprocessSettings) -> list[tuple[int, ...]]:
        """For each slice, which slices are the channels of its input."""
        positions = self.positions_mm.astype(np.float64).tolist()
        return [channel_indices(positions, i, settings) for i in range(len(positions))]

    def inputs(self, settings: PreprocessSettings) -> NDArray[np.uint8]:
        """Inputs of the network for every slice, shape (n, size, size, channels)."""
        return np.stack([make_input([self.hu[j] for j in its], settings) for its in self.channels(settings)])

    def grey(self, index: int, settings: PreprocessSettings) -> NDArray[np.uint8]:
        """A slice through the window of the network's main channel, shape (size, size)."""
        return settings.channels[settings.main].grey(self.hu[index])


def blood(masks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where masks mark blood of any type or of none that was told, and no mimic, same shape."""
    marked: NDArray[np.bool_] = (masks & np.uint8(0xFF ^ 1 << MIMIC_BIT)) > 0
    return marked


def stored(hu: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """HU rounded to what a volume holds, same shape."""
    rounded: NDArray[np.int16] = np.rint(hu).astype(np.int16)
    return rounded
