"""What happened to a head: which kinds of blood come together, in whom, and with what beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from numpy.random import Generator

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.noise import weighted

EDH, IPH, IVH, SAH, SDH = TYPES


class Cause(StrEnum):
    """Why a head bleeds."""

    NONE = "none"
    TRAUMA = "trauma"
    CHRONIC = "chronic"
    VESSEL = "vessel"
    ANEURYSM = "aneurysm"
    VENTRICLE = "ventricle"
    OPERATED = "operated"
    INFARCT = "infarct"


CLEAN_SHARE = 0.3
"""Share of the heads without blood and without a twin that has some."""
_CAUSES: dict[Cause, tuple[float, dict[Hemorrhage, float]]] = {
    Cause.TRAUMA: (0.40, {SDH: 0.48, SAH: 0.45, EDH: 0.3, IPH: 0.3, IVH: 0.1}),
    Cause.CHRONIC: (0.19, {SDH: 1.0, SAH: 0.04}),
    Cause.VESSEL: (0.14, {IPH: 1.0, IVH: 0.4, SAH: 0.12}),
    Cause.ANEURYSM: (0.11, {SAH: 1.0, IVH: 0.45, IPH: 0.12, SDH: 0.08}),
    Cause.VENTRICLE: (0.06, {IVH: 1.0}),
    Cause.OPERATED: (0.06, {SDH: 0.6, EDH: 0.3, IPH: 0.25, SAH: 0.2}),
    Cause.INFARCT: (0.04, {IPH: 1.0}),
}
"""How often each makes a head bleed, and how often it makes each type of blood."""
_OLD = {Cause.CHRONIC: 0.85, Cause.VESSEL: 0.55, Cause.INFARCT: 0.6}
_OPENED = {Cause.OPERATED: 1.0, Cause.CHRONIC: 0.2, Cause.NONE: 0.14}
_STRUCK = {Cause.TRAUMA: 0.65, Cause.NONE: 0.12, Cause.OPERATED: 0.3}


@dataclass(frozen=True)
class Story:
    """What a head has been through; `kinds` are what bleeds, and empty only for `Cause.NONE`.

    In an old head the brain has shrunk; in one that was struck the scalp is swollen and the skull may be broken.
    """

    cause: Cause
    kinds: tuple[Hemorrhage, ...]
    old: bool
    opened: bool
    struck: bool

    def __post_init__(self) -> None:
        if bool(self.kinds) is (self.cause is Cause.NONE):
            raise ValueError(f"a head bleeds for a reason. Received: {self.cause}, {self.kinds}")


def draw_story(rng: Generator) -> Story:
    """A head that bleeds, or one that does not."""
    cause = Cause.NONE
    kinds: tuple[Hemorrhage, ...] = ()
    if rng.random() >= CLEAN_SHARE:
        cause = weighted(rng, {name: share for name, (share, _) in _CAUSES.items()})
        while not kinds:
            kinds = tuple(kind for kind, share in _CAUSES[cause][1].items() if rng.random() < share)
    old = rng.random() < _OLD.get(cause, 0.42)
    opened = rng.random() < _OPENED.get(cause, 0.07)
    return Story(cause, kinds, old, opened, rng.random() < _STRUCK.get(cause, 0.06))
