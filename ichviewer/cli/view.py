"""`ichviewer [PATH...]`: the viewer."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from ichviewer.cli.console import say
from ichviewer.cli.options import OPENED_THERE, new_window_option, verbose_option
from ichviewer.network.study_link import is_link, parse_link
from ichviewer.services.existing_path import why_not_there


class _View(click.Command):
    """A command that a person does not name, so usage errors show the usage of the whole program."""

    def get_usage(self, ctx: click.Context) -> str:
        return ctx.find_root().get_usage()


@click.command("ichviewer", cls=_View, add_help_option=False)
@new_window_option
@verbose_option
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(path_type=Path))
def view(paths: tuple[Path, ...], new_window: bool) -> int:
    """Open the viewer."""
    if any(is_link(str(path)) for path in paths):
        return _view_link(paths, new_window=new_window)
    for path in paths:
        reason = why_not_there(path)
        if reason is not None:
            raise click.UsageError(_no_such(path, reason))
    from ichviewer.ui.app.app import run_viewer  # noqa: PLC0415 - wrong usage must not need Qt

    return run_viewer(list(paths), new_window=new_window, on_handed_over=lambda: say(OPENED_THERE))


def _view_link(paths: tuple[Path, ...], *, new_window: bool) -> int:
    """Ask whether to fetch and view the study that a link names; other programs start the viewer in this way."""
    if len(paths) != 1:
        raise click.UsageError("a link is opened alone")
    try:
        link = parse_link(str(paths[0]))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    from ichviewer.ui.app.app import run_viewer  # noqa: PLC0415 - wrong usage must not need Qt

    return run_viewer(
        [], fetch=link, ask=True, new_window=new_window, on_handed_over=lambda: say(OPENED_THERE)
    )


def _no_such(path: Path, reason: str) -> str:
    """Name what is missing, and the command that was probably meant."""
    root = click.get_current_context().find_root()
    assert isinstance(root.command, click.Group)
    near = difflib.get_close_matches(str(path), root.command.list_commands(root), n=1)
    hint = f" Did you mean the command {near[0]!r}?" if near else ""
    return f"there is no file, folder or command {str(path)!r}{reason}.{hint}"
