"""A table of figures, for the terminal, Markdown and HTML alike, and how a figure is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

POINT_NAMES = {"balanced": "balanced", "high_sensitivity": "high sensitivity"}

MAXIMUM, POOLED = "maximum", "pooled"
"""Ways to answer for a series, as ``metrics.json`` names them."""


@dataclass(frozen=True)
class Table:
    """A table with a caption.

    Parameters
    ----------
    title : str
    header : tuple of str
    rows : tuple of tuple of str
        Each as long as the header.
    note : str
        What one must know to read it.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.header)]
        if wrong:
            raise ValueError(f"rows must have {len(self.header)} cells. Received: {wrong[0]}")

    def text(self) -> str:
        """Aligned columns for a terminal."""
        lines = [self.header, *self.rows]
        widths = [max(len(row[i]) for row in lines) for i in range(len(self.header))]
        body = "\n".join(
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in lines
        )
        return f"{self.title}\n{body}"

    def markdown(self) -> str:
        """The rows in Markdown, without the title."""
        lines = ["| " + " | ".join(row) + " |" for row in (self.header, *self.rows)]
        return "\n".join([lines[0], "|" + "---|" * len(self.header), *lines[1:]])


def interval(row: Row, name: str, digits: int = 3) -> str:
    """A figure with its interval; a dash where it is not defined."""
    value, bounds = row.get(name), row.get(f"{name}_ci95")
    if value is None:
        return "-"
    if not bounds:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f} ({bounds[0]:.{digits}f} to {bounds[1]:.{digits}f})"


def number(value: float | None, digits: int) -> str:
    """A figure; a dash where it is not defined."""
    return "-" if value is None else f"{value:.{digits}f}"


def span(row: Row, unit: str) -> str:
    """Bounds of a bin, with its unit."""
    low, high = row["low"], row["high"]
    if low is None:
        return f"under {high:g} {unit}"
    return f"{low:g} {unit} and more" if high is None else f"{low:g} to {high:g} {unit}"
