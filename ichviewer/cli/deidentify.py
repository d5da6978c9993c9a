"""`ichviewer deidentify`: studies and results without what names the patient."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.exit_codes import INPUT_FAILED, OK, UNUSABLE
from ichviewer.cli.options import FILE, FOLDER, paths_argument, verbose_option
from ichviewer.dicom.deidentify.options import MaskRectangle, Options
from ichviewer.services.deidentify_export import check_places, export_deidentified
from ichviewer.services.deidentify_key import load_key
from ichviewer.services.deidentify_report import LIMITS, report_bytes
from ichviewer.services.outputs import Inputs, write_outputs


def _rectangles(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[MaskRectangle, ...]:
    try:
        return tuple(MaskRectangle.parse(text) for text in value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


@click.command("deidentify")
@paths_argument
@click.option(
    "-o",
    "--out",
    "folder",
    required=True,
    type=FOLDER,
    metavar="DIR",
    help="The folder to write to; it must not lie in what is read.",
)
@click.option(
    "--keep-longitudinal",
    is_flag=True,
    help="Keep dates, shifted by 1 to 10 years; the same shift for all of a patient. [default: no dates]",
)
@click.option(
    "--clean-descriptors",
    is_flag=True,
    help="Keep the words of short descriptions that are known to name nobody. [default: no descriptions]",
)
@click.option("--keep-device", is_flag=True, help="Keep what tells one scanner from another.")
@click.option(
    "--mask",
    "masks",
    multiple=True,
    callback=_rectangles,
    metavar="x,y,w,h",
    help="Blank this rectangle in images that may show text; they are not exported otherwise. Any number of times.",
)
@click.option(
    "--report",
    type=FILE,
    metavar="FILE",
    help="Write what was changed where, as JSON, without the original values.",
)
@click.option(
    "--report-values",
    is_flag=True,
    help="Name original values and files in the report, which identifies patients then.",
)
@click.option(
    "--key",
    "key_file",
    type=FILE,
    metavar="FILE",
    help="64 hexadecimal digits in a file that only you may read. [default: one that is made once]",
)
@verbose_option
def deidentify(
    *,
    paths: tuple[Path, ...],
    folder: Path,
    keep_longitudinal: bool,
    clean_descriptors: bool,
    keep_device: bool,
    masks: tuple[MaskRectangle, ...],
    report: Path | None,
    report_values: bool,
    key_file: Path | None,
) -> int:
    """Write the DICOM objects and CSVs of findings under PATH without what names the patient.

    After the Basic Profile of DICOM PS3.15. UIDs and patient IDs are replaced by a keyed hash: with the same key, the
    same again, also in results that refer to images. Keep the key to yourself. Stopped and begun again, the command
    goes on where it was.

    What cannot be cleaned is named and not exported: images that may show text, encapsulated documents, waveforms.
    """
    if report_values and report is None:
        raise click.UsageError("--report-values needs a file for the report: --report FILE")
    key, key_path = load_key(key_file)
    private = [key_path, *([report] if report is not None and report_values else [])]
    check_places(paths, folder, *private)
    inputs = Inputs(paths, read=(key_path,))
    if report is not None:
        inputs.check(report)
    options = Options(keep_longitudinal, clean_descriptors, keep_device, masks)
    with progress_bar() as progress:
        export = export_deidentified(paths, folder, options, key, progress=progress)
    for item in export.refused:
        say(str(item))
    if report is not None:
        data = report_bytes(export, folder, options, with_values=report_values)
        write_outputs([(report, data)], inputs)
    there = sum(item.was_there for item in export.written)
    more = f", {there:,} of them there already" if there else ""
    say(
        f"{len(export.written):,} files de-identified in {folder}{more}; {len(export.refused):,} not exported."
    )
    say(LIMITS[0])
    if not export.written:
        return UNUSABLE
    return INPUT_FAILED if export.refused else OK
