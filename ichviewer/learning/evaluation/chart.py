"""Small charts as SVG that go into a page: no script, no font, no link; colors are the page's.

Colors are classes (``c0`` to ``c5``), so that one style sheet serves light, dark and paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 24, 38
_COLORS = 6


_STYLE = (
    "text { font: 11px system-ui, sans-serif; fill: #555; } .title { font-weight: 600; fill: #222; } "
    ".tick, .axis { text-anchor: middle; } .name, .legend { text-anchor: end; } "
    ".grid { stroke: #ddd; stroke-width: .6; } .guide { stroke: #888; stroke-dasharray: 3 3; fill: none; } "
    ".line { fill: none; stroke: #1f5fa8; stroke-width: 1.7; } .dot, .band { fill: #1f5fa8; } .band { opacity: .18; }"
)


@dataclass(frozen=True)
class Line:
    """A line of a chart.

    Parameters
    ----------
    x, y : sequence of float
    name : str
        For the legend; empty for none.
    low, high : sequence of float
        A band around it; empty for none.
    dots : bool
        Mark every point.
    color : int
        0 to 5.
    """

    x: Sequence[float]
    y: Sequence[float]
    name: str = ""
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    dots: bool = False
    color: int = 0

    def __post_init__(self) -> None:
        lengths = {len(self.x), len(self.y), *(len(b) for b in (self.low, self.high) if b)}
        if len(lengths) != 1 or bool(self.low) != bool(self.high):
            raise ValueError(
                f"a line needs as many x as y, and a band two sides. Received: {sorted(lengths)}"
            )
        if not 0 <= self.color < _COLORS:
            raise ValueError(f"colors are 0 to {_COLORS - 1}. Received: {self.color}")


@dataclass(frozen=True)
class Axes:
    """What a line chart shows.

    Parameters
    ----------
    title, x_label, y_label : str
    x_range, y_range : tuple of two float
    diagonal : bool
        Draw the line from corner to corner: chance, or perfect calibration.
    width_px, height_px : int
    """

    title: str
    x_label: str
    y_label: str
    x_range: tuple[float, float] = (0.0, 1.0)
    y_range: tuple[float, float] = (0.0, 1.0)
    diagonal: bool = False
    width_px: int = 300
    height_px: int = 280

    def __post_init__(self) -> None:
        if not (self.x_range[0] < self.x_range[1] and self.y_range[0] < self.y_range[1]):
            raise ValueError(f"axes must have an extent. Received: {self.x_range}, {self.y_range}")

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the picture, in pixels; points outside are put on the edge."""
        across = (x - self.x_range[0]) / (self.x_range[1] - self.x_range[0])
        up = (y - self.y_range[0]) / (self.y_range[1] - self.y_range[0])
        return (
            _LEFT + min(max(across, 0.0), 1.0) * (self.width_px - _LEFT - _RIGHT),
            _TOP + (1 - min(max(up, 0.0), 1.0)) * (self.height_px - _TOP - _BOTTOM),
        )


def line_chart(axes: Axes, lines: Sequence[Line]) -> str:
    """Lines with bands and a legend, as an ``<svg>`` element."""
    parts = [_frame(axes)]
    if axes.diagonal:
        parts.append(
            _path([(axes.x_range[0], axes.y_range[0]), (axes.x_range[1], axes.y_range[1])], axes, "guide")
        )
    for line in lines:
        if line.low:
            around = [
                *zip(line.x, line.high, strict=True),
                *reversed(list(zip(line.x, line.low, strict=True))),
            ]
            points = " ".join("{:.1f},{:.1f}".format(*axes.at(x, y)) for x, y in around)
            parts.append(f'<polygon class="band c{line.color}" points="{points}"/>')
        parts.append(_path(list(zip(line.x, line.y, strict=True)), axes, f"line c{line.color}"))
        if line.dots:
            for x, y in zip(line.x, line.y, strict=True):
                left, top = axes.at(x, y)
                parts.append(f'<circle class="dot c{line.color}" cx="{left:.1f}" cy="{top:.1f}" r="2.6"/>')
    named = [line for line in lines if line.name]
    for i, line in enumerate(named):
        y = axes.height_px - _BOTTOM - 8 - 14 * (len(named) - 1 - i)
        x = axes.width_px - _RIGHT - 8
        parts.append(f'<text class="legend c{line.color}" x="{x}" y="{y}">{escape(line.name)}</text>')
    return _svg(axes.width_px, axes.height_px, axes.title, parts)


