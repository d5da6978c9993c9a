"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ichviewer import logs
from ichviewer.services.existing_path import why_not_there

_F = TypeVar("_F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
EXISTING_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
"""What a path on the command line may be."""

ENGINES = ("auto", "litert", "keras")


def _set_up_logs(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    # The group and the command both take --verbose; a command that was not given it must not undo the group's.
    said = ctx.find_root().meta.setdefault("ichviewer.verbose", False) or value
    ctx.find_root().meta["ichviewer.verbose"] = said
    logs.setup(verbose=said)


def verbose_option(function: _F) -> _F:
    """``-v/--verbose``: tell on stderr what happens."""
    return click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_set_up_logs,
        help="Tell on stderr what happens.",
    )(function)


def _existing(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    for path in value if isinstance(value, tuple) else (value,):
        reason = why_not_there(path)
        if reason is not None:
            raise click.BadParameter(f"there is no file or folder {str(path)!r}{reason}", ctx, param)
    return value


def paths_argument(function: _F) -> _F:
    """One or more PATHs that exist."""
    return click.argument(
        "paths",
        nargs=-1,
        required=True,
        metavar="PATH...",
        type=click.Path(path_type=Path),
        callback=_existing,
    )(function)


def path_argument(function: _F) -> _F:
    """One PATH that exists."""
    return click.argument("path", metavar="PATH", type=click.Path(path_type=Path), callback=_existing)(
        function
    )


def engine_option(function: _F) -> _F:
    """``--engine``: what runs the model."""
    return click.option(
        "--engine",
        type=click.Choice(ENGINES),
        default="auto",
        show_default=True,
        help="What runs the model; auto takes the fast one (litert) when it was made from the very same model.",
    )(function)


def model_option(function: _F) -> _F:
    """``--model``: another model than the bundled one."""
    return click.option(
        "--model",
        type=click.Path(path_type=Path),
        default=None,
        metavar="FOLDER|FILE.keras",
        help="Another model: its folder, or a .keras file with its model.json beside it.",
    )(function)


def out_option(metavar: str, help_text: str) -> Callable[[_F], _F]:
    """``-o/--out``: the file to write."""
    return click.option(
        "-o",
        "--out",
        required=True,
        metavar=metavar,
        type=FILE,
        help=help_text,
    )
