from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from synthetic_head import air_hu, body_hu, head_hu, make_series

from ichviewer.inference.head import Head
from ichviewer.inference.preprocess import Channel, Orientation, PreprocessSettings
from ichviewer.inference.series_input import SeriesInput, SeriesLayout, has_tissue, slices_of_head

HEAD = Head(63.5, 63.5, 140.0, 170.0, 1.0, 1.0)
SETTINGS = PreprocessSettings(size_px=32, mm_per_px=1.0)


@pytest.mark.parametrize(
    ("thicknesses", "step"),
    [((None, None, None), 5.0), ((2.5, 2.5, None), 2.5), ((0.0, 0.0, 0.0), 5.0), ((99.0,) * 3, 5.0)],
)
def test_unknown_positions_are_as_far_apart_as_slices_are_thick(thicknesses, step):
    series = make_series(3, positions_mm=None)
    slices = tuple(
        dataclasses.replace(info, thickness_mm=t) for info, t in zip(series.slices, thicknesses, strict=True)
    )
    layout = SeriesLayout.of(dataclasses.replace(series, slices=slices))
    assert layout.positions_mm == (0.0, step, 2 * step)


def test_layout_takes_positions_from_the_file_or_assumes_5_mm():
    assert SeriesLayout.of(make_series(3, positions_mm=[-1.0, 2.0, 9.0])).positions_mm == (-1.0, 2.0, 9.0)
    assert SeriesLayout.of(make_series(3, positions_mm=None)).positions_mm == (0.0, 5.0, 10.0)


def test_layout_turns_what_is_stored_the_other_way_round():
    upside_down = make_series(1, row_direction=(-1.0, 0.0, 0.0), column_direction=(0.0, -1.0, 0.0))
    assert SeriesLayout.of(upside_down).orientation == Orientation(flip_rows=True, flip_columns=True)
    assert SeriesLayout.of(make_series(1, positions_mm=None)).orientation == Orientation()


def test_slices_between_and_shortly_beyond_heads_belong():
    positions = [5.0 * i for i in range(20)]
    heads: dict[int, Head | None] = dict.fromkeys(range(20))
    for i in (8, 9, 11, 12):
        heads[i] = HEAD
    # Heads at 40..60 mm, so 20..80 mm belong: slices 4..16.
    assert slices_of_head(heads, positions) == set(range(4, 17))


def test_unreadable_slices_do_not_belong():
    assert slices_of_head({0: HEAD, 2: None}, [0.0, 5.0, 10.0]) == {0, 2}


@pytest.mark.parametrize(
    ("n", "found", "is_head"), [(1, 1, True), (9, 1, True), (10, 2, False), (10, 3, True), (3, 0, False)]
)
def test_a_long_series_needs_three_heads(n, found, is_head):
    heads = {i: HEAD if i < found else None for i in range(n)}
    assert bool(slices_of_head(heads, [5.0 * i for i in range(n)])) is is_head


def test_tissue():
    spacing = (1.8, 1.8)
    assert has_tissue(head_hu().astype(np.float32), spacing)
    assert has_tissue(body_hu().astype(np.float32), spacing)
    assert not has_tissue(air_hu().astype(np.float32), spacing)


def constant_slices(values, **kwargs) -> tuple[SeriesInput, list[int]]:
    asked: list[int] = []

    def hu_of(index: int) -> np.ndarray:
        asked.append(index)
        return np.full((128, 128), values[index], np.float32)

    n = len(values)
    layout = SeriesLayout(tuple(kwargs.get("positions", [5.0 * i for i in range(n)])), Orientation())
    heads = {i: HEAD for i in range(n) if i not in kwargs.get("missing", ())}
    settings = kwargs.get("settings", SETTINGS)
    return SeriesInput(
        layout, heads, hu_of, shape=(128, 128), spacing_mm=(2.0, 2.0), settings=settings
    ), asked


def middle(picture: np.ndarray) -> list[int]:
    return picture[16, 16].tolist()


