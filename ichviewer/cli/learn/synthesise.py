"""`ichviewer learn synthesise`."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.options import EXISTING_FOLDER, FOLDER

_SIZE_PX, _MM_PER_PX = 256, 0.8


@click.command()
@click.option(
    "-o",
    "--output",
    "store",
    type=FOLDER,
    required=True,
    help="Where the volumes go.",
)
@click.option(
    "--onto",
    type=EXISTING_FOLDER,
    help="Paint into the real heads of this prepared store; or, with --lesions, put lesions into all of its heads.",
)
@click.option(
    "--patient",
    "patients",
    multiple=True,
    help="Paint into the heads of this patient only; give it once for each. Without it, into all.",
)
@click.option(
    "--maps",
    type=EXISTING_FOLDER,
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
    type=EXISTING_FOLDER,
    help="With --onto: real lesions of this prepared store with masks, instead of painted ones.",
)
@click.option(
    "-n",
    "--number",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="How often each head gets lesions, or each map is made into a head.",
)
@click.option(
    "--first-seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Other seeds draw other heads and lesions.",
)
@click.option(
    "--size-px",
    type=click.IntRange(32, 1024),
    show_default=str(_SIZE_PX),
    help="Rows and columns of heads made from maps.",
)
@click.option(
    "--mm-per-px", type=click.FloatRange(0.1, 5.0), show_default=str(_MM_PER_PX), help="Their scale."
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes.")
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
    size_px: int | None,
    mm_per_px: float | None,
    workers: int,
) -> None:
    """Make volumes with known blood, each with its twin without. Can be stopped and goes on where it was.

    Keep some seeds apart for testing: what a model is tested on must not come from a seed it was trained on.
    """
    if maps is None and (numbers or size_px is not None or mm_per_px is not None):
        raise click.UsageError("--map, --size-px and --mm-per-px need --maps, the folder of the maps")
    if onto is None and (patients or lesions is not None):
        raise click.UsageError("--patient and --lesions need --onto, the store of the heads")
    if patients and lesions is not None:
        raise click.UsageError("--patient cannot be used with --lesions, which go into all heads of --onto")
    # Here, because SciPy takes a while to import.
    from ichviewer.inference.preprocess import PreprocessSettings  # noqa: PLC0415
    from ichviewer.learning.synthesise import (  # noqa: PLC0415
        all_maps,
        synthesise_lesions,
        synthesise_maps,
        synthesise_painted,
    )

    seeds = range(first_seed, first_seed + number)
    if maps is not None and onto is None:
        settings = PreprocessSettings(size_px=size_px or _SIZE_PX, mm_per_px=mm_per_px or _MM_PER_PX)
        fill = partial(synthesise_maps, store, maps, numbers or all_maps(maps), seeds, settings)
    elif onto is None or maps is not None:
        raise click.UsageError("heads come from --onto or from --maps: give one of them")
    elif lesions is not None:
        fill = partial(synthesise_lesions, store, onto, lesions, seeds)
    else:
        fill = partial(synthesise_painted, store, onto, seeds, patients=patients)
    began = time.monotonic()
    with progress_bar() as progress:
        report = fill(workers=workers, progress=progress)
    seconds = max(time.monotonic() - began, 1e-9)
    say(
        f"{report.volumes} volumes with {report.slices} slices from {report.jobs} draws in {store}; "
        f"{report.empty} draws found no room; {seconds:.0f} s, {report.slices / seconds:.1f} slices a second."
    )
