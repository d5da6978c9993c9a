"""What ships with a model, as far as it needs no network."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest
from fake_runs import write_fake_runs

from ichviewer.bundle import model_dir
from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.errors import LearningError
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.preprocess import NEIGHBORS, Channel, PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.export import Fit
from ichviewer.learning.ship import model_settings, ship, write_fit

RULE = SeriesRule((0.4, 0.1, 0.9), (-1.0, 0.0, 0.0, 0.0, 0.5, 1 / 3))


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(model_dir() / "model.json", folder)
    return folder


def made_up_fit():
    thresholds = tuple(np.linspace(0.1, 0.6, 6).tolist())
    return Fit(
        3.0,
        PlattCalibration((1.5,) * 6, (-0.5,) * 6),
        {"balanced": thresholds, "high_sensitivity": thresholds},
    )


def test_a_fit_is_read_back_by_the_product(model):
    write_fit(model, dataclasses.replace(made_up_fit(), series_rule=RULE))
    card = load_model_card(model)
    assert card.series_rule == RULE
    assert card.sigma_mm == 3.0
    assert card.calibration.slope == (1.5,) * 6
    assert card.point.thresholds == made_up_fit().operating_points["balanced"]
    # A rule belongs to its calibration: another one takes it away.
    write_fit(model, made_up_fit())
    assert load_model_card(model).series_rule is None


def test_settings_of_maps_are_written_where_the_model_has_maps(model):
    regions = RegionSettings(8, (2.0,) * 5, (0.0,) * 5, (0.3,) * 5)
    without = json.loads((model / "model.json").read_text())
    without.pop("regions", None)
    (model / "model.json").write_text(json.dumps(without))
    fitted = dataclasses.replace(made_up_fit(), regions=regions)
    write_fit(model, fitted)
    assert load_model_card(model).regions is None
    metadata = json.loads((model / "model.json").read_text())
    metadata["regions"] = dataclasses.replace(regions, slope=(1.0,) * 5).to_json()
    (model / "model.json").write_text(json.dumps(metadata))
    write_fit(model, made_up_fit())
    assert load_model_card(model).regions.slope == (1.0,) * 5
    write_fit(model, fitted)
    assert load_model_card(model).regions == regions


def test_other_operating_points_and_other_files_are_refused(model):
    fitted = made_up_fit()
    with pytest.raises(LearningError, match="operating points must be balanced"):
        write_fit(model, Fit(3.0, fitted.calibration, {"balanced": fitted.operating_points["balanced"]}))
    (model / "model.json").write_text("{}")
    with pytest.raises(LearningError, match="no model that can be calibrated"):
        write_fit(model, dataclasses.replace(fitted, series_rule=RULE))


def test_a_smaller_network_sees_the_same_field_of_view(tmp_path):
    Store.create(tmp_path / "store", PreprocessSettings(size_px=256, mm_per_px=0.8), {})
    runs = write_fake_runs(tmp_path / "runs", stores=(str(tmp_path / "store"),))
    config = json.loads((runs / "config.json").read_text()) | {"size_px": 224}
    (runs / "config.json").write_text(json.dumps(config))
    settings = model_settings(runs)
    assert settings.size_px == 224
    assert settings.size_px * settings.mm_per_px == pytest.approx(256 * 0.8)
    assert settings.channels == NEIGHBORS  # as in recipes that did not tell any
    channels = [{"offset_mm": 0.0, "center_hu": 80.0, "width_hu": 200.0}]
    (runs / "config.json").write_text(json.dumps(config | {"channels": channels}))
    assert model_settings(runs).channels == (Channel(0, 80, 200),)
    with pytest.raises(LearningError, match="are gone"):
        model_settings(write_fake_runs(tmp_path / "others", stores=("nowhere",)))


def test_shipping_needs_the_final_model(tmp_path):
    with pytest.raises(LearningError, match="not been trained yet"):
        ship(tmp_path, tmp_path / "model", version="0.0.1")
