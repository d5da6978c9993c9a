# ruff: noqa: PLC0415 - rich is loaded only when there is something for it to print
"""Talking to a person: results on stdout, everything else on stderr."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

import click

from ichviewer.disclaimer import DISCLAIMER, NOT_NEGATIVE
from ichviewer.domain.problems import Problem, Severity
from ichviewer.errors import ExportError
from ichviewer.printable import printable
from ichviewer.progress import Progress, silent

OF_FINDINGS = f"{DISCLAIMER} {NOT_NEGATIVE}"

_WIDE = 240
"""Columns for output that does not go to a terminal, where nothing should be folded."""


def say(line: str) -> None:
    """One line on stderr, whatever names from files it holds."""
    click.echo(printable(line), err=True)


def tell(line: str) -> None:
    """One line of results on stdout, whatever names from files it holds."""
    click.echo(printable(line))


def pour(data: bytes) -> None:
    """Results for another program, as they are, on stdout; on a terminal without what could control it.

    Raises
    ------
    ExportError
        If stdout is closed: results that nobody gets must not pass for delivered.
    """
    if getattr(sys.stdout, "name", "") == os.devnull:
        raise ExportError("the results go to stdout, which is closed")
    if sys.stdout.isatty():
        click.echo(printable(data.decode("utf-8"), keep="\n"), nl=False)
        return
    # click.echo asks the text stream first, which writes a byte order mark into a file under UTF-16.
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on stderr; nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("starting", total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total or None, description=printable(what))

        yield report


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, to: TextIO | None = None) -> None:
    """Print a table; columns whose head begins with ``>`` are right-aligned. To stdout unless told."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = sys.stdout if to is None else to
    console = Console(file=out, width=None if out.isatty() else _WIDE, highlight=False)
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head in heads:
        grid.add_column(
            head.removeprefix(">"), justify="right" if head.startswith(">") else "left", overflow="fold"
        )
    for row in rows:
        # Text from files must never be taken for markup.
        grid.add_row(*(Text(printable(cell)) for cell in row))
    console.print(grid)


def say_problems(problems: Iterable[Problem], *, least: Severity = Severity.WARNING) -> None:
    """Name problems on stderr, one a line, errors first; kinds shared by many slices only once with a count."""
    order = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    wanted = order[: order.index(least) + 1]
    for severity in wanted:
        chosen = list(dict.fromkeys(p for p in problems if p.severity is severity))
        if severity is Severity.ERROR:
            for problem in chosen:
                say(f"{severity.value}: {problem}")
            continue
        for code in dict.fromkeys(p.code for p in chosen):
            same = [p for p in chosen if p.code is code]
            say_kind(same[0], len(same))


def say_kind(problem: Problem, count: int) -> None:
    """Name a problem on stderr, and how many there are of its kind."""
    more = f" (and {count - 1:,} more of this kind)" if count > 1 else ""
    say(f"{problem.severity.value}: {problem}{more}")


_SECONDS_BETWEEN_LINES = 60.0


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """One line of progress on stderr, written anew in place; a line a minute where stderr is not a terminal."""
    in_place = sys.stderr.isatty()
    last_s, shown = time.monotonic(), ""

    def tell(line: str) -> None:
        nonlocal last_s, shown
        if in_place:
            text = printable(line)[: shutil.get_terminal_size().columns - 1]
            if text != shown:
                click.echo("\r" + text.ljust(len(shown)), nl=False, err=True)
                shown = text
        elif time.monotonic() - last_s >= _SECONDS_BETWEEN_LINES:
            last_s = time.monotonic()
            say(line)

    try:
        yield tell
    finally:
        if shown:
            click.echo("\r" + " " * len(shown) + "\r", nl=False, err=True)
