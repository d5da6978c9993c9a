"""Of two passes over a series, the second decodes only what there was no room for."""

from __future__ import annotations

from collections import Counter

import numpy as np
from synthetic_head import SIZE, make_series

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.series import SliceInfo
from ichviewer.services.two_passes import REST_BYTES, TwoPassPixels, first_bytes_alone

SLICE_BYTES = 2 * SIZE * SIZE


def run(n: int, first: int, rest: int) -> tuple[Counter[int], int]:
    """How often each of ``n`` slices was decoded, and how many were kept at most, with room for so many."""
    decoded: Counter[int] = Counter()

    def read(info: SliceInfo) -> DecodedSlice:
        decoded[int(info.source.path.stem)] += 1
        return DecodedSlice(SliceImage(np.zeros((SIZE, SIZE), np.int16)))

    series = make_series(n)
    pixels = TwoPassPixels(series, read, first * SLICE_BYTES, rest * SLICE_BYTES)
    kept = 0
    for _ in range(2):
        for info in series.slices:
            pixels.get(info)
        kept = max(kept, sum(pixels.peek(i) is not None for i in series.slices))
    return decoded, kept


def test_a_series_that_fits_is_decoded_once():
    decoded, _ = run(n=4, first=4, rest=1)
    assert decoded == dict.fromkeys(range(4), 1)


def test_of_a_longer_series_the_first_slices_are_decoded_once_and_memory_stays_bounded():
    decoded, kept = run(n=10, first=4, rest=2)
    assert decoded == {i: 1 if i < 4 else 2 for i in range(10)}
    assert kept == 6


def test_alone_a_series_of_200_slices_is_kept_whole_and_a_longer_one_leaves_room_for_its_headers():
    a_slice = 2 * 512 * 512
    kept = first_bytes_alone(200) // a_slice
    assert kept + REST_BYTES // a_slice >= 200
    # 12 KB for each of 1,800 more.
    assert first_bytes_alone(200) - first_bytes_alone(2000) == 1800 * 12 * 1024
    assert first_bytes_alone(100_000) == first_bytes_alone(200_000) > 0
