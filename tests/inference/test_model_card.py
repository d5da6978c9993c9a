from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.errors import ModelError
from ichviewer.inference.model_card import LARGEST_CARD_BYTES, load_model_card, sha256_of, verify_file
from ichviewer.inference.preprocess import NEIGHBORS, Channel, PreprocessSettings

RULE = {"method": "top_means", "weights": [0.5, 0.25, 0], "intercept": [-1.0, 0, 0, 0, 0, 0.5]}

REGIONS = {"stride_px": 8, "slope": [1.0] * 5, "intercept": [0.5] * 5, "threshold": [0.4] * 5}


def test_reads_everything(tiny_card):
    assert (tiny_card.name, tiny_card.version) == ("tiny", "1.0")
    assert tiny_card.preprocessing.size_px == 32
    assert tiny_card.preprocessing.clip_hu == (-20.0, 100.0)
    assert tiny_card.preprocessing.channels == NEIGHBORS
    assert tiny_card.sigma_mm == 2.5
    assert tiny_card.calibration == PlattCalibration.identity()
    assert tiny_card.point.name == "balanced"
    assert tiny_card.operating_point("high_sensitivity").threshold(Hemorrhage.SUBDURAL) == 0.2
    assert tiny_card.keras_file.name == "ich.keras"
    assert tiny_card.litert_exported_from == tiny_card.keras_sha256
    assert tiny_card.training_data[0].name == "nothing: random weights"
    assert (tiny_card.regions, tiny_card.region_shape, tiny_card.quantization) == (None, None, "none")
    assert tiny_card.input_shape == (32, 32, 3)


def test_reads_what_a_model_with_maps_says(edit_card):
    def change(data):
        data["regions"] = REGIONS
        data["files"]["ich.tflite"]["quantization"] = "int8"

    card = load_model_card(edit_card(change))
    assert card.regions.to_json() == REGIONS
    assert card.region_shape == (4, 4, 5)
    assert card.quantization == "int8"


def test_a_series_rule_is_read_where_there_is_one(edit_card, tiny_card):
    assert tiny_card.series_rule is None
    rule = load_model_card(edit_card(lambda d: d.update(series_rule=RULE))).series_rule
    assert rule == SeriesRule((0.5, 0.25, 0.0), (-1.0, 0.0, 0.0, 0.0, 0.0, 0.5))
    assert load_model_card(edit_card(lambda d: d.update(series_rule=None))).series_rule is None


def test_reads_channels_of_any_number_and_window(edit_card):
    settings = PreprocessSettings(64, 2.0, (-100.0, 300.0), (Channel(0, 40, 80), Channel(0, 80, 200)))
    folder = edit_card(lambda d: d.update(preprocessing=settings.to_json()))
    assert load_model_card(folder).preprocessing == settings


def test_folder_card_and_keras_file_name_the_same_model(tiny_card):
    folder = tiny_card.folder
    for path in (folder / "model.json", folder / "ich.keras"):
        assert load_model_card(path).keras_sha256 == tiny_card.keras_sha256


