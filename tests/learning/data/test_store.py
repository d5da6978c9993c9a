"""The store that keeps volumes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_volume import SETTINGS, random_volume

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import Channel
from ichviewer.learning.data.store import INDEX_NAME, RECIPE_NAME, Store
from ichviewer.learning.data.volumes import UNKNOWN


def assert_same(a, b):
    for name in ("hu", "positions_mm", "labels", "has_brain"):
        assert np.array_equal(getattr(a, name), getattr(b, name))
        assert getattr(a, name).dtype == getattr(b, name).dtype
    assert (a.masks is None) == (b.masks is None)
    assert a.masks is None or np.array_equal(a.masks, b.masks)
    for name in ("name", "patient", "source", "twin", "traits", "slice_ids"):
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
    volume = random_volume(
        n=n,
        labels=np.full((n, 6), labels, np.uint8),
        masks=np.full((n, 32, 32), 5, np.uint8) if masked else None,
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


def test_donors_age_and_which_masks_count_come_back(tmp_path):
    known = np.array([True, False, True])
    volume = random_volume(
        labels=np.ones((3, 6), np.uint8),
        masks=np.full((3, 32, 32), 5, np.uint8) * known[:, None, None],
        mask_known=known,
        donors=("q", "r"),
        age_years=0.58,
    )
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(volume)
    again = Store.open(tmp_path).load("a")
    assert_same(again, volume)
    assert (again.donors, again.age_years, again.mask_known.tolist()) == (("q", "r"), 0.58, known.tolist())


def test_a_volume_whose_writing_was_stopped_is_not_there(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(random_volume("a"))
    store.add(random_volume("b"))
    store.path("b").unlink()
    (tmp_path / "c.slices.part").write_bytes(b"half")
    with (tmp_path / INDEX_NAME).open("a") as index:
        index.write('{"name": "c"')
    again = Store.open(tmp_path)
    assert [entry.name for entry in again.entries] == ["a"]
    assert "b" not in again
    again.add(random_volume("d"))
    assert [json.loads(line)["name"] for line in (tmp_path / INDEX_NAME).read_text().splitlines()] == [
        "a",
        "b",
        "d",
    ]


def test_a_file_that_lost_its_end_is_not_there(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    for name in ("a", "b", "c"):
        store.add(random_volume(name))
    store.path("a").write_bytes(b"")
    store.path("b").write_bytes(store.path("b").read_bytes()[: store.entries[1].end - 1])
    again = Store.open(tmp_path)
    assert [entry.name for entry in again.entries] == ["c"]
    again.add(random_volume("a"))
    assert [entry.name for entry in Store.open(tmp_path).entries] == ["a", "c"]


def test_a_volume_made_again_replaces_the_first(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(random_volume("a", n=2))
    store.add(random_volume("a", n=3))
    again = Store.open(tmp_path)
    assert [entry.slices for entry in again.entries] == [3]
    assert len(again.load("a", check=True).hu) == 3


def test_damage_is_told(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(random_volume("a"))
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
    path.write_text(path.read_text().replace('"version": 3', '"version": 2', 1))
    for again in (Store.open, lambda folder: Store.create(folder, SETTINGS, {"source": "x"})):
        with pytest.raises(LearningError, match="another version of this program; prepare them again"):
            again(tmp_path / "a")
    path.write_text("{")
    with pytest.raises(LearningError, match="cannot be read"):
        Store.open(tmp_path / "a")


def test_which_channels_are_made_of_its_pictures_a_store_does_not_say(tmp_path):
    Store.create(tmp_path, SETTINGS, {})
    other = replace(SETTINGS, channels=(Channel(0, 80, 200),))
    assert Store.create(tmp_path, other, {}).settings == SETTINGS
    assert "channels" not in (tmp_path / RECIPE_NAME).read_text()
    with pytest.raises(LearningError, match="other settings"):
        Store.create(tmp_path, replace(SETTINGS, clip_hu=(-100.0, 300.0)), {})


def test_the_index_tells_all_but_the_pictures(tmp_path):
    masks = np.zeros((3, 32, 32), np.uint8)
    masks[1, 4, 5], masks[1, 9, 9], masks[2, 0, 0] = 2, 16, 32
    labels = np.array([[0] * 6, [1, 0, 1, 0, 0, 1], [UNKNOWN, 0, 0, 0, 0, UNKNOWN]], np.uint8)
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(random_volume("a", labels=labels, masks=masks, has_brain=np.array([True, False, True])))
    store.add(random_volume("b"))
    drawn, other = Store.open(tmp_path).entries
    assert drawn.mask_bits.tolist() == [0, 18, 32]
    assert drawn.mask_known.all()
    assert not other.mask_known.any()
    assert np.array_equal(drawn.labels, labels)
    assert drawn.has_brain.tolist() == [True, False, True]
    assert drawn.positions_mm.tolist() == [0, 5, 10]


def test_only_the_part_that_shows_something_is_kept(tmp_path):
    hu = np.full((2, 32, 32), -160, np.int16)
    hu[0, 5, 7], hu[1, 20, 30] = 40, -159
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(random_volume("a", n=2, hu=hu))
    store.add(random_volume("air", n=2, hu=np.full_like(hu, -160)))
    first, air = store.entries
    assert first.box == (5, 21, 7, 31)
    assert air.cut_shape == (1, 1)
    assert_same(store.load("air"), random_volume("air", n=2, hu=np.full_like(hu, -160)))


def test_a_volume_of_another_size_is_refused(tmp_path):
    with pytest.raises(ValueError, match="Received"):
        Store.create(tmp_path, SETTINGS, {}).add(random_volume("a", size=16))


def test_a_damaged_index_is_told(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(random_volume("a"))
    index = tmp_path / INDEX_NAME
    index.write_bytes(index.read_bytes().replace(b'"box"', b'"fox"'))
    with pytest.raises(LearningError, match="cannot be read"):
        Store.open(tmp_path)
