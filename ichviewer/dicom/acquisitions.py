"""Several acquisitions or reconstructions under one series UID, told apart so that no volume mixes them.

A number of its own for every slice, rotation or range is how one scan is numbered (a sequential head scan, or one
with a finer range at the skull base), so numbers and times alone split nothing: they do where slices of the one lie
at or between places of the other. Another frame of reference always is another acquisition (PS3.3 C.7.4.1).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ichviewer.dicom.header import SliceHeader

# Positions closer than this are one position: they are written with two or more decimals.
SAME_POSITION_MM = 0.01
# Groups are dealt out to fewer passes than this.
_MOST_DEALT = 64


@dataclass(frozen=True, eq=False)
class Acquisition:
    """Slices of one acquisition.

    Parameters
    ----------
    headers : list of SliceHeader
        In the order they came.
    label : str
        What tells them from the others of the series; empty where there are no others.
    """

    headers: list[SliceHeader]
    label: str = ""


def split_acquisitions(headers: Sequence[SliceHeader]) -> list[Acquisition]:
    """Tell the acquisitions apart among slices of one shape.

    Parameters
    ----------
    headers : sequence of SliceHeader
        At least one; of one shape and orientation.

    Returns
    -------
    list of Acquisition
        In the order of their first slices.
    """
    if len(headers) == 1:
        return [Acquisition(list(headers))]
    found = _split([Acquisition(list(headers))], _by_frame_of_reference)
    if headers[0].modality == "CT":
        for stage in (_by_kernel, _by_thickness, _by_number, _by_time):
            found = _split(found, stage)
    if len(found) == 1:
        return found
    order = {id(header): i for i, header in enumerate(headers)}
    return sorted(found, key=lambda part: order[id(part.headers[0])])


def _split(
    parts: list[Acquisition], stage: Callable[[list[SliceHeader]], list[tuple[str, list[SliceHeader]]]]
) -> list[Acquisition]:
    split = []
    for part in parts:
        groups = stage(part.headers)
        if len(groups) == 1:
            split.append(part)
        else:
            split += [
                Acquisition(group, ", ".join(filter(None, (part.label, label)))) for label, group in groups
            ]
    return split


def _grouped(
    headers: list[SliceHeader], key: Callable[[SliceHeader], Hashable]
) -> dict[Any, list[SliceHeader]]:
    groups: dict[Any, list[SliceHeader]] = {}
    for header in headers:
        groups.setdefault(key(header), []).append(header)
    return groups


def _by_frame_of_reference(headers: list[SliceHeader]) -> list[tuple[str, list[SliceHeader]]]:
    groups = _grouped(headers, lambda h: h.info.frame_of_reference_uid)
    return [(f"frame of reference {uid or 'not named'}", group) for uid, group in groups.items()]


def _by_kernel(headers: list[SliceHeader]) -> list[tuple[str, list[SliceHeader]]]:
    groups = _grouped(headers, lambda h: h.kernel)
    if len(groups) == 1 or not _repeat(headers):
        return [("", headers)]
    return [(f"kernel {kernel or 'not named'}", group) for kernel, group in groups.items()]


def _by_thickness(headers: list[SliceHeader]) -> list[tuple[str, list[SliceHeader]]]:
    groups = _grouped(headers, lambda h: h.info.thickness_mm)
    if len(groups) == 1 or not _repeat(headers):
        return [("", headers)]
    return [
        ("thickness not named" if mm is None else f"{mm:g} mm thick", group) for mm, group in groups.items()
    ]


def _by_number(headers: list[SliceHeader]) -> list[tuple[str, list[SliceHeader]]]:
    def key(header: SliceHeader) -> tuple[int, int]:
        temporal, acquisition = header.temporal_position, header.info.acquisition_number
        return -1 if temporal is None else temporal, -1 if acquisition is None else acquisition

    is_time_series = len({key(header)[0] for header in headers}) > 1

    def label(first: tuple[int, int], last: tuple[int, int]) -> str:
        what, a, b = (
            ("temporal position", first[0], last[0]) if is_time_series else ("acquisition", first[1], last[1])
        )
        start = f"{what} {a}" if a >= 0 else f"{what} not numbered"
        return start if a == b else f"{start} to {b}"

    return _in_passes(headers, key, label)


def _by_time(headers: list[SliceHeader]) -> list[tuple[str, list[SliceHeader]]]:
    if not _repeat(headers):
        return [("", headers)]
    return _in_passes(headers, lambda h: h.acquired, lambda first, last: f"acquired {first or 'at no time'}")


def _in_passes(
    headers: list[SliceHeader],
    key: Callable[[SliceHeader], Any],
    label: Callable[[Any, Any], str],
) -> list[tuple[str, list[SliceHeader]]]:
    """Slices in passes over the patient: groups of one key in its order, as long as they lie beside each other.

    What comes back to a place where the pass has been begins the next one. Where each place is exposed several times
    before the next, that would make a pass of every step; then groups are dealt out to as few passes as there can be.
    """
    groups = _grouped(headers, key)
    places = _places(headers)
    if len(groups) == 1 or places is None:
        return [("", headers)]
    ranges = {}
    for name in sorted(groups):
        at = [places[id(header)] for header in groups[name]]
        ranges[name] = min(at), max(at)
    passes = _consecutive(ranges)
    if len(passes) > 2:
        passes = min(passes, _dealt_out(ranges, min(len(passes), _MOST_DEALT)) or passes, key=len)
    if len(passes) == 1:
        return [("", headers)]
    number = {name: i for i, names in enumerate(passes) for name in names}
    members = _grouped(headers, lambda h: number[key(h)])
    return [(label(names[0], names[-1]), members[i]) for i, names in enumerate(passes)]


class _Pass:
    """Groups whose ranges of places, in mm, do not overlap."""

    def __init__(self) -> None:
        self.names: list[Any] = []
        self._ranges: list[tuple[float, float]] = []

    def add(self, name: Any, low: float, high: float) -> bool:
        """Take a group in, unless a place of the pass is within its range or the other way round."""
        i = bisect_left(self._ranges, (low - SAME_POSITION_MM, -np.inf))
        # Ranges do not overlap, so only the two neighbors can.
        for a, b in self._ranges[max(0, i - 1) : i + 1]:
            if a <= high + SAME_POSITION_MM and b >= low - SAME_POSITION_MM:
                return False
        self._ranges.insert(i, (low, high))
        self.names.append(name)
        return True


def _consecutive(ranges: dict[Any, tuple[float, float]]) -> list[list[Any]]:
    passes = [_Pass()]
    for name, ends in ranges.items():
        if not passes[-1].add(name, *ends):
            passes.append(_Pass())
            passes[-1].add(name, *ends)
    return [one.names for one in passes]


def _dealt_out(ranges: dict[Any, tuple[float, float]], most: int) -> list[list[Any]] | None:
    """The fewest passes, fewer than ``most``; None where it takes more."""
    passes: list[_Pass] = []
    for name, ends in ranges.items():
        if not any(one.add(name, *ends) for one in passes):
            if len(passes) + 1 >= most:
                return None
            passes.append(_Pass())
            passes[-1].add(name, *ends)
    return [one.names for one in passes]


def _places(headers: list[SliceHeader]) -> dict[int, float] | None:
    """Where each slice lies: its position in mm, or its instance number; None where some have neither."""
    planes = [h.info.plane for h in headers]
    first = planes[0]
    if first is not None and all(plane is not None for plane in planes):
        points = np.array([plane.position_mm for plane in planes if plane is not None])
        return {id(h): float(at) for h, at in zip(headers, points @ np.array(first.normal), strict=True)}
    numbers = [h.info.instance_number for h in headers]
    if any(number is None for number in numbers):
        return None
    return {id(h): float(number or 0) for h, number in zip(headers, numbers, strict=True)}


def _repeat(headers: list[SliceHeader]) -> bool:
    """Whether several slices lie in one place."""
    places = _places(headers)
    return places is not None and bool(np.any(np.diff(np.sort(list(places.values()))) < SAME_POSITION_MM))
