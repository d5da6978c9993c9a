"""What a report prints of painted regions: values of the pixels that were painted on, and nothing of any others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from numpy.typing import NDArray
from region_factory import NOON

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.painted_region import PaintedRegion, masks_of
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceInfo
from ichviewer.errors import DecodeError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.open_study import open_study
from ichviewer.ui.look.language import english, set_lookup
from ichviewer.ui.report.regions import ReportedRegion
from ichviewer.ui.tools.report_regions import ReportRegions


def hu() -> NDArray[np.int16]:
    """40 HU, and a square of 10 x 10 pixels of 60 HU but two, of 50 and 80 HU."""
    values = np.full((32, 32), 40, dtype=np.int16)
    values[10:20, 10:20] = 60
    values[10, 10], values[19, 19] = 50, 80
    return values


def square(side: int) -> NDArray[np.bool_]:
    mask = np.zeros((32, 32), dtype=bool)
    mask[10 : 10 + side, 10 : 10 + side] = True
    return mask


class Desk:
    """A series of four slices, 5 mm apart, of pixels of 2 mm, and what is painted in it."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder
        write_series(folder, n=4, hu=hu(), **({"PixelSpacing": [2, 2]} | options))  # type: ignore[arg-type]
        self.series, self.pixels = open_study([folder]).series[0], PixelCache()

    def painted(self, masks: Mapping[int, NDArray[np.bool_]], name: str = "") -> PaintedRegion:
        hashes = [self.pixels.get(self.series.slices[i]).pixel_hash for i in masks]
        found = masks_of(self.series, masks, masks.values(), hashes)
        ordered = tuple(sorted(found, key=lambda mask: mask.place))
        return PaintedRegion(f"r{name}", self.series.key.in_file, ordered, NOON, NOON, name)

    def listed(self, *regions: PaintedRegion) -> tuple[ReportedRegion, ...]:
        return ReportRegions(self.series, regions).measured(self.pixels, CancelToken())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "study")


def test_volume_values_and_largest_slice_are_those_of_the_voxels(desk: Desk) -> None:
    (one,) = desk.listed(desk.painted({1: square(2), 2: square(10)}, "left"))
    # 104 pixels of 4 mm2, 5 mm a slice: 2.08 mL.
    assert one.measured.startswith("2.1 mL (")
    # 102 pixels of 60 HU would be 6,120, but two of them 50 and one 80: (101 * 60 + 2 * 50 + 80) / 104.
    assert one.hu == "60.0 (50 to 80) HU"
    assert (one.number, one.name, one.n_slices, one.refused, one.remarks) == (1, "left", 2, "", ())
    assert one.picture is not None
    assert one.picture.index == 2 and one.picture.mask.n_pixels == 100
    assert one.picture.decoded.pixel_hash == one.picture.mask.pixel_hash


def test_of_slices_with_as_many_pixels_the_first_is_shown(desk: Desk) -> None:
    (one,) = desk.listed(desk.painted({3: square(3), 1: square(3)}))
    assert one.picture is not None and one.picture.index == 1


def test_a_region_with_other_pixels_on_one_slice_is_not_printed_as_valid(desk: Desk) -> None:
    region = desk.painted({0: square(10), 1: square(2)})
    other = hu()
    other[0, 0] = 41
    # The same names and UIDs, other pixels: what a scanner does that sends a corrected series.
    write_series(desk.folder, n=4, hu=other, PixelSpacing=[2, 2])
    desk.series, desk.pixels = open_study([desk.folder]).series[0], PixelCache()
    (one,) = desk.listed(region)
    assert one.refused == "it was painted on other pixels"
    assert (one.measured, one.hu, one.picture) == ("", "", None)


def test_one_changed_slice_of_several_is_enough(desk: Desk) -> None:
    region = desk.painted({0: square(10), 1: square(2)})
    masks = tuple(replace(mask, pixel_hash="f" * 32) if mask.n_pixels == 4 else mask for mask in region.masks)
    (one,) = desk.listed(replace(region, masks=masks))
    assert one.refused == "it was painted on other pixels"
    assert one.picture is None and not one.hu and not one.measured


def test_a_region_of_which_a_slice_is_not_open_or_cannot_be_read_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = desk.painted({0: square(10), 1: square(2)})
    whole = desk.series
    desk.series = replace(whole, slices=whole.slices[:1])
    assert [one.refused for one in desk.listed(region)] == ["some of its slices are not open"]
    desk.series = whole

    def refuse(info: SliceInfo) -> object:
        raise DecodeError("the pixel data could not be decoded", "", "")

    monkeypatch.setattr(desk.pixels, "get", refuse)
    (one,) = desk.listed(region)
    assert one.refused == "one of its slices cannot be read" and one.picture is None


def test_without_pixel_spacing_there_are_pixels_and_the_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "study", PixelSpacing=None)
    (one,) = desk.listed(desk.painted({1: square(10)}))
    assert one.measured == "100 pixels"
    assert one.remarks == ("No mL: the files tell no pixel spacing",)
    assert one.hu == "60.1 (50 to 80) HU" and one.picture is not None


def test_values_that_are_no_hu_are_not_called_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "study", Modality="MR")
    (one,) = desk.listed(desk.painted({1: square(10)}))
    assert one.hu.endswith(" stored values")


def test_only_so_many_regions_keep_a_picture(desk: Desk) -> None:
    region = desk.painted({1: square(2)})
    regions = [replace(region, id=f"{i}", modified=NOON + timedelta(i)) for i in range(14)]
    found = desk.listed(*regions)
    assert [one.picture is not None for one in found] == [True] * 12 + [False] * 2
    assert all(one.measured for one in found)


def test_measuring_stops_when_the_report_is_not_wanted_any_more(desk: Desk) -> None:
    cancel = CancelToken()
    cancel.cancel()
    taken = ReportRegions(desk.series, (desk.painted({1: square(2)}),))
    with pytest.raises(Cancelled):
        taken.measured(desk.pixels, cancel)


def test_while_slices_may_still_come_there_are_no_ml(desk: Desk) -> None:
    region = desk.painted({1: square(10)})
    desk.series = replace(desk.series, problems=(Problem(ProblemCode.NOT_ALL_RECEIVED, "series"),))
    (one,) = desk.listed(region)
    assert one.measured == "100 pixels"
    assert one.remarks == ("No mL: not all images of the study were received",)


def test_values_and_reasons_are_in_the_language_of_the_window_and_english_for_dicom_objects(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path / "study", PixelSpacing=None)
    painted = desk.painted({1: square(10)})
    other = replace(painted, masks=(replace(painted.masks[0], pixel_hash="f" * 32),))
    before = set_lookup(lambda words, _apart, _number: f"⟦{words}⟧")
    try:
        one, two = desk.listed(painted, other)
        with english():
            in_english, _ = desk.listed(painted, other)
    finally:
        set_lookup(before)
    assert one.hu == "⟦60.1 (50 to 80) HU⟧"
    assert one.remarks == ("⟦No mL: ⟦the files tell no pixel spacing⟧⟧",)
    assert two.refused == "⟦it was painted on other pixels⟧"
    assert (in_english.hu, in_english.remarks) == (
        "60.1 (50 to 80) HU",
        ("No mL: the files tell no pixel spacing",),
    )
