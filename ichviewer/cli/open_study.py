"""`ichviewer open`: a study of a node or server, fetched and viewed."""

from __future__ import annotations

import click

from ichviewer.cli.options import verbose_option
from ichviewer.network.sources_file import load_sources
from ichviewer.network.study_link import StudyLink


@click.command("open")
@click.option("--node", "source", required=True, metavar="NAME", help="Name of the source that has it.")
@click.option("--study", "study_uid", required=True, metavar="UID", help="The study.")
@verbose_option
def open_study(source: str, study_uid: str) -> int:
    """Fetch a study from a DICOM node or a DICOMweb server and view it."""
    try:
        link = StudyLink(source, study_uid)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    # An unknown name is refused here, by naming those there are.
    _ = load_sources()[source]
    from ichviewer.ui.app.app import run_viewer  # noqa: PLC0415 - wrong usage must not need Qt

    return run_viewer([], fetch=link)
