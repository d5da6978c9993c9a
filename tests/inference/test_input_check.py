"""What the check of the input says of heads made of ellipses; real ones are judged in tests/learning."""

from __future__ import annotations

import dataclasses
import gc
import math
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_head import make_series

from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import PatientInfo
from ichviewer.inference.head import find_head
from ichviewer.inference.input_check import InputCheck
from ichviewer.inference.input_measures import PICTURE, bone_at_edge_mm, measure_picture
from ichviewer.inference.series_input import SeriesLayout

MM = 0.8
SIZE = 256
# Eight places in the brain, mm right of and behind its middle; four on either side.
VESSELS_MM = [(-40, -20), (-38, 15), (-25, 40), (-20, -45), (41, -18), (37, 17), (24, 42), (21, -44)]


def brain(*, scale=1.0, noise_hu=3.0, seed=0, mm=MM, size=SIZE):
    """A slice through a head: skull 142 x 178 mm outside, 7 mm thick, brain of 35 HU; noise in all of it."""
    y, x = (np.mgrid[:size, :size] - (size - 1) / 2) * mm / scale
    hu = np.full((size, size), -1000.0)
    for value, shrink in ((20, -4.0), (1000, 0.0), (35, 7.0)):
        hu[(x / (71 - shrink)) ** 2 + (y / (89 - shrink)) ** 2 < 1] = value
    return (hu + np.random.default_rng(seed).normal(0, noise_hu, hu.shape)).astype(np.float32)


def paint(hu, places_mm, value, radius_mm=1.5, mm=MM):
    """Round spots of one value."""
    y, x = (np.mgrid[: hu.shape[0], : hu.shape[1]] - (hu.shape[0] - 1) / 2) * mm
    for across, down in places_mm:
        hu[(x - across) ** 2 + (y - down) ** 2 < radius_mm**2] = value
    return hu


def judge(slices, *, step_mm=5.0, mm=MM, spacing_known=True, thickness_mm=None, age=None, **fields):
    """The check after all slices, and its problems by code."""
    series = make_series(
        len(slices),
        positions_mm=lambda i: step_mm * i,
        spacing_mm=mm if spacing_known else None,
        **fields,
    )
    infos = tuple(dataclasses.replace(info, thickness_mm=thickness_mm) for info in series.slices)
    series = dataclasses.replace(series, slices=infos, patient=PatientInfo(age_years=age))
    check = InputCheck(series, SeriesLayout.of(series))
    for index, hu in enumerate(slices):
        check.add(index, hu, (mm, mm), find_head(hu, (mm, mm)))
    return {problem.code: problem.found for problem in check.problems()}


def head(n=24, *, step_mm=5.0, scale=1.0, **brain_fields):
    """Slices from the feet up; the skull becomes small within 15 mm of the vertex."""
    outline = [min(1.0, 0.55 + 0.03 * step_mm * (n - 1 - i)) for i in range(n)]
    return [brain(seed=i, scale=scale * share, **brain_fields) for i, share in enumerate(outline)]


def test_a_plain_head_of_an_adult_is_inside():
    assert judge(head(), thickness_mm=5.0, age=60.0, description="Head 5.0 H30s") == {}


def test_bright_vessels_are_contrast_medium_and_their_hu_is_told():
    found = judge([paint(hu, VESSELS_MM, 180) for hu in head()])
    assert set(found) == {ProblemCode.CONTRAST_MEDIUM}
    assert "bright vessels" in found[ProblemCode.CONTRAST_MEDIUM]
    told = float(found[ProblemCode.CONTRAST_MEDIUM].split()[-2])
    assert 110 < told <= 181


def test_a_bright_sagittal_sinus_alone_is_contrast_medium():
    # A triangle 10 mm wide and 8 mm deep under the inner table, which lies 82 mm behind the middle.
    y, x = (np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2) * MM
    sinus = (y > 72) & (y < 82) & (np.abs(x) < 7)
    slices = head()
    for hu in slices:
        hu[sinus & (hu < 300)] = 150
    assert "bright vessels" in judge(slices)[ProblemCode.CONTRAST_MEDIUM]


