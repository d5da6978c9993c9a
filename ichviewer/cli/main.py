"""The top of the command line: which words are commands and which are paths to view."""

from __future__ import annotations

import click

from ichviewer import __version__
from ichviewer.cli.lazy import LazyGroup
from ichviewer.cli.options import verbose_option

_VIEW = "\0view"
"""Name of the command behind a bare `ichviewer [PATH...]`; no path and no word on a command line can be it."""


class _ViewerGroup(LazyGroup):
    """A group whose default is to view paths.

    The first word that is not an option decides: the name of a command is that command, anything else is a path.
    A folder that bears the name of a command is opened as ``./demo``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the viewer's own name before paths."""
        flags = {o for p in self.get_params(ctx) for o in p.opts}
        first = next((i for i, word in enumerate(args) if word not in flags), len(args))
        if first == len(args) or args[first] not in self.list_commands(ctx):
            options = args[: args.index("--")] if "--" in args else args
            wants_help = any(option in options for option in ctx.help_option_names)
            args = ["--help"] if wants_help else [*args[:first], _VIEW, *args[first:]]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; the viewer's has no name a person could type."""
        if cmd_name == _VIEW:
            from ichviewer.cli.view import view  # noqa: PLC0415 - as every command, imported on use

            return view
        return super().get_command(ctx, cmd_name)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Both ways to call it."""
        return ["[OPTIONS] [PATH...]  |  ichviewer COMMAND ..."]


@click.group(
    "ichviewer",
    cls=_ViewerGroup,
    package="ichviewer.cli",
    lazy={
        "annotate": "Analyze head CT and write a CSV, a row for every slice.",
        "scan": "List studies, series and everything wrong with them.",
        "render": "Write a picture of one slice.",
        "screenshot": "Write a picture of the window after the analysis.",
        "open": "Fetch a study over the network and view it.",
        "demo": "Open the bundled demo studies; without a display, analyze them.",
        "self-test": "Check decoders, model and results of this installation.",
        "sources": "Find, fetch and send studies: DICOM nodes and DICOMweb servers.",
        "deidentify": "Write studies and results without what names the patient.",
        "outbox": "List, send or forget what waits to be sent over the network.",
        "node": "Read what arrives over the network: analyze head CT, send results.",
        "worklist": "List what a node has found, the most urgent first.",
        "learn": "Prepare data, train, evaluate and export the model.",
    },
    elsewhere={"open": "open_study"},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@verbose_option
@click.version_option(__version__, prog_name="ichviewer")
def cli() -> None:
    """View CT studies and find intracranial hemorrhage on head CT.

    PATH is a folder, a DICOM file, a ZIP or a DICOMDIR; give any number of them, or one link
    ichviewer://open?node=N&study=UID. Without a command the viewer opens. A folder that bears the name of a command
    is opened as ./demo.

    Research and education only: this is not a medical device.

    Exit codes: 0 all done; 2 wrong usage or nothing readable; 3 done, but some input failed; 1 a bug.
    """
