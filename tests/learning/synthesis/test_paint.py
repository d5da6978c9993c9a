"""Painting whole volumes: twins, labels, masks, and the choice of slices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from scipy import ndimage

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import MIMIC_BIT, UNKNOWN, Volume
from ichviewer.learning.synthesis.paint import paint_volume, usable_run

_MOVED_PX = 7


@how(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 99999))
def test_labels_masks_and_twins_agree(head: Volume, settings: PreprocessSettings, seed: int) -> None:
    made = paint_volume(head, seed, settings)
    clean = made[-1]
    assert clean.name == f"head-0-p{seed:05d}-clean" and clean.twin == ""
    blood = (1 << len(TYPES)) - 1
    assert not clean.labels.any() and not (clean.masks & blood).any()
    assert clean.patient == head.patient and clean.source == "painted"
    if len(made) == 1:
        return
    bleed = made[0]
    assert bleed.twin == clean.name and bleed.traits == clean.traits
    assert (bleed.labels == 1).any()
    assert not ((bleed.masks & blood > 0) & (bleed.masks >> MIMIC_BIT > 0)).any()
    for bit in range(len(TYPES)):
        # Where there is a mask of more than a speck, the label is no plain "no".
        large = ((bleed.masks >> bit) & 1).sum(axis=(1, 2)) > 3
        assert (bleed.labels[large, bit + 1] != 0).all()
    types = bleed.labels[:, 1:]
    assert ((bleed.labels[:, 0] == 1) == (types == 1).any(axis=1)).all()
    assert (bleed.labels[(types == 0).all(axis=1), 0] == 0).all()
    untouched = (types == 0).all(axis=1) & ~(bleed.masks & blood).any(axis=(1, 2))
    shown = bleed.labels[:, 0] == 1
    for k in np.flatnonzero(shown):
        assert (bleed.hu[k] != clean.hu[k]).sum() > 5
    # Slices that teach "no" show nothing that their twin does not show nearby: a large bleed some slices away moves
    # brain, which makes no new brightness.
    for k in np.flatnonzero(untouched):
        near = clean.hu[k].astype(int)
        low, high = ndimage.minimum_filter(near, _MOVED_PX), ndimage.maximum_filter(near, _MOVED_PX)
        beyond = np.maximum(bleed.hu[k] - high, low - bleed.hu[k])
        assert (beyond > 12).mean() < 0.002
    bone = clean.hu[untouched] >= 150
    assert (bleed.hu[untouched][bone] == clean.hu[untouched][bone]).all()


def test_same_seed_same_pictures(head: Volume, settings: PreprocessSettings) -> None:
    first, second = paint_volume(head, 11, settings), paint_volume(head, 11, settings)
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.hu, b.hu) and np.array_equal(a.labels, b.labels)
        assert np.array_equal(a.masks, b.masks)


def test_other_seed_other_pictures(head: Volume, settings: PreprocessSettings) -> None:
    assert not np.array_equal(paint_volume(head, 1, settings)[-1].hu, paint_volume(head, 2, settings)[-1].hu)


@pytest.mark.parametrize(
    ("bloody", "expected"),
    [
        ([], slice(0, 24)),
        ([10], slice(12, 24)),
        ([4, 20], slice(6, 19)),
        (list(range(2, 24, 3)), None),
        ([0, 23], slice(2, 22)),
    ],
)
def test_slices_next_to_blood_are_left_out(head: Volume, bloody: list[int], expected: slice | None) -> None:
    labels = head.labels.copy()
    labels[bloody, 0] = 1
    volume = Volume("v", "p", "ct-ich", head.hu, head.positions_mm, labels, head.has_brain)
    assert usable_run(volume) == expected


def test_unknown_counts_as_blood(head: Volume) -> None:
    labels = head.labels.copy()
    labels[3, LABELS.index("subdural")] = UNKNOWN
    volume = Volume("v", "p", "ct-ich", head.hu, head.positions_mm, labels, head.has_brain)
    assert usable_run(volume) == slice(5, 24)


def test_blood_patient_returns_only_its_free_slices(head: Volume, settings: PreprocessSettings) -> None:
    labels = head.labels.copy()
    labels[8, 0] = labels[8, 2] = 1
    volume = Volume("v", "p", "ct-ich", head.hu, head.positions_mm, labels, head.has_brain)
    for made in paint_volume(volume, 5, settings):
        assert np.array_equal(made.positions_mm, head.positions_mm[10:])


def test_nothing_without_a_skull(head: Volume, settings: PreprocessSettings) -> None:
    empty = Volume(
        "e",
        "p",
        "ct-ich",
        np.zeros_like(head.hu),
        head.positions_mm,
        head.labels,
        np.zeros(len(head.hu), bool),
    )
    assert paint_volume(empty, 0, settings) == []
