"""What lies where inside a skull, for heads of which it is known exactly: those made from a label map."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]
Pixel = tuple[int, int, int]
"""Index of a slice, a row and a column."""


@dataclass(frozen=True, eq=False)
class Anatomy:
    """Parts of a head on the grid of its `skull.Skull`, each of shape (n, h, w).

    Cisterns are CSF at the base and in the sylvian fissures, sulci that over the convexity and between the
    hemispheres; deep are basal ganglia and thalamus. The falx is where the sheet between the hemispheres is dura: not
    below the corpus callosum. `falx_mm` is the distance from that sheet, positive to the right of the picture,
    `tentorium_mm` the height above the sheet between cerebellum and cerebrum.
    """

    lateral: Mask
    third: Mask
    fourth: Mask
    cisterns: Mask
    sulci: Mask
    deep: Mask
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


def length(x: Field, y: Field, z: Field) -> Field:
    """Length of a vector, in whatever shape its parts broadcast to."""
    size: Field = np.sqrt(x * x + y * y + z * z)
    return size
