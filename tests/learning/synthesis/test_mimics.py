"""What is mistaken for blood: that it is seen, where it may be, and whether it is darker or brighter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.synthesis.ageing import infarct, pale_white_matter
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.mimics import MIMICS, add_mimics
from ichviewer.learning.synthesis.skull import HIGHEST_HU, LOWEST_HU, Skull, find_skull
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue
from ichviewer.learning.synthesis.visibility import mimics_of

Inside = tuple[Field, Skull, Tissue]
SEEDS = range(12)
MAKERS = {name: make for name, (_, make) in MIMICS.items()} | {
    "infarct": infarct,
    "white-matter": pale_white_matter,
}


@pytest.fixture(scope="module")
def inside(head: Volume, settings: PreprocessSettings) -> Inside:
    skull = find_skull(head, settings.mm_per_px)
    assert skull is not None
    hu = np.clip(head.hu[:, skull.rows, skull.columns], LOWEST_HU, HIGHEST_HU).astype(np.float32)
    return hu, skull, read_tissue(hu, skull)


def painted(inside: Inside, name: str) -> list[Field]:
    """The change each seed makes."""
    hu, skull, tissue = inside
    done = (MAKERS[name](np.random.default_rng(seed), hu.copy(), skull, tissue) for seed in SEEDS)
    return [one - hu for one in done if one is not None]


@pytest.mark.parametrize("name", list(MAKERS))
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


def test_most_heads_have_none_to_two_and_masks_mark_only_what_is_dense(inside: Inside) -> None:
    hu, skull, tissue = inside
    counts = []
    for seed in range(30):
        made, traits = add_mimics(np.random.default_rng(seed), hu, skull, tissue)
        counts.append(len(traits))
        where = mimics_of(hu, made, tissue, skull)
        assert not (where & ~skull.inside).any()
        assert not where[(made == hu).all(axis=(1, 2))].any()
        if where.sum() > 20:  # a cyst moves brain with its noise, of which some specks are bright
            assert made[where].mean() > tissue.brain_hu + 6
    assert 5 <= counts.count(0) <= 18 and max(counts) <= 3


def test_a_mimic_is_marked_where_it_is_denser_than_grey_matter(inside: Inside) -> None:
    hu, skull, tissue = inside
    k = int(np.argmin(np.abs(skull.below_vertex_mm - 60)))
    at = np.unravel_index(int(np.argmax(skull.depth_mm[k])), hu.shape[1:])
    spot = (slice(k, k + 1), slice(at[0] - 3, at[0] + 4), slice(at[1] - 3, at[1] + 4))
    level = float(tissue.grey_hu[spot].max())
    for above, expected in ((30.0, True), (2.0, False)):
        after = hu.copy()
        after[spot] = level + above
        assert mimics_of(np.minimum(hu, level - 10), np.minimum(after, level + above), tissue, skull)[
            k, at[0], at[1]
        ] == np.bool_(expected)
    # What was as dense before is no mimic that was added.
    dense = hu.copy()
    dense[spot] = level + 30
    after = dense.copy()
    after[spot] += 3
    assert not mimics_of(dense, after, tissue, skull).any()
