"""Runs of a recipe at one time in processes of their own, against the same one after the other."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pytest
from small_network import do_small_run
from small_stores import recipe, write_stores

from ichviewer.errors import LearningError
from ichviewer.learning.config import Phase, TrainConfig
from ichviewer.learning.progress_report import StepReport
from ichviewer.learning.side_by_side import train_runs

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"),
]


class StoppedError(Exception):
    """What a person who stops it does."""


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    write_stores(tmp_path)
    return recipe(tmp_path, "real", "painted", batch=4, phases=(Phase(32, 3),), checkpoint_steps=1)


def weights(run: Path) -> list[np.ndarray]:
    import keras

    return keras.saving.load_model(run / "model.keras", compile=False).get_weights()


@pytest.mark.usefixtures("small_network")
def test_two_at_once_give_what_one_after_the_other_does_though_they_were_stopped(config, tmp_path):
    def stop(told: StepReport) -> None:
        if told.step == 2:
            raise StoppedError

    folder = tmp_path / "at once"
    with pytest.raises(StoppedError):
        train_runs(config, folder, stop, folds=[0], final=True, at_once=2, process=do_small_run)
    assert not multiprocessing.active_children()
    begun = {path.parent.name for path in folder.glob("*/checkpoint.npz")}
    assert begun

    told: list[StepReport] = []
    train_runs(config, folder, told.append, folds=[0], final=True, at_once=2, process=do_small_run)
    steps = {run: [t.step for t in told if t.run == run] for run in ("fold_0", "final")}
    # Each goes on where it was, were it at its end.
    assert all(these == list(range(4 - len(these), 4)) for these in steps.values())
    assert all(len(steps[run]) < 3 for run in begun)
    assert not list(folder.rglob("checkpoint*"))
    with np.load(folder / "fold_0" / "out_of_fold.npz") as data:
        assert np.isfinite(data["logits"]).all()

    alone = tmp_path / "alone"
    train_runs(config, alone, lambda _: None, folds=[0], final=True)
    for run in ("fold_0", "final"):
        for one, other in zip(weights(folder / run), weights(alone / run), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)

    told.clear()
    train_runs(config, folder, told.append, folds=[0], final=True, at_once=2, process=do_small_run)
    assert not told  # it is done


def test_what_keeps_a_run_from_being_done_is_told_and_the_others_are_stopped(config, tmp_path):
    later = recipe(tmp_path, "real", start_from=str(tmp_path / "none" / "model.keras"), phases=())
    with pytest.raises(LearningError, match="not known"):
        train_runs(later, tmp_path / "later", lambda _: None, folds=[0, 1], final=True, at_once=3)
    assert not multiprocessing.active_children()
    with pytest.raises(LearningError, match="another configuration"):
        train_runs(config, tmp_path / "later", lambda _: None, folds=[0], final=False, at_once=2)