@pytest.mark.parametrize("step_mm", [1.0, 2.5, 7.0])
def test_bright_vessels_are_seen_at_any_distance_of_the_slices(step_mm):
    n = round(115 / step_mm)
    noise = 12.0 if step_mm < 2 else 4.0
    slices = [paint(hu, VESSELS_MM, 200) for hu in head(n, step_mm=step_mm, noise_hu=noise)]
    assert ProblemCode.CONTRAST_MEDIUM in judge(slices, step_mm=step_mm)
    assert judge(head(n, step_mm=step_mm, noise_hu=noise), step_mm=step_mm) == {}


def test_calcifications_in_a_few_slices_are_none():
    slices = head()
    for hu in slices[12:15]:
        paint(hu, [(-22, 30), (22, 30), (0, 15)], 250, radius_mm=4)
    assert judge(slices) == {}


def test_a_catheter_on_one_side_is_none():
    assert judge([paint(hu, [(30, -10)], 300, radius_mm=2) for hu in head()]) == {}


def test_fresh_blood_is_none_however_much():
    assert judge([paint(hu, [(25, 0)], 78, radius_mm=30) for hu in head()]) == {}


@pytest.mark.parametrize("noise_hu", [5.0, 15.0, 30.0])
def test_noise_is_not_taken_for_vessels(noise_hu):
    assert ProblemCode.CONTRAST_MEDIUM not in judge(head(noise_hu=noise_hu))


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"contrast_agent": "IOMERON 400"}, "IOMERON 400"), ({"description": "CTA HEAD"}, "CTA HEAD")],
)
def test_headers_that_tell_of_contrast_medium_are_believed(fields, word):
    assert word in judge(head(), **fields)[ProblemCode.CONTRAST_MEDIUM]


def test_headers_are_judged_where_no_head_is_found():
    assert set(judge([np.full((SIZE, SIZE), -1000, np.float32)] * 3, contrast_agent="X")) == {
        ProblemCode.CONTRAST_MEDIUM
    }


def test_a_header_that_denies_it_does_not_hide_bright_vessels():
    slices = [paint(hu, VESSELS_MM, 180) for hu in head()]
    assert ProblemCode.CONTRAST_MEDIUM in judge(
        slices, description="HEAD W/O CONTRAST", contrast_agent="NONE"
    )


@pytest.mark.parametrize(("noise_hu", "high"), [(5.0, False), (25.0, True)])
def test_noise_beyond_what_was_trained_on_is_told_with_its_amount(noise_hu, high):
    found = judge(head(noise_hu=noise_hu))
    assert (ProblemCode.HIGH_NOISE in found) == high
    if high:
        assert found[ProblemCode.HIGH_NOISE].endswith("HU at 0.7 mm a pixel")


def test_the_measured_noise_is_that_of_flat_tissue():
    rng = np.random.default_rng(4)
    hu = np.full((288, 288), 35.0) + rng.normal(0, 6.0, (288, 288))
    grey = ((hu + 55) / 2).astype(np.float32)
    lying = find_head(brain(), (MM, MM))
    # The quarter of blocks with the least spread: a little below the true 6 HU.
    assert measure_picture(grey, lying).noise_hu == pytest.approx(5.5, abs=0.3)


def test_too_little_tissue_tells_no_noise():
    empty = np.zeros((PICTURE.size_px, PICTURE.size_px), np.float32)
    assert math.isnan(measure_picture(empty, find_head(brain(), (MM, MM))).noise_hu)


@pytest.mark.parametrize(
    ("thickness_mm", "step_mm", "found"),
    [
        (10.0, 10.0, "slices 10 mm thick"),
        (None, 10.0, "slices 10 mm apart"),
        (1.0, 10.0, "slices 10 mm apart"),
        (7.5, 7.5, ""),
        (5.0, 5.0, ""),
        (0.6, 5.0, ""),
    ],
)
def test_thick_slices_and_wide_gaps_are_unusual(thickness_mm, step_mm, found):
    slices = head(round(125 / step_mm), step_mm=step_mm)
    assert (
        judge(slices, step_mm=step_mm, thickness_mm=thickness_mm).get(ProblemCode.UNUSUAL_THICKNESS, "")
        == found
    )


@pytest.mark.parametrize(
    ("age", "child"), [(0.0, True), (5.0, True), (17.9, True), (18.0, False), (80.0, False)]
)
def test_the_age_in_the_header_decides_who_is_a_child(age, child):
    assert (ProblemCode.CHILD_HEAD in judge(head(), age=age)) == child


