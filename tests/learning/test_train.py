"""Training: folds, resuming, starting from another model, stopping early."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_stores import recipe, write_stores

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import Channel, PreprocessSettings
from ichviewer.learning.config import Phase
from ichviewer.learning.data.store import Store

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.usefixtures("small_network"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def stores(small_network, tmp_path_factory):
    root = tmp_path_factory.mktemp("stores")
    write_stores(root)
    return root


def silent(_):
    pass


@pytest.fixture(scope="module")
def runs(stores, tmp_path_factory):
    from ichviewer.learning.train import Trainer

    folder = tmp_path_factory.mktemp("runs")
    config = recipe(stores, "real", "painted", "map")
    told = []
    trainer = Trainer(config, folder, told.append, [str(stores / "painted"), str(stores / "map")])
    trainer.train_folds()
    trainer.train_final()
    return config, folder, told


def test_every_run_reports_and_predicts_whom_it_left_out(runs):
    _, folder, told = runs
    assert [(t.run, t.step) for t in told] == [(r, s) for r in ("fold_0", "fold_1", "final") for s in (2, 4)]
    assert all(np.isfinite(t.loss) and t.cpu_cores > 0 for t in told)
    seen = []
    for fold in range(2):
        trained_on = set(json.loads((folder / f"fold_{fold}" / "patients.json").read_text()))
        for name in ("out_of_fold.npz", "synthetic.npz"):
            with np.load(folder / f"fold_{fold}" / name) as data:
                assert not set(data["patient"].tolist()) & trained_on
                assert np.isfinite(data["logits"]).all()
        with np.load(folder / f"fold_{fold}" / "out_of_fold.npz") as data:
            assert data["logits"].shape == (18, 6)
            seen.append(set(data["patient"].tolist()))
    assert seen[0] | seen[1] == {f"head{i}" for i in range(6)}
    assert not seen[0] & seen[1]
    assert not list(folder.rglob("checkpoint*"))


def test_a_step_is_traced_once_for_all_sizes(stores, tmp_path, monkeypatch):
    import keras

    from ichviewer.learning.train import Trainer

    traced = []
    step = keras.Model.train_step
    monkeypatch.setattr(keras.Model, "train_step", lambda self, data: traced.append(1) or step(self, data))
    Trainer(recipe(stores, "real"), tmp_path, silent).train_final()
    assert traced == [1]


def test_the_log_tells_speed_and_use_of_the_processor(runs):
    _, folder, _ = runs
    lines = [json.loads(line) for line in (folder / "final" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4]
    assert all(line["ms_per_sample"] > 0 and line["cpu_cores"] > 0 for line in lines)


def test_finished_runs_are_not_done_again_and_another_recipe_needs_another_folder(runs):
    from ichviewer.learning.train import Trainer

    config, folder, _ = runs
    told = []
    trainer = Trainer(config, folder, told.append)
    trainer.train_folds()
    trainer.train_final()
    assert told == []
    with pytest.raises(LearningError, match="another configuration"):
        Trainer(replace(config, seed=5), folder, told.append)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(stores, tmp_path):
    from ichviewer.learning.train import Trainer

    class StoppedError(Exception):
        pass

    def stop_at_4(told):
        # The checkpoint of a step is written after its report, so that of step 2 is there.
        if told.step == 4:
            raise StoppedError

    config = recipe(stores, "real", phases=(Phase(64, 4),))
    whole = Trainer(config, tmp_path / "whole", silent).train_final()
    with pytest.raises(StoppedError):
        Trainer(config, tmp_path / "parts", stop_at_4).train_final()
    assert (tmp_path / "parts" / "final" / "checkpoint.npz").exists()
    told = []
    parts = Trainer(config, tmp_path / "parts", told.append).train_final()
    assert [t.step for t in told] == [4]
    for one, other in zip(weights(whole), weights(parts), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("killed_after", [2, 4])
def test_a_kill_after_the_last_step_of_a_phase_loses_nothing_of_its_end(
    stores, tmp_path, monkeypatch, killed_after
):
    from ichviewer.learning.checkpoint import Checkpoint
    from ichviewer.learning.train import Trainer

    class KilledError(Exception):
        pass

    save = Checkpoint.save

    def save_and_die(self, model, optimizer, step, seconds):
        save(self, model, optimizer, step, seconds)
        if step == killed_after:
            raise KilledError

    config = recipe(stores, "real")
    whole = Trainer(config, tmp_path / "whole", silent).train_final()
    monkeypatch.setattr(Checkpoint, "save", save_and_die)
    with pytest.raises(KilledError):
        Trainer(config, tmp_path / "parts", silent).train_final()
    monkeypatch.setattr(Checkpoint, "save", save)
    parts = Trainer(config, tmp_path / "parts", silent).train_final()
    for one, other in zip(weights(whole), weights(parts), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_runs_start_from_another_model_unless_it_knows_who_is_left_out(stores, runs, tmp_path):
    from ichviewer.learning.train import Trainer

    config, folder, _ = runs
    first = recipe(stores, "map", phases=(Phase(32, 2),))
    start = Trainer(first, tmp_path / "first", silent).train_final()
    later = recipe(
        stores,
        "real",
        start_from=str(start),
        phases=(Phase(32, 1),),
        learning_rate=1e-9,
        weight_decay=0.0,
        frozen_blocks=1,
        checkpoint_steps=1,
    )
    Trainer(later, tmp_path / "later", silent).train_folds([0])
    before, after = weights(start), weights(tmp_path / "later" / "fold_0" / "model.keras")
    same = [np.allclose(one, other, atol=1e-5) for one, other in zip(before, after, strict=True)]
    # Only what BatchNorm has seen differs.
    assert np.mean(same) > 0.5
    knowing = replace(later, start_from=str(folder / "final" / "model.keras"))
    with pytest.raises(LearningError, match="left out here"):
        Trainer(knowing, tmp_path / "knowing", silent).train_folds([0])
    missing = replace(later, start_from=str(tmp_path / "none" / "model.keras"))
    with pytest.raises(LearningError, match="not known"):
        Trainer(missing, tmp_path / "missing", silent).train_folds([0])
    assert config.starts == ()


def test_the_mean_of_models_is_a_model_that_knows_whom_they_know(stores, runs, tmp_path):
    from ichviewer.learning.train import Trainer

    _, folder, _ = runs
    other = Trainer(
        recipe(stores, "real", phases=(Phase(32, 2),), learning_rate=1e-3), tmp_path / "other", silent
    )
    other.train_folds([0])
    starts = (str(folder / "{run}" / "model.keras"), str(tmp_path / "other" / "{run}" / "model.keras"))
    mean = Trainer(
        recipe(stores, "real", start_from=starts, phases=()),
        tmp_path / "mean",
        lambda told: pytest.fail(f"there is nothing to learn: {told}"),
    )
    mean.train_folds([0])
    each = [weights(Path(start.replace("{run}", "fold_0"))) for start in starts]
    found = weights(tmp_path / "mean" / "fold_0" / "model.keras")
    assert any(not np.allclose(one, two) for one, two in zip(*each, strict=True))
    for one, two, both in zip(*each, found, strict=True):
        np.testing.assert_allclose(both, (one + two) / 2, rtol=1e-4, atol=1e-5)
    assert (tmp_path / "mean" / "fold_0" / "out_of_fold.npz").exists()
    known = json.loads((tmp_path / "mean" / "fold_0" / "patients.json").read_text())
    assert known == sorted(
        set().union(
            *(
                json.loads(Path(s.replace("{run}", "fold_0")).with_name("patients.json").read_text())
                for s in starts
            )
        )
    )


def test_a_run_stops_early_when_those_kept_back_gain_nothing(stores, tmp_path, monkeypatch):
    from ichviewer.learning import checkpoint
    from ichviewer.learning.train import Trainer

    losses = iter([0.5, 0.4, 0.6, 0.4, 0.1])
    judged = []

    class Scripted:
        def __init__(self, name, values):
            self.name, self.values = name, values

        def update_state(self, labels, logits):
            judged.append((labels.shape, logits.shape))

        def result(self):
            return next(self.values)

    monkeypatch.setattr(
        checkpoint,
        "keras_metrics",
        lambda: [Scripted("weighted_log_loss", losses), Scripted("auc_any", iter([float("nan")]))],
    )
    config = recipe(
        stores,
        "real",
        phases=(Phase(32, 4), Phase(64, 4)),
        checkpoint_steps=1,
        validation_share=0.34,
        patience=2,
    )
    told = []
    path = Trainer(config, tmp_path, told.append).train_final()
    # Two checkpoints after the best one, and the second phase is not begun.
    assert [t.validation for t in told] == [0.5, 0.4, 0.6, 0.4]
    # Two of six patients with six slices each were kept back.
    assert judged == [((12, 6), (12, 6))] * 8
    assert {t.metrics["auc_any"] for t in told} == {None}
    assert len(json.loads(path.with_name("patients.json").read_text())) == 4


@pytest.mark.parametrize("n", [1, 4, 5])
def test_channels_are_those_of_the_recipe_and_maps_of_mimics_are_not_in_the_model(stores, tmp_path, n):
    import keras

    from ichviewer.learning.train import Trainer

    channels = (Channel(0, 40, 80), Channel(0, 80, 200), Channel(-10), Channel(5), Channel(0, 40, 380))[:n]
    config = recipe(stores, "real", "painted", phases=(Phase(32, 2),), channels=channels, mimic_maps=True)
    told = []
    Trainer(config, tmp_path, told.append).train_folds([0])
    assert np.isfinite(told[-1].loss)
    model = keras.saving.load_model(tmp_path / "fold_0" / "model.keras", compile=False)
    assert model.input_shape == (None, 64, 64, n)
    assert model(np.zeros((1, 64, 64, n), np.float32))["regions"].shape == (1, 8, 8, 5)
    with np.load(tmp_path / "fold_0" / "out_of_fold.npz") as data:
        assert np.isfinite(data["logits"]).all()


def test_without_the_decoder_and_by_another_loss(stores, tmp_path):
    from ichviewer.learning.train import Trainer

    config = recipe(
        stores, "real", segmentation=False, loss="focal", phases=(Phase(32, 2),), tensorboard=True
    )
    told = []
    Trainer(config, tmp_path, told.append).train_folds([1])
    assert np.isfinite(told[-1].loss)
    with np.load(tmp_path / "fold_1" / "out_of_fold.npz") as data:
        assert (data["pointing"] == -1).all()
    assert list((tmp_path / "fold_1" / "tensorboard").rglob("events*"))


def test_stores_must_fit_each_other(stores, tmp_path):
    from ichviewer.learning.train import Trainer

    other = Store.create(tmp_path / "other", PreprocessSettings(size_px=32), {})
    config = recipe(stores, "real")
    config = replace(config, stores=(*config.stores, str(other.folder)))
    with pytest.raises(LearningError, match="different preprocessing"):
        Trainer(config, tmp_path / "runs", silent)


def weights(path):
    import keras

    return keras.saving.load_model(path, compile=False).get_weights()
