"""Bad days, built by code: each case is a folder of files and what must come out of it.

Heads are 128 x 128 pixels with a brain of another value in every slice, so that slices are told apart and the
analysis takes milliseconds. Every case came from something seen; what was seen stands beside it.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import imagecodecs
import numpy as np
from dicom_factory import (
    compressed,
    make_enhanced,
    make_slice,
    set_raw,
    to_bytes,
    write,
    write_dicomdir,
)
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    RLELossless,
)
from synthetic_head import SPACING_MM, head_hu

from ichviewer.dicom.inflate import deflated_start

SPACING = (SPACING_MM, SPACING_MM)


@dataclass(frozen=True)
class Case:
    """One bad day.

    Parameters
    ----------
    name : str
    build : callable
        Writes the input below a folder and returns what is to be opened, or None for the folder itself.
    analysed, not_analysed, failed : int
        Rows of the CSV by their status.
    notes : mapping of str to int
        Problem codes and in how many rows they must stand at least.
    exit_code : int
        Of ``annotate``.
    told : str
        What must stand on stderr.
    """

    name: str
    build: Callable[[Path], Path | None]
    analysed: int = 0
    not_analysed: int = 0
    failed: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
    exit_code: int = 0
    told: str = ""

    @property
    def found(self) -> int:
        """Rows in all."""
        return self.analysed + self.not_analysed + self.failed


def head_slice(i: int, **options: object) -> FileDataset:
    """Slice ``i`` of a head, 5 mm apart."""
    hu = options.pop("hu", head_hu(25 + 2 * i))
    options = {"z_mm": 5.0 * i, "instance_number": i + 1, "pixel_spacing_mm": SPACING, **options}
    return make_slice(hu=hu, **options)  # type: ignore[arg-type]


def write_head(folder: Path, n: int = 6, **options: object) -> list[Path]:
    """A head of ``n`` slices, one file each."""
    return [write(folder / f"{i:03}.dcm", head_slice(i, **options)) for i in range(n)]


def grey_slice(i: int) -> FileDataset:
    """The same with unsigned 12-bit values, as codecs want them."""
    stored = (head_hu(25 + 2 * i) + 1024).astype(np.uint16)
    return make_slice(
        stored=stored, bits_stored=12, z_mm=5.0 * i, instance_number=i + 1, pixel_spacing_mm=SPACING
    )


def jpeg_frame(i: int, syntax: str) -> bytes:
    """One slice as a JPEG frame."""
    stored = (head_hu(25 + 2 * i) + 1024).astype(np.uint16)
    if syntax == JPEGLosslessSV1:
        return bytes(imagecodecs.ljpeg_encode(stored, bitspersample=12))
    if syntax == JPEGExtended12Bit:
        return bytes(imagecodecs.jpeg_encode(stored, level=100, bitspersample=12))
    grey8 = np.clip((head_hu(25 + 2 * i) + 20) * 2, 0, 255).astype(np.uint8)
    return bytes(imagecodecs.jpeg8_encode(grey8, level=100))


def with_frame(ds: FileDataset, frame: bytes, syntax: str) -> FileDataset:
    """A data set whose pixels are this compressed frame, consistently encapsulated."""
    if syntax == JPEGBaseline8Bit:
        ds.BitsAllocated = ds.BitsStored = 8
        ds.HighBit, ds.PixelRepresentation = 7, 0
        ds.RescaleIntercept = -20
        ds.RescaleSlope = 0.5
    ds.PixelData = encapsulate([frame + b"\0" * (len(frame) % 2)])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    return ds


def cut(frame: bytes, share: float) -> bytes:
    """The first part of a frame, closed with an end-of-image marker as if it were whole."""
    return frame[: int(len(frame) * share)] + b"\xff\xd9"


# Pixels


def _cut_frames(syntax: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        for i in range(8):
            frame = jpeg_frame(i, syntax)
            if i in (2, 5):
                frame = cut(frame, 0.5)
            write(folder / f"{i:03}.dcm", with_frame(grey_slice(i), frame, syntax))

    return build


def _crashing(folder: Path) -> None:
    """The header names a codec and the frame is garbage of its kind."""
    write_head(folder, 6)
    rng = np.random.default_rng(1)
    for i in (6, 7):
        frame = bytearray(jpeg_frame(i, JPEGLosslessSV1))
        table = bytes(frame).find(b"\xff\xc4")
        frame[table + 4 : table + 24] = rng.integers(0, 256, 20, dtype=np.uint8).tobytes()
        write(folder / f"{i:03}.dcm", with_frame(grey_slice(i), bytes(frame), JPEGLosslessSV1))


def _cut_native(folder: Path) -> None:
    files = write_head(folder, 6)
    for path in (files[1], files[4]):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * 6 // 10])


def _cut_rle(folder: Path) -> None:
    for i in range(6):
        ds = compressed(grey_slice(i), RLELossless)
        whole = to_bytes(ds)
        (folder / f"{i:03}.dcm").write_bytes(whole[: len(whole) // 2] if i == 3 else whole)


# Values that no scanner writes


def _implausible(**options: object) -> Callable[[Path], None]:
    """A head of six slices, and one more that has these values."""

    def build(folder: Path) -> None:
        write_head(folder, 6)
        write(folder / "bad.dcm", head_slice(6, **options))

    return build


def _slope(folder: Path) -> None:
    write_head(folder, 6)
    ds = head_slice(6)
    set_raw(ds, "RescaleSlope", "1e30")
    write(folder / "bad.dcm", ds)


def _position(folder: Path) -> None:
    write_head(folder, 6)
    ds = head_slice(6)
    set_raw(ds, "ImagePositionPatient", "-100\\-100\\1e15")
    write(folder / "bad.dcm", ds)


def _hu_beyond_ct(folder: Path) -> None:
    write_head(folder, 6)
    hu = np.where(head_hu(35) > -500, 30000, -30000).astype(np.int32)
    write(folder / "bad.dcm", head_slice(6, stored=hu, slope=100.0, intercept=0.0))


# Mixed up


def _frames_of_reference(folder: Path) -> None:
    for i in range(6):
        write(folder / f"a{i}.dcm", head_slice(i, FrameOfReferenceUID="1.2.3.1", sop="a"))
        write(folder / f"b{i}.dcm", head_slice(i, hu=head_hu(60), FrameOfReferenceUID="1.2.3.2", sop="b"))


def _acquisitions(folder: Path) -> None:
    for i in range(6):
        write(folder / f"a{i}.dcm", head_slice(i, AcquisitionNumber=1, sop="a"))
        write(folder / f"b{i}.dcm", head_slice(i, hu=head_hu(60), AcquisitionNumber=2, sop="b"))


def _time_series(folder: Path) -> None:
    for phase in range(3):
        for i in range(4):
            ds = head_slice(
                i,
                hu=head_hu(30 + 9 * phase),
                AcquisitionTime=f"10{phase:02}00",
                AcquisitionNumber=phase + 1,
                sop=f"phase {phase}",
            )
            write(folder / f"{phase}-{i}.dcm", ds)


def _several_patients(folder: Path) -> None:
    for i in range(6):
        write(folder / f"a{i}.dcm", head_slice(i, sop="a"))
        name = {"patient_id": "P2", "patient_name": "Roe^Jane"}
        write(folder / f"b{i}.dcm", head_slice(i, hu=head_hu(55), sop="b", **name))


def _duplicates(folder: Path) -> None:
    files = write_head(folder, 5)
    for i in (1, 3):
        (folder / f"copy{i}.dcm").write_bytes(files[i].read_bytes())


# Archives, directories, links


def _zip_of_namesakes(folder: Path) -> Path:
    path = folder / "study.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)
        for i in range(4):
            archive.writestr("IM0001", to_bytes(head_slice(i)))
    return path


def _zip_encrypted(folder: Path) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i in range(4):
            archive.writestr(f"IM{i}", to_bytes(head_slice(i)))
    data = bytearray(buffer.getvalue())
    # Set the encryption bit of the last two members, in their own headers and in the directory.
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        for i in range(4):
            at = data.find(signature, at + 1)
            if i >= 2:
                data[at + offset] |= 1
    path = folder / "study.zip"
    path.write_bytes(data)
    return path


def _zip_with_a_wrong_checksum(folder: Path) -> Path:
    path = folder / "study.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(4):
            archive.writestr(f"IM{i}", to_bytes(head_slice(i)))
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x03\x04", 1)  # the second member
    size = struct.unpack("<I", data[at + 18 : at + 22])[0]
    data[at + 30 + 3 + size // 2] ^= 0xFF
    path.write_bytes(data)
    return path


def _zip_bomb(folder: Path) -> Path:
    path = folder / "study.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for i in range(3):
            archive.writestr(f"IM{i}", to_bytes(head_slice(i)))
        whole = to_bytes(head_slice(3))
        with archive.open("bomb", "w", force_zip64=True) as member:
            member.write(whole[:132])
            for _ in range(600):
                member.write(bytes(1 << 20))
    return path


def _deflate_bomb(folder: Path) -> None:
    write_head(folder, 5)
    ds = compressed(head_slice(5), DeflatedExplicitVRLittleEndian)
    whole = to_bytes(ds)
    head = whole[: deflated_start(io.BytesIO(whole))]
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = squeeze.compress(zlib.decompressobj(-zlib.MAX_WBITS).decompress(whole[len(head) :])[:340])
    # An element that never ends.
    body += squeeze.compress(struct.pack("<HH2sHI", 0x0009, 0x1010, b"OB", 0, 0xFFFFFFF0))
    for _ in range(600):
        body += squeeze.compress(bytes(1 << 20))
    body += squeeze.flush()
    (folder / "bomb.dcm").write_bytes(head + body)


def _outside(folder: Path) -> Path:
    outside, inside = folder / "other patient", folder / "opened"
    for i in range(3):
        write(outside / f"IM{i}", head_slice(i, patient_id="OTHER", series="other", sop=f"o{i}"))
    write_head(inside, 5)
    write_dicomdir(inside / "DICOM", [f"other patient/IM{i}" for i in range(3)])
    (inside / "link").symlink_to(outside)
    return inside


def _dangling(folder: Path) -> None:
    write_head(folder, 4)
    write_dicomdir(folder, [*(f"{i:03}.dcm" for i in range(4)), "A/B/C", "A" * 300])


def _many_dangling(folder: Path) -> None:
    write_head(folder, 4)
    write_dicomdir(folder, [f"D{i // 100:05}/I{i:07}" for i in range(20_000)])


# Claims


def _frames(count: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        write_head(folder, 5)
        ds = make_slice(rows=16, columns=16, series="claims")
        set_raw(ds, "NumberOfFrames", count)
        write(folder / "claims.dcm", ds)

    return build


def _rows(folder: Path) -> None:
    write_head(folder, 5)
    ds = make_slice(rows=16, columns=16, series="claims")
    ds.Rows = ds.Columns = 65_535
    write(folder / "claims.dcm", ds)
    ds = make_slice(rows=16, columns=16, series="claims", sop="jpeg")
    frame = bytes(imagecodecs.jpeg8_encode(np.zeros((16, 16), np.uint8)))
    ds = with_frame(ds, frame, JPEGBaseline8Bit)
    ds.Rows = ds.Columns = 65_535
    write(folder / "jpeg.dcm", ds)


def _no_geometry(folder: Path) -> None:
    for i in range(400):
        ds = make_slice(
            rows=16, columns=16, orientation=None, instance_number=None, pixel_spacing_mm=None, sop=str(i)
        )
        write(folder / f"{i:03}.dcm", ds)


def _nested(folder: Path) -> None:
    write_head(folder, 5)
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    element = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    whole = to_bytes(head_slice(5))
    start = whole.find(struct.pack("<HH", 0x0010, 0x0010))
    (folder / "nested.dcm").write_bytes(whole[:start] + (element + item) * 5000 + whole[start:])


# Words


def _hostile_words(folder: Path) -> None:
    words = {
        "patient_name": "\x1b[31mRed\x1b[0m^<h1>Big</h1>",
        "patient_id": '=HYPERLINK("http://x")',
        "description": "<img src=x>\nnew line\x07 \u202eright to left",
    }
    write_head(folder, 5, **words)


def _nothing(folder: Path) -> None:
    (folder / "notes.txt").write_text("no image")
    (folder / "empty").touch()


def _three_million_frames(folder: Path) -> None:
    """Frames of one pixel that are all there: the file's size bounds nothing."""
    write_head(folder, 5)
    ds = make_slice(rows=1, columns=1, series="frames")
    ds.NumberOfFrames = 3_000_000
    ds.PixelData = bytes(6_000_000)
    write(folder / "frames.dcm", ds)


