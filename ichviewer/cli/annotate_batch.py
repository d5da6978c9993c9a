"""`ichviewer annotate --jobs N`: many studies, several at a time, and never one of them twice."""

from __future__ import annotations

import os
import sys
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ichviewer.bundle import model_dir
from ichviewer.cli.console import OF_FINDINGS, progress_bar, progress_line, say, say_kind, say_problems
from ichviewer.cli.exit_codes import INPUT_FAILED, OK
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Severity
from ichviewer.domain.series import Catalog
from ichviewer.errors import ExportError, IchViewerError
from ichviewer.inference.litert import MOST_AT_ONCE, available_cpus
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.services.atomic_file import is_stream
from ichviewer.services.batch import BatchOutcome, BatchTerms, run_batch
from ichviewer.services.batch_pools import LocalPool, Pool
from ichviewer.services.batch_worker import MakesFiles, WorkOrder
from ichviewer.services.decoder import Decoder
from ichviewer.services.open_study import open_study
from ichviewer.services.outputs import Inputs
from ichviewer.services.pace import Pace
from ichviewer.services.result_journal import ResultJournal, journal_path
from ichviewer.services.series_key import model_digest
from ichviewer.services.series_models import added_models, registered_models
from ichviewer.services.table_format import TableFormat
from ichviewer.services.write_batch import BatchSummary, write_batch

if TYPE_CHECKING:
    from ichviewer.results.result_kind import ResultKind


@dataclass(frozen=True)
class BatchWish:
    """What was asked for on the command line.

    Parameters
    ----------
    paths : tuple of Path
    out : Path
        The table.
    sidecar : Path or None
        The JSON; None where it was not told and there is no place for it.
    form : TableFormat
    model : Path or None
    engine : str
    operating_point : str or None
    dicom_out : Path or None
    kinds : tuple of ResultKind
    jobs : int or None
    scheduler : str or None
    """

    paths: tuple[Path, ...]
    out: Path
    sidecar: Path | None
    form: TableFormat
    model: Path | None
    engine: str
    operating_point: str | None
    dicom_out: Path | None
    kinds: tuple[ResultKind, ...]
    jobs: int | None
    scheduler: str | None


def annotate_batch(wish: BatchWish) -> int:
    """Analyze all series under the paths, write the table and its JSON, and say what came of it; the exit code.

    Raises
    ------
    click.UsageError
        If the outputs have no place where a journal can lie beside them, or two ways to work were named.
    WorkerBugError
        If a bug cost a series; all others are written by then.
    IchViewerError
        If nothing can be read, analyzed or written.
    """
    if wish.jobs is not None and wish.scheduler is not None:
        raise click.UsageError(
            "--jobs is for this machine; with --scheduler its workers decide how many there are"
        )
    sidecar = wish.sidecar
    if sidecar is None or wish.out == Path("-") or is_stream(wish.out):
        raise click.UsageError("results are kept in a journal beside the output; give -o a file")
    if wish.scheduler is not None:
        # Workers of a cluster have working folders of their own.
        wish = _absolute(wish)
    started_s = time.monotonic()
    card = load_model_card(wish.model or model_dir())
    point = card.operating_point(wish.operating_point)
    journal_file = journal_path(wish.out)
    _check_outputs(wish, card, (wish.out, sidecar, journal_file))
    # What a further model prints goes where words go, not results.
    with redirect_stdout(sys.stderr), progress_bar() as progress, Decoder() as decoder:
        catalog = open_study(wish.paths, progress=progress, read_slice=decoder.read_slice)
    beside = _dicom_files(wish, point, catalog)
    terms = BatchTerms(point, card.series_rule, tuple(m.spec for m in registered_models()), beside)
    with ResultJournal(journal_file) as journal:
        if journal.damaged:
            say(f"{journal_file}: {journal.damaged:,} damaged results; they are done again")
        try:
            outcome = _analyse(wish, catalog, card, journal, terms)
            summary = write_batch(
                catalog,
                journal,
                outcome.places,
                card,
                terms,
                table_path=wish.out,
                form=wish.form,
                sidecar=sidecar,
                inputs=Inputs(wish.paths),
                seconds=time.monotonic() - started_s,
            )
        except (IchViewerError, KeyboardInterrupt):
            if len(journal):
                say(f"What is done is kept in {journal_file}; the same command goes on from there.")
            raise
    _say_what_came(wish, catalog, outcome, summary, time.monotonic() - started_s)
    if outcome.bugs:
        raise outcome.bugs[0]
    return INPUT_FAILED if summary.counts.failed or summary.failed else OK


