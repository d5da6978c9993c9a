"""Analyse every series that was found, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.inference.engine import Engine
from ichviewer.inference.model_card import ModelCard
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.annotate import annotate_series, refused_status, steps_of
from ichviewer.services.measure_further import not_measured
from ichviewer.services.read_ahead import Pixels
from ichviewer.services.series_models import registered_models


def annotate_catalog(
    catalog: Catalog,
    pixels_of: Callable[[Series], Pixels],
    open_engine: Callable[[], Engine],
    card: ModelCard,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> tuple[dict[SeriesKey, SeriesFindings], str | None]:
    """Analyse every series of a catalog.

    The engine is opened only if a series may be analysed by its headers, and closed at the end.

    Parameters
    ----------
    catalog : Catalog
    pixels_of : function of Series that returns Pixels
        Decodes the slices of a series, for as long as it is analysed.
    open_engine : function that returns an Engine
    card : ModelCard
    progress : Progress
        Told of every step over all series.
    cancel : CancelToken, optional

    Returns
    -------
    dict of SeriesKey to SeriesFindings
        One for every series.
    str or None
        Name of the engine that ran, None if none was needed.

    Raises
    ------
    ModelError, EngineError
        If the engine cannot be opened.
    """
    findings: dict[SeriesKey, SeriesFindings] = {}
    total = sum(map(steps_of, catalog.series))
    engine: Engine | None = None
    before = 0
    try:
        for series in catalog.series:
            reason = refusal(series)
            if reason is not None:
                findings[series.key] = refused(series, reason)
            else:
                engine = engine or open_engine()
                findings[series.key] = annotate_series(
                    series,
                    pixels_of(series),
                    engine,
                    card,
                    progress=_shifted(progress, before, total),
                    cancel=cancel,
                )
            before += steps_of(series)
        return findings, None if engine is None else engine.name
    finally:
        if engine is not None:
            engine.close()


def refused(series: Series, reason: Problem) -> SeriesFindings:
    """Findings of a series that its headers rule out."""
    status = refused_status(reason)
    findings = SeriesFindings(
        series.key,
        tuple(SliceFinding(status, None, reason, info.problems) for info in series.slices),
        series_identity(series),
    )
    return not_measured(findings, registered_models())


def _shifted(progress: Progress, before: int, overall: int) -> Progress:
    def report(done: int, total: int, what: str) -> None:
        progress(before + done, overall, what)

    return report
