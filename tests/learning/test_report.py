"""The files of figures."""

from __future__ import annotations

import pytest

from ichviewer.errors import LearningError
from ichviewer.learning.report import read_json


@pytest.mark.parametrize("text", ["[1]", "no json"])
def test_what_is_no_json_object_is_told(tmp_path, text):
    path = tmp_path / "metrics.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LearningError, match=r"metrics\.json"):
        read_json(path)
