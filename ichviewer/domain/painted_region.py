"""A region that a person painted or grew in a series: its pixels on each slice, and what names those slices.

It knows no geometry, so that it holds on files that tell none; `ichviewer.domain.region_numbers` measures it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from ichviewer.domain import run_lengths
from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.domain.voxel_region import Mask

SlicePlace = tuple[str, int]
"""SOPInstanceUID and frame, counted from 0."""

_LARGEST_SIDE = 65535
"""Rows and Columns are of the type US (DICOM PS3.3 C.7.6.3)."""


@dataclass(frozen=True)
class SliceMask:
    """The pixels of a region on one slice.

    Parameters
    ----------
    sop_uid : str
        SOPInstanceUID of the slice.
    frame : int
        Index of the frame, from 0.
    pixel_hash : str
        `ichviewer.domain.decoded.pixel_hash` of the slice. The mask is shown and measured beside these pixels only.
    rows, columns : int
    runs : bytes
        As of `ichviewer.domain.run_lengths.encode`; at least one pixel lies inside.
    """

    sop_uid: str
    frame: int
    pixel_hash: str
    rows: int
    columns: int
    runs: bytes

    def __post_init__(self) -> None:
        if not self.sop_uid or not self.pixel_hash or self.frame < 0:
            raise ValueError(
                "a mask needs the UID, the frame and the hash of its slice. "
                f"Received: {self.sop_uid!r}, {self.frame}, {self.pixel_hash!r}"
            )
        if not (1 <= self.rows <= _LARGEST_SIDE and 1 <= self.columns <= _LARGEST_SIDE):
            raise ValueError(f"a slice has rows and columns. Received: {self.rows}, {self.columns}")
        lengths = run_lengths.lengths_of(self.runs)
        if int(lengths.sum()) != self.rows * self.columns or lengths.size < 2:
            raise ValueError(
                f"a mask has pixels inside, and runs for {self.rows} x {self.columns}. "
                f"Received: {lengths.size} runs of {int(lengths.sum())} pixels"
            )

    @classmethod
    def of(cls, place: SlicePlace, pixel_hash: str, mask: Mask) -> SliceMask:
        """The mask of a slice; a ValueError if nothing lies inside."""
        rows, columns = mask.shape
        return cls(place[0], place[1], pixel_hash, rows, columns, run_lengths.encode(mask))

    @property
    def place(self) -> SlicePlace:
        """What names the slice."""
        return self.sop_uid, self.frame

    @cached_property
    def n_pixels(self) -> int:
        """How many pixels lie inside."""
        return run_lengths.count_inside(self.runs)

    def mask(self) -> Mask:
        """Which pixels lie inside, shape (rows, columns); a new array."""
        return run_lengths.decode(self.runs, (self.rows, self.columns))

    @cached_property
    def digest(self) -> str:
        """Names the mask, its slice and its pixels: 32 hexadecimal digits (BLAKE2b)."""
        head = repr((self.sop_uid, self.frame, self.pixel_hash, self.rows, self.columns))
        data = head.encode("utf-8", errors="surrogatepass") + self.runs
        return hashlib.blake2b(data, digest_size=16).hexdigest()


@dataclass(frozen=True)
class PaintedRegion:
    """A region of a series.

    Parameters
    ----------
    id : str
        Names it for good, see `ichviewer.domain.annotation.base.new_id`.
    series : SeriesKey
        The series by its UIDs.
    masks : tuple of SliceMask
        At least one; one for a slice, in the order of their places.
    created, modified : datetime
        With a time zone.
    name : str
        As a person called it; empty where nobody did.
    """

    id: str
    series: SeriesKey
    masks: tuple[SliceMask, ...]
    created: datetime
    modified: datetime
    name: str = ""

    def __post_init__(self) -> None:
        places = [mask.place for mask in self.masks]
        if not self.id or not places or places != sorted(set(places)):
            raise ValueError(
                f"a region has an id, and slices in order, each once. Received: {self.id!r}, {places[:4]}"
            )
        if self.created.tzinfo is None or self.modified.tzinfo is None or self.modified < self.created:
            raise ValueError(
                "times need a time zone, and nothing is changed before it is made. "
                f"Received: {self.created}, {self.modified}"
            )

    @cached_property
    def by_place(self) -> Mapping[SlicePlace, SliceMask]:
        """Its masks by what names their slices."""
        return {mask.place: mask for mask in self.masks}

    @cached_property
    def n_pixels(self) -> int:
        """How many pixels it has on all slices together."""
        return sum(mask.n_pixels for mask in self.masks)

    def on(self, info: SliceInfo) -> SliceMask | None:
        """Its mask on a slice, whatever pixels that has now; None where it does not reach."""
        return self.by_place.get((info.sop_uid, info.source.frame))

    def named(self, name: str, now: datetime) -> PaintedRegion:
        """The same region under another name."""
        return replace(self, name=name, modified=max(now, self.modified))

    def with_masks(self, masks: Iterable[SliceMask], now: datetime) -> PaintedRegion | None:
        """The region with other masks; None where none is left."""
        ordered = tuple(sorted(masks, key=lambda mask: mask.place))
        return replace(self, masks=ordered, modified=max(now, self.modified)) if ordered else None


@dataclass(frozen=True)
class RegionStep:
    """What a person does to a region at once, and undoes at once.

    Parameters
    ----------
    before, after : PaintedRegion or None
        None before it is begun and after it is deleted.
    name : str
        For the menu, such as "paint region".
    """

    before: PaintedRegion | None
    after: PaintedRegion | None
    name: str = ""

    def __post_init__(self) -> None:
        ids = {region.id for region in (self.before, self.after) if region is not None}
        if len(ids) != 1 or self.before == self.after:
            raise ValueError(f"a step changes one region. Received: {sorted(ids)}")

    @property
    def id(self) -> str:
        """The region it is about."""
        one = self.before if self.after is None else self.after
        if one is None:
            raise AssertionError("unreachable: a step without a region cannot be built")
        return one.id

    @property
    def inverse(self) -> RegionStep:
        """What undoes it."""
        return RegionStep(self.after, self.before, self.name)

    def apply(self, regions: Mapping[str, PaintedRegion]) -> dict[str, PaintedRegion]:
        """The regions after the step.

        Raises
        ------
        ValueError
            If they are not those that it was made for.
        """
        if regions.get(self.id) != self.before:
            raise ValueError(
                f"a step fits the region that it was made for. Received: another one of {self.id}"
            )
        result = dict(regions)
        if self.after is None:
            del result[self.id]
        else:
            result[self.id] = self.after
        return result


def of_series(region: PaintedRegion, series: Series) -> bool:
    """Whether a region was painted in a series of these UIDs, on at least one slice that is there.

    Parts of a series that share its UIDs are told apart by their slices.
    """
    key = region.series
    return (key.study_uid, key.series_uid) == (series.key.study_uid, series.key.series_uid) and any(
        region.on(info) is not None for info in series.slices
    )


def names_no_slices(series: Series) -> str:
    """Why no region can be kept for a series, in words; empty where one can."""
    places = [(info.sop_uid, info.source.frame) for info in series.slices]
    if any(not uid for uid, _ in places):
        return "a slice has no SOP Instance UID, by which a region is kept"
    if len(set(places)) != len(places):
        return "two slices have one SOP Instance UID"
    return ""


def masks_of(
    series: Series, indices: Iterable[int], masks: Iterable[Mask], hashes: Iterable[str]
) -> tuple[SliceMask, ...]:
    """Masks of slices of a series, those without a pixel left out."""
    found = []
    for index, mask, pixel_hash in zip(indices, masks, hashes, strict=True):
        if np.any(mask):
            info = series.slices[index]
            found.append(SliceMask.of((info.sop_uid, info.source.frame), pixel_hash, mask))
    return tuple(found)
