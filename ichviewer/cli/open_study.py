"""`ichviewer open`: a study of a node or server, fetched and viewed."""

from __future__ import annotations

import click

from ichviewer.cli.console import say
from ichviewer.cli.options import OPENED_THERE, new_window_option, verbose_option
from ichviewer.network.sources_file import load_sources
from ichviewer.network.study_link import StudyLink, parse_link


@click.command("open")
@click.option("--node", "source", metavar="NAME", help="Name of the source that has it.")
@click.option("--study", "study_uid", metavar="UID", help="The study.")
@click.option(
    "--link", "text", metavar="LINK", help="A link, instead of both; asks before anything is fetched."
)
@new_window_option
@verbose_option
def open_study(source: str | None, study_uid: str | None, text: str | None, new_window: bool) -> int:
    """Fetch a study from a DICOM node or a DICOMweb server and view it.

    In the window that is open already, if there is one.
    """
    if text is not None and (source is not None or study_uid is not None):
        raise click.UsageError("a link is opened alone")
    if text is None and (source is None or study_uid is None):
        raise click.UsageError("--node and --study are needed, or --link")
    try:
        link = StudyLink(source or "", study_uid or "") if text is None else parse_link(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if text is None:
        # An unknown name is refused here, by naming those there are; of a link the window says so.
        _ = load_sources()[link.source]
    from ichviewer.ui.app.app import run_viewer  # noqa: PLC0415 - wrong usage must not need Qt

    return run_viewer(
        [],
        fetch=link,
        ask=text is not None,
        new_window=new_window,
        on_handed_over=lambda: say(OPENED_THERE),
    )
