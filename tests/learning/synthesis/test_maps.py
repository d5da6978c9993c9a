"""Reading and measuring label maps."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from label_map_factory import MIDDLE, label_map, write_label_map

from ichviewer.errors import LearningError
from ichviewer.learning.synthesis import maps
from ichviewer.learning.synthesis.maps import PreparedMap, numbers_in, prepared_map


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with one map and what was measured of it."""
    path: Path = tmp_path_factory.mktemp("maps")
    write_label_map(path, 3)
    return path


@pytest.fixture(scope="module")
def prepared(folder: Path) -> PreparedMap:
    """Return that map."""
    return prepared_map(folder, 3, folder / "kept")


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


def test_what_was_measured_is_read_again(
    folder: Path, prepared: PreparedMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "measure", None)
    again = prepared_map(folder, 3, folder / "kept")
    assert np.array_equal(again.depth, prepared.depth) and np.array_equal(again.codes, prepared.codes)


@pytest.mark.parametrize("left_by_a_kill", [b"", b"PK\x03\x04 half of an archive"])
def test_a_damaged_file_is_measured_again(
    folder: Path,
    prepared: PreparedMap,
    left_by_a_kill: bytes,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (kept,) = (folder / "kept").iterdir()
    (tmp_path / kept.name).write_bytes(left_by_a_kill)
    monkeypatch.setattr(maps, "measure", lambda number, whole, where: prepared)
    prepared_map(folder, 3, tmp_path)
    assert (tmp_path / kept.name).read_bytes()[:2] == b"PK"
    monkeypatch.setattr(maps, "measure", None)
    assert np.array_equal(prepared_map(folder, 3, tmp_path).labels, prepared.labels)


def test_another_map_of_the_same_number_is_measured_anew(
    folder: Path, prepared: PreparedMap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = label_map()
    changed[75, 90, 140] = 2
    write_label_map(tmp_path, 3, changed)
    asked = []
    monkeypatch.setattr(maps, "measure", lambda number, whole, where: asked.append(number) or prepared)
    prepared_map(tmp_path, 3, folder / "kept")
    assert asked == [3]


def test_maps_are_found_by_number(folder: Path) -> None:
    assert numbers_in(folder) == [3]
    with pytest.raises(LearningError, match="cannot be read"):
        prepared_map(folder, 4, folder / "kept")


def test_what_is_no_map_of_a_head_is_told(tmp_path: Path) -> None:
    maps.map_path(tmp_path, 1).write_bytes(b"no archive")
    with pytest.raises(LearningError, match="cannot be read"):
        prepared_map(tmp_path, 1, tmp_path)
    write_label_map(tmp_path, 2, np.where(label_map() == 16, 2, label_map()).astype(np.int16))
    with pytest.raises(LearningError, match="whole head"):
        prepared_map(tmp_path, 2, tmp_path)
    write_label_map(tmp_path, 5, mm=2.0)
    with pytest.raises(LearningError, match="1 mm"):
        prepared_map(tmp_path, 5, tmp_path)
