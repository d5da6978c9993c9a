"""What a reader painted on a series, as a value: masks of its slices."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.voxel_region import VoxelRegion

MOST_LABEL = 64
"""Characters of a Segment Label (0062,0005), which is a long string (DICOM PS3.5 section 6.2)."""


@dataclass(frozen=True, eq=False)
class PaintedSegment:
    """One region of voxels.

    Parameters
    ----------
    label : str
        What the reader calls it.
    finding : Hemorrhage
        What it is said to be; "any" where no type is told.
    series : str
        `ichviewer.domain.identity.series_identity` of the series it was painted on.
    masks : mapping of int to ndarray of bool, shape (rows, columns)
        For each slice with voxels its mask; made read-only. At least one.
    semiautomatic : bool
        Whether it was grown and then corrected, and not painted by hand alone.
    """

    label: str
    finding: Hemorrhage
    series: str
    masks: Mapping[int, NDArray[np.bool_]]
    semiautomatic: bool = False

    def __post_init__(self) -> None:
        if not self.label.strip() or len(self.label) > MOST_LABEL or not self.label.isprintable():
            raise ValueError(f"a region needs a name of 1 to {MOST_LABEL} letters. Received: {self.label!r}")
        if "\\" in self.label:
            raise ValueError(f"a name has no backslash. Received: {self.label!r}")
        if not self.series:
            raise ValueError("a region is painted on a series. Received: none")
        if not self.masks or any(
            index < 0 or mask.ndim != 2 or mask.dtype != np.bool_ or not mask.any()
            for index, mask in self.masks.items()
        ):
            raise ValueError(
                "a region needs masks of two dimensions with voxels. "
                f"Received: {[(i, m.shape, str(m.dtype)) for i, m in self.masks.items()][:3]}"
            )
        for mask in self.masks.values():
            mask.setflags(write=False)
        object.__setattr__(self, "masks", MappingProxyType(dict(sorted(self.masks.items()))))

    @classmethod
    def of(
        cls,
        region: VoxelRegion,
        label: str,
        finding: Hemorrhage,
        series: str,
        *,
        semiautomatic: bool = False,
    ) -> PaintedSegment:
        """From a region of voxels of the whole series.

        Raises
        ------
        ValueError
            If it has no voxels.
        """
        masks = {i: mask for i in region.slices if (mask := region.on_slice(i)).any()}
        return cls(label, finding, series, masks, semiautomatic)

    def digest(self) -> str:
        """What names it with its voxels: 32 hexadecimal digits."""
        digest = hashlib.blake2b(digest_size=16)
        words = (self.label, self.finding.value, self.series, self.semiautomatic)
        digest.update(repr(words).encode("utf-8", errors="backslashreplace"))
        for index, mask in self.masks.items():
            digest.update(repr((index, mask.shape)).encode())
            digest.update(np.packbits(mask).tobytes())
        return digest.hexdigest()
