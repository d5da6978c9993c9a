from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import uid_of, write_series
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread

from ichviewer.errors import ExportError
from ichviewer.network.series_watch import SeriesWatch
from ichviewer.network.source import ReceivedObject, SeriesListing

OBJECTS = {"1.1": ("1.1.1", "1.1.2", "1.1.3"), "1.2": ("1.2.1",), "1.3": ("1.3.1", "1.3.2")}


class Store:
    """Takes what comes, and may lose it again."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.full = False

    def has(self, sop_instance_uid: str) -> bool:
        return sop_instance_uid in self.there

    def __call__(self, received: ReceivedObject) -> None:
        if self.full:
            raise ExportError("there is no room")
        self.there.add(received.sop_instance_uid)


def received(uid: str) -> ReceivedObject:
    return ReceivedObject("1.2.840.10008.5.1.4.1.1.2", uid, "1.2.840.10008.1.2.1", b"\0" * 128 + b"DICM")


def object_of(path: Path) -> ReceivedObject:
    head = dcmread(path, stop_before_pixels=True)
    syntax = str(head.file_meta.TransferSyntaxUID)
    return ReceivedObject(str(head.SOPClassUID), str(head.SOPInstanceUID), syntax, path.read_bytes())


every_uid = st.sampled_from([uid for uids in OBJECTS.values() for uid in uids])
counts = st.sampled_from([None, 0, 1, 2, 3, 4])


@given(
    st.fixed_dictionaries({uid: st.tuples(st.booleans(), counts) for uid in OBJECTS}),
    st.lists(st.tuples(st.sampled_from(["comes", "is asked for", "is lost", "finds no room"]), every_uid)),
)
def test_a_series_is_whole_when_all_stands_that_was_listed_by_name_and_by_number(listings, steps):
    store = Store()
    watch = SeriesWatch(store)
    for uid, (named, count) in listings.items():
        watch.listed(SeriesListing(uid, count, frozenset(OBJECTS[uid]) if named else None))
    believed = {
        uid for uid, (named, count) in listings.items() if named and count in (None, len(OBJECTS[uid]))
    }
    known: set[str] = set()
    for what, uid in steps:
        store.full = what == "finds no room"
        if what == "is lost":
            # Who lost it is asked before anything is concluded from it.
            store.there.discard(uid)
        if what in ("is lost", "is asked for"):
            assert watch.has(uid) is (uid in store.there)
            known = known | {uid} if uid in store.there else known - {uid}
        elif store.full:
            with pytest.raises(ExportError):
                watch(received(uid))
        else:
            watch(received(uid))
            known.add(uid)
        # Of those known by number alone nothing is concluded here: what comes holds no series.
        assert watch.whole == {uid: frozenset(OBJECTS[uid]) for uid in believed if set(OBJECTS[uid]) <= known}


def test_by_number_alone_a_series_is_whole_when_the_next_has_begun_and_no_more_came(tmp_path):
    first = write_series(tmp_path / "1", n=2, series="1")
    second = write_series(tmp_path / "2", n=2, series="2")
    late = write_series(tmp_path / "3", n=1, series="1", positions_mm=[50.0])
    uids = [uid_of("series", "study", name) for name in "12"]
    watch = SeriesWatch(Store())
    for uid in uids:
        watch.listed(SeriesListing(uid, 2))
    for path in first:
        watch(object_of(path))
        assert watch.whole == {}
    # The same once more is no other image.
    watch(object_of(first[0]))
    watch(object_of(second[0]))
    assert watch.whole == {uids[0]: frozenset(str(dcmread(path).SOPInstanceUID) for path in first)}
    watch(object_of(late[0]))
    assert watch.whole == {}


def test_an_object_that_cannot_be_read_leaves_all_in_doubt_that_are_known_by_number(tmp_path):
    files = write_series(tmp_path / "1", n=1, series="1") + write_series(tmp_path / "2", n=1, series="2")
    watch = SeriesWatch(Store())
    watch.listed(SeriesListing(uid_of("series", "study", "1"), 1))
    for path in files:
        watch(object_of(path))
    assert list(watch.whole) == [uid_of("series", "study", "1")]
    watch(received("1.2.3"))
    assert watch.whole == {}


def test_an_impossible_listing_is_refused():
    with pytest.raises(ValueError, match="Received: -1"):
        SeriesListing("1.2", -1)
    with pytest.raises(ValueError, match="Received"):
        SeriesListing("1.*")
