from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.litert import LiteRtEngine
from ichviewer.inference.model_card import load_model_card


def inputs(n: int, size: int = 32) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (n, size, size, 3), dtype=np.uint8)


def test_gives_six_logits_a_slice_whatever_the_number(tiny_card):
    engine = LiteRtEngine(tiny_card)
    x = inputs(3)
    together = engine.run(x).logits
    assert together.shape == (3, 6)
    assert together.dtype == np.float64
    one_by_one = np.concatenate([engine.run(x[i : i + 1]).logits for i in range(3)])
    np.testing.assert_array_equal(together, one_by_one)
    assert engine.run(x[:0]).logits.shape == (0, 6)
    assert len(np.unique(together.round(6))) > 6  # it looks at the picture


def test_is_quiet(tiny_card, capfd):
    LiteRtEngine(tiny_card).run(inputs(1))
    assert capfd.readouterr() == ("", "")


def test_refuses_a_file_that_is_not_the_one_on_record(model_copy):
    with (model_copy / "ich.tflite").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="is not the one"):
        LiteRtEngine(load_model_card(model_copy))


def test_refuses_what_is_no_litert_model(edit_card, model_copy):
    (model_copy / "ich.tflite").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    edit_card(lambda d: d["files"]["ich.tflite"].update(sha256=empty))
    with pytest.raises(ModelError, match="cannot be loaded"):
        LiteRtEngine(load_model_card(model_copy))


def test_refuses_a_model_of_another_size(edit_card):
    folder = edit_card(lambda d: d["preprocessing"].update(size_px=64))
    with pytest.raises(ModelError, match=r"must take float32 \(1, 64, 64, 3\)"):
        LiteRtEngine(load_model_card(folder))


def test_refuses_a_model_without_litert_form(edit_card):
    folder = edit_card(lambda d: d["files"].pop("ich.tflite"))
    with pytest.raises(ModelError, match="no LiteRT form"):
        LiteRtEngine(load_model_card(folder))


def test_closed(tiny_card):
    engine = LiteRtEngine(tiny_card)
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.run(inputs(1))


def test_gives_maps_where_the_model_has_some(maps_card):
    engine = LiteRtEngine(maps_card)
    x = inputs(3)
    together = engine.run(x)
    assert together.logits.shape == (3, 6)
    assert together.regions.shape == (3, 4, 4, 5)
    assert together.regions.dtype == np.float32
    np.testing.assert_array_equal(together.regions[1:2], engine.run(x[1:2]).regions)
    assert engine.run(x[:0]).regions.shape == (0, 4, 4, 5)
    # The same network without settings for its maps gives none.
    assert LiteRtEngine(dataclasses.replace(maps_card, regions=None)).run(x).regions is None


def test_refuses_a_model_without_the_maps_that_its_card_tells_of(tiny_card, maps_card):
    with pytest.raises(ModelError, match=r"one output of shape \(1, 4, 4, 5\)"):
        LiteRtEngine(dataclasses.replace(tiny_card, regions=maps_card.regions))


def test_threads_share_an_engine_and_get_each_their_own(tiny_card):
    x = inputs(24)
    alone = LiteRtEngine(tiny_card, 1).run(x).logits
    engine = LiteRtEngine(tiny_card, 3)
    assert engine.at_once == 3
    with ThreadPoolExecutor(6) as threads:  # more than it has interpreters: they take turns
        parts = list(threads.map(lambda i: engine.run(x[i : i + 1]).logits, range(len(x))))
    np.testing.assert_array_equal(np.concatenate(parts), alone)


def test_closed_while_it_runs(tiny_card):
    engine = LiteRtEngine(tiny_card, 1)
    x = inputs(200)
    with ThreadPoolExecutor(2) as threads:
        running = threads.submit(engine.run, x)
        engine.close()
        # What was begun is finished, or was refused before it began.
        try:
            assert running.result(60).logits.shape == (200, 6)
        except EngineError as error:
            assert "closed" in str(error)
    with pytest.raises(EngineError, match="closed"):
        engine.run(x)
