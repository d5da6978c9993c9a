from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_enhanced, make_rsna, make_slice, set_raw, to_bytes
from header_reader import read_headers
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence

from ichviewer.dicom.header import SliceHeader
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import PatientInfo, SliceSource, StudyInfo
from ichviewer.domain.window import Window
from ichviewer.errors import ReadError

SOURCE = SliceSource(Path("a.dcm"))


def headers(ds: FileDataset) -> tuple[SliceHeader, ...]:
    data = to_bytes(ds)
    return read_headers(io.BytesIO(data), SOURCE, len(data))


def header(ds: FileDataset) -> SliceHeader:
    (one,) = headers(ds)
    return one


def problems(one: SliceHeader) -> list[tuple[ProblemCode, str]]:
    return [(p.code, p.found) for p in one.info.problems]


def test_a_healthy_header() -> None:
    one = header(make_slice(z_mm=12.5, instance_number=3, windows=((40, 80), (600, 2800))))
    assert one.patient == PatientInfo("P1", "Doe, John", "1950-02-15", "F")
    assert one.study.date == "2024-01-31"
    assert one.study.time == "10:15:00"
    assert one.study.description == "CT head"
    assert (one.modality, one.description, one.number) == ("CT", "Head 5.0", 1)
    assert one.image_type == ("ORIGINAL", "PRIMARY", "AXIAL")
    info = one.info
    assert (info.rows, info.columns, info.instance_number, info.thickness_mm) == (16, 16, 3, 5.0)
    assert info.spacing == PixelSpacing(0.5, 0.5)
    assert info.plane == Plane((-4, -4, 12.5), (1, 0, 0), (0, 1, 0))
    assert info.vois == (Window(40, 80), Window(600, 2800))
    assert info.problems == ()
    assert info.source == SOURCE
    assert info.sop_class_uid == one.sop_class_uid == "1.2.840.10008.5.1.4.1.1.2"


def test_an_rsna_file_is_normal_input() -> None:
    one = header(make_rsna("ID_0a1b2c3d4", z_mm=77.0))
    assert one.info.sop_uid == "ID_0a1b2c3d4"
    assert one.study == StudyInfo("ID_ce8ec31f46")
    assert one.series_uid == "ID_0a1b2c3d4ee"
    assert (one.sop_class_uid, one.image_type, one.number, one.info.instance_number) == ("", (), None, None)
    assert one.info.sop_class_uid == ""
    assert one.info.plane is not None
    assert one.info.problems == ()


@pytest.mark.parametrize(
    ("keyword", "text", "codes"),
    [
        ("RescaleSlope", "1,0", [ProblemCode.BROKEN_VALUE, ProblemCode.RESCALE_MISSING]),
        ("RescaleSlope", "0", [ProblemCode.BROKEN_VALUE, ProblemCode.RESCALE_MISSING]),
        ("RescaleIntercept", "", [ProblemCode.RESCALE_MISSING]),
        ("PixelSpacing", "0\\0", [ProblemCode.BROKEN_VALUE, ProblemCode.PIXEL_SPACING_MISSING]),
        ("PixelSpacing", "0.5", [ProblemCode.BROKEN_VALUE, ProblemCode.PIXEL_SPACING_MISSING]),
        ("ImagePositionPatient", "1\\x\\3", [ProblemCode.BROKEN_VALUE] * 2 + [ProblemCode.GEOMETRY_MISSING]),
        (
            "ImageOrientationPatient",
            "1\\0\\0\\1\\0\\0",
            [ProblemCode.BROKEN_VALUE, ProblemCode.GEOMETRY_MISSING],
        ),
        (
            "ImageOrientationPatient",
            "0\\0\\0\\0\\0\\0",
            [ProblemCode.BROKEN_VALUE, ProblemCode.GEOMETRY_MISSING],
        ),
        ("InstanceNumber", "one", [ProblemCode.BROKEN_VALUE]),
        ("SeriesNumber", "99999999999999999999", [ProblemCode.BROKEN_VALUE]),
        ("StudyDate", "13.13.2024", [ProblemCode.BROKEN_VALUE]),
        ("WindowWidth", "0", [ProblemCode.BROKEN_VALUE]),
        ("SliceThickness", "-1", [ProblemCode.BROKEN_VALUE]),
        ("SliceThickness", "0", []),
        ("StudyInstanceUID", "not a uid", []),
        ("SeriesInstanceUID", "1.2.840.x", []),
        ("NumberOfFrames", "1A", [ProblemCode.BROKEN_VALUE]),
        ("NumberOfFrames", "0", [ProblemCode.BROKEN_VALUE]),
        ("PatientName", b"\xff\xfe\xfd", []),
        ("SpecificCharacterSet", "NO SUCH SET", []),
    ],
)
def test_broken_values_are_problems_and_never_errors(
    keyword: str, text: str, codes: list[ProblemCode]
) -> None:
    ds = make_slice()
    set_raw(ds, keyword, text)
    assert [code for code, _ in problems(header(ds))] == codes


