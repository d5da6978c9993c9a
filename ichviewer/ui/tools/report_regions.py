"""The painted regions of a series as a report lists them, measured on the pixels that they were painted on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.region_numbers import NoMl, RegionNumbers
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.progress import CancelToken
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.report.content import MOST_REGION_IMAGES
from ichviewer.ui.report.regions import RegionPicture, ReportedRegion
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import TaskContext
from ichviewer.ui.tools.plane_surface import shows_hu
from ichviewer.ui.tools.region_jobs import check_and_measure
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import number_lines, volume_words

_NOT_VALID = frozenset({NoMl.OTHER_PIXELS, NoMl.UNREADABLE, NoMl.SLICES_NOT_OPEN})


@dataclass(frozen=True, eq=False)
class ReportRegions:
    """The regions of one series at one moment; `measured` may then be called on another thread.

    Parameters
    ----------
    series : Series
    regions : tuple of PaintedRegion
        In the order of the list beside the image.
    """

    series: Series
    regions: tuple[PaintedRegion, ...]

    @classmethod
    def of(cls, series: Series, store: RegionStore) -> ReportRegions:
        """What is painted in a series now; a stroke under way is not part of it."""
        return cls(series, store.of_series(series))

    def measured(self, pixels: Pixels, cancel: CancelToken) -> tuple[ReportedRegion, ...]:
        """Check and measure them all on the pixels that their files hold now.

        Parameters
        ----------
        pixels : Pixels
            Decodes slices. A region is printed as not valid where one of its slices fails or holds other pixels.
        cancel : CancelToken

        Raises
        ------
        Cancelled
        """
        found: list[ReportedRegion] = []
        for number, region in enumerate(self.regions, 1):
            pictures = sum(one.picture is not None for one in found)
            one = _Reading(region, self.series, pixels)
            numbers, _ = check_and_measure(TaskContext(lambda _: None, cancel), region, self.series, one)
            found.append(_printed(number, one, numbers, with_picture=pictures < MOST_REGION_IMAGES))
        return tuple(found)


class _Reading:
    """Decodes the slices of a region one after the other, and keeps of their pixels what is printed."""

    def __init__(self, region: PaintedRegion, series: Series, pixels: Pixels) -> None:
        self.region, self.series = region, series
        self.largest: RegionPicture | None = None
        self._pixels = pixels
        self._places = {(info.sop_uid, info.source.frame): i for i, info in enumerate(series.slices)}
        self._values: list[tuple[float, float, float]] = []
        self._count = 0

    def get(self, info: SliceInfo) -> DecodedSlice:
        """The slice, of which the pixels inside are counted in; an error where the mask does not fit it."""
        decoded, mask = self._pixels.get(info), self.region.on(info)
        if mask is None or decoded.pixel_hash != mask.pixel_hash:
            return decoded
        if decoded.image.shape != (mask.rows, mask.columns):
            raise IchViewerError(tr("the region has another size than its slice"), str(info.source))
        inside = mask.mask()
        if decoded.rgb is None:
            values = decoded.image.hu()[inside & ~decoded.image.missing()].astype(np.float64)
            if values.size:
                self._values.append((float(values.sum()), float(values.min()), float(values.max())))
                self._count += values.size
        here = RegionPicture(self._places[mask.place], decoded, mask)
        if self.largest is None or _size(here) > _size(self.largest):
            self.largest = here
        return decoded

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        """None: every slice is read for the report."""
        return None

    def clear(self) -> None:
        """Nothing is kept but what is printed."""

    def hu_words(self) -> str:
        """Mean, lowest and highest value of all pixels inside that hold image."""
        if not self._count:
            return ""
        sums, lows, highs = zip(*self._values, strict=True)
        unit = "HU" if shows_hu(self.series) else tr("stored values")
        return tr("{mean:.1f} ({low:.0f} to {high:.0f}) {unit}").format(
            mean=sum(sums) / self._count, low=min(lows), high=max(highs), unit=unit
        )


def _size(picture: RegionPicture) -> tuple[int, int]:
    # Of slices with as many pixels the first one, as in the list beside the image.
    return picture.mask.n_pixels, -picture.index


def _printed(number: int, read: _Reading, numbers: RegionNumbers, *, with_picture: bool) -> ReportedRegion:
    region = read.region
    if numbers.no_ml in _NOT_VALID:
        why = words_of(numbers.no_ml.text)
        return ReportedRegion(number, region.name, len(region.masks), "", refused=why)
    _, second, *further = number_lines(numbers)
    remarks = (second,) if numbers.volume is None else tuple(further)
    return ReportedRegion(
        number,
        region.name,
        len(region.masks),
        volume_words(numbers),
        read.hu_words(),
        remarks,
        picture=read.largest if with_picture else None,
    )
