"""`ichviewer learn export`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import say
from ichviewer.cli.options import EXISTING_FOLDER
from ichviewer.inference.model_card import load_model_card
from ichviewer.services.golden import write_golden


@click.command()
@click.argument("folder", type=EXISTING_FOLDER, default=Path("runs/train"))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("model"), show_default=True)
@click.option("--version", default="0.1.0", show_default=True, help="Version of the model.")
@click.option(
    "--int8",
    is_flag=True,
    help="Make the fast form compute in 8-bit integers, if it is as good on slices of the run's stores.",
)
def export(folder: Path, output: Path, version: str, int8: bool) -> None:
    """Write the model trained in FOLDER, its fast form, its metadata, its figures and its card.

    The demo studies' probabilities are put on record too: every installation's self-test must find them again.
    """
    # Here, because TensorFlow takes seconds to import.
    from ichviewer.learning.ship import ship  # noqa: PLC0415

    exported = ship(folder, output, version=version, int8=int8)
    say(f"model, fast form, metadata, figures and card written to {output}.")
    say(f"in float32 the two forms agree to {exported.difference:.1e} in probability.")
    if exported.quantization is not None:
        say(exported.quantization.in_words)
    card = load_model_card(output)
    say(f"the demo studies' probabilities written to {write_golden(card)}.")
