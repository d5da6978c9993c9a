from __future__ import annotations

import math
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ichviewer.dicom.sort import SortedSlices, natural_key, sort_slices
from ichviewer.domain.geometry import Plane
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource, SortBasis


def info(
    name: str, z: float | None = None, number: int | None = None, *, frame: int = 0, tilt_deg: float = 0
) -> SliceInfo:
    a = math.radians(tilt_deg)
    plane = None if z is None else Plane((0, 0, z), (1, 0, 0), (0, math.cos(a), math.sin(a)))
    return SliceInfo(SliceSource(Path(name), "", frame), "", 8, 8, instance_number=number, plane=plane)


def at(*positions: float) -> SortedSlices:
    return sort_slices([info(f"{i}.dcm", z) for i, z in enumerate(positions)], "s")


def problems(result: SortedSlices) -> dict[ProblemCode, str]:
    return {p.code: p.found for p in result.problems}


@given(st.lists(st.integers(0, 10**6), unique=True))
def test_numbered_names_sort_by_number(numbers: list[int]) -> None:
    names = sorted((f"IM{n}.dcm" for n in numbers), key=natural_key)
    assert names == [f"IM{n}.dcm" for n in sorted(numbers)]


@given(st.lists(st.text(max_size=8)))
def test_natural_order_is_total_and_does_not_depend_on_the_start(names: list[str]) -> None:
    backward = names[::-1]
    assert sorted(backward, key=natural_key) == sorted(names, key=natural_key)
    assert len({natural_key(n) for n in names}) == len(set(names))


def test_thousands_of_digits_are_no_trouble() -> None:
    long = "9" * 10_000
    assert sorted([long, "8" + long, "7"], key=natural_key) == ["7", long, "8" + long]


def test_case_and_zeros_break_ties_only() -> None:
    names = ["b", "A", "a10", "a9", "a09"]
    assert sorted(names, key=natural_key) == ["A", "a09", "a9", "a10", "b"]


slices = st.lists(
    st.tuples(
        st.none() | st.floats(-500, 500).map(lambda z: round(z, 2)),
        st.none() | st.integers(0, 5),
        st.integers(0, 20),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda t: t[2],
)


@settings(max_examples=60)
@given(slices, st.randoms())
def test_order_does_not_depend_on_how_slices_come_in(
    parts: list[tuple[float | None, int | None, int]], rng: random.Random
) -> None:
    made = [info(f"f{name}.dcm", z, number) for z, number, name in parts]
    shuffled = list(made)
    rng.shuffle(shuffled)
    one, two = sort_slices(made, "s"), sort_slices(shuffled, "s")
    assert one.slices == two.slices
    assert (one.basis, one.problems) == (two.basis, two.problems)
    assert set(one.slices) == set(made)
    if one.basis is SortBasis.POSITION:
        zs = [s.plane.position_mm[2] for s in one.slices if s.plane is not None]
        assert zs == sorted(zs)


def test_positions_win_over_instance_numbers_and_names() -> None:
    result = sort_slices([info("1", 10.0, 1), info("2", 0.0, 2), info("3", 5.0, 3)], "s")
    assert [s.source.path.name for s in result.slices] == ["2", "3", "1"]
    assert result.basis is SortBasis.POSITION
    assert problems(result) == {}


def test_without_positions_instance_numbers_decide_and_it_is_said() -> None:
    result = sort_slices([info("1", number=3), info("2", number=1), info("3", number=2)], "s")
    assert [s.instance_number for s in result.slices] == [1, 2, 3]
    assert result.basis is SortBasis.INSTANCE_NUMBER
    assert list(problems(result)) == [ProblemCode.SORTED_BY_INSTANCE_NUMBER]


def test_missing_instance_numbers_are_a_gap() -> None:
    result = sort_slices([info("a", number=1), info("b", number=2), info("c", number=5)], "s")
    assert problems(result)[ProblemCode.GAP] == "no instance number 3, 4"


def test_without_anything_file_names_decide() -> None:
    result = sort_slices([info("IM10"), info("IM9", number=1), info("IM2")], "s")
    assert [s.source.path.name for s in result.slices] == ["IM2", "IM9", "IM10"]
    assert result.basis is SortBasis.FILE_NAME
    assert list(problems(result)) == [ProblemCode.SORTED_BY_FILE_NAME]


def test_frames_without_positions_keep_their_order() -> None:
    result = sort_slices([info("a", number=1, frame=f) for f in (2, 0, 11, 1)], "s")
    assert [s.source.frame for s in result.slices] == [0, 1, 2, 11]


def test_one_position_for_all_is_no_position() -> None:
    result = sort_slices([info("a", 7.0, 2), info("b", 7.0, 1)], "s")
    assert result.basis is SortBasis.INSTANCE_NUMBER


def test_a_single_slice_needs_no_excuse() -> None:
    for one in (info("a"), info("a", number=3), info("a", 1.0)):
        assert sort_slices([one], "s").problems == ()


def test_even_steps_are_no_problem_even_when_rounded() -> None:
    assert problems(at(*(round(i * 0.625, 1) for i in range(40)))) == {}
    assert problems(at(*(i * 5.0 for i in range(20)))) == {}


def test_a_missing_slice_is_a_gap() -> None:
    zs = [0, 5, 10, 15, 25, 30, 35, 40, 55, 60, 65, 70]
    assert problems(at(*zs)) == {ProblemCode.GAP: "1 between 15.0 and 25.0 mm, 2 between 40.0 and 55.0 mm"}


def test_two_spacings_are_uneven_and_not_dozens_of_gaps() -> None:
    zs = [i * 4.2 for i in range(14)]
    zs += [zs[-1] + 1.1 + i * 7.4 for i in range(14)]
    assert problems(at(*zs)) == {ProblemCode.UNEVEN_SPACING: "13 x 4.2 mm, 13 x 7.4 mm, 1 x 1.1 mm"}


def test_five_then_ten_millimeters_is_uneven_too() -> None:
    zs = [i * 5.0 for i in range(12)]
    zs += [zs[-1] + (i + 1) * 10.0 for i in range(9)]
    assert list(problems(at(*zs))) == [ProblemCode.UNEVEN_SPACING]


def test_a_step_that_is_no_multiple_is_uneven() -> None:
    assert list(problems(at(0, 5, 10, 15, 22.4, 27.4, 32.4))) == [ProblemCode.UNEVEN_SPACING]


def test_slices_at_one_position_are_reported_and_make_no_uneven_step() -> None:
    result = sort_slices(
        [info("a", 0.0, 1), info("b", 5.0, 9), info("c", 5.0, 2), info("d", 10.0, 4)], "series 2"
    )
    assert problems(result) == {ProblemCode.DUPLICATE_POSITION: "5.0 mm"}
    assert [s.source.path.name for s in result.slices] == ["a", "c", "b", "d"]


def test_a_stack_that_is_askew_is_a_tilted_gantry() -> None:
    # Table moves along z, slices are tilted by 18.5 degrees.
    tilted = [info(f"{i}", i * 5.0, tilt_deg=18.5) for i in range(10)]
    assert problems(sort_slices(tilted, "s")) == {ProblemCode.GANTRY_TILT: "18.5 degrees"}
    assert problems(sort_slices(tilted, "s", tilted_gantry=False)) == {}
