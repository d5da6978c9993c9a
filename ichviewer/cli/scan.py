"""`ichviewer scan`: what is there, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from ichviewer.cli.console import pour, progress_bar, say, say_problems, table
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.cli.findings_table import name_of
from ichviewer.cli.options import paths_argument, verbose_option
from ichviewer.domain.problems import Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.services.decoder import Decoder
from ichviewer.services.export import unreadable
from ichviewer.services.open_study import open_study
from ichviewer.services.scan import PixelReport, scan_pixels, slice_problems, to_json
from ichviewer.services.write_findings import json_bytes


@click.command("scan")
@paths_argument
@click.option("--json", "as_json", is_flag=True, help="Write everything as JSON to stdout.")
@click.option("--headers-only", is_flag=True, help="Decode no pixels: fast, but no HU range.")
@verbose_option
def scan(paths: tuple[Path, ...], as_json: bool, headers_only: bool) -> int:
    """List the studies and series under PATH, with the HU range of CT, and name everything wrong with them.

    Every slice is decoded once, one at a time. The list goes to stdout, the problems to stderr.
    """
    with progress_bar() as progress, Decoder() as decoder:
        catalog = open_study(paths, progress=progress, read_slice=decoder.read_slice)
        pixels = {} if headers_only else scan_pixels(catalog, decoder.read_slice, progress=progress)
    if as_json:
        pour(json_bytes(to_json(catalog, pixels)))
    else:
        _print_table(catalog, pixels)
    problems = list(catalog.problems)
    for series in catalog.series:
        report = pixels.get(series.key)
        problems += (*series.problems, *slice_problems(series), *(() if report is None else report.problems))
    say_problems(problems, least=Severity.INFO)
    n = len(catalog.series)
    slices = sum(map(len, catalog.series))
    # A file that two things are wrong with is one failure; two files of one name in an archive are two.
    broken = unreadable(catalog)
    known = set(broken)
    failed = len(broken) + len({p.where for p in problems if p.severity is Severity.ERROR and p not in known})
    counted = (
        f"{_count(len(catalog.studies), 'study', 'studies')}, {n} series, {_count(slices, 'slice', 'slices')}"
    )
    say(f"{counted}; {_count(failed, 'failure', 'failures') if failed else 'no failures'}.")
    return INPUT_FAILED if failed else OK


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _print_table(catalog: Catalog, pixels: Mapping[SeriesKey, PixelReport]) -> None:

    heads = (
        "#",
        "patient",
        "study date",
        "series",
        "type",
        ">slices",
        ">size",
        ">mm a pixel",
        "order",
        ">values",
    )
    rows = []
    for number, series in enumerate(catalog.series, 1):
        first = series.slices[0]
        spacing = (
            "-" if first.spacing is None else f"{first.spacing.row_mm:.3g} x {first.spacing.column_mm:.3g}"
        )
        rows.append(
            (
                str(number),
                series.patient.id or series.patient.name or "-",
                series.study.date or "-",
                name_of(series),
                series.modality or "-",
                str(len(series)),
                f"{first.columns} x {first.rows}",
                spacing,
                series.sort_basis.value,
                _values(series, pixels.get(series.key)),
            )
        )
    table(heads, rows)


def _values(series: Series, report: PixelReport | None) -> str:
    if report is None:
        return ""
    if report.range_hu is None:
        return "not decoded" if report.decoded < len(series) else "only padding"
    unit = " HU" if series.modality == "CT" else ""
    missing = f" ({len(series) - report.decoded} slices not decoded)" if report.decoded < len(series) else ""
    return f"{report.range_hu[0]:g} to {report.range_hu[1]:g}{unit}{missing}"
