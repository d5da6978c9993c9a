"""`ichviewer learn synthesise`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say


@click.command()
@click.option(
    "-o", "--output", "store", type=click.Path(path_type=Path), required=True, help="Where the volumes go."
)
@click.option(
    "--onto",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Paint into the real heads of this prepared store.",
)
@click.option(
    "--patient",
    "patients",
    multiple=True,
    help="Paint into the heads of this patient only; give it once for each. Without it, into all.",
)
@click.option(
    "--maps",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Make heads from the whole-head label maps in this folder, and paint into them.",
)
@click.option(
    "--map",
    "numbers",
    type=int,
    multiple=True,
    help="Number of a map; give it once for each. Without it, all but those held back for testing.",
)
@click.option(
    "--lesions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --onto: real lesions of this prepared store with masks, instead of painted ones.",
)
@click.option(
    "-n",
    "--number",
    default=10,
    show_default=True,
    help="How many heads, or how often each real head is painted or each map is made into one.",
)
@click.option("--first-seed", default=1, show_default=True, help="Other seeds draw other heads and lesions.")
@click.option("--size-px", default=256, show_default=True, help="Rows and columns of heads made from maps.")
@click.option("--mm-per-px", default=0.8, show_default=True, help="Their scale.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
def synthesise(
    *,
    store: Path,
    onto: Path | None,
    patients: tuple[str, ...],
    lesions: Path | None,
    maps: Path | None,
    numbers: tuple[int, ...],
    number: int,
    first_seed: int,
    size_px: int,
    mm_per_px: float,
    workers: int,
) -> None:
    """Make volumes with known blood, each with its twin without. Can be stopped and goes on where it was.

    Keep some seeds apart for testing: what a model is tested on must not come from a seed it was trained on.
    """
    # Here, because SciPy takes a while to import.
    from ichviewer.inference.preprocess import PreprocessSettings  # noqa: PLC0415
    from ichviewer.learning.synthesise import (  # noqa: PLC0415
        all_maps,
        synthesise_lesions,
        synthesise_maps,
        synthesise_painted,
    )

    if onto is not None and maps is not None:
        raise click.UsageError("heads come from --onto or from --maps: give one of them")
    if numbers and maps is None:
        raise click.UsageError("--map needs --maps, the folder of the maps")
    if patients and onto is None:
        raise click.UsageError("--patient needs --onto, the store of real heads")

    seeds = range(first_seed, first_seed + number)
    began = time.monotonic()
    with progress_bar() as progress:
        if maps is not None:
            settings = PreprocessSettings(size_px=size_px, mm_per_px=mm_per_px)
            report = synthesise_maps(
                store, maps, numbers or all_maps(maps), seeds, settings, workers=workers, progress=progress
            )
        elif onto is None:
            raise click.UsageError("heads come from --onto or from --maps: give one of them")
        elif lesions is not None:
            report = synthesise_lesions(store, onto, lesions, seeds, workers=workers, progress=progress)
        else:
            report = synthesise_painted(
                store, onto, seeds, patients=patients, workers=workers, progress=progress
            )
    seconds = max(time.monotonic() - began, 1e-9)
    say(
        f"{report.volumes} volumes with {report.slices} slices from {report.jobs} draws in {store}; "
        f"{report.empty} draws found no room; {seconds:.0f} s, {report.slices / seconds:.1f} slices a second."
    )
