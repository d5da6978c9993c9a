"""The order of the slices of a series, and what that order reveals: gaps, uneven steps, doubles, tilt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ichviewer.domain.geometry import Plane, tilt_deg
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource, SortBasis

# No name that a person gives holds more numbers; what follows sorts as text.
_MOST_NUMBERS = 64
_DIGITS = re.compile(r"(\d+)", re.ASCII)
# Positions closer than this are one position: they are written with two or more decimals.
_SAME_POSITION_MM = 0.01
# A step is regular within this of the usual one; positions rounded to 0.1 mm (steps off by 0.1) are not uneven.
_STEP_TOLERANCE_MM = 0.11
_STEP_TOLERANCE = 0.03
# A step counts as slices missing when it is a multiple of the usual step within this share of it.
_MULTIPLE_TOLERANCE = 0.15
# Where more steps than this are irregular, the series has several spacings rather than gaps.
_MOST_GAPS = 0.2
_LEAST_TILT_DEG = 0.5

NaturalKey = tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=1 << 16)
def natural_key(name: str) -> NaturalKey:
    """Sort key by which ``IM9`` comes before ``IM10``; case and leading zeros only break ties."""
    parts: list[tuple[int, int, str]] = []
    for part in _DIGITS.split(name.casefold(), maxsplit=_MOST_NUMBERS):
        if part.isascii() and part.isdigit():
            # Longer means greater, without making a number of what may be thousands of digits.
            digits = part.lstrip("0")
            parts.append((0, len(digits), digits))
        elif part:
            parts.append((1, 0, part))
    return (*parts, (-1, 0, name))


def source_key(source: SliceSource) -> tuple[NaturalKey, NaturalKey, int]:
    """Sort key of a slice by where it lies: path, member, frame, in natural order."""
    return natural_key(str(source.path)), natural_key(source.member), source.frame


@dataclass(frozen=True, eq=False)
class SortedSlices:
    """Slices in order, what the order rests on, and what it revealed."""

    slices: tuple[SliceInfo, ...]
    basis: SortBasis
    problems: tuple[Problem, ...]


def sort_slices(slices: Sequence[SliceInfo], where: str, *, tilted_gantry: bool = True) -> SortedSlices:
    """Put slices of one orientation in order; the result does not depend on the order they came in.

    By position along the common normal; where that is missing or the same for all, by instance number; else by
    natural file name.

    Parameters
    ----------
    slices : sequence of SliceInfo
        At least one.
    where : str
        Names the series in problems.
    tilted_gantry : bool
        Whether slices stacked askew mean a tilted gantry (CT) rather than something else.
    """
    by_name = sorted(slices, key=lambda s: source_key(s.source))
    positions = _positions_mm(by_name)
    if positions is not None:
        return _by_position(by_name, positions, where, tilted_gantry)
    numbers = [s.instance_number for s in by_name]
    known = [n for n in numbers if n is not None]
    if len(known) == len(numbers) and (len(known) == 1 or len(set(known)) > 1):
        return _by_instance_number(by_name, known, where)
    problems: tuple[Problem, ...] = ()
    if len(by_name) > 1:
        problems = (
            Problem(ProblemCode.SORTED_BY_FILE_NAME, where, "no usable positions or instance numbers"),
        )
    return SortedSlices(tuple(by_name), SortBasis.FILE_NAME, problems)


def _positions_mm(slices: Sequence[SliceInfo]) -> list[float] | None:
    """Position of every slice along the common normal; None where missing or, for several slices, all the same."""
    planes = [s.plane for s in slices if s.plane is not None]
    if len(planes) < len(slices):
        return None
    normal = planes[0].normal
    positions = [plane.distance_mm(normal) for plane in planes]
    if len(positions) > 1 and max(positions) - min(positions) < _SAME_POSITION_MM:
        return None
    return positions


def _by_position(
    slices: list[SliceInfo], positions: list[float], where: str, tilted_gantry: bool
) -> SortedSlices:
    def key(i: int) -> tuple[float, int]:
        number = slices[i].instance_number
        return positions[i], 0 if number is None else number

    order = sorted(range(len(slices)), key=key)
    ordered = [slices[i] for i in order]
    problems = [
        *_position_problems([positions[i] for i in order], where),
        *(_tilt_problems([s.plane for s in ordered if s.plane is not None], where) if tilted_gantry else ()),
    ]
    return SortedSlices(tuple(ordered), SortBasis.POSITION, tuple(problems))


def _by_instance_number(slices: list[SliceInfo], numbers: list[int], where: str) -> SortedSlices:
    order = sorted(range(len(slices)), key=lambda i: numbers[i])
    problems = []
    if len(slices) > 1:
        problems.append(Problem(ProblemCode.SORTED_BY_INSTANCE_NUMBER, where, "no usable positions"))
    counts = Counter(numbers)
    missing = [n for n in range(min(counts), min(max(counts), min(counts) + 100_000)) if n not in counts]
    if missing:
        problems.append(Problem(ProblemCode.GAP, where, f"no instance number {_some(missing)}"))
    return SortedSlices(tuple(slices[i] for i in order), SortBasis.INSTANCE_NUMBER, tuple(problems))


def _position_problems(positions: list[float], where: str) -> list[Problem]:
    """What is wrong with sorted positions in mm."""
    steps = np.diff(np.asarray(positions))
    problems = []
    doubled = [float(positions[i]) for i in np.flatnonzero(steps < _SAME_POSITION_MM)]
    if doubled:
        places = list(dict.fromkeys(f"{p:.1f} mm" for p in doubled))
        problems.append(Problem(ProblemCode.DUPLICATE_POSITION, where, _some(places)))
    places_mm = [p for p, step in zip(positions, [np.inf, *steps], strict=True) if step >= _SAME_POSITION_MM]
    problems.extend(_step_problems(np.diff(places_mm), places_mm, where))
    return problems


def _step_problems(steps: np.ndarray, positions: list[float], where: str) -> list[Problem]:
    if steps.size < 2:
        return []
    # The lower median is a step that really occurs.
    usual = float(np.sort(steps)[(steps.size - 1) // 2])
    regular = np.abs(steps - usual) <= max(min(_STEP_TOLERANCE_MM, 0.4 * usual), _STEP_TOLERANCE * usual)
    odd = np.flatnonzero(~regular)
    if odd.size == 0:
        return []
    ratio = steps[odd] / usual
    multiple = (np.round(ratio) >= 2) & (np.abs(ratio - np.round(ratio)) <= _MULTIPLE_TOLERANCE)
    if odd.size > max(1, _MOST_GAPS * steps.size) or not multiple.any():
        return [Problem(ProblemCode.UNEVEN_SPACING, where, _describe_steps(steps))]
    gaps = [
        f"{round(steps[i] / usual) - 1} between {positions[i]:.1f} and {positions[i + 1]:.1f} mm"
        for i in odd[multiple]
    ]
    problems = [Problem(ProblemCode.GAP, where, _some(gaps))]
    if not multiple.all():
        problems.append(Problem(ProblemCode.UNEVEN_SPACING, where, _describe_steps(steps)))
    return problems


def _describe_steps(steps: np.ndarray) -> str:
    counts = Counter(f"{step:.1f}" for step in steps)
    return _some([f"{count} x {step} mm" for step, count in counts.most_common()])


def _tilt_problems(planes: list[Plane], where: str) -> list[Problem]:
    tilt = tilt_deg(planes)
    return [Problem(ProblemCode.GANTRY_TILT, where, f"{tilt:.1f} degrees")] if tilt >= _LEAST_TILT_DEG else []


def _some(things: Sequence[object], most: int = 4) -> str:
    text = ", ".join(str(thing) for thing in things[:most])
    return f"{text} and {len(things) - most} more" if len(things) > most else text
