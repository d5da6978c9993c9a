"""The training configuration."""

from __future__ import annotations

import json

import pytest

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import NEIGHBORS, Channel
from ichviewer.learning.config import Phase, SamplingConfig, TrainConfig, read_config


def test_values_are_taken_over(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(
        'stores = ["elsewhere", "there"]\nbatch = 8\n[[phases]]\nsize_px = 64\nsteps = 3\n[[phases]]\n'
        "size_px = 96\nsteps = 2\n[sampling]\npainted_positive = 0.5\n[augment]\nnoise_grey = 0\n",
        encoding="utf-8",
    )
    config = read_config(path)
    assert (config.stores, config.batch, config.steps) == (("elsewhere", "there"), 8, 5)
    assert [config.size_at(step) for step in range(6)] == [64, 64, 64, 96, 96, 96]
    assert config.sampling.painted_positive == 0.5
    assert config.sampling.shares[2] == 0.5
    assert config.augment.noise_grey == 0


def test_channels_are_told_one_by_one(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(
        "[[channels]]\noffset_mm = 0\ncenter_hu = 40\nwidth_hu = 80\n[[channels]]\noffset_mm = -5.0\n",
        encoding="utf-8",
    )
    config = read_config(path)
    assert config.channels == (Channel(0, 40, 80), Channel(-5.0))
    assert json.loads(config.to_json())["channels"][0] == {"offset_mm": 0, "center_hu": 40, "width_hu": 80}
    assert TrainConfig().channels == NEIGHBORS


def test_one_or_several_models_to_start_from(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('start_from = "a.keras"', encoding="utf-8")
    assert read_config(path).starts == ("a.keras",)
    path.write_text('start_from = ["a.keras", "b.keras"]\nphases = []', encoding="utf-8")
    assert read_config(path).starts == ("a.keras", "b.keras")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("batch = 0", "batch"),
        ('batch = "32"', "batch must be int"),
        ("batch = true", "batch must be int"),
        ("learning_rate = -1.0", "learning_rate"),
        ("unknown = 1", "unknown"),
        ('stores = "one"', "list of paths"),
        ("start_from = 3", "list of paths"),
        ('precision = "half"', "precision"),
        ("validation_share = 0.9", "validation_share"),
        ("size_px = 100", "multiples of 32"),
        ("[augment]\nturn = 1", "turn"),
        ("[[channels]]\noffset_mm = 5.0", "the slice itself"),
        ("[[channels]]\nwidth_hu = 0", "width of a window"),
        ("[[channels]]\nwidth = 80", "width"),
        ("cache_mb = -1", "cache_mb"),
        ("phases = []", "phases"),
        ("[[phases]]\nsize_px = 8\nsteps = 1", "32 pixels"),
        ("[sampling]\nreal_positive = -0.1", "shares"),
        ("[sampling]\npairs = 1.5", "pairs"),
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
    text = TrainConfig(phases=(Phase(64, 2),), sampling=SamplingConfig(painted_positive=0.0)).to_json()
    assert '"steps": 2' in text
    assert '"painted_positive": 0.0' in text


def test_settings_can_be_changed_without_another_file(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text("batch = 8\n[sampling]\npairs = 0.3\nreal_positive = 0.7\n", encoding="utf-8")
    config = read_config(path, ["sampling.pairs=0", "segmentation = false", 'stores=["there"]'])
    assert config.sampling.pairs == 0
    assert config.sampling.real_positive == 0.7
    assert (config.batch, config.segmentation, config.stores) == (8, False, ("there",))


@pytest.mark.parametrize("change", ["sampling.pairs", "loss=focal", "no_such=1", "batch=0"])
def test_a_wrong_change_is_refused(tmp_path, change):
    path = tmp_path / "recipe.toml"
    path.write_text("batch = 8\n", encoding="utf-8")
    with pytest.raises(LearningError, match=change.partition("=")[0]):
        read_config(path, [change])
