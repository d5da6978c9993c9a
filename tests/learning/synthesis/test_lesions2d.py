"""Painted lesions."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.synthesis.lesions2d import Painter, draw_kinds

SETTINGS = PreprocessSettings(size_px=192)


def clean_input(seed=0):
    """An input with a skull, brain, two ventricles, sulci as thin dark lines, and noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:192, :192] - 95.5
    hu = np.full((192, 192), -1000.0)
    hu[(y / 86) ** 2 + (x / 70) ** 2 <= 1] = 1000
    brain = (y / 80) ** 2 + (x / 64) ** 2 <= 1
    hu[brain] = 32
    for side in (-1, 1):
        hu[(y / 20) ** 2 + ((x - side * 12) / 7) ** 2 <= 1] = 6
    angle = np.arctan2(y, x)
    rim = brain & ((y / 70) ** 2 + (x / 55) ** 2 > 1) & (np.cos(40 * angle) > 0.6)
    hu[rim] = 10
    noisy = np.stack([hu + np.where(brain, rng.normal(0, 4, hu.shape), 0) for _ in range(3)], axis=-1)
    return np.clip((noisy + 20) / 120 * 255, 0, 255).astype(np.uint8)


def paint_until_done(kind, seed=0):
    for attempt in range(30):
        painted = Painter(SETTINGS, np.random.default_rng([seed, attempt])).paint(clean_input(), (kind,))
        if painted is not None:
            return painted
    raise AssertionError(f"nothing of {kind} was painted in 30 attempts")


@pytest.mark.parametrize("kind", TYPES)
def test_each_kind_changes_the_slice_inside_the_skull_and_is_labelled(kind):
    before, painted = clean_input(), paint_until_done(kind)
    expected = [0] * 6
    expected[0] = expected[LABELS.index(kind)] = 1
    assert painted.labels == tuple(expected)
    assert painted.grey.shape == before.shape
    assert painted.grey.dtype == np.uint8
    changed = np.abs(painted.grey[..., 1].astype(int) - before[..., 1]) > 15
    assert changed.sum() > 10
    bone_or_air = (before[..., 1] == 255) | (before[..., 1] == 0)
    assert changed[bone_or_air].sum() < 0.05 * changed.sum()


@pytest.mark.parametrize(
    "kind", [Hemorrhage.EPIDURAL, Hemorrhage.INTRAPARENCHYMAL, Hemorrhage.INTRAVENTRICULAR]
)
def test_fresh_blood_is_mostly_brighter_than_brain(kind):
    brighter = 0
    for seed in range(6):
        before, painted = clean_input(), paint_until_done(kind, seed)
        difference = painted.grey[..., 1].astype(int) - before[..., 1]
        inside = (before[..., 1] > 0) & (before[..., 1] < 255)
        brighter += (difference[inside] > 20).sum() > (difference[inside] < -20).sum()
    assert brighter >= 5


def test_ventricular_blood_lies_where_fluid_was():
    before, painted = clean_input(), paint_until_done(Hemorrhage.INTRAVENTRICULAR)
    brighter = painted.grey[..., 1].astype(int) - before[..., 1] > 40
    rows, columns = np.nonzero(brighter)
    assert brighter.sum() > 10
    assert np.abs(columns - 95.5).max() < 24
    assert np.abs(rows - 95.5).max() < 26


def test_the_same_seed_paints_the_same():
    first, second = paint_until_done(Hemorrhage.SUBDURAL, 3), paint_until_done(Hemorrhage.SUBDURAL, 3)
    assert np.array_equal(first.grey, second.grey)
    assert first.labels == second.labels


def test_what_is_mistaken_for_blood_gets_no_label():
    painted = Painter(SETTINGS, np.random.default_rng(0)).paint(clean_input(), ())
    assert painted is not None
    assert painted.labels == (0,) * 6
    assert not np.array_equal(painted.grey, clean_input())


def test_blood_in_a_neighbor_only_leaves_the_slice_and_gets_no_label():
    found = 0
    for seed in range(10):
        painter = Painter(SETTINGS, np.random.default_rng(seed))
        painted = painter.paint_neighbor_only(clean_input(), Hemorrhage.INTRAPARENCHYMAL)
        if painted is None:
            continue
        found += 1
        assert painted.labels == (0,) * 6
        assert np.array_equal(painted.grey[..., 1], clean_input()[..., 1])
        assert not np.array_equal(painted.grey, clean_input())
    assert found > 3


@pytest.mark.parametrize("grey", [0, 80, 255])
def test_a_picture_without_a_skull_is_not_painted_on(grey):
    painter = Painter(SETTINGS, np.random.default_rng(0))
    assert painter.paint(np.full((192, 192, 3), grey, np.uint8), (Hemorrhage.SUBDURAL,)) is None


def test_one_to_three_kinds_are_drawn_without_any_and_without_repeats():
    drawn = [draw_kinds(np.random.default_rng(seed)) for seed in range(200)]
    assert {len(kinds) for kinds in drawn} == {1, 2, 3}
    assert all(len(set(kinds)) == len(kinds) and Hemorrhage.ANY not in kinds for kinds in drawn)
    assert {kind for kinds in drawn for kind in kinds} == set(TYPES)
