"""What `ichviewer annotate --dicom-out` writes: the DICOM objects of every CT series."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ichviewer.cli.console import progress_bar, say
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Series, SliceInfo, SliceSource
from ichviewer.errors import IchViewerError
from ichviewer.inference.model_card import ModelCard
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.earlier_reports import reports_in, reports_of_studies
from ichviewer.results.extras import Extras
from ichviewer.results.kinds import kinds_named
from ichviewer.results.result_kind import ResultKind
from ichviewer.results.write_results import is_worth_results, write_results
from ichviewer.services.analyse_paths import Analysis
from ichviewer.services.batch_worker import FilesBeside
from ichviewer.services.decoder import Decoder
from ichviewer.services.outputs import Inputs
from ichviewer.services.series_result import catalog_of


def write_dicom(
    result: Analysis, point: OperatingPoint, folder: Path, kinds: Sequence[ResultKind], inputs: Inputs
) -> bool:
    """Write the objects of all series, one series after the other; a series that is refused does not stop the rest.

    Parameters
    ----------
    result : Analysis
    point : OperatingPoint
        Thresholds in use.
    folder : Path
    kinds : sequence of ResultKind
    inputs : Inputs
        What was opened.

    Returns
    -------
    bool
        Whether every CT series has its objects now; what was refused is said.
    """
    now = datetime.now().astimezone()
    read = inputs.with_catalog(result.catalog)
    written, complete = 0, True
    worth = [series for series in result.catalog.series if is_worth_results(series)]
    reports = reports_of_studies(result.catalog, folder)
    with Decoder() as decoder, progress_bar() as progress:
        for number, series in enumerate(worth):
            progress(number, len(worth), f"making DICOM objects of series {number + 1} of {len(worth)}")
            analysis = SeriesAnalysis(
                series, result.findings[series.key], result.card, result.engine, point, now
            )
            earlier = reports.get(series.key.study_uid, ())
            extras = Extras(read_slice=decoder.read_slice, earlier=earlier)
            try:
                written += len(write_results(analysis, folder, kinds, inputs=read, extras=extras))
            except IchViewerError as error:
                complete = False
                say(str(error))
    say(f"{written} DICOM objects written to {folder}.")
    return complete


@dataclass(frozen=True)
class DicomFiles:
    """The objects of each series, made by the process that analyzed it (see `MakesFiles` of the batch worker).

    Parameters
    ----------
    folder : Path
        It is there.
    kinds : tuple of str
        Names of kinds of objects.
    point : OperatingPoint
        Thresholds in use.
    opened : tuple of Path
        What was opened.
    reports : mapping of str to tuple of SliceSource
        Earlier reports that lie in what was opened, by the UID of their study.
    """

    folder: Path
    kinds: tuple[str, ...]
    point: OperatingPoint
    opened: tuple[Path, ...]
    reports: Mapping[str, tuple[SliceSource, ...]] = field(default_factory=dict, hash=False)

    @property
    def settings(self) -> str:
        """Folder and kinds."""
        return json.dumps([os.path.realpath(self.folder), self.kinds])

    @cached_property
    def _from_before(self) -> Mapping[str, tuple[SliceSource, ...]]:
        """Earlier reports in the folder, by their study; each process looks once, at its first series.

        What is written meanwhile is of other series, or the same again.
        """
        return reports_in(self.folder)

    def make(
        self,
        series: Series,
        findings: SeriesFindings,
        card: ModelCard,
        engine: str,
        read_slice: Callable[[SliceInfo], DecodedSlice],
    ) -> FilesBeside:
        """Write the objects of a series; a refusal is told, not raised."""
        if not is_worth_results(series):
            return FilesBeside()
        now = datetime.now().astimezone()
        study = series.key.study_uid
        earlier = (*self._from_before.get(study, ()), *self.reports.get(study, ()))
        try:
            written = write_results(
                SeriesAnalysis(series, findings, card, engine, self.point, now),
                self.folder,
                kinds_named(self.kinds),
                inputs=Inputs(self.opened).with_catalog(catalog_of(series)),
                extras=Extras(read_slice=read_slice, earlier=earlier),
            )
        except IchViewerError as error:
            # A full disk may have room the next time; images without UIDs stay so.
            return FilesBeside((), (str(error),), lasting=not isinstance(error.__cause__, OSError))
        return FilesBeside(tuple(path.name for path in written))

    def are_there(self, files: tuple[str, ...]) -> bool:
        """Whether all of these are in the folder."""
        return all((self.folder / name).is_file() for name in files)
