"""`ichviewer learn prepare`."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", "cache", type=click.Path(path_type=Path), default=Path("runs/cache"), show_default=True
)
@click.option(
    "--painted", default=45, show_default=True, help="Pictures with painted lesions for each patient."
)
@click.option("--seed", default=1, show_default=True, help="Of what is painted where.")
def prepare(data: Path, cache: Path, painted: int, seed: int) -> None:
    """Turn CT-ICH in the folder DATA into a cache that trains fast. Can be stopped and goes on where it was."""
    # Here, because SciPy takes a while to import.
    from ichviewer.learning.data.cache import prepare as make_cache  # noqa: PLC0415

    with progress_bar() as progress:
        report = make_cache(data, cache, painted_per_patient=painted, seed=seed, progress=progress)
    for name in report.unreadable:
        say(f"could not be read: {name}")
    speed = report.slices / report.seconds if report.seconds > 0 else 0.0
    say(
        f"{report.patients} patients, {report.slices} slices and {report.painted} painted pictures in {cache}; "
        f"{report.seconds:.0f} s, {speed:.1f} slices a second; {len(report.unreadable) or 'no'} unreadable files."
    )
