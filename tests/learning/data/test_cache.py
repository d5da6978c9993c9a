"""The cache that training reads."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.cache import MANIFEST, painted_pictures, prepare, read_cache

SETTINGS = PreprocessSettings(size_px=96, mm_per_px=2.0)


@pytest.fixture(scope="module")
def cache(made_up_ct_ich, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "cache"
    prepare(made_up_ct_ich, folder, SETTINGS, painted_per_patient=6)
    return folder


def test_every_slice_is_there_with_its_labels_at_the_right_scale(cache):
    settings, patients = read_cache(cache)
    assert settings == SETTINGS
    assert [p.patient for p in patients] == [1, 2, 3, 4, 5, 6]
    first = patients[0]
    assert first.grey.shape == (10, 96, 96)
    assert first.grey.dtype == np.uint8
    assert first.labels[:, 0].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]
    assert first.has_brain.all()
    # The widest skull of each patient is 142 mm, that is 71 pixels of 2 mm; the picture is centered on it.
    columns = np.flatnonzero((first.grey[9] == 255).any(axis=0))
    assert columns[-1] - columns[0] + 1 == pytest.approx(71, abs=4)
    assert (columns[-1] + columns[0]) / 2 == pytest.approx(47.5, abs=2)


def test_inputs_are_a_slice_between_its_neighbors(cache):
    _, patients = read_cache(cache)
    inputs = patients[0].inputs(SETTINGS)
    assert inputs.shape == (10, 96, 96, 3)
    assert np.array_equal(inputs[4], np.stack([patients[0].grey[i] for i in (3, 4, 5)], axis=-1))
    assert np.array_equal(inputs[0], np.stack([patients[0].grey[i] for i in (0, 0, 1)], axis=-1))


def test_painted_pictures_are_there_and_counted(cache):
    _, patients = read_cache(cache)
    assert sum(len(p.painted) for p in patients) == painted_pictures(cache) > 12
    labels = np.concatenate([p.painted_labels for p in patients])
    assert np.array_equal(labels[:, 0], labels[:, 1:].max(axis=1))
    assert 0 < labels[:, 0].mean() < 1


def test_the_same_seed_makes_the_same_cache_and_another_paints_otherwise(made_up_ct_ich, cache, tmp_path):
    prepare(made_up_ct_ich, tmp_path / "again", SETTINGS, painted_per_patient=6, patients=[1])
    prepare(made_up_ct_ich, tmp_path / "other", SETTINGS, painted_per_patient=6, patients=[1], seed=2)
    hashes = [
        json.loads((folder / MANIFEST).read_text())["files"]["patient_001.npz"]["sha256"]
        for folder in (cache, tmp_path / "again", tmp_path / "other")
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_second_run_does_only_what_is_missing(made_up_ct_ich, cache, tmp_path):
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    (copy / "patient_003.npz").unlink()
    before = (copy / "patient_001.npz").stat().st_mtime_ns
    seen = []
    report = prepare(
        made_up_ct_ich, copy, SETTINGS, painted_per_patient=6, progress=lambda *a: seen.append(a[:2])
    )
    assert (copy / "patient_001.npz").stat().st_mtime_ns == before
    assert report.patients == 6
    assert report.slices == 60
    assert seen == [(i, 6) for i in range(1, 7)]
    read_cache(copy)


def test_unreadable_pictures_are_listed_and_left_out(made_up_ct_ich, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(made_up_ct_ich, data)
    (data / "brain" / "001_02.jpg").write_bytes(b"no picture")
    report = prepare(data, tmp_path / "cache", SETTINGS, painted_per_patient=0, patients=[1])
    assert report.slices == 9
    assert len(report.unreadable) == 1
    assert "001_02.jpg" in report.unreadable[0]


def test_a_damaged_file_is_named(cache, tmp_path):
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    (copy / "patient_002.npz").write_bytes(b"damaged")
    with pytest.raises(LearningError, match="patient_002"):
        read_cache(copy)


def test_other_settings_need_another_folder(made_up_ct_ich, cache):
    with pytest.raises(LearningError, match="other settings"):
        prepare(made_up_ct_ich, cache, SETTINGS, painted_per_patient=7)


def test_what_is_no_data_set_or_no_cache_is_told(tmp_path):
    with pytest.raises(LearningError, match="not the CT-ICH data set"):
        prepare(tmp_path, tmp_path / "cache", SETTINGS)
    with pytest.raises(LearningError, match="no cache"):
        read_cache(tmp_path)
