"""Grey levels are those of DICOM's own linear window: within one of what dcmtk draws of the same file."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import compressed, make_slice, write
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLossless,
    JPEGLosslessSV1,
    RLELossless,
)

from ichviewer.__main__ import main
from ichviewer.dicom.catalog import read_catalog

WINDOWS = {
    "brain": (40, 80),
    "subdural": (80, 200),
    "bone": (600, 2800),
    "odd": (37.5, 33.25),
    "narrow": (40, 4),
}
SYNTAXES = {
    "uncompressed": ExplicitVRLittleEndian,
    "implicit": ImplicitVRLittleEndian,
    "big endian": ExplicitVRBigEndian,
    "RLE": RLELossless,
    "JPEG Lossless": JPEGLossless,
    "JPEG Lossless SV1": JPEGLosslessSV1,
    "JPEG 2000": JPEG2000Lossless,
}
NOT_OF_DCMTK = {JPEG2000Lossless}
"""What dcmj2pnm cannot decode: it draws the same stored values, written uncompressed before any was encoded."""


@pytest.fixture(scope="module", autouse=True)
def dcmj2pnm() -> str:
    """dcmtk's program; without it there is nothing to compare with."""
    found = shutil.which("dcmj2pnm")
    if found is None:
        pytest.skip("dcmj2pnm of dcmtk is not installed")
    return found


def head_hu(side: int = 96) -> NDArray[np.int16]:
    """Air, bone, brain, blood, fat and metal, with noise: every value that windows clip or cut through."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:side, :side]
    radius = np.hypot(y - side / 2, x - side / 2) / (side / 2)
    hu = np.select([radius < 0.72, radius < 0.85, radius < 0.92], [34.0, 1200.0, -90.0], -1000.0)
    hu[side // 3 : side // 2, side // 3 : side // 2] = 68.0
    hu[side // 2 + 4, side // 2] = 3071.0
    noisy = hu + rng.normal(0, 6, hu.shape)
    # Each value from -60 to 160, so that no step of a window is left out.
    noisy[:3, :] = np.resize(np.arange(-60, 161), (3, side))
    return np.clip(np.round(noisy), -1024, 3071).astype(np.int16)


def make(**options: object) -> FileDataset:
    return make_slice(hu=head_hu(), **options)  # type: ignore[arg-type]


def encoded(ds: FileDataset, syntax: str) -> FileDataset:
    # What Selection Value 1 writes is also a stream of the syntax that leaves the value open (PS3.5 A.4.2).
    compressed(ds, JPEGLosslessSV1 if syntax == JPEGLossless else syntax)
    ds.file_meta.TransferSyntaxUID = syntax
    return ds


def greys_of_dcmtk(program: str, path: Path, window: tuple[float, float]) -> NDArray[np.uint8]:
    done = subprocess.run(
        [program, "--write-raw-pnm", "+Ww", *map(str, window), str(path)], capture_output=True, check=True
    )
    with Image.open(io.BytesIO(done.stdout)) as picture:
        return np.asarray(picture.convert("L"))


def greys_of_render(path: Path, window: tuple[float, float], out: Path, number: int = 1) -> NDArray[np.uint8]:
    center, width = window
    code = main(
        ["render", str(path), "--slice", str(number), "--window", f"{center:g}/{width:g}", "-o", str(out)]
    )
    assert code == 0
    with Image.open(out) as picture:
        return np.asarray(picture)


def furthest(ours: NDArray[np.uint8], theirs: NDArray[np.uint8]) -> int:
    assert ours.shape == theirs.shape
    return int(np.abs(ours.astype(int) - theirs.astype(int)).max())


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("syntax", SYNTAXES.values(), ids=SYNTAXES)
def test_greys_are_within_one_of_those_of_dcmtk(
    dcmj2pnm: str, tmp_path: Path, syntax: str, window: tuple[float, float]
) -> None:
    plain = write(tmp_path / "plain.dcm", make())
    path = write(tmp_path / "study" / "slice.dcm", encoded(make(), syntax))
    assert dcmread(path).file_meta.TransferSyntaxUID == syntax
    theirs = greys_of_dcmtk(dcmj2pnm, plain if syntax in NOT_OF_DCMTK else path, window)
    ours = greys_of_render(path, window, tmp_path / "ours.png")
    assert len(np.unique(theirs)) > (2 if window == WINDOWS["narrow"] else 30), (
        "a picture of one grey proves nothing"
    )
    assert furthest(ours, theirs) <= 1


@pytest.mark.parametrize(
    "options",
    [
        {"slope": 2.0, "intercept": -1000.0},
        {"slope": 0.5, "intercept": -1024.5},
        {"PhotometricInterpretation": "MONOCHROME1"},
    ],
    ids=["steep", "fractions", "inverse"],
)
def test_other_rescales_and_inverse_images_have_the_same_greys_too(
    dcmj2pnm: str, tmp_path: Path, options: dict[str, object]
) -> None:
    path = write(tmp_path / "study" / "slice.dcm", make(**options))
    window = WINDOWS["subdural"]
    theirs = greys_of_dcmtk(dcmj2pnm, path, window)
    assert furthest(greys_of_render(path, window, tmp_path / "ours.png"), theirs) <= 1


@pytest.mark.realdata
@pytest.mark.parametrize("number", [1, 12, 28])
def test_greys_of_a_real_scan_are_within_one_of_those_of_dcmtk(
    dcmj2pnm: str, tmp_path: Path, shared_data: Path, number: int
) -> None:
    folder = shared_data / "ge-head-ct"
    path = read_catalog([folder]).series[0].slices[number - 1].source.path
    for name in ("brain", "bone"):
        theirs = greys_of_dcmtk(dcmj2pnm, path, WINDOWS[name])
        assert furthest(greys_of_render(folder, WINDOWS[name], tmp_path / "o.png", number), theirs) <= 1
