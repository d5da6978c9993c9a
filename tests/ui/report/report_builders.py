"""Series, findings and pictures that reports are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from image_builders import make_head, make_series

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.report.source import ModelFacts, ReportSource

POINT = OperatingPoint("balanced", (0.5, 0.4, 0.4, 0.4, 0.4, 0.4))
QUIET = (0.1, 0.02, 0.1, 0.04, 0.05, 0.06)
SUBDURAL = (0.9, 0.02, 0.03, 0.04, 0.05, 0.83)
NOW = datetime(2026, 3, 4, 5, 6)
MODEL = ModelFacts("ich", "1.0", "litert", "ab" * 32, POINT, None, ("CT-ICH",))


def analysed(p: Sequence[float], pixels: str = "") -> SliceFinding:
    return SliceFinding(Status.ANALYSED, (max(p), *p[1:]), pixel_hash=pixels)


def missing(
    code: ProblemCode = ProblemCode.NO_BRAIN_IN_SLICE, status: Status = Status.NOT_ANALYSED
) -> SliceFinding:
    return SliceFinding(status, reason=Problem(code, "/data/DOE JANE/1.dcm"))


def findings_of(series: Series, *slices: SliceFinding) -> SeriesFindings:
    return SeriesFindings(series.key, slices)


def plain_slice(pixels: str = "") -> DecodedSlice:
    return DecodedSlice(
        SliceImage(np.full((32, 32), 1064, np.int16), Rescale(1.0, -1024.0)), pixel_hash=pixels
    )


def whole_source(**changes: object) -> ReportSource:
    """Ten slices: two without an answer, one flagged, one of which the pixels were cut."""
    series = dataclasses.replace(
        make_series(10, rows=96, columns=96),
        problems=(Problem(ProblemCode.UNEVEN_SPACING, "series", "3 to 7 mm"),),
    )
    slices = [analysed(QUIET) for _ in range(10)]
    slices[0] = missing()
    slices[9] = missing(ProblemCode.DECODE_FAILED, Status.FAILED)
    slices[4] = analysed(SUBDURAL)
    slices[5] = dataclasses.replace(
        analysed(QUIET),
        problems=(Problem(ProblemCode.LOSSY_COMPRESSION, "/data/DOE JANE/5.dcm", "ratio 12"),),
    )
    source = ReportSource(series, findings_of(series, *slices), MODEL, {4: make_head()})
    return dataclasses.replace(source, **changes)


RULE = SeriesRule((0.5, 0.3, 0.2), (0.0,) * 6)
