"""Three planes through a crosshair, as a value."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from volume_builders import make_geometry

from ichviewer.domain.plane_view import PATIENT_AXES
from ichviewer.domain.slab import Projection, Slab
from ichviewer.ui.panes.reformat_state import SLAB_STEPS_MM, ReformatState, Section

# x 0 to 40 mm, y 0 to 30 mm, z 0 to 20 mm; slices 5 mm apart.
PLAIN = make_geometry((5, 31, 41), step_mm=5.0)
TILTED = make_geometry((5, 31, 41), step_mm=5.0, tilt_deg=20.0, spacing_mm=(0.5, 0.7))

points = st.tuples(*(st.floats(-60, 60) for _ in range(3)))
sections = st.sampled_from(Section)
actions = st.one_of(
    st.tuples(st.just("through"), points),
    st.tuples(st.just("stepped"), sections, st.integers(-8, 8)),
    st.tuples(st.just("line_dragged"), sections, points),
    st.tuples(st.just("turned"), sections, st.floats(-180, 180)),
    st.tuples(st.just("upright")),
    st.tuples(st.just("thicker")),
    st.tuples(st.just("reset")),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([PLAIN, TILTED]), st.lists(actions, max_size=8))
def test_planes_stay_at_right_angles_through_the_crosshair_whatever_is_done(geometry, done):
    state = ReformatState.of(geometry)
    for name, *how in done:
        state = getattr(state, name)(*how)  # __post_init__ refuses planes that do not meet at right angles
        for section in Section:
            view = state.view(section)
            assert abs(view.distance_mm(state.crosshair_mm)) < 1e-6
            corners = view.px_of(geometry.corners_mm())
            assert (corners > -1.01).all() and (corners < [view.rows + 0.01, view.columns + 0.01]).all()


@settings(max_examples=60, deadline=None)
@given(sections, st.floats(-90, 90))
def test_turning_back_undoes_a_turn(section, degrees):
    state = ReformatState.of(TILTED)
    again = state.turned(section, degrees).turned(section, -degrees)
    assert again.view(section) == state.view(section)
    for other in Section:
        assert np.allclose(again.view(other).normal, state.view(other).normal, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([PLAIN, TILTED]),
    st.tuples(sections, sections, sections),
    st.tuples(st.floats(-180, 180), st.floats(-180, 180)),
    points,
)
def test_a_plane_that_was_left_is_shown_again_pixel_for_pixel(geometry, which, degrees, point):
    one, other, section = which
    there = ReformatState.of(geometry).through(point).turned(one, degrees[0]).turned(other, degrees[1])
    wanted = there.view(section)
    slab = Slab(5.0, Projection.MINIMUM)
    elsewhere = ReformatState.of(geometry).thicker()
    shown, found = elsewhere.showing(wanted, there.crosshair_mm, slab)
    view = shown.view(found)
    assert (view.rows, view.columns) == (wanted.rows, wanted.columns)
    corners = [0, wanted.rows - 1], [0, wanted.columns - 1]
    assert view.mm_at(*corners) == pytest.approx(wanted.mm_at(*corners), abs=1e-6)
    assert shown.slab == slab and shown.crosshair_mm == pytest.approx(there.crosshair_mm, abs=1e-6)
    # And the plane alone again, whatever slab there was.
    assert shown.showing(wanted, there.crosshair_mm, None)[0].slab is None


def test_a_plane_is_shown_where_it_is_named():
    state = ReformatState.of(PLAIN)
    for section in Section:
        assert state.showing(state.view(section), (1.0, 2.0, 3.0), None)[1] is section
        turned = state.turned(Section.CORONAL if section is not Section.CORONAL else Section.AXIAL, 30.0)
        shown, found = state.showing(turned.view(section), turned.crosshair_mm, None)
        assert found is section and shown.is_oblique(section)
    # In a straightened head, that of the head; a plane of the patient is the patient's again.
    straight = state.straightened(((10.0, 5.0, 10.0), (14.0, 25.0, 10.0)))
    assert straight.is_straightened
    assert straight.showing(straight.view(Section.SAGITTAL), (10.0, 5.0, 10.0), None)[0].is_straightened
    back, _ = straight.showing(state.view(Section.SAGITTAL), (10.0, 5.0, 10.0), None)
    assert not back.is_straightened and not back.is_oblique(Section.SAGITTAL)


def test_the_crosshair_may_lie_beside_the_volume_on_a_plane_that_was_drawn_on():
    state = ReformatState.of(PLAIN)
    shown, section = state.showing(state.view(Section.CORONAL), (70.0, 3.0, 10.0), None)
    assert section is Section.CORONAL and shown.crosshair_mm == pytest.approx((70.0, 15.0, 10.0))


def test_it_begins_with_the_patients_planes_through_the_middle():
    state = ReformatState.of(PLAIN)
    assert state.crosshair_mm == (20.0, 15.0, 10.0)
    assert (state.view(Section.AXIAL).right, state.view(Section.AXIAL).down) == ((1, 0, 0), (0, 1, 0))
    assert (state.view(Section.CORONAL).right, state.view(Section.CORONAL).down) == ((1, 0, 0), (0, 0, -1))
    assert (state.view(Section.SAGITTAL).right, state.view(Section.SAGITTAL).down) == ((0, 1, 0), (0, 0, -1))
    # 41 x 31 pixels of 1 mm; 20 mm of slices are 21 rows of 1 mm.
    shapes = {s: (state.view(s).rows, state.view(s).columns) for s in Section}
    assert shapes == {"axial": (31, 41), "coronal": (21, 41), "sagittal": (21, 31)}
    assert not any(state.is_oblique(section) for section in Section)


def test_a_step_goes_to_the_next_slice_row_or_column_and_stops_at_the_end():
    state = ReformatState.of(PLAIN)
    assert abs(state.stepped(Section.AXIAL, 1).crosshair_mm[2] - 10) == pytest.approx(5)
    assert abs(state.stepped(Section.CORONAL, 3).crosshair_mm[1] - 15) == pytest.approx(3)
    assert abs(state.stepped(Section.SAGITTAL, -2).crosshair_mm[0] - 20) == pytest.approx(2)
    ends = {state.stepped(Section.AXIAL, way).crosshair_mm[2] for way in (-1000, 1000)}
    assert sorted(ends) == pytest.approx([0, 20])


def test_the_crosshair_stays_within_the_volume():
    state = ReformatState.of(PLAIN).through((100.0, -7.0, 12.0))
    assert state.crosshair_mm == pytest.approx((40.0, 0.0, 12.0))


def test_dragging_a_line_moves_its_plane_alone():
    # The coronal line to y = 4; where along the line it was taken hold of does not matter.
    state = ReformatState.of(PLAIN).line_dragged(Section.CORONAL, (33.0, 4.0, 10.0))
    assert state.crosshair_mm == pytest.approx((20.0, 4.0, 10.0))


def test_turning_an_axial_plane_makes_the_two_others_oblique():
    state = ReformatState.of(PLAIN).turned(Section.AXIAL, 30)
    assert state.view(Section.AXIAL) == ReformatState.of(PLAIN).view(Section.AXIAL)
    # Clockwise as seen: right turns towards down, which is the back.
    expected = (math.cos(math.radians(30)), math.sin(math.radians(30)), 0)
    assert state.view(Section.CORONAL).right == pytest.approx(expected)
    assert [s for s in Section if state.is_oblique(s)] == [Section.CORONAL, Section.SAGITTAL]
    assert not any(state.upright().is_oblique(s) for s in Section)


def test_lines_lie_where_planes_cut():
    lines = ReformatState.of(PLAIN).lines(Section.AXIAL)
    assert set(lines) == {Section.CORONAL, Section.SAGITTAL}
    # Row 15 is y = 15 mm, column 20 is x = 20 mm.
    assert {lines[Section.CORONAL].start[0], lines[Section.CORONAL].end[0]} == {15.0}
    assert {lines[Section.SAGITTAL].start[1], lines[Section.SAGITTAL].end[1]} == {20.0}


def test_straightening_makes_the_midline_vertical():
    # The front leans 5 mm to the patient's left (+x) over 20 mm.
    state = ReformatState.of(PLAIN).straightened(midline_mm=((22.5, 5.0, 10.0), (17.5, 25.0, 10.0)))
    down = state.view(Section.AXIAL).down
    assert down[0] / down[1] == pytest.approx(-5 / 20)
    assert state.is_straightened and not any(state.is_oblique(s) for s in Section)
    assert state.reset().axes == PATIENT_AXES


def test_a_short_midline_is_refused():
    with pytest.raises(ValueError, match="at least 5 mm"):
        ReformatState.of(PLAIN).straightened(midline_mm=((20.0, 5.0, 10.0), (20.0, 9.0, 10.0)))


def test_slabs_go_from_the_plane_alone_to_50_mm_and_back():
    state = ReformatState.of(PLAIN)
    assert state.slab is None and state.thinner().slab is None
    seen = []
    while state.thicker() != state:
        state = state.thicker()
        seen.append(state.thickness_mm)
    assert tuple(seen) == SLAB_STEPS_MM and (seen[0], seen[-1]) == (1.0, 50.0)
    for _ in SLAB_STEPS_MM:
        state = state.thinner()
    assert state.slab is None


def test_a_projection_needs_a_slab_and_gets_one():
    state = ReformatState.of(PLAIN).with_projection(Projection.MAXIMUM)
    assert (state.slab.thickness_mm, state.slab.projection) == (5.0, Projection.MAXIMUM)
    assert state.reset().slab == state.slab


@pytest.mark.parametrize(("z", "index"), [(-3.0, 0), (2.4, 0), (2.6, 1), (20.0, 4), (99.0, 4)])
def test_the_nearest_acquired_slice(z, index):
    assert ReformatState.of(PLAIN).through((20.0, 15.0, z)).nearest_slice == index


def test_planes_beside_the_crosshair_cannot_exist():
    with pytest.raises(ValueError, match="Received"):
        replace(ReformatState.of(PLAIN), crosshair_mm=(0.0, 0.0, 0.0))
