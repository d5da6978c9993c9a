from __future__ import annotations

import pytest

from ichviewer.cli.findings_table import ranges


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([4], "4"), ([1, 2, 3], "1-3"), ([1, 3, 4, 9, 10, 11], "1, 3-4, 9-11")],
)
def test_ranges(numbers, text):
    assert ranges(numbers) == text
