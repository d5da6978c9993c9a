from __future__ import annotations

import numpy as np
import pytest

from ichviewer.inference.head import find_head
from ichviewer.learning.synthesis.contrast import Enhancement, Phase, add_contrast

MM = 1.0
SPACING = (MM, MM)


def head_stack(n=26):
    """An ellipsoid of a head in slices of 5 mm, from the skull base up: bone 1000 HU, brain 35 HU, air."""
    y, x = np.mgrid[:220, :200] - np.array([109.5, 99.5])[:, None, None]
    stack = np.full((n, 220, 200), -1000, np.float32)
    for k in range(n):
        below_vertex = 5.0 * (n - k)
        ring = np.sqrt(max(1 - (max(85 - below_vertex, 0) / 85) ** 2, 0.0))
        for value, shrink in ((1000, 0.0), (35, 7.0)):
            stack[k][(x / (71 * ring - shrink)) ** 2 + (y / (89 * ring - shrink)) ** 2 < 1] = value
    return stack


@pytest.fixture(scope="module")
def heads():
    return [find_head(hu, SPACING) for hu in head_stack()]


def enhanced(heads, phase, seed=1, **values):
    rng = np.random.default_rng(seed)
    drawn = Enhancement(phase, **{"artery_hu": 300.0, "vein_hu": 150.0, "tissue_hu": 3.0, **values})
    positions = [5.0 * k for k in range(len(heads))]
    return add_contrast(head_stack(), positions, SPACING, heads, enhancement=drawn, rng=rng)


def test_vessels_are_bright_and_small_and_bone_and_air_stay(heads):
    before, after = head_stack(), enhanced(heads, Phase.MIXED)
    np.testing.assert_array_equal(after[before > 500], before[before > 500])
    np.testing.assert_array_equal(after[before < -500], before[before < -500])
    brain = (before > 0) & (before < 100)
    assert (after[brain] >= before[brain]).all()
    assert after[brain].max() <= 300 + 1e-3
    share = (after[brain] > 80).mean()
    assert 0.001 < share < 0.03
    assert np.median(after[brain]) == pytest.approx(38.0)


def test_both_sides_and_most_levels_have_vessels(heads):
    after = enhanced(heads, Phase.ARTERIAL)
    bright = (after > 90) & (head_stack() < 100)
    assert all(heads[k] is None or bright[k].any() for k in range(4, len(heads) - 3))
    left, right = bright[:, :, :95].sum(), bright[:, :, 105:].sum()
    assert min(left, right) > 0.3 * max(left, right)


def test_the_sagittal_sinus_is_as_bright_as_veins_are(heads):
    # Under the inner table at the back, 82 mm behind the middle; bone lies around it.
    brain = head_stack()[14, 184:191, 97:103] < 100
    bright, dark = (
        enhanced(heads, Phase.VENOUS, vein_hu=vein, artery_hu=60.0)[14, 184:191, 97:103][brain]
        for vein in (180.0, 60.0)
    )
    assert bright.max() == pytest.approx(180, abs=3)
    assert dark.max() < 65


def test_the_same_seed_gives_the_same_vessels_and_the_input_is_left_alone(heads):
    stack = head_stack()
    np.testing.assert_array_equal(enhanced(heads, Phase.MIXED), enhanced(heads, Phase.MIXED))
    assert (enhanced(heads, Phase.MIXED) != enhanced(heads, Phase.MIXED, seed=2)).any()
    np.testing.assert_array_equal(stack, head_stack())


def test_slices_without_a_head_stay_and_a_stack_without_any_is_refused(heads):
    some = [head if k > 12 else None for k, head in enumerate(heads)]
    np.testing.assert_array_equal(enhanced(some, Phase.MIXED)[:13], head_stack()[:13])
    with pytest.raises(ValueError, match="no slice with one"):
        enhanced([None] * len(heads), Phase.MIXED)


@pytest.mark.parametrize("phase", Phase)
def test_drawn_values_are_those_of_the_phase(phase):
    drawn = [Enhancement.draw(np.random.default_rng(seed), phase) for seed in range(50)]
    ratio = np.median([d.artery_hu / d.vein_hu for d in drawn])
    assert {Phase.ARTERIAL: ratio > 2, Phase.MIXED: 1 < ratio < 2}.get(phase, 0.7 < ratio < 1.3)
