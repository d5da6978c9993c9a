"""A second model, added from outside, on its way to the CSV: the trial of the interface."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from plugins.intracranial_volume import IntracranialVolume
from synthetic_head import SPACING_MM, head_hu

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.model_result import NotMeasured
from ichviewer.inference.model_card import load_model_card
from ichviewer.services.analysis_process import AnalysisProcess
from ichviewer.services.series_models import registered

TESTS = Path(__file__).parents[1]
TINY = TESTS / "inference" / "tiny_model"
COLUMN = "intracranial.volume_ml"

# Brain of the synthetic head: half axes of 75 - 10 and 90 - 10 mm; six slices of 5 mm.
VOLUME_ML = math.pi * 65 * 80 * 6 * 5 / 1000


def write_head(folder: Path, places: tuple[int, ...] = (0, 1, 2, 3, 4, 5)) -> Path:
    for i in places:
        spacing = (SPACING_MM, SPACING_MM)
        ds = make_slice(hu=head_hu(30 + i), z_mm=5.0 * i, instance_number=i, pixel_spacing_mm=spacing)
        write(folder / str(i), ds)
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment in which a package with the model is installed: its metadata name the one line."""
    package = tmp_path / "site" / "icv-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: icv\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(
        "[ichviewer.models]\nicv = plugins.intracranial_volume:IntracranialVolume\n"
    )
    path = os.pathsep.join([str(package.parent), str(TESTS), str(TESTS.parent)])
    return {**os.environ, "PYTHONPATH": path, "XDG_CONFIG_HOME": str(tmp_path / "config")}


def annotated(folder: Path, out: Path, environment: dict[str, str]) -> list[dict[str, str]]:
    command = [sys.executable, "-m", "ichviewer", "annotate", str(folder), "--model", str(TINY)]
    subprocess.run([*command, "--out", str(out)], env=environment, check=False, capture_output=True)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_installed_model_stands_in_the_csv_and_the_json(tmp_path, installed):
    rows = annotated(write_head(tmp_path / "head"), tmp_path / "f.csv", installed)
    assert list(rows[0])[-3:] == ["flagged", "note", COLUMN]
    assert {row["status"] for row in rows} == {"analysed"}
    (told,) = {row[COLUMN] for row in rows}
    assert float(told) == pytest.approx(VOLUME_ML, rel=0.01)
    assert not any("not_measured" in row["note"] for row in rows)
    data = json.loads((tmp_path / "f.csv.json").read_text(encoding="utf-8"))
    (model,) = data["further_models"]
    assert (model["id"], model["name"]) == ("intracranial", "Intracranial volume 1.0")
    assert model["outputs"] == [
        {"name": "volume", "words": "Intracranial volume estimate", "scope": "series", "unit": "mL"}
    ]
    assert data["series"][0]["further"] == [
        {
            "model": "intracranial",
            "series": {"volume": {"value": float(told), "reason": None}},
            "slices": {},
        }
    ]
    assert data["model"]["name"] == "tiny"


def test_a_gap_leaves_the_cell_empty_and_the_note_says_so(tmp_path, installed):
    folder = write_head(tmp_path / "head", (0, 1, 2, 4, 5, 6, 7))
    write(tmp_path / "head" / "mr", make_slice(modality="MR", series="mr"))
    rows = annotated(folder, tmp_path / "f.csv", installed)
    assert len(rows) == 8
    assert {row[COLUMN] for row in rows} == {""}
    assert all(row["note"].split(";")[-1] == "not_measured" for row in rows)
    data = json.loads((tmp_path / "f.csv.json").read_text(encoding="utf-8"))
    reasons = {s["further"][0]["series"]["volume"]["reason"] for s in data["series"]}
    assert reasons == {
        "not measured: slices seem to be missing",
        "not measured: not a CT image",
    }


def test_a_registered_model_runs_in_the_process_that_analyzes(tmp_path):
    series = read_catalog([write_head(tmp_path / "head")]).series[0]
    with registered(IntracranialVolume()):
        process = AnalysisProcess(load_model_card(TINY), "litert")
    try:
        (result,) = process.annotate(series).further
    finally:
        process.close()
    (value,) = result.values
    assert not isinstance(value, NotMeasured)
    assert value == pytest.approx(VOLUME_ML, rel=0.01)
    assert all(result.pixel_hashes)
