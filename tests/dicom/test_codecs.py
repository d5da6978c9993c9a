from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import compressed, make_slice
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import (
    UID,
    AllTransferSyntaxes,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from ichviewer.dicom import codecs
from ichviewer.dicom.codecs import decoder_for, decompress
from ichviewer.errors import DecodeError

OPTIONS = {
    "rows": 16,
    "columns": 16,
    "samples_per_pixel": 1,
    "bits_allocated": 16,
    "bits_stored": 16,
    "pixel_representation": 0,
    "photometric_interpretation": "MONOCHROME2",
    "planar_configuration": 0,
    "pixel_keyword": "PixelData",
    "pixel_vr": "OB",
}


def has_decoder(syntax: UID) -> bool:
    try:
        get_decoder(syntax)
    except NotImplementedError:
        return False
    return True


def test_every_syntax_that_pydicom_knows_a_decoder_for_has_one_of_ours() -> None:
    compressed_ones = [s for s in AllTransferSyntaxes if s.is_encapsulated and has_decoder(s)]
    assert len(compressed_ones) == 12
    for syntax in compressed_ones:
        assert decoder_for(syntax, "a file") is get_decoder(syntax)


def test_gdcm_is_never_asked() -> None:
    for syntax in (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless):
        assert "gdcm" not in codecs.plugins_for(decoder_for(syntax, ""))


def test_when_the_first_decoder_gives_up_the_second_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    ds = compressed(make_slice(), JPEG2000Lossless)
    frame = get_frame(ds.PixelData, 0)
    expected = decompress(JPEG2000Lossless, frame, "a", color=False, options=OPTIONS)
    monkeypatch.setattr(codecs, "_ORDER", ("pydicom", "imagecodecs"))
    assert codecs.plugins_for(decoder_for(JPEG2000Lossless, "")) == ("imagecodecs",)
    assert np.array_equal(decompress(JPEG2000Lossless, frame, "a", color=False, options=OPTIONS), expected)


def test_all_objections_are_told() -> None:
    frame = get_frame(compressed(make_slice(), JPEG2000Lossless).PixelData, 0)
    # More resolutions than there may be, which only a decoder looks at.
    at = frame.index(b"\xff\x52") + 9
    damaged = frame[:at] + b"\xfe" + frame[at + 1 :]
    with pytest.raises(DecodeError) as caught:
        decompress(JPEG2000Lossless, damaged, "a", color=False, options=OPTIONS)
    assert "pylibjpeg: " in caught.value.found
    assert "imagecodecs: " in caught.value.found
    assert "\n" not in caught.value.found


def test_a_codec_that_panics_is_an_error_like_any_other() -> None:
    # One segment that starts at the very end: pylibjpeg-rle panics in Rust.
    frame = (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(56) + b"\x7f"
    with pytest.raises(DecodeError, match="RLE Lossless could not be decoded"):
        decompress(RLELossless, frame, "a", color=False, options=OPTIONS)


DAMAGE = """
import random, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from dicom_factory import compressed, make_slice, to_bytes
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.errors import DecodeError, ReadError
rng = random.Random(7)
path = Path({path!r})
for syntax in {syntaxes!r}:
    data = to_bytes(compressed(make_slice(rows=40, columns=40, bits_stored=12), syntax))
    for _ in range(40):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            damaged[rng.randrange(132, len(damaged))] = rng.randrange(256)
        path.write_bytes(damaged[: rng.choice([len(damaged), rng.randrange(200, len(damaged))])])
        catalog = read_catalog([path])
        if not catalog.series:
            assert catalog.problems
        for series in catalog.series:
            for info in series.slices[:3]:
                try:
                    read_slice(info).image.hu()
                except (DecodeError, ReadError) as error:
                    assert error.where == str(path)
print("survived")
"""


def test_damaged_files_never_bring_the_process_down(tmp_path: Path) -> None:
    syntaxes = [
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.4.51",
        "1.2.840.10008.1.2.4.70",
        "1.2.840.10008.1.2.4.80",
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.201",
        "1.2.840.10008.1.2.5",
    ]
    code = DAMAGE.format(tests=str(Path(__file__).parents[1]), path=str(tmp_path / "x"), syntaxes=syntaxes)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=200
    )
    assert done.stdout.strip() == "survived", done.stderr[-2000:]
