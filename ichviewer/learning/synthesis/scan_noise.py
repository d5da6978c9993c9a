"""What a scanner adds to a clean slice: beam hardening, noise, streaks below dense bone, the head holder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field

_TISSUE_FROM_HU = -300.0


@dataclass(frozen=True)
class Protocol:
    """How a head is scanned."""

    noise_hu: float  # standard deviation away from dense bone
    grain_mm: float  # width of the noise's grain
    hardening: float  # strength of beam hardening; 1 is usual
    streaks: float  # strength of streaks; 1 is usual
    gain: float  # error of calibration
    offset_hu: float
    blur_mm: float  # width of the kernel
    thickness_mm: float  # of the slices
    holder_mm: float  # distance of the head holder from the middle of the picture; 0 if none is seen
    holder_hu: float  # HU it adds to air

    def __post_init__(self) -> None:
        if min(self.grain_mm, self.blur_mm, self.thickness_mm) <= 0 or self.noise_hu < 0:
            raise ValueError(f"widths must be positive, and noise not negative. Received: {self}")


def draw_protocol(rng: np.random.Generator, gap_mm: float) -> Protocol:
    """A scanner and its settings for slices so far apart."""
    thin = rng.random() < 0.15
    return Protocol(
        noise_hu=float(rng.uniform(1.5, 5.5)),
        grain_mm=float(rng.uniform(0.35, 0.8)),
        hardening=float(rng.uniform(0.3, 1.5)),
        streaks=float(rng.choice([0.4, 1.0, 1.6])),
        gain=float(rng.normal(1, 0.02)),
        offset_hu=float(rng.normal(0, 1.2)),
        blur_mm=float(rng.uniform(0.35, 0.75)),
        thickness_mm=gap_mm * float(rng.uniform(0.5, 0.8) if thin else rng.uniform(0.95, 1.05)),
        holder_mm=float(rng.uniform(90, 108)) if rng.random() < 0.5 else 0.0,
        holder_hu=float(rng.uniform(850, 1300)),
    )


def scanned(rng: np.random.Generator, hu: Field, bone: Field, protocol: Protocol, px_mm: float) -> Field:
    """A slice as the scanner gives it, shape (size, size), from its HU without errors and the share of bone in it."""
    seen = hu + protocol.hardening * hardening(hu, bone, px_mm)
    if protocol.holder_mm:
        seen = seen + protocol.holder_hu * _holder(len(hu), protocol.holder_mm, px_mm)
    seen = seen * protocol.gain + protocol.offset_hu
    speckle = noise(rng, bone, grain_mm=protocol.grain_mm, streaks=protocol.streaks, px_mm=px_mm)
    return (seen + protocol.noise_hu * speckle).astype(np.float32)


def hardening(hu: Field, bone: Field, px_mm: float) -> Field:
    """HU that beam hardening adds: brightening next to bone, and the dark band between the petrous bones."""
    # The far glow changes so slowly that a quarter of the pixels tell it.
    coarse = ndimage.gaussian_filter(bone[::4, ::4], 4.0 / px_mm, mode="constant")
    wide = ndimage.zoom(coarse, 4, order=1)[: bone.shape[0], : bone.shape[1]]
    near = ndimage.gaussian_filter(bone, 4.0 / px_mm, mode="constant", truncate=2.5)
    left = np.cumsum(bone, axis=1, dtype=np.float64) * px_mm
    thick = np.maximum(np.minimum(left, left[:, -1:] - left) - 16.0, 0.0)
    band = ndimage.gaussian_filter(thick.astype(np.float32), 2.5 / px_mm, mode="nearest")
    change = 5.0 * near + 6.0 * wide - np.minimum(0.75 * band, 16)
    return np.where(hu > _TISSUE_FROM_HU, change, 0).astype(np.float32)


def noise(rng: np.random.Generator, bone: Field, *, grain_mm: float, streaks: float, px_mm: float) -> Field:
    """Noise of standard deviation 1: correlated grain, and streaks along rows with much bone."""
    sigma = grain_mm / px_mm
    grain = rng.standard_normal(bone.shape, dtype=np.float32)
    if sigma > 0.25:
        grain = ndimage.gaussian_filter(grain, sigma, mode="wrap")
    # Reconstruction filters take the slow waves out of the noise.
    grain = _unit(grain - 0.7 * ndimage.gaussian_filter(grain, 2.4 * max(sigma, 0.5), mode="wrap"))
    path = ndimage.gaussian_filter1d(bone.sum(axis=1) * px_mm, 2.0 / px_mm)
    load = np.clip((path - 22) / 40, 0, 1)[:, None].astype(np.float32)
    if not load.any():
        return grain
    streak = rng.standard_normal(bone.shape, dtype=np.float32)
    streak = _unit(ndimage.gaussian_filter(streak, (0.9 / px_mm, 11.0 / px_mm), mode="wrap", truncate=2))
    return np.asarray(grain + np.float32(1.3 * streaks) * load * streak, np.float32)


def _holder(size: int, radius_mm: float, px_mm: float) -> Field:
    """Share of a curved head holder in each pixel behind the head."""
    at = (np.arange(size) - (size - 1) / 2) * px_mm
    away = np.abs(np.hypot(at[None], at[:, None] - 6) - radius_mm)
    return np.asarray(np.clip(1.3 - away, 0, 1) * np.clip(at[:, None] / 10 - 1, 0, 1), np.float32)


def _unit(values: Field) -> Field:
    # Sums in double precision, so that the order of adding, which depends on the processor, does not show.
    values = values - np.float32(np.mean(values, dtype=np.float64))
    spread = float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
    return values * np.float32(1 / spread)