def test_a_small_skull_is_a_childs_where_no_age_is_told():
    found = judge(head(scale=0.8))
    assert set(found) == {ProblemCode.CHILD_HEAD}
    width = float(found[ProblemCode.CHILD_HEAD].split()[1])
    assert width == pytest.approx(142 * 0.8, abs=5)


def test_a_small_skull_of_an_adult_is_not():
    assert judge(head(scale=0.8), age=80.0) == {}


def test_a_small_skull_in_an_estimated_scale_says_nothing():
    assert judge(head(scale=0.8), spacing_known=False) == {}


def test_a_skull_that_the_edge_of_the_image_cuts_is_told():
    cut = [np.ascontiguousarray(hu[:, 60:]) for hu in head()]
    assert "cut by the edge" in judge(cut)[ProblemCode.UNUSUAL_FIELD_OF_VIEW]


def test_a_skull_that_the_circle_of_reconstruction_cuts_is_told():
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    slices = []
    for hu in head(scale=1.25):
        hu[y**2 + x**2 > (SIZE / 2) ** 2] = -1000
        slices.append(hu)
    assert "cut by the edge" in judge(slices)[ProblemCode.UNUSUAL_FIELD_OF_VIEW]


def test_no_bone_reaches_the_edge_of_a_whole_head():
    assert bone_at_edge_mm(brain(), (MM, MM)) == 0.0


def test_a_few_slices_do_not_hold_the_head():
    assert "over 30 mm" in judge(head(6))[ProblemCode.UNUSUAL_FIELD_OF_VIEW]


def test_slices_that_end_below_the_vertex_do_not_hold_the_head_and_tell_no_contrast_medium():
    # What is bright in the highest slices of such a part may be the skull base.
    slices = [paint(hu, VESSELS_MM, 200) for hu in head(30)[:20]]
    assert judge(slices) == {ProblemCode.UNUSUAL_FIELD_OF_VIEW: "the slices end below the vertex"}


def test_coarse_pixels_are_an_unusual_field_of_view():
    slices = head(mm=1.3, size=200)
    assert judge(slices, mm=1.3)[ProblemCode.UNUSUAL_FIELD_OF_VIEW] == "pixels of 1.30 mm"


def test_a_single_slice_is_judged_without_a_guess():
    assert set(judge([brain()])) <= {ProblemCode.UNUSUAL_FIELD_OF_VIEW}


def test_asking_twice_and_in_between_gives_the_same_answer():
    series = make_series(100, positions_mm=float, spacing_mm=MM)
    asked, whole = (InputCheck(series, SeriesLayout.of(series)) for _ in range(2))
    for index, plain in enumerate(head(100, step_mm=1.0)):
        hu = paint(plain, VESSELS_MM, 200)
        found = find_head(hu, (MM, MM))
        asked.add(index, hu, (MM, MM), found)
        whole.add(index, hu, (MM, MM), found)
        if index == 50:
            asked.problems()
    assert {p.code for p in asked.problems()} == {p.code for p in whole.problems()}
    assert whole.problems() == whole.problems()


def test_no_slice_is_kept():
    series = make_series(30, spacing_mm=MM)
    check = InputCheck(series, SeriesLayout.of(series))
    seen = []
    for index in range(30):
        hu = brain(seed=index)
        check.add(index, hu, (MM, MM), find_head(hu, (MM, MM)))
        seen.append(weakref.ref(hu))
    del hu
    gc.collect()
    assert [ref() for ref in seen] == [None] * 30


@settings(max_examples=8, deadline=None)
@given(st.booleans(), st.integers(-12, 12), st.sampled_from([None, 170.0]))
def test_mirroring_and_moving_a_head_changes_nothing(mirrored, shift_px, vessel_hu):
    slices = head(14, step_mm=8.0)
    if vessel_hu is not None:
        slices = [paint(hu, VESSELS_MM, vessel_hu) for hu in slices]
    changed = [np.roll(hu[:, ::-1] if mirrored else hu, shift_px, axis=1) for hu in slices]
    assert set(judge(changed, step_mm=8.0)) == set(judge(slices, step_mm=8.0))
