"""Recipes: what is read from TOML, what is refused, where a stage's paths end up."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_recipe import TINY

from ichviewer.bundle import model_dir
from ichviewer.errors import LearningError
from ichviewer.learning.recipe import read_recipe


@pytest.fixture
def recipe_file(tmp_path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


def test_the_bundled_recipe_is_valid():
    recipe = read_recipe(model_dir() / "recipe.toml")
    assert recipe.stages[-1].name == recipe.ship
    assert all(store.minutes > 0 for store in recipe.stores)


def test_a_stage_starts_run_by_run_from_one_with_folds_and_from_the_one_model_of_one_without(recipe_file):
    recipe = read_recipe(recipe_file)
    _, main, mean = recipe.stages
    assert recipe.train_config(main, Path("out")).starts == ("out/pre/final/model.keras",)
    assert recipe.train_config(mean, Path("out")).starts == (
        "out/main/{run}/model.keras",
        "out/pre/final/model.keras",
    )
    assert recipe.train_config(main, Path("out")).stores == ("out/stores/real", "out/stores/painted")


def test_a_change_counts_instead_of_the_file(recipe_file):
    changed = read_recipe(recipe_file, ["stages.main.train.batch = 3", "stores.painted.seeds = 7"])
    assert changed.train_config(changed.stages[1], Path()).batch == 3
    assert changed.stores[1].seeds == 7


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('ship = "pre"', "a stage with folds and a final run ships"),
        ('stores.real.kind = "guess"', "the kind of a store"),
        ('stores.painted.onto = "later"', "needs earlier stores: later"),
        ("stores.painted.seeds = 0", "must be positive"),
        ('stages.main.stores = ["real", "gone"]', "needs stores: gone"),
        ('stages.pre.start = ["main"]', "needs earlier stages: main"),
        ('stages.main.train.stores = ["x"]', "by name"),
        ("stages.main.train.batch = 0", "must be positive"),
        ("stages.main.train.bach = 4", "bach"),
        ("stages.main.minutes = -1", "minutes must be positive"),
        ("clip_hu = [3, 2]", "range of HU"),
        ("stages.main.final = false", "has none of main to start from"),
        ('stages.stores = { stores = ["real"] }', "becomes a folder's"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_done(recipe_file, change, words):
    with pytest.raises(LearningError, match=words):
        read_recipe(recipe_file, [change])


def test_a_file_that_is_no_recipe_is_refused(tmp_path):
    path = tmp_path / "recipe.toml"
    with pytest.raises(LearningError, match="could not be read"):
        read_recipe(path)
    path.write_text("version = ", encoding="utf-8")
    with pytest.raises(LearningError, match="could not be read"):
        read_recipe(path)
    path.write_text('version = "1"', encoding="utf-8")
    with pytest.raises(LearningError, match="not valid"):
        read_recipe(path)
