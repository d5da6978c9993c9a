"""`ichviewer learn train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ichviewer.cli.options import EXISTING_FILE
from ichviewer.learning.config import read_config

if TYPE_CHECKING:
    from ichviewer.learning.progress_report import StepReport

at_once_option = click.option(
    "--at-once",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="So many runs at one time, each in a process of its own with its share of the cores.",
)


@click.command()
@click.argument("config", type=EXISTING_FILE)
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), default=Path("runs/train"), show_default=True
)
@click.option("--fold", "folds", type=int, multiple=True, help="Only this fold; may be given several times.")
@click.option(
    "--folds/--no-folds", "do_folds", default=True, show_default=True, help="Train with each fold left out."
)
@click.option(
    "--final/--no-final", "do_final", default=True, show_default=True, help="Train on all patients."
)
@click.option(
    "--set",
    "changes",
    metavar="KEY=VALUE",
    multiple=True,
    help="Change a setting of CONFIG, as in --set sampling.pairs=0; repeatable.",
)
@click.option(
    "--test",
    "tests",
    type=click.Path(exists=True, file_okay=False),
    multiple=True,
    help="Run the models on the made volumes of this store too, as far as they have not seen them; repeatable.",
)
@at_once_option
def train(
    *,
    config: Path,
    folder: Path,
    folds: tuple[int, ...],
    do_folds: bool,
    do_final: bool,
    changes: tuple[str, ...],
    tests: tuple[str, ...],
    at_once: int,
) -> None:
    """Train by CONFIG, a TOML file. A run that was stopped goes on from its last checkpoint.

    With the environment variable KERAS_BACKEND=jax the same recipe runs on several GPUs.
    """
    # Here, because Keras takes seconds to import and reads its settings once.
    from ichviewer.learning.side_by_side import train_runs  # noqa: PLC0415

    recipe = read_config(config, changes)
    chosen = (folds or range(recipe.folds)) if do_folds else ()
    train_runs(recipe, folder, tell_step, tests, folds=chosen, final=do_final, at_once=at_once)


def tell_step(told: StepReport) -> None:
    """Print where a run stands."""
    validation = "" if told.validation is None else f", log loss of those kept back {told.validation:.4f}"
    click.echo(
        f"{told.run} step {told.step}/{told.steps} loss {told.loss:.4f}{validation}, "
        f"{told.ms_per_sample:.0f} ms a slice on {told.cpu_cores:.1f} cores, "
        f"{told.seconds_left / 60:.1f} min left in this run",
        err=True,
    )
