"""Comparing a demo study made anew with the one that is bundled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom


def differences(made: Path, bundled: Path) -> list[str]:
    """Say what differs between two folders that each hold a demo study.

    Pixels and headers are compared before bytes, so that a person sees what matters: the same picture packed
    differently by another version of the encoder is told from another picture.

    Parameters
    ----------
    made, bundled : Path

    Returns
    -------
    list of str
        A sentence a difference; empty when the folders are the same to the bit.
    """
    names = [
        {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()} for root in (made, bundled)
    ]
    found = [f"{name}: missing from {bundled}" for name in sorted(names[0] - names[1])]
    found += [f"{name}: not part of the study" for name in sorted(names[1] - names[0])]
    for name in sorted(names[0] & names[1]):
        new, old = (made / name).read_bytes(), (bundled / name).read_bytes()
        if new != old:
            found.append(f"{name}: {_what_differs(made / name, bundled / name)}")
    return found


def _what_differs(new: Path, old: Path) -> str:
    if new.suffix != ".dcm":
        return _first_line(new, old)
    a, b = pydicom.dcmread(new), pydicom.dcmread(old)
    parts = []
    tags = sorted({e.tag for e in [*a, *a.file_meta, *b, *b.file_meta] if e.keyword != "PixelData"})
    for tag in tags:
        left, right = ((d.file_meta if tag.group == 2 else d).get(tag) for d in (a, b))
        if left != right:
            parts.append(
                f"header {tag} {left.value if left else 'absent'!r} instead of {right.value if right else 'absent'!r}"
            )
    x, y = a.pixel_array.astype(np.int64), b.pixel_array.astype(np.int64)
    if x.shape != y.shape:
        parts.append(f"pixels of shape {x.shape} instead of {y.shape}")
    elif (x != y).any():
        parts.append(f"{int((x != y).sum())} pixels differ, by {int(np.abs(x - y).max())} at most")
    return (
        "; ".join(parts)
        or "same header and pixels, packed into other bytes (another version of the encoder?)"
    )


def _first_line(new: Path, old: Path) -> str:
    lines = [p.read_text(encoding="utf-8").splitlines() for p in (new, old)]
    for number, (left, right) in enumerate(zip(*lines, strict=False), start=1):
        if left != right:
            return f"line {number} is {left!r} instead of {right!r}"
    return f"{len(lines[0])} lines instead of {len(lines[1])}"
