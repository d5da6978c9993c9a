"""Every bad day comes out as the table says, twice the same, with its sources untouched."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from cases import CASES, Case
from invariants import Limits, check_outcome, run_command

LIMITS = Limits(cpu_s=8.0, memory_mb=350.0)
"""A second or two go into starting the program and its model."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    folder, out = tmp_path / "input", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    opened = case.build(folder) or folder
    results = []
    for run in ("first", "second"):
        written = out / f"{run}.csv"
        found = case.found if case.exit_code != 2 else None
        outcome = run_command(
            ["annotate", str(opened), "-o", str(written)], [folder], csv=written, found=found
        )
        results.append(outcome)
    check_outcome(*results, limits=LIMITS, exit_codes=[case.exit_code])
    statuses = results[0].answer.statuses
    expected = {"analysed": case.analysed, "not_analysed": case.not_analysed, "failed": case.failed}
    assert statuses == {status: n for status, n in expected.items() if n}
    rows = (
        list(csv.DictReader((out / "first.csv").read_text(encoding="utf-8").splitlines())) if statuses else []
    )
    for code, least in case.notes.items():
        assert sum(code in row["note"].split(";") for row in rows) >= least, code
    for row in rows:
        has_result = row["status"] == "analysed"
        assert bool(row["any"]) == has_result
        if has_result:
            p = [float(row[label]) for label in ("any", "epidural", "intraparenchymal", "subdural")]
            assert p[0] == max(p)
    scan = run_command(["scan", str(opened), "--json"], [folder])
    check_outcome(scan, limits=LIMITS)
