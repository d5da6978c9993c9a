from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import (
    compressed,
    make_enhanced,
    make_slice,
    pattern,
    to_bytes,
    write,
    write_series,
    write_zip,
)
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.sequence import Sequence
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    MPEG4HP41,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import DecodedSlice, read_slice
from ichviewer.domain.hu import Rescale
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.domain.window import Window, render_grey
from ichviewer.errors import DecodeError, FileChangedError, ReadError

LOSSLESS = [
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEG2000Lossless,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    HTJ2K,
]
LOSSY = {JPEGExtended12Bit: 2, JPEGLSNearLossless: 2}


def infos(path: Path) -> tuple[SliceInfo, ...]:
    return tuple(info for series in read_catalog([path]).series for info in series.slices)


def decode(tmp_path: Path, ds: FileDataset, **options: Any) -> DecodedSlice:
    (info,) = infos(write(tmp_path / "a.dcm", ds, **options))
    return read_slice(info)


def codes(decoded: DecodedSlice) -> list[tuple[ProblemCode, str]]:
    return [(p.code, p.found) for p in decoded.problems]


@pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda s: UID(s).name)
@pytest.mark.parametrize(("rows", "columns", "bits"), [(24, 16, 12), (17, 9, 16)])
def test_every_lossless_syntax_gives_back_what_was_written(
    tmp_path: Path, syntax: str, rows: int, columns: int, bits: int
) -> None:
    decoded = decode(tmp_path, compressed(make_slice(rows=rows, columns=columns, bits_stored=bits), syntax))
    assert np.array_equal(decoded.image.hu(), pattern(rows, columns, 1))
    assert decoded.problems == ()


@pytest.mark.parametrize(
    "syntax", [s for s in LOSSLESS if UID(s) not in (JPEGLosslessSV1,)], ids=lambda s: UID(s).name
)
def test_signed_values(tmp_path: Path, syntax: str) -> None:
    stored = np.array([[-2048, -1, 0, 1], [2047, -1000, 40, 80]] * 4, np.int16)
    made = compressed(make_slice(stored=stored, intercept=0.0), syntax)
    assert decode(tmp_path, made).image.hu().tolist() == stored.tolist()


@pytest.mark.parametrize("syntax", LOSSY, ids=lambda s: UID(s).name)
def test_lossy_syntaxes_come_close(tmp_path: Path, syntax: str) -> None:
    stored = np.tile(np.linspace(0, 4095, 32).astype(np.uint16), (32, 1))
    decoded = decode(tmp_path, compressed(make_slice(stored=stored, bits_stored=12), syntax))
    assert np.abs(decoded.image.hu() - (stored - 1024.0)).max() <= LOSSY[UID(syntax)]


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless, ExplicitVRLittleEndian])
def test_one_frame_of_several(tmp_path: Path, syntax: str) -> None:
    frames = np.stack([pattern(16, 16, i) + 1024 for i in range(4)]).astype(np.uint16)
    found = infos(write(tmp_path / "a", compressed(make_slice(stored=frames), syntax)))
    assert [i.source.frame for i in found] == [0, 1, 2, 3]
    for i in (2, 0, 3, 1):
        assert np.array_equal(read_slice(found[i]).image.hu(), pattern(16, 16, i))


def test_enhanced_frames_have_their_own_rescale(tmp_path: Path) -> None:
    ds = make_enhanced(3, slopes=[1.0, 2.0, 0.5], intercepts=[-1024.0, -2000.0, -1100.0])
    for i, info in enumerate(infos(write(tmp_path / "a", ds))):
        image = read_slice(info).image
        assert image.rescale == Rescale([1.0, 2.0, 0.5][i], [-1024.0, -2000.0, -1100.0][i])
        # Storing in steps of the slope rounds by half a step at most.
        assert np.abs(image.hu() - pattern(seed=i)).max() <= image.rescale.slope / 2


def test_a_multi_frame_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for intercepts in ([-1024.0] * 2, [-1000.0] * 2):
        ds = make_enhanced(2, intercepts=intercepts)
        last = infos(write(path, ds))[1]
        # Another time stamp even where the clock is coarse.
        os.utime(path, ns=(0, int(abs(intercepts[0]))))
        assert read_slice(last).image.rescale == Rescale(1.0, intercepts[0])


