"""`ichviewer learn submit`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.options import EXISTING_FOLDER, engine_option, model_option, out_option

_NAMED = 20


@click.command()
@click.argument("folder", type=EXISTING_FOLDER)
@out_option("FILE.csv", "The table to write.")
@model_option
@engine_option
def submit(*, folder: Path, out: Path, model: Path | None, engine: str) -> int:
    """Write a submission of the RSNA 2019 challenge for all images in FOLDER.

    Series go through the same analysis as in the window. The challenge wants six rows for every image: where one
    cannot be read, or shows no brain, they hold the share of the challenge's training images with that label, and the
    file is named here. A run that was stopped goes on where it was.
    """
    # Here, because the engines and decoders take a while to import.
    from ichviewer.learning.submit import write_submission  # noqa: PLC0415

    started = time.monotonic()
    with progress_bar() as progress:
        report = write_submission(folder, out, model=model, engine=engine, progress=progress)
    guesses = [*report.errors, *(guess for guess in report.guesses if not guess.is_error)]
    for guess in guesses[:_NAMED]:
        say(
            f"{'failed' if guess.is_error else 'not analyzed'}, prevalence taken: {guess.file}: {guess.reason}"
        )
    if len(guesses) > _NAMED:
        say(f"... and {len(guesses) - _NAMED:,} more")
    seconds = time.monotonic() - started
    say(
        f"{report.images:,} images in {out}, {report.analysed:,} of them analyzed, in {seconds:.1f} s "
        f"({report.images / seconds:.1f} a second); {len(report.errors) or 'no'} failed."
    )
    return INPUT_FAILED if report.errors else OK
