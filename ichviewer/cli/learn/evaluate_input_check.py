"""`ichviewer learn evaluate-input-check`."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say
from ichviewer.cli.options import EXISTING_FOLDER, FILE

_CT_ICH_PATIENTS = 82
_FOLDER = EXISTING_FOLDER


@click.command("evaluate-input-check")
@click.option("--ct-ich", type=_FOLDER, metavar="DIR", help="The CT-ICH data set.")
@click.option(
    "--dicom",
    "folders",
    type=_FOLDER,
    metavar="DIR",
    multiple=True,
    help="A folder of head CT; may be repeated.",
)
@click.option("--real-only", is_flag=True, help="Leave out the made cases, which take most of the time.")
@click.option("--seed", default=1, show_default=True, help="Of what is drawn for the made cases.")
@click.option("-o", "--out", type=FILE, help="Also write all figures as JSON.")
def evaluate_input_check(
    *, ct_ich: Path | None, folders: tuple[Path, ...], real_only: bool, seed: int, out: Path | None
) -> None:
    """Count how often the check of the input is wrong, on real non-contrast head CT and on cases made from it.

    All series must be without contrast medium. Each is judged as it is and after changes with known truth: contrast
    medium, noise, thick slices, heads of other sizes, a head that is cut. The bundled demo studies are judged too.
    """
    # SciPy and the readers are loaded only when they are used.
    from ichviewer.bundle import resources_dir  # noqa: PLC0415
    from ichviewer.learning.evaluation.head_scans import ct_ich_scans, dicom_scans  # noqa: PLC0415
    from ichviewer.learning.evaluation.input_check import count_errors, error_table  # noqa: PLC0415
    from ichviewer.learning.ship import write_json  # noqa: PLC0415

    dicom = [*folders, resources_dir() / "demo"]
    total = len(dicom) + (_CT_ICH_PATIENTS if ct_ich is not None else 0)
    scans = chain(
        ct_ich_scans(ct_ich) if ct_ich is not None else (),
        chain.from_iterable(dicom_scans(folder) for folder in dicom),
    )
    with progress_bar() as progress:
        counted = count_errors(scans, seed=seed, progress=progress, total=total, thorough=not real_only)
    click.echo(error_table(counted))
    if out is not None:
        write_json(counted, out)
        say(f"written to {out}")
