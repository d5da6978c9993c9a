"""`ichviewer learn explore`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.options import EXISTING_FOLDER, FOLDER


@click.command()
@click.argument("stores", nargs=-1, required=True, type=EXISTING_FOLDER)
@click.option(
    "-o",
    "--output",
    "folder",
    type=FOLDER,
    default=Path("explore"),
    show_default=True,
    help="Folder for the pictures and the page that shows them.",
)
@click.option("--most", type=click.IntRange(1), help="At most so many series of each store, drawn by chance.")
@click.option("--seed", default=1, show_default=True, help="Of the examples.")
def explore(stores: tuple[Path, ...], folder: Path, most: int | None, seed: int) -> None:
    """Draw what STORES hold: labels, brightness, volumes, windows, augmentations, real beside made.

    STORES are folders that `ichviewer learn prepare` or `synthesise` wrote. Pictures are PNG; index.html shows them
    all and loads nothing.
    """
    # Here, because SciPy and Matplotlib take a while to import.
    from ichviewer.learning.explore import folder as drawing  # noqa: PLC0415

    with progress_bar() as progress:
        found = drawing.explore(stores, folder, most=most, seed=seed, progress=progress)
    for source, s in found.items():
        say(
            f"{source}: {s.series} series, {len(s.patients)} patients, {s.slices} slices, {s.positives[0]} with blood"
        )
    say(f"pictures and {drawing.PAGE} written to {folder}")
