"""`ichviewer learn report`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import say
from ichviewer.cli.options import EXISTING_FOLDER, FILE, FOLDER
from ichviewer.learning.report import METADATA_FILE, read_metrics, write_figure, write_report


@click.command()
@click.argument("runs", nargs=-1, required=True, type=EXISTING_FOLDER)
@click.option(
    "-o",
    "--output",
    type=FILE,
    default=Path("report.html"),
    show_default=True,
    help="The page to write.",
)
@click.option(
    "--model",
    type=FOLDER,
    default=Path("model"),
    show_default=True,
    help="Folder of the model trained by the first RUNS; its card is written there.",
)
@click.option("--card/--no-card", default=True, show_default=True, help="Write the model card too.")
@click.option(
    "--ablation",
    type=EXISTING_FOLDER,
    help="Folder of the lines of the ablation table. [default: ablation beside the first RUNS]",
)
@click.option(
    "--figure",
    type=FILE,
    help="Also write the AUC of every label as one SVG picture.",
)
def report(
    *,
    runs: tuple[Path, ...],
    output: Path,
    model: Path,
    card: bool,
    ablation: Path | None,
    figure: Path | None,
) -> None:
    """Write one HTML page with every table and figure of RUNS, and the model card.

    RUNS are folders that `ichviewer learn evaluate` has been through: the first one is told in full, the others are
    compared with it. The page loads nothing from anywhere: it can be sent, printed and kept.
    """
    for sentence in write_report(runs, output, ablation=ablation, model=model):
        say(f"warning: {sentence}")
    say(f"report written to {output}, {output.stat().st_size / 1e6:.1f} MB")
    if figure is not None:
        write_figure(runs[0], figure)
        say(f"figure written to {figure}")
    if not card:
        return
    if not (model / METADATA_FILE).is_file():
        say(f"no model card: there is no {METADATA_FILE} in {model}")
        return
    # Here, because it imports SciPy.
    from ichviewer.learning.ship import write_card  # noqa: PLC0415

    say(f"model card written to {write_card(model, read_metrics(runs[0]))}")
