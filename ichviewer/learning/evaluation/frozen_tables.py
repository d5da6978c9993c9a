"""Versions of the model side by side on the frozen set."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.evaluation.table import Row, Table, interval, span

Cells = Callable[[Row], Iterator[tuple[tuple[str, ...], str]]]
"""From the row of a version to lines: what each is of, and its figure."""

NOTE = (
    "Made volumes that no version was trained or chosen on: heads from two maps that no model has seen, and two real "
    "heads, which the shipped model has seen without blood. Calibration and thresholds are those shipped; 95 % "
    "intervals are of drawing the made heads again. What is in the set is written down in "
    "`ichviewer/learning/evaluation/frozen_set.py`."
)


def frozen_tables(frozen: Row | None) -> list[Table]:
    """The main figures, and by volume, brightness, place and what is mistaken for blood; none if nothing is known."""
    versions = (frozen or {}).get("versions") or {}
    if not versions:
        return []
    found = "AUC; sensitivity, balanced"
    tables = [
        _side_by_side("Frozen synthetic set", ("figure",), versions, _main),
        _side_by_side(f"Frozen set, by volume in the slice: {found}", ("type", "mL"), versions, _bins("mL")),
        _side_by_side(f"Frozen set, by mean HU: {found}", ("type", "HU"), versions, _bins("HU")),
        _side_by_side(f"Frozen set, by place, as any: {found}", ("place",), versions, _places),
        _side_by_side("Frozen set, maps: Dice; peak in the blood", ("type",), versions, _maps),
        _side_by_side("Frozen set without blood, slices flagged", ("put in",), versions, _mimics),
    ]
    return [table for table in tables if table.rows]


def _side_by_side(title: str, header: tuple[str, ...], versions: dict[str, Row], cells: Cells) -> Table:
    """A column for each version; a dash where it has no such line."""
    columns = {name: dict(cells(row)) for name, row in versions.items()}
    lines = list(dict.fromkeys(line for column in columns.values() for line in column))
    rows = tuple((*line, *(column.get(line, "-") for column in columns.values())) for line in lines)
    return Table(title, (*header, *versions), rows)


def _main(row: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, figures in row["sets"].items():
        size = f"{figures['slices']} slices" if name == "all" else name
        labels = LABELS if name == "all" else LABELS[:1]
        for label in labels:
            yield (f"AUC of {label.value}, {size}",), interval(figures["labels"][label.value], "auc")
        yield (f"mean AUC of the types, {size}",), interval(figures, "auc_of_types")
    point = row["sets"]["all"]["labels"]["any"]["operating_points"]["balanced"]
    yield ("sensitivity of any, balanced",), interval(point, "sensitivity")
    yield ("specificity of any, balanced",), interval(point, "specificity")
    old = row["clean_old"]
    yield (
        ("clean old heads with mimics: slices flagged, balanced",),
        f"{interval(old['false_positives'], 'balanced')}, n={old['slices']}",
    )
    if scan := row.get("ge"):
        yield ("GE head CT without acute blood: slices flagged",), f"{scan['flagged']} of {scan['slices']}"


def _bins(unit: str) -> Cells:
    def cells(row: Row) -> Iterator[tuple[tuple[str, ...], str]]:
        for label, bins in row["by_volume_ml" if unit == "mL" else "by_hu"].items():
            if label in TYPES:
                yield from (((label, span(f, unit)), _found(f)) for f in bins)

    return cells


def _places(row: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    yield from (((f["place"],), _found(f)) for f in row["by_place"])


def _maps(row: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    for label, f in (row.get("regions") or {}).items():
        yield (label,), f"{interval(f, 'dice')}; {interval(f, 'pointing', 2)}, n={f['slices']}"


def _mimics(row: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    for f in row["by_mimic"]:
        yield (f["trait"],), f"{interval(f['false_positives'], 'balanced')}, n={f['slices']}"


def _found(row: Row) -> str:
    return f"{interval(row, 'auc')}; {interval(row, 'sensitivity_balanced', 2)}, n={row['slices']}"
