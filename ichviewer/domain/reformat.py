"""A volume seen through any plane: multiplanar reformats and slabs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.hu import AIR_HU
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.resample import resample
from ichviewer.domain.sampling import Interpolation
from ichviewer.domain.slab import Slab, slab_samples
from ichviewer.domain.volume import Volume
from ichviewer.domain.volume_geometry import VolumeGeometry

MOST_PX = 1024
"""More rows or columns than this are not computed: no pane shows them."""


@dataclass(frozen=True, eq=False)
class Reformat:
    """HU of a volume at the pixels of a view.

    Parameters
    ----------
    view : PlaneView
    hu : ndarray of float32, shape (rows, columns)
        NaN where there is no image; made read-only.
    """

    view: PlaneView
    hu: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.hu.shape != (self.view.rows, self.view.columns) or self.hu.dtype != np.float32:
            raise ValueError(
                f"a reformat needs float32 HU of {self.view.rows} x {self.view.columns} px. "
                f"Received: {self.hu.dtype}, {self.hu.shape}"
            )
        self.hu.setflags(write=False)

    def missing(self) -> NDArray[np.bool_]:
        """Where there is no image; shape (rows, columns)."""
        return np.asarray(np.isnan(self.hu))

    def filled(self, fill_hu: float = AIR_HU) -> NDArray[np.float32]:
        """HU with ``fill_hu`` where there is no image."""
        return np.where(np.isnan(self.hu), np.float32(fill_hu), self.hu)


def reformat(
    volume: Volume,
    view: PlaneView,
    slab: Slab | None = None,
    interpolation: Interpolation = Interpolation.LINEAR,
) -> Reformat:
    """Look at a volume through a plane or a slab.

    Nothing is made up where there is no image. A pixel is missing where it lies outside of the volume (beyond the
    centers of the outermost voxels) and where any voxel that it would be computed from is missing; of a slab, that
    goes for each of its samples. Samples of a slab beyond the end of the volume are left out: there the slab is
    thinner.

    Parameters
    ----------
    volume : Volume
    view : PlaneView
    slab : Slab, optional
        The plane alone unless told. Sampled at `VolumeGeometry.natural_step_mm`.
    interpolation : Interpolation

    Returns
    -------
    Reformat
    """
    samples = slab_samples(slab, volume.geometry.natural_step_mm(view.normal))
    return Reformat(view, resample(volume, view, samples, interpolation))


def whole_plane(view: PlaneView, geometry: VolumeGeometry) -> PlaneView:
    """The whole volume in the plane of a view, with pixels of the finer spacing unless that makes too many.

    The pixels depend on the plane and its directions only, and not on where in the plane the view was before.
    """
    finest = min(geometry.spacing.row_mm, geometry.spacing.column_mm)
    sides = (high - low for low, high in map(geometry.extent_mm, (view.right, view.down)))
    return view.covering(geometry, max(finest, max(sides) / (MOST_PX - 2)))