def test_a_frame_beyond_those_in_the_file_is_an_error(tmp_path: Path) -> None:
    frames = np.zeros((2, 8, 8), np.uint16)
    for name, syntax in (("native", ExplicitVRLittleEndian), ("rle", RLELossless)):
        ds = compressed(make_slice(stored=frames), syntax)
        path = write(tmp_path / name, ds)
        beyond = SliceInfo(SliceSource(path, frame=7), ds.SOPInstanceUID, 8, 8)
        with pytest.raises(DecodeError, match=name):
            read_slice(beyond)


def test_a_member_of_an_archive(tmp_path: Path) -> None:
    files = write_series(tmp_path / "a", n=2, syntax=JPEG2000Lossless)
    found = infos(write_zip(tmp_path / "a.zip", files, tmp_path))
    assert [np.array_equal(read_slice(i).image.hu(), pattern(seed=k + 1)) for k, i in enumerate(found)] == [
        True
    ] * 2


def test_8_bit_words_in_big_endian_are_swapped_back(tmp_path: Path) -> None:
    stored = np.arange(15, dtype=np.uint8).reshape(3, 5)
    frames = np.stack([stored, stored + 100])
    ds = make_slice(stored=frames, intercept=0.0, modality="OT")
    ds.PixelData = np.frombuffer(ds.PixelData, "<u2").byteswap().tobytes()
    ds["PixelData"].VR = "OW"
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    first, second = (read_slice(i).image for i in infos(write(tmp_path / "a", ds)))
    assert np.array_equal(first.stored, stored)
    assert np.array_equal(second.stored, stored + 100)


def test_single_bits(tmp_path: Path) -> None:
    bits = np.random.default_rng(0).integers(0, 2, (3, 5, 7)).astype(np.uint8)
    ds = make_slice(stored=bits, modality="SEG")
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    ds.PixelData = packed + b"\0" * (len(packed) % 2)
    for i, info in enumerate(infos(write(tmp_path / "a", ds))):
        assert np.array_equal(read_slice(info).image.stored, bits[i])


def test_32_bit_values(tmp_path: Path) -> None:
    stored = np.array([[0, 70_000], [-5, 2**30]], np.int32)
    image = decode(tmp_path, make_slice(stored=stored, intercept=0.0)).image
    assert np.array_equal(image.stored, stored)


def file_size(ds: FileDataset, tmp_path: Path) -> int:
    return write(tmp_path / "whole", ds).stat().st_size


def test_cut_short_keeps_what_is_there_and_says_so(tmp_path: Path) -> None:
    ds = make_slice(rows=16, columns=16)
    # 512 bytes of pixels of which 212 are cut off: 300 bytes are 9 rows of 32 and a bit.
    decoded = decode(tmp_path, ds, keep_bytes=file_size(ds, tmp_path) - 212)
    image = decoded.image
    assert image.rows_read == 9
    assert np.array_equal(image.hu()[:9], pattern(16, 16, 1)[:9])
    assert (image.hu()[9:] == -1000).all()
    assert codes(decoded) == [(ProblemCode.TRUNCATED_PIXEL_DATA, "300 of 512 bytes, 9 of 16 rows")]


def test_cut_short_multi_frame_loses_the_last_frames_only(tmp_path: Path) -> None:
    ds = make_slice(stored=np.ones((3, 16, 16), np.uint16))
    found = infos(write(tmp_path / "a" / "b", ds, keep_bytes=file_size(ds, tmp_path) - 512 - 256))
    assert [read_slice(i).image.rows_read for i in found[:2]] == [None, 8]
    with pytest.raises(DecodeError, match="the pixel data is missing"):
        read_slice(found[2])


