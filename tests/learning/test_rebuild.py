"""Carrying out a recipe: what is done, what was done before, and a whole tiny one with a kill in the middle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_recipe import TINY

from ichviewer.errors import LearningError
from ichviewer.learning.rebuild import DONE_NAME, Rebuild, check_data
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
            (step.folder / DONE_NAME).write_text(json.dumps({"told": step.told, "seconds": 60.0}))


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


def test_what_a_step_builds_on_decides_about_it_too(recipe_file):
    before = {step.name: step.told for step in work(recipe_file).steps()}
    after = {step.name: step.told for step in work(recipe_file, "stores.real.limit = 5").steps()}
    assert all(before[name] != after[name] for name in before)
    after = {step.name: step.told for step in work(recipe_file, "stages.main.train.seed = 5").steps()}
    assert [name for name in before if before[name] != after[name]] == ["stage main", "stage mean", "model"]
