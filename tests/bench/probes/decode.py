"""Decodes a folder as the program does, and with its decoder alone from frames in memory. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from memory import cpu_s
from openjpeg import decode as openjpeg_decode
from pydicom.encaps import generate_frames
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from rle.rle import decode_frame as rle_decode

import ichviewer
from ichviewer.domain.window import Window, render_grey
from ichviewer.services.decoder import Decoder
from ichviewer.services.open_study import open_study


def alone(folder: Path) -> Callable[[], int]:
    """A call that decodes all frames of a folder, held in memory, and gives how many; uncompressed ones it reads."""
    files = [pydicom.dcmread(path) for path in sorted(folder.iterdir())]
    syntax = files[0].file_meta.TransferSyntaxUID
    decode: Callable[[bytes], object]
    if syntax == DeflatedExplicitVRLittleEndian:
        frames = [zlib.compress(ds.PixelData) for ds in files]
        decode = zlib.decompress
    elif not syntax.is_compressed:
        # Nothing is to decode: reading the file is what remains.
        frames = [bytes(path) for path in sorted(folder.iterdir())]
        order = "<i2" if syntax.is_little_endian else ">i2"

        def decode(frame: bytes) -> object:
            data = Path(os.fsdecode(frame)).read_bytes()
            return np.frombuffer(data, order, offset=len(data) % 2).astype(np.int16)
    else:
        frames = [next(generate_frames(ds.PixelData, number_of_frames=1)) for ds in files]
        pixels = files[0].Rows * files[0].Columns
        decode = {
            RLELossless: lambda frame: rle_decode(frame, pixels, files[0].BitsAllocated, "<"),
            JPEGExtended12Bit: imagecodecs.jpeg_decode,
            JPEGLosslessSV1: imagecodecs.jpeg_decode,
            JPEGLSLossless: imagecodecs.jpegls_decode,
            JPEG2000Lossless: openjpeg_decode,
            JPEG2000: openjpeg_decode,
            HTJ2KLossless: openjpeg_decode,
            HTJ2K: openjpeg_decode,
        }[syntax]

    def run() -> int:
        for frame in frames:
            decode(frame)
        return len(frames)

    return run


def timed(call: Callable[[], int], runs: int) -> dict[str, list[float]]:
    """Wall time a slice and processor time in all of each run, after one that does not count."""
    call()
    found: dict[str, list[float]] = {"ms": [], "cpu_s": []}
    for _ in range(runs):
        wall, cpu = time.perf_counter(), cpu_s()
        count = call()
        found["ms"].append(1000 * (time.perf_counter() - wall) / count)
        found["cpu_s"].append(cpu_s() - cpu)
    return found


def main() -> None:
    folder, runs = Path(sys.argv[1]), int(sys.argv[2])
    with Decoder() as decoder:
        slices = open_study([folder]).series[0].slices

        def ours() -> int:
            for info in slices:
                render_grey(decoder.read_slice(info).image, Window(40, 80))
            return len(slices)

        said = {"ours": timed(ours, runs), "alone": timed(alone(folder), runs)}
    print(json.dumps({"package": ichviewer.__file__, **said}))


if __name__ == "__main__":
    main()
