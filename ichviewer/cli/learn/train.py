"""`ichviewer learn train`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.learning.config import read_config


@click.command()
@click.argument("config", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), default=Path("runs/first"), show_default=True
)
@click.option("--fold", "folds", type=int, multiple=True, help="Only this fold; may be given several times.")
@click.option(
    "--folds/--no-folds", "do_folds", default=True, show_default=True, help="Train with each fold left out."
)
@click.option(
    "--final/--no-final", "do_final", default=True, show_default=True, help="Train on all patients."
)
def train(config: Path, folder: Path, folds: tuple[int, ...], do_folds: bool, do_final: bool) -> None:
    """Train by CONFIG, a TOML file. A run that was stopped goes on from its last checkpoint."""
    # Here, because TensorFlow takes seconds to import and reads its settings once.
    from ichviewer.learning.train import StepReport, train_final, train_folds  # noqa: PLC0415

    def report(told: StepReport) -> None:
        click.echo(
            f"{told.run} step {told.step}/{told.steps} loss {told.loss:.4f} "
            f"{told.ms_per_sample:.0f} ms/slice, {told.seconds_left / 60:.1f} min left in this run",
            err=True,
        )

    recipe = read_config(config)
    if do_folds:
        train_folds(recipe, folder, report, folds or None)
    if do_final:
        train_final(recipe, folder, report)
