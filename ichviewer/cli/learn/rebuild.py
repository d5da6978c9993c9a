"""`ichviewer learn rebuild`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.bundle import model_dir
from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.learn.train import at_once_option, tell_step
from ichviewer.cli.options import EXISTING_FILE, EXISTING_FOLDER
from ichviewer.learning.rebuild import Rebuild, check_data
from ichviewer.learning.recipe import read_recipe

RECIPE_FILE = "recipe.toml"


@click.command()
@click.option(
    "--data",
    type=EXISTING_FOLDER,
    required=True,
    help="The folder that holds the data sets the recipe names.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Where everything goes.")
@click.option(
    "--recipe",
    type=EXISTING_FILE,
    help="Another recipe than that of the bundled model.",
)
@click.option(
    "--set",
    "changes",
    metavar="KEY=VALUE",
    multiple=True,
    help="Change the recipe, as in --set stages.main.train.batch=32; repeatable.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Processes that make stores.",
)
@at_once_option
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def rebuild(
    *,
    data: Path,
    output: Path,
    recipe: Path | None,
    changes: tuple[str, ...],
    workers: int,
    at_once: int,
    dry_run: bool,
) -> None:
    """Make the model anew from the data: stores, training, figures, export, card.

    Can be stopped at any time and goes on where it was. The finished model lies in OUTPUT/model; copy it over model/
    if it is better.
    """
    plan = read_recipe(recipe or model_dir() / RECIPE_FILE, changes)
    work = Rebuild(plan, data, output, workers, at_once)
    if dry_run:
        for missing in check_data(plan, data):
            say(f"missing: {missing}")
        for line in work.plan():
            click.echo(line)
        return
    with progress_bar() as progress:
        model = work.run(say, report=tell_step, progress=progress)
    say(f"the finished model is in {model}")
