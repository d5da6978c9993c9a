"""A made-up folder of training runs: predictions of real and of synthetic volumes, without any training."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ichviewer.learning.measure import ALL, BINS, HIT, KNOWN, SHARE

TRAITS = ("", "calcified pineal", "streaks,calcified pineal")


def write_fake_runs(
    folder: Path,
    *,
    folds: int = 5,
    patients: int = 30,
    slices: int = 12,
    seed: int = 0,
    synthetic: bool = False,
    unknown: int = 0,
    stores: tuple[str, ...] = (),
) -> Path:
    """Every other patient bleeds in slices 3 to 6, of all types; logits are the truth and noise.

    Parameters
    ----------
    unknown : int
        So many bleeding slices of the first patient get an unknown label of any.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    config = {
        "folds": folds,
        "stores": list(stores),
        "sampling": {"real_positive": 0.3, "painted_positive": 0.1},
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for fold in range(folds):
        mine = np.arange(fold, patients, folds)
        run = folder / f"fold_{fold}"
        run.mkdir()
        labels = np.zeros((len(mine), slices, 6), np.uint8)
        labels[mine % 2 == 0, 3:7] = 1
        columns = _columns([f"p{m:03d}" for m in mine], labels, rng, source="ct-ich")
        if unknown and fold == 0:
            columns["labels"][3 : 3 + unknown, 0] = 255
        np.savez(run / "out_of_fold.npz", **columns)
        lines = [{"step": s, "loss": 1 / s, "ms_per_sample": 50.0, "seconds": 2.0 * s} for s in (5, 10)]
        (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        if synthetic:
            made = fake_synthetic([f"p{m:03d}" for m in mine], rng)
            np.savez(run / "synthetic.npz", **made)
    if synthetic:
        (folder / "final").mkdir()
        made = fake_synthetic(["map-1", "map-2"], rng, "map")
        np.savez(folder / "final" / "synthetic.npz", **made)
    return folder


def fake_synthetic(heads, rng, source="painted", slices=8):
    """A bleed and its clean twin of every head, with masks' figures; the twin is flagged now and then."""
    names, labels = [], []
    for head in heads:
        for end in ("bleed", "clean"):
            names.append(f"{head}-{end}")
            stack = np.zeros((slices, 6), np.uint8)
            if end == "bleed":
                stack[2:6] = 1
            labels.append(stack)
    columns = _columns(names, np.stack(labels), rng, source=source)
    n = len(columns["index"])
    blood = columns["labels"] == 1
    columns["patient"] = np.array([name.rsplit("-", 1)[0] for name in columns["name"].tolist()])
    columns["twin"] = np.array(
        [
            name.replace("-bleed", "-clean") if name.endswith("bleed") else ""
            for name in columns["name"].tolist()
        ]
    )
    columns["traits"] = np.array([TRAITS[i % 3] for i in np.unique(columns["name"], return_inverse=True)[1]])
    columns["blood_ml"] = np.where(blood, rng.uniform(0.1, 6, (n, 6)), 0).astype(np.float32)
    columns["blood_hu"] = np.where(blood, rng.uniform(25, 75, (n, 6)), np.nan).astype(np.float32)
    columns["pointing"] = np.where(blood, rng.random((n, 6)) < 0.8, -1).astype(np.int8)
    columns["place"] = np.where(blood[:, 1:], "convexity", "")
    return columns | fake_region_cells(blood)


def fake_region_cells(blood):
    """Maps of 100 cells of 0.02 mL: 4 of blood at a logit of 2, of which one is missed, and the others at -4."""
    cells = np.zeros((len(blood), 6, 4, BINS), np.float16)
    low, high = int((-4 + 8) / 0.25), int((2 + 8) / 0.25)
    cells[:, :, [ALL, KNOWN], low] = 100
    cells[blood] = 0
    cells[blood, ALL, high] = cells[blood, KNOWN, high] = cells[blood, HIT, high] = cells[
        blood, SHARE, high
    ] = 3
    cells[blood, ALL, low] = cells[blood, KNOWN, low] = 97
    cells[blood, HIT, low] = cells[blood, SHARE, low] = 1
    return {
        "region_cells": cells,
        "region_drawn": np.ones(len(blood), bool),
        "region_cell_ml": np.full(len(blood), 0.02, np.float32),
    }


def _columns(names, labels, rng, *, source):
    count, slices, _ = labels.shape
    flat = labels.reshape(-1, 6)
    return {
        "name": np.repeat(names, slices),
        "patient": np.repeat(names, slices),
        "source": np.full(len(flat), source),
        "index": np.tile(np.arange(slices), count),
        "position_mm": np.tile(np.arange(slices) * 5.0, count).astype(np.float32),
        "slice_mm": np.full(len(flat), 5.0, np.float32),
        "logits": (3.0 * flat - 2.5 + 1.2 * rng.standard_normal(flat.shape)).astype(np.float32),
        "labels": flat.copy(),
        "has_brain": np.ones(len(flat), bool),
    }
