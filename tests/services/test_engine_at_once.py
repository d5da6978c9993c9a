"""An engine that is opened ahead is closed by who took it, or at the end; errors wait until it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import ModelError
from ichviewer.inference.engine import Outputs
from ichviewer.services.engine_at_once import EngineAtOnce


class _Engine:
    name, batch_size, at_once = "litert", 1, 1

    def __init__(self) -> None:
        self.closed = 0

    def run(self, inputs: np.ndarray) -> Outputs:
        return Outputs(np.zeros((len(inputs), 6)))

    def close(self) -> None:
        self.closed += 1


def test_who_takes_the_engine_closes_it():
    made = _Engine()
    with EngineAtOnce(lambda: made) as opening:
        assert opening.take() is made
    assert made.closed == 0


def test_an_engine_that_nobody_took_is_closed():
    made = _Engine()
    with EngineAtOnce(lambda: made):
        pass
    assert made.closed == 1


def test_what_is_wrong_with_the_model_is_told_only_to_who_needs_it():
    def broken() -> _Engine:
        raise ModelError("the file is damaged", "here")

    with EngineAtOnce(broken):
        pass
    with EngineAtOnce(broken) as opening, pytest.raises(ModelError, match="damaged"):
        opening.take()
