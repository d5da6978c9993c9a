from __future__ import annotations

import sys

import numpy as np
import pytest

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference import engine
from ichviewer.inference.engine import check_inputs, checked_logits, choose, open_engine, padded_batches
from ichviewer.inference.model_card import load_model_card


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


def test_logits_must_be_numbers_of_the_right_shape():
    good = checked_logits(np.ones((2, 6), np.float32), 2)
    assert good.dtype == np.float64
    with pytest.raises(EngineError, match="6 numbers a slice"):
        checked_logits(np.ones((2, 5)), 2)
    with pytest.raises(EngineError, match="no number"):
        checked_logits(np.array([[1, 2, 3, 4, 5, np.nan]]), 1)


def test_batches_have_one_size_and_lose_nothing():
    inputs = np.arange(5, dtype=np.uint8).reshape(5, 1, 1, 1)
    batches = padded_batches(inputs, 2)
    assert [(b.ravel().tolist(), n) for b, n in batches] == [([0, 1], 2), ([2, 3], 2), ([4, 0], 1)]
    assert all(b.dtype == np.float32 for b, _ in batches)
    assert padded_batches(inputs[:0], 2) == []


@pytest.mark.parametrize(
    "bad", [np.zeros((1, 8, 8, 3)), np.zeros((1, 8, 9, 3), np.uint8), np.zeros((8, 8, 3), np.uint8)]
)
def test_inputs_are_checked(bad):
    with pytest.raises(ValueError, match="needs uint8 inputs"):
        check_inputs(bad, 8)


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
