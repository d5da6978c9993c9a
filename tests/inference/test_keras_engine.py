from __future__ import annotations

import numpy as np
import pytest

from ichviewer.bundle import model_dir
from ichviewer.domain.calibration import sigmoid
from ichviewer.errors import ModelError
from ichviewer.inference.engine import open_engine
from ichviewer.inference.litert import LiteRtEngine
from ichviewer.inference.model_card import ModelCard, load_model_card

pytestmark = pytest.mark.tensorflow


def pictures(card: ModelCard, n: int) -> np.ndarray:
    """Smooth random pictures, more like slices than noise is."""
    size = card.preprocessing.size_px
    coarse = np.random.default_rng(3).integers(0, 256, (n, 8, 8, 3)).astype(np.uint8)
    return np.repeat(np.repeat(coarse, size // 8, axis=1), size // 8, axis=2)


@pytest.mark.parametrize("which", ["tiny", "bundled"])
def test_agrees_with_litert(tiny_card, which):
    card = tiny_card if which == "tiny" else load_model_card(model_dir())
    x = pictures(card, 5)
    keras = open_engine(card, "keras")  # in a process of its own
    try:
        assert keras.batch_size == 4
        reference = keras.logits(x)
        np.testing.assert_allclose(keras.logits(x[4:]), reference[4:], atol=1e-5)
    finally:
        keras.close()
    fast = LiteRtEngine(card).logits(x)
    assert np.abs(sigmoid(reference) - sigmoid(fast)).max() < 1e-4


def test_refuses_a_damaged_file(edit_card, model_copy):
    (model_copy / "ich.keras").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    edit_card(lambda d: d["files"]["ich.keras"].update(sha256=empty))
    with pytest.raises(ModelError, match="cannot be loaded with Keras"):
        open_engine(load_model_card(model_copy), "keras")
