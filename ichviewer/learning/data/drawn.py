"""Heads drawn from ellipses, as files in the RSNA layout: for measuring how fast data are prepared, and for tests.

They hold nobody's data. They look like heads to the program and like nothing to a radiologist; those made from label
maps (`ichviewer.learning.synthesis`) try to look real.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import TYPES, Hemorrhage

SKULL_WIDTH_MM, SKULL_LENGTH_MM = 142.0, 175.0
BLOOD_HU = 72.0
# Radii of the scalp and of the skull's two surfaces, in half axes of its outer one.
_SCALP, _OUTER, _INNER = 1.06, 1.0, 0.9
# Size of the smallest slice, at the base and the vertex, of that of the largest.
_FLATTEST = 0.45


@dataclass(frozen=True)
class DrawnHead:
    """A head to draw slices of.

    Parameters
    ----------
    kinds : tuple of Hemorrhage
        Blood in its middle third.
    side : int
        -1 or 1: on which side of the picture what lies on one side is.
    scale : float
        Of the head; 1 is an adult's.
    """

    kinds: tuple[Hemorrhage, ...] = ()
    side: int = 1
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.side not in (-1, 1) or not 0.5 <= self.scale <= 1.3:
            raise ValueError(f"a side is -1 or 1, a scale from 0.5 to 1.3. Received: {self}")

    def labels(self, height: float) -> tuple[int, ...]:
        """Labels of the slice at a height from 0 (base) to 1 (vertex), in the order of `domain.labels.LABELS`."""
        shown = self.kinds if 1 / 3 <= height <= 2 / 3 else ()
        return (int(bool(shown)), *(int(kind in shown) for kind in TYPES))

    def hu(
        self,
        height: float,
        rng: np.random.Generator,
        *,
        size_px: int,
        mm_per_px: float,
        noise_hu: float = 4.0,
    ) -> NDArray[np.int16]:
        """HU of the slice at a height.

        Returns
        -------
        ndarray of int16, shape (size_px, size_px)
        """
        width = self.scale * (_FLATTEST + (1 - _FLATTEST) * float(np.sin(np.pi * (0.15 + 0.75 * height))))
        row, column = (np.mgrid[:size_px, :size_px] - (size_px - 1) / 2) * mm_per_px
        across = (column / (SKULL_WIDTH_MM / 2 * width)).astype(np.float32) * self.side
        down = (row / (SKULL_LENGTH_MM / 2 * width)).astype(np.float32)
        radius = np.hypot(across, down)
        hu = np.full((size_px, size_px), -1000.0, np.float32)
        hu[radius < _SCALP] = 20.0
        hu[radius < _OUTER] = 1100.0
        brain = radius < _INNER
        hu[brain] = np.where(np.sin(9 * radius[brain]) > 0, 36.0, 28.0)
        ventricles = ((np.abs(across) - 0.13) / 0.08) ** 2 + (down / 0.25) ** 2 < 1
        hu[ventricles] = 6.0
        for kind, shown in zip(TYPES, self.labels(height)[1:], strict=True):
            if shown:
                hu[brain & _blood(kind, across, down, radius, ventricles)] = BLOOD_HU
        noisy = hu[radius < _SCALP]
        hu[radius < _SCALP] = noisy + rng.normal(0.0, noise_hu, noisy.size)
        return np.rint(hu).astype(np.int16)


def _blood(
    kind: Hemorrhage,
    across: NDArray[np.float32],
    down: NDArray[np.float32],
    radius: NDArray[np.float32],
    ventricles: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Where a kind of blood lies, in units of the skull's half axes."""
    where: NDArray[np.bool_] = (radius > 0.79) & (across < -0.2)
    if kind is Hemorrhage.EPIDURAL:
        where = ((across - 0.78) / 0.2) ** 2 + ((down + 0.1) / 0.3) ** 2 < 1
    elif kind is Hemorrhage.INTRAPARENCHYMAL:
        where = ((across - 0.4) / 0.17) ** 2 + ((down - 0.25) / 0.15) ** 2 < 1
    elif kind is Hemorrhage.INTRAVENTRICULAR:
        where = ventricles & (down > -0.1)
    elif kind is Hemorrhage.SUBARACHNOID:
        where = (np.abs(radius - 0.62) < 0.05) & (np.sin(12 * np.arctan2(down, across)) > 0.5)
    return where


def write_rsna_file(
    path: Path,
    hu: NDArray[np.int16],
    *,
    patient: str,
    series: str,
    position_mm: float,
    mm_per_px: float,
    wrapped: bool = False,
) -> int:
    """Write a slice as the challenge's files are: few elements, no SOP class, uncompressed 16-bit pixels.

    Parameters
    ----------
    path : Path
        Named after the image: ``ID_0123456789.dcm``.
    hu : ndarray of int16, shape (rows, columns)
    patient, series : str
        Identifiers, ``ID_...``.
    position_mm : float
        Along the body.
    mm_per_px : float
    wrapped : bool
        Whether to store 12 bits with an intercept of 0, so that values below 0 HU wrap around to the top.

    Returns
    -------
    int
        Size of the file in bytes.
    """
    from pydicom.dataset import FileDataset, FileMetaDataset  # noqa: PLC0415
    from pydicom.uid import ExplicitVRLittleEndian  # noqa: PLC0415

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    half_mm = (hu.shape[0] - 1) / 2 * mm_per_px
    with warnings.catch_warnings():
        # The challenge's identifiers are no UIDs.
        warnings.simplefilter("ignore", UserWarning)
        dataset.SOPInstanceUID = path.stem
        dataset.Modality = "CT"
        dataset.PatientID = patient
        dataset.StudyInstanceUID = f"{series}_study"
        dataset.SeriesInstanceUID = series
        dataset.StudyID = ""
        dataset.ImagePositionPatient = [-half_mm, -half_mm, position_mm]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.SamplesPerPixel = 1
        dataset.PhotometricInterpretation = "MONOCHROME2"
        dataset.Rows, dataset.Columns = hu.shape
        dataset.PixelSpacing = [mm_per_px, mm_per_px]
        dataset.BitsAllocated = 16
        dataset.BitsStored = 12 if wrapped else 16
        dataset.HighBit = dataset.BitsStored - 1
        dataset.PixelRepresentation = 0 if wrapped else 1
        dataset.WindowCenter, dataset.WindowWidth = 40, 80
        dataset.RescaleIntercept, dataset.RescaleSlope = (0 if wrapped else -1024), 1
        stored = (hu % 4096).astype("<u2") if wrapped else (hu + 1024).astype("<i2")
        dataset.PixelData = stored.tobytes()
        dataset["PixelData"].VR = "OW"
        dataset.save_as(path, enforce_file_format=False)
    return path.stat().st_size


def label_rows(image: str, labels: Sequence[int]) -> list[str]:
    """The six lines of the challenge's table for an image.

    Parameters
    ----------
    image : str
        ``ID_...``.
    labels : sequence of int
        In the order of `domain.labels.LABELS`.
    """
    return [
        *(f"{image}_{kind.value},{labels[1 + place]}" for place, kind in enumerate(TYPES)),
        f"{image}_any,{labels[0]}",
    ]
