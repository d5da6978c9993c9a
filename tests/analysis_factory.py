"""Finished analyses for tests, with findings that a test chooses, of slices that a test wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.domain.model_result import ModelResult
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.region_map import RegionMap
from ichviewer.domain.series import Series
from ichviewer.inference.model_card import load_model_card
from ichviewer.results.analysis import SeriesAnalysis

TINY = Path(__file__).parent / "inference" / "tiny_model"
HALF = OperatingPoint("balanced", (0.5,) * 6)
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOW = 0.125
"""Probability of everything that a test does not flag."""


def only_series(*paths: Path) -> Series:
    """The one series below some paths."""
    (series,) = read_catalog(list(paths)).series
    return series


def probabilities(**given: float) -> tuple[float, ...]:
    """Six probabilities: those given by label, "any" at least as high as each."""
    values = [given.get(label.value, LOW) for label in LABELS]
    return (max(values), *values[1:])


def finding(series: Series, index: int, *, decode: bool = True, **given: float) -> SliceFinding:
    """An analyzed slice of the very pixels that its file has, of pixels by the number of the slice if not decoded."""
    pixel_hash = read_slice(series.slices[index]).pixel_hash if decode else f"{index:032x}"
    return SliceFinding(Status.ANALYSED, probabilities(**given), pixel_hash=pixel_hash)


def not_done(series: Series, index: int, code: ProblemCode) -> SliceFinding:
    """A slice without a result."""
    reason = Problem(code, str(series.slices[index].source))
    failed = code in (ProblemCode.ENGINE_FAILED, ProblemCode.DECODE_FAILED)
    return SliceFinding(Status.FAILED if failed else Status.NOT_ANALYSED, None, reason)


def analysis_of(
    series: Series,
    flagged: Mapping[int, Mapping[str, float]] | None = None,
    without: Mapping[int, ProblemCode] | None = None,
    *,
    point: OperatingPoint = HALF,
    when: datetime = WHEN,
    further: Sequence[ModelResult] = (),
    decode: bool = True,
) -> SeriesAnalysis:
    """An analysis: probabilities of some slices by label, reasons of others, the rest low."""
    slices = tuple(
        not_done(series, i, without[i])
        if without and i in without
        else finding(series, i, decode=decode, **(flagged or {}).get(i, {}))
        for i in range(len(series))
    )
    findings = SeriesFindings(series.key, slices, series_identity(series), tuple(further))
    return SeriesAnalysis(series, findings, load_model_card(TINY), "litert", point, when)


def region_map(seed: int, shape: tuple[int, int]) -> RegionMap:
    """A map of 3 x 4 cells over a slice, each type elsewhere."""
    p = np.random.default_rng(seed).random((3, 4, len(TYPES)))
    return RegionMap.of(p, (1.0, 1.0), ((shape[0] - 2) / 3, (shape[1] - 2) / 4))


def with_regions(analysis: SeriesAnalysis, *indices: int) -> SeriesAnalysis:
    """The same analysis with a map on some slices."""
    slices = list(analysis.findings.slices)
    for index in indices:
        info = analysis.series.slices[index]
        slices[index] = replace(slices[index], regions=region_map(index, (info.rows, info.columns)))
    return replace(analysis, findings=replace(analysis.findings, slices=tuple(slices)))