def test_nothing_left_of_the_pixels_is_an_error(tmp_path: Path) -> None:
    ds = make_slice()
    with pytest.raises(DecodeError, match="0 of 16 rows") as caught:
        decode(tmp_path, ds, keep_bytes=file_size(ds, tmp_path) - 500)
    assert caught.value.where == str(tmp_path / "a.dcm")


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLosslessSV1, JPEG2000Lossless, JPEGExtended12Bit])
def test_compressed_and_cut_short_is_an_error_that_says_where(tmp_path: Path, syntax: str) -> None:
    rng = np.random.default_rng(0)
    ds = compressed(
        make_slice(stored=rng.integers(0, 4096, (64, 64)).astype(np.uint16), bits_stored=12), syntax
    )
    half = len(ds.PixelData) // 2
    whole = file_size(ds, tmp_path)
    (info,) = infos(write(tmp_path / "b" / "a.dcm", ds, keep_bytes=whole - half - half // 2))
    with pytest.raises(DecodeError, match=UID(syntax).name.split()[0]) as caught:
        read_slice(info)
    assert caught.value.where == str(tmp_path / "b" / "a.dcm")
    assert caught.value.found


def test_a_codestream_without_end_marker_in_a_whole_file_is_read(tmp_path: Path) -> None:
    ds = compressed(make_slice(bits_stored=12), JPEGExtended12Bit)
    frame = get_frame(ds.PixelData, 0)
    assert frame.rstrip(b"\0").endswith(b"\xff\xd9")
    ds.PixelData = encapsulate([frame.rstrip(b"\0")[:-2]])
    assert np.abs(decode(tmp_path, ds).image.hu() - pattern(seed=1)).max() <= 2


def test_a_deflated_file_cut_in_its_header_is_named_in_the_listing(tmp_path: Path) -> None:
    ds = compressed(make_slice(), DeflatedExplicitVRLittleEndian)
    # The meta information takes the first 340 bytes or so.
    path = write(tmp_path / "b" / "a", ds, keep_bytes=500)
    (problem,) = read_catalog([path]).problems
    assert problem.code is ProblemCode.UNREADABLE_FILE
    assert "it ends inside an element" in problem.found


def test_a_deflated_file_cut_in_its_pixels_keeps_what_is_there(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 4096, (16, 16)).astype(np.uint16)
    ds = compressed(make_slice(stored=noise), DeflatedExplicitVRLittleEndian)
    decoded = decode(tmp_path, ds, keep_bytes=file_size(ds, tmp_path) - 100)
    rows = decoded.image.rows_read
    assert rows is not None and 5 < rows < 16
    assert np.array_equal(decoded.image.stored[:rows], noise[:rows])
    assert [p.code for p in decoded.problems] == [ProblemCode.TRUNCATED_PIXEL_DATA]


def test_garbage_in_the_high_bits(tmp_path: Path) -> None:
    stored = (pattern(16, 16) + 1024).astype(np.uint16) | np.uint16(0xA000)
    image = decode(tmp_path, make_slice(stored=stored, bits_stored=12)).image
    assert np.array_equal(image.hu(), pattern(16, 16))


def test_rsna_wrap_around_is_repaired_and_reported(tmp_path: Path) -> None:
    wrapped = (pattern(16, 16).astype(np.int32) % 4096).astype(np.uint16)
    decoded = decode(tmp_path, make_slice(stored=wrapped, bits_stored=12, intercept=-4.0))
    assert [p.code for p in decoded.problems] == [ProblemCode.REPAIRED_12_BIT]
    assert np.array_equal(decoded.image.hu(), pattern(16, 16))


def test_header_problems_are_not_repeated(tmp_path: Path) -> None:
    (info,) = infos(write(tmp_path / "a", make_slice(slope=None, intercept=None)))
    assert [p.code for p in info.problems] == [ProblemCode.RESCALE_MISSING]
    assert read_slice(info).problems == ()


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless])
def test_color_becomes_luminance(tmp_path: Path, syntax: str) -> None:
    rgb = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)
    image = decode(tmp_path, compressed(make_slice(stored=rgb), syntax)).image
    # 0.299, 0.587 and 0.114 of 255: 76.2, 149.7, 29.1.
    assert image.stored.tolist() == [[76, 150], [29, 255]]
    assert image.stored.dtype == np.uint8
    assert image.rescale == Rescale()


def test_color_by_plane(tmp_path: Path) -> None:
    rgb: NDArray[np.uint8] = np.zeros((2, 2, 3), np.uint8)
    rgb[..., 1] = 255
    ds = make_slice(stored=rgb)
    ds.PlanarConfiguration = 1
    ds.PixelData = np.moveaxis(rgb, -1, 0).tobytes()
    assert decode(tmp_path, ds).image.stored.tolist() == [[150, 150]] * 2


def test_a_palette(tmp_path: Path) -> None:
    ds = make_slice(stored=np.array([[0, 1], [2, 3]], np.uint8))
    ds.PhotometricInterpretation = "PALETTE COLOR"
    for color, level in (("Red", 255), ("Green", 128), ("Blue", 0)):
        setattr(ds, f"{color}PaletteColorLookupTableDescriptor", [4, 0, 8])
        setattr(ds, f"{color}PaletteColorLookupTableData", bytes([0, 0, level, level]))
    # 0.299 * 255 + 0.587 * 128 = 151.4
    assert decode(tmp_path, ds).image.stored.tolist() == [[0, 0], [151, 151]]


