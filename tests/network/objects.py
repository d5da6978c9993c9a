"""DICOM files for tests of the network: one in every transfer syntax that the program reads."""

from __future__ import annotations

import io
from pathlib import Path

import imagecodecs
import numpy as np
from dicom_factory import compressed, make_slice
from pydicom import dcmread, dcmwrite, uid
from pydicom.encaps import encapsulate

SYNTAXES = (
    "ImplicitVRLittleEndian",
    "ExplicitVRLittleEndian",
    "ExplicitVRBigEndian",
    "DeflatedExplicitVRLittleEndian",
    "RLELossless",
    "JPEGBaseline8Bit",
    "JPEGExtended12Bit",
    "JPEGLossless",
    "JPEGLosslessSV1",
    "JPEGLSLossless",
    "JPEGLSNearLossless",
    "JPEG2000Lossless",
    "JPEG2000",
    "HTJ2KLossless",
    "HTJ2KLosslessRPCL",
    "HTJ2K",
)


def write_each_syntax(folder: Path, names: tuple[str, ...] = SYNTAXES) -> dict[str, Path]:
    """A slice for each name of a transfer syntax, all of one study; the paths by UID of the object."""
    folder.mkdir(parents=True)
    written = {}
    for number, name in enumerate(names, 1):
        bits = 8 if name == "JPEGBaseline8Bit" else 12
        stored = (
            np.random.default_rng(number).integers(0, 2**bits, (32, 32)).astype(f"u{1 if bits == 8 else 2}")
        )
        ds = make_slice(stored=stored, bits_stored=bits, z_mm=5.0 * number, instance_number=number)
        if name in ("JPEGBaseline8Bit", "JPEGLossless"):
            frame = (
                imagecodecs.jpeg8_encode(stored, level=95)
                if bits == 8
                else imagecodecs.ljpeg_encode(stored, bitspersample=12)
            )
            ds.PixelData = encapsulate([bytes(frame)])
            ds["PixelData"].is_undefined_length = True
            ds.file_meta.TransferSyntaxUID = getattr(uid, name)
        else:
            ds = compressed(ds, getattr(uid, name))
        if ds.file_meta.TransferSyntaxUID.is_encapsulated:
            ds["PixelData"].VR = "OB"
        path = folder / f"{number:02}-{name}.dcm"
        dcmwrite(
            path,
            ds,
            implicit_vr=name == "ImplicitVRLittleEndian",
            little_endian=name != "ExplicitVRBigEndian",
            enforce_file_format=True,
        )
        written[str(ds.SOPInstanceUID)] = path
    return written


def data_set(data: bytes) -> bytes:
    """What follows the file meta information, byte for byte: (0002,0000) says how long that is (PS3.10 7.1)."""
    assert data[128:132] == b"DICM"
    assert data[132:138] == b"\x02\x00\x00\x00UL"
    return data[144 + int.from_bytes(data[140:144], "little") :]


def pixels(data: bytes) -> bytes:
    """Pixel data as they are encoded."""
    return dcmread(io.BytesIO(data)).PixelData
