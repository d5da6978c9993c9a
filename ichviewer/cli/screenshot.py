"""`ichviewer screenshot`: a picture of the window."""

from __future__ import annotations

import re
from pathlib import Path

import click

from ichviewer.cli.console import say
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.options import out_option, paths_argument, verbose_option

_SMALLEST, _LARGEST = 320, 8192


def _parse_size(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", value.strip())
    if found is None or not all(_SMALLEST <= int(n) <= _LARGEST for n in found.groups()):
        raise click.BadParameter(
            f"{value!r} is no size; give WIDTHxHEIGHT such as 1600x1000, each {_SMALLEST} to {_LARGEST}",
            ctx,
            param,
        )
    return int(found[1]), int(found[2])


@click.command("screenshot")
@paths_argument
@out_option("FILE.png", "The picture to write.")
@click.option(
    "--size", default="1600x1000", show_default=True, metavar="WxH", callback=_parse_size, help="In pixels."
)
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", show_default=True)
@verbose_option
def screenshot(paths: tuple[Path, ...], out: Path, size: tuple[int, int], theme: str) -> int:
    """Write a picture of the window with PATH open and analyzed, on the most suspicious slice.

    No display is needed.
    """
    from ichviewer.ui.app.screenshot import take_screenshot  # noqa: PLC0415 - wrong usage must not need Qt

    failures = take_screenshot(list(paths), out, size, theme)
    say(f"The window, {size[0]} x {size[1]} pixels, to {out}.")
    for failure in failures:
        say(f"error: {failure}")
    return INPUT_FAILED if failures else OK
