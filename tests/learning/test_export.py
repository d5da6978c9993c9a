"""From a trained model to the folder that ships."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.errors import LearningError
from ichviewer.inference.engine import open_engine
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning import export as export_module
from ichviewer.learning.export import Fit, Provenance, export_model, parity_pictures, run_litert
from ichviewer.learning.quantize import LabelledInputs

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"),
]

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=3.5)
FIT = Fit(
    2.5,
    PlattCalibration((0.9,) * 6, (-0.1,) * 6),
    {"balanced": (0.5, 0.1, 0.2, 0.3, 0.4, 0.6), "high_sensitivity": (0.05,) * 6},
)
REGIONS = RegionSettings(8, (1.2,) * 5, (0.1,) * 5, (0.4,) * 5)
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
    x = keras.layers.Conv2D(8, 3, 4, padding="same", activation="relu")(x)
    regions = keras.layers.Conv2D(5, 3, 2, padding="same", name="regions")(x)
    logits = keras.layers.Dense(6, name="logits")(keras.layers.GlobalAveragePooling2D()(x))
    path = tmp_path_factory.mktemp("trained") / "model.keras"
    keras.Model(inputs, {"regions": regions, "logits": logits}).save(path)
    return path


def labelled(trained, n=200):
    """Noisy pictures of many kinds, and labels that the model is mostly right about."""
    import keras

    rng = np.random.default_rng(2)
    coarse = rng.integers(0, 256, (n, 4, 4, 3)).repeat(16, axis=1).repeat(16, axis=2)
    inputs = np.clip(coarse + rng.normal(0, 10, coarse.shape), 0, 255).astype(np.uint8)
    model = keras.saving.load_model(trained, compile=False)
    logits = np.asarray(model(inputs.astype(np.float32), training=False)["logits"])
    noisy = logits + rng.normal(0, 0.5, logits.shape) * logits.std(axis=0)
    return LabelledInputs(inputs, (noisy > np.median(noisy, axis=0)).astype(np.uint8))


def test_the_folder_is_complete_and_the_product_reads_it(trained, tmp_path):
    exported = export_model(trained, tmp_path / "model", SETTINGS, FIT, PROVENANCE)
    assert exported.difference < 1e-5
    assert (exported.quantization, exported.int8) == (None, False)
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
    # There are no settings for its maps, so they are not shipped.
    assert (card.regions, card.quantization) == (None, "none")
    assert list(run_litert(card.litert_file, np.zeros((1, 64, 64, 3)))) == ["logits"]


def test_maps_are_shipped_with_their_settings_and_run_in_the_product(trained, tmp_path):
    fitted = dataclasses.replace(FIT, regions=REGIONS)
    exported = export_model(trained, tmp_path / "model", SETTINGS, fitted, PROVENANCE)
    assert exported.difference < 1e-5
    card = load_model_card(tmp_path / "model")
    assert card.regions == REGIONS
    pictures = parity_pictures(64, 3).astype(np.uint8)
    fast, reference = (open_engine(card, kind).run(pictures) for kind in ("litert", "keras"))
    assert fast.regions.shape == (8, 8, 8, 5)
    assert np.abs(REGIONS.probabilities(fast.regions) - REGIONS.probabilities(reference.regions)).max() < 1e-4
    assert np.ptp(fast.regions) > 0.1


def test_maps_that_disagree_are_found(trained, tmp_path, monkeypatch):
    def off(litert, pictures):
        found = run_litert(litert, pictures)
        found["regions"][2, 1, 3, 4] += 0.01
        return found

    monkeypatch.setattr(export_module, "run_litert", off)
    with pytest.raises(LearningError, match="must agree"):
        export_model(
            trained, tmp_path / "model", SETTINGS, dataclasses.replace(FIT, regions=REGIONS), PROVENANCE
        )
    assert list((tmp_path / "model").iterdir()) == []


def test_a_model_without_maps_cannot_have_settings_for_them(trained, tmp_path):
    import keras

    model = keras.saving.load_model(trained, compile=False)
    without = tmp_path / "without.keras"
    keras.Model(model.input, model.output["logits"]).save(without)
    with pytest.raises(LearningError, match="gives no maps"):
        export_model(
            without, tmp_path / "model", SETTINGS, dataclasses.replace(FIT, regions=REGIONS), PROVENANCE
        )


def test_in_8_bit_integers(trained, tmp_path, capfd):
    fitted = dataclasses.replace(FIT, regions=REGIONS)
    exported = export_model(trained, tmp_path / "model", SETTINGS, fitted, PROVENANCE, int8=labelled(trained))
    assert exported.int8, exported.quantization.in_words
    assert "fully_quantize" not in capfd.readouterr().err
    assert exported.quantization.slices == 150
    card = load_model_card(tmp_path / "model")
    assert card.quantization == "int8"
    assert card.litert_exported_from == card.keras_sha256
    entry = card.raw["files"]["ich.tflite"]
    assert 0.8 < entry["outline_overlap"] <= 1
    assert 0 < entry["mean_logit_difference"] < entry["largest_logit_difference"] < 0.2
    weights = [
        d for d in details(card.litert_file) if d["dtype"] is np.int8 and d["shape"].tolist() == [8, 3, 3, 3]
    ]
    assert [len(d["quantization_parameters"]["scales"]) for d in weights] == [8]  # one for each channel
    pictures = labelled(trained, 8).inputs
    fast, reference = (open_engine(card, kind).run(pictures) for kind in ("litert", "keras"))
    assert 0 < np.abs(fast.logits - reference.logits).max() < 0.2
    assert (
        np.abs(REGIONS.probabilities(fast.regions) - REGIONS.probabilities(reference.regions)).mean() < 0.02
    )
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "ich.keras",
        "ich.tflite",
        "model.json",
    ]


def test_float_is_shipped_where_8_bit_integers_are_not_good_enough(trained, tmp_path):
    given = labelled(trained)
    # Ranges found on black pictures fit nothing else.
    given.inputs[:50] = 0
    exported = export_model(trained, tmp_path / "model", SETTINGS, FIT, PROVENANCE, int8=given)
    assert not exported.int8
    assert exported.quantization.refusal
    card = load_model_card(tmp_path / "model")
    assert card.quantization == "none"
    assert "mean_logit_difference" not in card.raw["files"]["ich.tflite"]
    assert not [d for d in details(card.litert_file) if d["dtype"] is np.int8]


def details(litert):
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(str(litert)).get_tensor_details()


def test_nothing_is_written_when_the_two_forms_disagree(trained, tmp_path, monkeypatch):
    def off(litert, pictures):
        return {name: value + 0.01 for name, value in run_litert(litert, pictures).items()}

    monkeypatch.setattr(export_module, "run_litert", off)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.json").write_text("the old one")
    with pytest.raises(LearningError, match="must agree"):
        export_model(trained, folder, SETTINGS, FIT, PROVENANCE)
    assert [path.name for path in folder.iterdir()] == ["model.json"]
    assert (folder / "model.json").read_text() == "the old one"


def test_parity_is_judged_on_pictures_of_many_kinds():
    pictures = parity_pictures(64, 3)
    assert pictures.shape == (8, 64, 64, 3)
    assert pictures.dtype == np.float32
    assert pictures.min() >= 0
    assert pictures.max() <= 255
    assert len({picture.tobytes() for picture in pictures}) == 8
