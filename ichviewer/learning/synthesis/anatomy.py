"""What lies where inside a skull, for heads of which it is known exactly: those made from a label map."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Anatomy:
    """Parts of a head on the grid of its `skull.Skull`, each of shape (n, h, w).

    Parameters
    ----------
    lateral, third, fourth : ndarray of bool
        The ventricles.
    cisterns : ndarray of bool
        CSF at the base: around the brainstem, above the sella, in the sylvian fissures.
    sulci : ndarray of bool
        CSF over the convexity and between the hemispheres.
    deep : ndarray of bool
        Basal ganglia and thalamus.
    white, cortex, cerebellum, brainstem : ndarray of bool
    falx_mm : ndarray of float32
        Distance from the sheet between the hemispheres, positive to the right of the picture.
    falx : ndarray of bool
        Where that sheet is dura: not below the corpus callosum.
    tentorium_mm : ndarray of float32
        Distance from the sheet between cerebellum and cerebrum, positive above it.
    """

    lateral: Mask
    third: Mask
    fourth: Mask
    cisterns: Mask
    sulci: Mask
    deep: Mask
    white: Mask
    cortex: Mask
    cerebellum: Mask
    brainstem: Mask
    falx_mm: Field
    falx: Mask
    tentorium_mm: Field

    def __post_init__(self) -> None:
        shapes = {getattr(self, field.name).shape for field in fields(self)}
        if len(shapes) != 1 or len(next(iter(shapes))) != 3:
            raise ValueError(f"all parts must be stacks of one shape. Received: {sorted(shapes)}")

    def part(self, run: slice) -> Anatomy:
        """The same head, some slices of it."""
        return Anatomy(**{field.name: getattr(self, field.name)[run] for field in fields(self)})
