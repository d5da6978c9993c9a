"""What a folder of runs says about itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fake_runs import write_fake_runs

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Store, Volume
from ichviewer.learning.evaluation.runs import (
    data_names,
    rounds,
    stores,
    synthetic_share,
    training_data,
    training_log,
)


def write_store(folder, source, patients=("a", "b")):
    store = Store.create(folder, PreprocessSettings(size_px=32), {"source": source})
    for patient in patients:
        grey, positions = np.zeros((3, 32, 32), np.uint8), np.arange(3, dtype=np.float32)
        labels = np.zeros((3, 6), np.uint8)
        store.add(Volume(f"{patient}-{source}", patient, source, grey, positions, labels, np.ones(3, bool)))
    return folder


def test_shares_of_pools_are_added_up_by_kind():
    pools = {
        "real_positive": 0.3,
        "real_negative": 0.3,
        "painted_positive": 0.6,
        "pairs": 0.5,
        "unpaired": True,
    }
    assert synthetic_share({"sampling": pools}) == {"real": pytest.approx(0.5), "painted": pytest.approx(0.5)}
    assert synthetic_share({}) == {}


def test_data_are_told_with_licence_and_counts_also_those_of_the_round_before(tmp_path):
    real, made = write_store(tmp_path / "real", "ct-ich"), write_store(tmp_path / "made", "phantom", ("x",))
    coarser = write_store(tmp_path / "coarser", "ct-ich")
    first = write_fake_runs(tmp_path / "first", stores=(str(made), str(coarser)))
    second = write_fake_runs(tmp_path / "second", stores=(str(real), str(tmp_path / "gone")))
    config = json.loads((second / "config.json").read_text()) | {
        "start_from": str(first / "final" / "model.keras")
    }
    (second / "config.json").write_text(json.dumps(config))
    assert rounds(second) == [first, second]
    found = training_data(second)
    assert [(d["licence"], d["slices"], d["patients"]) for d in found] == [
        ("Apache-2.0", 3, 1),
        ("CC BY 4.0", 6, 2),
    ]
    assert [s.folder for s in stores(config)] == [real]


def test_sources_bear_the_names_people_know():
    assert data_names(["ct-ich", "elsewhere"]) == "CT-ICH v1.0, elsewhere"


def test_the_log_tells_how_fast_each_run_was(tmp_path):
    runs = write_fake_runs(tmp_path / "runs", folds=2)
    rows = training_log(runs)
    assert [(r["run"], r["seconds"], r["ms_per_sample"], r["steps"]) for r in rows] == [
        ("fold_0", 20.0, 50.0, [5, 10]),
        ("fold_1", 20.0, 50.0, [5, 10]),
    ]
    (runs / "fold_0" / "log.jsonl").write_text("{broken")
    with pytest.raises(LearningError, match="log of a run is damaged"):
        training_log(runs)
