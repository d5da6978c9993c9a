"""Labels and masks of made lesions: the one rule by which blood counts as seen, and what is mistaken for it.

A type is labelled in a slice where a careful reader would see it there: its blood is denser than what was there and
than the grey matter around, over enough area and by enough against the noise; in a ventricle it need only be denser
than the fluid it replaces. Or, outside the brain, it is a collection at least 3 mm thick over at least 2 cm2 whose
density lies between that of fluid and of brain; one as dense as brain must be thicker and larger and must have moved
the brain. Where hardly a pixel differs, hardly one is in the mask and nothing has moved, the slice is as good as its
twin: no. Everything between teaches nothing about the type: `UNKNOWN`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES
from ichviewer.learning.data.volumes import MIMIC_BIT, UNKNOWN
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.bleeding import Bled, carry
from ichviewer.learning.synthesis.skull import Skull, disc
from ichviewer.learning.synthesis.tissue import Tissue

_EDH, _IPH, _IVH, _SAH, _SDH = TYPES
VISIBLE_HU = {_EDH: 6.0, _IPH: 6.0, _IVH: 10.0, _SAH: 8.0, _SDH: 6.0}
"""By so much a pixel must be denser than what it is compared with."""
LEAST_MM2 = {_EDH: 25.0, _IPH: 8.0, _IVH: 10.0, _SAH: 20.0, _SDH: 25.0}
"""Over so much area."""
SIGNAL_HU_MM, SIGNAL_PER_NOISE_MM = 24.0, 7.0
"""Least square root of the sum over pixels of squared excess times area, and the same for each HU of noise."""
THICK_MM, THICK_MM2 = 3.0, 200.0
ISODENSE_MM, ISODENSE_MM2 = 5.0, 400.0
FLUID_HU = 13.0
"""A collection below cannot be told from one of CSF."""
MIMIC_HU, MIMIC_ABOVE_GREY_HU = 6.0, 4.0

_ISODENSE_HU, _BONE_GLARE_MM, _TRACE, _LEAST_SHARE_PX = 4.0, 1.0, 0.1, 1.5
_FAINT_HU, _FAINT_MM2, _MASK_PX = 3.0, 3.0, 2
_MOVED_MM, _MOVED_MM2 = 3.0, 150.0
_STIRRED_MM, _ALTERED_HU, _ALTERED_MM2 = 1.5, 4.0, 15.0


def masks_of(bled: Bled) -> NDArray[np.uint8]:
    """Bit k set where at least half of a pixel is blood of type k, shape (n, h, w)."""
    masks = np.zeros(bled.hu.shape, np.uint8)
    for bit, kind in enumerate(TYPES):
        if kind in bled.shares:
            masks |= (bled.shares[kind] >= 0.5).astype(np.uint8) << bit
    return masks


def mimics_of(before: Field, after: Field, tissue: Tissue, skull: Skull) -> Mask:
    """Where HU have risen by `MIMIC_HU` or more, to `MIMIC_ABOVE_GREY_HU` above grey matter or more, (n, h, w)."""
    where = np.zeros(before.shape, bool)
    for k in np.flatnonzero((after != before).any(axis=(1, 2))):
        risen = ndimage.gaussian_filter(after[k] - before[k], 0.6, truncate=3.0) >= MIMIC_HU
        level = ndimage.gaussian_filter(after[k], 1.0, truncate=3.0)
        where[k] = risen & (level >= tissue.grey_hu[k] + MIMIC_ABOVE_GREY_HU) & skull.inside[k]
    return where


def marked(masks: NDArray[np.uint8], mimics: Mask, bled: Bled | None, mm_per_px: float) -> NDArray[np.uint8]:
    """Masks of blood with `MIMIC_BIT` set where there is a mimic and no blood; mimics move with the brain."""
    if bled is not None and bled.move is not None:
        mimics = carry(mimics.astype(np.float32), bled.move, mm_per_px, order=1) >= 0.5
    bit = (mimics & (masks == 0)).astype(np.uint8) << np.uint8(MIMIC_BIT)
    return np.asarray(masks | bit, np.uint8)


def labels_of(bled: Bled, before: Field, skull: Skull, tissue: Tissue, noise_hu: float) -> NDArray[np.uint8]:
    """Say of each slice which types are seen, are not there, or cannot be told: 0, 1 or `UNKNOWN`.

    HU `before` and `tissue` are those of the head without the blood, `noise_hu` the standard deviation of the noise
    in the finished picture. The labels are uint8 of shape (n, 6).
    """
    labels = np.zeros((len(bled.hu), N_LABELS), np.uint8)
    mm, area, moved = skull.step_mm[1], skull.step_mm[1] ** 2, bled.moved_mm
    least_signal = max(SIGNAL_HU_MM, SIGNAL_PER_NOISE_MM * noise_hu)
    for kind, shares in bled.shares.items():
        for k in np.flatnonzero(shares.sum(axis=(1, 2)) > _LEAST_SHARE_PX):
            share, smooth, grey = shares[k], tissue.smooth_hu[k], tissue.grey_hu[k]
            plain = np.where(share > 0, bled.plain_hu[kind][k], smooth)
            change = ndimage.gaussian_filter(plain - smooth, 0.8, truncate=3.0)
            above = ndimage.gaussian_filter(np.where(share > _TRACE, plain - grey, 0), 0.8, truncate=3.0)
            excess = change if kind is _IVH else np.minimum(change, above)
            seen = (excess >= VISIBLE_HU[kind]) & (share > _TRACE) & (skull.depth_mm[k] > _BONE_GLARE_MM)
            signal = float(np.sqrt(np.square(excess[seen]).sum() * area))
            visible = seen.sum() * area >= LEAST_MM2[kind] and signal >= least_signal
            if kind in {_EDH, _SDH} and not visible:
                visible = _is_collection(share, plain, smooth, grey=grey, moved=moved[k], mm_per_px=mm)
            hidden = (
                (np.abs(change) >= _FAINT_HU).sum() * area > _FAINT_MM2
                or (share >= 0.5).sum() > _MASK_PX
                or float(moved[k].max()) > 1.0
            )
            labels[k, LABELS.index(kind)] = 1 if visible else UNKNOWN if hidden else 0
    columns = [LABELS.index(kind) for kind in bled.shares]
    for k in np.flatnonzero((labels == 0).all(axis=1)):
        # Edema, or brain pushed aside, tells of blood in other slices.
        changed = np.abs(ndimage.gaussian_filter(bled.hu[k] - before[k], 0.8, truncate=3.0)) >= _ALTERED_HU
        altered = (changed & (moved[k] == 0)).sum() * area > _ALTERED_MM2
        if altered or (moved[k] >= _STIRRED_MM).sum() * area > _MOVED_MM2:
            labels[k, columns] = UNKNOWN
    types = labels[:, 1:]
    labels[:, 0] = np.where((types == 1).any(axis=1), 1, np.where((types == UNKNOWN).any(axis=1), UNKNOWN, 0))
    return labels


def _is_collection(
    share: Field, plain: Field, smooth: Field, *, grey: Field, moved: Field, mm_per_px: float
) -> bool:
    """Whether blood outside the brain is seen by its thickness though it is no denser than brain."""
    body = _thicker(share >= 0.5, THICK_MM, mm_per_px)
    area = mm_per_px**2
    if body.sum() * area < THICK_MM2:
        return False
    hu, brain = float(np.median(plain[body])), float(np.median(grey[body]))
    if hu < FLUID_HU:
        return False
    if brain - hu >= _ISODENSE_HU:
        # Where fluid of nearly that density was, nothing new is seen.
        return bool((np.abs(plain - smooth)[body] >= _ISODENSE_HU).sum() * area >= THICK_MM2 / 2)
    thick = _thicker(body, ISODENSE_MM, mm_per_px)
    return bool(thick.sum() * area >= ISODENSE_MM2 and (moved >= _MOVED_MM).sum() * area >= _MOVED_MM2)


def _thicker(mask: Mask, thickness_mm: float, mm_per_px: float) -> Mask:
    """The parts of a mask in which a disc of that diameter fits."""
    radius_px = max(1, round(thickness_mm / 2 / mm_per_px))
    return np.asarray(ndimage.binary_opening(mask, disc(radius_px)), bool)
