"""Volumes and the store that keeps them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import INDEX_NAME, RECIPE_NAME, STORE_VERSION, UNKNOWN, Store, Volume

SETTINGS = PreprocessSettings(size_px=32, mm_per_px=6.0)


def make(name="a", n=3, size=32, **fields):
    rng = np.random.default_rng(n)
    return Volume(
        **{
            "name": name,
            "patient": "p",
            "source": "phantom",
            "hu": rng.integers(-160, 240, (n, size, size)).astype(np.int16),
            "positions_mm": np.arange(n, dtype=np.float32) * 5,
            "labels": np.zeros((n, 6), np.uint8),
            "has_brain": np.ones(n, bool),
            **fields,
        }
    )


def assert_same(a, b):
    for name in ("hu", "positions_mm", "labels", "has_brain"):
        assert np.array_equal(getattr(a, name), getattr(b, name))
        assert getattr(a, name).dtype == getattr(b, name).dtype
    assert (a.masks is None) == (b.masks is None)
    assert a.masks is None or np.array_equal(a.masks, b.masks)
    assert (a.mask_known is None) == (b.mask_known is None)
    assert a.mask_known is None or np.array_equal(a.mask_known, b.mask_known)
    assert np.array_equal(a.age_years, b.age_years, equal_nan=True)
    for name in ("name", "patient", "source", "twin", "traits", "slice_ids", "donors"):
        assert getattr(a, name) == getattr(b, name)


@given(
    n=st.integers(1, 4),
    masked=st.booleans(),
    traits=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=9), max_size=3
    ),
    twin=st.sampled_from(["", "a-clean"]),
    labels=st.sampled_from([0, 1, UNKNOWN]),
)
def test_a_volume_comes_back_as_it_was(tmp_path_factory, *, n, masked, traits, twin, labels):
    volume = make(
        n=n,
        labels=np.full((n, 6), labels, np.uint8),
        masks=np.full((n, 32, 32), 5, np.uint8) if masked else None,
        mask_known=np.arange(n) % 2 == 0 if masked and twin else None,
        donors=("q", "r") if twin else (),
        age_years=0.25 if masked else float("nan"),
        traits=tuple(traits),
        twin=twin,
        slice_ids=tuple(f"s{i}" for i in range(n)),
    )
    folder = tmp_path_factory.mktemp("store")
    store = Store.create(folder, SETTINGS, {})
    store.add(volume)
    again = Store.open(folder)
    assert_same(again.load("a", check=True), volume)
    (entry,) = again.entries
    assert (entry.slices, entry.twin, entry.traits) == (n, twin, tuple(traits))
    assert entry.donors == volume.donors


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a/b"},
        {"patient": ""},
        {"hu": np.zeros((3, 32, 31), np.int16)},
        {"positions_mm": np.array([0, 5, 4], np.float32)},
        {"labels": np.zeros((3, 5), np.uint8)},
        {"has_brain": np.ones(2, bool)},
        {"masks": np.zeros((3, 16, 16), np.uint8)},
        {"slice_ids": ("one",)},
        {"mask_known": np.ones(3, bool)},
        {"mask_known": np.ones(2, bool), "masks": np.zeros((3, 32, 32), np.uint8)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_invalid_volume_cannot_be(fields):
    with pytest.raises(ValueError, match=r"Received|sorted"):
        make(**fields)


def test_a_mask_is_known_where_it_was_drawn_or_there_is_no_blood():
    labels = np.zeros((3, 6), np.uint8)
    labels[1:] = 1
    drawn = np.full((3, 32, 32), 64, np.uint8)
    volume = make(labels=labels, masks=drawn, mask_known=np.array([False, False, True]))
    assert not volume.mask(0).any() and volume.mask(1) is None and (volume.mask(2) == 64).all()
    assert make(labels=labels).mask(1) is None and not make(labels=labels).mask(0).any()
    labels[0, 3] = UNKNOWN
    assert make(labels=labels).mask(0) is None


def test_inputs_are_a_slice_between_its_neighbors():
    volume = make(n=4)
    inputs = volume.inputs(SETTINGS)
    assert inputs.shape == (4, 32, 32, 3)
    assert np.array_equal(inputs[2], np.stack([volume.grey(i, SETTINGS) for i in (1, 2, 3)], axis=-1))
    assert np.array_equal(inputs[0], np.stack([volume.grey(i, SETTINGS) for i in (0, 0, 1)], axis=-1))


def test_a_volume_whose_writing_was_stopped_is_not_there(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(make("a"))
    store.add(make("b"))
    store.path("b").unlink()
    (tmp_path / "c.npz.part").write_bytes(b"half")
    with (tmp_path / INDEX_NAME).open("a") as index:
        index.write('{"name": "c"')
    again = Store.open(tmp_path)
    assert [entry.name for entry in again.entries] == ["a"]
    assert "b" not in again
    again.add(make("d"))
    assert [json.loads(line)["name"] for line in (tmp_path / INDEX_NAME).read_text().splitlines()] == [
        "a",
        "b",
        "d",
    ]


def test_a_volume_made_again_replaces_the_first(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(make("a", n=2))
    store.add(make("a", n=3))
    again = Store.open(tmp_path)
    assert [entry.slices for entry in again.entries] == [3]
    assert len(again.load("a", check=True).hu) == 3


def test_damage_is_told(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(make("a"))
    data = bytearray(store.path("a").read_bytes())
    data[len(data) // 2] ^= 1
    store.path("a").write_bytes(bytes(data))
    with pytest.raises(LearningError, match="damaged"):
        store.load("a", check=True)
    store.path("a").write_bytes(b"nothing")
    with pytest.raises(LearningError, match="damaged"):
        store.load("a")
    with pytest.raises(LearningError, match="missing"):
        store.load("b")


def test_a_store_made_otherwise_or_none_is_told(tmp_path):
    Store.create(tmp_path / "a", SETTINGS, {"source": "x"})
    assert Store.create(tmp_path / "a", SETTINGS, {"source": "x"}).entries == ()
    with pytest.raises(LearningError, match="other settings"):
        Store.create(tmp_path / "a", SETTINGS, {"source": "y"})
    with pytest.raises(LearningError, match="no prepared data"):
        Store.open(tmp_path / "b")
    path = tmp_path / "a" / RECIPE_NAME
    path.write_text(path.read_text().replace(f'"version": {STORE_VERSION}', '"version": 1', 1))
    with pytest.raises(LearningError, match="cannot be read"):
        Store.open(tmp_path / "a")
