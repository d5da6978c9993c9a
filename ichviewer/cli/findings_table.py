"""The findings as a table for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from ichviewer.cli.console import table
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.domain.series_rule import SeriesRule


def print_findings(
    catalog: Catalog,
    findings: Mapping[SeriesKey, SeriesFindings],
    point: OperatingPoint,
    rule: SeriesRule | None,
    *,
    to: TextIO | None = None,
) -> None:
    """Print one line a series: how much was analyzed, the probability of any bleed, what is flagged where.

    Of any bleed the highest probability of a slice is told and, where the model has a rule, that of the series.
    """
    heads = (
        "patient",
        "series",
        ">analyzed",
        ">highest any",
        *(() if rule is None else (">any in series",)),
        "flagged slices",
        "types, with their highest probability",
    )
    rows = [_row(series, findings[series.key], point, rule) for series in catalog.series]
    table(heads, rows, to=to)


def _row(
    series: Series, result: SeriesFindings, point: OperatingPoint, rule: SeriesRule | None
) -> tuple[str, ...]:
    best = result.strongest(Hemorrhage.ANY)
    whole = result.whole(rule)
    return (
        series.patient.id or "-",
        name_of(series),
        f"{result.analysed} of {len(series)}",
        "-" if best is None else f"{best[0]:.3f}",
        *(() if rule is None else ("-" if whole is None else f"{whole[0]:.3f}",)),
        ranges([i + 1 for i in result.flagged_slices(point)]) or ("none" if result.analysed else "-"),
        _types(result, point) if result.analysed else _why_not(result),
    )


def name_of(series: Series) -> str:
    """Number and description of a series, as far as there are any."""
    number = "" if series.number is None else f"{series.number} "
    part = f" (part {series.key.part + 1})" if series.key.part else ""
    return f"{number}{series.description}".strip() + part or "(no name)"


def _types(result: SeriesFindings, point: OperatingPoint) -> str:
    """Types that reach their threshold anywhere, the likeliest first."""
    best = [(label, result.strongest(label)) for label in TYPES]
    over = [
        (found[0], label) for label, found in best if found is not None and found[0] >= point.threshold(label)
    ]
    return (
        ", ".join(f"{label.value} {p:.3f}" for p, label in sorted(over, reverse=True))
        or "none over its threshold"
    )


def _why_not(result: SeriesFindings) -> str:
    reasons = [s.reason for s in result.slices if s.reason is not None]
    first = next(
        (r for s, r in zip(result.slices, reasons, strict=True) if s.status is Status.FAILED), reasons[0]
    )
    return first.text + (f" ({first.found})" if first.found else "")


def ranges(numbers: list[int]) -> str:
    """Ascending whole numbers in short: ``3-5, 9``."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
