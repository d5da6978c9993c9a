"""Growing through slices beside the window: on the pixels of the series, cancelled at once, refused in words."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from image_builders import make_series
from region_factory import NOON, region_in

from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.painted_region import PaintedRegion, SliceMask
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.region_edit import brushed
from ichviewer.domain.region_numbers import NoMl
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.ui.session.workers import TaskContext
from ichviewer.ui.tools.region_jobs import (
    BallStroke,
    Growth,
    check_and_measure,
    grow_through,
    paint_through,
    refusal_in_3d,
)

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


def closer(step_mm: float, shear: float = 0.0) -> Series:
    """Slices at other distances, each shifted down in its plane against the one before as under a tilted gantry."""
    placed = [
        replace(info, plane=replace(info.plane, position_mm=(-16.0, -16.0 + shear * i, step_mm * i)))
        for i, info in enumerate(SERIES.slices)
        if info.plane is not None
    ]
    return replace(SERIES, slices=tuple(placed))


def disc(slices: Slices, series: Series, index: int, at: tuple[float, float], radius: float) -> PaintedRegion:
    mask = brushed(np.zeros((32, 32), dtype=bool), [at], radius, series.slices[index].spacing)
    one = SliceMask.of((series.slices[index].sop_uid, 0), slices.get(series.slices[index]).pixel_hash, mask)
    return PaintedRegion("r", series.key, (one,), NOON, NOON)


def test_a_ball_has_its_volume_within_3_percent():
    slices, series = Slices(), closer(0.5)
    at, radius = (16.0, 16.0), 9.0
    ball = paint_through(
        context(), disc(slices, series, 20, at, radius), BallStroke(series, 20, (at,), radius), slices
    )
    assert ball is not None
    numbers, _ = check_and_measure(context(), ball, series, slices)
    ml = 4 / 3 * math.pi * radius**3 / 1000
    assert numbers.volume is not None and numbers.volume.ml == pytest.approx(ml, rel=0.03)
    assert numbers.volume.low_ml < ml < numbers.volume.high_ml


def test_a_ball_stays_a_ball_in_a_sheared_stack():
    # Each slice begins 1 mm, a row, further down: what lies above a row of the slice is a row less on the next.
    slices, series = Slices(), closer(2.0, shear=1.0)
    at = (16.0, 16.0)
    ball = paint_through(
        context(), disc(slices, series, 20, at, 5.0), BallStroke(series, 20, (at,), 5.0), slices
    )
    assert ball is not None
    middles = {mask.sop_uid: np.argwhere(mask.mask()).mean(axis=0).tolist() for mask in ball.masks}
    assert middles["1.2.21"] == pytest.approx([15, 16]) and middles["1.2.18"] == pytest.approx([18, 16])
    assert len(ball.masks) == 5


def test_a_ball_erases_what_is_there_and_reads_no_other_slice():
    slices, series = Slices(), closer(1.0)
    at = (16.0, 16.0)
    small = paint_through(
        context(), disc(slices, series, 20, at, 3.0), BallStroke(series, 20, (at,), 3.0), slices
    )
    assert small is not None and len(small.masks) == 5
    without = small.with_masks([m for m in small.masks if m.sop_uid != "1.2.20"], NOON)
    slices.read.clear()
    left = paint_through(context(), without, BallStroke(series, 20, (at,), 9.0, erase=True), slices)
    assert left is None and sorted(slices.read) == [18, 19, 21, 22]


def test_a_ball_keeps_to_a_range():
    slices, series = Slices(), closer(1.0)
    at = (10.0, 10.0)
    stroke = BallStroke(series, 20, (at,), 6.0, range_hu=(50.0, 90.0))
    found = paint_through(context(), None, stroke, slices)
    assert found is not None
    assert all(not mask.mask()[:10].any() and mask.mask()[10, 10] for mask in found.masks)


def test_a_ball_is_refused_on_pixels_that_were_replaced():
    slices, series = Slices(), closer(1.0)
    other = region_in(series, {21: np.ones((32, 32), dtype=bool)})
    with pytest.raises(IchViewerError, match="other pixels"):
        paint_through(context(), other, BallStroke(series, 20, ((16.0, 16.0),), 3.0), slices)