def test_a_keras_file_of_another_name(edit_card, tiny_card):
    folder = edit_card(lambda d: d["files"].update({"mine.keras": d["files"].pop("ich.keras")}))
    (folder / "ich.keras").rename(folder / "mine.keras")
    assert load_model_card(folder / "mine.keras").keras_file == folder / "mine.keras"
    assert load_model_card(folder).keras_file == folder / "mine.keras"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(format=2), "'format' must be 1"),
        (lambda d: d.pop("format"), "'format' is missing"),
        (lambda d: d["labels"].reverse(), "'labels' must be"),
        (lambda d: d.update(outputs="probabilities"), "'outputs' must be 'logits'"),
        (lambda d: d["preprocessing"].update(version=99), "'preprocessing.version' must be 1 or 2"),
        (lambda d: d["preprocessing"].pop("size_px"), "preprocessing settings are incomplete"),
        (lambda d: d["preprocessing"].update(mm_per_px=-1), "must be positive"),
        (lambda d: d["smoothing"].update(sigma_mm="wide"), "'smoothing.sigma_mm' is of the wrong kind"),
        (lambda d: d["smoothing"].update(sigma_mm=True), "'smoothing.sigma_mm' is of the wrong kind"),
        (lambda d: d["smoothing"].update(sigma_mm=-1.0), "sigma must lie within"),
        (lambda d: d["calibration"].update(method="isotonic"), "'calibration.method' must be 'platt'"),
        (lambda d: d["calibration"].update(slope=[1.0] * 5), "'calibration.slope' must be 6 numbers"),
        (lambda d: d["calibration"].update(slope=[-1.0] * 6), "slopes must be positive"),
        (lambda d: d["operating_points"].update(balanced=[0.0] * 6), "thresholds in (0, 1]"),
        (lambda d: d.update(default_operating_point="best"), "default operating point must be one of"),
        (lambda d: d.update(files={}), "exactly one .keras file"),
        (lambda d: d["files"]["ich.keras"].update(sha256="abc"), "must be a SHA-256"),
        (lambda d: d["files"]["ich.tflite"].pop("exported_from_sha256"), "exported_from_sha256' must be"),
        (lambda d: d.update(training_data=[{}]), "malformed"),
        (lambda d: d.update(series_rule=[1.0]), "'series_rule.method' is missing"),
        (
            lambda d: d.update(series_rule=RULE | {"method": "lstm"}),
            "'series_rule.method' must be 'top_means'",
        ),
        (
            lambda d: d.update(series_rule=RULE | {"weights": [1.0] * 4}),
            "'series_rule.weights' must be 3 numbers",
        ),
        (lambda d: d.update(series_rule=RULE | {"weights": [1.0, -1.0, 0.0]}), "must not be negative"),
        (lambda d: d.update(series_rule=RULE | {"weights": [0, 0, 0]}), "nor all zero"),
        (
            lambda d: d.update(series_rule=RULE | {"intercept": [True] * 6}),
            "'series_rule.intercept' must be 6",
        ),
        (lambda d: d.update(series_rule=RULE | {"intercept": [float("nan")] * 6}), "6 intercepts"),
        (lambda d: d.update(series_rule={"method": "top_means"}), "'series_rule.weights' is missing"),
        (lambda d: d["files"]["ich.tflite"].update(quantization="int4"), "must be 'none' or 'int8'"),
        (lambda d: d["files"]["ich.tflite"].update(quantization=8), "quantization' is of the wrong kind"),
        (lambda d: d.update(regions=[8]), "'regions' is of the wrong kind"),
        (lambda d: d.update(regions={"stride_px": 8}), "the settings of regions are incomplete"),
        (lambda d: d.update(regions=REGIONS | {"stride_px": 5}), "must divide the size of 32"),
        (lambda d: d.update(regions=REGIONS | {"threshold": [0.0] * 5}), "thresholds must lie between"),
    ],
)
def test_refuses_what_does_not_fit(edit_card, change, words):
    folder = edit_card(change)
    with pytest.raises(ModelError) as caught:
        load_model_card(folder)
    assert words in str(caught.value)
    assert str(folder / "model.json") in str(caught.value)


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", "\ud800"])
def test_refuses_what_is_no_json_object(model_copy, text):
    (model_copy / "model.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ModelError, match="metadata"):
        load_model_card(model_copy)


def test_no_model(tmp_path: Path):
    with pytest.raises(ModelError, match=r"model\.json is missing"):
        load_model_card(tmp_path)


def test_unknown_operating_point(tiny_card):
    with pytest.raises(ModelError, match="balanced, high_sensitivity"):
        tiny_card.operating_point("lucky")


def test_hashes(tmp_path: Path):
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    # FIPS 180-2, appendix B.1.
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(path) == digest == hashlib.sha256(b"abc").hexdigest()
    verify_file(path, digest)
    with pytest.raises(ModelError, match="is not the one"):
        verify_file(path, "0" * 64)
    with pytest.raises(ModelError, match="missing"):
        verify_file(tmp_path / "g", digest)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "too deeply nested"),
        ('{"a":' * 100_000, "too deeply nested"),
        ("[]", "not a JSON object"),
        ("9" * 5000, "4300 digits"),
        ("\udcff", "cannot be read"),
        (" " * (LARGEST_CARD_BYTES + 1), "larger than"),
        ('{"format": 1e999}', "'format'"),
    ],
    ids=["lists", "objects", "no object", "digits", "no UTF-8", "large", "infinite"],
)
def test_metadata_that_is_something_else_is_told(tmp_path, text, words):
    (tmp_path / "model.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match=words):
        load_model_card(tmp_path)


@pytest.mark.parametrize("name", ["smoothing", "calibration", "operating_points", "series_rule"])
def test_numbers_too_large_for_a_float_are_told(edit_card, name):
    huge = 10**400

    def edit(data):
        if name == "smoothing":
            data["smoothing"]["sigma_mm"] = huge
        elif name == "calibration":
            data["calibration"]["slope"][0] = huge
        elif name == "series_rule":
            data["series_rule"] = RULE | {"weights": [huge, 0, 0]}
        else:
            data["operating_points"]["balanced"][0] = huge

    with pytest.raises(ModelError):
        load_model_card(edit_card(edit))


@pytest.mark.parametrize("name", ["x" * 300, "nul\0", "/dev/zero", "/dev/null", "/proc/self/mem"])
def test_a_model_may_be_anything(name):
    with pytest.raises(ModelError):
        load_model_card(Path(name))


def test_metadata_that_is_a_pipe_or_a_folder_is_told(tmp_path):
    (tmp_path / "a" / "model.json").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "model.json")
    for name in ("a", "b"):
        with pytest.raises(ModelError, match="not a regular file"):
            load_model_card(tmp_path / name)


@pytest.mark.parametrize("name", ["x" * 300 + ".keras", "nul\0.keras"])
def test_a_file_name_that_cannot_be_is_told(edit_card, name):
    folder = edit_card(lambda d: d["files"].update({name: d["files"].pop("ich.keras")}))
    with pytest.raises(ModelError):
        verify_file(load_model_card(folder).keras_file, "0" * 64)
