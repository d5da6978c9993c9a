"""Reading and measuring label maps."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from label_map_factory import MIDDLE, label_map, write_label_map

from ichviewer.errors import LearningError
from ichviewer.learning.synthesis import maps
from ichviewer.learning.synthesis.maps import PreparedMap, map_path, prepared_map


@lru_cache(maxsize=1)
def corner() -> np.ndarray:
    """First voxel that is kept: three before the head, and no more than 45 below the cerebellum."""
    labels = label_map()
    x, y, z = np.argwhere(labels > 0).min(axis=0)
    cerebellum = np.argwhere(np.isin(labels, maps.CEREBELLUM))[:, 2].min()
    return np.array([x - 3, y - 3, max(z, cerebellum - 45)])


def at(prepared: PreparedMap, name: str, x: float, y: float, z: float) -> float:
    """Stored value at a place relative to the middle of the head."""
    k = np.rint(MIDDLE + np.array([x, y, z]) - corner()).astype(int)
    return float(getattr(prepared, name)[tuple(k)])


def test_distances_are_those_of_the_ellipsoids(prepared: PreparedMap) -> None:
    half = maps.PER_MM
    assert at(prepared, "depth", 0, 0, 48) == pytest.approx(10 * half, abs=2)
    assert at(prepared, "depth", 0, 0, 62) == pytest.approx(-4 * half, abs=3)
    # Positive to the patient's right, although the file is stored the other way round.
    assert at(prepared, "midline", 20, 0, 30) == pytest.approx(20 * half, abs=3)
    assert at(prepared, "midline", -20, 0, 30) == pytest.approx(-20 * half, abs=3)
    assert at(prepared, "ventricle", 9, 0, 10) < 0 < at(prepared, "ventricle", 9, 0, 25)
    assert at(prepared, "tentorium", 22, -34, -40) < 0 < at(prepared, "tentorium", 22, -34, 0)
    assert at(prepared, "fluid", 50, 0, 24) > 128 > at(prepared, "fluid", 30, 0, 24)


def test_the_falx_lies_above_the_corpus_callosum_only(prepared: PreparedMap) -> None:
    def is_falx(*place: float) -> bool:
        return bool(int(at(prepared, "zones", *place)) & maps.FALX)

    assert is_falx(0, 0, 45) and is_falx(0, 55, 10) and is_falx(0, -58, 0)
    assert (
        not is_falx(0, 0, 0) and not is_falx(0, 0, 20) and not is_falx(25, 0, 45) and not is_falx(0, -34, -45)
    )


def test_bone_is_around_the_inside(prepared: PreparedMap) -> None:
    def zones(*place: float) -> int:
        return int(at(prepared, "zones", *place))

    assert zones(0, 0, 61) & maps.SKULL and zones(0, 0, 61) & maps.SPONGY
    assert zones(0, 0, 59) & maps.SKULL and not zones(0, 0, 59) & maps.SPONGY
    assert not zones(0, 0, 50) & maps.SKULL and not zones(0, 0, 67) & maps.SKULL
    assert zones(0, 0, 67) & maps.BODY and not zones(60, 70, 60) & maps.BODY


def test_a_map_is_measured_once_for_all_its_seeds(label_maps: Path) -> None:
    assert prepared_map(label_maps, 7) is prepared_map(label_maps, 7)


def test_arrays_of_a_map_are_of_one_shape(prepared: PreparedMap) -> None:
    with pytest.raises(ValueError, match="of one shape"):
        replace(prepared, skin=prepared.skin[1:])


@pytest.mark.parametrize("damage", ["missing", "empty", "no archive", "cut short", "garbled"])
def test_a_map_that_cannot_be_read_is_an_error(tmp_path: Path, label_maps: Path, damage: str) -> None:
    whole, path = map_path(label_maps, 7).read_bytes(), map_path(tmp_path, 1)
    garbled = whole[:3000] + b"\xff" * 100 + whole[3100:]
    found = {"empty": b"", "no archive": b"no archive", "cut short": whole[:3000], "garbled": garbled}
    if damage in found:
        path.write_bytes(found[damage])
    with pytest.raises(LearningError, match="cannot be read"):
        prepared_map(tmp_path, 1)


def test_what_is_no_map_of_a_head_is_an_error(tmp_path: Path) -> None:
    write_label_map(tmp_path, 2, np.where(label_map() == 16, 2, label_map()).astype(np.int16))
    with pytest.raises(LearningError, match="whole head"):
        prepared_map(tmp_path, 2)
    write_label_map(tmp_path, 5, mm=2.0)
    with pytest.raises(LearningError, match="1 mm"):
        prepared_map(tmp_path, 5)