def test_missing_rescale_is_a_problem_for_ct_only() -> None:
    missing = {"slope": None, "intercept": None}
    assert (ProblemCode.RESCALE_MISSING, "") in problems(header(make_slice(**missing)))
    assert problems(header(make_slice(modality="MR", **missing))) == []
    color = make_slice(stored=np.zeros((8, 8, 3), np.uint8), **missing)
    assert problems(header(color)) == []


def test_missing_geometry_and_spacing_are_said() -> None:
    one = header(make_slice(orientation=None, pixel_spacing_mm=None))
    assert one.info.plane is None
    assert one.info.spacing is None
    assert [code for code, _ in problems(one)] == [
        ProblemCode.PIXEL_SPACING_MISSING,
        ProblemCode.GEOMETRY_MISSING,
    ]


@pytest.mark.parametrize(
    ("charset", "data", "name"),
    [
        ("ISO_IR 100", "Buc^Jérôme".encode("latin-1"), "Buc, Jérôme"),
        ("ISO_IR 144", "Люкceмбypг".encode("iso8859-5"), "Люкceмбypг"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小东".encode(), "Wang, XiaoDong (王, 小东)"),
        ("GB18030", "Wang^XiaoDong=王^小东".encode("gb18030"), "Wang, XiaoDong (王, 小东)"),
    ],
)
def test_names_in_other_scripts(charset: str, data: bytes, name: str) -> None:
    ds = make_slice(SpecificCharacterSet=charset)
    set_raw(ds, "PatientName", data)
    assert header(ds).patient.name == name


def test_a_size_is_needed() -> None:
    ds = make_slice()
    del ds.Rows
    with pytest.raises(ReadError, match="Rows None, Columns 16"):
        headers(ds)


def test_floating_point_pixels_are_listed_and_marked() -> None:
    ds = make_slice()
    ds.FloatPixelData = ds.PixelData
    del ds.PixelData
    assert (ProblemCode.UNSUPPORTED_PIXEL_FORMAT, "floating-point pixel data") in problems(header(ds))


def test_no_pixels_no_headers() -> None:
    ds = make_slice()
    del ds.PixelData
    assert headers(ds) == ()


def test_a_classic_multi_frame_has_no_position_a_frame() -> None:
    found = headers(make_slice(stored=np.zeros((3, 8, 8), np.int16)))
    assert [h.info.source.frame for h in found] == [0, 1, 2]
    assert all(h.info.plane is None for h in found)
    assert problems(found[2]) == [(ProblemCode.GEOMETRY_MISSING, "3 frames without positions of their own")]


def test_a_frame_count_beyond_the_file_is_cut_down() -> None:
    ds = make_slice(stored=np.zeros((3, 8, 8), np.int16))
    ds.NumberOfFrames = 10**9
    found = headers(ds)
    assert len(found) == 3
    assert problems(found[0])[0][0] is ProblemCode.BROKEN_VALUE


@pytest.mark.parametrize(
    "shared", [(), ("orientation", "spacing"), ("orientation", "rescale", "spacing", "window")]
)
def test_enhanced_frames_have_their_own_geometry_and_window(shared: tuple[str, ...]) -> None:
    windows = [(40.0, 80.0), (50.0, 100.0), (600.0, 2800.0)]
    found = headers(make_enhanced(3, spacing_mm=2.5, windows=windows, shared=(*shared,)))
    assert {h.info.sop_class_uid for h in found} == {"1.2.840.10008.5.1.4.1.1.2.1"}
    expected = [windows[0]] * 3 if "window" in shared else windows
    for i, one in enumerate(found):
        assert one.info.plane == Plane((-4, -4, 2.5 * i), (1, 0, 0), (0, 1, 0))
        assert one.info.spacing == PixelSpacing(0.5, 0.5)
        assert one.info.thickness_mm == 2.5
        assert one.info.vois == (Window(*expected[i]),)
        assert one.info.problems == ()


def test_a_frame_without_position_says_so_for_itself() -> None:
    ds = make_enhanced(3)
    del ds.PerFrameFunctionalGroupsSequence[1].PlanePositionSequence
    assert [len(h.info.problems) for h in headers(ds)] == [0, 1, 0]


def test_missing_functional_groups_of_the_last_frames() -> None:
    ds = make_enhanced(3)
    ds.PerFrameFunctionalGroupsSequence = Sequence(ds.PerFrameFunctionalGroupsSequence[:2])
    assert [h.info.plane is None for h in headers(ds)] == [False, False, True]


def test_empty_functional_groups() -> None:
    ds = make_enhanced(2)
    ds.SharedFunctionalGroupsSequence = Sequence([Dataset()])
    codes = {code for code, _ in problems(headers(ds)[0])}
    assert codes >= {ProblemCode.PIXEL_SPACING_MISSING, ProblemCode.GEOMETRY_MISSING}


def test_compression_with_loss_is_said() -> None:
    one = header(make_slice(LossyImageCompression="01", LossyImageCompressionRatio="8.5"))
    assert problems(one) == [(ProblemCode.LOSSY_COMPRESSION, "8.5 to 1")]
    assert problems(header(make_slice(LossyImageCompression="00"))) == []
