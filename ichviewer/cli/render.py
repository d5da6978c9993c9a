"""`ichviewer render`: a picture of one slice."""

from __future__ import annotations

from pathlib import Path

import click

from ichviewer.cli.console import progress_bar, say, say_problems
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.findings_table import name_of
from ichviewer.cli.options import out_option, path_argument, verbose_option
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.problems import Severity
from ichviewer.services.decoder import Decoder
from ichviewer.services.open_study import open_study
from ichviewer.services.outputs import Inputs
from ichviewer.services.render import render_slice, write_png
from ichviewer.services.windows import find_window, load_presets


@click.command("render")
@path_argument
@click.option(
    "--slice", "number", type=int, required=True, metavar="N", help="Which slice, from 1 at the feet."
)
@click.option(
    "--window",
    default="brain",
    show_default=True,
    metavar="NAME|C/W",
    help="A window by name (brain, subdural, stroke, soft-tissue, bone, from-file) or as center/width in HU.",
)
@click.option(
    "--series",
    "series_number",
    type=int,
    metavar="N",
    help="Which series, as `ichviewer scan` numbers them from 1. [default: the first head CT, else the first]",
)
@out_option("FILE.png", "The picture to write.")
@verbose_option
def render(path: Path, number: int, window: str, series_number: int | None, out: Path) -> int:
    """Write a picture of one slice of PATH through a window."""
    inputs = Inputs((path,))
    inputs.check(out)
    preset = find_window(window, load_presets())
    with progress_bar() as progress, Decoder() as decoder:
        catalog = open_study([path], progress=progress, read_slice=decoder.read_slice)
        count = len(catalog.series)
        if series_number is None:
            chosen = next((i for i, s in enumerate(catalog.series) if refusal(s) is None), 0)
        elif 1 <= series_number <= count:
            chosen = series_number - 1
        else:
            raise click.BadParameter(
                f"there are series 1 to {count}, not {series_number}", param_hint="--series"
            )
        series = catalog.series[chosen]
        if not 1 <= number <= len(series):
            raise click.BadParameter(
                f"series {chosen + 1} ({name_of(series)}) has slices 1 to {len(series)}, not {number}",
                param_hint="--slice",
            )
        info = series.slices[number - 1]
        decoded = decoder.read_slice(info)
    picture = render_slice(info, decoded.image, preset.voi)
    write_png(out, picture, inputs.with_catalog(catalog))
    problems = (*series.problems, *info.problems, *decoded.problems)
    say_problems(problems)
    say(
        f"Slice {number} of {len(series)} of series {chosen + 1} ({name_of(series)}), "
        f"{picture.width} x {picture.height} pixels, to {out}."
    )
    # The picture shows what there is; what is missing in it must not pass for the image.
    broken = [p for p in (*info.problems, *decoded.problems) if p.severity is Severity.ERROR]
    if broken:
        say(f"The picture does not show the whole slice: {broken[0].text}.")
    return INPUT_FAILED if broken else OK
