"""What stands behind the pixels in their own attribute."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.uid import UID

from ichviewer.dicom.deidentify.removal import Removal


def cut_behind_pixels(dataset: Dataset, syntax: str) -> list[Removal]:
    """Cut off what follows the last pixel of uncompressed pixels, but for one byte of padding, which becomes zero.

    Parameters
    ----------
    dataset : pydicom Dataset
        Changed in place.
    syntax : str
        Transfer syntax of the pixels.
    """
    item = dataset.get_item("PixelData")
    uid = UID(syntax)
    if item is None or not isinstance(item.value, bytes) or not uid.is_transfer_syntax or uid.is_encapsulated:
        return []
    bits = int(dataset.get("BitsAllocated") or 0)
    pixels = int(dataset.get("Rows") or 0) * int(dataset.get("Columns") or 0)
    pixels *= int(dataset.get("NumberOfFrames") or 1)
    if str(dataset.get("PhotometricInterpretation") or "") == "YBR_FULL_422":
        pixels *= 2
    else:
        pixels *= int(dataset.get("SamplesPerPixel") or 1)
    size = (pixels * bits + 7) // 8
    if not size or len(item.value) <= size + size % 2:
        return []
    dataset["PixelData"].value = item.value[:size] + b"\0" * (size % 2)
    return [Removal("(7FE0,0010)", "PixelData", "bytes behind the last pixel removed", "no pixels")]
