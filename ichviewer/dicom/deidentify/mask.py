"""Blanking rectangles of an image's pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from ichviewer.dicom.deidentify.options import MaskRectangle
from ichviewer.errors import ExportError

_KINDS = {8: "u1", 16: "u2", 32: "u4"}


def mask_pixels(dataset: Dataset, syntax: str, masks: Sequence[MaskRectangle], where: str) -> None:
    """Set the pixels in some rectangles, in all frames, to zero bits or, in gray, to the darkest value of the image.

    Parameters
    ----------
    dataset : pydicom Dataset
        Its Pixel Data is replaced; all other pixels keep their bits.
    syntax : str
        Transfer syntax of the pixels; only uncompressed ones can be masked.
    masks : sequence of MaskRectangle
        Parts outside of the image are ignored.
    where : str
        Names the image in errors.

    Raises
    ------
    ExportError
        If the pixels are compressed, of a size that does not fit the header, or no rectangle lies in the image.
    """
    if UID(syntax).is_encapsulated:
        raise ExportError(
            "compressed pixels cannot be masked; store the image uncompressed first", where, UID(syntax).name
        )
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    samples = int(dataset.get("SamplesPerPixel") or 1)
    frames = int(dataset.get("NumberOfFrames") or 1)
    kind = _KINDS.get(int(dataset.get("BitsAllocated") or 0))
    photometric = str(dataset.get("PhotometricInterpretation") or "")
    if kind is None or "PixelData" not in dataset or photometric.startswith("YBR_FULL_422"):
        raise ExportError("pixels of this kind cannot be masked", where, photometric)
    order = ">" if syntax == "1.2.840.10008.1.2.2" else "<"
    data = bytes(dataset["PixelData"].value)
    count = rows * columns * samples * frames
    if len(data) < count * int(kind[1]) or not count:
        raise ExportError("the pixels cannot be masked: there are fewer than the header says", where)
    pixels = np.frombuffer(data, dtype=order + kind, count=count).copy()
    planar = samples > 1 and int(dataset.get("PlanarConfiguration") or 0) == 1
    shape = (frames, samples, rows, columns) if planar else (frames, rows, columns, samples)
    image = pixels.reshape(shape)
    blank = _blank(dataset, pixels) if samples == 1 else 0
    hit = False
    for mask in masks:
        y, x = slice(mask.y_px, mask.y_px + mask.height_px), slice(mask.x_px, mask.x_px + mask.width_px)
        part = image[:, :, y, x] if planar else image[:, y, x, :]
        hit = hit or part.size > 0
        part[...] = blank
    if not hit:
        raise ExportError("no rectangle lies in the image", where, f"{columns} x {rows} pixels")
    masked = pixels.tobytes()
    dataset["PixelData"].value = masked + b"\0" * (len(masked) % 2)


def _blank(dataset: Dataset, pixels: NDArray[Any]) -> int:
    """The bits of the lowest value of a gray image."""
    if int(dataset.get("PixelRepresentation") or 0):
        signed = pixels.view(pixels.dtype.str.replace("u", "i"))
        return int(pixels[int(signed.argmin())])
    return int(pixels.min())
