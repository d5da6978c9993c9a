"""What is measured of a slice of which it is known where its blood is, or that it has none.

Its volume, density and place, and how the region maps compare with it. Maps are compared cell by cell, as counts over
bins of the logit: from these, calibration, the threshold of an outline, Dice at any threshold and calibrated volumes
can be worked out later, without keeping the maps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES
from ichviewer.learning.data.volumes import UNTYPED_BIT, Volume
from ichviewer.learning.evaluation.place import SkullBox, place_of

NEAR_MM = 5.0
"""A peak of a region map this near to blood still points at it: a cell of the map is that large."""
HIT_SHARE = 0.25
"""A cell is blood, where Dice is concerned, if more than so much of it is."""

BIN_WIDTH, _LARGEST = 0.25, 8.0
BINS = int(2 * _LARGEST / BIN_WIDTH)
BIN_LOGITS = (np.arange(BINS) + 0.5) * BIN_WIDTH - _LARGEST
"""Logit in the middle of each bin; the outer ones hold what lies beyond, too."""
ALL, KNOWN, HIT, SHARE = range(4)
"""What is counted in each bin: cells, those whose truth is known, those that are blood, and their sum of shares."""

_NOT_JUDGED = -1
_TYPED = (1 << len(TYPES)) - 1


def measure(
    volume: Volume, index: int, mm_per_px: float, slice_mm: float, regions: NDArray[np.float32] | None
) -> dict[str, NDArray[Any]]:
    """Everything that is measured of one slice.

    Parameters
    ----------
    volume : Volume
    index : int
        Of the slice.
    mm_per_px : float
        Scale of the volume.
    slice_mm : float
        Distance of slices; NaN where it is not known.
    regions : ndarray of float32, shape (rows, columns, 5), or None
        Logits of blood at each place, over the field of view of the volume.

    Returns
    -------
    dict
        ``blood_ml`` and ``blood_hu`` (6,) by label, NaN where nobody tells; ``place`` (5,) of each type, empty
        without blood; ``pointing`` (6,) 1 if the map peaks within `NEAR_MM` of the blood, 0 if not, -1 where it is
        not judged; with maps also ``region_cells`` (6, 4, BINS), ``region_drawn`` () and ``region_cell_ml`` ().
    """
    mask = volume.mask(index)
    ml, hu = np.full(N_LABELS, np.nan, np.float32), np.full(N_LABELS, np.nan, np.float32)
    place, pointing = np.full(len(TYPES), "", "<U32"), np.full(N_LABELS, _NOT_JUDGED, np.int8)
    cells = np.zeros((N_LABELS, 4, BINS), np.float16)
    found: dict[str, NDArray[Any]] = {"blood_ml": ml, "blood_hu": hu, "place": place, "pointing": pointing}
    if regions is not None:
        side_mm = mm_per_px * volume.hu.shape[1] / regions.shape[0]
        found["region_cells"] = cells
        found["region_drawn"] = np.array(mask is not None)
        found["region_cell_ml"] = np.array(side_mm**2 * slice_mm / 1000, np.float32)
    if mask is None:
        return found
    untyped = (mask & (1 << UNTYPED_BIT)) > 0
    below_mm = _vertex_mm(volume) - float(volume.positions_mm[index])
    box = SkullBox.of(volume.hu[index])
    for j in range(N_LABELS):
        # "Any" is blood of all types, that of untold type included, and its map is the highest of the five.
        blood = untyped | ((mask & _TYPED) > 0) if j == 0 else (mask & (1 << (j - 1))) > 0
        doubtful = untyped if j and volume.labels[index, j] else np.zeros_like(untyped)
        if not doubtful.any():
            ml[j] = blood.sum() * mm_per_px**2 * slice_mm / 1000 if blood.any() else 0.0
        if blood.any():
            hu[j] = volume.hu[index][blood].mean()
            if j:
                place[j - 1] = place_of(LABELS[j], blood, box, below_mm, mm_per_px)
        if regions is None:
            continue
        of_label = regions.max(axis=-1) if j == 0 else regions[..., j - 1]
        if blood.any() and volume.labels[index, j] == 1 and not doubtful.any():
            pointing[j] = _points_at(of_label, blood, mm_per_px)
        cells[j] = _counted(of_label, _shares(blood, of_label), _shares(doubtful, of_label) > 0)
    return found


def _vertex_mm(volume: Volume) -> float:
    """Position of the highest slice with brain."""
    brain = np.flatnonzero(volume.has_brain)
    return float(volume.positions_mm[brain[-1] if brain.size else -1])


def _points_at(regions: NDArray[np.float32], blood: NDArray[np.bool_], mm_per_px: float) -> bool:
    cell = blood.shape[0] / regions.shape[0]
    peak = np.array(np.unravel_index(int(np.argmax(regions)), regions.shape))
    middle = np.clip(((peak + 0.5) * cell).astype(int), 0, blood.shape[0] - 1)
    far = ndimage.distance_transform_edt(~blood)
    return bool(far[tuple(middle)] * mm_per_px <= NEAR_MM)


def _shares(mask: NDArray[np.bool_], regions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share of each cell that is in a mask."""
    fine = Image.fromarray(mask.astype(np.float32))
    return np.asarray(fine.resize(regions.shape[::-1], Image.Resampling.BOX), np.float32)


def _counted(
    logits: NDArray[np.float32], share: NDArray[np.float32], doubtful: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Cells of a map by the bin of their logit, shape (4, BINS)."""
    inside = np.floor((logits.ravel() + _LARGEST) / BIN_WIDTH)
    bins = np.clip(inside, 0, BINS - 1).astype(np.intp)
    known = ~doubtful.ravel()
    columns = (np.ones(bins.size), known, known & (share.ravel() > HIT_SHARE), known * share.ravel())
    return np.stack([np.bincount(bins, column, BINS) for column in columns])