def test_floating_point_pixels_are_refused(tmp_path: Path) -> None:
    ds = make_slice(rows=4, columns=4)
    ds.FloatPixelData = np.zeros(16, np.float32).tobytes()
    del ds.PixelData
    with pytest.raises(DecodeError, match="floating-point pixel data is not supported"):
        decode(tmp_path, ds)


def test_a_video_is_refused_by_name(tmp_path: Path) -> None:
    ds = make_slice()
    ds.PixelData = encapsulate([b"\0\0\0\1" * 100])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = MPEG4HP41
    with pytest.raises(DecodeError, match="MPEG-4"):
        decode(tmp_path, ds)


def test_an_unknown_syntax_is_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a", compressed(make_slice(), JPEG2000Lossless))
    claim(path, JPEG2000Lossless, "1.2.840.10008.1.2.4.99")
    (info,) = infos(path)
    with pytest.raises(DecodeError, match=r"1\.2\.840\.10008\.1\.2\.4\.99"):
        read_slice(info)


@pytest.mark.parametrize("other", ["1.2.840.10008.1.2.9", "1.2.840.113619.5.23"])
def test_an_unknown_uncompressed_syntax_is_refused_by_name(tmp_path: Path, other: str) -> None:
    path = write(tmp_path / "a", make_slice())
    claim(path, ExplicitVRLittleEndian, other)
    (info,) = infos(path)
    with pytest.raises(DecodeError, match=f"not known.*{re.escape(other)}"):
        read_slice(info)


def claim(path: Path, syntax: str, other: str) -> None:
    """Let a file claim another transfer syntax than it is written in."""
    assert len(syntax) == len(other)
    data = path.read_bytes()
    assert data.count(syntax.encode()) == 1
    path.write_bytes(data.replace(syntax.encode(), other.encode()))


def test_compressed_pixels_that_claim_not_to_be(tmp_path: Path) -> None:
    path = write(tmp_path / "a", compressed(make_slice(), RLELossless))
    claim(path, RLELossless, ExplicitVRLittleEndian)
    (info,) = infos(path)
    with pytest.raises(DecodeError, match="does not fit the pixel data"):
        read_slice(info)


def test_a_codestream_of_another_size_is_refused(tmp_path: Path) -> None:
    ds = compressed(make_slice(rows=16), JPEGLSLossless)
    ds.Rows = 20
    with pytest.raises(DecodeError, match="could not be decoded"):
        decode(tmp_path, ds)


@pytest.mark.parametrize("bits", [0, 5, 64])
def test_impossible_bits_are_refused(tmp_path: Path, bits: int) -> None:
    ds = make_slice()
    ds.BitsAllocated = bits or None
    if bits == 0:
        # Missing: 16 is what CT has.
        assert np.array_equal(decode(tmp_path, ds).image.hu(), pattern(seed=1))
        return
    with pytest.raises(DecodeError, match=f"{bits} bits allocated"):
        decode(tmp_path, ds)


@pytest.mark.parametrize(("keyword", "value"), [("BitsStored", 17), ("HighBit", 3), ("HighBit", 16)])
def test_bits_that_do_not_fit_are_reported_and_left_out(tmp_path: Path, keyword: str, value: int) -> None:
    ds = make_slice()
    setattr(ds, keyword, value)
    decoded = decode(tmp_path, ds)
    assert codes(decoded) == [(ProblemCode.BROKEN_VALUE, f"{keyword} '{value}'")]
    assert np.array_equal(decoded.image.hu(), pattern(seed=1))


def test_a_file_without_preamble_or_meta_information(tmp_path: Path) -> None:
    data = write(tmp_path / "x", make_slice()).read_bytes()
    for name, start in (("no preamble", 132), ("no meta", data.index(b"\x08\x00\x05\x00CS"))):
        path = tmp_path / name
        path.write_bytes(data[start:])
        (info,) = infos(path)
        assert np.array_equal(read_slice(info).image.hu(), pattern(seed=1))


def test_a_file_that_went_away_is_a_read_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a", make_slice())
    (info,) = infos(path)
    path.unlink()
    with pytest.raises(ReadError, match="No such file"):
        read_slice(info)


