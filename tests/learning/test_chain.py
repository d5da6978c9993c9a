"""The whole chain on a made-up data set: prepare, train with each fold left out, train on all, evaluate, ship."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.backbones import efficientnet_lite
from ichviewer.learning.config import Phase, TrainConfig

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"),
]

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=3.5)
STAGES = (
    efficientnet_lite.Stage(kernel=3, blocks=1, filters=8, expansion=1, stride=1),
    efficientnet_lite.Stage(kernel=3, blocks=2, filters=8, expansion=2, stride=2),
)


@pytest.fixture(scope="module")
def small_network():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(efficientnet_lite, "STAGES", STAGES)
        patch.setattr(efficientnet_lite, "STEM_FILTERS", 8)
        patch.setattr(efficientnet_lite, "HEAD_FILTERS", 16)
        yield


@pytest.fixture(scope="module")
def runs(small_network, made_up_ct_ich, tmp_path_factory):
    from ichviewer.learning.data.cache import prepare
    from ichviewer.learning.train import train_final, train_folds

    root = tmp_path_factory.mktemp("runs")
    prepare(made_up_ct_ich, root / "cache", SETTINGS, painted_per_patient=4)
    config = TrainConfig(
        cache=str(root / "cache"),
        folds=2,
        batch=8,
        phases=(Phase(64, 4),),
        learning_rate=3e-3,
        held_norm_blocks=1,
        checkpoint_steps=2,
        imagenet=False,
    )
    told = []
    train_folds(config, root / "first", told.append)
    train_final(config, root / "first", told.append)
    return config, root / "first", told


def test_every_run_reports_saves_a_model_and_predicts_whom_it_left_out(runs):
    _, folder, told = runs
    assert [(t.run, t.step) for t in told] == [(r, s) for r in ("fold_0", "fold_1", "final") for s in (2, 4)]
    assert all(np.isfinite(t.loss) for t in told)
    seen = []
    for fold in range(2):
        with np.load(folder / f"fold_{fold}" / "out_of_fold.npz") as data:
            assert data["logits"].shape == (30, 6)
            seen.append(set(data["patient"].tolist()))
    assert seen[0] | seen[1] == set(range(1, 7))
    assert not seen[0] & seen[1]
    assert not list(folder.rglob("checkpoint*"))


def test_finished_runs_are_not_done_again_and_another_recipe_needs_another_folder(runs):
    from ichviewer.learning.train import train_final, train_folds

    config, folder, _ = runs
    told = []
    train_folds(config, folder, told.append)
    train_final(config, folder, told.append)
    assert told == []
    with pytest.raises(LearningError, match="another configuration"):
        train_final(replace(config, seed=5), folder, told.append)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(runs, tmp_path):
    import keras

    from ichviewer.learning.data.cache import read_cache
    from ichviewer.learning.train import train_one

    class StoppedError(Exception):
        pass

    def stop_at_4(told):
        # The checkpoint of a step is written after its report, so that of step 2 is there.
        if told.step == 4:
            raise StoppedError

    config, _, _ = runs
    settings, patients = read_cache(Path(config.cache))
    whole = train_one(config, settings, patients, tmp_path / "whole", run_seed=0, report=lambda _: None)
    with pytest.raises(StoppedError):
        train_one(config, settings, patients, tmp_path / "parts", run_seed=0, report=stop_at_4)
    assert (tmp_path / "parts" / "checkpoint.npz").exists()
    told = []
    parts = train_one(config, settings, patients, tmp_path / "parts", run_seed=0, report=told.append)
    assert [t.step for t in told] == [4]
    for one, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
    assert isinstance(keras.saving.load_model(tmp_path / "parts" / "model.keras", compile=False), keras.Model)


def test_a_second_round_goes_on_from_the_first_with_the_same_split(runs, tmp_path):
    from ichviewer.learning.train import train_folds

    config, folder, _ = runs
    second = replace(config, continue_from=str(folder), round=1, phases=(Phase(64, 2),), checkpoint_steps=2)
    train_folds(second, tmp_path / "second", lambda _: None, [0])
    with (
        np.load(folder / "fold_0" / "out_of_fold.npz") as before,
        np.load(tmp_path / "second" / "fold_0" / "out_of_fold.npz") as after,
    ):
        assert np.array_equal(before["patient"], after["patient"])
        assert not np.array_equal(before["logits"], after["logits"])
    with pytest.raises(LearningError, match="another seed"):
        train_folds(replace(second, seed=9), tmp_path / "third", lambda _: None, [0])


def test_what_ships_is_complete_and_the_product_reads_it(runs, tmp_path):
    from ichviewer.learning.ship import ship

    _, folder, _ = runs
    assert ship(folder, tmp_path / "model", version="0.0.1", bootstraps=10) < 1e-4
    names = sorted(path.name for path in (tmp_path / "model").iterdir())
    assert names == ["MODEL_CARD.md", "ich.keras", "ich.tflite", "metrics.json", "model.json"]
    card = load_model_card(tmp_path / "model")
    assert card.preprocessing == SETTINGS
    first = card.training_data[0]
    assert (first.name, first.slices, first.patients) == ("CT-ICH v1.0", 60, 6)
    metrics = json.loads((tmp_path / "model" / "metrics.json").read_text())
    assert metrics["data"] == {"name": "CT-ICH v1.0", "slices": 60, "patients": 6}
    text = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    for needed in (
        "External test: none yet",
        "no clinical claim",
        "CC BY 4.0",
        "painted",
        "Known failures",
        "Out of scope",
    ):
        assert needed in text


def test_shipping_needs_the_final_model(tmp_path):
    from ichviewer.learning.ship import ship

    with pytest.raises(LearningError, match="not been trained yet"):
        ship(tmp_path, tmp_path / "model", version="0.0.1")
