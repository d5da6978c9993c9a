"""Counts the errors of the check of the input, on real head CT and on cases made from it.

Every real series is judged as it is: none has contrast medium, unusual thickness or much noise, so whatever is said
of it is a false alarm, but for the age where it is known. Then each is changed in one way that the check must see,
and in ways that it must not mind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ichviewer.domain.problems import ProblemCode
from ichviewer.inference.input_check import ADULT_YEARS
from ichviewer.learning.evaluation.head_scans import HeadScan
from ichviewer.learning.evaluation.input_cases import MADE_CASES
from ichviewer.progress import Progress

_CODES = (
    ProblemCode.CONTRAST_MEDIUM,
    ProblemCode.UNUSUAL_THICKNESS,
    ProblemCode.HIGH_NOISE,
    ProblemCode.CHILD_HEAD,
    ProblemCode.UNUSUAL_FIELD_OF_VIEW,
)


def count_errors(
    scans: Iterable[HeadScan], *, seed: int, progress: Progress, total: int, thorough: bool = True
) -> dict[str, Any]:
    """Judge every scan as it is and changed.

    Parameters
    ----------
    scans : iterable of HeadScan
        One is held at a time.
    seed : int
        Of what is drawn.
    progress : Progress
    total : int
        How many scans are expected, for the progress.
    thorough : bool
        Make cases too; otherwise only real scans are judged.

    Returns
    -------
    dict
        ``scans``: how many there are; ``children``: names of those known by their age; ``real``: of each code the
        names of the real scans that were flagged; ``made``: of each made case how many there are and how many were
        flagged; ``measures``: the figures of each real scan.
    """
    real: dict[str, list[str]] = {code.value: [] for code in _CODES}
    children: list[str] = []
    made: dict[str, dict[str, int]] = {case.name: {"n": 0, "flagged": 0} for case in MADE_CASES}
    measures: list[dict[str, Any]] = []
    for number, scan in enumerate(scans):
        progress(number, max(total, number + 1), scan.name)
        codes, figures = scan.judged()
        measures.append({"name": scan.name, **figures})
        for code in codes:
            real[code.value].append(scan.name)
        if scan.age_years is not None and scan.age_years < ADULT_YEARS:
            children.append(scan.name)
        for case in MADE_CASES if thorough else ():
            if number % case.every:
                continue
            # Each head and case has chance of its own, whatever else is judged.
            rng = np.random.default_rng([seed, *scan.name.encode(), *case.name.encode()])
            seen, _ = case.make(scan, rng).judged()
            made[case.name]["n"] += 1
            made[case.name]["flagged"] += case.code in seen
    progress(total, total, "done")
    return {
        "scans": len(measures),
        "children": children,
        "real": real,
        "made": made if thorough else {},
        "measures": measures,
    }


def error_table(counted: dict[str, Any]) -> str:
    """The counts of `count_errors` as lines of text."""
    n, children = counted["scans"], set(counted["children"])
    lines = [f"{'real scans':<32}{'flagged':>9}{'of':>6}"]
    for code in _CODES:
        flagged = counted["real"][code.value]
        if code is ProblemCode.CHILD_HEAD:
            known = len(children.intersection(flagged))
            lines.append(
                f"{code.value:<32}{len(flagged) - known:>9}{n - len(children):>6}"
                f"  and {known} of {len(children)} children whose age is told"
            )
        else:
            which = "" if not flagged or len(flagged) > 6 else "  " + ", ".join(flagged)
            lines.append(f"{code.value:<32}{len(flagged):>9}{n:>6}{which}")
    if counted["made"]:
        lines += ["", f"{'made cases':<32}{'flagged':>9}{'of':>6}{'must be':>9}{'errors':>8}"]
    for case in MADE_CASES if counted["made"] else ():
        row = counted["made"][case.name]
        errors = row["n"] - row["flagged"] if case.outside else row["flagged"]
        lines.append(
            f"{case.name:<32}{row['flagged']:>9}{row['n']:>6}{'yes' if case.outside else 'no':>9}{errors:>8}"
        )
    return "\n".join(lines)
