"""Training from a store whose index is long: a small version of tests/bench/bench_batches.py."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.slice_reader import members_of

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
SETTINGS = PreprocessSettings(size_px=64, mm_per_px=3.2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from bench_batches import make_store

    folder = tmp_path_factory.mktemp("large") / "store"
    make_store(folder, 900, 31_150, SETTINGS)
    return folder


def test_a_store_like_rsnas_has_as_many_series_and_slices_as_told(folder):
    settings, members = members_of([folder])
    assert settings == SETTINGS
    assert len(members) == len({m.entry.patient for m in members}) == 900
    assert sum(m.entry.slices for m in members) == 31_150
    assert 0.1 < np.mean([m.entry.labels[:, 0].any() for m in members]) < 0.3


def test_no_more_slices_are_kept_in_memory_than_told(folder):
    from bench_batches import measure

    # All slices unpacked would be some 200 MB.
    found = measure(folder, count=3, cache_mb=5)
    assert found["slices"] == 31_150
    assert 4 < found["cached_mb"] <= 5
    assert found["batches_per_s_1"] > 0
    assert found["batches_per_s_2"] > 0
