from __future__ import annotations

import pytest
from synthetic_head import make_series

from ichviewer.cli.findings_table import print_findings, ranges
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Study
from ichviewer.domain.series_rule import SeriesRule

POINT = OperatingPoint("p", (0.5,) * 6)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([4], "4"), ([1, 2, 3], "1-3"), ([1, 3, 4, 9, 10, 11], "1, 3-4, 9-11")],
)
def test_ranges(numbers, text):
    assert ranges(numbers) == text


def test_a_model_with_a_rule_answers_for_the_series_too(capsys):
    series = make_series(9)
    slices = [SliceFinding(Status.ANALYSED, (0.8, *(0.1,) * 5))] * 8
    stopped = SliceFinding(Status.NOT_ANALYSED, None, Problem(ProblemCode.CANCELLED, "slice"))
    broken = SliceFinding(Status.FAILED, None, Problem(ProblemCode.DECODE_FAILED, "slice"))
    catalog = Catalog((Study(series.study, series.patient, (series,)),))
    # Log odds of 0.8 are log 4; with half the weight they are log 2, those of two thirds.
    rule = SeriesRule((0.5, 0.0, 0.0), (0.0, *(-5.0,) * 5))
    for last, told in ((broken, "0.667"), (stopped, "-")):
        print_findings(catalog, {series.key: SeriesFindings(series.key, (*slices, last))}, POINT, rule)
        heads, _, row = capsys.readouterr().out.splitlines()[:3]
        # Numbers stand at the right, below their heads and a line.
        ends = [heads.index(head) + len(head) for head in ("highest any", "any in series")]
        assert [row[:end].split()[-1] for end in ends] == ["0.800", told]
    print_findings(catalog, {series.key: SeriesFindings(series.key, (*slices, broken))}, POINT, None)
    assert "any in series" not in capsys.readouterr().out
