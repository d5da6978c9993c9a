"""The files of figures that go with a model, and how they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ichviewer.errors import LearningError

METRICS_FILE = "metrics.json"
METADATA_FILE = "model.json"


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises
    ------
    LearningError
        If it is missing or no JSON object.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LearningError("the file could not be read", str(path), str(error)) from error
    if not isinstance(data, dict):
        raise LearningError("a JSON object was expected", str(path), type(data).__name__)
    return data
