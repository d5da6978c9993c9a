"""Training volumes of procedural heads."""

import numpy as np
import pytest

from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.learning.synthesis.phantom_volume import phantom_volumes

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=3.2)


@pytest.fixture(scope="module", params=TYPES)
def pair(request: pytest.FixtureRequest) -> tuple[Hemorrhage, Volume, Volume]:
    bleed, clean = phantom_volumes(100 + list(TYPES).index(request.param), SETTINGS, kind=request.param)
    return request.param, bleed, clean


def test_a_pair_shares_head_scan_and_name(pair: tuple[Hemorrhage, Volume, Volume]) -> None:
    _, bleed, clean = pair
    assert bleed.twin == clean.twin == clean.name
    assert bleed.patient == clean.patient and bleed.source == "phantom"
    assert bleed.traits == clean.traits
    assert (bleed.positions_mm == clean.positions_mm).all()
    assert not clean.labels.any() and clean.masks is not None and not clean.masks.any()


def test_labels_agree_with_masks(pair: tuple[Hemorrhage, Volume, Volume]) -> None:
    _, bleed, _ = pair
    assert bleed.masks is not None
    for k in range(len(TYPES)):
        marked = ((bleed.masks >> k) & 1).any(axis=(1, 2))
        assert (bleed.labels[marked, k + 1] != 0).all()
    types = bleed.labels[:, 1:]
    assert ((bleed.labels[:, 0] == 1) == (types == 1).any(axis=1)).all()
    assert ((bleed.labels[:, 0] == 0) == (types == 0).all(axis=1)).all()
    assert set(np.unique(bleed.labels)) <= {0, 1, UNKNOWN}


def test_the_type_asked_for_is_there(pair: tuple[Hemorrhage, Volume, Volume]) -> None:
    kind, bleed, _ = pair
    assert bleed.labels[:, LABELS.index(kind)].any()


def test_the_pair_is_the_same_far_from_blood(pair: tuple[Hemorrhage, Volume, Volume]) -> None:
    _, bleed, clean = pair
    differs = (bleed.grey != clean.grey).any(axis=(1, 2))
    assert differs.any()
    # The same noise everywhere: bone and everything outside the skull stay as they are.
    bone = (bleed.grey == 255) & (clean.grey == 255)
    assert bone.sum() > 0.9 * (clean.grey == 255).sum()
    apart = np.abs(bleed.grey.astype(int) - clean.grey) > 40
    assert bleed.masks is not None
    if apart.any():
        # What differs much is blood, or next to it, or was pushed.
        where = (bleed.masks > 0).any(axis=(1, 2))
        assert where[apart.any(axis=(1, 2))].mean() > 0.5


def test_a_seed_gives_the_same_twice() -> None:
    a, b = (phantom_volumes(7, SETTINGS) for _ in range(2))
    assert len(a) == len(b)
    for left, right in zip(a, b, strict=True):
        assert (left.grey == right.grey).all() and (left.labels == right.labels).all()


def test_a_head_without_blood_stands_alone() -> None:
    (volume,) = phantom_volumes(3, SETTINGS, kind="none")
    assert volume.twin == "" and not volume.labels.any()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        phantom_volumes(1, SETTINGS, kind="stroke")
