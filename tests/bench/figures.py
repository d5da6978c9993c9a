"""What was measured: runs of one thing beside runs of its floor or peer, as a table and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_HEAD = f"{'figure':<46} {'min':>9} {'median':>9} {'max':>9} {'CPU s':>8} {'ratio':>7} {'CPU ratio':>10}"


@dataclass(frozen=True)
class Runs:
    """Several runs of one thing.

    Parameters
    ----------
    what : str
    unit : str
        Of the values.
    values : tuple of float
        One a run; at least one.
    cpu_s : tuple of float
        Processor time of each run, all processes together; empty where it says nothing.
    """

    what: str
    unit: str
    values: tuple[float, ...]
    cpu_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.values or len(self.cpu_s) not in (0, len(self.values)):
            raise ValueError(f"a run has one value and at most one processor time. Received: {self}")

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def to_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit,
            "min": min(self.values),
            "median": self.median,
            "max": max(self.values),
            "values": list(self.values),
            "cpu_s": list(self.cpu_s),
        }


@dataclass(frozen=True)
class Figure:
    """Something measured, beside what it can be compared with.

    Parameters
    ----------
    runs : Runs
    beside : Runs or None
        The floor (what cannot be undercut) or a peer, measured in turn with it.
    at_most : float or None
        Bound of the highest value.
    ratio_at_most : float or None
        Bound of `ratio`.
    """

    runs: Runs
    beside: Runs | None = None
    at_most: float | None = None
    ratio_at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Smallest value over the smallest beside it: on a busy machine those were disturbed least."""
        if self.beside is None or self.beside.unit != self.runs.unit or min(self.beside.values) <= 0:
            return None
        return min(self.runs.values) / min(self.beside.values)

    @property
    def cpu_ratio(self) -> float | None:
        """The same of processor time."""
        if self.beside is None or not self.beside.cpu_s or not self.runs.cpu_s or min(self.beside.cpu_s) <= 0:
            return None
        return min(self.runs.cpu_s) / min(self.beside.cpu_s)

    @property
    def within_bounds(self) -> bool:
        """Whether what must hold does."""
        if self.at_most is not None and max(self.runs.values) > self.at_most:
            return False
        return self.ratio_at_most is None or self.ratio is None or self.ratio <= self.ratio_at_most

    def to_json(self) -> dict[str, Any]:
        return {
            **self.runs.to_json(),
            "beside": None if self.beside is None else self.beside.to_json(),
            "ratio": self.ratio,
            "cpu_ratio": self.cpu_ratio,
            "at_most": self.at_most,
            "ratio_at_most": self.ratio_at_most,
            "within_bounds": self.within_bounds,
        }

    def lines(self) -> list[str]:
        """Its lines of the table."""
        found = [_line(self.runs, _ratio(self.ratio), _ratio(self.cpu_ratio))]
        if self.beside is not None:
            found.append(_line(self.beside, "", "", indent="  beside: "))
        bounds = [] if self.at_most is None else [f"at most {self.at_most:g} {self.runs.unit}"]
        bounds += [] if self.ratio_at_most is None else [f"at most {self.ratio_at_most:g} times"]
        if bounds:
            found.append(f"  {', '.join(bounds)}: {'yes' if self.within_bounds else 'NO'}")
        return found


def table(figures: Sequence[Figure]) -> str:
    """All figures, the ratio being that of the smallest values."""
    return "\n".join([_HEAD, *(line for figure in figures for line in figure.lines())])


def _line(runs: Runs, ratio: str, cpu_ratio: str, indent: str = "") -> str:
    cpu = f"{statistics.median(runs.cpu_s):.4g}" if runs.cpu_s else ""
    values = " ".join(f"{v:>9.4g}" for v in (min(runs.values), runs.median, max(runs.values)))
    return f"{indent + runs.what + ', ' + runs.unit:<46} {values} {cpu:>8} {ratio:>7} {cpu_ratio:>10}"


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"
