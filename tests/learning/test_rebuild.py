"""Carrying out a recipe: what is done, what was done before, and a whole tiny one with a kill in the middle."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from label_map_factory import write_label_map
from PIL import Image
from tiny_recipe import TINY

from ichviewer.errors import LearningError
from ichviewer.learning.rebuild import Rebuild, check_data
from ichviewer.learning.recipe import read_recipe


@pytest.fixture
def recipe_file(tmp_path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


def work(recipe_file: Path, *changes: str) -> Rebuild:
    return Rebuild(read_recipe(recipe_file, changes), recipe_file.parent / "data", recipe_file.parent / "out")


def mark_done(rebuild: Rebuild, *names: str) -> None:
    for step in rebuild.steps():
        if step.name in names:
            step.folder.mkdir(parents=True)
            step.write(60.0, done=True)


def test_the_plan_names_every_step_in_order_and_does_nothing(recipe_file):
    rebuild = work(recipe_file)
    lines = rebuild.plan()
    names = [line.split(" [")[0] for line in lines]
    assert names == ["store real", "store painted", "stage pre", "stage main", "stage mean", "model"]
    assert "2 steps at 32 px" in lines[2]
    assert not rebuild.output.exists()
    assert check_data(rebuild.recipe, rebuild.data) == [str(rebuild.data / "rsna")]


def test_a_step_that_is_through_is_known_and_a_changed_recipe_is_noticed(recipe_file):
    mark_done(work(recipe_file), "store real", "store painted")
    assert [step.done() for step in work(recipe_file).steps()] == [True, True] + [False] * 4
    # The stores stay good whatever is trained on them, and whatever they are said to take.
    same = work(recipe_file, "stages.main.train.batch = 3", "stores.real.minutes = 5")
    assert same.steps()[1].done()
    with pytest.raises(LearningError, match="another recipe"):
        work(recipe_file, "stores.painted.seeds = 3").plan()


def test_a_step_that_was_begun_by_another_recipe_is_not_gone_on_with(recipe_file):
    first = work(recipe_file).steps()[0]
    first.folder.mkdir(parents=True)
    first.write(90.0, done=False)
    assert not work(recipe_file).steps()[0].done()
    assert work(recipe_file).steps()[0].seconds() == 90.0
    with pytest.raises(LearningError, match="another recipe"):
        work(recipe_file, "stores.real.limit = 5").plan()


def test_missing_data_are_told_before_anything_is_done(recipe_file):
    rebuild = work(recipe_file)
    with pytest.raises(LearningError, match="rsna"):
        rebuild.run(lambda said: None, report=lambda told: None)
    assert not rebuild.output.exists()


def test_what_a_step_builds_on_decides_about_it_too(recipe_file):
    before = {step.name: step.told for step in work(recipe_file).steps()}
    after = {step.name: step.told for step in work(recipe_file, "stores.real.limit = 5").steps()}
    assert all(before[name] != after[name] for name in before)
    after = {step.name: step.told for step in work(recipe_file, "stages.main.train.seed = 5").steps()}
    assert [name for name in before if before[name] != after[name]] == ["stage main", "stage mean", "model"]


WHOLE = """
version = "0.0.1"
size_px = 128
mm_per_px = 1.6
clip_hu = [-160, 240]
ship = "main"

[stores.real]
kind = "data"
data = "ct-ich"
[stores.maps]
kind = "maps"
data = "maps"
maps = [2]
[stores.painted]
kind = "painted"
onto = "real"
[stores.lesions]
kind = "lesions"
onto = "real"
lesions = "real"

[stages.pre]
stores = ["maps"]
folds = false
[stages.pre.train]
size_px = 64
weights = "random"
batch = 4
phases = [{ size_px = 32, steps = 2 }]
mimic_maps = true
held_norm_blocks = 1

[stages.main]
stores = ["real", "painted", "lesions", "maps"]
start = ["pre"]
tests = ["maps"]
[stages.main.train]
folds = 2
size_px = 64
weights = "random"
batch = 4
phases = [{ size_px = 64, steps = 2 }]
mimic_maps = true
held_norm_blocks = 1
"""


@pytest.fixture(scope="module")
def data(made_up_ct_ich, tmp_path_factory) -> Path:
    """Return a folder with a tiny CT-ICH, its masks, and one label map."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(made_up_ct_ich, folder / "ct-ich")
    (folder / "ct-ich" / "masks").mkdir()
    for picture in (folder / "ct-ich" / "brain").iterdir():
        blood = np.asarray(Image.open(picture)) > (55 + 20) / 120 * 255
        inside = np.zeros_like(blood)
        inside[50:90, 90:120] = True  # where `made_up_hu` puts it; bone is as bright elsewhere
        if (blood & inside).sum() > 100:
            mask = Image.fromarray((blood & inside).astype(np.uint8) * 255)
            mask.save(folder / "ct-ich" / "masks" / f"{picture.stem}.png")
    (folder / "maps").mkdir()
    write_label_map(folder / "maps", 2)
    return folder


class KilledError(Exception):
    """What a kill does here."""


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
def test_a_tiny_model_is_made_from_the_data_and_a_kill_changes_nothing(small_network, data, tmp_path) -> None:
    from ichviewer.learning.train import Trainer

    recipe_file = tmp_path / "recipe.toml"
    recipe_file.write_text(WHOLE, encoding="utf-8")
    recipe = read_recipe(recipe_file)
    rebuild = Rebuild(recipe, data, tmp_path / "out", workers=1)
    said: list[str] = []

    def killing(told) -> None:
        if told.run == "fold_1":
            raise KilledError

    with pytest.raises(KilledError):
        rebuild.run(said.append, report=killing)
    assert [step.done() for step in rebuild.steps()] == [True] * 5 + [False, False]
    model = rebuild.run(said.append, report=lambda told: None)
    assert all(step.done() for step in rebuild.steps())
    assert any("left in all" in line for line in said)
    card = json.loads((model / "model.json").read_text(encoding="utf-8"))
    assert card["trained"]["command"] == "ichviewer learn rebuild --data DATA -o OUTPUT"
    figures = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    assert all(name.startswith("stores/") for name in figures["recipe"]["stores"])
    for name in ("model.json", "metrics.json", "MODEL_CARD.md"):
        assert str(tmp_path) not in (model / name).read_text(encoding="utf-8")
    assert card["regions"]["stride_px"] == 8
    assert (model / "MODEL_CARD.md").exists() and (model / "golden.json").exists()
    assert rebuild.run(said.append, report=killing) == model  # nothing is left to do
    assert said[-1] == "model: done before"

    (again := tmp_path / "again").mkdir()
    for name in ("stores", "pre"):
        (again / name).symlink_to(tmp_path / "out" / name)
    trainer = Trainer(recipe.train_config(recipe.stages[1], again), again / "main", lambda told: None)
    trainer.train_folds([1])
    for one, other in zip(
        weights(tmp_path / "out" / "main" / "fold_1"), weights(again / "main" / "fold_1"), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def weights(run: Path) -> list[np.ndarray]:
    import keras

    return keras.saving.load_model(run / "model.keras", compile=False).get_weights()
