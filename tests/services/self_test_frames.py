"""Makes the tiny files of `resources/self_test`, one a transfer syntax.

Run as `PYTHONPATH=tests python tests/services/self_test_frames.py`.
"""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
from dicom_factory import compressed, make_slice, write
from pydicom import uid
from pydicom.encaps import encapsulate

from ichviewer.services.self_test import SYNTAXES, expected_frame

FOLDER = Path(__file__).parents[2] / "resources" / "self_test"


def make(name: str) -> Path:
    """Write the file of one syntax and return its path."""
    eight_bit = name == "JPEGBaseline8Bit"
    frame = expected_frame(8 if eight_bit else 12)
    ds = make_slice(
        stored=frame.astype(np.uint8 if eight_bit else np.uint16),
        bits_stored=8 if eight_bit else 12,
        patient_id="SELF-TEST",
        patient_name="Self-test^Frame",
        study="self-test",
        series=name,
        description=name,
        intercept=-1024.0,
    )
    if name in ("JPEGBaseline8Bit", "JPEGLossless"):
        encoded = (
            imagecodecs.jpeg8_encode(frame.astype(np.uint8), level=100)
            if eight_bit
            else imagecodecs.ljpeg_encode(frame.astype(np.uint16), bitspersample=12)
        )
        ds.PixelData = encapsulate([bytes(encoded)])
        ds["PixelData"].is_undefined_length = True
        ds.file_meta.TransferSyntaxUID = getattr(uid, name)
    else:
        compressed(ds, getattr(uid, name))
    return write(FOLDER / f"{name}.dcm", ds)


if __name__ == "__main__":
    for syntax in SYNTAXES:
        make(syntax)
