"""Write what a batch found: the table and its JSON, result by result, so that memory does not grow with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.series import Catalog
from ichviewer.inference.model_card import ModelCard
from ichviewer.printable import printable
from ichviewer.services.batch import BatchTerms
from ichviewer.services.export import Tally, columns, duplicates, table_lines, unreadable
from ichviewer.services.further_json import model_json
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.services.result_journal import Place, ResultJournal
from ichviewer.services.series_result import SeriesResult
from ichviewer.services.table_format import TableFormat, encode_table
from ichviewer.services.write_findings import WrittenTable, problem_json, sidecar_head


@dataclass(frozen=True)
class FailedSeries:
    """A series with slices that failed, or whose files beside could not be made.

    Parameters
    ----------
    study_uid, series_uid : str
    description : str
    slices, failed : int
        How many there are, and how many of them failed.
    why : str
        The first reason.
    """

    study_uid: str
    series_uid: str
    description: str
    slices: int
    failed: int
    why: str

    def __str__(self) -> str:
        name = f" ({self.description})" if self.description else ""
        return (
            f"study {self.study_uid or '-'}, series {self.series_uid or '-'}{name}: "
            f"{self.failed} of {self.slices} slices failed; {self.why}"
        )


@dataclass
class BatchSummary:
    """What a person should hear of a batch; counted while it is written."""

    rows: int = 0
    series: int = 0
    flagged: int = 0
    files: int = 0
    analysed: int = 0
    not_analysed: int = 0
    failed_slices: int = 0
    engines: dict[str, None] = field(default_factory=dict)
    failed: list[FailedSeries] = field(default_factory=list)
    kinds: dict[ProblemCode, tuple[Problem, int]] = field(default_factory=dict)
    """The first problem of each kind that is no error, and how many there are."""

    @property
    def engine(self) -> str:
        """Names of the engines that ran."""
        return ", ".join(self.engines)

    @property
    def counts(self) -> Tally:
        """How many images there are, and what became of them."""
        found = self.analysed + self.not_analysed + self.failed_slices
        return Tally(found, self.analysed, self.not_analysed, self.failed_slices)

    def add(self, result: SeriesResult) -> None:
        """Count the result of a series."""
        self.rows += len(result.lines)
        self.series += 1
        self.flagged += result.flagged
        self.files += len(result.files)
        self.analysed += result.counts.analysed
        self.not_analysed += result.counts.not_analysed
        self.failed_slices += result.counts.failed
        if result.engine:
            self.engines.setdefault(result.engine)
        errors = [str(p) for p in result.problems if p.severity is Severity.ERROR]
        if result.counts.failed or result.refusals:
            details = result.details
            self.failed.append(
                FailedSeries(
                    str(details["study_uid"]),
                    str(details["series_uid"]),
                    str(details["description"]),
                    result.counts.found,
                    result.counts.failed,
                    (errors if result.counts.failed else [*result.refusals])[0],
                )
            )
        for problem in result.problems:
            if problem.severity is not Severity.ERROR:
                first, count = self.kinds.get(problem.code, (problem, 0))
                self.kinds[problem.code] = first, count + 1


def write_batch(
    catalog: Catalog,
    journal: ResultJournal,
    places: Sequence[Place],
    card: ModelCard,
    terms: BatchTerms,
    *,
    table_path: Path,
    form: TableFormat,
    sidecar: Path,
    inputs: Inputs,
    seconds: float | None = None,
    now: datetime | None = None,
) -> BatchSummary:
    """Write the table and the JSON of a batch, both or none: the same as of all series analyzed at once.

    Parameters
    ----------
    catalog : Catalog
    journal : ResultJournal
    places : sequence of Place
        Where the result of each series of the catalog lies.
    card : ModelCard
    terms : BatchTerms
    table_path, sidecar : Path
    form : TableFormat
        Of the table.
    inputs : Inputs
        What was opened; none of it is written to, and no file that the catalog names.
    seconds : float, optional
        How long it took.
    now : datetime, optional
        Time to record; the present unless told.

    Returns
    -------
    BatchSummary

    Raises
    ------
    ExportError
        If one cannot be written, or is a file that was read. The old files are whole then.
    ReadError
        If the journal cannot be read any more.
    """
    writing = _Writing(catalog, journal, places, terms)
    # The JSON says what the table holds, which is known once that is on disk: files are made one after the other.
    files = [
        (table_path, writing.table(form)),
        (sidecar, writing.sidecar(card, form, table_path, now or datetime.now(UTC), seconds)),
    ]
    write_outputs(files, inputs.with_model(card).with_catalog(catalog))
    return writing.summary


class _Writing:
    def __init__(
        self, catalog: Catalog, journal: ResultJournal, places: Sequence[Place], terms: BatchTerms
    ) -> None:
        self._catalog = catalog
        self._journal = journal
        self._places = places
        self._terms = terms
        self._sha256 = hashlib.sha256()
        self.summary = BatchSummary()

    def table(self, form: TableFormat) -> Iterator[bytes]:
        for part in encode_table(form, columns(self._terms.models), self._lines()):
            self._sha256.update(part)
            yield part

    def _lines(self) -> Iterator[Sequence[str]]:
        for place in self._places:
            result = self._journal.read(place)
            self.summary.add(result)
            yield result.lines
        rest = Catalog((), self._catalog.problems)
        lines = table_lines(rest, {}, self._terms.point, self._terms.models)
        self.summary.rows += len(lines)
        self.summary.failed_slices += len(unreadable(rest))
        self.summary.not_analysed += len(duplicates(rest))
        yield lines

    def sidecar(
        self, card: ModelCard, form: TableFormat, table: Path, now: datetime, seconds: float | None
    ) -> Iterator[bytes]:
        head = sidecar_head(
            card,
            self.summary.engine,
            self._terms.point,
            WrittenTable(form, table.name, self._sha256.hexdigest()),
            further=[model_json(spec) for spec in self._terms.models],
            counts=self.summary.counts,
            now=now,
            seconds=seconds,
        )
        yield _encoded(_json(head, 0).removesuffix("\n}") + ',\n "series": [')
        for number, place in enumerate(self._places):
            details = self._journal.read(place).details
            yield _encoded((",\n  " if number else "\n  ") + _json(details, 2))
        problems = [problem_json(p) for p in self._catalog.problems]
        yield _encoded(("\n ]" if self._places else "]") + f',\n "problems": {_json(problems, 1)}\n}}\n')


def _json(content: Any, depth: int) -> str:
    """JSON as `ichviewer.services.write_findings.json_bytes` would write it at a depth."""
    return json.dumps(content, indent=1, ensure_ascii=False).replace("\n", "\n" + " " * depth)


def _encoded(text: str) -> bytes:
    return printable(text, keep="\n").encode("utf-8")
