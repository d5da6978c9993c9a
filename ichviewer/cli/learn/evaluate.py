"""`ichviewer learn evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ichviewer.bundle import model_dir
from ichviewer.cli.console import say
from ichviewer.learning.report import METRICS_FILE, read_json, summary


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("runs/first"))
@click.option("--bundled", is_flag=True, help="Print the figures that ship with the model; needs no data.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Also write them, e.g. to model/{METRICS_FILE}.",
)
def evaluate(folder: Path, bundled: bool, save: Path | None) -> None:
    """Print what the model reached on the patients left out, from the runs in FOLDER."""
    if bundled:
        metrics = read_json(model_dir() / METRICS_FILE)
    else:
        # Here, because SciPy and scikit-learn take a while to import.
        from ichviewer.learning.evaluate import evaluate_runs  # noqa: PLC0415

        metrics = evaluate_runs(folder)
    if save is not None:
        save.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
        say(f"written to {save}")
    click.echo(summary(metrics))