def _absolute(wish: BatchWish) -> BatchWish:
    def whole(path: Path) -> Path:
        # Not resolved: a link may lead elsewhere on another machine.
        return Path(os.path.abspath(path))  # noqa: PTH100

    return replace(
        wish,
        paths=tuple(map(whole, wish.paths)),
        model=None if wish.model is None else whole(wish.model),
        dicom_out=None if wish.dicom_out is None else whole(wish.dicom_out),
    )


def _check_outputs(wish: BatchWish, card: ModelCard, outputs: tuple[Path, ...]) -> None:
    """Tell before hours of work what would be told after them."""
    folders = [path.parent for path in outputs] + ([] if wish.dicom_out is None else [wish.dicom_out])
    for folder in folders:
        real = Path(os.path.realpath(folder))
        for path in wish.paths:
            if path.is_dir() and real.is_relative_to(os.path.realpath(path)):
                raise ExportError(
                    "results cannot lie in what is analyzed: another run would find them there", str(folder)
                )
    Inputs(wish.paths).with_model(card).check(*outputs)
    if wish.dicom_out is not None:
        from ichviewer.results.write_results import make_folder  # noqa: PLC0415 - only where they are wanted

        make_folder(wish.dicom_out)


def _dicom_files(wish: BatchWish, point: OperatingPoint, catalog: Catalog) -> MakesFiles | None:
    if wish.dicom_out is None:
        return None
    from ichviewer.cli.dicom_results import DicomFiles  # noqa: PLC0415 - only where they are wanted
    from ichviewer.results.earlier_reports import reports_of_studies  # noqa: PLC0415 - as above

    kinds = tuple(kind.name for kind in wish.kinds)
    return DicomFiles(wish.dicom_out, kinds, point, wish.paths, reports_of_studies(catalog))


def _analyse(
    wish: BatchWish, catalog: Catalog, card: ModelCard, journal: ResultJournal, terms: BatchTerms
) -> BatchOutcome:
    pool, words = _open_pool(wish, card, terms)
    series = catalog.series
    pace = Pace(len(series), sum(map(len, series)))
    say(f"{len(series):,} series with {sum(map(len, series)):,} slices; {words}.")
    with progress_line() as tell:
        return run_batch(series, pool, journal, terms, pace=pace, tell=tell)


def _open_pool(wish: BatchWish, card: ModelCard, terms: BatchTerms) -> tuple[Pool, str]:
    """The workers, and how many there are in words."""
    order = WorkOrder(
        wish.model,
        model_digest(card),
        wish.engine,
        terms.point,
        added_models(),
        terms.beside,
        at_once=1,
    )
    if wish.scheduler is not None:
        from ichviewer.services.dask_pool import DaskPool  # noqa: PLC0415 - only where it is wanted

        cluster = DaskPool(wish.scheduler, order)
        return cluster, f"{cluster.workers:,} at a time on {wish.scheduler}"
    assert wish.jobs is not None
    cores = available_cpus()
    jobs = min(wish.jobs, cores)
    fewer = f", not {wish.jobs:,}: there are no more cores" if jobs < wish.jobs else ""
    at_once = max(1, min(MOST_AT_ONCE, cores // jobs))
    return LocalPool(replace(order, at_once=at_once), jobs), f"{jobs} at a time{fewer}"


def _say_what_came(
    wish: BatchWish, catalog: Catalog, outcome: BatchOutcome, summary: BatchSummary, seconds: float
) -> None:
    say_problems(catalog.problems)
    for problem, count in summary.kinds.values():
        if problem.severity is Severity.WARNING:
            say_kind(problem, count)
    for failed in summary.failed:
        say(f"failed: {failed}")
    known = f", {outcome.known:,} of them from before" if outcome.known else ""
    say(
        f"{summary.series:,} series{known}: {summary.flagged:,} with flagged slices, {len(summary.failed):,} failed."
    )
    say(f"{summary.rows:,} rows written to {wish.out} in {seconds:.1f} s.")
    say(f"{summary.counts}.")
    if wish.dicom_out is not None:
        say(f"{summary.files:,} DICOM objects in {wish.dicom_out}.")
    say(OF_FINDINGS)
