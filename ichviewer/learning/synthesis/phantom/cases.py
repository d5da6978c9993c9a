"""Random patients in random scanners: what a training volume is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.bystanders import Bystanders
from ichviewer.learning.synthesis.phantom.case_bleeds import draw_injuries, draw_kinds
from ichviewer.learning.synthesis.phantom.case_bystanders import draw_company
from ichviewer.learning.synthesis.phantom.case_protocol import draw_protocol
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Injuries
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
    harmless : Injuries
        Those that are not blood inside the skull: the clean twin has them too.
    bystanders : Bystanders
        What else is in the head.
    protocol : Protocol
    traits : tuple of str
        Names of what was put in that is not blood.
    """

    anatomy: Anatomy
    injuries: Injuries
    harmless: Injuries
    bystanders: Bystanders
    protocol: Protocol
    traits: tuple[str, ...] = ()

    @property
    def bleeds(self) -> bool:
        """Whether there is any blood inside the skull."""
        return self.injuries != self.harmless


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
    bleeds = rng.random() >= NO_BLOOD_SHARE if kind is None else kind != "none"
    company = draw_company(rng, _anatomy(rng, seed), rich=not bleeds)
    injuries = company.injuries
    if bleeds:
        kinds = draw_kinds(rng, None if kind is None else Hemorrhage(kind))
        injuries = draw_injuries(rng, kinds, company.injuries, company.anatomy)
    protocol, oddities = draw_protocol(rng, seed, company.anatomy, company.metal, rich=not bleeds)
    traits = (*company.traits, *oddities)
    return Case(company.anatomy, injuries, company.injuries, company.bystanders, protocol, traits)


def _anatomy(rng: Generator, seed: int) -> Anatomy:
    atrophy = float(np.clip(rng.beta(1.3, 1.6), 0.0, 1.0))
    white = float(rng.normal(29.8, 1.7))
    return Anatomy(
        seed=seed,
        scale=float(np.clip(rng.normal(1.0, 0.045), 0.86, 1.12)),
        dome_mm=float(np.clip(rng.normal(64, 3), 56, 71)),
        asymmetry_mm=float(rng.normal(0, 1.8 if rng.random() < 0.9 else 5.0)),
        bone_thickness=float(np.clip(rng.lognormal(-0.13, 0.2), 0.6, 1.6)),
        atrophy=atrophy,
        grey_hu=white + float(np.clip(rng.normal(9.0, 2.2), 3.0, 13.0)),
        white_hu=white,
        csf_hu=float(np.clip(rng.normal(7.0, 2.5), 1.0, 13.0)),
        folia=float(rng.uniform(0.1, 0.7)),
    )
