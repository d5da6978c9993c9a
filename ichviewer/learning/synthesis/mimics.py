"""What is mistaken for blood and is none: which of it a head has. Both twins have it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ichviewer.learning.synthesis.ageing import swollen
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.artifacts import air, cupping, metal, streaks
from ichviewer.learning.synthesis.calcified import calcification, dense_falx, dense_sinus, dense_tentorium
from ichviewer.learning.synthesis.infarct import laminar_infarct
from ichviewer.learning.synthesis.masses import cyst, meningioma, metastases
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue
from ichviewer.learning.synthesis.vessels import bright_arteries, electrode

Mimic = Callable[[np.random.Generator, Field, Skull, Tissue], Field | None]

MIMICS: dict[str, tuple[float, Mimic]] = {
    "calcification": (0.19, calcification),
    "dense-falx": (0.15, dense_falx),
    "dense-tentorium": (0.07, dense_tentorium),
    "dense-sinus": (0.09, dense_sinus),
    "arteries": (0.05, bright_arteries),
    "meningioma": (0.06, meningioma),
    "metastases": (0.04, metastases),
    "cyst": (0.05, cyst),
    "laminar-infarct": (0.03, laminar_infarct),
    "swollen-brain": (0.05, swollen),
    "metal": (0.04, metal),
    "electrode": (0.02, electrode),
    "streaks": (0.08, streaks),
    "cupping": (0.07, cupping),
    "air": (0.03, air),
}
"""Every mimic with how often it is the one that is drawn."""
_COUNTS = (0.36, 0.36, 0.2, 0.08)
"""How often a head has none of them, one, two or three: with more, anything grey would seem to be one."""


def add_mimics(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> tuple[Field, list[str]]:
    """HU (n, h, w) of a head with some of the mimics, most often none to two, and their names."""
    names = list(MIMICS)
    weights = np.array([weight for weight, _ in MIMICS.values()])
    count = int(rng.choice(len(_COUNTS), p=_COUNTS))
    drawn = rng.choice(len(names), size=count, replace=False, p=weights / weights.sum())
    traits = []
    for name in (names[int(i)] for i in drawn):
        made = MIMICS[name][1](rng, hu, skull, tissue)
        if made is not None:
            hu = made
            traits.append(name)
    return hu, traits
