"""Filling a store with made volumes."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning import synthesise
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.synthesis.maps import map_path

SETTINGS = PreprocessSettings(size_px=32, mm_per_px=6.4)


def volume(name, source="map"):
    return Volume(
        name,
        name.split("-")[0],
        source,
        np.zeros((2, 32, 32), np.int16),
        np.arange(2, dtype=np.float32),
        np.zeros((2, 6), np.uint8),
        np.ones(2, bool),
    )


def fill(folder, seeds, settings=SETTINGS, **more):
    """Fill a store from one map, which is not read."""
    maps = folder.parent / "maps"
    maps.mkdir(exist_ok=True)
    map_path(maps, 1).touch()
    return synthesise.synthesise_maps(folder, maps, [1], seeds, settings, **more)


@pytest.fixture
def made(monkeypatch):
    """Seeds asked for; an odd one has no room for anything."""
    asked = []

    def fake(maps, number, cache, seed, settings):
        asked.append(seed)
        return [] if seed % 2 else [volume(f"p{seed}-bleed"), volume(f"p{seed}-clean")]

    monkeypatch.setattr(synthesise, "_from_map", fake)
    return asked


def test_every_seed_is_made_once_also_after_a_stop(made, tmp_path):
    class StoppedError(Exception):
        pass

    def stop(done, total, what):
        if done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        fill(tmp_path / "store", range(6), progress=stop)
    report = fill(tmp_path / "store", range(6))
    assert made == [0, 1, 2, 3, 4, 5]
    assert (report.jobs, report.volumes, report.slices, report.empty) == (3, 2, 4, 2)
    assert [e.name for e in Store.open(tmp_path / "store").entries] == [
        f"p{seed}-{kind}" for seed in (0, 2, 4) for kind in ("bleed", "clean")
    ]
    assert fill(tmp_path / "store", range(6)).jobs == 0


def test_progress_counts_what_was_done_before(made, tmp_path):
    fill(tmp_path / "store", range(2))
    told = []
    fill(tmp_path / "store", range(4), progress=lambda done, total, _: told.append((done, total)))
    assert told == [(2, 4), (3, 4), (4, 4)]


def test_only_real_heads_are_painted(tmp_path):
    store = Store.create(tmp_path / "made", SETTINGS, {})
    store.add(volume("p1-bleed"))
    with pytest.raises(LearningError, match="no real heads"):
        synthesise.synthesise_painted(tmp_path / "painted", tmp_path / "made", [1])
    with pytest.raises(LearningError, match="no prepared data"):
        synthesise.synthesise_painted(tmp_path / "painted", tmp_path / "nothing", [1])


def test_only_the_patients_asked_for_are_painted(tmp_path, monkeypatch):
    store = Store.create(tmp_path / "real", SETTINGS, {})
    for name in ("a", "b", "c"):
        store.add(volume(name, "ct-ich"))
    monkeypatch.setattr(synthesise, "_paint", lambda onto, name, seed: [volume(f"{name}-p{seed}", "painted")])
    synthesise.synthesise_painted(tmp_path / "painted", tmp_path / "real", [1, 2], patients=["c", "a"])
    assert [e.name for e in Store.open(tmp_path / "painted").entries] == ["a-p1", "a-p2", "c-p1", "c-p2"]
    with pytest.raises(LearningError, match="no d"):
        synthesise.synthesise_painted(tmp_path / "painted", tmp_path / "real", [1], patients=["a", "d"])


def test_other_settings_need_another_folder(made, tmp_path):
    fill(tmp_path / "store", [0])
    with pytest.raises(LearningError, match="other settings"):
        fill(tmp_path / "store", [0], PreprocessSettings(size_px=64))