def _enhanced(folder: Path) -> None:
    write(folder / "enhanced.dcm", make_enhanced(4))


IMPLAUSIBLE = {"implausible_value": 1}

CASES = (
    Case("whole head", lambda f: write_head(f) and None, analysed=6),
    Case(
        "cut JPEG Lossless frames",  # one slice then moved ten others from 0.46 to 0.78
        _cut_frames(JPEGLosslessSV1),
        analysed=6,
        failed=2,
        notes={"decode_failed": 2},
        exit_code=3,
    ),
    Case(
        "cut JPEG Baseline frames",
        _cut_frames(JPEGBaseline8Bit),
        analysed=0,
        not_analysed=6,
        failed=2,
        notes={"decode_failed": 2},
        exit_code=3,
    ),
    Case(
        "cut JPEG Extended 12-bit frames",
        _cut_frames(JPEGExtended12Bit),
        analysed=6,
        failed=2,
        notes={"decode_failed": 2},
        exit_code=3,
    ),
    Case("broken JPEG Lossless tables", _crashing, analysed=6, failed=2, exit_code=3),  # SIGSEGV
    Case(
        "cut native pixels",
        _cut_native,
        analysed=4,
        failed=2,
        notes={"truncated_pixel_data": 2},
        exit_code=3,
    ),
    Case("cut RLE", _cut_rle, analysed=5, failed=1, notes={"decode_failed": 1}, exit_code=3),
    Case("slope 1e30", _slope, analysed=6, failed=1, notes=IMPLAUSIBLE, exit_code=3),
    Case(
        "spacing 0.4 by 40 mm",
        _implausible(pixel_spacing_mm=(0.4, 40.0)),
        analysed=6,
        failed=1,
        notes=IMPLAUSIBLE,
        exit_code=3,
    ),
    Case("position 1e15", _position, analysed=6, failed=1, notes=IMPLAUSIBLE, exit_code=3),
    Case("HU beyond CT", _hu_beyond_ct, analysed=6, failed=1, notes=IMPLAUSIBLE, exit_code=3),
    Case("two frames of reference", _frames_of_reference, analysed=12, notes={"several_acquisitions": 12}),
    Case(
        "two acquisitions at the same places", _acquisitions, analysed=12, notes={"several_acquisitions": 12}
    ),
    Case("a time series", _time_series, analysed=12, notes={"several_acquisitions": 12}),
    Case("two patients under one series UID", _several_patients, analysed=12, notes={"several_patients": 12}),
    Case("duplicates", _duplicates, analysed=5, not_analysed=2, notes={"duplicate_instance": 2}),
    Case("a ZIP of namesakes", _zip_of_namesakes, analysed=4),  # three of four images vanished
    Case("an encrypted ZIP", _zip_encrypted, analysed=2, failed=2, exit_code=3),
    Case("a ZIP with a wrong checksum", _zip_with_a_wrong_checksum, analysed=3, failed=1, exit_code=3),
    Case("a ZIP bomb", _zip_bomb, analysed=3, failed=1, exit_code=3),
    Case("a deflated bomb", _deflate_bomb, analysed=5, failed=1, exit_code=3),
    Case(
        "a DICOMDIR and a link that lead outside",  # eight images of a parent folder came in
        _outside,
        analysed=5,
        failed=4,
        exit_code=3,
    ),
    Case(
        "a DICOMDIR that names what is not there",
        _dangling,
        analysed=4,
        failed=2,
        notes={"dangling_dicomdir_entry": 2},
        exit_code=3,
    ),
    Case(
        "20,000 dangling records",  # took 20 s
        _many_dangling,
        analysed=4,
        failed=20_000,
        notes={"dangling_dicomdir_entry": 20_000},
        exit_code=3,
    ),
    Case("300,000 frames in 2 KB", _frames("300000"), analysed=5, not_analysed=1),
    Case("4,000,000,000 frames in 2 KB", _frames("4000000000"), analysed=5, not_analysed=1),
    Case("65,535 rows in 2 KB", _rows, analysed=5, failed=2, exit_code=3),
    Case("400 files without geometry", _no_geometry, not_analysed=400),  # took 150 s
    Case("sequences 5,000 deep", _nested, analysed=5, failed=1, exit_code=3),
    Case("3,000,000 frames of one pixel", _three_million_frames, analysed=5, failed=1, exit_code=3),
    Case("hostile words", _hostile_words, analysed=5),
    Case("no image", _nothing, exit_code=2, told="no DICOM image"),
    Case("frames of an enhanced CT", _enhanced, not_analysed=4),
)
