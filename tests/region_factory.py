"""Painted regions for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from ichviewer.domain.painted_region import PaintedRegion, SliceMask
from ichviewer.domain.series import Series, SeriesKey

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
KEY = SeriesKey("1.2.3", "1.2.3.4")


def mask_of(uid: str, mask: NDArray[np.bool_], *, frame: int = 0, pixel_hash: str = "p") -> SliceMask:
    return SliceMask.of((uid, frame), pixel_hash, mask)


def region_in(series: Series, masks: Mapping[int, NDArray[np.bool_]], region_id: str = "r") -> PaintedRegion:
    """A region on slices of a series, by their index; their pixels have the hash ``p``."""
    found = [
        mask_of(series.slices[i].sop_uid, mask, frame=series.slices[i].source.frame)
        for i, mask in masks.items()
    ]
    return PaintedRegion(region_id, series.key, tuple(sorted(found, key=lambda mask: mask.place)), NOON, NOON)


@st.composite
def masks(draw: st.DrawFn, most: int = 12) -> NDArray[np.bool_]:
    """A mask of at least one pixel."""
    shape = draw(st.tuples(st.integers(1, most), st.integers(1, most)))
    n = shape[0] * shape[1]
    bits = draw(st.integers(1, 2**n - 1))
    return np.array([bits >> i & 1 for i in range(n)], dtype=bool).reshape(shape)


@st.composite
def regions(draw: st.DrawFn, region_id: str | None = None) -> PaintedRegion:
    """A region on up to four slices."""
    places = draw(
        st.lists(
            st.tuples(st.sampled_from(["1.2.1", "1.2.2", "ü\udc80"]), st.integers(0, 2)),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    found = [
        mask_of(uid, draw(masks()), frame=frame, pixel_hash=draw(st.sampled_from("pq")))
        for uid, frame in places
    ]
    name = draw(st.sampled_from(["", "left", "<b>x</b>", "\ud800"]))
    return PaintedRegion(
        region_id or draw(st.sampled_from("abc")),
        KEY,
        tuple(sorted(found, key=lambda mask: mask.place)),
        NOON,
        NOON,
        name,
    )
