"""What counts as seen: cases whose area, contrast and signal can be reckoned by hand.

The brain is flat, 33 HU with grey matter of 36; a pixel is 1 mm. A square of 20 by 20 pixels loses a little at its
edges to the light smoothing, hence margins of a few HU around every limit.
"""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.bleeding import Bled, Displacement
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue
from ichviewer.learning.synthesis.visibility import labels_of, marked, masks_of

SIZE, BRAIN_HU, GREY_HU = 80, 33.0, 36.0
SHAPE = (2, SIZE, SIZE)


def flat(value: float) -> Field:
    return np.full(SHAPE, value, np.float32)


def label(
    kind: Hemorrhage,
    hu: float,
    size: tuple[int, int],
    *,
    before_hu: float = BRAIN_HU,
    moved_mm: float = 0.0,
    noise_hu: float = 2.0,
    share: float = 1.0,
    depth_mm: float = 20.0,
) -> int:
    """Label of a rectangle of blood in the first of two slices."""
    inside = np.ones(SHAPE, bool)
    skull = Skull(
        slice(0, SIZE),
        slice(0, SIZE),
        inside,
        flat(depth_mm),
        flat(0.0),
        np.zeros(SIZE, np.float32),
        np.array([60, 65], np.float32),
        (5.0, 1.0, 1.0),
    )
    none = np.zeros(SHAPE, bool)
    before = flat(BRAIN_HU)
    spot = (0, slice(30, 30 + size[0]), slice(30, 30 + size[1]))
    before[spot] = before_hu
    tissue = Tissue(before, flat(BRAIN_HU), BRAIN_HU, noise_hu, flat(0), none, none, none, none)
    shares, plain = flat(0), before.copy()
    shares[spot] = share
    plain[spot] = before_hu + share * (hu - before_hu)
    move = Displacement(flat(0), flat(0))
    move.across_mm[0, 20:60, 20:60] = moved_mm
    bled = Bled(plain, {kind: shares}, {kind: plain}, move if moved_mm else None)
    labels = labels_of(bled, before, skull, tissue, noise_hu)
    column = LABELS.index(kind)
    assert not labels[1].any()
    assert labels[0, 0] == labels[0, column]
    assert not np.delete(labels[0], [0, column]).any()
    return int(labels[0, column])


SDH, SAH, IVH, IPH = (
    Hemorrhage.SUBDURAL,
    Hemorrhage.SUBARACHNOID,
    Hemorrhage.INTRAVENTRICULAR,
    Hemorrhage.INTRAPARENCHYMAL,
)


@pytest.mark.parametrize(
    ("kind", "hu", "size", "options", "expected"),
    [
        # Fresh: 60 - 36 = 24 HU above grey matter over 400 mm2.
        (SDH, 60, (20, 20), {}, 1),
        # A fresh film of 2 by 30 mm2: 60 mm2, of which the smoothing leaves more than 8 HU.
        (SDH, 60, (2, 30), {}, 1),
        # The same film in the glare of the bone.
        (SDH, 60, (2, 30), {"depth_mm": 0.5}, UNKNOWN),
        # A film of 1 by 6 mm2 is less than 25 mm2.
        (SDH, 60, (1, 6), {}, UNKNOWN),
        # Old: 12 HU less than grey matter, 10 by 30 mm2.
        (SDH, 24, (10, 30), {}, 1),
        # As old, 2 mm thick: never 3 mm.
        (SDH, 24, (2, 60), {}, UNKNOWN),
        # As old, 10 by 15 mm2 = 1.5 cm2 and less than 2.
        (SDH, 24, (10, 15), {}, UNKNOWN),
        # As thin as fluid: a hygroma.
        (SDH, 9, (10, 30), {}, UNKNOWN),
        # Old blood of 24 HU where fluid of 22 HU was: nothing new.
        (SDH, 24, (10, 30), {"before_hu": 22}, UNKNOWN),
        # As dense as brain, large, and the brain gave way.
        (SDH, 36, (14, 40), {"moved_mm": 5.0}, 1),
        (SDH, 36, (14, 40), {}, UNKNOWN),
        (SDH, 36, (4, 40), {"moved_mm": 5.0}, UNKNOWN),
        # A sulcus full of blood, and one in which blood and fluid together are as grey as brain.
        (SAH, 60, (3, 20), {}, 1),
        (SAH, 37, (3, 20), {"before_hu": 8}, UNKNOWN),
        # Denser than grey matter by 6 HU is not enough there.
        (SAH, 42, (6, 20), {"before_hu": 8}, UNKNOWN),
        # In a ventricle blood of 30 HU is seen against fluid of 6.
        (IVH, 30, (8, 8), {"before_hu": 6}, 1),
        (IVH, 12, (8, 8), {"before_hu": 6}, UNKNOWN),
        # A hematoma of 5 by 5 mm2, 20 HU above grey matter: signal sqrt(25 x 20 x 20) = 100 HU mm at most.
        (IPH, 56, (5, 5), {}, 1),
        # The noise of 16 HU asks for 112.
        (IPH, 56, (5, 5), {"noise_hu": 16.0}, UNKNOWN),
        # A trace of a pixel is nothing.
        (IPH, 56, (1, 1), {}, 0),
    ],
)
def test_rule(
    kind: Hemorrhage, hu: float, size: tuple[int, int], options: dict[str, float], expected: int
) -> None:
    assert label(kind, hu, size, **options) == expected


def test_pushed_brain_in_a_slice_without_blood_is_no_plain_no() -> None:
    assert label(SDH, 60, (0, 0), moved_mm=3.0) == UNKNOWN
    assert label(SDH, 60, (0, 0)) == 0


def test_blood_hides_a_mimic_and_the_mimic_moves_with_the_brain() -> None:
    shares = flat(0)
    shares[0, 10:20, 10:20] = 0.6
    move = Displacement(flat(4.0), flat(0.0))
    bled = Bled(flat(BRAIN_HU), {IPH: shares}, {IPH: flat(50)}, move)
    mimics = np.zeros(SHAPE, bool)
    mimics[0, 40:44, 40:44] = mimics[0, 6:16, 10:20] = True
    masks = marked(masks_of(bled), mimics, bled, 1.0)
    assert (masks[0, 10:20, 10:20] == 1 << 1).all()
    assert (masks[0, 44:48, 40:44] == 1 << 5).all()
    assert (masks[0] == 1 << 5).sum() == 16
    assert not masks[1].any()
