"""The ablation table."""

from __future__ import annotations

import json

import pytest

from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.ablation import ablation_tables, read_ablation

LINE = {
    "name": "real",
    "what": "real slices only",
    "samples": 12000,
    "auc": {"any": [0.8, 0.7, 0.9], "subdural": [0.6, None, None]},
    "log_loss": [0.15, 0.12, 0.18],
    "synthetic_auc": {"any": [0.7, 0.6, 0.8]},
    "seconds": 900.0,
}


def test_lines_are_read_in_the_order_of_their_files(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(json.dumps(LINE | {"name": name}))
    rows = read_ablation(tmp_path)
    assert [row["name"] for row in rows] == ["a", "b"]
    real, made = ablation_tables(rows)
    assert real.rows[0][:4] == ("a", "real slices only", "12,000", "0.1500 (0.1200 to 0.1800)")
    assert real.rows[0][4] == "0.800 (0.700 to 0.900)"
    assert real.rows[0][5:] == ("-", "-", "-", "-", "0.600", "15")
    assert made.rows[1][1] == "0.700 (0.600 to 0.800)"


def test_without_a_folder_there_is_no_table(tmp_path):
    assert read_ablation(tmp_path / "none") == []
    assert ablation_tables([]) == []


@pytest.mark.parametrize(
    ("text", "told"), [("{", "could not be read"), ('{"name": "x"}', "no what, auc, log_loss")]
)
def test_a_line_that_lacks_something_is_told(tmp_path, text, told):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(LearningError, match=told):
        read_ablation(tmp_path)
