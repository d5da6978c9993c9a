"""What a folder of runs says about itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fake_runs import write_fake_runs

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.evaluation.runs import (
    data_names,
    last_trained,
    rounds,
    stores,
    synthetic_share,
    training_data,
    training_log,
)


def write_store(folder, source, patients=("a", "b")):
    store = Store.create(folder, PreprocessSettings(size_px=32), {"source": source})
    for patient in patients:
        hu, positions = np.zeros((3, 32, 32), np.int16), np.arange(3, dtype=np.float32)
        labels = np.zeros((3, 6), np.uint8)
        store.add(Volume(f"{patient}-{source}", patient, source, hu, positions, labels, np.ones(3, bool)))
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
    real, made = write_store(tmp_path / "real", "ct-ich"), write_store(tmp_path / "made", "map", ("x",))
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


def test_of_a_mean_of_models_the_last_round_with_steps_counts(tmp_path):
    first = write_fake_runs(tmp_path / "first")
    second = write_fake_runs(tmp_path / "second")
    mean = write_fake_runs(tmp_path / "mean")
    for folder, more in (
        (first, {"phases": [{"size_px": 64, "steps": 2}]}),
        (second, {"phases": [{"size_px": 64, "steps": 2}], "start_from": f"{first}/{{run}}/model.keras"}),
        (mean, {"phases": [], "start_from": [f"{f}/{{run}}/model.keras" for f in (first, second)]}),
    ):
        config = json.loads((folder / "config.json").read_text()) | more
        (folder / "config.json").write_text(json.dumps(config))
    assert rounds(mean) == [first, second, mean]
    assert last_trained(mean) == second
    assert last_trained(first) == first


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
