"""`ichviewer annotate`: analyze head CT and write a CSV."""

from __future__ import annotations

import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ichviewer.bundle import model_dir
from ichviewer.cli.console import OF_FINDINGS, pour, progress_bar, say, say_problems
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.findings_table import print_findings
from ichviewer.cli.options import (
    FILE,
    FOLDER,
    engine_option,
    model_option,
    out_option,
    paths_argument,
    verbose_option,
)
from ichviewer.inference.model_card import load_model_card
from ichviewer.services.analyse_paths import analyse_paths
from ichviewer.services.csv_cells import encode_csv
from ichviewer.services.export import csv_text, tally
from ichviewer.services.outputs import Inputs
from ichviewer.services.table_format import TableFormat
from ichviewer.services.write_findings import Report, sidecar_path, write_report

if TYPE_CHECKING:
    from ichviewer.results.result_kind import ResultKind

STDOUT = Path("-")

# What makes DICOM objects is imported where they are wanted: it would delay the start of the analysis.


class _ObjectsOption(click.Option):
    """``--objects``, whose help names the kinds there are."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = f"Which DICOM objects: {_kinds_help()}."
        return super().get_help_record(ctx)


def _kinds_help() -> str:
    from ichviewer.results.kinds import KINDS, default_kinds  # noqa: PLC0415

    return ", ".join(f"{kind.name} ({kind.title})" for kind in KINDS if not kind.window_only) + (
        f". [default: {','.join(kind.name for kind in default_kinds())}]"
    )


def _chosen_kinds(dicom_out: Path | None, objects: str | None) -> tuple[ResultKind, ...]:
    """The kinds of objects asked for.

    Raises
    ------
    click.UsageError
        If they have nowhere to go, or cannot be made here.
    ExportError
        If there is no such kind.
    """
    if dicom_out is None:
        if objects is not None:
            raise click.UsageError("--objects needs a folder for them: --dicom-out DIR")
        return ()
    from ichviewer.results.kinds import default_kinds, kinds_named  # noqa: PLC0415

    if objects is None:
        return default_kinds()
    kinds = kinds_named(objects.split(","))
    for kind in kinds:
        if kind.window_only:
            raise click.UsageError(f"{kind.name} is made by the window only")
    return kinds


@click.command("annotate")
@paths_argument
@out_option("FILE.csv", "The CSV (or FILE.parquet) to write; - for stdout.")
@engine_option
@click.option(
    "--json",
    "json_path",
    type=FILE,
    metavar="FILE.json",
    help="The JSON that says how the findings came about. [default: FILE.csv.json beside the CSV]",
)
@model_option
@click.option(
    "--operating-point",
    metavar="NAME",
    help="Which thresholds make a flag, such as balanced or high_sensitivity. [default: the model's]",
)
@click.option(
    "--dicom-out",
    type=FOLDER,
    metavar="DIR",
    help="Write the results as DICOM objects into this folder, too.",
)
@click.option(
    "--objects",
    cls=_ObjectsOption,
    metavar="KIND,...",
)
@click.option(
    "--format",
    "form_name",
    type=click.Choice([form.value for form in TableFormat]),
    help="What the table is written as. [default: what the name of FILE ends in; CSV unless that is .parquet]",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Analyze N series at a time, at most one a core, and keep what is done in FILE.journal: the same command "
    "goes on where it was stopped.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The same with the workers of this Dask scheduler, e.g. tcp://10.0.0.1:8786. They must see PATH, the model "
    "and DIR under the same names.",
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
    dicom_out: Path | None,
    objects: str | None,
    form_name: str | None,
    jobs: int | None,
    scheduler: str | None,
) -> int:
    """Analyze every head CT series under PATH and write a CSV with a row for every slice.

    Each row has a status: analysed, not_analysed or failed; the note says why. Probabilities are there for analyzed
    slices only. A JSON beside the CSV names the model, its hash, the engine, the thresholds and the time.

    With --dicom-out, each CT series gets DICOM objects of its own as well: of the same study, to be shown by a PACS.

    With --jobs or --scheduler, thousands of studies: one that fails is named at the end and does not stop the rest.
    """
    if json_path == STDOUT:
        raise click.UsageError("the JSON cannot go to stdout; give --json a file")
    started = time.monotonic()
    csv_path = None if out == STDOUT else out
    form = TableFormat.of(out, form_name)
    if csv_path is None and form is not TableFormat.CSV:
        raise click.UsageError("only a CSV can go to stdout")
    sidecar = json_path or (None if csv_path is None else sidecar_path(csv_path))
    inputs = Inputs(paths)
    kinds = _chosen_kinds(dicom_out, objects)
    # What can be known to be wrong is told before minutes of work, not after.
    form.check()
    if jobs is not None or scheduler is not None:
        from ichviewer.cli.annotate_batch import BatchWish, annotate_batch  # noqa: PLC0415

        wish = BatchWish(
            paths, out, sidecar, form, model, engine, operating_point, dicom_out, kinds, jobs, scheduler
        )
        return annotate_batch(wish)
    card = load_model_card(model or model_dir())
    card.operating_point(operating_point)
    inputs.with_model(card).check(*(path for path in (csv_path, sidecar) if path is not None))
    if dicom_out is not None:
        from ichviewer.results.write_results import make_folder  # noqa: PLC0415

        make_folder(dicom_out)
    # What a further model prints must not end up in the CSV.
    with progress_bar() as progress, redirect_stdout(sys.stderr):
        result = analyse_paths(paths, model=model, engine=engine, progress=progress)
    catalog, findings = result.catalog, result.findings
    point = result.card.operating_point(operating_point)
    report = Report(
        catalog, findings, result.card, result.engine, point=point, seconds=time.monotonic() - started
    )
    rows = write_report(report, csv_path, sidecar, inputs, form=form)
    if csv_path is None:
        pour(encode_csv(csv_text(catalog, findings, point)[0]))
    to = sys.stderr if out == STDOUT else sys.stdout
    print_findings(catalog, findings, point, result.card.series_rule, to=to)
    say_problems(result.problems())
    say(f"{rows} rows written{'' if out == STDOUT else f' to {out}'} in {time.monotonic() - started:.1f} s.")
    say(f"{tally(catalog, findings)}.")
    refused = False
    if dicom_out is not None:
        from ichviewer.cli.dicom_results import write_dicom  # noqa: PLC0415

        refused = not write_dicom(result, point, dicom_out, kinds, inputs)
    say(OF_FINDINGS)
    return INPUT_FAILED if result.failures() or refused else OK
