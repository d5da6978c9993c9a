"""`ichviewer learn prepare`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.options import EXISTING_FILE, EXISTING_FOLDER, FOLDER
from ichviewer.domain.labels import LABELS

_NAMED = 20


@click.command()
@click.argument("data", required=False, type=EXISTING_FOLDER)
@click.option(
    "-o",
    "--output",
    "store",
    type=FOLDER,
    default=Path("runs/prepared"),
    show_default=True,
    help="Folder to write to. A run that was stopped goes on there.",
)
@click.option(
    "--source",
    "kind",
    type=click.Choice(["auto", "rsna", "ct-ich", "folder"]),
    default="auto",
    show_default=True,
    help="Kind of data set; auto looks at what is in the folder.",
)
@click.option(
    "--labels",
    type=EXISTING_FILE,
    metavar="FILE.csv",
    help="Labels of a folder of DICOM studies: a column sop_instance_uid, file or series_instance_uid, and columns "
    f"{', '.join(LABELS)} with 0, 1 or nothing; patient is "
    "optional. For the RSNA layout: another table than the one in the folder.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Use the workers of this Dask scheduler, e.g. tcp://10.0.0.1:8786. They must see DATA under the same path.",
)
@click.option(
    "--workers",
    type=click.IntRange(0, 256),
    default=os.cpu_count() or 1,
    show_default="one a core",
    help="Processes on this machine; 0 works without Dask.",
)
@click.option(
    "--size-px", type=click.IntRange(32, 1024), default=256, show_default=True, help="Of a picture."
)
@click.option(
    "--mm-per-px", type=click.FloatRange(0.1, 5.0), default=0.8, show_default=True, help="Scale of a picture."
)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="Only the first N series, to try things out."
)
@click.option(
    "--benchmark",
    type=click.IntRange(8),
    metavar="N",
    help="Prepare nothing. Make N files like RSNA's in a temporary folder, read them with a plain loop and with this "
    "command, check that both see the same, and print both speeds.",
)
def prepare(
    *,
    data: Path | None,
    store: Path,
    kind: str,
    labels: Path | None,
    scheduler: str | None,
    workers: int,
    size_px: int,
    mm_per_px: float,
    limit: int | None,
    benchmark: int | None,
) -> int:
    """Turn the data set in the folder DATA into a store that trains fast.

    DATA is a download of the RSNA 2019 challenge (stage_2_train.csv and the folder stage_2_train), of CT-ICH, or any
    folder of DICOM studies with a table of labels (--labels). Each series is preprocessed exactly as the program does
    before an analysis. Files that cannot be read are named here and in unreadable.jsonl in the store, and never stop
    the run.
    """
    # Here, because pydicom's decoders, SciPy and Dask take a while to import.
    from ichviewer.inference.preprocess import PreprocessSettings  # noqa: PLC0415
    from ichviewer.learning.data.prepare import open_source  # noqa: PLC0415
    from ichviewer.learning.data.prepare import prepare as make_store  # noqa: PLC0415
    from ichviewer.learning.data.workers import open_runner  # noqa: PLC0415

    settings = PreprocessSettings(size_px=size_px, mm_per_px=mm_per_px)
    if benchmark is not None:
        from ichviewer.learning.data.benchmark import run_benchmark  # noqa: PLC0415

        with progress_bar() as progress:
            click.echo(run_benchmark(benchmark, settings, workers=workers, progress=progress).text())
        return OK
    if data is None:
        raise click.UsageError("Missing argument 'DATA'.")
    # Workers of a cluster have working folders of their own.
    source = open_source(data.absolute(), kind, labels)
    with open_runner(workers, scheduler) as runner, progress_bar() as progress:
        report = make_store(source, store, settings, runner=runner, limit=limit, progress=progress)
    for note in report.notes:
        say(f"note: {note}")
    for item in report.left_out[:_NAMED]:
        say(f"{'could not be read' if item.is_error else 'left out'}: {item.file}: {item.reason}")
    if len(report.left_out) > _NAMED:
        say(f"... and {len(report.left_out) - _NAMED:,} more in {store / 'unreadable.jsonl'}")
    say(
        f"{report.series:,} series of {report.patients:,} patients with {report.slices:,} slices in {store}; now "
        f"{report.new_slices:,} slices in {report.seconds:.1f} s: {report.slices_per_second:.1f} slices/s, "
        f"{report.megabytes_per_second:.1f} MB/s ({report.search_seconds:.1f} s before to find them); "
        f"{len(report.errors) or 'no'} unreadable files."
    )
    return INPUT_FAILED if report.errors else OK
