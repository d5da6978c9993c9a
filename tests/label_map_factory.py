"""A whole-head label map made of ellipsoids, in the labels of the real ones."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
from numpy.typing import NDArray

SHAPE = (150, 180, 170)
MIDDLE = np.array([75.0, 90.0, 95.0])


def label_map() -> NDArray[np.int16]:
    """Labels indexed [x, y, z], x to the right: a head 140 mm wide, without face."""
    x, y, z = (np.arange(n, dtype=np.float32).reshape([-1 if i == k else 1 for i in range(3)]) - MIDDLE[k]
               for k, n in enumerate(SHAPE))  # fmt: skip
    right = x > 0

    def ball(
        rx: float, ry: float, rz: float, at: tuple[float, float, float] = (0, 0, 0)
    ) -> NDArray[np.bool_]:
        far = (
            ((np.abs(x) if at[0] else x) - at[0]) ** 2 / rx**2
            + (y - at[1]) ** 2 / ry**2
            + (z - at[2]) ** 2 / rz**2
        )
        return far < 1

    a = np.zeros(SHAPE, np.int16)
    neck = (x**2 + (y + 10) ** 2 < 45**2) & (z < -20)
    for part, code in (
        (neck | ball(70, 86, 72), 511),
        ((x**2 + (y + 10) ** 2 < 42**2) & (z < -20) | ball(67, 83, 69), 507),
        (ball(62, 78, 64), 515),
        (ball(60, 76, 62), 516),
        (ball(58, 74, 60), 515),
        (ball(56, 72, 58), 24),
    ):
        a[part] = code
    base = z < -28
    cerebrum = ball(52, 68, 54) & ~base & (np.abs(x) > 1.5)
    white = ball(45, 60, 47) & ~base & ((np.abs(x) > 3) | (ball(99, 34, 24) & ~ball(99, 28, 15)))
    for part, left, other in (
        (cerebrum, 3, 42),
        (white, 2, 41),
        (ball(9, 10, 9, (11, 2, -4)), 10, 49),
        (ball(5, 9, 8, (22, 8, 0)), 12, 51),
        (ball(6, 24, 8, (9, 0, 10)), 4, 43),
        (ball(3, 4, 4, (9, -14, 9)), 136, 163),
        (ball(24, 20, 13, (22, -34, -40)) & ball(52, 68, 54), 8, 47),
        (ball(12, 10, 6, (22, -34, -40)), 7, 46),
    ):
        a[part & ~right] = left
        a[part & right] = other
    a[ball(1.6, 10, 7, (0, 0, -2))] = 14
    a[ball(9, 9, 24, (0, -10, -34)) & ball(54, 70, 56)] = 16
    a[ball(5, 4, 6, (0, -19, -38))] = 15
    a[(np.abs(x) < 4) & ball(56, 72, 58) & ~ball(54, 67, 56) & (y < 0) & ~base] = 514
    return a


def write_label_map(
    folder: Path, number: int, labels: NDArray[np.int16] | None = None, mm: float = 1.0
) -> Path:
    """Write a map under its number, stored with x to the left as some of the real ones are."""
    a = label_map() if labels is None else labels
    affine = np.diag([-mm, mm, mm, 1.0])
    affine[0, 3] = mm * (a.shape[0] - 1)
    path = folder / f"training_seg_{number:02d}.nii.gz"
    nib.save(nib.Nifti1Image(np.ascontiguousarray(a[::-1]), affine), path)
    return path
