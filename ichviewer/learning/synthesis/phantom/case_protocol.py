"""Random scanners: positions, thickness, tilt, sharpness, noise, and what goes wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from ichviewer.learning.synthesis.phantom.acquisition import to_scanner
from ichviewer.learning.synthesis.phantom.artifacts import Metal, Motion
from ichviewer.learning.synthesis.phantom.bystanders import Point
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Pose
from ichviewer.learning.synthesis.phantom.stack import Protocol


def draw_protocol(
    rng: Generator, seed: int, anatomy: Anatomy, metal: tuple[Point, ...], *, rich: bool
) -> tuple[Protocol, tuple[str, ...]]:
    """Draw a scanner, how the head lies in it, and which slices are taken.

    Returns
    -------
    protocol : Protocol
    traits : tuple of str
        What is odd about it, by name.
    """
    traits: list[str] = []
    pitch = float(rng.normal(0, 5)) + (float(rng.uniform(-18, 18)) if rng.random() < 0.3 else 0.0)
    pose = Pose(
        yaw_deg=float(np.clip(rng.normal(0, 4), -14, 14)),
        roll_deg=float(np.clip(rng.normal(0, 3), -10, 10)),
        pitch_deg=float(np.clip(pitch, -20, 20)),
        offset_mm=(float(rng.normal(0, 6)), float(rng.normal(0, 6)), 0.0),
    )
    spacing = float(
        rng.choice([2.5, 3.0, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0], p=[0.05, 0.05, 0.08, 0.1, 0.46, 0.08, 0.08, 0.1])
    )
    thickness = spacing
    if rng.random() < 0.12:
        thickness = spacing * float(rng.uniform(0.4, 0.8))
        traits.append("gaps")
    if spacing >= 6.5:
        traits.append("thick-slices")
    low = float(rng.uniform(-34, 8))
    high = 114.0 * anatomy.scale + float(rng.uniform(-22, 8))
    positions = low + spacing * np.arange(max(4, int((high - low) / spacing)))
    if len(positions) > 34:
        start = int(rng.integers(0, len(positions) - 33))
        positions = positions[start : start + 34]
    ends = [to_scanner(pose, (0.0, 2.5 * anatomy.scale, z)) for z in (0.0, 80.0)]
    slope = [(ends[1][i] - ends[0][i]) / (ends[1][2] - ends[0][2]) for i in (0, 1)]
    at_zero = [ends[0][i] - slope[i] * ends[0][2] for i in (0, 1)]
    protocol = Protocol(
        seed=seed,
        positions_mm=tuple(float(p) for p in positions),
        thickness_mm=thickness,
        planes=2 if thickness < 5.9 else 3,
        kernel_mm=float(rng.uniform(0.25, 0.85)),
        noise_hu=float(np.clip(rng.lognormal(np.log(2.3), 0.45), 0.9, 7.0)),
        grain_mm=float(rng.uniform(0.3, 1.0)),
        gain=float(np.clip(rng.normal(1, 0.015), 0.96, 1.04)),
        offset_hu=float(np.clip(rng.normal(0, 1.2), -3, 3)),
        streaks=float(rng.uniform(0.4, 1.6)),
        holder=bool(rng.random() < 0.8),
        pose=pose,
        center_mm=(at_zero[0] + float(rng.normal(0, 1.5)), at_zero[1] + float(rng.normal(0, 2))),
        drift=(slope[0] + float(rng.normal(0, 0.01)), slope[1] + float(rng.normal(0, 0.02))),
    )
    return _with_artifacts(rng, protocol, metal, traits, rich=rich), tuple(traits)


def _with_artifacts(
    rng: Generator, protocol: Protocol, metal: tuple[Point, ...], traits: list[str], *, rich: bool
) -> Protocol:
    more = 2.0 if rich else 1.0
    streaks = protocol.streaks
    if rng.random() < 0.08 * more:
        streaks = float(rng.uniform(1.8, 3.2))
        traits.append("beam-hardening")
    motion: list[Motion] = []
    if rng.random() < 0.05 * more:
        traits.append("motion")
        n = len(protocol.positions_mm)
        for index in rng.choice(n, size=min(n, int(rng.integers(1, 9))), replace=False):
            shift = (float(rng.normal(0, 3)), float(rng.normal(0, 3)))
            motion.append(Motion(int(index), shift, float(rng.normal(0, 2.5)), float(rng.uniform(0.15, 0.6))))
    sources = tuple(
        Metal(protocol.seed + i, to_scanner(protocol.pose, at), float(rng.uniform(6, 40)))
        for i, at in enumerate(metal)
    )
    return replace(protocol, streaks=streaks, motion=tuple(motion), metal=sources)
