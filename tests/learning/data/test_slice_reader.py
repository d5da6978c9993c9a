"""Single slices of stores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.slice_reader import SliceReader, members_of
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume

SIZE, N = 48, 12
SETTINGS = PreprocessSettings(size_px=SIZE, mm_per_px=4.0)


def volume(name, *, masked):
    rng = np.random.default_rng(len(name))
    hu = np.full((N, SIZE, SIZE), -160, np.int16)
    hu[:, 4:40, 8:30] = rng.integers(-20, 100, (N, 36, 22))
    masks = np.zeros(hu.shape, np.uint8)
    masks[3, 10:20, 10:20] = 2
    return Volume(
        name=name,
        patient="p",
        source="folder",
        hu=hu,
        positions_mm=np.arange(N, dtype=np.float32) * 5,
        labels=np.zeros((N, 6), np.uint8),
        has_brain=np.ones(N, bool),
        masks=masks if masked else None,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    store = Store.create(folder, SETTINGS, {})
    store.add(volume("a", masked=True))
    store.add(volume("bb", masked=False))
    return folder


@given(index=st.integers(0, N - 1), member=st.integers(0, 1), kept=st.sampled_from([0, 4000, 10**9]))
def test_a_single_slice_is_that_of_the_whole_volume(folder, index, member, kept):
    _, members = members_of([folder])
    reader, whole = SliceReader(kept), members[member].load()
    for _ in range(2):  # from the file, and perhaps from memory
        assert np.array_equal(reader.hu(members[member], index).whole(SIZE), whole.hu[index])
        mask = reader.mask(members[member], index)
        if whole.masks is None:
            assert mask is None
        else:
            assert np.array_equal(mask.whole(SIZE), whole.masks[index])


def test_what_is_kept_stays_within_its_bounds_and_what_was_used_last_stays(folder):
    _, (member, _) = members_of([folder])
    slice_bytes = 36 * 22 * 2
    reader = SliceReader(3 * slice_bytes)
    for index in (0, 1, 2, 0, 3):
        reader.hu(member, index)
        assert reader.cached_bytes <= 3 * slice_bytes
    first = reader.hu(member, 0).pixels
    assert reader.hu(member, 0).pixels is first
    again = reader.hu(member, 1).pixels  # was dropped: 0 was asked for after it
    assert reader.hu(member, 1).pixels is again


def test_threads_share_a_reader(folder):
    _, members = members_of([folder])
    reader, whole = SliceReader(5000), members[0].load()
    with ThreadPoolExecutor(4) as pool:
        for i, cut in enumerate(pool.map(lambda i: reader.hu(members[0], i % N), range(200))):
            assert np.array_equal(cut.whole(SIZE), whole.hu[i % N])
    assert 0 < reader.cached_bytes <= 5000


def test_files_that_were_damaged_or_removed_since_are_told(tmp_path):
    store = Store.create(tmp_path, SETTINGS, {})
    store.add(volume("a", masked=True))
    _, (member,) = members_of([tmp_path])
    path = store.path("a")
    whole = path.read_bytes()
    path.write_bytes(whole[: member.entry.place(5, mask=False)[0] + 20])
    reader = SliceReader()
    reader.hu(member, 4)
    with pytest.raises(LearningError, match="damaged"):
        reader.hu(member, 5)
    path.unlink()
    with pytest.raises(LearningError, match="missing"):
        reader.hu(member, 6)
