"""What a folder of runs says about itself: its configuration, its data, how long it took."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ichviewer.errors import LearningError
from ichviewer.learning.data import ct_ich
from ichviewer.learning.data.store import RECIPE_NAME, Store
from ichviewer.learning.evaluation.predictions import read_config

LOG = "log.jsonl"

_NAMES = {
    "ct-ich": ct_ich.NAME,
    "rsna": "RSNA 2019",
    "folder": "a folder of DICOM",
    "painted": "painted lesions in real heads",
    "map": "heads made from label maps",
}
CITATIONS: dict[str, dict[str, str]] = {
    "ct-ich": {"name": ct_ich.NAME, "licence": ct_ich.LICENCE, "citation": ct_ich.CITATION},
    "rsna": {
        "name": "RSNA 2019 Brain CT Hemorrhage Challenge",
        "licence": "RSNA Brain CT Hemorrhage Challenge terms of use: non-commercial and academic research",
        "citation": "A. E. Flanders et al., Construction of a Machine Learning Dataset through Collaboration: The "
        "RSNA 2019 Brain CT Hemorrhage Challenge, Radiology: Artificial Intelligence 2(3), 2020",
    },
    "painted": {
        "name": "Hemorrhages painted into slices of CT-ICH without blood, by this program",
        "licence": ct_ich.LICENCE,
        "citation": f"The heads are those of {ct_ich.CITATION}",
    },
    "map": {
        "name": "Heads made from the SynthSeg label maps, by this program",
        "licence": "Apache-2.0",
        "citation": "The maps are those of B. Billot et al., SynthSeg: Segmentation of brain MRI scans of any "
        "contrast and resolution without retraining, Medical Image Analysis 86, 2023",
    },
}


def data_names(sources: list[str]) -> str:
    """Names of sources as a person knows them."""
    return ", ".join(_NAMES.get(source, source) for source in sources)


def synthetic_share(config: dict[str, Any]) -> dict[str, float]:
    """What share of the training batches was painted, made from label maps and real, as the recipe tells.

    The recipe tells shares of pools named ``<kind>_positive`` and ``<kind>_negative``; they need not add up to one.
    """
    sampling = config.get("sampling")
    shares: dict[str, float] = {}
    for name, value in (sampling if isinstance(sampling, dict) else {}).items():
        kind, _, sign = name.rpartition("_")
        if kind and sign in {"positive", "negative"}:
            shares[kind] = shares.get(kind, 0.0) + float(value)
    total = sum(shares.values())
    return {kind: share / total for kind, share in shares.items()} if total > 0 else {}


def stores(config: dict[str, Any]) -> list[Store]:
    """Every store of volumes that a configuration names, to train on or to test on.

    A store that has been removed since is left out: figures can be read without the pictures.
    """
    return _open([*config.get("stores", ()), *config.get("tests", ())])


def training_data(folder: Path) -> list[dict[str, Any]]:
    """Data sets that went into a model, and into the one it started from.

    A head that was prepared at several scales counts once.

    Parameters
    ----------
    folder : Path
        Its runs.

    Returns
    -------
    list of dict
        Name, licence, citation, and numbers of slices and patients.
    """
    names = [name for config in recipes(folder) for name in config.get("stores", ())]
    entries = {entry.name: entry for store in _open(names) for entry in store.entries}
    counts: dict[str, tuple[int, set[str]]] = {}
    for entry in entries.values():
        slices, patients = counts.setdefault(entry.source, (0, set()))
        counts[entry.source] = (slices + entry.slices, patients | {entry.patient})
    return [
        CITATIONS.get(source, {"name": _NAMES.get(source, source), "licence": "", "citation": ""})
        | {"slices": slices, "patients": len(patients)}
        for source, (slices, patients) in counts.items()
    ]


def recipes(folder: Path) -> list[dict[str, Any]]:
    """The configuration of a folder of runs and of those it started from, the first one first."""
    return [read_config(f) for f in rounds(folder)]


def rounds(folder: Path) -> list[Path]:
    """The folder of runs and those whose models it started from, the first one first."""
    return _with_earlier(folder, ())


def _with_earlier(folder: Path, later: tuple[Path, ...]) -> list[Path]:
    named = read_config(folder).get("start_from") or ()
    found: list[Path] = []
    for start in [named] if isinstance(named, str) else named:
        earlier = Path(start).parent.parent
        if earlier not in (folder, *later) and (earlier / "config.json").is_file():
            found += [f for f in _with_earlier(earlier, (folder, *later)) if f not in found]
    return [*found, folder]


def last_trained(folder: Path) -> Path:
    """The last of its rounds that has training steps: a mean of earlier models has none."""
    return next((f for f in reversed(rounds(folder)) if read_config(f).get("phases")), folder)


def training_log(folder: Path) -> list[dict[str, Any]]:
    """How fast each run of a folder went: a row a run, from its log.

    Returns
    -------
    list of dict
        ``run``, ``seconds``, ``ms_per_sample`` (median), and the ``steps``, ``times`` (s), ``losses`` and ``metrics``
        (empty without patients kept back) logged.

    Raises
    ------
    LearningError
        If a log is damaged.
    """
    rows = []
    for path in sorted(folder.glob(f"*/{LOG}")):
        try:
            lines = [
                json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
            ]
            told = [line for line in lines if "loss" in line and "step" in line]
            speeds = [float(line["ms_per_sample"]) for line in told if "ms_per_sample" in line]
            seconds = [float(line["seconds"]) for line in lines if "seconds" in line]
            row = {
                "run": path.parent.name,
                "steps": [int(line["step"]) for line in told],
                "times": [float(line.get("seconds", 0.0)) for line in told],
                "losses": [float(line["loss"]) for line in told],
                "metrics": [dict(line.get("metrics") or {}) for line in told],
                "seconds": max(seconds, default=None),
                "ms_per_sample": float(np.median(speeds)) if speeds else None,
            }
        except (ValueError, TypeError, AttributeError) as error:
            raise LearningError("the log of a run is damaged", str(path), str(error)) from error
        rows.append(row)
    return rows


def _open(names: Iterable[str]) -> list[Store]:
    folders = [Path(name) for name in dict.fromkeys(names)]
    return [Store.open(folder) for folder in folders if (folder / RECIPE_NAME).is_file()]
