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


@pytest.fixture
def maps(tmp_path):
    """Folder that holds files named as some maps, two of them of those held back."""
    folder = tmp_path / "label-maps"
    folder.mkdir()
    for number in (3, 7, 19, 20):
        map_path(folder, number).touch()
    return folder


@pytest.fixture
def made(monkeypatch):
    """Maps and seeds asked for; an odd seed has no room for anything."""
    asked = []

    def fake(maps, number, seed, settings):
        asked.append((number, seed))
        names = [] if seed % 2 else [f"m{number}-{seed}-bleed", f"m{number}-{seed}-clean"]
        return [volume(name) for name in names]

    monkeypatch.setattr(synthesise, "_from_map", fake)
    return asked


def test_every_seed_is_made_once_also_after_a_stop(made, maps, tmp_path):
    class StoppedError(Exception):
        pass

    def stop(done, total, what):
        if done == 3:
            raise StoppedError

    given = (tmp_path / "store", maps, [3, 7], range(3), SETTINGS)
    with pytest.raises(StoppedError):
        synthesise.synthesise_maps(*given, progress=stop)
    report = synthesise.synthesise_maps(*given)
    assert made == [(3, 0), (3, 1), (3, 2), (7, 0), (7, 1), (7, 2)]
    assert (report.jobs, report.volumes, report.slices, report.empty) == (3, 4, 8, 1)
    assert [e.name for e in Store.open(tmp_path / "store").entries] == [
        f"m{number}-{seed}-{kind}" for number in (3, 7) for seed in (0, 2) for kind in ("bleed", "clean")
    ]
    assert synthesise.synthesise_maps(*given).jobs == 0


def test_progress_counts_what_was_done_before(made, maps, tmp_path):
    synthesise.synthesise_maps(tmp_path, maps, [3], range(2), SETTINGS)
    counts = []
    synthesise.synthesise_maps(
        tmp_path, maps, [3], range(4), SETTINGS, progress=lambda done, total, _: counts.append((done, total))
    )
    assert counts == [(2, 4), (3, 4), (4, 4)]


def test_other_settings_need_another_folder(made, maps, tmp_path):
    synthesise.synthesise_maps(tmp_path, maps, [3], [0], SETTINGS)
    with pytest.raises(LearningError, match="other settings"):
        synthesise.synthesise_maps(tmp_path, maps, [3], [0], PreprocessSettings(size_px=64))


def test_a_head_that_shows_no_brain_has_no_room(maps, tmp_path, monkeypatch):
    monkeypatch.setattr(synthesise, "prepared_map", lambda maps, number: number)
    monkeypatch.setattr(synthesise, "map_head", lambda prepared, seed, settings: None)
    report = synthesise.synthesise_maps(tmp_path / "store", maps, [3], [1, 2], SETTINGS)
    assert (report.jobs, report.volumes, report.empty) == (2, 0, 2)


def test_maps_held_back_are_asked_for_by_number_only(made, maps, tmp_path):
    assert synthesise.all_maps(maps) == (3, 7)
    synthesise.synthesise_maps(tmp_path / "store", maps, [19], [0], SETTINGS)
    assert made == [(19, 0)]
    with pytest.raises(LearningError, match=r"04.*no label map of this number"):
        synthesise.synthesise_maps(tmp_path / "other", maps, [3, 4], [0], SETTINGS)
    assert not (tmp_path / "other").exists()
    with pytest.raises(LearningError, match="no label maps"):
        synthesise.all_maps(tmp_path)


def test_only_real_heads_are_painted(tmp_path):
    store = Store.create(tmp_path / "made", SETTINGS, {})
    store.add(volume("m3-bleed"))
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
