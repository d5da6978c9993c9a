"""A shipped model on the frozen set: its inputs, its answers, and versions side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ichviewer.__main__ import main
from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.errors import LearningError
from ichviewer.inference.engine import Outputs
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.preprocess import Channel, PreprocessSettings
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.data.ct_ich import by_patient, read_table
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.evaluation.frozen import answers_of, frozen_row, inputs_for, record, scan_row
from ichviewer.learning.evaluation.frozen_set import REAL_PATIENTS, check_member, is_old_with_mimics
from ichviewer.learning.evaluation.frozen_tables import frozen_tables
from ichviewer.learning.evaluation.predictions import from_columns
from ichviewer.learning.report import read_frozen
from ichviewer.learning.split import split_patients

TINY = Path(__file__).parents[2] / "inference" / "tiny_model"
STORE = PreprocessSettings(size_px=64, mm_per_px=3.5, channels=(Channel(),))
VERSION_1 = PreprocessSettings.from_json(
    {
        "version": 1,
        "size_px": 64,
        "mm_per_px": 3.5,
        "window_center_hu": 40.0,
        "window_width_hu": 120.0,
        "slice_offsets_mm": [-5.0, 0.0, 5.0],
    }
)
DOUBT = 0.0
SURE = 3.0


def volume(name="map-19-09101-p09101-bleed", *, patient="map-19", blood_hu=80, traits=()):
    """Four slices of 30 HU; the third has a square of subdural blood, or none if it has 30 HU."""
    hu = np.full((4, 64, 64), 30, np.int16)
    hu[2, 20:40, 20:40] = blood_hu
    masks, labels = np.zeros(hu.shape, np.uint8), np.zeros((4, 6), np.uint8)
    if blood_hu != 30:
        masks[2, 20:40, 20:40] = 1 << 4
        labels[2, [0, 5]] = 1
    positions = np.arange(4, dtype=np.float32) * 5
    return Volume(name, patient, "map", hu, positions, labels, np.ones(4, bool), masks, traits=traits)


class BrightEngine:
    """Says 3 for any and subdural where the picture holds anything above 60 HU, else 0 and -3."""

    name = "fake"
    batch_size = 1
    at_once = 1

    def run(self, inputs):
        bright = (inputs[..., 1] > 170).any(axis=(1, 2))
        logits = np.full((len(inputs), 6), -SURE)
        logits[:, 0] = DOUBT
        logits[bright] = SURE
        return Outputs(logits.astype(np.float64))

    def close(self):
        pass


@pytest.fixture
def card():
    plain = OperatingPoint("balanced", (0.6,) * 6)
    return replace(
        load_model_card(TINY),
        preprocessing=VERSION_1,
        sigma_mm=0.0,
        calibration=PlattCalibration.identity(),
        operating_points={
            "balanced": plain,
            "high_sensitivity": OperatingPoint("high_sensitivity", (0.4,) * 6),
        },
    )


@pytest.fixture
def frozen_store(tmp_path):
    store = Store.create(tmp_path / "frozen", STORE, {})
    store.add(volume())
    clean = volume("map-19-09101-p09101-clean", blood_hu=30, traits=("wide-sulci", "calcified-falx"))
    store.add(replace(clean, twin="map-19-09101-p09101-bleed"))
    real = volume("ct-ich-060-p09102-bleed", patient="ct-ich-060")
    store.add(real)
    return store


def test_inputs_are_those_of_the_store_where_the_settings_are_alike():
    made = replace(STORE, channels=VERSION_1.channels)
    assert (inputs_for(volume(), made, made) == volume().inputs(made)).all()
    # Version 1 clips to its window, which changes no grey level.
    assert (inputs_for(volume(), STORE, VERSION_1) == volume().inputs(made)).all()


def test_inputs_are_cut_out_and_scaled_around_the_middle():
    half = replace(VERSION_1, size_px=32, mm_per_px=3.5)
    assert (
        inputs_for(volume(), STORE, half) == inputs_for(volume(), STORE, VERSION_1)[:, 16:48, 16:48]
    ).all()
    coarse = inputs_for(volume(), STORE, replace(VERSION_1, size_px=32, mm_per_px=7.0))
    assert coarse.shape == (4, 32, 32, 3)
    # (30 + 20) / 120 * 255 and (80 + 20) / 120 * 255, rounded.
    assert coarse[2, 5, 5].tolist() == [106, 106, 106]
    assert coarse[2, 15, 15].tolist() == [106, 213, 106]
    wide = inputs_for(volume(), STORE, replace(VERSION_1, size_px=96))
    assert (wide[:, :15] == 0).all()


def test_a_type_is_flagged_only_where_any_is(card):
    # The logistic of 1 is 0.73.
    points = {"balanced": OperatingPoint("balanced", (0.7, *(0.6,) * 5))}
    columns = {
        "patient": np.array(["a", "a"]),
        "index": np.arange(2),
        "logits": np.array([[1.0, -3, -3, -3, -3, 1.0], [0.7, -3, -3, -3, -3, 0.7]]),
        "labels": np.zeros((2, 6), np.uint8),
    }
    flags = answers_of(replace(card, operating_points=points), from_columns(columns)).flags["balanced"]
    # The logistic of 0.7 is 0.67: enough for the type, too little for any.
    assert flags.tolist() == [[True, False, False, False, False, True], [False] * 6]


def test_figures_worked_by_hand(card, frozen_store):
    row = frozen_row([frozen_store], card, BrightEngine(), resamples=10, seed=1)
    assert (row["version"], row["engine"]) == (card.version, "fake")
    figures = row["sets"]["all"]
    assert (figures["slices"], figures["series"], figures["heads"]) == (12, 3, 2)
    assert figures["labels"]["any"]["auc"] == figures["labels"]["subdural"]["auc"] == 1.0
    # 0.5 in the ten slices without blood is not flagged at 0.6, but at 0.4.
    points = figures["labels"]["any"]["operating_points"]
    assert (points["balanced"]["specificity"], points["high_sensitivity"]["specificity"]) == (1.0, 0.0)
    assert row["sets"]["heads from maps"]["slices"] == 8
    assert row["sets"]["real heads"]["slices"] == 4
    assert (row["clean_old"]["series"], row["clean_old"]["slices"]) == (1, 4)
    assert row["clean_old"]["false_positives"]["balanced"] == 0.0
    assert row["clean_old"]["false_positives"]["high_sensitivity"] == 1.0
    # 5 mm below the highest slice.
    assert [(f["place"], f["slices"]) for f in row["by_place"]] == [("vertex", 2)]
    # 20 x 20 pixels of 3.5 mm, 5 mm thick: 24.5 mL of 80 HU.
    assert [(f["low"], f["slices"]) for f in row["by_volume_ml"]["subdural"]] == [(4.0, 2)]
    assert [(f["low"], f["slices"]) for f in row["by_hu"]["subdural"]] == [(55.0, 2)]
    assert row["twins"]["pairs"] == 1


def test_maps_are_judged_as_they_ship(card, frozen_store):
    class PointingEngine(BrightEngine):
        def run(self, inputs):
            # Cells of 8 pixels: the blood fills rows and columns 3 and 4, and half of 2.
            maps = np.full((len(inputs), 8, 8, 5), -5.0, np.float32)
            maps[:, 3:5, 3:5, 4] = 2.0
            maps[:, 3, 3, 4] = 3.0
            return Outputs(super().run(inputs).logits, maps)

    regions = RegionSettings(8, (1.0,) * 5, (0.0,) * 5, (0.5,) * 5)
    row = frozen_row([frozen_store], replace(card, regions=regions), PointingEngine(), resamples=10, seed=1)
    assert list(row["regions"]) == ["subdural"]
    assert row["regions"]["subdural"]["pointing"] == 1.0
    # Of 3 x 3 cells, of which the corner at a quarter is none, 2 x 2 are found: 2 * 4 / (4 + 8).
    assert row["regions"]["subdural"]["dice"] == pytest.approx(8 / 12)
    wider = replace(card, regions=regions, preprocessing=replace(VERSION_1, mm_per_px=4.0))
    assert "regions" not in frozen_row([frozen_store], wider, PointingEngine(), resamples=10, seed=1)


@pytest.mark.parametrize("name", ["map-18-09101-p09101-bleed", "map-19-09101-p00007-bleed", "map-19-x"])
def test_what_is_not_of_the_set_is_refused(name):
    with pytest.raises(LearningError, match="frozen set"):
        check_member(volume(name, patient=name[:6]))


def test_old_heads_with_mimics_are_told_by_their_traits():
    assert is_old_with_mimics(["wide-sulci", "clip"])
    assert not is_old_with_mimics(["wide-sulci", "soft-kernel"])
    assert not is_old_with_mimics(["clip"])


def test_versions_stand_side_by_side_and_only_on_the_same_set(card, frozen_store, tmp_path):
    path = tmp_path / "frozen.json"
    row = frozen_row([frozen_store], card, BrightEngine(), resamples=10, seed=1)
    record(row | {"version": "1.0.0", "ge": {"slices": 28, "analysed": 27, "flagged": 1}}, path)
    frozen = record(row | {"version": "0.4.0"}, path)
    assert read_frozen(path) == frozen
    main_table, *others = frozen_tables(frozen)
    assert main_table.header == ("figure", "0.4.0", "1.0.0")
    cells = {line[0]: line[1:] for line in main_table.rows}
    assert cells["AUC of any, 12 slices"][0].startswith("1.000")
    assert cells["GE head CT without acute blood: slices flagged"] == ("-", "1 of 28")
    assert {table.header[0] for table in others} == {"type", "place", "put in"}
    again = record(row | {"version": "0.4.0"}, path)
    assert list(again["versions"]) == ["0.4.0", "1.0.0"]
    frozen_store.add(volume("map-20-09101-p09101-bleed", patient="map-20"))
    other = frozen_row([frozen_store], card, BrightEngine(), resamples=10, seed=1)
    with pytest.raises(LearningError, match="must stay the same"):
        record(other | {"version": "2.0.0"}, path)
    assert read_frozen(path) == again


def test_the_command_runs_a_model_as_it_ships(frozen_store, tmp_path, capsys):
    out = tmp_path / "out" / "frozen.json"
    args = [
        "learn",
        "evaluate-frozen",
        "--store",
        str(frozen_store.folder),
        "--model",
        str(TINY),
        "-o",
        str(out),
    ]
    assert main([*args, "--resamples", "5"]) == 0
    assert "AUC of any, 12 slices" in capsys.readouterr().out
    row = read_frozen(out)["versions"]["1.0"]
    assert (row["engine"], len(row["model_sha256"])) == ("litert", 64)


def test_a_damaged_file_of_versions_is_refused(tmp_path):
    (tmp_path / "frozen.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LearningError, match="no figures"):
        read_frozen(tmp_path / "frozen.json")
    assert read_frozen(tmp_path / "nothing.json") is None
    assert frozen_tables(None) == []


@pytest.mark.realdata
def test_the_two_patients_have_no_blood_and_lie_in_one_fold(shared_data):
    labels = {
        f"ct-ich-{number:03d}": np.array([item.labels for item in slices]).any(axis=0)
        for number, slices in by_patient(read_table(shared_data / "ct-ich"))
    }
    for folds in (2, 4, 5):
        of = split_patients(labels, folds, 1)
        assert len({of[patient] for patient in REAL_PATIENTS}) == 1
    assert not any(labels[patient].any() for patient in REAL_PATIENTS)


@pytest.mark.realdata
def test_a_real_scan_is_counted_slice_by_slice(shared_data):
    row = scan_row(shared_data / "ge-head-ct", TINY)
    assert row["slices"] == 28
    assert 20 <= row["analysed"] <= 28
    assert 0 <= row["flagged"] <= row["analysed"]
