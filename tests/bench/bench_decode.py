"""Decoding and windowing a series in each transfer syntax, beside its decoder alone."""

from __future__ import annotations

from figures import Figure, Runs
from material import make_series_in
from processes import Setup
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

SLICES = 16
SYNTAXES = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEG2000Lossless,
    HTJ2KLossless,
)


def figures(setup: Setup) -> list[Figure]:
    """Ms of processor time a slice: decoded in the decoder's process and windowed here."""
    found = []
    for syntax in SYNTAXES:
        study = make_series_in(setup.folder / f"in-{syntax}", SLICES, syntax)
        said = setup.probe("decode", study, setup.runs)
        ours, alone = said["ours"], said["alone"]
        found.append(
            Figure(
                Runs(syntax.keyword, "ms", tuple(ours["ms"]), tuple(ours["cpu_s"])),
                Runs("its decoder alone", "ms", tuple(alone["ms"]), tuple(alone["cpu_s"])),
            )
        )
    return found
