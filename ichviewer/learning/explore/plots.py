"""Charts of what a data set holds, as PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.explore.survey import HU_EDGES, Survey

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAMES = [label.value for label in LABELS]
_COLORS = ("#1f5fa8", "#b5561b", "#2c7a51", "#7a4b99", "#a23b4a", "#66707a")
_DPI = 110

Surveys = dict[str, Survey]


def label_chart(surveys: Surveys) -> bytes:
    """Share of the slices with each label, by source; logarithmic, as rare types would not be seen otherwise."""
    figure, (axes,) = _figure(1, 8.5, 3.6)
    width = 0.8 / len(surveys)
    for i, (source, s) in enumerate(surveys.items()):
        at = np.arange(len(LABELS)) + (i - (len(surveys) - 1) / 2) * width
        known = np.maximum(s.slices - s.unknown, 1)
        bars = axes.bar(
            at, np.maximum(s.positives / known, 1e-5), width * 0.92, label=source, color=_color(i)
        )
        axes.bar_label(bars, [str(n) for n in s.positives.tolist()], fontsize=7, padding=1)
    axes.set_yscale("log")
    axes.set_ylim(1e-3, 1.6)
    axes.set_ylabel("share of slices")
    axes.set_xticks(range(len(LABELS)), _NAMES)
    axes.legend(frameon=False, fontsize=8)
    return _png(figure)


def together_chart(surveys: Surveys) -> bytes:
    """Of the series with the label of the row, the share that also has that of the column."""
    figure, axes = _figure(len(surveys), 4.4 * len(surveys), 3.9)
    for one, (source, s) in zip(axes, surveys.items(), strict=True):
        whole = np.diag(s.together)[:, None]
        share = np.divide(s.together, whole, out=np.full(s.together.shape, np.nan), where=whole > 0)
        one.imshow(share, cmap="Blues", vmin=0, vmax=1)
        for (row, column), value in np.ndenumerate(share):
            if np.isfinite(value):
                color = "white" if value > 0.6 else "#1d2125"
                one.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=7, color=color)
        counted = [f"{name} ({n})" for name, n in zip(_NAMES, np.diag(s.together).tolist(), strict=True)]
        one.set_xticks(range(len(LABELS)), _NAMES, rotation=40, ha="right", fontsize=7)
        one.set_yticks(range(len(LABELS)), counted, fontsize=7)
        one.set_title(f"{source}: P(column | row) over series", fontsize=9)
    return _png(figure)


def hu_chart(surveys: Surveys) -> bytes:
    """How bright the brain is in each source, and each type of blood where masks tell."""
    drawn = {source: s for source, s in surveys.items() if s.blood_hu.sum() > 0}
    figure, axes = _figure(1 + len(drawn), 4.4 * (1 + len(drawn)), 3.4)
    for i, (source, s) in enumerate(surveys.items()):
        _density(axes[0], s.brain_hu, source, i)
    axes[0].set_title("Inside the skull", fontsize=9)
    for one, (source, s) in zip(axes[1:], drawn.items(), strict=True):
        for k, kind in enumerate(TYPES):
            _density(one, s.blood_hu[k], kind.value, k)
        one.set_title(f"Blood, {source}", fontsize=9)
    for one in axes:
        one.set_xlabel("HU")
        one.set_yticks([])
        one.legend(frameon=False, fontsize=7)
    return _png(figure)


def volume_chart(surveys: Surveys) -> bytes | None:
    """Volume of each type in a series that has it, from 5 to 95 %, with quartiles; None without masks."""
    drawn = {source: s for source, s in surveys.items() if any(s.blood_ml.values())}
    if not drawn:
        return None
    figure, (axes,) = _figure(1, 8.5, 3.6)
    width = 0.7 / len(drawn)
    for i, (source, s) in enumerate(drawn.items()):
        color = _color(list(surveys).index(source))
        axes.plot([], [], color=color, linewidth=5, label=source)
        for k, kind in enumerate(TYPES):
            ml = np.array(s.blood_ml[kind.value])
            ml = ml[np.isfinite(ml)]
            if ml.size == 0:
                continue
            at = k + (i - (len(drawn) - 1) / 2) * width
            low, first, middle, third, high = np.percentile(ml, [5, 25, 50, 75, 95])
            axes.plot([at, at], [low, high], color=color, linewidth=1.2)
            axes.plot([at, at], [first, third], color=color, linewidth=5, solid_capstyle="butt")
            axes.plot([at], [middle], "o", color="white", markersize=3)
    axes.set_yscale("log")
    axes.set_ylabel("mL in a series")
    axes.set_xticks(range(len(TYPES)), [kind.value for kind in TYPES])
    axes.legend(frameon=False, fontsize=8)
    return _png(figure)


def _density(axes: Axes, counts: np.ndarray[tuple[int], np.dtype[np.float64]], name: str, color: int) -> None:
    if counts.sum() > 0:
        middle = (HU_EDGES[:-1] + HU_EDGES[1:]) / 2
        axes.plot(middle, counts / counts.sum(), color=_color(color), linewidth=1.4, label=name)


def _color(i: int) -> str:
    return _COLORS[i % len(_COLORS)]


def _figure(columns: int, width_in: float, height_in: float) -> tuple[Figure, list[Axes]]:
    # Without pyplot there is no global state, and no window toolkit is looked for.
    from matplotlib.figure import Figure as MakeFigure  # noqa: PLC0415

    figure = MakeFigure((width_in, height_in), dpi=_DPI, layout="constrained")
    axes = [figure.add_subplot(1, columns, i + 1) for i in range(columns)]
    for one in axes:
        one.spines[["top", "right"]].set_visible(False)
        one.tick_params(labelsize=8)
    return figure, axes


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    # The program's version in the file would make equal pictures differ.
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
