from __future__ import annotations

import io
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import make_enhanced, make_slice, to_bytes
from header_reader import read_headers
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from ichviewer.dicom.acquisitions import split_acquisitions
from ichviewer.dicom.header import SliceHeader
from ichviewer.domain.series import SliceSource


def header(z: float | None = None, instance: int | None = None, **options: Any) -> SliceHeader:
    if z is None:
        options["orientation"] = None
    ds = make_slice(z_mm=z or 0.0, instance_number=instance, **options)
    data = to_bytes(ds)
    return read_headers(io.BytesIO(data), SliceSource(Path("a")), len(data))[0]


def split(headers: list[SliceHeader]) -> list[tuple[str, list[float | int | None]]]:
    """Label and positions (or instance numbers) of every part."""
    return [
        (
            part.label,
            [
                h.info.instance_number if h.info.plane is None else h.info.plane.distance_mm()
                for h in part.headers
            ],
        )
        for part in split_acquisitions(headers)
    ]


def acquisition(n: int | None, zs: list[float], **options: Any) -> list[SliceHeader]:
    return [header(z, AcquisitionNumber=n, **options) for z in zs]


def test_one_acquisition_stays_whole() -> None:
    assert split(acquisition(1, [0, 5, 10])) == [("", [0, 5, 10])]


@pytest.mark.parametrize(
    "numbers",
    [
        [1, 2, 3, 4, 5, 6],  # a number a slice
        [6, 5, 4, 3, 2, 1],
        [1, 1, 2, 2, 3, 3],  # a number a rotation
        [1, 1, 1, 2, 2, 2],  # base and vertex
        [3, 1, 2, 9, 8, 7],
        [None, None, None, 1, 1, 1],
    ],
)
def test_numbers_of_slices_rotations_and_ranges_split_nothing(numbers: list[int | None]) -> None:
    headers = [header(5.0 * i, AcquisitionNumber=n) for i, n in enumerate(numbers)]
    assert [label for label, _ in split(headers)] == [""]


def test_base_and_vertex_of_other_thickness_and_distance_stay_together() -> None:
    base = acquisition(1, [0, 2.5, 5, 7.5], thickness_mm=2.5)
    vertex = acquisition(2, [12.5, 17.5, 22.5], thickness_mm=5)
    assert split(vertex + base) == [("", [12.5, 17.5, 22.5, 0, 2.5, 5, 7.5])]


def test_acquisitions_at_the_same_positions_are_split() -> None:
    headers = acquisition(1, [0, 5, 10]) + acquisition(2, [0, 5, 10])
    assert split(headers) == [("acquisition 1", [0, 5, 10]), ("acquisition 2", [0, 5, 10])]


def test_interleaved_acquisitions_are_split() -> None:
    headers = acquisition(1, [0, 10, 20]) + acquisition(2, [5, 15, 25])
    assert split(headers) == [("acquisition 1", [0, 10, 20]), ("acquisition 2", [5, 15, 25])]
    # A slice in the gap of the other.
    assert len(split(acquisition(1, [0, 10, 20]) + acquisition(2, [15]))) == 2


def test_two_passes_with_a_number_a_slice_are_two_parts() -> None:
    first = [header(5.0 * i, AcquisitionNumber=i) for i in range(5)]
    second = [header(5.0 * i, AcquisitionNumber=10 + i) for i in range(6)]
    assert split(first + second) == [
        ("acquisition 0 to 4", [0, 5, 10, 15, 20]),
        ("acquisition 10 to 15", [0, 5, 10, 15, 20, 25]),
    ]


