"""Several engines at once say what one says."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import EngineError
from ichviewer.inference.litert import LiteRtEngine
from ichviewer.inference.side_by_side import SideBySide


def inputs(n: int) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_the_same_outputs_in_the_same_order_as_of_one_engine(tiny_card, n):
    both = SideBySide([LiteRtEngine(tiny_card, 1), LiteRtEngine(tiny_card, 1)])
    one = LiteRtEngine(tiny_card, 1)
    assert (both.name, both.batch_size) == ("litert", 2)
    x = inputs(n)
    np.testing.assert_array_equal(both.run(x).logits, one.run(x).logits)
    both.close()


def test_maps_come_with_their_slices(maps_card):
    both = SideBySide([LiteRtEngine(maps_card, 1), LiteRtEngine(maps_card, 1)])
    x = inputs(3)
    found, wanted = both.run(x).regions, LiteRtEngine(maps_card, 1).run(x).regions
    assert found is not None
    np.testing.assert_array_equal(found, wanted)
    both.close()


def test_closed_means_closed(tiny_card):
    engines = [LiteRtEngine(tiny_card, 1), LiteRtEngine(tiny_card, 1)]
    both = SideBySide(engines)
    both.close()
    both.close()
    for engine in engines:
        with pytest.raises(EngineError, match="closed"):
            engine.run(inputs(1))


def test_engines_of_no_or_several_kinds_are_refused():
    with pytest.raises(ValueError, match="Received"):
        SideBySide([])
