"""What is mistaken for blood: that it is seen, where it may be, and whether it is darker or brighter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.mimics import DECOYS
from ichviewer.learning.synthesis.skull import Skull, find_skull
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue

Inside = tuple[Field, Skull, Tissue]
SEEDS = range(12)


@pytest.fixture(scope="module")
def inside(head: Volume, settings: PreprocessSettings) -> Inside:
    whole = (head.grey.astype(np.float32) / 255 - 0.5) * 120 + 40
    skull = find_skull(whole, head.positions_mm, head.has_brain, settings.mm_per_px)
    assert skull is not None
    hu = whole[:, skull.rows, skull.columns]
    return hu, skull, read_tissue(hu, skull)


def painted(inside: Inside, name: str) -> list[Field]:
    """The change each seed makes."""
    hu, skull, tissue = inside
    done = (DECOYS[name][1](np.random.default_rng(seed), hu.copy(), skull, tissue) for seed in SEEDS)
    return [one - hu for one in done if one is not None]


@pytest.mark.parametrize("name", list(DECOYS))
def test_it_is_seen_and_stays_within_the_skull(inside: Inside, name: str) -> None:
    changes = painted(inside, name)
    assert len(changes) >= 3
    # Streaks and dense veins need slices that low or that high; most seeds show something.
    assert sum(float(np.abs(change).max()) > 4 for change in changes) >= len(changes) // 2
    for change in changes:
        assert not change[~inside[1].inside].any()
        assert np.isfinite(change).all()


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("infarct", lambda change: change.max() <= 0),
        ("white-matter", lambda change: change.max() <= 0),
        ("air", lambda change: change.max() <= 0 and change.min() < -20),
        ("plaque", lambda change: change.min() >= -30 and change.max() > 20),
    ],
)
def test_it_is_darker_or_brighter(inside: Inside, name: str, holds: Callable[[Field], bool]) -> None:
    for change in painted(inside, name):
        assert holds(change)


def test_infarcts_keep_to_one_side(inside: Inside) -> None:
    x_mm = np.broadcast_to(inside[1].x_mm, inside[0].shape)
    for change in painted(inside, "infarct"):
        dark = change < -3
        left, right = int(dark[x_mm < -2].sum()), int(dark[x_mm > 2].sum())
        assert min(left, right) == 0 < max(left, right)


def test_some_old_infarcts_spare_the_cortex(inside: Inside) -> None:
    skull = inside[1]
    spared = 0
    for change in painted(inside, "infarct"):
        deep = (change < -8) & (skull.depth_mm > 10)
        outer = (change < -8) & (skull.depth_mm > 1.5) & (skull.depth_mm < 4)
        spared += int(deep.sum() > 200 and outer.sum() < 0.1 * deep.sum())
    assert spared >= 1
