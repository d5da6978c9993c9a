"""Another scanner: kernel, dose, calibration and the side the patient is seen from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.skull import SATURATED_HU

Number = TypeVar("Number", bound=np.generic)

_AIR_HU = -19.5
_MOTION_SHARE = 0.04


@dataclass(frozen=True, eq=False)
class Scanner:
    """What is done alike to a head and to its twin.

    Parameters
    ----------
    blur_px : float
        Width of the kernel; 0 leaves the picture as it is.
    sharpen : float
        Share of the fine detail that is added once more.
    gain, offset_hu : float
        Error of calibration.
    mirrored : bool
        Left and right exchanged.
    noise_hu : ndarray of float32, shape (n, size, size), or None
        Noise to add.
    jerks : tuple of (int, float, float, float)
        Slices in which the patient moved: index, shift along rows and columns in pixels, share seen after it.
    traits : tuple of str
    """

    blur_px: float
    sharpen: float
    gain: float
    offset_hu: float
    mirrored: bool
    noise_hu: Field | None
    jerks: tuple[tuple[int, float, float, float], ...]
    traits: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.blur_px < 0 or self.sharpen < 0 or self.gain <= 0:
            raise ValueError(
                f"a kernel blurs or sharpens. Received: {self.blur_px}, {self.sharpen}, {self.gain}"
            )

    @property
    def noise_sd_hu(self) -> float:
        """Standard deviation of the noise it adds."""
        return 0.0 if self.noise_hu is None else float(self.noise_hu[: len(self.noise_hu) // 2 + 1].std())

    def scan(self, hu: Field) -> Field:
        """The picture this scanner makes of HU (n, size, size)."""
        out = hu.copy()
        for k, down, across, share in self.jerks:
            out[k] += np.float32(share) * (
                ndimage.shift(out[k], (down, across), order=1, mode="nearest") - out[k]
            )
        for k in range(len(out)):
            if self.blur_px > 0:
                out[k] = ndimage.gaussian_filter(out[k], self.blur_px, truncate=3.0)
            if self.sharpen > 0:
                fine = out[k] - ndimage.gaussian_filter(out[k], 1.2, truncate=3.0)
                # Bone is cut off at 100 HU; its edge must not ring into the brain.
                out[k] += np.float32(self.sharpen) * np.clip(fine, -12, 12)
        # Neither bone nor air lets the noise of soft tissue through the window.
        tissue = (hu < SATURATED_HU) & (hu > _AIR_HU)
        out = out * np.float32(self.gain) + np.float32(self.offset_hu)
        if self.noise_hu is not None:
            out = out + self.noise_hu
        out = np.where(tissue, out, hu)
        return self.turn(out)

    def turn(self, stack: NDArray[Number]) -> NDArray[Number]:
        """A stack as it is seen in the picture."""
        return np.ascontiguousarray(stack[:, :, ::-1]) if self.mirrored else stack


def draw_scanner(rng: np.random.Generator, shape: tuple[int, int, int]) -> Scanner:
    """A scanner for a stack of this shape."""
    traits = []
    blur, sharpen = 0.0, 0.0
    kernel = rng.random()
    if kernel < 0.3:
        blur = float(rng.uniform(0.4, 1.0))
        traits.append("soft-kernel")
    elif kernel < 0.55:
        sharpen = float(rng.uniform(0.2, 0.9))
        traits.append("sharp-kernel")
    noise: Field | None = None
    if rng.random() < 0.5:
        traits.append("low-dose")
        grain = float(rng.uniform(0.5, 1.1))
        strength = float(rng.uniform(0.6, 4.0))
        noise = np.empty(shape, np.float32)
        for k in range(shape[0]):
            noise[k] = ndimage.gaussian_filter(
                rng.standard_normal(shape[1:], np.float32), grain, truncate=3.0
            )
        noise *= np.float32(strength / max(float(noise.std()), 1e-6))
    jerks: list[tuple[int, float, float, float]] = []
    if rng.random() < _MOTION_SHARE:
        traits.append("motion")
        first = int(rng.integers(shape[0]))
        for k in range(first, min(shape[0], first + int(rng.integers(1, 5)))):
            down, across = (float(v) for v in rng.normal(0, 3, 2))
            jerks.append((k, down, across, float(rng.uniform(0.2, 0.5))))
    return Scanner(
        blur,
        sharpen,
        float(rng.normal(1, 0.02)),
        float(rng.normal(0, 1.6)),
        bool(rng.random() < 0.5),
        noise,
        tuple(jerks),
        tuple(traits),
    )
