from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dicom_factory import make_slice
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from ichviewer.dicom.frames import GreyFrame, PixelFormat
from ichviewer.dicom.modality import clean_bits, to_image
from ichviewer.dicom.values import Elements
from ichviewer.domain.hu import PaddingRange, Rescale, SliceImage
from ichviewer.domain.problems import ProblemCode

USUAL = Rescale(1, -1024)


def pixel_format(dtype: str, bits_stored: int, high_bit: int | None = None) -> PixelFormat:
    kind = np.dtype(dtype)
    return PixelFormat(
        rows=1,
        columns=4,
        samples=1,
        bits_allocated=kind.itemsize * 8,
        bits_stored=bits_stored,
        high_bit=bits_stored - 1 if high_bit is None else high_bit,
        signed=kind.kind == "i",
        photometric="MONOCHROME2",
        planar=0,
        frames=1,
        syntax=make_slice().file_meta.TransferSyntaxUID,
    )


def frame(values: list[int], dtype: str, unused: bool = True) -> GreyFrame:
    return GreyFrame(np.array([values], dtype=dtype), None, unused)


def image(
    values: list[int],
    dtype: str = "u2",
    bits: int = 16,
    rescale: Rescale | None = USUAL,
    **attributes: Any,
) -> tuple[SliceImage, list[ProblemCode]]:
    ds = make_slice(**attributes)
    root = Elements(ds, "a file", [])
    made = to_image(frame(values, dtype), pixel_format(dtype, bits), root, rescale)
    return made, [p.code for p in root.problems]


def hu(made: SliceImage) -> list[float | None]:
    return [made.hu_at(0, column) for column in range(made.shape[1])]


@given(st.lists(st.integers(-2048, 2047), min_size=1), st.integers(0, 15))
def test_12_signed_bits_survive_garbage_above_them(values: list[int], garbage: int) -> None:
    dirty = np.array([values], np.int16) & 0xFFF | np.int16(
        garbage << 12 if garbage < 8 else (garbage << 12) - 65536
    )
    cleaned = clean_bits(GreyFrame(dirty, None, True), pixel_format("i2", 12))
    assert cleaned.tolist() == [values]


@given(st.lists(st.integers(0, 4095), min_size=1), st.integers(0, 15))
def test_12_unsigned_bits_survive_garbage_above_them(values: list[int], garbage: int) -> None:
    dirty = np.array([values], np.uint16) | np.uint16(garbage << 12)
    cleaned = clean_bits(GreyFrame(dirty, None, True), pixel_format("u2", 12))
    assert cleaned.tolist() == [values]


def test_stored_bits_may_stand_at_the_top() -> None:
    cleaned = clean_bits(frame([0x1230 | 7], "u2"), pixel_format("u2", 12, high_bit=15))
    assert cleaned.tolist() == [[0x123]]


def test_a_codec_without_sign_is_sign_extended() -> None:
    made = clean_bits(frame([0, 2047, 2048, 4095], "i2", unused=False), pixel_format("i2", 12))
    assert made.tolist() == [[0, 2047, -2048, -1]]


def test_what_a_codec_signed_is_left_alone() -> None:
    made = clean_bits(frame([-2048, -1, 0, 2047], "i2", unused=False), pixel_format("i2", 12))
    assert made.tolist() == [[-2048, -1, 0, 2047]]


def test_missing_rescale_counts_as_one_and_zero() -> None:
    made, codes = image([5, 6], rescale=None)
    assert made.rescale == Rescale(1, 0)
    assert codes == []


@pytest.mark.parametrize("vr", ["US", "SS"])
@pytest.mark.parametrize("dtype", ["i2", "u2"])
def test_padding_has_the_sign_of_the_pixels_whatever_its_vr(vr: str, dtype: str) -> None:
    ds = make_slice()
    ds.add_new("PixelPaddingValue", vr, 63536 if vr == "US" else -2000)
    root = Elements(ds, "a file", [])
    raw: NDArray[Any] = np.array([[63536, 10]], np.uint16).view(dtype)
    made = to_image(GreyFrame(raw, None, True), pixel_format(dtype, 16), root, Rescale(1, -1024))
    assert hu(made) == [None, -1014]


def test_a_padding_range_in_either_order() -> None:
    for value, limit in ((100, 200), (200, 100)):
        made, _ = image([99, 100, 200, 201], PixelPaddingValue=value, PixelPaddingRangeLimit=limit)
        assert made.padding == PaddingRange(100, 200)
        assert hu(made) == [-925, None, None, -823]


def test_padding_outside_of_the_stored_bits() -> None:
    # 63536 is -2000 in 16 bits, but only 12 are stored: masked it would look like 2096.
    made, _ = image([63536, 2096, 10], bits=12, PixelPaddingValue=63536)
    assert hu(made) == [None, 1072, -1014]


def test_wrapped_12_bit_values_are_repaired_and_it_is_said() -> None:
    # Air: 4096 - 1000 = 3096; -1 HU: 4095.
    made, codes = image([3096, 0, 40, 4095], bits=12, rescale=Rescale(1, 0), modality="CT")
    assert codes == [ProblemCode.REPAIRED_12_BIT]
    assert hu(made) == [-1000, 0, 40, -1]


def test_repair_keeps_padding_apart() -> None:
    made, codes = image([3096, 3500, 40, 1000], bits=12, rescale=Rescale(1, 0), PixelPaddingValue=3500)
    assert codes == [ProblemCode.REPAIRED_12_BIT]
    assert hu(made) == [-1000, None, 40, 1000]


@pytest.mark.parametrize(
    ("change", "attributes"),
    [
        ({"bits": 16}, {}),
        ({"rescale": Rescale(1, -1024)}, {}),
        ({"rescale": None}, {}),
        ({"rescale": Rescale(2, 0)}, {}),
        ({"dtype": "i2"}, {}),
        ({}, {"modality": "MR"}),
        ({}, {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")}),
    ],
)
def test_what_is_not_repaired(change: dict[str, Any], attributes: dict[str, Any]) -> None:
    options: dict[str, Any] = {"bits": 12, "rescale": Rescale(1, 0), **change}
    _, codes = image([3096, 0, 40, 2000], **options, **attributes)
    assert codes == []


def test_where_nothing_wrapped_nothing_is_said() -> None:
    made, codes = image([0, 40, 3095], bits=12, rescale=Rescale(1, 0))
    assert codes == []
    assert hu(made) == [0, 40, 3095]


def test_a_modality_lut_takes_the_place_of_the_rescale() -> None:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [3, 10, 16])
    item.LUTData = [100, 200, 300]
    made, codes = image(
        [0, 10, 11, 500], rescale=None, ModalityLUTSequence=Sequence([item]), PixelPaddingValue=500
    )
    assert codes == []
    assert hu(made) == [100, 100, 200, None]
