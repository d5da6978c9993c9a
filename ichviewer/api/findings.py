"""What an analysis found, for scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ichviewer.api.arguments import shown
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.identity import series_identity
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series
from ichviewer.domain.volume import Volume
from ichviewer.errors import ArgumentError, FileChangedError, MissingExtraError
from ichviewer.inference.model_card import ModelCard
from ichviewer.services.analyse_paths import Analysis
from ichviewer.services.csv_cells import encode_csv
from ichviewer.services.export import (
    TEXT_COLUMNS,
    WHOLE_NUMBER_COLUMNS,
    Value,
    columns,
    finding_rows,
    further_models,
)
from ichviewer.services.outputs import Inputs

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Findings:
    """What `annotate` found. Holds no pixels and no process, needs no file, and can be pickled.

    Parameters
    ----------
    analysis : Analysis
        As the services give it.
    point : OperatingPoint
        The thresholds in use.
    analyzed_at : datetime
        When the analysis ended, with its time zone.
    opened : Inputs
        What was opened, which nothing is written to.
    """

    analysis: Analysis
    point: OperatingPoint
    analyzed_at: datetime
    opened: Inputs = field(default_factory=Inputs)

    def __repr__(self) -> str:
        analyzed = sum(found.analysed for found in self.analysis.findings.values())
        slices = sum(map(len, self.series))
        return f"<Findings: {len(self.series)} series, {analyzed} of {slices} slices analyzed>"

    @property
    def catalog(self) -> Catalog:
        """The studies, and what could not be read."""
        return self.analysis.catalog

    @property
    def series(self) -> tuple[Series, ...]:
        """All series, those included that were not analyzed."""
        return self.analysis.catalog.series

    @property
    def model(self) -> ModelCard:
        """What the model says of itself."""
        return self.analysis.card

    @property
    def engine(self) -> str:
        """``litert`` or ``keras``; empty where no slice needed the model."""
        return self.analysis.engine

    def of(self, series_or_volume: Series | Volume) -> SeriesFindings:
        """The findings of a series, one for every slice in slice order.

        Parameters
        ----------
        series_or_volume : Series or Volume
            A volume has to hold the very pixels that were judged.

        Raises
        ------
        ichviewer.errors.ArgumentError
            If it is another series, or the same one with other files.
        ichviewer.errors.FileChangedError
            If the pixels of the volume are not those that were judged.
        """
        where = "Findings.of"
        if isinstance(series_or_volume, Volume):
            wanted = series_or_volume.series_identity
        elif isinstance(series_or_volume, Series):
            wanted = series_identity(series_or_volume)
        else:
            raise ArgumentError("a series or a volume is needed", where, shown(series_or_volume))
        for series in self.series:
            found = self.analysis.findings[series.key]
            if found.series == wanted:
                if isinstance(series_or_volume, Volume):
                    _check_pixels(series, found, series_or_volume)
                return found
        raise ArgumentError(
            "these findings are not about this series as it is now; annotate it", where, "another series"
        )

    def problems(self) -> tuple[Problem, ...]:
        """Everything that a person should hear: failures, refusals, and what was repaired or doubted."""
        return self.analysis.problems()

    def failures(self) -> tuple[Problem, ...]:
        """Every file and slice that failed, with why."""
        return self.analysis.failures()

    def to_dataframe(self) -> pd.DataFrame:
        """The findings as a table of pandas: the rows and columns of the CSV, with values as they are.

        A row has a ``status``: ``analysed``, ``not_analysed`` or ``failed``. Probabilities are NaN and ``flagged`` is
        missing where a slice was not analyzed, which never means "negative".

        Returns
        -------
        pandas.DataFrame
            Texts are ``string``, ``slice_index`` (from 1) and ``instance_number`` are ``Int64``, all else float64.

        Raises
        ------
        ichviewer.errors.MissingExtraError
            If pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 - an extra, and slow to load
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                "a table needs pandas, which is not installed; install it with: pip install 'ichviewer[tables]'",
                "Findings.to_dataframe",
                f"no module {error.name}",
            ) from error
        findings = self.analysis.findings
        names = columns(further_models(findings))
        rows = [
            {name: _whole_unicode(value) for name, value in row.items()}
            for row in finding_rows(self.catalog, findings, self.point)
        ]
        frame = pd.DataFrame(rows, columns=list(names))
        kinds = dict.fromkeys(names, "float64")
        kinds |= dict.fromkeys(WHOLE_NUMBER_COLUMNS, "Int64") | dict.fromkeys(TEXT_COLUMNS, "string")
        return frame.astype(kinds)


def _whole_unicode(value: Value) -> Value:
    """Texts as pandas can hold them: names of files need not be valid Unicode."""
    return encode_csv(value).decode("utf-8") if isinstance(value, str) else value


def _check_pixels(series: Series, found: SeriesFindings, volume: Volume) -> None:
    for index, (finding, held) in enumerate(zip(found.slices, volume.pixel_hashes, strict=True)):
        if finding.pixel_hash and held and finding.pixel_hash != held:
            raise FileChangedError(
                "the pixels of this volume are not those that were judged",
                str(series.slices[index].source),
                f"other values in slice {index + 1}",
            )
