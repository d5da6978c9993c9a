"""`ichviewer learn evaluate-input-check` on the command line."""

from __future__ import annotations

import json

from ichviewer.__main__ import main


def test_it_prints_the_counts_of_the_demo_studies_and_writes_them(tmp_path, capsys):
    out = tmp_path / "counts.json"
    assert main(["learn", "evaluate-input-check", "--real-only", "-o", str(out)]) == 0
    printed, told = capsys.readouterr()
    assert "contrast_medium                         0     2" in printed
    assert str(out) in told
    counted = json.loads(out.read_text(encoding="utf-8"))
    assert counted["scans"] == 2
    assert all(flagged == [] for flagged in counted["real"].values())


def test_a_folder_without_a_series_is_named(tmp_path, capsys):
    assert main(["learn", "evaluate-input-check", "--real-only", "--dicom", str(tmp_path)]) != 0
    assert str(tmp_path) in capsys.readouterr().err
