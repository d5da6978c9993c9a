"""Random bleeds: which types come together, where, how large and how dense."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.phantom.bleeding import (
    Blood,
    Clot,
    FalxBlood,
    FluidBlood,
    Hematoma,
    TentoriumBlood,
    VentricleBlood,
)
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Cap, Crescent, Injuries

Point = tuple[float, float, float]

_FIRST = {
    Hemorrhage.EPIDURAL: 0.20,
    Hemorrhage.INTRAPARENCHYMAL: 0.19,
    Hemorrhage.INTRAVENTRICULAR: 0.20,
    Hemorrhage.SUBARACHNOID: 0.15,
    Hemorrhage.SUBDURAL: 0.26,
}
# What else is there, given the first: after the shares found together in real scans, the rarer ones raised.
_ALSO = {
    Hemorrhage.EPIDURAL: {Hemorrhage.SUBDURAL: 0.3, Hemorrhage.SUBARACHNOID: 0.25},
    Hemorrhage.INTRAPARENCHYMAL: {
        Hemorrhage.INTRAVENTRICULAR: 0.45,
        Hemorrhage.SUBARACHNOID: 0.25,
        Hemorrhage.SUBDURAL: 0.15,
    },
    Hemorrhage.INTRAVENTRICULAR: {Hemorrhage.INTRAPARENCHYMAL: 0.55, Hemorrhage.SUBARACHNOID: 0.25},
    Hemorrhage.SUBARACHNOID: {
        Hemorrhage.SUBDURAL: 0.3,
        Hemorrhage.INTRAVENTRICULAR: 0.2,
        Hemorrhage.INTRAPARENCHYMAL: 0.15,
    },
    Hemorrhage.SUBDURAL: {
        Hemorrhage.SUBARACHNOID: 0.35,
        Hemorrhage.EPIDURAL: 0.25,
        Hemorrhage.INTRAPARENCHYMAL: 0.12,
    },
}

# Center, spread in mm (x, y, z), compartment, weight.
_SITES: dict[str, tuple[Point, Point, str, float]] = {
    "putamen": ((26, -4, 44), (3, 6, 5), "cerebrum", 0.22),
    "thalamus": ((12, 8, 47), (2, 4, 3), "cerebrum", 0.13),
    "frontal": ((28, -42, 62), (9, 12, 12), "cerebrum", 0.13),
    "parietal": ((34, 30, 72), (9, 14, 9), "cerebrum", 0.12),
    "temporal": ((46, 6, 28), (6, 14, 6), "cerebrum", 0.11),
    "occipital": ((24, 62, 46), (7, 7, 8), "cerebrum", 0.07),
    "stem": ((1.5, 11, 12), (2, 2, 6), "stem", 0.06),
    "cerebellum": ((22, 46, 2), (9, 9, 6), "cerebellum", 0.16),
}
_CONTUSIONS: tuple[Point, ...] = ((22, -62, 38), (14, -55, 34), (48, -24, 22), (52, -6, 20), (34, -64, 52))


def draw_kinds(rng: Generator, kind: Hemorrhage | None) -> tuple[Hemorrhage, ...]:
    """Draw the types of a case with blood; ``kind`` is one that must be there."""
    first = Hemorrhage(rng.choice(list(_FIRST), p=list(_FIRST.values()))) if kind is None else kind
    return (first, *(other for other, p in _ALSO[first].items() if rng.random() < p))


def draw_injuries(
    rng: Generator, kinds: tuple[Hemorrhage, ...], bystanders: Injuries, anatomy: Anatomy
) -> Injuries:
    """Draw the bleeds of given types, and put them to what is there already."""
    side = int(rng.choice([-1, 1]))
    density = float(rng.normal(0, 4))
    injuries = replace(bystanders, effaced=float(rng.uniform(0.2, 1.0)))
    further: list[Blood] = []
    for kind in kinds:
        if kind is Hemorrhage.SUBDURAL:
            crescents, others = _subdural(rng, side, density, anatomy)
            injuries = replace(injuries, subdural=crescents)
            further += others
        elif kind is Hemorrhage.EPIDURAL:
            count = 1 + int(rng.random() < 0.12)
            injuries = replace(
                injuries, epidural=tuple(_cap(rng, side, density, anatomy) for _ in range(count))
            )
        elif kind is Hemorrhage.INTRAPARENCHYMAL:
            further += _hematomas(rng, side, density)
        elif kind is Hemorrhage.SUBARACHNOID:
            further += _subarachnoid(rng, density, anatomy)
        else:
            further += _ventricular(rng, side, density)
    return replace(injuries, further=tuple(further))


def _hu(rng: Generator, mean: float, spread: float, low: float = 34.0, high: float = 84.0) -> float:
    return float(np.clip(rng.normal(mean, spread), low, high))


def wall_point(azimuth_deg: float, z_mm: float, anatomy: Anatomy) -> Point:
    """A point near the inner table at an azimuth (0 = front, positive = left) and height."""
    turn = np.deg2rad(azimuth_deg)
    out = 1.0 / np.sqrt((np.sin(turn) / 65.0) ** 2 + (np.cos(turn) / 82.0) ** 2)
    above = np.clip((z_mm - 45.0) / anatomy.dome_mm, 0, 0.999)
    out *= np.sqrt(1 - above**2) * anatomy.scale
    return float(out * np.sin(turn)), float(-out * np.cos(turn)), z_mm


def _subdural(
    rng: Generator, side: int, density: float, anatomy: Anatomy
) -> tuple[tuple[Crescent, ...], list[Blood]]:
    convex = rng.random() < 0.72
    falx = rng.random() < (0.22 if convex else 0.7)
    tent = rng.random() < (0.2 if convex else 0.5) or not (convex or falx)
    acute = _hu(rng, 53 + density, 9)
    crescents: list[Crescent] = []
    if convex:
        stage = str(
            rng.choice(["acute", "isodense", "mixed", "chronic", "level"], p=[0.56, 0.14, 0.12, 0.1, 0.08])
        )
        crescents.append(_crescent(rng, side, stage, acute, anatomy))
        if rng.random() < 0.14:
            crescents.append(_crescent(rng, -side, stage, acute, anatomy))
    others: list[Blood] = []
    clot = Clot(
        hu=acute if rng.random() < 0.85 else float(rng.uniform(38, 48)), mottle_hu=float(rng.uniform(1.5, 4))
    )
    if falx:
        back = rng.random() < 0.6
        middle = float(rng.uniform(25, 60) if back else rng.uniform(-62, -15))
        half = float(rng.uniform(18, 50))
        z = float(rng.uniform(45, 80))
        deep = float(rng.uniform(16, 36))
        thickness = float(np.clip(rng.lognormal(np.log(4.2), 0.45), 1.8, 13))
        which = side if rng.random() < 0.6 else -side
        others.append(FalxBlood(which, (middle - half, middle + half), (z - deep, z + deep), thickness, clot))
    if tent:
        thickness = float(np.clip(rng.lognormal(np.log(3.0), 0.35), 1.6, 6))
        low = float(rng.uniform(0, 25))
        reach = (low, low + float(rng.uniform(35, 80)))
        under = bool(rng.random() < 0.1)
        others.append(TentoriumBlood(side, thickness, reach, clot, under))
        if rng.random() < 0.2:
            others.append(TentoriumBlood(-side, thickness * 0.8, reach, clot, under))
    return tuple(crescents), others


def _crescent(rng: Generator, side: int, stage: str, acute_hu: float, anatomy: Anatomy) -> Crescent:
    mean = 4.6 if stage in {"acute", "isodense"} else 8.0
    thickness = float(np.clip(rng.lognormal(np.log(mean), 0.55), 1.6, 24))
    front = float(rng.uniform(2, 80))
    back = float(min(177.0, front + rng.uniform(45, 165)))
    low = float(rng.uniform(8, 60))
    high = float(min(107.0, low + rng.uniform(30, 90)))
    room = 1.0 - 0.65 * anatomy.atrophy
    hu, swirl, settled, level = acute_hu, 0.0, 0.0, None
    if stage == "isodense":
        hu = float(rng.uniform(31, 43))
    elif stage == "mixed":
        swirl = float(rng.uniform(12, 32))
    elif stage == "chronic":
        hu = float(rng.uniform(14, 29))
    elif stage == "level":
        hu, settled, level = (
            float(rng.uniform(16, 32)),
            float(rng.uniform(12, 32)),
            float(rng.uniform(-10, 45)),
        )
    return Crescent(
        side=side,
        azimuth_deg=(front, back),
        s_mm=(low, high),
        thickness_mm=thickness,
        shift_mm=float(min(thickness * rng.uniform(0.25, 1.0) * room, 16)),
        hu=hu,
        mottle_hu=float(rng.uniform(1.5, 5)),
        level_mm=level,
        settled_hu=settled,
        swirl_hu=swirl,
    )


def _cap(rng: Generator, side: int, density: float, anatomy: Anatomy) -> Cap:
    thickness = float(np.clip(rng.lognormal(np.log(11.5), 0.45), 3.5, 32))
    radius = float(np.clip(thickness * rng.uniform(1.5, 2.7), 9, 52))
    where = str(rng.choice(["side", "front", "back", "vertex", "fossa"], p=[0.62, 0.14, 0.07, 0.06, 0.11]))
    suture = None
    if where == "side":
        center = wall_point(side * float(rng.uniform(58, 125)), float(rng.uniform(16, 68)), anatomy)
        # The coronal suture before it, or the lambdoid behind it.
        line = float(rng.uniform(-30, -20))
        suture = (0.0, 1.0, 0.0, line) if center[1] > line else (0.0, -1.0, 0.0, -line)
    elif where == "front":
        center = wall_point(side * float(rng.uniform(4, 50)), float(rng.uniform(32, 75)), anatomy)
        suture = (0.0, -1.0, 0.0, 24.0)
    elif where == "back":
        center = wall_point(side * float(rng.uniform(140, 178)), float(rng.uniform(30, 60)), anatomy)
    elif where == "vertex":
        y = float(rng.uniform(-30, 40))
        center = (float(rng.uniform(-14, 14)), y, 45 + 0.92 * anatomy.dome_mm)
        thickness = min(thickness, 22.0)
    else:
        center = (side * float(rng.uniform(10, 36)), float(rng.uniform(56, 66)), float(rng.uniform(-8, 6)))
        thickness, radius = min(thickness, 14.0), min(radius, 28.0)
    return Cap(
        center,
        radius,
        thickness,
        _hu(rng, 54 + density, 10),
        float(rng.uniform(0.75, 1.3)),
        suture,
        float(rng.uniform(10, 28)) if rng.random() < 0.25 else 0.0,
    )


def _hematomas(rng: Generator, side: int, density: float) -> list[Blood]:
    if rng.random() < 0.28:
        count = int(rng.integers(1, 6))
        return [_contusion(rng, side if rng.random() < 0.65 else -side, density) for _ in range(count)]
    names = list(_SITES)
    weights = np.array([_SITES[n][3] for n in names])
    center, spread, where, _ = _SITES[str(rng.choice(names, p=weights / weights.sum()))]
    radius = float(np.clip(rng.lognormal(np.log(12.5), 0.5), 2.5, 33))
    if where == "stem":
        radius = min(radius, 9.0)
    elif where == "cerebellum":
        radius = min(radius, 20.0)
    place = np.array(center) * (side, 1, 1) + rng.normal(0, 1, 3) * spread
    return [_hematoma(rng, place, radius, where, density)]


def _contusion(rng: Generator, side: int, density: float) -> Hematoma:
    site = np.array(_CONTUSIONS[int(rng.integers(0, len(_CONTUSIONS)))])
    place = site * (side, 1, 1) + rng.normal(0, 4, 3)
    return _hematoma(rng, place, float(np.clip(rng.lognormal(np.log(6), 0.45), 2, 18)), "cerebrum", density)


def _hematoma(rng: Generator, place: np.ndarray, radius: float, where: str, density: float) -> Hematoma:
    radii = radius * np.exp(rng.normal(0, 0.2, 3))
    lobes = float(rng.uniform(0.05, 0.3)) * radius
    hu = _hu(rng, 52 + density, 9)
    level = None
    if rng.random() < 0.07 and radius > 10:
        level, hu = float(place[1] + rng.uniform(-0.3, 0.4) * radius), hu - 16
    clot = Clot(
        hu=hu,
        mottle_hu=float(rng.uniform(1.5, 5)),
        swirl_hu=float(rng.uniform(8, 24)) if rng.random() < 0.25 else 0.0,
        level_mm=level,
        settled_hu=20.0 if level is not None else 0.0,
    )
    return Hematoma(
        center_mm=(float(place[0]), float(place[1]), float(place[2])),
        radii_mm=(float(radii[0]), float(radii[1]), float(radii[2])),
        clot=clot,
        turn_deg=float(rng.uniform(-90, 90)),
        lobes_mm=min(lobes, 4.0),
        fringe_mm=min(0.12 * radius, float(rng.uniform(0.3, 1.8))),
        rim_mm=float(rng.uniform(1, 11)),
        rim_hu=float(rng.uniform(14, 24)),
        rim_share=float(rng.uniform(0, 0.95)),
        where=where,
        push=float(rng.uniform(0.2, 1.0)),
    )


def _subarachnoid(rng: Generator, density: float, anatomy: Anatomy) -> list[Blood]:
    hu = _hu(rng, 50 + density, 7)
    faint = rng.random() < 0.25

    def patch(center: Point, radii: Point) -> FluidBlood:
        moved = [c + float(rng.normal(0, 2.5)) for c in center]
        sized = [r * float(np.exp(rng.normal(0, 0.2))) for r in radii]
        return FluidBlood(
            (moved[0], moved[1], moved[2]),
            (sized[0], sized[1], sized[2]),
            Clot(hu + float(rng.normal(0, 3)), mottle_hu=float(rng.uniform(1, 4))),
            fill=float(rng.uniform(0.35, 0.75) if faint else rng.uniform(0.7, 1.0)),
            patchy=float(rng.uniform(0, 0.8)),
        )

    result: list[Blood] = []
    if rng.random() < 0.38:
        # From an aneurysm or around the midbrain: the cisterns at the base, and outward from there.
        result.append(patch((0, -12, 26), (19, 17, 12)))
        basal: tuple[tuple[Point, Point, float], ...] = (
            ((0, 10, 30), (25, 22, 15), 0.7),
            ((38, -12, 36), (22, 26, 16), 0.6),
            ((-38, -12, 36), (22, 26, 16), 0.6),
            ((0, -42, 48), (7, 38, 30), 0.55),
            ((0, 2, 8), (22, 14, 16), 0.4),
            ((0, 30, 38), (20, 12, 10), 0.4),
            ((0, 50, -14), (24, 22, 12), 0.15),
        )
        result += [patch(center, radii) for center, radii, p in basal if rng.random() < p]
    for _ in range(int(rng.integers(1, 9)) if not result or rng.random() < 0.35 else 0):
        side = int(rng.choice([-1, 1]))
        x, y, z = wall_point(side * float(rng.uniform(15, 165)), float(rng.uniform(30, 100)), anatomy)
        size = float(rng.lognormal(np.log(11), 0.45))
        if rng.random() < 0.25:
            x, y, z, size = side * 42.0, float(rng.uniform(-20, 12)), float(rng.uniform(32, 46)), size * 1.2
        result.append(patch((0.9 * x, 0.9 * y, z), (size, size, size * 0.8)))
    return result


def _ventricular(rng: Generator, side: int, density: float) -> list[Blood]:
    clot = Clot(_hu(rng, 44 + density, 9, 30.0), mottle_hu=float(rng.uniform(1, 4)))
    result: list[Blood] = []
    sides = ((side,), (-1, 1), (-1, 1))[int(rng.integers(0, 3))]
    settled = rng.random() < 0.75
    if settled:
        level = float(rng.triangular(34, 56, 61))
        ragged = float(rng.choice([0.3, rng.uniform(1, 4)], p=[0.6, 0.4]))
        for s in sides:
            part = (s * 26.0, 46.0, 50.0), (20.0, 44.0, 24.0)
            result.append(VentricleBlood(*part, level + float(rng.normal(0, 1.5)), clot, ragged))
    if rng.random() < 0.25:
        center = (side * 14.0, float(rng.uniform(-26, 22)), 57.0)
        result.append(VentricleBlood(center, (17.0, float(rng.uniform(14, 50)), 20.0), -200.0, clot, 0.0))
    if rng.random() < 0.3:
        result.append(
            VentricleBlood((0.0, 2.0, 41.0), (6.0, float(rng.uniform(8, 22)), 15.0), -200.0, clot, 0.0)
        )
    if rng.random() < 0.35 or not result:
        level = float(rng.choice([-200.0, rng.uniform(25, 30)]))
        result.append(VentricleBlood((0.0, 26.0, 4.0), (15.0, 13.0, 18.0), level, clot, 1.0))
    return result
