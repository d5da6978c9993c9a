from __future__ import annotations

import dataclasses
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference import engine
from ichviewer.inference.engine import (
    Outputs,
    check_inputs,
    choose,
    open_engine,
    padded_batches,
    run_in_batches,
)
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.regions import RegionSettings


def test_auto_takes_litert_that_was_made_from_the_model(tiny_card):
    assert choose(tiny_card) == "litert"


def test_auto_takes_litert_where_the_package_leaves_the_keras_file_out(model_copy):
    (model_copy / "ich.keras").unlink()
    assert choose(load_model_card(model_copy)) == "litert"


@pytest.mark.parametrize("spoil", ["no file", "not named", "other model", "changed"])
def test_auto_takes_keras_where_litert_is_in_doubt(edit_card, monkeypatch, spoil):
    monkeypatch.setattr(engine, "keras_installed", lambda: True)
    change = {
        "not named": lambda d: d["files"].pop("ich.tflite"),
        "other model": lambda d: d["files"]["ich.tflite"].update(exported_from_sha256="0" * 64),
    }.get(spoil, lambda d: None)
    folder = edit_card(change)
    if spoil == "no file":
        (folder / "ich.tflite").unlink()
    if spoil == "changed":
        with (folder / "ich.keras").open("ab") as file:
            file.write(b"x")
    assert choose(load_model_card(folder)) == "keras"


def test_auto_says_what_is_missing(model_copy, monkeypatch):
    (model_copy / "ich.tflite").unlink()
    card = load_model_card(model_copy)
    monkeypatch.setattr(engine, "keras_installed", lambda: False)
    with pytest.raises(EngineError, match=r"pip install 'ichviewer\[keras\]'"):
        choose(card)
    (model_copy / "ich.keras").unlink()
    with pytest.raises(ModelError, match=r"ich\.keras is missing"):
        choose(card)


def test_unknown_engine(tiny_card):
    with pytest.raises(EngineError, match="auto, litert, keras"):
        open_engine(tiny_card, "onnx")


def run_one(card, logits, regions=None):
    return run_in_batches(card, np.zeros((1, 32, 32, 3), np.uint8), 1, lambda batch: (logits, regions))


def with_regions(card):
    return dataclasses.replace(card, regions=RegionSettings(8, (1.0,) * 5, (0.0,) * 5, (0.5,) * 5))


def test_outputs_must_be_numbers_of_the_right_shape(tiny_card):
    good = run_one(tiny_card, np.ones((1, 6), np.float32))
    assert good.logits.dtype == np.float64
    assert good.regions is None
    with pytest.raises(EngineError, match="6 numbers a slice"):
        run_one(tiny_card, np.ones((1, 5)))
    with pytest.raises(EngineError, match="no number"):
        run_one(tiny_card, np.array([[1, 2, 3, 4, 5, np.nan]]))


def test_maps_must_be_numbers_of_the_right_shape(tiny_card):
    card = with_regions(tiny_card)
    logits, maps = np.ones((1, 6), np.float32), np.zeros((1, 4, 4, 5), np.float64)
    good = run_one(card, logits, maps)
    assert (good.regions.dtype, good.regions.shape) == (np.float32, (1, 4, 4, 5))
    with pytest.raises(EngineError, match=r"maps of shape \(4, 4, 5\). Found: none"):
        run_one(card, logits)
    with pytest.raises(EngineError, match=r"\(1, 4, 5, 5\)"):
        run_one(card, logits, np.zeros((1, 4, 5, 5)))
    with pytest.raises(EngineError, match="no number"):
        run_one(card, logits, np.full((1, 4, 4, 5), np.inf))


@given(st.integers(0, 7), st.integers(1, 4))
def test_any_number_of_inputs_comes_back_in_order(tiny_card, n, size):
    card = with_regions(tiny_card)

    def run(batch):
        number = batch[:, 0, 0, 0]
        return np.repeat(number[:, None], 6, axis=1), np.tile(number[:, None, None, None], (1, 4, 4, 5))

    inputs = np.zeros((n, 32, 32, 3), np.uint8)
    inputs[:, 0, 0, 0] = np.arange(n)
    outputs = run_in_batches(card, inputs, size, run)
    assert outputs.logits[:, 3].tolist() == list(range(n))
    assert outputs.regions[:, 1, 2, 4].tolist() == list(range(n))
    assert isinstance(outputs, Outputs)


def test_batches_have_one_size_and_lose_nothing():
    inputs = np.arange(5, dtype=np.uint8).reshape(5, 1, 1, 1)
    batches = list(padded_batches(inputs, 2))
    assert [(b.ravel().tolist(), n) for b, n in batches] == [([0, 1], 2), ([2, 3], 2), ([4, 0], 1)]
    assert all(b.dtype == np.uint8 for b, _ in batches)
    assert not list(padded_batches(inputs[:0], 2))


@pytest.mark.parametrize(
    "bad", [np.zeros((1, 8, 8, 3)), np.zeros((1, 8, 9, 3), np.uint8), np.zeros((8, 8, 3), np.uint8)]
)
def test_inputs_are_checked(bad):
    with pytest.raises(ValueError, match="needs uint8 inputs"):
        check_inputs(bad, (8, 8, 3))


@pytest.mark.parametrize(
    ("kind", "module", "words"),
    [
        ("keras", "tensorflow", "the keras engine is not installed"),
        ("litert", "ai_edge_litert", "LiteRT runtime"),
    ],
)
def test_a_runtime_that_is_missing_is_named(tiny_card, monkeypatch, kind, module, words):
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)  # makes its import fail
    with pytest.raises(EngineError, match=words):
        open_engine(tiny_card, kind)
