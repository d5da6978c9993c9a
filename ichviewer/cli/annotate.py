"""`ichviewer annotate`: analyse head CT and write a CSV."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from ichviewer.cli.console import DISCLAIMER, progress_bar, say, say_problems
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.findings_table import print_findings
from ichviewer.cli.options import engine_option, model_option, out_option, paths_argument, verbose_option
from ichviewer.services import export
from ichviewer.services.analyse_paths import analyse_paths

STDOUT = Path("-")


@click.command("annotate")
@paths_argument
@out_option("FILE.csv", "The CSV to write; - for stdout.")
@engine_option
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json",
    help="The JSON that says how the findings came about. [default: FILE.csv.json beside the CSV]",
)
@model_option
@click.option(
    "--operating-point",
    metavar="NAME",
    help="Which thresholds make a flag, such as balanced or high_sensitivity. [default: the model's]",
)
@verbose_option
def annotate(
    *,
    paths: tuple[Path, ...],
    out: Path,
    engine: str,
    json_path: Path | None,
    model: Path | None,
    operating_point: str | None,
) -> int:
    """Analyse every head CT series under PATH and write a CSV with a row for every slice.

    Each row has a status: analysed, not_analysed or failed; the note says why. Probabilities are there for analysed
    slices only. A JSON beside the CSV names the model, its hash, the engine, the thresholds and the time.
    """
    started = time.monotonic()
    with progress_bar() as progress:
        result = analyse_paths(paths, model=model, engine=engine, progress=progress)
    card, catalog, findings = result.card, result.catalog, result.findings
    point = card.operating_point(operating_point)
    sidecar = json_path
    if out == STDOUT:
        text, rows = export.csv_text(catalog, findings, point)
        click.echo(text.encode("utf-8", errors="backslashreplace"), nl=False)
    else:
        rows = export.write_csv(out, catalog, findings, card, point=point)
        sidecar = json_path or export.sidecar_path(out)
    if sidecar is not None:
        export.write_sidecar(
            sidecar,
            catalog,
            findings,
            card,
            engine=result.engine,
            point=point,
            seconds=time.monotonic() - started,
            csv_path=None if out == STDOUT else out,
        )
    print_findings(catalog, findings, point, to=sys.stderr if out == STDOUT else sys.stdout)
    say_problems(result.problems())
    say(f"{rows} rows written{'' if out == STDOUT else f' to {out}'} in {time.monotonic() - started:.1f} s.")
    say(DISCLAIMER)
    return INPUT_FAILED if result.failures() else OK
