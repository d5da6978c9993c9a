from __future__ import annotations

import numpy as np
import pytest
from dicom_factory import make_slice, set_raw
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from ichviewer.dicom.values import Elements
from ichviewer.dicom.voi import read_vois
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.window import Voi, VoiFunction, VoiLut, Window


def read(ds: Dataset, signed: bool = True) -> tuple[tuple[Voi, ...], list[str]]:
    elements = Elements(ds, "a file", [])
    vois = read_vois(elements, signed=signed)
    assert all(p.code is ProblemCode.BROKEN_VALUE for p in elements.problems)
    return vois, [p.found for p in elements.problems]


def lut(descriptor: list[int], data: object, name: str = "bone") -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [v & 0xFFFF for v in descriptor])
    item.add_new("LUTData", "OW" if isinstance(data, bytes) else "US", data)
    item.LUTExplanation = name
    ds = make_slice(windows=())
    ds.VOILUTSequence = Sequence([item])
    return ds


def test_every_pair_with_its_name_and_function() -> None:
    ds = make_slice(
        windows=((40, 80), (600, 2800)),
        WindowCenterWidthExplanation=["BRAIN", "BONE"],
        VOILUTFunction="LINEAR_EXACT",
    )
    exact = VoiFunction.LINEAR_EXACT
    assert read(ds) == ((Window(40, 80, exact, "BRAIN"), Window(600, 2800, exact, "BONE")), [])


def test_no_windows_at_all() -> None:
    assert read(make_slice(windows=())) == ((), [])


def test_names_may_be_fewer_than_windows() -> None:
    ds = make_slice(windows=((40, 80), (600, 2800)), WindowCenterWidthExplanation="BRAIN")
    assert [v.name for v in read(ds)[0]] == ["BRAIN", ""]


@pytest.mark.parametrize("width", ["0", "-5", "0.5"])
def test_an_impossible_width_is_reported_and_the_others_kept(width: str) -> None:
    ds = make_slice()
    set_raw(ds, "WindowCenter", r"40\50")
    set_raw(ds, "WindowWidth", rf"{width}\100")
    assert read(ds) == ((Window(50, 100),), [f"WindowWidth '{width}'"])


def test_a_narrow_exact_window_is_possible() -> None:
    ds = make_slice(windows=((40, 0.5),), VOILUTFunction="LINEAR_EXACT")
    assert read(ds) == ((Window(40, 0.5, VoiFunction.LINEAR_EXACT),), [])


def test_more_centers_than_widths() -> None:
    ds = make_slice()
    set_raw(ds, "WindowCenter", r"40\50")
    set_raw(ds, "WindowWidth", "80")
    assert read(ds) == ((Window(40, 80),), ["WindowWidth '1 values for 2 centers'"])


def test_an_unknown_function_counts_as_linear() -> None:
    assert read(make_slice(VOILUTFunction="CUBIC")) == ((Window(40, 80),), ["VOILUTFunction 'CUBIC'"])


def only_lut(ds: Dataset, signed: bool = True) -> VoiLut:
    (voi,), found = read(ds, signed)
    assert found == []
    assert isinstance(voi, VoiLut)
    return voi


@pytest.mark.parametrize("data", [[0, 100, 255], np.array([0, 100, 255], "<u2").tobytes()])
def test_a_voi_lut(data: object) -> None:
    voi = only_lut(lut([3, -1, 8], data))
    assert (voi.first_hu, voi.bits, voi.name) == (-1, 8, "bone")
    assert voi.grey([-5, -1, 0, 1, 5]).tolist() == [0, 0, 100, 255, 255]


def test_the_first_value_has_the_sign_of_the_values_it_maps() -> None:
    assert only_lut(lut([3, -1024, 12], [0, 1, 2])).first_hu == -1024
    assert only_lut(lut([3, -1024, 12], [0, 1, 2]), signed=False).first_hu == 64512


def test_no_entries_stand_for_65536() -> None:
    entries = np.arange(1 << 16, dtype="<u2")
    assert only_lut(lut([0, 0, 16], entries.tobytes())).entries.size == 1 << 16


def test_packed_8_bit_entries() -> None:
    voi = only_lut(lut([4, 0, 8], bytes([0, 80, 160, 255])))
    assert voi.entries.tolist() == [0, 80, 160, 255]


def test_understated_bits_are_taken_from_the_entries() -> None:
    assert only_lut(lut([3, 0, 8], [0, 1000, 4095])).bits == 12


@pytest.mark.parametrize(
    ("descriptor", "data"), [([3, 0], [1, 2, 3]), ([9, 0, 8], [1, 2, 3]), ([3, 0, 99], [1, 2, 3])]
)
def test_a_malformed_lut_is_reported_and_left_out(descriptor: list[int], data: list[int]) -> None:
    vois, found = read(lut(descriptor, data))
    assert vois == ()
    assert len(found) == 1
