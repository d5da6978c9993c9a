"""Labels and masks of painted blood, and the rule by which blood counts as visible.

A type is labelled in a slice if its blood differs in at least so many pixels (`LEAST_VISIBLE_PX`) by 6 HU (8 HU for
thin subarachnoid blood) from brain and from what was there, after light
smoothing, the noise left out; or, outside the brain, if it displaces the brain by 3 mm over at least 2 cm2. Less
blood than that is there and cannot be seen: such a slice teaches nothing about the type. Where hardly a pixel
differs by 3 HU, hardly one is in the mask and nothing has moved, the slice is as good as its twin: no.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.synthesis.bleeding import Bled

VISIBLE_HU, VISIBLE_SUBARACHNOID_HU = 6.0, 8.0
LEAST_VISIBLE_PX: dict[Hemorrhage, int] = {
    Hemorrhage.EPIDURAL: 40,
    Hemorrhage.INTRAPARENCHYMAL: 10,
    Hemorrhage.INTRAVENTRICULAR: 12,
    Hemorrhage.SUBARACHNOID: 28,
    Hemorrhage.SUBDURAL: 40,
}
_LEAST_SHARE_PX = 1.5
_FAINT_HU, _FAINT_PX, _MASK_PX = 3.0, 6, 3
_MOVED_MM = 3.0
_MOVED_PX = 300
_OUTSIDE_BRAIN = (Hemorrhage.EPIDURAL, Hemorrhage.SUBDURAL)


def masks_of(bled: Bled) -> NDArray[np.uint8]:
    """Bit k set where at least half of a pixel is blood of type k, shape (n, h, w)."""
    masks = np.zeros(bled.hu.shape, np.uint8)
    for bit, kind in enumerate(TYPES):
        if kind in bled.shares:
            masks |= (bled.shares[kind] >= 0.5).astype(np.uint8) << bit
    return masks


def labels_of(bled: Bled) -> NDArray[np.uint8]:
    """0, 1 or `UNKNOWN` for each slice and label, shape (n, 6)."""
    labels = np.zeros((len(bled.hu), N_LABELS), np.uint8)
    for kind, share in bled.shares.items():
        column = LABELS.index(kind)
        for k in np.flatnonzero(share.sum(axis=(1, 2)) > _LEAST_SHARE_PX):
            change = ndimage.gaussian_filter(bled.contrast_hu[kind][k], 0.8, truncate=3.0)
            least_hu = VISIBLE_SUBARACHNOID_HU if kind is Hemorrhage.SUBARACHNOID else VISIBLE_HU
            seen = (np.abs(change) >= least_hu) & (share[k] > 0.1)
            visible = int(seen.sum()) >= LEAST_VISIBLE_PX[kind]
            if kind in _OUTSIDE_BRAIN and not visible:
                moved = int((bled.moved_mm[k] >= _MOVED_MM).sum())
                visible = moved >= _MOVED_PX and int((share[k] >= 0.5).sum()) >= 2 * LEAST_VISIBLE_PX[kind]
            hidden = (
                int((np.abs(change) >= _FAINT_HU).sum()) > _FAINT_PX
                or int((share[k] >= 0.5).sum()) > _MASK_PX
                or float(bled.moved_mm[k].max()) > 1.0
            )
            labels[k, column] = 1 if visible else UNKNOWN if hidden else 0
    types = labels[:, 1:]
    labels[:, 0] = np.where((types == 1).any(axis=1), 1, np.where((types == UNKNOWN).any(axis=1), UNKNOWN, 0))
    return labels
