"""What the fuzzers start from: tiny files of every kind, and the words of DICOM, made in code."""

from __future__ import annotations

import random
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
from dicom_factory import (
    compressed,
    make_enhanced,
    make_rsna,
    make_slice,
    pattern,
    set_raw,
    to_bytes,
    write_dicomdir,
    write_series,
    write_zip,
)
from pydicom.datadict import dictionary_VR
from pydicom.encaps import encapsulate
from pydicom.tag import Tag
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)
from stored_files import whole_files

from ichviewer.dicom.header import HEADER_TAGS

_SYNTAXES = (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    JPEG2000Lossless,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    HTJ2K,
)
_LONG_VRS = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT"}
_MARKERS = (
    *(
        b"\xff\xd8",
        b"\xff\xd9",
        b"\xff\xda",
        b"\xff\xc3",
        b"\xff\xc0",
        b"\xff\xc1",
        b"\xff\xf7",
        b"\xff\xdd\0\4",
    ),
    *(b"\xff\x4f\xff\x51", b"\xff\x90", b"\xff\x93", b"\xff\x50"),
    *(
        b"\xfe\xff\0\xe0",
        b"\xfe\xff\xdd\xe0\0\0\0\0",
        b"\xfe\xff\x0d\xe0\0\0\0\0",
        b"\xff\xff\xff\xff",
        b"\xff\xff",
    ),
    *(b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"DICM"),
)
_WORDS = (
    "CT",
    "MONOCHROME1",
    "MONOCHROME2",
    "RGB",
    "PALETTE COLOR",
    "YBR_FULL_422",
    "1e30",
    "NaN",
    "65536",
    "\\",
)


def _jpeg_baseline() -> bytes:
    ds = make_slice(stored=(pattern() % 256).astype(np.uint8))
    ds.PixelData = encapsulate([imagecodecs.jpeg8_encode((pattern() % 256).astype(np.uint8))])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    return to_bytes(ds)


def _color(syntax: str = ExplicitVRLittleEndian) -> bytes:
    return to_bytes(compressed(make_slice(stored=np.full((16, 16, 3), 90, np.uint8)), syntax))


def compressed_files() -> Iterator[tuple[str, bytes]]:
    """Names and bytes of grey images of one frame in every compressed transfer syntax."""
    for syntax in _SYNTAXES:
        if syntax.is_compressed and not syntax.is_deflated:
            stored = (pattern() + 1024).astype(np.uint16)
            yield syntax.keyword, to_bytes(compressed(make_slice(stored=stored, bits_stored=12), syntax))
    yield "JPEGBaseline8Bit", _jpeg_baseline()


def files() -> Iterator[tuple[str, bytes]]:
    """Names and bytes of DICOM files: every transfer syntax, multi-frame, broken ones."""
    yield from compressed_files()
    for syntax in _SYNTAXES[:4]:
        yield syntax.keyword, to_bytes(compressed(make_slice(), syntax))
    yield "rgb", _color()
    yield "rgb-rle", _color(RLELossless)
    yield "8bit", to_bytes(make_slice(stored=(pattern() % 256).astype(np.uint8)))
    yield "signed", to_bytes(make_slice(stored=pattern()))
    multi = np.stack([pattern(8, 8, i) + 1024 for i in range(3)]).astype(np.uint16)
    for syntax in (ExplicitVRLittleEndian, RLELossless, JPEGLosslessSV1, JPEG2000Lossless):
        yield f"multiframe-{syntax.keyword}", to_bytes(compressed(make_slice(stored=multi.copy()), syntax))
    yield "enhanced", to_bytes(make_enhanced(2, shared=("orientation", "spacing", "rescale", "window")))
    yield "enhanced-apart", to_bytes(make_enhanced(2, shared=()))
    yield "rsna", to_bytes(make_rsna())
    whole = to_bytes(make_slice(rows=8, columns=8))
    yield "cut", whole[:-50]
    yield "no-preamble", whole[132:]
    many = make_slice(rows=8, columns=8)
    set_raw(many, "NumberOfFrames", "300000")
    yield "many-frames", to_bytes(many)
    yield "padding", to_bytes(make_slice(PixelPaddingValue=63536, PhotometricInterpretation="MONOCHROME1"))
    palette = {"SamplesPerPixel": 1, "PhotometricInterpretation": "PALETTE COLOR"}
    for color in ("Red", "Green", "Blue"):
        palette[f"{color}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        palette[f"{color}PaletteColorLookupTableData"] = bytes(512)
    yield "palette", to_bytes(make_slice(stored=(pattern() % 256).astype(np.uint8), **palette))


def of(target: str) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of what a target starts from."""
    if target in ("parse", "decode"):
        yield from files()
    if target in ("parse", "zip"):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            yield "dicomdir", write_dicomdir(folder, ["A/IM1", "IM2"]).read_bytes()
            images = write_series(folder, 3, rows=8, columns=8)
            for name, how in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
                yield f"zip-{name}", write_zip(folder / f"{name}.zip", images, folder, how).read_bytes()
    if target == "stored":
        yield from whole_files().items()
        return
    if target not in ("parse", "decode"):
        yield "nothing", b""
        for seed in range(12):
            yield f"choices-{seed}", random.Random(seed).randbytes(20 * (seed + 1))


def dictionary() -> Iterator[bytes]:
    """Tags as they stand in files of explicit and implicit VR, markers of the codecs, words of header values."""
    tags = (
        "TransferSyntaxUID",
        "PixelData",
        "PlanarConfiguration",
        "HighBit",
        "PixelPaddingValue",
        *HEADER_TAGS,
    )
    for keyword in tags:
        tag = Tag(keyword)
        number = tag.group.to_bytes(2, "little") + tag.element.to_bytes(2, "little")
        vr = dictionary_VR(tag)[:2]
        yield number
        yield number + vr.encode() + (b"\0\0" if vr in _LONG_VRS else b"")
    yield from _MARKERS
    yield from (word.encode() for word in _WORDS)
    yield from (syntax.encode() for syntax in _SYNTAXES)


def write(target: str, folder: Path) -> None:
    """Lay the seeds of a target into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in of(target):
        (folder / f"seed-{name}").write_bytes(data)


def write_dictionary(path: Path) -> None:
    """Write the dictionary in libFuzzer's form."""
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in dict.fromkeys(dictionary()))
    path.write_text("".join(lines), encoding="ascii")
