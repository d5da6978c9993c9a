"""Heads made from label maps: clean volumes, and skulls that say exactly what lies where."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.synthesis import map_head as map_head_module
from ichviewer.learning.synthesis.map_head import MadeHead, map_head
from ichviewer.learning.synthesis.maps import PreparedMap, prepared_map
from ichviewer.learning.synthesis.paint import paint_onto
from ichviewer.learning.synthesis.skull import Skull, find_skull
from ichviewer.learning.synthesise import synthesise_maps

SETTINGS = PreprocessSettings(size_px=128, mm_per_px=1.6)
CSF_BELOW_HU = 19.0


def made_head(prepared: PreparedMap, seed: int) -> MadeHead:
    """Make a head that shows brain."""
    made = map_head(prepared, seed, SETTINGS)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def head(prepared: PreparedMap) -> MadeHead:
    """Return one head made of the map of ellipsoids."""
    return made_head(prepared, 1)


def within(head: MadeHead) -> np.ndarray:
    """HU in the skull's own frame."""
    return head.volume.hu[:, head.skull.rows, head.skull.columns].astype(np.float32)


def placed(mask: np.ndarray, skull: Skull) -> np.ndarray:
    """Give a mask of the skull's frame in the whole pictures."""
    whole = np.zeros((len(mask), SETTINGS.size_px, SETTINGS.size_px), bool)
    whole[:, skull.rows, skull.columns] = mask
    return whole


def test_the_volume_is_a_clean_head_of_the_maps_patient(head: MadeHead) -> None:
    volume = head.volume
    assert (volume.name, volume.patient, volume.source) == ("map-07-00001", "map-07", "map")
    assert not volume.labels.any() and volume.masks is not None and not volume.masks.any()
    assert volume.hu.min() >= SETTINGS.clip_hu[0] and volume.hu.max() == SETTINGS.clip_hu[1]
    assert volume.has_brain.sum() >= 12
    gaps = np.diff(volume.positions_mm)
    assert gaps.min() >= 3 and gaps.max() <= 7 and np.ptp(gaps) < 1e-3


@how(max_examples=4, deadline=None)
@given(seed=st.integers(0, 99999))
def test_every_part_lies_inside_the_skull_and_is_as_dense_as_it_should_be(
    prepared: PreparedMap, seed: int
) -> None:
    made = made_head(prepared, seed)
    anatomy, hu = made.skull.anatomy, within(made)
    assert anatomy is not None
    parts = {f.name: getattr(anatomy, f.name) for f in fields(anatomy)}
    for name, part in parts.items():
        if part.dtype == bool:
            assert not (part & ~made.skull.inside).any(), name
    assert ((made.skull.depth_mm > 0) == made.skull.inside).all()
    assert not made.skull.inside[~made.volume.has_brain].any()
    names = ("lateral", "third", "fourth", "cisterns", "sulci", "deep", "cerebellum", "brainstem")
    known = np.sum([parts[name] for name in names], axis=0)
    assert known.max() == 1
    deep = made.skull.depth_mm > 6
    # Most of what is left of the brain, away from the cortex, is white matter.
    rest = made.skull.inside & (known == 0)
    assert np.median(hu[rest & (made.skull.depth_mm > 14)]) + 2 < np.median(hu[anatomy.deep])
    if (anatomy.lateral & deep).sum() > 200:
        assert np.median(hu[anatomy.lateral]) < CSF_BELOW_HU
    assert np.median(hu[rest]) < 46


