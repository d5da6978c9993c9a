"""`ichviewer learn demo-study`: make the bundled demo study, or check that it can be made again bit for bit."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click


@click.command("demo-study")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write the study and its truth into.",
)
@click.option("--check", is_flag=True, help="Make it in a temporary folder and compare it with the bundled one.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads to use.")
def demo_study(out: Path | None, check: bool, workers: int) -> None:
    """Make the bundled demo study from its program: a synthetic head with all five types of hemorrhage.

    The study is the same to the bit whenever and wherever it is made; --check proves it and exits 1 if it is not.
    """
    if check == (out is not None):
        raise click.UsageError("give either --out DIR or --check")
    if out is not None:
        written = _make(out, workers)
        click.echo(f"{len(written)} files in {out}")
        return
    from ichviewer.bundle import resources_dir  # noqa: PLC0415
    from ichviewer.learning.synthesis.demo_check import differences  # noqa: PLC0415

    bundled = resources_dir() / "demo"
    with tempfile.TemporaryDirectory(prefix="ichviewer-demo-") as folder:
        written = _make(Path(folder), workers)
        found = differences(Path(folder), bundled)
    for line in found:
        click.echo(line)
    if found:
        click.echo(f"{len(found)} differences between {bundled} and the study made anew", err=True)
        sys.exit(1)
    click.echo(f"{bundled}: {len(written)} files, the same to the bit")


def _make(folder: Path, workers: int) -> list[Path]:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    # The phantom and SciPy are loaded only when they are used.
    from ichviewer.learning.synthesis.demo import make_demo  # noqa: PLC0415

    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        return make_demo(folder, report, workers=workers)
