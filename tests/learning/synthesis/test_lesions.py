"""What each kind of lesion must and must not do, on a head whose anatomy is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.synthesis.anatomy import Anatomy, Field
from ichviewer.learning.synthesis.bleeding import Bled, Filling, Solid, bleed, carry, relax, share_of
from ichviewer.learning.synthesis.csf_spaces import intraventricular, subarachnoid
from ichviewer.learning.synthesis.extra_axial import epidural, subdural
from ichviewer.learning.synthesis.parenchyma import intraparenchymal
from ichviewer.learning.synthesis.skull import Skull, find_skull
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue

SEEDS = range(6)


@pytest.fixture(scope="module")
def hu(head: Volume) -> Field:
    return np.clip(head.hu, -20, 100).astype(np.float32)


@pytest.fixture(scope="module")
def skull(head: Volume) -> Skull:
    found = find_skull(head, 1.6)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def cut(hu: Field, skull: Skull) -> Field:
    return np.ascontiguousarray(hu[:, skull.rows, skull.columns])


@pytest.fixture(scope="module")
def tissue(cut: Field, skull: Skull) -> Tissue:
    return read_tissue(cut, skull)


def put(cut: Field, skull: Skull, tissue: Tissue, lesion: Solid | Filling) -> Bled:
    return bleed(cut, skull, tissue, [lesion], blur_px=0.5)


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


@pytest.mark.parametrize("cause", [Cause.TRAUMA, Cause.CHRONIC])
@pytest.mark.parametrize("seed", SEEDS)
def test_each_subdural_stays_on_its_side_and_off_the_bone(
    cut: Field, skull: Skull, tissue: Tissue, seed: int, cause: Cause
) -> None:
    for lesion in subdural(np.random.default_rng(seed), skull, tissue, cause):
        bled = put(cut, skull, tissue, lesion)
        blood = bled.shares[Hemorrhage.SUBDURAL] > 0.25
        low = skull.tentorium_mm < 6
        sides = np.sign(skull.x_mm[blood & (np.abs(skull.x_mm) > 2.5) & ~low])
        assert blood.any() and np.unique(sides).size <= 1
        assert not (blood & ~skull.inside).any()
        assert (bled.hu[cut >= 99] >= 99).all()
        assert np.array_equal(bled.hu[~skull.inside], cut[~skull.inside])


def test_old_collections_are_neither_fluid_nor_fresh_and_some_lie_on_both_sides(
    skull: Skull, tissue: Tissue
) -> None:
    middles, pairs, total = [], 0, 40
    for seed in range(total):
        made = subdural(np.random.default_rng(seed), skull, tissue, Cause.CHRONIC)
        pairs += len(made) == 2
        middles += [float(np.median(np.broadcast_to(s.hu, s.level_mm.shape)[s.level_mm > 0])) for s in made]
    assert 0.1 * total < pairs < 0.45 * total
    assert min(middles) > 13 and 18 < np.median(middles) < 36


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
def test_ventricular_blood_lies_in_ventricles(cut: Field, skull: Skull, tissue: Tissue, seed: int) -> None:
    lesion = intraventricular(np.random.default_rng(seed), skull, tissue)
    if lesion is None:
        pytest.skip("nothing to fill with this seed")
    inside = lesion.share > 0.3
    near = np.zeros_like(inside)
    for down in (-2, -1, 0, 1, 2):
        for across in (-2, -1, 0, 1, 2):
            near |= np.roll(tissue.ventricles, (down, across), (1, 2))
    assert not (inside & ~near).any()


def test_what_settles_in_the_lateral_ventricles_lies_at_their_back(skull: Skull, tissue: Tissue) -> None:
    y = np.broadcast_to(skull.y3, skull.inside.shape)
    lateral = tissue.ventricles & ~tissue.third & ~tissue.fourth
    behind = []
    for seed in range(24):
        lesion = intraventricular(np.random.default_rng(seed), skull, tissue)
        for side in (-1, 1):
            part = lateral & (np.sign(skull.x_mm) == side)
            if lesion is not None and ((lesion.share > 0.3) & part).any():
                behind.append(y[(lesion.share > 0.3) & part].mean() >= y[part].mean() - 0.5)
    assert len(behind) > 15 and np.mean(behind) > 0.75


@pytest.mark.parametrize("seed", SEEDS)
def test_subarachnoid_blood_stays_out_of_ventricles_and_bone(
    cut: Field, skull: Skull, tissue: Tissue, seed: int
) -> None:
    lesion = subarachnoid(np.random.default_rng(seed), skull, tissue, Cause.TRAUMA)
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
    lesion = intraparenchymal(np.random.default_rng(seed), skull, tissue, Cause.VESSEL)
    if lesion is None:
        pytest.skip("no room for it with this seed")
    bled = put(cut, skull, tissue, lesion)
    share = bled.shares[Hemorrhage.INTRAPARENCHYMAL]
    assert skull.depth_mm[share > 0.5].min() >= 0
    far = (bled.moved_mm == 0) & (lesion.level_mm < -lesion.rim_mm - 3) & (share == 0)
    assert far.sum() > 1000
    assert np.abs(bled.hu - cut)[far].max() < 0.01


def test_a_hematoma_that_breaks_into_a_ventricle_is_blood_of_both(
    cut: Field, skull: Skull, tissue: Tissue
) -> None:
    k = int(np.argmin(np.abs(skull.z3.ravel() - 62)))
    at = np.hypot(skull.x_mm - 24, skull.y3 - 4) + np.abs(skull.z3 - skull.z3[k])
    level = (16 - at).astype(np.float32)
    zero = np.zeros(cut.shape, np.float32)
    hu = np.full((1, 1, 1), 60, np.float32)
    blood = Solid(Hemorrhage.INTRAPARENCHYMAL, level, hu, zero > 0, zero, zero)
    shares = put(cut, skull, tissue, blood).shares
    inside, around = shares[Hemorrhage.INTRAVENTRICULAR], shares[Hemorrhage.INTRAPARENCHYMAL]
    assert inside[tissue.ventricles].sum() > 20 and not inside[~tissue.ventricles].any()
    assert around[~tissue.ventricles].sum() > 100 and around[tissue.ventricles].max() < 1e-6


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


def test_known_anatomy_is_used_instead_of_coordinates(cut: Field, skull: Skull, tissue: Tissue) -> None:
    none = np.zeros(cut.shape, bool)
    cisterns = (np.hypot(skull.x_mm, skull.y3) < 14) & (np.abs(skull.z3 - 92) < 8)
    lateral = tissue.ventricles & (skull.x_mm > 0)
    parts = Anatomy(
        lateral=lateral,
        third=none,
        fourth=none,
        cisterns=cisterns,
        sulci=none,
        deep=none,
        cerebellum=none,
        brainstem=none,
        falx_mm=skull.x_mm,
        falx=none,
        tentorium_mm=skull.tentorium_mm,
    )
    known = replace(skull, anatomy=parts)
    wet = np.where(cisterns, np.float32(6), cut).astype(np.float32)
    read = read_tissue(wet, known)
    # The ventricle of the other side is not in the map of this head, so it is none.
    assert read.ventricles[lateral].mean() > 0.9 and not read.ventricles[skull.x_mm < -8].any()
    made = [subarachnoid(np.random.default_rng(seed), known, read, Cause.ANEURYSM) for seed in range(12)]
    found = [lesion.share for lesion in made if lesion is not None]
    assert len(found) >= 4
    deep = skull.depth_mm > 16  # what lies above may be a sulcus that no one sees
    for share in found:
        assert share[cisterns].max() > 0.5
        assert not (share[deep & ~ndimage.binary_dilation(cisterns, iterations=3)] > 0.2).any()
