"""What each kind of lesion must and must not do, on a head whose anatomy is known."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.bleeding import Bled, bleed
from ichviewer.learning.synthesis.displacement import carry, relax
from ichviewer.learning.synthesis.extra_axial import epidural, subdural
from ichviewer.learning.synthesis.fluid import intraventricular, subarachnoid
from ichviewer.learning.synthesis.lesion import Filling, Solid, share_of
from ichviewer.learning.synthesis.parenchyma import intraparenchymal
from ichviewer.learning.synthesis.skull import Skull, find_skull
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue
from ichviewer.learning.synthesis.visibility import labels_of, masks_of

SEEDS = range(6)


@pytest.fixture(scope="module")
def hu(head: Volume) -> Field:
    return head.grey.astype(np.float32) * np.float32(120 / 255) - 20


@pytest.fixture(scope="module")
def skull(head: Volume, hu: Field) -> Skull:
    found = find_skull(hu, head.positions_mm, head.has_brain, 1.6)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def cut(hu: Field, skull: Skull) -> Field:
    return np.ascontiguousarray(hu[:, skull.rows, skull.columns])


@pytest.fixture(scope="module")
def tissue(cut: Field, skull: Skull) -> Tissue:
    return read_tissue(cut, skull)


def put(cut: Field, skull: Skull, tissue: Tissue, lesion: Solid | Filling) -> Bled:
    fillings = [lesion] if isinstance(lesion, Filling) else []
    solids = [lesion] if isinstance(lesion, Solid) else []
    return bleed(cut, skull, tissue, fillings, solids, blur_px=0.5)


def test_skull_has_the_size_it_was_made_with(skull: Skull) -> None:
    middle = int(np.argmin(np.abs(skull.below_vertex_mm - 75)))
    area = skull.inside[middle].sum() * 1.6**2
    assert area == pytest.approx(np.pi * 65 * 81, rel=0.06)
    assert skull.depth_mm[middle].max() == pytest.approx(65, abs=4)
    # The vertex of the made head is 6 mm above the topmost slice.
    assert skull.below_vertex_mm[-1] == pytest.approx(6, abs=4)
    assert np.abs(np.mean(skull.x_mm[middle][skull.inside[middle]])) < 1.5


def test_ventricles_are_found_where_they_are(skull: Skull, tissue: Tissue) -> None:
    x = np.abs(skull.x_mm)[tissue.ventricles]
    assert tissue.ventricles.sum() > 500
    assert x.max() < 26 and skull.depth_mm[tissue.ventricles].min() > 20


def test_a_plane_surface_has_its_partial_volume_between_slices() -> None:
    # The level falls by 5 mm from slice to slice and is 0 in the middle of slice 2.
    level = np.broadcast_to((5.0 * (2 - np.arange(5)))[:, None, None], (5, 8, 8)).astype(np.float32)
    share = share_of(level.copy(), 0.5)[:, 4, 4]
    assert share == pytest.approx([1, 1, 0.5, 0, 0], abs=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_subdural_stays_on_one_side_and_off_the_bone(
    cut: Field, skull: Skull, tissue: Tissue, seed: int
) -> None:
    lesion = subdural(np.random.default_rng(seed), skull)
    if lesion is None:
        pytest.skip("no room for it with this seed")
    bled = put(cut, skull, tissue, lesion)
    blood = bled.shares[Hemorrhage.SUBDURAL] > 0.25
    sides = np.sign(skull.x_mm[blood & (np.abs(skull.x_mm) > 2.5)])
    assert blood.any() and np.unique(sides).size == 1
    assert not (blood & ~skull.inside).any()
    assert (bled.hu[cut >= 99] >= 99).all()
    assert np.array_equal(bled.hu[~skull.inside], cut[~skull.inside])


@pytest.mark.parametrize("seed", SEEDS)
def test_epidural_is_a_bounded_lens_on_the_inner_table(
    cut: Field, skull: Skull, tissue: Tissue, seed: int
) -> None:
    lesion = epidural(np.random.default_rng(seed), skull)
    if lesion is None:
        pytest.skip("no room for it with this seed")
    blood = put(cut, skull, tissue, lesion).shares[Hemorrhage.EPIDURAL] > 0.5
    volume_ml = blood.sum() * np.prod(skull.step_mm) / 1000
    assert 0.2 < volume_ml < 160
    # Nearly every column of blood reaches the bone, and none is deeper than 35 mm.
    assert skull.depth_mm[blood].min() < 3
    assert skull.depth_mm[blood].max() < 36


@pytest.mark.parametrize("seed", SEEDS)
def test_ventricular_blood_lies_in_ventricles_and_at_their_back(
    cut: Field, skull: Skull, tissue: Tissue, seed: int
) -> None:
    lesion = intraventricular(np.random.default_rng(seed), skull, tissue)
    assert lesion is not None
    inside = lesion.share > 0.3
    near = np.zeros_like(inside)
    for down in (-2, -1, 0, 1, 2):
        for across in (-2, -1, 0, 1, 2):
            near |= np.roll(tissue.ventricles, (down, across), (1, 2))
    assert not (inside & ~near).any()
    # Nowhere in a lateral ventricle is there fluid behind blood: what sinks reaches the back first.
    y = np.broadcast_to(skull.y3, inside.shape)
    lateral = (np.abs(skull.x_mm) > 6) & tissue.ventricles
    for side in (-1, 1):
        part = lateral & (np.sign(skull.x_mm) == side)
        if (inside & part).any():
            assert y[inside & part].mean() >= y[part].mean() - 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_subarachnoid_blood_stays_out_of_ventricles_and_bone(
    cut: Field, skull: Skull, tissue: Tissue, seed: int
) -> None:
    lesion = subarachnoid(np.random.default_rng(seed), skull, tissue)
    if lesion is None:
        pytest.skip("no sulcus with this seed")
    blood = lesion.share > 0.25
    assert blood.any()
    assert not (blood & tissue.ventricles).any()
    assert not (blood & ~skull.inside).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_hematoma_stays_in_the_brain_and_far_away_nothing_changes(
    cut: Field, skull: Skull, tissue: Tissue, seed: int
) -> None:
    lesion = intraparenchymal(np.random.default_rng(seed), skull, tissue)
    if lesion is None:
        pytest.skip("no room for it with this seed")
    bled = put(cut, skull, tissue, lesion)
    share = bled.shares[Hemorrhage.INTRAPARENCHYMAL]
    assert skull.depth_mm[share > 0.5].min() >= 0
    far = (bled.moved_mm == 0) & (lesion.level_mm < -lesion.rim_mm - 3) & (share == 0)
    assert far.sum() > 1000
    assert np.abs(bled.hu - cut)[far].max() < 0.01


def test_brain_is_moved_not_erased(cut: Field, skull: Skull, tissue: Tissue) -> None:
    # A bright marker under a thick collection must be found again, deeper by about its thickness.
    middle = int(np.argmin(np.abs(skull.below_vertex_mm - 60)))
    marked = np.where(skull.depth_mm > 2, np.minimum(cut, 40), 30).astype(np.float32)
    spot = (
        (np.abs(skull.x_mm - 57) < 3) & (np.abs(skull.y3) < 4) & (np.abs(skull.z3 - 60) < 8)
    ) & skull.inside
    marked[spot] = 70
    room = np.where(skull.x_mm > 0, 12 * (1 - (skull.y3 / 50) ** 2 - ((skull.z3 - 60) / 40) ** 2), -5).astype(
        np.float32
    )
    given = (room > 0.8) & (skull.depth_mm < room + 2) & (skull.depth_mm > -4.5)
    across = np.where(given, -room, 0).astype(np.float32)
    move = relax(skull, given, np.zeros_like(room), across)
    after = carry(marked, move, 1.6, order=1)[middle]
    seen = (after > 55) & (skull.depth_mm[middle] > 3) & (skull.x_mm[middle] > 0)
    assert seen[skull.inside[middle]].sum() > 5
    before_x = skull.x_mm[middle][spot[middle]].mean()
    after_x = skull.x_mm[middle][seen & skull.inside[middle] & (np.abs(skull.y_mm)[:, None] < 8)].mean()
    assert 4 < before_x - after_x < 14
    # The far side of the head stays where it is.
    assert move.size_mm[middle][skull.x_mm[middle] < -50].max() < 1.0


def test_isodense_blood_is_seen_only_by_its_mass(cut: Field, skull: Skull, tissue: Tissue) -> None:
    nothing = np.zeros(cut.shape, np.float32)
    level = (6.0 - np.hypot(skull.x_mm - 30, skull.y3 + np.zeros_like(skull.x_mm))).astype(np.float32)
    level = np.where(np.abs(skull.z3 - 60) < 12, level, np.float32(-5))
    blood = Solid(
        Hemorrhage.SUBDURAL,
        level,
        np.full((1, 1, 1), tissue.brain_hu, np.float32),
        np.zeros(cut.shape, bool),
        nothing,
        nothing,
    )
    column = LABELS.index(Hemorrhage.SUBDURAL)
    bled = put(cut, skull, tissue, blood)
    assert (masks_of(bled) == 1 << (column - 1)).any()
    assert not (labels_of(bled)[:, column] == 1).any()
    assert (labels_of(bled)[:, column] == 255).any()
    dense = Solid(
        Hemorrhage.SUBDURAL,
        level,
        np.full((1, 1, 1), 65, np.float32),
        np.zeros(cut.shape, bool),
        nothing,
        nothing,
    )
    labels = labels_of(put(cut, skull, tissue, dense))
    assert (labels[:, column] == 1).any()
    assert np.array_equal(labels[:, 0] == 1, labels[:, column] == 1)
