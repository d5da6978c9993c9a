"""Tables."""

from __future__ import annotations

import pytest

from ichviewer.learning.evaluation.table import Table, interval, number, span


def test_a_figure_is_written_with_its_interval_and_a_dash_where_there_is_none():
    assert interval({"auc": 0.8751, "auc_ci95": [0.8, 0.9]}, "auc") == "0.875 (0.800 to 0.900)"
    assert interval({"auc": 0.5, "auc_ci95": None}, "auc") == "0.500"
    assert interval({"auc": None, "auc_ci95": None}, "auc") == interval({}, "auc") == "-"
    assert number(None, 2) == "-"


def test_bounds_of_bins_are_words():
    assert span({"low": None, "high": 30.0}, "HU") == "under 30 HU"
    assert span({"low": 0.25, "high": 1.0}, "mL") == "0.25 to 1 mL"
    assert span({"low": 4.0, "high": None}, "mL") == "4 mL and more"


def test_a_table_is_aligned_in_text_and_ruled_in_markdown():
    table = Table("Title", ("a", "long"), (("1", "2"), ("345", "6")))
    assert table.text() == "Title\na    long\n1    2\n345  6"
    assert table.markdown() == "| a | long |\n|---|---|\n| 1 | 2 |\n| 345 | 6 |"


def test_rows_must_fit_the_header():
    with pytest.raises(ValueError, match="2 cells"):
        Table("Title", ("a", "b"), (("1",),))
