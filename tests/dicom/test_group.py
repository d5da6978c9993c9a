from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import make_slice, to_bytes
from header_reader import read_headers

from ichviewer.dicom.compare import ImageComparison
from ichviewer.dicom.group import SeriesParts
from ichviewer.dicom.header import SliceHeader
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource

UPRIGHT = (1, 0, 0, 0, 0, -1)


def header(name: str = "a", folder: str = "x", **options: Any) -> SliceHeader:
    data = to_bytes(make_slice(**options))
    return read_headers(io.BytesIO(data), SliceSource(Path(folder) / name), len(data))[0]


class Naming(ImageComparison):
    """Compares without files: the bytes of a file are its name, its pixels what ``pixels`` says of it."""

    def __init__(self, pixels: Callable[[SliceInfo], str]) -> None:
        super().__init__()
        self._pixels = pixels

    def bytes_of(self, source: SliceSource) -> bytes:
        return str(source.path).encode()

    def pixels_of(self, info: SliceInfo) -> str:
        return self._pixels(info)


def name_of(info: SliceInfo) -> str:
    return str(info.source.path)


def parts(*headers: SliceHeader, pixels: Callable[[SliceInfo], str] = name_of) -> SeriesParts:
    made = SeriesParts(Naming(pixels))
    for one in headers:
        made.add(one)
    return made


def counts(made: SeriesParts) -> list[int]:
    return [len(p.headers) for p in made.parts]


def test_slices_of_one_shape_stay_together() -> None:
    assert counts(parts(*(header(z_mm=z) for z in range(5)))) == [5]


@pytest.mark.parametrize(
    "other",
    [
        {"rows": 20},
        {"columns": 20},
        {"pixel_spacing_mm": (0.6, 0.6)},
        {"pixel_spacing_mm": None},
        {"orientation": UPRIGHT},
        {"orientation": None},
        {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")},
        {"image_type": ("DERIVED", "SECONDARY", "AXIAL")},
        {"sop_class": "1.2.840.10008.5.1.4.1.1.7"},
        {"modality": "MR"},
        {"patient_id": "P2"},
    ],
)
def test_what_splits_a_series(other: dict[str, Any]) -> None:
    made = parts(header(z_mm=0), header(z_mm=1, **other), header(z_mm=2), header(z_mm=3, **other))
    assert counts(made) == [2, 2]
    assert [p.number for p in made.parts] == [0, 1]


@pytest.mark.parametrize(
    "other",
    [
        {"pixel_spacing_mm": (0.50001, 0.49999)},
        {"orientation": (0.9999999, 0.0000001, 0, 0, 0.99999, -0.0004)},
        {"image_type": ("ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI")},
        {"description": "another", "thickness_mm": 2.0},
    ],
)
def test_what_does_not_split_a_series(other: dict[str, Any]) -> None:
    assert counts(parts(header(z_mm=0), header(z_mm=1, **other))) == [2]


def test_parts_keep_their_numbers_as_they_come() -> None:
    localizer = header(orientation=UPRIGHT, z_mm=9)
    made = parts(localizer, header(z_mm=0))
    assert made.parts[0].headers == [localizer]
    assert counts(made) == [1, 1]


def test_without_series_uid_a_folder_holds_slices_together() -> None:
    made = parts(
        *(header(f"{z}", folder, z_mm=z, SeriesInstanceUID=None) for folder in ("x", "y") for z in range(3))
    )
    assert counts(made) == [3, 3]


def test_the_same_image_twice_is_used_once_and_named() -> None:
    made = SeriesParts(Naming(lambda info: "one"))
    doubles = [made.add(one) for one in (header("a"), header("copy of a"), header("b", z_mm=5))]
    assert counts(made) == [2]
    (problem,) = made.parts[0].problems
    assert problem.code is ProblemCode.DUPLICATE_INSTANCE
    assert problem.where == str(Path("x") / "copy of a")
    assert problem.found == f"same as {Path('x') / 'a'}"
    assert doubles == [None, problem, None]


def test_two_images_of_one_uid_are_both_kept_and_named() -> None:
    made = parts(header("a"), header("b"))
    assert counts(made) == [2]
    (problem,) = made.parts[0].problems
    assert problem.code is ProblemCode.BROKEN_VALUE
    assert "with another image" in problem.found


def test_pixels_are_compared_only_under_one_uid() -> None:
    def never(info: SliceInfo) -> str:
        raise AssertionError("compared")

    assert counts(parts(header(z_mm=0), header(z_mm=1), pixels=never)) == [2]
    without_uid = [header(f"{i}", SOPInstanceUID=None) for i in range(2)]
    assert counts(parts(*without_uid, pixels=never)) == [2]


def test_what_did_not_grow_has_the_same_contents() -> None:
    made = parts(header(z_mm=0), header(orientation=UPRIGHT))
    before = [p.contents for p in made.parts]
    made.add(header(z_mm=1))
    after = [p.contents for p in made.parts]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, True]
    made.add(header(rows=20))
    # Each says which part of how many it is.
    assert not {p.contents for p in made.parts} & set(after)
