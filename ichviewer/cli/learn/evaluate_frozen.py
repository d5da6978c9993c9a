"""`ichviewer learn evaluate-frozen`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.options import EXISTING_FOLDER, FILE

_FOLDER = EXISTING_FOLDER


@click.command("evaluate-frozen")
@click.option(
    "--store",
    "stores",
    type=_FOLDER,
    multiple=True,
    required=True,
    help="A store of the frozen set; repeat it.",
)
@click.option("--model", type=_FOLDER, help="Folder of a shipped model; the bundled one unless told.")
@click.option("--engine", default="auto", show_default=True, help="auto, litert or keras.")
@click.option("--ge", type=_FOLDER, help="Also count flagged slices of this head CT without acute blood.")
@click.option(
    "-o",
    "--out",
    type=FILE,
    help="The file of all versions that the row goes into.  [default: frozen.json in the model's folder]",
)
@click.option(
    "--resamples", type=click.IntRange(1), default=1000, show_default=True, help="Draws of the made heads."
)
@click.option("--seed", default=1, show_default=True, help="Of the draws.")
def evaluate_frozen(
    *,
    stores: tuple[Path, ...],
    model: Path | None,
    engine: str,
    ge: Path | None,
    out: Path | None,
    resamples: int,
    seed: int,
) -> None:
    """Measure a shipped model on the frozen synthetic set, beside the versions measured before.

    The model runs as in the program: its own preprocessing, engine, calibration and thresholds. A store that differs
    from the one that other versions were measured on is refused.
    """
    # Here, because SciPy takes a while to import.
    from ichviewer.bundle import model_dir  # noqa: PLC0415
    from ichviewer.learning.evaluation.frozen import measure_frozen  # noqa: PLC0415
    from ichviewer.learning.evaluation.frozen_tables import frozen_tables  # noqa: PLC0415
    from ichviewer.learning.report import FROZEN_FILE  # noqa: PLC0415

    folder = model or model_dir()
    path = out or folder / FROZEN_FILE
    with progress_bar() as progress:
        frozen = measure_frozen(
            folder,
            stores,
            path,
            engine=engine,
            ge=ge,
            resamples=resamples,
            seed=seed,
            progress=progress,
        )
    for table in frozen_tables(frozen):
        click.echo(f"{table.text()}\n")
    say(f"written to {path}")
