from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import make_slice, to_bytes, write

from ichviewer.errors import ExportError
from ichviewer.network.node.watch import WatchedFolder
from ichviewer.network.node.worklist import Worklist
from ichviewer.network.source import ReceivedObject


@pytest.fixture
def worklist(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with Worklist(folder) as made:
        yield made


class Taker:
    """Takes objects, but not those of a number."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.full_for: set[str] = set()

    def __call__(self, received: ReceivedObject) -> None:
        if received.sop_instance_uid in self.full_for:
            raise ExportError("the disk is full")
        self.got.append(received.sop_instance_uid)


def put(folder: Path, number: int) -> str:
    ds = make_slice(instance_number=number)
    write(folder / f"{number}.dcm", ds)
    return str(ds.SOPInstanceUID)


@pytest.fixture
def watched(tmp_path, worklist):
    (tmp_path / "in").mkdir()
    taker = Taker()
    return tmp_path / "in", taker, WatchedFolder(tmp_path / "in", taker, worklist, 1 << 20)


def test_a_file_is_taken_once_when_it_is_the_same_in_two_looks(watched, worklist):
    folder, taker, look = watched
    uid = put(folder, 1)
    assert [look.look() for _ in range(4)] == [0, 1, 0, 0]
    assert taker.got == [uid]
    again = WatchedFolder(folder, taker, worklist, 1 << 20)
    assert [again.look() for _ in range(3)] == [0, 0, 0]


def test_a_file_that_is_being_written_waits_until_it_is_whole(watched):
    folder, taker, look = watched
    ds = make_slice()
    data = to_bytes(ds)
    path = folder / "growing.dcm"
    for end in (100, 300, len(data)):
        path.write_bytes(data[:end])
        assert look.look() == 0
    assert look.look() == 1
    assert taker.got == [str(ds.SOPInstanceUID)]


def test_what_cannot_be_taken_for_now_holds_up_nothing_else_and_is_tried_again(watched):
    folder, taker, look = watched
    uids = [put(folder, number) for number in (1, 2, 3)]
    taker.full_for = {uids[0]}
    look.look()
    assert look.look() == 2
    assert taker.got == uids[1:]
    taker.full_for = set()
    assert look.look() == 1
    assert taker.got == [*uids[1:], uids[0]]


def test_what_is_no_object_too_large_a_link_or_hidden_is_left_alone(watched, tmp_path):
    folder, taker, look = watched
    (folder / "notes.txt").write_text("nothing")
    (folder / "large.dcm").write_bytes(bytes(2 << 20))
    outside = write(tmp_path / "outside.dcm", make_slice())
    (folder / "link.dcm").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    write(folder / ".hidden.dcm", make_slice())
    for _ in range(3):
        look.look()
    assert taker.got == []
    assert look.n_unreadable == 2
    # What was no object may become one.
    put(folder, 1)
    (folder / "1.dcm").replace(folder / "notes.txt")
    look.look()
    assert look.look() == 1


def test_a_folder_that_is_gone_is_looked_for_again(watched):
    folder, taker, look = watched
    folder.rmdir()
    assert look.look() == 0
    folder.mkdir()
    uid = put(folder, 1)
    look.look()
    look.look()
    assert taker.got == [uid]
