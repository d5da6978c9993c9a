"""Which slice belongs beside which: expected places are worked out by hand, invariants checked with hypothesis."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_builders import make_series

from ichviewer.domain.geometry import PixelSpacing, Plane, Vector
from ichviewer.domain.series import SeriesKey
from ichviewer.ui.panes.image_frame import ImageFrame, Placement
from ichviewer.ui.panes.links import (
    Anchor,
    Beside,
    LinkSettings,
    Picture,
    Stack,
    beside,
    linked_placement,
    shares_patient_space,
    stack_of,
)
from ichviewer.ui.panes.orientation import UPRIGHT

RIGHT: Vector = (1.0, 0.0, 0.0)
BACK: Vector = (0.0, 1.0, 0.0)


def stack(
    *heights_mm: float, uid: str = "1.9", name: str = "a", down: Vector = BACK, thickness_mm: float = 0.0
) -> Stack:
    """Slices at these heights, whose first pixel lies at (-16, -16)."""
    plain = make_series(len(heights_mm))
    slices = tuple(
        replace(
            info,
            plane=Plane((-16.0, -16.0, z), RIGHT, down),
            thickness_mm=thickness_mm,
            frame_of_reference_uid=uid,
        )
        for info, z in zip(plain.slices, heights_mm, strict=True)
    )
    found = stack_of(replace(plain, key=SeriesKey("1", name), slices=slices))
    assert found is not None
    return found


def test_the_nearest_slice_by_position_is_beside_it() -> None:
    thick, thin = stack(0, 5, 10, name="thick"), stack(*range(13), name="thin")
    assert [beside(thick, i, thin) for i in range(3)] == [Beside(0), Beside(5), Beside(10)]
    # 7 mm is nearer to 5 than to 10, 8 mm is not; 12 mm lies 2 beyond the end, within half of 5 mm.
    assert [beside(thin, i, thick) for i in (7, 8, 12)] == [Beside(1), Beside(2), Beside(2)]


@pytest.mark.parametrize(
    ("place_mm", "index"), [(-2.5, 0), (-2.6, None), (2.4, 0), (2.6, 1), (12.5, 2), (12.6, None)]
)
def test_beyond_the_ends_there_is_no_slice(place_mm: float, index: int | None) -> None:
    # The usual gap is 5 mm, so half of it is in reach.
    assert stack(0, 5, 10).nearest(place_mm) == index


def test_in_the_middle_of_a_hole_no_slice_is_shown() -> None:
    # Between 10 and 30 slices are missing. There a slice reaches as far as half of 1.5 usual gaps: 3.75 mm.
    gapped = stack(0, 5, 10, 30, 35)
    assert [gapped.nearest(z) for z in (13.7, 13.8, 20, 26.2, 26.3)] == [2, None, None, None, 3]


def test_a_thick_slice_reaches_as_far_as_it_is_thick() -> None:
    assert stack(0, 2, 4, thickness_mm=4).nearest(5.9) == 2
    assert stack(0, 2, 4, thickness_mm=0).nearest(5.9) is None
    # A thickness that cannot be is not believed: at most twice the usual gap counts.
    assert stack(0, 2, 4, thickness_mm=500).nearest(6.1) is None


def test_a_tilted_stack_is_met_by_the_middle_of_its_slices() -> None:
    # Tilted by 20 degrees about the left-right axis: the middle (15.5 px down) of the slice whose first pixel lies at
    # (-16, -16, z) is at y = -16 + 15.5 cos 20, z + 15.5 sin 20 = z + 5.301.
    tilt = math.radians(20)
    askew = stack(0, 5, 10, down=(0.0, math.cos(tilt), math.sin(tilt)), name="tilted")
    straight = stack(*range(21), name="straight")
    assert shares_patient_space(askew, straight)
    assert [beside(askew, i, straight) for i in range(3)] == [Beside(5), Beside(10), Beside(15)]


def test_other_frames_patients_and_planes_are_not_linked() -> None:
    here = stack(0, 5, 10)
    assert beside(here, 0, stack(0, 5, 10, uid="2.2", name="b")) is None
    assert beside(stack(0, 5, uid="", name="a"), 0, stack(0, 5, uid="", name="b")) is None
    sagittal = stack(0, 5, 10, down=(0.0, 0.0, 1.0), name="coronal")
    assert beside(here, 0, sagittal) is None
    other = stack(0, 5, 10, name="b").series
    somebody = Stack(replace(other, patient=replace(other.patient, id="other")))
    assert beside(here, 0, somebody) is None


def test_a_series_is_beside_itself_even_without_a_frame_of_reference() -> None:
    alone = stack(0, 5, 10, uid="")
    assert beside(alone, 2, alone) == Beside(2)


def test_slices_without_positions_are_no_stack() -> None:
    assert stack_of(make_series(3, row_direction=None)) is None


def test_a_distance_set_by_hand_counts_before_positions_and_only_for_its_series() -> None:
    here, there = stack(0, 5, 10), stack(100, 105, 110, uid="2.2", name="b")
    anchors = Anchor(here.series.key, 5.0), Anchor(there.series.key, 110.0)
    assert beside(here, 0, there, anchors) == Beside(1, 105.0)
    assert beside(here, 2, there, anchors) == Beside(None, 105.0), "115 mm is beyond the end at 110"
    assert beside(here, 0, there, (anchors[0], None)) is None
    assert beside(here, 0, there, (anchors[0], Anchor(SeriesKey("1", "c"), 110.0))) is None
    with pytest.raises(ValueError, match="Received: nan"):
        Anchor(here.series.key, math.nan)


heights = st.lists(st.floats(-200, 200, width=32), min_size=1, max_size=20, unique=True).map(sorted)


@given(heights, st.floats(-300, 300))
def test_no_other_slice_is_nearer_and_a_wrong_place_is_never_shown(zs: list[float], place_mm: float) -> None:
    them = stack(*zs)
    found = them.nearest(place_mm)
    away = [abs(z - place_mm) for z in zs]
    if found is not None:
        assert away[found] == min(away)
        assert away[found] <= 0.75 * them.usual_gap_mm + 1e-6 or len(zs) == 1
    else:
        assert min(away) > 0


@given(heights)
def test_every_slice_is_nearest_to_its_own_place(zs: list[float]) -> None:
    them = stack(*zs)
    assert [them.nearest(float(place)) for place in them.places_mm] == list(range(len(zs)))


@given(st.integers(2, 30), st.floats(0.5, 10), st.floats(-500, 500), st.data())
def test_there_and_back_by_a_distance_is_the_same_slice(
    n: int, gap_mm: float, shift_mm: float, data: st.DataObject
) -> None:
    here = stack(*(gap_mm * i for i in range(n)))
    there = stack(*(gap_mm * i + shift_mm for i in range(n)), uid="2.2", name="b")
    at, to, index = (data.draw(st.integers(0, n - 1)) for _ in range(3))
    anchors = (
        Anchor(here.series.key, float(here.places_mm[at])),
        Anchor(there.series.key, float(there.places_mm[to])),
    )
    found = beside(here, index, there, anchors)
    assert found is not None
    expected = index + to - at
    assert found.index == (expected if 0 <= expected < n else None)
    if found.index is not None:
        back = beside(there, found.index, here, (anchors[1], anchors[0]))
        assert back is not None and back.index == index


# Zoom and pan

FRAME = ImageFrame(100, 200, PixelSpacing(0.5, 0.5))


def test_zoom_of_the_same_picture_is_the_same_and_grows_with_the_pane() -> None:
    placement = Placement((30.0, 20.0), 4.0)
    there = linked_placement(placement, Picture(FRAME, (400, 300)), Picture(FRAME, (800, 600)), UPRIGHT)
    assert there == Placement((30.0, 20.0), 8.0)
    assert linked_placement(None, Picture(FRAME, (4, 3)), Picture(FRAME, (8, 6)), UPRIGHT) is None


def test_without_common_positions_the_distance_from_the_middle_is_kept() -> None:
    # The picture is 100 x 50 mm; (60, 20) is 10 right of and 5 above its middle. The other one is 50 x 50 mm.
    small = ImageFrame(50, 50)
    there = linked_placement(
        Placement((60.0, 20.0), 4.0), Picture(FRAME, (300, 300)), Picture(small, (300, 300)), UPRIGHT
    )
    assert there == Placement((35.0, 20.0), 4.0)


def test_with_common_positions_the_same_place_of_the_patient_is_in_the_middle() -> None:
    # Outer corners at -16.25 and -20.25 mm (half a pixel before the first center): 4 mm apart.
    source = Picture(FRAME, (300, 300), Plane((-16.0, -16.0, 0.0), RIGHT, BACK))
    target = Picture(FRAME, (300, 300), Plane((-20.0, -16.0, 7.0), RIGHT, BACK))
    there = linked_placement(Placement((60.0, 20.0), 4.0), source, target, UPRIGHT)
    assert there == Placement((64.0, 20.0), 4.0)


def test_what_is_linked_is_switched_one_at_a_time() -> None:
    settings = LinkSettings()
    assert (settings.scroll, settings.window, settings.zoom) == (True, False, False)
    assert settings.toggled("zoom").toggled("scroll") == LinkSettings(False, False, True)