def test_sides_run_to_the_right_of_the_picture(prepared: PreparedMap, head: MadeHead) -> None:
    skull = head.skull
    assert skull.anatomy is not None
    middle = int(np.argmax(skull.inside.sum(axis=(1, 2))))
    row = skull.inside.shape[1] // 2
    assert (np.diff(skull.x_mm[middle, row]) > 0).all() and (np.diff(skull.y_mm) > 0).all()
    assert (np.diff(skull.below_vertex_mm) < 0).all()
    apart = np.abs(skull.x_mm - skull.anatomy.falx_mm)[skull.inside & (np.abs(skull.x_mm) < 30)]
    assert np.median(apart) < 3
    assert skull.anatomy.falx.sum() > 50
    above = skull.anatomy.cerebellum & (skull.anatomy.tentorium_mm > 1)
    assert above.sum() < 0.05 * skull.anatomy.cerebellum.sum()


def test_the_skull_that_is_found_in_the_pictures_is_about_the_same(head: MadeHead) -> None:
    volume = head.volume
    found = find_skull(volume, SETTINGS.mm_per_px)
    assert found is not None
    exact, seen = placed(head.skull.inside, head.skull), placed(found.inside, found)
    assert 2 * (exact & seen).sum() / (exact.sum() + seen.sum()) > 0.93
    assert np.abs(found.below_vertex_mm - head.skull.below_vertex_mm).max() < 10


def test_the_seed_is_the_only_source_of_chance(prepared: PreparedMap, head: MadeHead) -> None:
    again, other = made_head(prepared, 1), made_head(prepared, 2)
    assert np.array_equal(again.volume.hu, head.volume.hu)
    assert np.array_equal(again.skull.depth_mm, head.skull.depth_mm)
    assert other.volume.hu.shape != head.volume.hu.shape or not np.array_equal(
        other.volume.hu, head.volume.hu
    )


def test_twins_of_a_painted_head_differ_by_its_blood_only(head: MadeHead) -> None:
    painted = (paint_onto(head.volume, head.skull, seed, SETTINGS) for seed in range(8))
    pairs = [made for made in painted if len(made) == 2]
    assert len(pairs) >= 3
    for bleed, clean in pairs:
        assert bleed.source == clean.source == "map" and bleed.patient == "map-07"
        assert bleed.twin == clean.name and (bleed.labels == 1).any() and not clean.labels.any()
        changed = bleed.hu != clean.hu
        assert changed.any(axis=(1, 2))[(bleed.labels == 1).any(axis=1)].all()
        # The air around the head is the same, its noise included.
        assert not changed[clean.hu <= SETTINGS.clip_hu[0]].any()


def test_a_head_whose_slices_show_no_brain_is_not_made(
    prepared: PreparedMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_head_module, "find_head", lambda slice_hu, spacing_mm: None)
    assert map_head(prepared, 1, SETTINGS) is None


def test_a_store_is_filled_from_maps(tmp_path: Path, label_maps: Path) -> None:
    report = synthesise_maps(tmp_path, label_maps, [7], [5], SETTINGS)
    assert report.jobs == 1 and report.volumes >= 1
    entries = Store.open(tmp_path).entries
    assert {e.patient for e in entries} == {"map-07"} and {e.source for e in entries} == {"map"}


@pytest.mark.realdata
def test_a_real_map_makes_a_head_whose_skull_is_found(shared_data: Path) -> None:
    made = made_head(prepared_map(shared_data / "synthseg-maps", 14), 1)
    volume, anatomy = made.volume, made.skull.anatomy
    assert anatomy is not None
    found = find_skull(volume, SETTINGS.mm_per_px)
    assert found is not None
    exact, seen = placed(made.skull.inside, made.skull), placed(found.inside, found)
    assert 2 * (exact & seen).sum() / (exact.sum() + seen.sum()) > 0.92
    voxel_ml = np.prod(made.skull.step_mm) / 1000
    # The map's lateral ventricles hold 62 mL without plexus; scale, width of the walls and coverage vary.
    assert 30 < anatomy.lateral.sum() * voxel_ml < 140
    assert 900 < made.skull.inside.sum() * voxel_ml < 2000
    sheet = np.abs(anatomy.falx_mm[anatomy.falx])
    assert np.median(np.abs(made.skull.x_mm[anatomy.falx])) < 4 and sheet.max() < 4
