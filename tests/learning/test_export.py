"""From a trained model to the folder that ships."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.errors import LearningError
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning import export as export_module
from ichviewer.learning.export import Fit, Provenance, export_model, parity_pictures, run_litert

pytestmark = pytest.mark.tensorflow

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=3.5)
FIT = Fit(
    2.5,
    PlattCalibration((0.9,) * 6, (-0.1,) * 6),
    {"balanced": (0.5, 0.1, 0.2, 0.3, 0.4, 0.6), "high_sensitivity": (0.05,) * 6},
)
PROVENANCE = Provenance(
    "0.0.1",
    [{"name": "made up", "licence": "none", "citation": "nobody", "slices": 3, "patients": 1}],
    {"date": "2026-01-01", "keras": "3", "command": "a test", "minutes": 0.1, "machine": "this one"},
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    import keras

    keras.utils.set_random_seed(0)
    inputs = keras.Input((64, 64, 3), name="grey")
    x = keras.layers.Rescaling(1 / 128, -127 / 128)(inputs)
    x = keras.layers.Conv2D(8, 3, 4, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    path = tmp_path_factory.mktemp("trained") / "model.keras"
    keras.Model(inputs, keras.layers.Dense(6)(x)).save(path)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
def test_the_folder_is_complete_and_the_product_reads_it(trained, tmp_path):
    difference = export_model(trained, tmp_path / "model", SETTINGS, FIT, PROVENANCE)
    assert difference < 1e-5
    names = sorted(path.name for path in (tmp_path / "model").iterdir())
    assert names == ["ich.keras", "ich.tflite", "model.json"]
    card = load_model_card(tmp_path / "model")
    assert card.preprocessing == SETTINGS
    assert card.sigma_mm == 2.5
    assert card.calibration == FIT.calibration
    assert card.operating_points["balanced"].thresholds == FIT.operating_points["balanced"]
    assert card.litert_exported_from == card.keras_sha256
    metadata = json.loads((tmp_path / "model" / "model.json").read_text())
    assert set(metadata["operating_point_rules"]) == set(metadata["operating_points"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
def test_nothing_is_written_when_the_two_forms_disagree(trained, tmp_path, monkeypatch):
    def off(litert, pictures):
        return run_litert(litert, pictures) + 0.01

    monkeypatch.setattr(export_module, "run_litert", off)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.json").write_text("the old one")
    with pytest.raises(LearningError, match="must agree"):
        export_model(trained, folder, SETTINGS, FIT, PROVENANCE)
    assert [path.name for path in folder.iterdir()] == ["model.json"]
    assert (folder / "model.json").read_text() == "the old one"


def test_parity_is_judged_on_pictures_of_many_kinds():
    pictures = parity_pictures(64)
    assert pictures.shape == (8, 64, 64, 3)
    assert pictures.dtype == np.float32
    assert pictures.min() >= 0
    assert pictures.max() <= 255
    assert len({picture.tobytes() for picture in pictures}) == 8
