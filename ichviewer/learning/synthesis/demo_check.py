"""Comparing demo studies made anew with the bundled ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom


def differences(made: Path, bundled: Path) -> list[str]:
    """Say what differs between two folders of demo studies, a sentence for each file; texts about them do not count.

    Pixels and headers are compared before bytes: the same picture packed by another encoder is no other picture.
    """
    a, b = (
        {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and p.suffix != ".txt"}
        for root in (made, bundled)
    )
    found = [f"{name}: missing from {bundled}" for name in sorted(a - b)]
    found += [f"{name}: not part of the studies" for name in sorted(b - a)]
    for name in sorted(a & b):
        if (made / name).read_bytes() != (bundled / name).read_bytes():
            how = _in_images(made / name, bundled / name) if name.endswith(".dcm") else "other lines"
            found.append(f"{name}: {how}")
    return found


def _in_images(new: Path, old: Path) -> str:
    a, b = pydicom.dcmread(new), pydicom.dcmread(old)
    tags = sorted({e.tag for e in (*a, *b) if e.keyword != "PixelData"})
    parts = [f"header {tag} differs" for tag in tags if a.get(tag) != b.get(tag)]
    x, y = a.pixel_array.astype(np.int64), b.pixel_array.astype(np.int64)
    if x.shape != y.shape:
        parts.append(f"pixels of shape {x.shape} instead of {y.shape}")
    elif (x != y).any():
        parts.append(f"{int((x != y).sum())} pixels differ, by {int(np.abs(x - y).max())} at most")
    return "; ".join(parts) or "same header and pixels, in other bytes (another version of the encoder?)"
