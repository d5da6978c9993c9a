"""What must hold of every catalog, whatever it was made from."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path

from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series, SortBasis
from ichviewer.services.scan import to_json

_LONGEST_SIDE = 65535


def check_catalog(catalog: Catalog, folder: Path, files: Iterable[Path]) -> None:
    """Fail unless a catalog is sound, tells of every file, and of none outside of the folder that was opened."""
    json.dumps(to_json(catalog, {}), allow_nan=False)
    keys = [series.key for series in catalog.series]
    assert len(keys) == len(set(keys)), f"two series with one key: {keys}"
    sources = [info.source for series in catalog.series for info in series.slices]
    assert len(sources) == len(set(sources)), "a slice stands in the catalog twice"
    for series in catalog.series:
        check_series(series)
    inside = folder.resolve()
    outside = [str(source) for source in sources if not source.path.resolve().is_relative_to(inside)]
    assert not outside, f"read from outside of what was opened: {outside}"
    shown = {source.path.resolve() for source in sources}
    told = [part for problem in problems_of(catalog) for part in (problem.where, problem.found)]
    lost = [str(file) for file in files if file not in shown and not any(str(file) in text for text in told)]
    assert not lost, f"neither a slice nor a problem: {lost}"


def problems_of(catalog: Catalog) -> tuple[Problem, ...]:
    """All problems, those of series and slices included."""
    found = [*catalog.problems]
    for series in catalog.series:
        found += [*series.problems, *(problem for info in series.slices for problem in info.problems)]
    return tuple(found)


def check_series(series: Series) -> None:
    """Fail unless the slices are of one shape and lie in the order that the series says."""
    shapes = {(info.rows, info.columns) for info in series.slices}
    assert len(shapes) == 1, f"slices of several shapes: {shapes}"
    assert max(max(shape) for shape in shapes) <= _LONGEST_SIDE, shapes
    if series.sort_basis is SortBasis.POSITION:
        positions = series.positions_mm()
        assert positions is not None, "sorted by position without positions"
        assert all(math.isfinite(p) for p in positions), positions
        assert list(positions) == sorted(positions), f"not in the order of position: {positions}"
    elif series.sort_basis is SortBasis.INSTANCE_NUMBER:
        numbers = [info.instance_number for info in series.slices if info.instance_number is not None]
        assert len(numbers) == len(series), "sorted by instance number without them"
        assert numbers == sorted(numbers), f"not in the order of instance number: {numbers}"
