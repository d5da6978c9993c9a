"""Scans at the network's own grid: thin planes of a head averaged to slices, twice at most where blood is.

`acquisition` makes stored DICOM values on a scanner's grid; this makes what is left of them after preprocessing,
directly and many times faster. A head with blood and the same head without share everything that is equal in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import TYPES
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.synthesis.phantom.acquisition import to_head
from ichviewer.learning.synthesis.phantom.artifacts import Metal, Motion, hardening, noise
from ichviewer.learning.synthesis.phantom.fields import Array, Points, ramp
from ichviewer.learning.synthesis.phantom.head import Head, Sample
from ichviewer.learning.synthesis.phantom.parameters import Pose


@dataclass(frozen=True)
class Protocol:
    """How a head is scanned for training.

    Parameters
    ----------
    seed : int
        Draws the noise.
    positions_mm : tuple of float
        Centers of the slices in the scanner's z, ascending.
    thickness_mm : float
        Thickness of each slice; less than their distance leaves gaps.
    planes : int
        Thin planes averaged to one slice.
    kernel_mm : float
        SD of the in-plane blur.
    noise_hu : float
        SD of the noise at the center of the head, at the network's grid.
    grain_mm : float
        How coarse the noise is: SD of the Gaussian that colors it.
    gain, offset_hu : float
        How the scanner's scale is off: HU * gain + offset.
    streaks : float
        Strength of beam hardening and of streaks between dense bones; 1 is usual.
    holder : bool
        Whether a head holder is in the picture.
    metal : tuple of Metal
        Metal in scanner coordinates, for the streaks it throws.
    motion : tuple of Motion
        Slices in which the head moved.
    pose : Pose
    center_mm : tuple of float
        Which scanner x, y at z = 0 the middle of the picture shows.
    drift : tuple of float
        How x and y of the middle change along z, mm per mm.
    """

    seed: int
    positions_mm: tuple[float, ...]
    thickness_mm: float = 5.0
    planes: int = 2
    kernel_mm: float = 0.5
    noise_hu: float = 3.0
    grain_mm: float = 0.6
    gain: float = 1.0
    offset_hu: float = 0.0
    streaks: float = 1.0
    holder: bool = True
    metal: tuple[Metal, ...] = ()
    motion: tuple[Motion, ...] = ()
    pose: Pose = field(default_factory=Pose)
    center_mm: tuple[float, float] = (0.0, 0.0)
    drift: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not self.positions_mm or self.planes < 1 or self.thickness_mm <= 0 or self.kernel_mm < 0:
            raise ValueError(f"a protocol needs slices, planes and a thickness. Received: {self}")
        if any(b < a for a, b in zip(self.positions_mm, self.positions_mm[1:], strict=False)):
            raise ValueError(f"positions must ascend. Received: {self.positions_mm}")


@dataclass(frozen=True, eq=False)
class Stack:
    """Slices of a head without noise; arrays of shape (slices, size, size).

    Parameters
    ----------
    hu : ndarray of float32
    bone : ndarray of float32
        Share of bone.
    blood : ndarray of float32, shape (5, slices, size, size)
        Share of each of `TYPES`.
    """

    hu: Array
    bone: Array
    blood: Array


def _grid(protocol: Protocol, settings: PreprocessSettings, z_mm: float) -> tuple[Array, Array]:
    """Scanner x and y of pixel centers in a slice, each of shape (size, size)."""
    n = settings.size_px
    axis = ((np.arange(n) - (n - 1) / 2) * settings.mm_per_px).astype(np.float32)
    x = axis + np.float32(protocol.center_mm[0] + protocol.drift[0] * z_mm)
    y = axis + np.float32(protocol.center_mm[1] + protocol.drift[1] * z_mm)
    return np.broadcast_to(x[None, :], (n, n)), np.broadcast_to(y[:, None], (n, n))


def _may_be_head(points: Points) -> NDArray[np.bool_]:
    u, v = points.x * (1 / 99.0), (points.y + 9) * (1 / 122.0)
    w = np.maximum(points.z - 45, 0) * (1 / 92.0)
    result: NDArray[np.bool_] = u * u + v * v + w * w < 1
    return result


def render(heads: Sequence[Head], protocol: Protocol, settings: PreprocessSettings) -> list[Stack]:
    """Slices of heads that differ in their bleeds only; the last one has none and is done first.

    Parameters
    ----------
    heads : sequence of Head
        One, or the bleeding one and its twin.
    protocol : Protocol
    settings : PreprocessSettings
    """
    size = settings.size_px
    shape = (len(protocol.positions_mm), size, size)
    bone = np.zeros(shape, np.float32)
    stacks = [
        Stack(np.zeros(shape, np.float32), bone, np.zeros((len(TYPES), *shape), np.float32)) for _ in heads
    ]
    weight = np.float32(1 / protocol.planes)
    for k, middle in enumerate(protocol.positions_mm):
        x, y = _grid(protocol, settings, middle)
        for plane in range(protocol.planes):
            z = middle + ((plane + 0.5) / protocol.planes - 0.5) * protocol.thickness_mm
            points = to_head(protocol.pose, x, y, np.full(x.shape, z, np.float32))
            inside = np.flatnonzero(_may_be_head(points))
            twin: Sample | None = None
            for head, stack in zip(reversed(heads), reversed(stacks), strict=True):
                thin = np.full(size * size, -1000.0, np.float32)
                if inside.size:
                    sample = head.sample(points.at(inside), twin)
                    thin[inside] = sample.hu
                    if twin is None:
                        bone[k].ravel()[inside] += weight * sample.bone
                    for i, kind in enumerate(TYPES):
                        if sample.blood[kind].any():
                            stack.blood[i, k].ravel()[inside] += weight * sample.blood[kind]
                    twin = sample
                stack.hu[k] += weight * thin.reshape(size, size)
    return stacks


def develop(
    stacks: Sequence[Stack], protocol: Protocol, settings: PreprocessSettings
) -> list[tuple[NDArray[np.int16], Array]]:
    """What the scanner and the preprocessing make of stacks of one head, all with the same noise.

    Returns
    -------
    list of (ndarray of int16, ndarray of float32), each of shape (slices, size, size)
        HU as they are stored; and HU without noise, not clipped.
    """
    px = settings.mm_per_px
    shape = stacks[0].hu.shape
    result = [(np.empty(shape, np.int16), np.empty(shape, np.float32)) for _ in stacks]
    for k, z in enumerate(protocol.positions_mm):
        first, bone = stacks[0].hu[k], stacks[0].bone[k]
        x, y = _grid(protocol, settings, z)
        added = protocol.streaks * hardening(first, bone, px)
        if protocol.holder:
            r = np.sqrt(x * x + (y - 6) * (y - 6))
            added = added + 1180 * ramp(1.1 - np.abs(r - 107), 0.8) * ramp(y - 4, 1.0)
        for metal in protocol.metal:
            if abs(z - metal.at_mm[2]) < protocol.thickness_mm / 2 + metal.reach_mm:
                added = added + metal.streaks(x, y)
        grain = protocol.noise_hu * noise(
            bone, (protocol.seed, k), grain_mm=protocol.grain_mm, streaks=protocol.streaks, px=px
        )
        for i, stack in enumerate(stacks):
            grey, smooth = result[i]
            if i and np.array_equal(stack.hu[k], first):
                grey[k], smooth[k] = result[0][0][k], result[0][1][k]
                continue
            hu = stack.hu[k] + added
            for motion in protocol.motion:
                if motion.index == k:
                    hu = motion.blurred(hu, px)
            hu = ndimage.gaussian_filter(hu, protocol.kernel_mm / px, mode="nearest")
            smooth[k] = hu * np.float32(protocol.gain) + np.float32(protocol.offset_hu)
            grey[k] = np.rint(np.clip(smooth[k] + grain, *settings.clip_hu)).astype(np.int16)
    return result
