"""Growing through slices beside the window: on the pixels of the series, cancelled at once, refused in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from image_builders import make_series
from region_factory import region_in

from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.region_numbers import NoMl
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.ui.session.workers import TaskContext
from ichviewer.ui.tools.region_jobs import Growth, check_and_measure, grow_through, refusal_in_3d

SERIES = make_series(40)


class Slices:
    """Slices of 40 HU with a square of 70 HU, the number of each slice in a corner; some cannot be read."""

    def __init__(self, broken: tuple[int, ...] = (), slope: float = 1.0) -> None:
        self.broken = broken
        self.slope = slope
        self.read: list[int] = []

    def get(self, info: SliceInfo) -> DecodedSlice:
        index = int(info.sop_uid.rsplit(".", 1)[1])
        self.read.append(index)
        if index in self.broken:
            raise IchViewerError("cannot be read")
        stored = np.full((32, 32), 40, dtype=np.int16)
        stored[10:20, 10:20] = 70
        stored[0, 0] = index
        image = SliceImage((stored / self.slope).astype(np.int16), Rescale(self.slope, 0.0))
        return DecodedSlice(image, pixel_hash=pixel_hash(image))

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        return None

    def clear(self) -> None:
        pass


def context(token: CancelToken | None = None) -> TaskContext:
    return TaskContext(lambda _: None, token or CancelToken())


def asked(slices: Slices, index: int = 20, **others: object) -> Growth:
    pixels = slices.get(SERIES.slices[index]).pixel_hash
    slices.read.clear()
    fields = {"seed_px": (15, 15), "range_hu": (50.0, 90.0), "within_mm": 20.0} | others
    return Growth(SERIES, index, pixels, **fields)  # type: ignore[arg-type]


def test_only_slices_within_reach_are_read():
    slices = Slices()
    found = grow_through(context(), asked(slices), slices)
    # 20 mm are four slices of 5 mm either way, and one more to see whether it would go on.
    assert slices.read == list(range(15, 26))
    assert len(found.masks) == 9 and found.reached_limit
    hashes = {mask.place: mask.pixel_hash for mask in found.masks}
    assert all(hashes[(f"1.2.{i}", 0)] == slices.get(SERIES.slices[i]).pixel_hash for i in range(16, 25))
    assert len(set(hashes.values())) == 9


def test_fractions_of_hu_are_compared_as_they_are():
    slices = Slices(slope=0.5)
    found = grow_through(context(), asked(slices, range_hu=(69.5, 70.0)), slices)
    on_seed = {mask.sop_uid: mask for mask in found.masks}["1.2.20"]
    assert on_seed.n_pixels == 100
    with pytest.raises(IchViewerError, match="no region grows"):
        grow_through(context(), asked(slices, range_hu=(69.0, 69.9)), slices)


def test_other_pixels_than_those_on_screen_are_refused():
    slices = Slices()
    wanted = replace(asked(slices), pixel_hash="of something else")
    with pytest.raises(IchViewerError, match="does not hold the pixels"):
        grow_through(context(), wanted, slices)


def test_a_seed_whose_slice_cannot_be_read_is_refused():
    slices = Slices()
    wanted = asked(slices)
    with pytest.raises(IchViewerError):
        grow_through(context(), wanted, Slices(broken=(20,)))


def test_it_ends_at_slices_that_cannot_be_read_and_says_so():
    slices = Slices(broken=(22,))
    found = grow_through(context(), asked(slices), slices)
    assert found.unread == (22,)
    assert {mask.sop_uid for mask in found.masks} == {f"1.2.{i}" for i in range(16, 22)}


def test_cancelling_stops_it_before_the_next_slice():
    slices, token = Slices(), CancelToken()
    wanted = asked(slices)
    token.cancel()
    with pytest.raises(Cancelled):
        grow_through(context(token), wanted, slices)
    assert slices.read == []


@pytest.mark.parametrize("range_hu", [(90.0, 50.0), (-2000.0, 0.0), (0.0, 5000.0), (float("nan"), 0.0)])
def test_ranges_that_are_none_are_refused(range_hu):
    with pytest.raises(ValueError, match="Received"):
        asked(Slices(), range_hu=range_hu)


def test_it_is_refused_in_words_where_slices_are_no_volume():
    assert refusal_in_3d(SERIES) == ""
    gap = replace(SERIES, problems=(Problem(ProblemCode.GAP, "x", "1 between 5.0 and 15.0 mm"),))
    assert "missing" in refusal_in_3d(gap)
    assert "position" in refusal_in_3d(make_series(5, row_direction=None))
    assert "spacing" in refusal_in_3d(make_series(5, spacing=None))
    assert "single slice" in refusal_in_3d(make_series(1))


def test_a_region_is_measured_only_on_its_own_pixels():
    slices, square = Slices(), np.zeros((32, 32), dtype=bool)
    square[10:20, 10:20] = True
    region = region_in(SERIES, {3: square, 4: square})
    numbers, read = check_and_measure(context(), region, SERIES, slices)
    assert numbers.no_ml is NoMl.OTHER_PIXELS and len(read) == 1
    unreadable, _ = check_and_measure(context(), region, SERIES, Slices(broken=(3,)))
    assert unreadable.no_ml is NoMl.UNREADABLE
    seen = {(*mask.place, mask.pixel_hash) for mask in region.masks}
    slices.read.clear()
    known, _ = check_and_measure(context(), region, SERIES, slices, seen)
    # Two slices of 100 pixels of 1 mm, 5 mm apart.
    assert known.volume is not None and known.volume.ml == pytest.approx(1.0) and slices.read == []
