"""The files of figures that go with a model: how they are read, and the report made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.services.atomic_file import write_atomically

METRICS_FILE = "metrics.json"
METADATA_FILE = "model.json"
FROZEN_FILE = "frozen.json"
SHEET_COLUMNS = 8


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises
    ------
    LearningError
        If it is missing or no JSON object.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LearningError("the file could not be read", str(path), str(error)) from error
    if not isinstance(data, dict):
        raise LearningError("a JSON object was expected", str(path), type(data).__name__)
    return data


def read_metrics(runs: Path) -> dict[str, Any]:
    """The figures of a folder of runs.

    Raises
    ------
    LearningError
        If they have not been measured, or the runs have gone on since.
    """
    path = runs / METRICS_FILE
    if not path.is_file():
        raise LearningError(
            "these runs have no figures yet; run `ichviewer learn evaluate` on them", str(runs)
        )
    newer = [
        p for p in runs.glob("*/*.npz") if p.stat().st_mtime > path.stat().st_mtime and "check" not in p.name
    ]
    if newer:
        raise LearningError(
            "the runs have gone on since they were evaluated; run `ichviewer learn evaluate` again",
            str(path),
            f"{newer[0].relative_to(runs)} is newer",
        )
    return read_json(path)


def read_frozen(path: Path) -> dict[str, Any] | None:
    """Figures of all versions on the frozen set; None where nothing has been measured.

    Raises
    ------
    LearningError
        If the file is damaged.
    """
    if not path.is_file():
        return None
    frozen = read_json(path)
    if not isinstance(frozen.get("versions"), dict):
        raise LearningError("this file holds no figures of the frozen set", str(path))
    return frozen


def frozen_row_of(model: Path) -> dict[str, Any] | None:
    """Figures of the model in a folder on the frozen set; None where it was not measured there."""
    frozen = read_frozen(model / FROZEN_FILE)
    if frozen is None or not (model / METADATA_FILE).is_file():
        return None
    row: dict[str, Any] | None = frozen["versions"].get(read_json(model / METADATA_FILE).get("version"))
    return row


def write_figure(runs: Path, output: Path) -> None:
    """Write one chart of the AUC of every label with its interval, a file of SVG.

    Raises
    ------
    LearningError
        If the runs have not been evaluated.
    """
    # Here, because it imports SciPy.
    from ichviewer.learning.evaluation.chart import standalone  # noqa: PLC0415
    from ichviewer.learning.evaluation.report_page import auc_chart  # noqa: PLC0415

    metrics = read_metrics(runs)
    patients = metrics["data"]["patients"]
    title = f"AUC over slices of {patients} patients not trained on, with 95 % intervals"
    write_atomically(output, standalone(auc_chart(metrics, title)).encode())


def write_report(
    runs: Sequence[Path], output: Path, *, ablation: Path | None = None, model: Path | None = None
) -> list[str]:
    """Write one page of HTML with every table and figure.

    Parameters
    ----------
    runs : sequence of Path
        Evaluated folders of runs; the first one is told in full, the others are compared with it.
    output : Path
        The page.
    ablation : Path, optional
        Folder of the lines of the ablation table; ``ablation`` beside the first runs unless told.
    model : Path, optional
        Folder of the model of the first runs, for its figures on the frozen set.

    Returns
    -------
    list of str
        What could not be shown, a sentence each.

    Raises
    ------
    LearningError
        If a folder has not been evaluated, or the ablation table cannot be read.
    """
    from ichviewer.learning.evaluation.ablation import read_ablation  # noqa: PLC0415
    from ichviewer.learning.evaluation.report_page import report_page  # noqa: PLC0415
    from ichviewer.learning.evaluation.runs import last_trained, training_log  # noqa: PLC0415

    told = [(folder.name, read_metrics(folder), training_log(last_trained(folder))) for folder in runs]
    sheets, missing = hardest_sheets(told[0][1])
    lines = read_ablation(ablation or runs[0].parent / "ablation")
    page = report_page(
        told,
        ablation=lines,
        sheets=sheets,
        frozen=None if model is None else read_frozen(model / FROZEN_FILE),
        row=None if model is None else frozen_row_of(model),
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(output, page.encode())
    return missing


def hardest_sheets(metrics: dict[str, Any]) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Pictures of the hardest cases, from the stores that the recipe names.

    Parameters
    ----------
    metrics : dict
        Figures of the runs.

    Returns
    -------
    sheets : list of (caption, PNG)
    missing : list of str
        What could not be shown.
    """
    from ichviewer.learning.data.volumes import blood  # noqa: PLC0415
    from ichviewer.learning.evaluation.runs import stores  # noqa: PLC0415
    from ichviewer.learning.evaluation.sheet import Tile, contact_sheet, png  # noqa: PLC0415

    found = stores(metrics.get("recipe", {}))
    sheets, missing = [], []
    real, made = metrics.get("hardest", {}), (metrics.get("synthetic") or {}).get("hardest", {})
    captions = [
        (
            real,
            "false_positives",
            "Real slices without blood that got the highest probabilities, the worst first.",
        ),
        (
            real,
            "false_negatives",
            "Real slices with blood that got the lowest probabilities, the worst first.",
        ),
        (made, "false_positives", "Made slices without blood that got the highest probabilities."),
        (made, "false_negatives", "Made slices with blood, outlined, that got the lowest probabilities."),
    ]
    for cases, key, caption in captions:
        tiles = []
        for case in cases.get(key, []):
            store = next((s for s in found if case["series"] in s), None)
            if store is None:
                missing.append(case["series"])
                continue
            volume = store.load(case["series"])
            i = case["index"]
            mask = None if volume.masks is None else blood(volume.masks[i])
            truth = ", ".join(label for label in case["labels"] if label != "any") or "no blood"
            said = f"any {case['probabilities'][0]:.2f}"
            tiles.append(
                Tile(
                    volume.grey(i, store.settings), (f"{case['series']} / {i + 1}", f"{said}; {truth}"), mask
                )
            )
        if tiles:
            sheets.append((caption, png(contact_sheet(tiles, SHEET_COLUMNS))))
    if not missing:
        return sheets, []
    return sheets, [
        f"no pictures of {len(missing)} of the hardest cases, as of {missing[0]}: no store has them"
    ]
