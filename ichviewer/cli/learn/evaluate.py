"""`ichviewer learn evaluate`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.bundle import model_dir
from ichviewer.cli.console import say
from ichviewer.cli.options import EXISTING_FILE, FOLDER
from ichviewer.learning.evaluation.aims import aims_table
from ichviewer.learning.evaluation.tables import summary
from ichviewer.learning.report import METRICS_FILE, frozen_row_of, read_json


@click.command()
@click.argument("runs", type=FOLDER, default=Path("runs/train"))
@click.option("--bundled", is_flag=True, help="Print the figures that ship with the model; needs no data.")
@click.option(
    "-o",
    "--out",
    type=FOLDER,
    help=f"Also write {METRICS_FILE} into this folder, e.g. model/. It always goes into RUNS.",
)
@click.option(
    "--resamples", type=click.IntRange(1), default=1000, show_default=True, help="Draws of the patients."
)
@click.option("--seed", default=1, show_default=True, help="Of the draws.")
@click.option("--partial", is_flag=True, help="Be content with the folds that have been trained.")
@click.option(
    "--ablation",
    nargs=2,
    metavar="NAME WHAT",
    help="Also write a line of the ablation table: ablation/NAME.json beside RUNS.",
)
@click.option(
    "--external",
    type=EXISTING_FILE,
    help="Predictions of the final model for another data set, as an external test.",
)
def evaluate(
    *,
    runs: Path,
    bundled: bool,
    out: Path | None,
    resamples: int,
    seed: int,
    partial: bool,
    ablation: tuple[str, str] | None,
    external: Path | None,
) -> None:
    """Print what the model reached on patients it was not trained on, from the folds in RUNS.

    RUNS is what `ichviewer learn train` wrote. Every figure is of patients that the model had not seen, with
    calibration and thresholds fitted on the other folds; intervals come from drawing the patients again.
    """
    if bundled:
        metrics = read_json(model_dir() / METRICS_FILE)
        click.echo(f"{summary(metrics)}\n\n{aims_table(metrics, frozen_row_of(model_dir())).text()}")
        return
    # Here, because SciPy takes a while to import.
    from ichviewer.learning.evaluate import evaluate_runs, write_metrics  # noqa: PLC0415
    from ichviewer.learning.evaluation.ablation import ablation_line  # noqa: PLC0415
    from ichviewer.learning.ship import write_json  # noqa: PLC0415

    metrics = evaluate_runs(runs, resamples=resamples, seed=seed, external=external, partial=partial)
    for folder in dict.fromkeys([runs, *([out] if out else [])]):
        write_metrics(metrics, folder / METRICS_FILE)
        say(f"written to {folder / METRICS_FILE}")
    if ablation is not None:
        line = runs.resolve().parent / "ablation" / f"{ablation[0]}.json"
        write_json(ablation_line(metrics, *ablation), line)
        say(f"written to {line}")
    click.echo(f"{summary(metrics)}\n\n{aims_table(metrics).text()}")
