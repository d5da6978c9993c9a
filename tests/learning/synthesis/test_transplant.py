"""Real lesions in other heads: geometry, labels, twins, whose they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import UNKNOWN, UNTYPED_BIT, Volume
from ichviewer.learning.synthesis.real_lesions import Place, lesions_of
from ichviewer.learning.synthesis.skull import find_skull
from ichviewer.learning.synthesis.transplant import Donors, transplant_volume
from ichviewer.learning.synthesise import synthesise_lesions

SETTINGS = PreprocessSettings(size_px=128, mm_per_px=1.6)
SLICES = 24


def make_head(name: str, seed: int) -> Volume:
    """An ellipsoid of brain with two ventricles in a skull; its vertex is 6 mm above the topmost slice."""
    rng = np.random.default_rng(seed)
    z = (np.arange(SLICES)[::-1] * 5.0 + 6.0)[:, None, None]
    y, x = (np.mgrid[:128, :128] - 63.5) * 1.6
    dz = np.minimum(z - 70.0, 0)
    outer = np.sqrt((x / 72) ** 2 + (y / 88) ** 2 + (dz / 77) ** 2)
    inner = np.sqrt((x / 65) ** 2 + (y / 81) ** 2 + (dz / 70) ** 2)
    hu = np.where(inner < 1, 32.0, np.where(outer < 1, 1000.0, -1000.0))
    for side in (-1, 1):
        hu[((x - side * 13) / 9) ** 2 + ((y - 4) / 32) ** 2 + ((z - 55) / 16) ** 2 < 1] = 6.0
    noise = ndimage.gaussian_filter(rng.normal(0, 5.0, hu.shape), (0, 0.6, 0.6))
    hu = np.clip(ndimage.gaussian_filter(hu, (0, 0.5, 0.5)) + noise, -160, 240)
    return Volume(
        name,
        name,
        "ct-ich",
        hu.astype(np.int16),
        np.arange(SLICES, dtype=np.float32) * 5,
        np.zeros((SLICES, 6), np.uint8),
        np.ones(SLICES, bool),
    )


def with_blood(name: str, seed: int, **blood: tuple[int, int]) -> Volume:
    """Slices 10 to 13 with a clot in the brain (``parenchymal``) or a lens at the inner table (``epidural``).

    Each is given as the slices that name it.
    """
    head = make_head(name, seed)
    hu, labels = head.hu.copy(), head.labels.copy()
    masks = np.zeros(hu.shape, np.uint8)
    y, x = (np.mgrid[:128, :128] - 63.5) * 1.6
    clots = {
        "parenchymal": (2, np.hypot(x - 35, y + 15) < 9),
        "epidural": (1, (((x + 52) / 14) ** 2 + (y / 22) ** 2 < 1)),
    }
    for kind, (first, last) in blood.items():
        column, clot = clots[kind]
        for k in range(first, last):
            place = clot & (head.hu[k] > 10) & (head.hu[k] < 80)
            hu[k][place] += 35
            masks[k][place] = 1
            labels[k, [0, column]] = 1
    for k in np.flatnonzero(labels[:, 0]):
        types = np.flatnonzero(labels[k, 1:])
        masks[k] <<= np.uint8(types[0] if types.size == 1 else UNTYPED_BIT)
    return replace(head, hu=hu, labels=labels, masks=masks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("donors")
    store = Store.create(folder, SETTINGS, {})
    store.add(with_blood("donor-a", 1, parenchymal=(10, 14)))
    store.add(with_blood("donor-b", 2, epidural=(10, 14)))
    store.add(make_head("nobody", 3))
    return folder


@pytest.fixture(scope="module")
def donors(folder) -> Donors:
    return Donors(folder)


@pytest.fixture(scope="module")
def head() -> Volume:
    return make_head("head", 0)


@pytest.fixture(scope="module")
def made(donors: Donors, head: Volume) -> list[list[Volume]]:
    pairs = [transplant_volume(head, donors, seed, SETTINGS) for seed in range(12)]
    assert sum(len(pair) == 2 for pair in pairs) >= 10
    return [pair for pair in pairs if pair]


def test_donors_are_found_without_reading_a_volume(folder, tmp_path, monkeypatch):
    store = Store.create(tmp_path, SETTINGS, {})
    for entry in Store.open(folder).entries:
        store.add(Store.open(folder).load(entry.name))
    store.add(replace(with_blood("both", 4, parenchymal=(10, 12), epidural=(12, 14)), donors=("donor-a",)))
    outside = with_blood("outside", 5, epidural=(10, 14))
    store.add(replace(outside, masks=np.roll(outside.masks, 6, axis=0)))
    monkeypatch.setattr(Store, "load", None)
    found = {str(kind): names for kind, names in Donors(tmp_path).names.items() if names}
    assert found == {"intraparenchymal": ["donor-a"], "epidural": ["donor-b"]}


def test_lesions_are_cut_out_with_their_difference_from_brain():
    (clot,) = lesions_of(with_blood("a", 1, parenchymal=(10, 14)), SETTINGS)
    (lens,) = lesions_of(with_blood("b", 2, epidural=(10, 14)), SETTINGS)
    assert (clot.place, lens.place) == (Place.BRAIN, Place.TABLE)
    for lesion, column in ((clot, 2), (lens, 1)):
        assert lesion.difference_hu[lesion.share > 0].mean() == pytest.approx(35, abs=3)
        assert lesion.labels[:, [0, column]].all() and lesion.labels.sum() == 8
        assert lesion.bits.tolist() == [column - 1] * 4
    # 9 mm across 1.6 mm a pixel: pi * 81 / 2.56 pixels in each of four slices.
    assert clot.share.sum() == pytest.approx(4 * np.pi * 81 / 2.56, rel=0.05)


def test_a_part_of_two_types_is_told_by_other_slices_or_not_at_all():
    both = with_blood("a", 1, parenchymal=(10, 14), epidural=(12, 16))
    parts = {lesion.place: lesion for lesion in lesions_of(both, SETTINGS)}
    assert parts[Place.BRAIN].labels[:, 1:3].tolist() == [[0, 1]] * 4
    assert parts[Place.TABLE].labels[:, 1:3].tolist() == [[1, 0]] * 4
    never = lesions_of(with_blood("a", 1, parenchymal=(10, 12), epidural=(10, 12)), SETTINGS)
    assert len(never) == 2
    for lesion in never:
        assert lesion.labels[:, :3].tolist() == [[1, UNKNOWN, UNKNOWN]] * 2
        assert (lesion.bits == UNTYPED_BIT).all()


def test_no_lesions_without_masks_or_contrast():
    faint = with_blood("a", 1, parenchymal=(10, 14))
    assert lesions_of(replace(faint, masks=None), SETTINGS) == ()
    assert lesions_of(replace(faint, hu=make_head("a", 1).hu), SETTINGS) == ()


def test_twins_differ_where_blood_and_its_rim_are(made, head):
    skull = find_skull(head, 1.6)
    inside = np.zeros(head.hu.shape, bool)
    inside[:, skull.rows, skull.columns] = skull.inside
    for bleed, clean in made:
        assert bleed.name.removesuffix("-bleed") == clean.name.removesuffix("-clean")
        assert bleed.twin == clean.name and "real-lesion" in bleed.traits
        assert np.array_equal(clean.hu, head.hu) and not clean.labels.any() and not clean.masks.any()
        changed = bleed.hu != clean.hu
        blood = bleed.masks > 0
        assert blood.any()
        near = ndimage.binary_dilation(blood, np.ones((1, 3, 3), bool), iterations=5)
        assert not (changed & ~near).any()
        assert not (changed | blood)[~inside].any()
        assert (bleed.hu[clean.hu >= 98] >= 98).all()
        assert 12 < (bleed.hu.astype(int) - clean.hu)[blood].mean() < 45


def test_labels_and_masks_are_those_of_the_donor(made):
    seen = set()
    for bleed, _ in made:
        column = {"donor-a": 2, "donor-b": 1}[bleed.donors[0]]
        seen.add(column)
        others = np.delete(bleed.labels, [0, column], axis=1)
        assert not others.any()
        assert set(np.unique(bleed.masks)) == {0, 1 << (column - 1)}
        shown = bleed.labels[:, column] == 1
        assert shown.any() and np.array_equal(bleed.labels[:, 0] == 1, shown)
        assert (bleed.masks[shown] > 0).any(axis=(1, 2)).all()
    assert seen == {1, 2}


def test_extra_axial_blood_lies_against_the_inner_table(made):
    for bleed, clean in made:
        if bleed.donors == ("donor-b",):
            bone = ndimage.binary_dilation(clean.hu >= 98, np.ones((1, 3, 3), bool), iterations=2)
            for k in np.flatnonzero(bleed.labels[:, 1] == 1):
                assert (bone[k] & (bleed.masks[k] > 0)).any()


def test_a_volume_belongs_to_both(made):
    for bleed, clean in made:
        assert bleed.patient == clean.patient == "head"
        assert bleed.all_patients == {"head", *bleed.donors} and len(bleed.donors) == 1
        assert clean.all_patients == {"head"}


def test_nobody_gets_his_own_lesion(donors):
    own = replace(make_head("donor-a", 1), name="other-series")
    for seed in range(6):
        for bleed in transplant_volume(own, donors, seed, SETTINGS)[:1]:
            assert bleed.donors == ("donor-b",)


def test_a_store_is_filled_once_also_after_a_stop(folder, tmp_path):
    heads = Store.create(tmp_path / "heads", SETTINGS, {})
    heads.add(make_head("head", 0))
    heads.add(replace(make_head("map", 5), source="map"))
    given = (tmp_path / "out", tmp_path / "heads", folder)
    first = synthesise_lesions(*given, range(2))
    second = synthesise_lesions(*given, range(3))
    assert (first.jobs, second.jobs) == (4, 2)
    entries = Store.open(tmp_path / "out").entries
    assert {e.patient for e in entries} == {"head", "map"} and {e.source for e in entries} == {"painted"}
    assert all(bool(e.donors) == bool(e.twin) for e in entries)
    with pytest.raises(LearningError, match="no masks"):
        synthesise_lesions(tmp_path / "other", tmp_path / "heads", tmp_path / "heads", [1])
    Store.create(tmp_path / "coarse", PreprocessSettings(size_px=64, mm_per_px=3.2), {})
    with pytest.raises(LearningError, match="different preprocessing"):
        synthesise_lesions(tmp_path / "other", tmp_path / "coarse", folder, [1])


def test_the_same_seed_makes_the_same(made, donors, head):
    seed = int(made[0][0].name.split("-t")[1][:5])
    again = transplant_volume(head, donors, seed, SETTINGS)
    for one, other in zip(made[0], again, strict=True):
        assert np.array_equal(one.hu, other.hu) and np.array_equal(one.masks, other.masks)
        assert np.array_equal(one.labels, other.labels) and one.donors == other.donors
    assert len({pair[0].hu.tobytes() for pair in made}) == len(made)
