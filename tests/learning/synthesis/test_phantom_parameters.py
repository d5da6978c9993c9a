"""Parameters that make no head or no scan cannot be built."""

import pytest

from ichviewer.learning.synthesis.phantom.parameters import Acquisition, Anatomy


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scale": 0.5}, "0.8..1.2. Received: 0.5"),
        ({"atrophy": 1.5}, "0..1. Received: 1.5"),
        ({"white_hu": 40.0}, "rising values. Received: 6.0, 40.0, 37.5"),
    ],
)
def test_an_impossible_head(change: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match="Received") as caught:
        Anatomy(seed=1, **change)
    assert words in str(caught.value)


@pytest.mark.parametrize("change", [{"rows": 8}, {"slices": 0}, {"planes": 0}, {"pixel_mm": 0.0}])
def test_an_impossible_scan(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="positive lengths"):
        Acquisition(seed=1, **change)
