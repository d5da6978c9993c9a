"""The whole chain on a tiny data set in RSNA layout with its defects, command by command, and what ships from it."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from label_map_factory import write_label_map

from ichviewer.__main__ import main
from ichviewer.inference.model_card import load_model_card
from ichviewer.learning.data.store import Store
from ichviewer.learning.evaluate import shipped_series_rule

sys.path.insert(0, str(Path(__file__).parent / "data"))
from rsna_like import write_rsna_like

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"),
]

RECIPE = """
stores = ["{root}/real", "{root}/painted", "{root}/maps"]
folds = 2
size_px = 64
weights = "random"
batch = 8
phases = [{{ size_px = 32, steps = 2 }}, {{ size_px = 64, steps = 2 }}]
learning_rate = 3e-3
held_norm_blocks = 1
checkpoint_steps = 2
"""


def run(*arguments, code=0):
    assert main([str(a) for a in arguments]) == code, arguments


@pytest.fixture(scope="module")
def chain(small_network, tmp_path_factory):
    root = tmp_path_factory.mktemp("chain")
    data = write_rsna_like(root / "rsna", patients=6, slices=8)
    grid = ("--size-px", 64, "--mm-per-px", 3.2)
    # The truncated file makes it a run with failures.
    run("learn", "prepare", root / "rsna", "-o", root / "real", *grid, "--workers", 0, code=3)
    run("learn", "synthesise", "-o", root / "painted", "--onto", root / "real", "-n", 1, "--workers", 1)
    write_label_map(root, 1)
    run("learn", "synthesise", "-o", root / "maps", "--maps", root, "-n", 1, *grid, "--workers", 1)
    (root / "recipe.toml").write_text(RECIPE.format(root=root), encoding="utf-8")
    run("learn", "train", root / "recipe.toml", "-o", root / "runs", "--test", root / "maps")
    run("learn", "export", root / "runs", "-o", root / "model", "--version", "0.0.1", "--int8")
    return root, data


def test_prepared_and_made_volumes_are_there(chain):
    root, data = chain
    real = Store.open(root / "real")
    slices = sum(entry.slices for entry in real.entries)
    assert slices == len(data.labels) - 1  # the truncated one is left out or repaired, and named
    assert data.truncated.name in (root / "real" / "unreadable.jsonl").read_text(encoding="utf-8")
    assert {entry.source for entry in Store.open(root / "maps").entries} == {"map"}


def test_what_ships_is_complete_and_the_product_reads_it(chain):
    root, _ = chain
    names = {path.name for path in (root / "model").iterdir()}
    assert names >= {"MODEL_CARD.md", "ich.keras", "ich.tflite", "metrics.json", "model.json"}
    card = load_model_card(root / "model")
    assert (card.preprocessing.size_px, card.preprocessing.mm_per_px) == (64, 3.2)
    # Whether 8-bit integers are good enough for so small a network, nobody knows; either way it is on record.
    entry = card.raw["files"]["ich.tflite"]
    assert ("mean_logit_difference" in entry) == (card.quantization == "int8")
    golden = json.loads((root / "model" / "golden.json").read_text(encoding="utf-8"))
    assert ("quantized" in golden) == (card.quantization == "int8")
    metrics = json.loads((root / "model" / "metrics.json").read_text(encoding="utf-8"))
    assert card.series_rule == shipped_series_rule(metrics)
    text = (root / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "External test: none yet" in text


def test_judging_and_reporting_go_on_from_the_runs(chain):
    root, _ = chain
    run("learn", "evaluate", root / "runs", "-o", root / "model", "--resamples", 20)
    run("learn", "calibrate", root / "runs", "-o", root / "model", "--no-golden")
    run("learn", "report", root / "runs", "-o", root / "report.html", "--model", root / "model")
    page = (root / "report.html").read_text(encoding="utf-8")
    assert "data:image/" in page
    metrics = json.loads((root / "model" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics


def test_exploring_draws_the_stores(chain):
    root, _ = chain
    run("learn", "explore", root / "real", root / "maps", "-o", root / "explored")
    assert (root / "explored" / "index.html").exists()
    assert list((root / "explored").glob("*.png"))


def test_the_model_fills_a_submission_for_every_image(chain):
    root, data = chain
    # The truncated file makes it a run with failures.
    arguments = ["learn", "submit", data.folder, "--model", root / "model", "-o", root / "submission.csv"]
    assert main([str(a) for a in arguments]) in {0, 3}
    with (root / "submission.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 * len(data.labels)
    values = np.array([float(row["Label"]) for row in rows])
    assert ((values > 0) & (values < 1)).all()
