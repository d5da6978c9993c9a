"""`ichviewer learn demo-study`: make the bundled demo study, or check that it can be made again bit for bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.exit_codes import BUG, OK


@click.command("demo-study")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder to write the study and its truth into.",
)
@click.option(
    "--check", is_flag=True, help="Make it in a temporary folder and compare it with the bundled one."
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads to use.")
def demo_study(out: Path | None, check: bool, workers: int) -> int:
    """Make the bundled demo study from its program: a synthetic head with all five types of hemorrhage.

    The study is the same to the bit whenever and wherever it is made; --check proves it, and exits 1 if it is not.
    """
    if check == (out is not None):
        raise click.UsageError("give either --out DIR or --check")
    if out is not None:
        written = _make(out, workers)
        click.echo(f"{len(written)} files in {out}")
        return OK
    return _check(workers)


def _check(workers: int) -> int:
    from ichviewer.bundle import resources_dir  # noqa: PLC0415
    from ichviewer.learning.synthesis.demo_check import differences  # noqa: PLC0415

    bundled = resources_dir() / "demo"
    with tempfile.TemporaryDirectory(prefix="ichviewer-demo-") as folder:
        written = _make(Path(folder), workers)
        found = differences(Path(folder), bundled)
    for line in found:
        click.echo(line)
    if found:
        say(f"{bundled}: {len(found)} files differ from the study made anew")
        return BUG
    click.echo(f"{bundled}: {len(written)} files, the same to the bit")
    return OK


def _make(folder: Path, workers: int) -> list[Path]:
    # The phantom and SciPy are loaded only when they are used.
    from ichviewer.learning.synthesis.demo import make_demo  # noqa: PLC0415

    with progress_bar() as progress:
        return make_demo(folder, progress, workers=workers)
