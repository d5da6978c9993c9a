"""What happened to a head: which kinds of blood come together, in whom, and with what beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.noise import weighted

EDH, IPH, IVH, SAH, SDH = (
    Hemorrhage.EPIDURAL,
    Hemorrhage.INTRAPARENCHYMAL,
    Hemorrhage.INTRAVENTRICULAR,
    Hemorrhage.SUBARACHNOID,
    Hemorrhage.SUBDURAL,
)


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
_CAUSES: dict[str, float] = {
    Cause.TRAUMA: 0.40,
    Cause.CHRONIC: 0.19,
    Cause.VESSEL: 0.14,
    Cause.ANEURYSM: 0.11,
    Cause.VENTRICLE: 0.06,
    Cause.OPERATED: 0.06,
    Cause.INFARCT: 0.04,
}
_KINDS: dict[Cause, dict[Hemorrhage, float]] = {
    Cause.NONE: {},
    Cause.TRAUMA: {SDH: 0.48, SAH: 0.45, EDH: 0.3, IPH: 0.3, IVH: 0.1},
    Cause.CHRONIC: {SDH: 1.0, SAH: 0.04},
    Cause.VESSEL: {IPH: 1.0, IVH: 0.4, SAH: 0.12},
    Cause.ANEURYSM: {SAH: 1.0, IVH: 0.45, IPH: 0.12, SDH: 0.08},
    Cause.VENTRICLE: {IVH: 1.0},
    Cause.OPERATED: {SDH: 0.6, EDH: 0.3, IPH: 0.25, SAH: 0.2},
    Cause.INFARCT: {IPH: 1.0},
}
_OLD = {Cause.CHRONIC: 0.85, Cause.VESSEL: 0.55, Cause.INFARCT: 0.6}
_OPENED = {Cause.OPERATED: 1.0, Cause.CHRONIC: 0.2, Cause.NONE: 0.14}
_STRUCK = {Cause.TRAUMA: 0.65, Cause.NONE: 0.12, Cause.OPERATED: 0.3}


@dataclass(frozen=True)
class Story:
    """What a head has been through.

    Parameters
    ----------
    cause : Cause
    kinds : tuple of Hemorrhage
        What bleeds; empty only for `Cause.NONE`.
    old, opened, struck : bool
        The brain has shrunk; the skull was opened; the scalp is swollen and the skull may be broken.
    """

    cause: Cause
    kinds: tuple[Hemorrhage, ...]
    old: bool
    opened: bool
    struck: bool

    def __post_init__(self) -> None:
        if bool(self.kinds) is (self.cause is Cause.NONE):
            raise ValueError(f"a head bleeds for a reason. Received: {self.cause}, {self.kinds}")


def draw_story(rng: np.random.Generator) -> Story:
    """A head that bleeds, or one that does not."""
    cause = Cause.NONE if rng.random() < CLEAN_SHARE else Cause(weighted(rng, _CAUSES))
    kinds: tuple[Hemorrhage, ...] = ()
    while cause is not Cause.NONE and not kinds:
        kinds = tuple(kind for kind, share in _KINDS[cause].items() if rng.random() < share)
    return Story(
        cause,
        kinds,
        bool(rng.random() < _OLD.get(cause, 0.42)),
        bool(rng.random() < _OPENED.get(cause, 0.07)),
        bool(rng.random() < _STRUCK.get(cause, 0.06)),
    )
