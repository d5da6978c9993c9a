"""Comparing demo studies made anew with the bundled ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom


def differences(made: Path, bundled: Path) -> list[str]:
    """Say what differs between two folders of demo studies, a sentence for each file.

    Pixels and headers are compared before bytes, so that a person sees what matters: the same picture packed
    differently by another version of the encoder is told from another picture. Texts about them are not compared.
    """
    a, b = (
        {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and p.suffix != ".txt"}
        for root in (made, bundled)
    )
    found = [f"{name}: missing from {bundled}" for name in sorted(a - b)]
    found += [f"{name}: not part of the studies" for name in sorted(b - a)]
    for name in sorted(a & b):
        if (made / name).read_bytes() != (bundled / name).read_bytes():
            of_file = _in_images if name.endswith(".dcm") else _in_lines
            found.append(f"{name}: {of_file(made / name, bundled / name)}")
    return found


def _in_images(new: Path, old: Path) -> str:
    a, b = pydicom.dcmread(new), pydicom.dcmread(old)
    parts = []
    for tag in sorted({e.tag for e in [*a, *a.file_meta, *b, *b.file_meta] if e.keyword != "PixelData"}):
        left, right = ((d.file_meta if tag.group == 2 else d).get(tag) for d in (a, b))
        if left != right:
            left, right = (e.value if e else "absent" for e in (left, right))
            parts.append(f"header {tag} {left!r} instead of {right!r}")
    x, y = a.pixel_array.astype(np.int64), b.pixel_array.astype(np.int64)
    if x.shape != y.shape:
        parts.append(f"pixels of shape {x.shape} instead of {y.shape}")
    elif (x != y).any():
        parts.append(f"{int((x != y).sum())} pixels differ, by {int(np.abs(x - y).max())} at most")
    return "; ".join(parts) or "same header and pixels, in other bytes (another version of the encoder?)"


def _in_lines(new: Path, old: Path) -> str:
    lines = [p.read_text(encoding="utf-8").splitlines() for p in (new, old)]
    for number, (left, right) in enumerate(zip(*lines, strict=False), start=1):
        if left != right:
            return f"line {number} is {left!r} instead of {right!r}"
    return f"{len(lines[0])} lines instead of {len(lines[1])}"
