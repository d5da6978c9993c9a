"""Random patients in random scanners: what a training volume is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.acquisition import to_scanner
from ichviewer.learning.synthesis.phantom.case_bleeds import draw_injuries, draw_kinds
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Fracture, Injuries, Pose
from ichviewer.learning.synthesis.phantom.stack import Protocol

NO_BLOOD_SHARE = 0.25
"""Share of the seeds that draw a head without blood."""


@dataclass(frozen=True)
class Case:
    """A patient and a scan.

    Parameters
    ----------
    anatomy : Anatomy
    injuries : Injuries
        All of them.
    bystanders : Injuries
        Those that are not blood inside the skull: the clean twin has them too.
    protocol : Protocol
    traits : tuple of str
        Names of what was put in that is not blood.
    """

    anatomy: Anatomy
    injuries: Injuries
    bystanders: Injuries
    protocol: Protocol
    traits: tuple[str, ...] = ()

    @property
    def bleeds(self) -> bool:
        """Whether there is any blood inside the skull."""
        return self.injuries != self.bystanders


def draw_case(seed: int, kind: str | None = None) -> Case:
    """Draw a patient and a scan.

    Parameters
    ----------
    seed : int
    kind : str or None
        A type of hemorrhage that must be there, ``"none"``, or None to draw it too.

    Raises
    ------
    ValueError
        If ``kind`` is none of these.
    """
    if kind is not None and kind != "none" and kind not in TYPES:
        raise ValueError(f"kind is a type of hemorrhage or 'none'. Received: {kind!r}")
    rng = np.random.default_rng([seed, 4711])
    anatomy = _anatomy(rng, seed)
    traits: list[str] = []
    protocol = _protocol(rng, seed, anatomy, traits)
    bystanders = Injuries(fractures=_fractures(rng, traits))
    bleeds = rng.random() >= NO_BLOOD_SHARE if kind is None else kind != "none"
    injuries = bystanders
    if bleeds:
        kinds = draw_kinds(rng, None if kind is None else Hemorrhage(kind))
        injuries = draw_injuries(rng, kinds, bystanders, anatomy)
    return Case(anatomy, injuries, bystanders, protocol, tuple(traits))


def _anatomy(rng: Generator, seed: int) -> Anatomy:
    atrophy = float(np.clip(rng.beta(1.3, 1.6), 0.0, 1.0))
    white = float(rng.normal(28.0, 1.6))
    return Anatomy(
        seed=seed,
        scale=float(np.clip(rng.normal(1.0, 0.045), 0.86, 1.12)),
        dome_mm=float(np.clip(rng.normal(64, 3), 56, 71)),
        asymmetry_mm=float(rng.normal(0, 1.8)),
        bone_thickness=float(np.clip(rng.lognormal(0, 0.2), 0.65, 1.7)),
        atrophy=atrophy,
        grey_hu=white + float(np.clip(rng.normal(8.0, 2.2), 2.0, 12.0)),
        white_hu=white,
        csf_hu=float(np.clip(rng.normal(7.0, 2.5), 1.0, 13.0)),
    )


def _protocol(rng: Generator, seed: int, anatomy: Anatomy, traits: list[str]) -> Protocol:
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
    return Protocol(
        seed=seed,
        positions_mm=tuple(float(p) for p in positions),
        thickness_mm=thickness,
        planes=2 if thickness < 5.9 else 3,
        kernel_mm=float(rng.uniform(0.25, 0.85)),
        noise_hu=float(np.clip(rng.lognormal(np.log(2.8), 0.4), 1.0, 7.0)),
        grain_mm=float(rng.uniform(0.3, 1.0)),
        gain=float(np.clip(rng.normal(1, 0.015), 0.96, 1.04)),
        offset_hu=float(np.clip(rng.normal(0, 1.2), -3, 3)),
        streaks=float(rng.uniform(0.4, 1.6)),
        holder=bool(rng.random() < 0.8),
        pose=pose,
        center_mm=(at_zero[0] + float(rng.normal(0, 1.5)), at_zero[1] + float(rng.normal(0, 2))),
        drift=(slope[0] + float(rng.normal(0, 0.01)), slope[1] + float(rng.normal(0, 0.02))),
    )


def _fractures(rng: Generator, traits: list[str]) -> tuple[Fracture, ...]:
    if rng.random() > 0.3:
        return ()
    traits.append("scalp-swelling")
    return (
        Fracture(
            side=int(rng.choice([-1, 1])),
            azimuth_deg=float(rng.uniform(20, 165)),
            s_mm=float(rng.uniform(25, 85)),
            length_mm=float(rng.choice([0.5, rng.uniform(15, 60)])),
            swelling_mm=float(rng.uniform(1.5, 12)),
        ),
    )