def test_two_exposures_at_every_step_are_two_parts() -> None:
    headers = [header(5.0 * (i // 2), AcquisitionNumber=i) for i in range(10)]
    assert split(headers) == [
        ("acquisition 0 to 8", [0, 5, 10, 15, 20]),
        ("acquisition 1 to 9", [0, 5, 10, 15, 20]),
    ]


def test_another_frame_of_reference_is_always_another_acquisition() -> None:
    headers = [header(5.0 * i, FrameOfReferenceUID=f"1.2.{i // 2}") for i in range(4)]
    assert split(headers) == [("frame of reference 1.2.0", [0, 5]), ("frame of reference 1.2.1", [10, 15])]


@pytest.mark.parametrize(
    ("one", "two", "labels"),
    [
        (
            {"TemporalPositionIdentifier": 1},
            {"TemporalPositionIdentifier": 2},
            ["temporal position 1", "temporal position 2"],
        ),
        (
            {"AcquisitionTime": "101500"},
            {"AcquisitionTime": "101502.5"},
            ["acquired 101500", "acquired 101502.5"],
        ),
        ({"ConvolutionKernel": "H30s"}, {"ConvolutionKernel": "H60s"}, ["kernel H30s", "kernel H60s"]),
        ({"thickness_mm": 2.5}, {"thickness_mm": 5}, ["2.5 mm thick", "5 mm thick"]),
    ],
)
def test_what_tells_slices_at_the_same_positions_apart(
    one: dict[str, Any], two: dict[str, Any], labels: list[str]
) -> None:
    headers = acquisition(1, [0, 5], **one) + acquisition(1, [0, 5], **two)
    assert split(headers) == [(labels[0], [0, 5]), (labels[1], [0, 5])]
    # The same at other positions is one scan.
    headers = acquisition(1, [0, 5], **one) + acquisition(1, [10, 15], **two)
    assert split(headers) == [("", [0, 5, 10, 15])]


def test_a_time_series_with_a_time_a_slice() -> None:
    headers = [header(5.0 * (i % 3), AcquisitionTime=f"1015{i:02}") for i in range(9)]
    assert [zs for _, zs in split(headers)] == [[0, 5, 10]] * 3


def test_without_positions_instance_numbers_tell() -> None:
    one = [header(instance=i, AcquisitionNumber=1) for i in (1, 2, 3)]
    assert len(split(one + [header(instance=i, AcquisitionNumber=2) for i in (4, 5)])) == 1
    assert split(one + [header(instance=i, AcquisitionNumber=2) for i in (1, 2)]) == [
        ("acquisition 1", [1, 2, 3]),
        ("acquisition 2", [1, 2]),
    ]
    assert len(split([header(AcquisitionNumber=i) for i in (1, 2)])) == 1


def test_other_modalities_are_split_by_frame_of_reference_only() -> None:
    echoes = acquisition(1, [0, 5], modality="MR") + acquisition(2, [0, 5], modality="MR")
    assert len(split(echoes)) == 1


def test_frames_of_an_enhanced_image_have_numbers_of_their_own() -> None:
    ds = make_enhanced(4)
    for i, group in enumerate(ds.PerFrameFunctionalGroupsSequence):
        content = Dataset()
        content.FrameAcquisitionNumber = 1 + i // 2
        group.FrameContentSequence = Sequence([content])
        group.PlanePositionSequence[0].ImagePositionPatient = [-4, -4, 5.0 * (i % 2)]
    data = to_bytes(ds)
    headers = list(read_headers(io.BytesIO(data), SliceSource(Path("a")), len(data)))
    assert split(headers) == [("acquisition 1", [0, 5]), ("acquisition 2", [0, 5])]


made = st.lists(
    st.tuples(
        st.integers(0, 8).map(lambda i: 2.5 * i), st.none() | st.integers(1, 3), st.sampled_from(["A", "B"])
    ),
    min_size=1,
    max_size=12,
)


@given(made, st.randoms())
def test_nothing_is_lost_and_the_order_does_not_matter(
    slices: list[tuple[float, int | None, str]], rng: random.Random
) -> None:
    headers = [
        header(z, instance=i, AcquisitionNumber=number, ConvolutionKernel=kernel)
        for i, (z, number, kernel) in enumerate(slices)
    ]
    parts = split_acquisitions(headers)
    assert sorted(id(h) for p in parts for h in p.headers) == sorted(map(id, headers))
    # No acquisition has slices of another one between its own.
    for part in parts:
        ranges: dict[int | None, list[float]] = {}
        for h in part.headers:
            assert h.info.plane is not None
            ranges.setdefault(h.info.acquisition_number, []).append(h.info.plane.distance_mm())
        ends = sorted((min(r), max(r)) for r in ranges.values())
        assert all(a[1] < b[0] for a, b in pairwise(ends))
    shuffled = rng.sample(headers, len(headers))
    again = split_acquisitions(shuffled)
    assert {(p.label, frozenset(map(id, p.headers))) for p in again} == {
        (p.label, frozenset(map(id, p.headers))) for p in parts
    }
