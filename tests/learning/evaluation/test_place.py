"""Where blood lies, on a skull of 150 x 180 mm at 1 mm a pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.evaluation import place
from ichviewer.learning.evaluation.place import PLACES, SkullBox, place_of

BOX = SkullBox(10, 190, 25, 175)


def at(row, column, *, size=4):
    blood = np.zeros((200, 200), bool)
    blood[row - size : row + size, column - size : column + size] = True
    return blood


@pytest.mark.parametrize(
    ("kind", "row", "column", "below_mm", "expected"),
    [
        (Hemorrhage.SUBDURAL, 100, 38, 10, place.VERTEX),
        (Hemorrhage.SUBDURAL, 100, 38, 50, place.CONVEXITY),
        (Hemorrhage.EPIDURAL, 40, 60, 50, place.CONVEXITY),
        (Hemorrhage.SUBDURAL, 60, 102, 50, place.FALX),
        (Hemorrhage.SUBDURAL, 125, 125, 75, place.TENTORIUM),
        (Hemorrhage.SUBARACHNOID, 95, 70, 70, place.CISTERN),
        (Hemorrhage.INTRAVENTRICULAR, 90, 110, 50, place.VENTRICLES),
        (Hemorrhage.INTRAVENTRICULAR, 140, 100, 90, place.FOURTH),
        (Hemorrhage.INTRAPARENCHYMAL, 140, 120, 95, place.POSTERIOR),
        (Hemorrhage.INTRAPARENCHYMAL, 80, 120, 60, place.CEREBRUM),
        (Hemorrhage.SUBDURAL, 150, 60, 95, place.POSTERIOR),
    ],
)
def test_each_place_is_told(kind, row, column, below_mm, expected):
    assert place_of(kind, at(row, column), BOX, below_mm, 1.0) == expected


@given(
    kind=st.sampled_from(TYPES),
    row=st.integers(5, 190),
    column=st.integers(5, 190),
    below_mm=st.floats(0, 150),
)
def test_every_place_has_a_name_and_both_sides_are_alike(kind, row, column, below_mm):
    blood = at(row, column)
    found = place_of(kind, blood, BOX, below_mm, 1.0)
    assert found in PLACES
    mirrored = SkullBox(BOX.top, BOX.bottom, 199 - BOX.right, 199 - BOX.left)
    assert place_of(kind, blood[:, ::-1], mirrored, below_mm, 1.0) == found


def test_the_skull_is_the_bone_or_the_whole_picture():
    hu = np.zeros((40, 40), np.int16)
    assert SkullBox.of(hu) == SkullBox(0, 39, 0, 39)
    hu[5:36, 10] = hu[5:36, 30] = 240
    assert SkullBox.of(hu) == SkullBox(5, 35, 10, 30)
    with pytest.raises(ValueError, match="extent"):
        SkullBox(5, 5, 0, 3)
