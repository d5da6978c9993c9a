"""A plane whose picture is on screen. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.series import Series
from ichviewer.domain.slab import Slab
from ichviewer.domain.volume import Volume
from ichviewer.ui.panes.reformat_picture import PlanePixels


@dataclass(frozen=True, eq=False)
class ShownPlane:
    """A plane, and the HU that its picture was made of.

    Parameters
    ----------
    series : Series
    volume : Volume
    pixels : PlanePixels
    """

    series: Series
    volume: Volume
    pixels: PlanePixels

    @property
    def view(self) -> PlaneView:
        """The plane with all its pixels."""
        return self.pixels.view

    @property
    def slab(self) -> Slab | None:
        """The slab that is shown."""
        return self.pixels.slab

    @property
    def in_full(self) -> bool:
        """Whether there is an HU for each pixel."""
        return self.pixels.coarseness == 1

    def is_same(self, other: ShownPlane) -> bool:
        """Whether both are one plane and slab of one volume, as coarse as they may be."""
        return self.volume is other.volume and (self.view, self.slab) == (other.view, other.slab)
