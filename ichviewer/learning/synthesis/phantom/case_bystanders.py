"""Random things in a head that are not blood: age, calcium, infarcts, contrast, drains, surgery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from ichviewer.learning.synthesis.phantom.bystanders import Bystanders, Calcium, Infarct, Opening, Point, Tube
from ichviewer.learning.synthesis.phantom.case_bleeds import wall_point
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Crescent, Fracture, Injuries

Has = Callable[[str, float], bool]

# Centers and half axes of territories that die together, for the left side.
_TERRITORIES: tuple[tuple[Point, Point], ...] = (
    ((50, -4, 52), (24, 38, 26)),
    ((48, -26, 58), (22, 22, 22)),
    ((46, 24, 56), (24, 22, 22)),
    ((14, -54, 68), (13, 32, 28)),
    ((22, 62, 44), (17, 24, 18)),
    ((40, 42, 72), (18, 20, 16)),
)
_LACUNES: tuple[Point, ...] = (
    (24, -6, 44),
    (14, -20, 50),
    (12, 6, 47),
    (24, 10, 62),
    (22, -18, 60),
    (2, 10, 12),
)


@dataclass(frozen=True)
class Company:
    """What is in a head besides the bleeds.

    Parameters
    ----------
    anatomy : Anatomy
        The head with its dense or calcified parts.
    bystanders : Bystanders
    injuries : Injuries
        Fractures with their swelling, and hygromas.
    metal : tuple of Point
        Where metal lies, in head coordinates.
    traits : tuple of str
    """

    anatomy: Anatomy
    bystanders: Bystanders
    injuries: Injuries
    metal: tuple[Point, ...]
    traits: tuple[str, ...]


def draw_company(rng: Generator, anatomy: Anatomy, *, rich: bool) -> Company:
    """Draw what is in a head besides the bleeds; ``rich`` draws two to three times as much."""
    more = 2.6 if rich else 1.0
    traits: list[str] = []

    def has(name: str, p: float) -> bool:
        found = p >= 1 or bool(rng.random() < min(p * more, 0.6))
        if found:
            traits.append(name)
        return found

    anatomy = _dense(rng, anatomy, has)
    calcium = _calcium(rng, has)
    infarcts: list[Infarct] = []
    if has("old-infarct", 0.09):
        infarcts += [_territory(rng, old=True) for _ in range(int(rng.integers(1, 3)))]
    if has("fresh-infarct", 0.07):
        infarcts.append(_territory(rng, old=False))
    if has("lacunes", 0.12):
        infarcts += [_lacune(rng) for _ in range(int(rng.integers(1, 5)))]
    tubes, openings, metal = _surgery(rng, anatomy, has)
    hygromas: tuple[Crescent, ...] = ()
    if anatomy.atrophy > 0.3 and has("hygroma", 0.06):
        sides = ((1,), (-1,), (1, -1))[int(rng.integers(0, 3))]
        hygromas = tuple(_hygroma(rng, side, anatomy) for side in sides)
    white = 0.0
    if anatomy.atrophy > 0.25 and has("white-matter-disease", 0.15):
        white = float(rng.uniform(0.25, 0.9))
    fractures = (_fracture(rng),) if has("scalp-swelling", 0.2) else ()
    return Company(
        anatomy,
        Bystanders(tuple(infarcts), calcium, tubes, openings, white),
        Injuries(fractures=fractures, hygromas=hygromas),
        metal,
        tuple(traits),
    )


def _dense(rng: Generator, anatomy: Anatomy, has: Has) -> Anatomy:
    """Blood in vessels, dura, pineal gland and plexus, and the width of the ventricles."""
    sinus = float(np.clip(rng.normal(50, 4), 36, 60))
    dura = float(np.clip(rng.normal(48, 4), 40, 58))
    vessel = sinus - float(rng.uniform(5, 12))
    falx = float(rng.uniform(0.45, 0.85))
    if has("contrast", 0.04):
        sinus, vessel, dura = (float(rng.uniform(*r)) for r in ((85, 180), (95, 260), (55, 95)))
    elif has("dense-dura", 0.1):
        sinus, dura, falx = (float(rng.uniform(*r)) for r in ((58, 72), (54, 66), (0.7, 1.3)))
        vessel = sinus - float(rng.uniform(4, 12))
    pineal = float(rng.uniform(80, 420)) if rng.random() < 0.55 else None
    choroid = float(rng.uniform(70, 380)) if rng.random() < 0.5 else None
    if choroid is not None:
        has("choroid-calcium", 1.0)
    ventricles = float(np.clip(rng.lognormal(0, 0.13), 0.65, 1.4))
    if has("hydrocephalus", 0.06):
        ventricles = float(rng.uniform(1.6, 2.6)) / (1 + 0.4 * anatomy.atrophy)
    return replace(
        anatomy,
        sinus_hu=sinus,
        dura_hu=dura,
        vessel_hu=vessel,
        falx_mm=falx,
        pineal_hu=pineal,
        choroid_hu=choroid,
        ventricles=ventricles,
    )


def _calcium(rng: Generator, has: Has) -> tuple[Calcium, ...]:
    result: list[Calcium] = []
    if has("falx-calcium", 0.09):
        for _ in range(int(rng.integers(1, 5))):
            y, z = float(rng.uniform(-62, 40)), float(rng.uniform(66, 98))
            plaque = (float(rng.uniform(0.8, 1.8)), float(rng.uniform(2, 9)), float(rng.uniform(2, 8)))
            result.append(
                Calcium((0, y, z), plaque, float(rng.uniform(120, 700)), float(rng.uniform(0, 0.5)))
            )
    if has("basal-ganglia-calcium", 0.06):
        hu, patchy, size = (
            float(rng.uniform(60, 220)),
            float(rng.uniform(0.2, 0.9)),
            float(rng.uniform(0.4, 1.0)),
        )
        for side in (-1, 1):
            result.append(Calcium((side * 20.0, -3, 44), (5 * size, 9 * size, 6 * size), hu, patchy))
    if has("dentate-calcium", 0.02):
        for side in (-1, 1):
            result.append(Calcium((side * 14.0, 40, 4), (5, 4, 4), float(rng.uniform(55, 120)), 0.5))
    return tuple(result)


def _territory(rng: Generator, *, old: bool) -> Infarct:
    center, radii = _TERRITORIES[int(rng.integers(0, len(_TERRITORIES)))]
    side = int(rng.choice([-1, 1]))
    size = float(rng.uniform(0.45, 1.1))
    cerebellar = bool(rng.random() < 0.15)
    if cerebellar:
        center, radii = (22, 50, 0), (22, 22, 14)
    place = np.array(center) * (side, 1, 1) + rng.normal(0, 4, 3)
    return Infarct(
        center_mm=(float(place[0]), float(place[1]), float(place[2])),
        radii_mm=(radii[0] * size, radii[1] * size, radii[2] * size),
        hu=float(rng.uniform(6, 14) if old else rng.uniform(16, 25)),
        share=float(rng.uniform(0.7, 1.0) if old else rng.uniform(0.4, 0.95)),
        lobes_mm=float(rng.uniform(2, 5)),
        soft_mm=float(rng.uniform(2, 5) if old else rng.uniform(4, 12)),
        cerebellar=cerebellar,
    )


def _lacune(rng: Generator) -> Infarct:
    center = np.array(_LACUNES[int(rng.integers(0, len(_LACUNES)))]) * (int(rng.choice([-1, 1])), 1, 1)
    place = center + rng.normal(0, 3, 3)
    radii = np.exp(rng.normal(np.log(2.8), 0.35, 3))
    return Infarct(
        (float(place[0]), float(place[1]), float(place[2])),
        (float(radii[0]), float(radii[1]), float(radii[2])),
        float(rng.uniform(6, 18)),
        lobes_mm=0.6,
        soft_mm=1.5,
    )


def _hygroma(rng: Generator, side: int, anatomy: Anatomy) -> Crescent:
    return Crescent(
        side=side,
        azimuth_deg=(float(rng.uniform(2, 20)), float(rng.uniform(80, 150))),
        s_mm=(float(rng.uniform(25, 50)), float(rng.uniform(88, 106))),
        thickness_mm=float(rng.uniform(3, 10)),
        shift_mm=0.0,
        hu=anatomy.csf_hu + float(rng.uniform(-1, 3)),
    )


def _fracture(rng: Generator) -> Fracture:
    return Fracture(
        side=int(rng.choice([-1, 1])),
        azimuth_deg=float(rng.uniform(15, 165)),
        s_mm=float(rng.uniform(20, 90)),
        length_mm=float(rng.choice([0.5, rng.uniform(15, 60)])),
        swelling_mm=float(rng.uniform(1.5, 13)),
    )


def _surgery(
    rng: Generator, anatomy: Anatomy, has: Has
) -> tuple[tuple[Tube, ...], tuple[Opening, ...], tuple[Point, ...]]:
    """Drains, bone flaps, and metal."""
    tubes: list[Tube] = []
    openings: list[Opening] = []
    metal: list[Point] = []
    side = int(rng.choice([-1, 1]))
    if has("catheter", 0.06):
        azimuth, height = [(22.0, 82.0), (128.0, 62.0), (95.0, 70.0)][int(rng.integers(0, 3))]
        inner = wall_point(side * azimuth, height + float(rng.uniform(-6, 6)), anatomy)
        outer = (1.22 * inner[0], 1.22 * inner[1], 45 + (inner[2] - 45) * 1.25)
        end = (side * float(rng.uniform(4, 12)), float(rng.uniform(-28, 0)), float(rng.uniform(50, 62)))
        path: tuple[Point, ...] = (outer, end)
        tubes.append(Tube(path, float(rng.uniform(0.9, 1.6)), float(rng.uniform(180, 900))))
        openings.append(Opening(inner, float(rng.uniform(4, 7))))
    if has("craniotomy", 0.06):
        center = wall_point(side * float(rng.uniform(30, 130)), float(rng.uniform(35, 80)), anatomy)
        missing = rng.random() < 0.3
        openings.append(
            Opening(center, float(rng.uniform(20, 42)), 0.0 if missing else float(rng.uniform(1.2, 3)))
        )
    if has("metal", 0.04):
        sites: tuple[Point, ...] = (
            (side * 4.0, -20, 30),
            (side * 32.0, -22, 31),
            (side * 10.0, -12, 28),
            (0, -2, 24),
        )
        x, y, z = sites[int(rng.integers(0, len(sites)))]
        length = float(rng.uniform(1, 7))
        tubes.append(Tube(((x, y, z), (x + length, y + 1, z + 1)), float(rng.uniform(0.8, 3.5)), 3000.0))
        metal.append((x, y, z))
    return tuple(tubes), tuple(openings), tuple(metal)
