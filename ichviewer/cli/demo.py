"""`ichviewer demo`: the bundled demo studies, in the window or, without a display, as files."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import click

from ichviewer.bundle import demo_dir
from ichviewer.cli.console import OF_FINDINGS, progress_bar, say, say_problems, tell
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.findings_table import print_findings
from ichviewer.cli.options import FOLDER, engine_option, verbose_option
from ichviewer.domain.labels import Hemorrhage
from ichviewer.errors import ExportError, NothingReadableError
from ichviewer.services.analyse_paths import Analysis, analyse_paths
from ichviewer.services.decoder import Decoder
from ichviewer.services.outputs import Inputs
from ichviewer.services.render import render_slice, write_png
from ichviewer.services.windows import find_window, load_presets
from ichviewer.services.write_findings import Report, sidecar_path, write_report

log = logging.getLogger("ichviewer.cli")

_WINDOW_TIMEOUT_S = 120


@click.command("demo")
@click.option("--headless", is_flag=True, help="Open no window even if there is a display; write files.")
@click.option(
    "--out",
    "folder",
    type=FOLDER,
    default=Path("ichviewer-demo"),
    show_default=True,
    help="Without a window: the folder for the CSV and the picture.",
)
@engine_option
@verbose_option
def demo(headless: bool, folder: Path, engine: str) -> int:
    """Open the two bundled demo studies: a synthetic head CT with bleeds of all types, and one without any.

    Without a display they are analyzed, and the findings, a CSV and a picture are written.
    """
    if not headless and has_display():
        from ichviewer.ui.app.app import run_viewer  # noqa: PLC0415 - Qt may be missing where no window is wanted

        return run_viewer([demo_dir()])
    return _without_window(folder, engine)


def has_display() -> bool:
    """Whether a window could be shown here."""
    if os.environ.get("QT_QPA_PLATFORM", "") in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _without_window(folder: Path, engine: str) -> int:
    started = time.monotonic()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError("the folder cannot be made", str(folder), error.strerror or str(error)) from error
    csv_path, picture, slice_picture = folder / "findings.csv", folder / "window.png", folder / "slice.png"
    sidecar = sidecar_path(csv_path)
    inputs = Inputs((demo_dir(),))
    inputs.check(csv_path, *([] if sidecar is None else [sidecar]), picture, slice_picture)
    with progress_bar() as progress:
        result = analyse_paths([demo_dir()], engine=engine, progress=progress)
    report = Report(
        result.catalog, result.findings, result.card, result.engine, seconds=time.monotonic() - started
    )
    rows = write_report(report, csv_path, sidecar, inputs)
    print_findings(result.catalog, result.findings, result.card.point, result.card.series_rule)
    tell("")
    tell(f"CSV      {csv_path.resolve()}  ({rows} rows)")
    reason = _picture_of_window(picture)
    if reason:
        picture = slice_picture
        _picture_of_slice(picture, result, inputs)
        say(
            f"The window itself could not be drawn here ({reason}); the picture is of the most suspicious slice."
        )
    tell(f"picture  {picture.resolve()}")
    say_problems(result.problems())
    say(OF_FINDINGS)
    return INPUT_FAILED if result.failures() else OK


def _picture_of_window(picture: Path) -> str:
    """Draw the window in a process of its own, because Qt ends a process whose libraries are missing.

    Returns why it could not be drawn, empty if it was.
    """
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ichviewer"]
    command = [*program, "screenshot", str(demo_dir()), "-o", str(picture)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_WINDOW_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    log.debug("screenshot: exit code %d\n%s", done.returncode, done.stderr)
    if done.returncode == OK and picture.is_file():
        return ""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {done.returncode}"


def _picture_of_slice(picture: Path, result: Analysis, inputs: Inputs) -> None:
    found = [
        (best, series)
        for series in result.catalog.series
        if (best := result.findings[series.key].strongest(Hemorrhage.ANY)) is not None
    ]
    if not found:
        raise NothingReadableError("no slice of the demo studies could be analyzed", str(demo_dir()))
    (_, index), series = max(found, key=lambda item: item[0][0])
    info = series.slices[index]
    voi = find_window("brain", load_presets()).voi
    with Decoder() as decoder:
        image = decoder.read_slice(info).image
    write_png(picture, render_slice(info, image, voi), inputs)