def test_channels_are_the_slices_below_and_above():
    # Window 40/120: grey = (HU + 20) / 120 * 255, so -20, 4, 28, 52 HU give 0, 51, 102, 153.
    source, _ = constant_slices([-20.0, 4.0, 28.0, 52.0])
    assert middle(source.input(1)) == [0, 51, 102]
    assert middle(source.input(3)) == [102, 153, 153]  # nothing above the last: it stands for itself


@pytest.mark.parametrize("n", [1, 3, 4, 5])
def test_a_slice_through_several_windows_and_neighbors_farther_away(n):
    # 20 HU through 40/80 is 20 / 80, 80/200 40 / 200, 40/400 180 / 400 of 255; -20 and 60 HU lie 10 mm away.
    channels = (Channel(0, 40, 80), Channel(0, 80, 200), Channel(0, 40, 400), Channel(-10), Channel(10))
    settings = dataclasses.replace(SETTINGS, channels=channels[:n])
    source, _ = constant_slices([-20.0, 0.0, 20.0, 40.0, 60.0], settings=settings)
    assert source.input(2).shape == (32, 32, n)
    assert middle(source.input(2)) == [64, 51, 115, 0, 170][:n]
    # What lies below is not needed again, what lies between here and 10 mm above is.
    assert middle(source.input(3))[0] == 128


def test_what_the_next_slices_need_is_told_as_far_as_the_channels_reach():
    settings = dataclasses.replace(SETTINGS, channels=(Channel(0), Channel(10)))
    source, _ = constant_slices([0.0] * 8, settings=settings)
    # The input of slice 1 is made of slices 1 to 3, with 2.5 mm to spare.
    assert source.needed_next(1, 2) == [4, 5]


def test_a_picture_in_hu_is_what_an_input_is_made_of():
    source, _ = constant_slices([-500.0, 4.0, 3000.0])
    assert [source.picture_hu(i)[16, 16] for i in range(3)] == [-160, 4, 240]


def test_a_picture_is_cut_out_around_the_head_of_its_slice():
    # The middle of a head that drifts by 1 px a slice, in slices stored upside down.
    layout = SeriesLayout(tuple(5.0 * i for i in range(12)), Orientation(flip_rows=True))
    heads: dict[int, Head | None] = {
        i: dataclasses.replace(HEAD, center_row_px=40.0 + i, center_column_px=70.0)
        for i in range(12)
        if i != 3
    }
    source = SeriesInput(
        layout,
        heads,
        lambda _: np.zeros((128, 100), np.float32),
        shape=(128, 100),
        spacing_mm=(2.0, 1.5),
        settings=SETTINGS,
    )
    crop = source.crop(8)
    assert (crop.orientation, crop.shape, crop.spacing_mm) == (layout.orientation, (128, 100), (2.0, 1.5))
    assert crop.center_px == pytest.approx((48.0, 70.0))


def test_a_missing_slice_is_no_neighbor():
    source, asked = constant_slices([-20.0, 4.0, 28.0, 52.0], missing=(2,))
    assert middle(source.input(1)) == [0, 51, 51]
    assert 2 not in asked


def test_thin_slices_are_averaged_over_5_mm():
    # 1 mm slices, the one in question 100 HU and the others 0: a 5 mm slab holds a fifth of it, 20 HU -> 85.
    values = [0.0] * 21
    values[10] = 100.0
    source, _ = constant_slices(values, positions=[float(i) for i in range(21)])
    low, center, high = middle(source.input(10))
    assert center == 85
    assert low == high == pytest.approx(42, abs=1)  # (0 + 20) / 120 * 255 = 42.5


def test_every_slice_is_asked_for_once():
    source, asked = constant_slices([0.0] * 6)
    for i in range(6):
        source.input(i)
    assert sorted(asked) == list(range(6))


def test_thin_slices_are_asked_for_once_too():
    source, asked = constant_slices([0.0] * 40, positions=[1.0 * i for i in range(40)])
    for i in range(40):
        source.input(i)
    assert sorted(asked) == list(range(40))
