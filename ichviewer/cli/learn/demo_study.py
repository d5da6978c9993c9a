"""`ichviewer learn demo-study`: make the bundled demo studies, or check that they can be made again bit for bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say, tell
from ichviewer.cli.exit_codes import BUG, OK
from ichviewer.cli.options import EXISTING_FOLDER, FOLDER


@click.command("demo-study")
@click.option(
    "--maps",
    type=EXISTING_FOLDER,
    required=True,
    help="Folder of the whole-head label maps that the heads are rendered from.",
)
@click.option(
    "--out",
    type=FOLDER,
    metavar="DIR",
    help="Folder to write the studies and their truth into.",
)
@click.option(
    "--check", is_flag=True, help="Make them in a temporary folder and compare them with the bundled ones."
)
def demo_study(maps: Path, out: Path | None, check: bool) -> int:
    """Make the bundled demo studies: a head with all five types of hemorrhage, and one without any.

    They are the same to the bit whenever they are made; --check proves it, and exits 1 if they are not.
    """
    if check == (out is not None):
        raise click.UsageError("give either --out DIR or --check")
    if out is not None:
        written = _make(out, maps)
        tell(f"{len(written)} files in {out}")
        return OK
    return _check(maps)


def _check(maps: Path) -> int:
    from ichviewer.bundle import resources_dir  # noqa: PLC0415
    from ichviewer.learning.synthesis.demo_dicom import differences  # noqa: PLC0415

    bundled = resources_dir() / "demo"
    with tempfile.TemporaryDirectory(prefix="ichviewer-demo-") as folder:
        written = _make(Path(folder), maps)
        found = differences(Path(folder), bundled)
    for line in found:
        tell(line)
    if found:
        say(f"{bundled}: {len(found)} files differ from the studies made anew")
        return BUG
    tell(f"{bundled}: {len(written)} files, the same to the bit")
    return OK


def _make(folder: Path, maps: Path) -> list[Path]:
    # SciPy is loaded only when it is used.
    from ichviewer.learning.synthesis.demo import make_demo  # noqa: PLC0415

    with progress_bar() as progress:
        return make_demo(folder, maps, progress)
