"""The frozen set: made volumes that no model is ever trained or chosen on, the same for every version of the model.

What is in it is written down here and changes only with `FROZEN_VERSION`; figures of two versions of it are never
put side by side. It is made by::

    ichviewer learn synthesise -o runs/frozen-maps --maps MAPS --map 19 --map 20 --first-seed 9101 -n 30
    ichviewer learn synthesise -o runs/frozen-real --onto runs/ct-ich --first-seed 9101 -n 30
        --patient ct-ich-060 --patient ct-ich-104

Each seed paints a head with blood and the same head without, about a fifth of them only the latter; what is mistaken
for blood, and age, are put into both.

Heads from maps 19 and 20 have been seen by no model: the recipes train on the other maps. The two patients of CT-ICH
have no hemorrhage, and lie in one fold of the split by patient of seed 1, be it into 2, 4 or 5 folds; but the model
that ships is trained on all patients, these included. So it has seen these two heads without blood, never the lesions
painted into them here. Their figures therefore stand in a line of their own, beside that of the heads from maps.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from ichviewer.errors import LearningError
from ichviewer.learning.data.volumes import Volume

FROZEN_VERSION = 1

MAPS = (19, 20)
"""Label maps that no network is trained on."""
MAP_PATIENTS = tuple(f"map-{number:02d}" for number in MAPS)
REAL_PATIENTS = ("ct-ich-060", "ct-ich-104")
SEEDS = range(9101, 9131)

AGED_TRAITS = frozenset(
    {
        "wide-ventricles",
        "wide-sulci",
        "fluid-rim",
        "hygroma",
        "white-matter",
        "shrunken-brain",
        "leukoaraiosis",
    }
)
"""What makes a head an old one."""
SCAN_TRAITS = frozenset({"soft-kernel", "sharp-kernel", "low-dose", "thick-slices", "gaps", "head-holder"})
"""Ways of scanning, which are mistaken for nothing."""

_SEED = re.compile(r"-p(\d+)-")


def is_old_with_mimics(traits: Iterable[str]) -> bool:
    """Whether a head with these traits is an old one with something in it that is mistaken for blood."""
    here = set(traits)
    return bool(here & AGED_TRAITS and here - AGED_TRAITS - SCAN_TRAITS)


def check_member(volume: Volume) -> None:
    """Refuse a volume that is not of the frozen set.

    Raises
    ------
    LearningError
        If its head or the seed in its name is another one.
    """
    seed = _SEED.search(volume.name)
    if volume.patient not in MAP_PATIENTS + REAL_PATIENTS or seed is None or int(seed[1]) not in SEEDS:
        heads = ", ".join(MAP_PATIENTS + REAL_PATIENTS)
        raise LearningError(
            f"the frozen set has heads {heads} with seeds {SEEDS[0]} to {SEEDS[-1]}", found=volume.name
        )


def volume_digest(volume: Volume) -> bytes:
    """A checksum of the name, the pictures and the truth of one volume."""
    digest = hashlib.sha256(volume.name.encode())
    for array in (volume.hu, volume.positions_mm, volume.labels, volume.masks):
        digest.update(b"" if array is None else array.tobytes())
    return digest.digest()