def interval_chart(
    title: str, rows: Sequence[tuple[str, float, float, float]], *, x_range: tuple[float, float], x_label: str
) -> str:
    """A dot with its interval for each row, as an ``<svg>`` element.

    Parameters
    ----------
    title : str
    rows : sequence of (name, value, low, high)
    x_range : tuple of two float
    x_label : str
    """
    width, step, left = 560, 20, 250
    height = _TOP + step * len(rows) + _BOTTOM
    low, high = x_range

    def at(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (width - left - _RIGHT - 10)

    bottom = _TOP + step * len(rows)
    parts = []
    for tick in ticks(low, high):
        parts.append(
            f'<line class="grid" x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="{_TOP}" y2="{bottom}"/>'
        )
        parts.append(f'<text class="tick" x="{at(tick):.1f}" y="{bottom + 14}">{tick:g}</text>')
    for i, (name, value, under, over) in enumerate(rows):
        y = _TOP + step * (i + 0.5)
        parts.append(f'<text class="name" x="{left - 10}" y="{y + 4:.1f}">{escape(name)}</text>')
        parts.append(
            f'<line class="line c0" x1="{at(under):.1f}" x2="{at(over):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(f'<circle class="dot c0" cx="{at(value):.1f}" cy="{y:.1f}" r="3.4"/>')
    middle = (left + width - _RIGHT) / 2
    parts.append(f'<text class="axis" x="{middle:.1f}" y="{height - 6}">{escape(x_label)}</text>')
    return _svg(width, height, title, parts)


def standalone(svg: str) -> str:
    """A chart as a file of its own: with its colors, on white, as a page would give it."""
    opened = svg.index(">") + 1
    head = svg[: opened - 1].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f'{head}><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>{svg[opened:]}\n'


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers within a range, at most so many and one."""
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    count = math.floor((high - first * step) / step + 1e-9)
    return [round((first + i) * step, 12) for i in range(count + 1)]


def _frame(axes: Axes) -> str:
    parts = []
    (left, bottom), (right, top) = (
        axes.at(axes.x_range[0], axes.y_range[0]),
        axes.at(axes.x_range[1], axes.y_range[1]),
    )
    for tick in ticks(*axes.x_range):
        x = axes.at(tick, axes.y_range[0])[0]
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 14:.1f}">{tick:g}</text>')
    for tick in ticks(*axes.y_range):
        y = axes.at(axes.x_range[0], tick)[1]
        parts.append(f'<line class="grid" x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="name" x="{left - 5:.1f}" y="{y + 4:.1f}">{tick:g}</text>')
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    parts.append(f'<text class="axis" x="{middle_x:.1f}" y="{bottom + 31:.1f}">{escape(axes.x_label)}</text>')
    parts.append(
        f'<text class="axis" transform="translate(12 {middle_y:.1f}) rotate(-90)">{escape(axes.y_label)}</text>'
    )
    return "".join(parts)


def _path(points: Sequence[tuple[float, float]], axes: Axes, kind: str) -> str:
    text = " ".join("{:.1f},{:.1f}".format(*axes.at(x, y)) for x, y in points)
    return f'<polyline class="{kind}" points="{text}"/>'


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}"><text class="title" x="{_LEFT}" y="14">{escape(title)}</text>'
        f"{''.join(parts)}</svg>"
    )