def test_a_file_that_lost_its_pixels_since_is_a_decode_error(tmp_path: Path) -> None:
    ds = make_slice()
    path = write(tmp_path / "a", ds)
    (info,) = infos(path)
    del ds.PixelData
    write(path, ds)
    with pytest.raises(DecodeError, match="holds no pixel data"):
        read_slice(info)


def test_an_absurd_size_is_refused(tmp_path: Path) -> None:
    ds = make_slice()
    ds.Rows = ds.Columns = 65535
    with pytest.raises(DecodeError, match="65535 x 65535 px"):
        decode(tmp_path, ds)


def test_a_modality_lut_sequence(tmp_path: Path) -> None:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [2, 0, 16])
    item.add_new("LUTData", "US", [7, 9])
    stored = np.array([[0, 1]], np.uint16)
    ds = make_slice(stored=stored, slope=None, intercept=None, ModalityLUTSequence=Sequence([item]))
    decoded = decode(tmp_path, ds)
    assert decoded.image.hu().tolist() == [[7, 9]]
    assert decoded.problems == ()


def test_sources_name_frames(tmp_path: Path) -> None:
    path = write(tmp_path / "a", make_slice(stored=np.zeros((2, 4, 4), np.int16)))
    assert [i.source for i in infos(path)] == [SliceSource(path), SliceSource(path, frame=1)]


def test_monochrome1_is_shown_turned_round_with_its_hu_unchanged(tmp_path: Path) -> None:
    hu = [[-1000, 0, 40, 80]]
    plain, turned = tmp_path / "2.dcm", tmp_path / "1.dcm"
    plain.write_bytes(to_bytes(make_slice(hu=hu)))
    turned.write_bytes(to_bytes(make_slice(hu=hu, PhotometricInterpretation="MONOCHROME1")))
    images = [read_slice(read_catalog([p]).series[0].slices[0]).image for p in (plain, turned)]
    np.testing.assert_array_equal(images[1].hu(), hu)
    greys = [render_grey(image, Window(40, 80)) for image in images]
    np.testing.assert_array_equal(greys[1], 255 - greys[0])
    assert greys[0][0, 0] == 0


def test_a_file_that_was_replaced_after_it_was_listed_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a", make_slice(sop="first"))
    info = read_catalog([tmp_path]).series[0].slices[0]
    write(tmp_path / "a", make_slice(sop="another", patient_id="P2"))
    with pytest.raises(FileChangedError, match="not the one that was listed"):
        read_slice(info)
    write(tmp_path / "a", make_slice(sop="first", rows=8))
    with pytest.raises(FileChangedError, match="16 x 8 px"):
        read_slice(info)


@pytest.mark.parametrize(
    "other",
    [
        {"patient_id": "P2"},
        {"patient_name": "Roe^Jane"},
        {"PatientBirthDate": "19700101"},
        {"StudyInstanceUID": "1.2.3"},
        {"series": "another"},
        {"z_mm": 7.5},
        {"pixel_spacing_mm": (0.25, 0.25)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_so_is_one_that_bears_the_same_uid(tmp_path: Path, other: dict[str, Any]) -> None:
    write(tmp_path / "a", make_slice(sop="one"))
    info = read_catalog([tmp_path]).series[0].slices[0]
    assert read_slice(info).pixel_hash
    write(tmp_path / "a", make_slice(**{"SOPInstanceUID": info.sop_uid, **other}))
    with pytest.raises(FileChangedError, match="another patient, study, series or place"):
        read_slice(info)


def test_other_pixels_of_the_same_image_are_decoded(tmp_path: Path) -> None:
    write(tmp_path / "a", make_slice(sop="one"))
    info = read_catalog([tmp_path]).series[0].slices[0]
    before = read_slice(info).pixel_hash
    write(tmp_path / "a", make_slice(sop="one", hu=np.full((16, 16), 77)))
    assert read_slice(info).pixel_hash != before


def test_a_header_of_millions_of_elements_is_given_up(tmp_path: Path) -> None:
    whole = to_bytes(make_slice())
    (tmp_path / "a").write_bytes(whole[: whole.find(b"\x10\x00\x10\x00")] + bytes(1 << 22))
    started = time.process_time()
    (problem,) = read_catalog([tmp_path]).problems
    assert "more than 50,000" in problem.found
    assert time.process_time() - started < 5
