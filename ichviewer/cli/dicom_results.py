"""What `ichviewer annotate --dicom-out` writes: the DICOM objects of every CT series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ichviewer.cli.console import progress_bar, say
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.errors import IchViewerError
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.extras import Extras
from ichviewer.results.result_kind import ResultKind
from ichviewer.results.write_results import is_worth_results, write_results
from ichviewer.services.analyse_paths import Analysis
from ichviewer.services.decoder import Decoder
from ichviewer.services.outputs import Inputs


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
    with Decoder() as decoder, progress_bar() as progress:
        extras = Extras(read_slice=decoder.read_slice)
        for number, series in enumerate(worth):
            progress(number, len(worth), f"making DICOM objects of series {number + 1} of {len(worth)}")
            analysis = SeriesAnalysis(
                series, result.findings[series.key], result.card, result.engine, point, now
            )
            try:
                written += len(write_results(analysis, folder, kinds, inputs=read, extras=extras))
            except IchViewerError as error:
                complete = False
                say(str(error))
    say(f"{written} DICOM objects written to {folder}.")
    return complete
