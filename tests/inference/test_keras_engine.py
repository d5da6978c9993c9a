from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ichviewer.bundle import model_dir
from ichviewer.domain.calibration import sigmoid
from ichviewer.inference.litert import LiteRtEngine
from ichviewer.inference.model_card import ModelCard, load_model_card

pytestmark = pytest.mark.tensorflow

# In a process of its own: TensorFlow and Qt need not get along in that of the tests.
RUN = """
import sys
from pathlib import Path
import numpy as np
from ichviewer.inference.engine import open_engine
from ichviewer.inference.model_card import load_model_card

engine = open_engine(load_model_card(Path(sys.argv[1])), "keras")
assert (engine.name, engine.batch_size) == ("keras", 4)
x = np.load(sys.argv[2])
together = engine.run(x)
np.testing.assert_allclose(engine.run(x[4:]).logits, together.logits[4:], atol=1e-5)
maps = {} if together.regions is None else {"regions": together.regions}
np.savez(sys.argv[3], logits=together.logits, **maps)
engine.close()
"""


def run_keras(model: Path, x: np.ndarray, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    np.save(tmp_path / "x.npy", x)
    command = [sys.executable, "-c", RUN, str(model), str(tmp_path / "x.npy"), str(tmp_path / "y.npz")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def pictures(card: ModelCard, n: int) -> np.ndarray:
    """Random pictures of coarse squares, more like slices than noise is."""
    size, _, channels = card.input_shape
    coarse = np.random.default_rng(3).integers(0, 256, (n, 8, 8, channels)).astype(np.uint8)
    return np.repeat(np.repeat(coarse, size // 8, axis=1), size // 8, axis=2)


@pytest.mark.parametrize("which", ["tiny", "maps", "bundled"])
def test_agrees_with_litert_and_is_quiet(tiny_card, maps_card, tmp_path, which):
    card = {"tiny": tiny_card, "maps": maps_card}.get(which) or load_model_card(model_dir())
    x = pictures(card, 5)
    done = run_keras(card.folder, x, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    reference = np.load(tmp_path / "y.npz")
    fast = LiteRtEngine(card).run(x)
    apart = np.abs(sigmoid(reference["logits"]) - sigmoid(fast.logits)).max()
    assert apart < (1e-4 if card.quantization == "none" else 0.3)
    assert ("regions" in reference) == (fast.regions is not None) == (card.regions is not None)
    if card.quantization == "none" and card.regions is not None:
        p = card.regions.probabilities
        assert np.abs(p(reference["regions"]) - p(fast.regions)).max() < 1e-4


def test_refuses_a_network_without_the_maps_that_its_card_tells_of(edit_card, maps_card, tmp_path):
    folder = edit_card(lambda d: d.update(regions=maps_card.regions.to_json()))
    done = run_keras(folder, np.zeros((1, 32, 32, 3), np.uint8), tmp_path)
    assert "ModelError" in done.stderr
    assert "must give regions of shape ('n', 4, 4, 5)" in done.stderr


def test_refuses_a_damaged_file(edit_card, model_copy, tmp_path):
    (model_copy / "ich.keras").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    edit_card(lambda d: d["files"]["ich.keras"].update(sha256=empty))
    done = run_keras(model_copy, np.zeros((1, 32, 32, 3), np.uint8), tmp_path)
    assert "ModelError" in done.stderr
    assert "cannot be loaded with Keras" in done.stderr
