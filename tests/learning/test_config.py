"""The training configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

import ichviewer.learning
from ichviewer.errors import LearningError
from ichviewer.learning.config import Phase, SamplingConfig, TrainConfig, read_config


def test_the_recipe_of_the_bundled_model_is_valid():
    config = read_config(Path(ichviewer.learning.__file__).parent / "first.toml")
    assert config.folds == 5
    assert config.phases[-1].size_px == 224


def test_values_are_taken_over(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(
        'cache = "elsewhere"\nbatch = 8\n[[phases]]\nsize_px = 64\nsteps = 3\n[[phases]]\nsize_px = 96\nsteps = 2\n'
        "[sampling]\npainted = 0.5\n[augment]\nnoise_grey = 0\n",
        encoding="utf-8",
    )
    config = read_config(path)
    assert (config.cache, config.batch, config.steps) == ("elsewhere", 8, 5)
    assert [config.size_px(step) for step in range(5)] == [64, 64, 64, 96, 96]
    assert config.sampling.painted == 0.5
    assert config.augment.noise_grey == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("batch = 0", "batch"),
        ('batch = "32"', "batch must be int"),
        ("batch = true", "batch must be int"),
        ("learning_rate = -1.0", "learning_rate"),
        ("unknown = 1", "unknown"),
        ("[augment]\nturn = 1", "turn"),
        ("phases = []", "phases"),
        ("[[phases]]\nsize_px = 8\nsteps = 1", "32 pixels"),
        ("[sampling]\nreal_positive = 0.7\npainted = 0.4", "shares"),
        ("no toml", "Expected"),
    ],
)
def test_a_wrong_recipe_is_refused_with_what_is_wrong(tmp_path, text, found):
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LearningError, match=found):
        read_config(path)


def test_a_missing_recipe_is_told(tmp_path):
    with pytest.raises(LearningError, match="could not be read"):
        read_config(tmp_path / "none.toml")


def test_it_is_saved_with_the_run_in_full():
    text = TrainConfig(phases=(Phase(64, 2),), sampling=SamplingConfig(painted=0.0)).to_json()
    assert '"steps": 2' in text
    assert '"painted": 0.0' in text
