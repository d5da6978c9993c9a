"""Where in the head blood lies, from its mask, the bone around it and its distance to the vertex.

A rough atlas of thresholds, good enough to tell which places a model is weak at; not anatomy of a single patient.
Distances are those of an adult head: the tentorium reaches from about 60 to 90 mm below the vertex, the fourth
ventricle and the cerebellum lie below and behind (Rhoton, "Cranial Anatomy and Surgical Approaches", 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import Hemorrhage

VERTEX = "vertex"
CONVEXITY = "convexity"
FALX = "falx"
TENTORIUM = "tentorium"
CISTERN = "sylvian fissure and cisterns"
FOURTH = "fourth ventricle"
POSTERIOR = "posterior fossa"
VENTRICLES = "ventricles above the tentorium"
CEREBRUM = "cerebrum"
PLACES = (VERTEX, CONVEXITY, FALX, TENTORIUM, CISTERN, FOURTH, POSTERIOR, VENTRICLES, CEREBRUM)
"""All places, in the order of the tables."""

BONE_HU = 180
_VERTEX_MM = 25.0
"""So far below the highest slice with brain a slice counts as one of the vertex."""
_TENTORIUM_MM, _FOSSA_MM = 60.0, 85.0
"""So far below the vertex the tentorium begins, and nothing but the posterior fossa lies behind."""
_BEHIND = 0.5
"""Share of the skull's length, from the front, behind which the tentorium and the posterior fossa lie."""
_FALX_MM = 8.0
_RIM_MM = 22.0
"""Blood of the convexity lies no farther from the outer face of the skull."""


@dataclass(frozen=True)
class SkullBox:
    """Rows and columns between which the bone of a slice lies, in pixels.

    Parameters
    ----------
    top, bottom, left, right : float
        Front, back, and the two sides.
    """

    top: float
    bottom: float
    left: float
    right: float

    def __post_init__(self) -> None:
        if not (self.top < self.bottom and self.left < self.right):
            raise ValueError(f"a skull has an extent. Received: {self}")

    @classmethod
    def of(cls, hu: NDArray[np.int16]) -> SkullBox:
        """Of a slice, shape (h, w); the whole picture where there is next to no bone."""
        bone = hu > BONE_HU
        rows, columns = np.flatnonzero(bone.any(axis=1)), np.flatnonzero(bone.any(axis=0))
        if min(rows.size, columns.size) < 2:
            return cls(0, hu.shape[0] - 1, 0, hu.shape[1] - 1)
        return cls(rows[0], rows[-1], columns[0], columns[-1])


def place_of(
    kind: Hemorrhage, blood: NDArray[np.bool_], box: SkullBox, below_vertex_mm: float, mm_per_px: float
) -> str:
    """Where the blood of one type in one slice lies, by its median pixel.

    Parameters
    ----------
    kind : Hemorrhage
        Its type.
    blood : ndarray of bool, shape (h, w)
        Not empty; anterior up.
    box : SkullBox
        Of the slice.
    below_vertex_mm : float
        How far below the highest slice with brain the slice lies.
    mm_per_px : float

    Returns
    -------
    str
        One of `PLACES`.
    """
    if below_vertex_mm < _VERTEX_MM:
        return VERTEX
    rows, columns = np.nonzero(blood)
    behind = (float(np.median(rows)) - box.top) / (box.bottom - box.top) > _BEHIND
    from_midline_mm = float(np.median(np.abs(columns - (box.left + box.right) / 2))) * mm_per_px
    near_bone = float(np.median(_depth_px(rows, columns, box))) * mm_per_px <= _RIM_MM
    fossa = behind and below_vertex_mm >= _FOSSA_MM
    if kind is Hemorrhage.INTRAVENTRICULAR:
        return FOURTH if behind and below_vertex_mm >= _TENTORIUM_MM + 10 else VENTRICLES
    if kind is Hemorrhage.INTRAPARENCHYMAL:
        return POSTERIOR if fossa else CEREBRUM
    if fossa:
        return POSTERIOR
    if from_midline_mm <= _FALX_MM and below_vertex_mm < _FOSSA_MM:
        return FALX
    if near_bone:
        return CONVEXITY
    if kind is Hemorrhage.SUBARACHNOID:
        return CISTERN
    return TENTORIUM if behind and below_vertex_mm >= _TENTORIUM_MM else CONVEXITY


def _depth_px(rows: NDArray[np.intp], columns: NDArray[np.intp], box: SkullBox) -> NDArray[np.float64]:
    """How far inside the ellipse that fits the box each pixel lies, along its radius."""
    half = (box.bottom - box.top) / 2, (box.right - box.left) / 2
    y, x = rows - (box.top + box.bottom) / 2, columns - (box.left + box.right) / 2
    radius = np.hypot(y, x)
    share = np.hypot(y / half[0], x / half[1])
    # On the ellipse the share is 1: its radius in this direction is radius / share.
    depth: NDArray[np.float64] = np.where(share > 0, radius / np.maximum(share, 1e-9) - radius, min(half))
    return depth
