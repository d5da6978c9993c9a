"""Falx, tentorium, dural sinuses, and the arteries at the base of the brain."""

from __future__ import annotations

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import Array, Points, paint, ramp, rise, tube
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.hindbrain import Hindbrain
from ichviewer.learning.synthesis.phantom.parameters import Anatomy

_ARTERIES_END_Z_MM = 45.0

_BASILAR = ((2, 4, -8, 1.5), (0.5, -2.2, 6, 1.8), (0, -3.6, 22, 1.7))
_CAROTID = ((9, -14, 20, 2.0), (10, -15, 26, 1.9), (22, -18, 28.5, 1.3), (37, -23, 32, 1.0))
_ANTERIOR = ((9, -15, 27, 1.2), (1.5, -20, 30, 1.1), (1.2, -34, 38, 1.0))
_POSTERIOR = ((1, -4, 24, 1.2), (12, 2, 28, 1.1), (19, 14, 32, 1.0))
_STRAIGHT_SINUS = ((0, 28, 45, 1.8), (0, 56, 27, 2.0), (0, 84, 9, 3.0))


def paint_meninges(
    hu: Array, points: Points, brain: Points, place: Location, *, hind: Hindbrain, anatomy: Anatomy
) -> None:
    """Paint dura, sinuses and arteries in place.

    Parameters
    ----------
    hu : ndarray of float32
        Values at the points.
    points : Points
        In head coordinates.
    brain : Points
        The same points in the coordinates of the unshifted brain.
    place : Location
    hind : Hindbrain
    anatomy : Anatomy
        Values of dura, sinuses and arteries.
    """
    # The falx is fixed to the bone at its rim only: a shifted brain takes its free edge along.
    x = 0.45 * brain.x + 0.55 * points.x
    xa, y, z = np.abs(x), points.y, points.z
    cavity = place.inside_mm
    reach = 20 + 14 * rise(y, -30, 40) + 60 * rise(y, 38, 46) * rise(z, 70, 50)
    falx = np.minimum(anatomy.falx_mm - xa, np.minimum(reach - cavity, z - 24))
    paint(hu, ramp(falx, 0.8) * ramp(-hind.below_tentorium, 1.0), anatomy.dura_hu)
    groove = 4.6 * (1 - cavity * (1 / 8.5)) - xa
    groove = np.minimum(groove, np.minimum(cavity, place.s_mm - 12 - 40 * rise(y, -20, -60)))
    paint(hu, ramp(groove, 1.0), anatomy.sinus_hu)
    leaf = np.minimum(0.55 - np.abs(hind.below_tentorium), hind.edge)
    paint(hu, ramp(leaf, 0.9) * rise(y, 2, 10), anatomy.dura_hu - 2)
    transverse = np.minimum(4.2 - np.abs(hind.below_tentorium), 5.0 - cavity)
    paint(hu, ramp(np.minimum(transverse, y - 38), 1.2), anatomy.sinus_hu)
    paint(hu, ramp(tube(brain.x, brain.y, brain.z, _STRAIGHT_SINUS), 1.0), anatomy.sinus_hu)
    if float(z.min()) < _ARTERIES_END_Z_MM:
        mirrored = np.abs(brain.x)
        arteries = tube(brain.x, brain.y, brain.z, _BASILAR)
        for path in (_CAROTID, _ANTERIOR, _POSTERIOR):
            arteries = np.maximum(arteries, tube(mirrored, brain.y, brain.z, path))
        paint(hu, ramp(arteries, 1.0), anatomy.vessel_hu)
