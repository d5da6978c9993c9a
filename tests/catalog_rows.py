"""Every image found is exactly one row: a slice of a series, a file that failed, or a double that was left out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ichviewer.domain.problems import ProblemCode, Severity
from ichviewer.domain.series import Catalog


def rows(catalog: Catalog) -> Counter[str]:
    """Names of all images of a catalog, by how many rows each has: the file's name, with ``#`` and the frame's number
    where it has several."""
    frames = Counter(
        (i.source.path, i.source.member, i.source.copy) for s in catalog.series for i in s.slices
    )
    found: Counter[str] = Counter()
    for series in catalog.series:
        for info in series.slices:
            source = info.source
            many = frames[source.path, source.member, source.copy] > 1
            found[f"{source}#{source.frame + 1}" if many else str(source)] += 1
    for problem in catalog.problems:
        if problem.severity is Severity.ERROR or problem.code is ProblemCode.DUPLICATE_INSTANCE:
            found[problem.where] += 1
    return found


def names(catalog: Catalog) -> Counter[str]:
    """The same by the last part of each path."""
    return Counter({Path(where).name: n for where, n in rows(catalog).items()})
