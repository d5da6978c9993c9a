from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from node_parts import Clock

from ichviewer.errors import ReadError
from ichviewer.network.node.entry import Group, StudyState, StudySummary
from ichviewer.network.node.worklist import MOST_STARTS, Claim, Worklist, WrittenObject, read_worklist

SUMMARY = StudySummary(probability=0.5, n_series=1, n_analyzed=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def claimed(worklist: Worklist, clock: Clock, uid: str = "1.2") -> Claim:
    worklist.arrived(uid)
    clock.now_s += 100
    assert worklist.queue_quiet(10, lambda _: 1) == 1
    claim = worklist.claim()
    assert claim is not None
    return claim


def test_a_slow_worker_cannot_note_what_is_about_an_older_revision(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        slow = claimed(worklist, clock)
        # More has come, and another worker is at it: the state is the same again, the revision is not.
        quick = claimed(worklist, clock)
        assert (slow.revision, quick.revision) == (1, 2)
        assert not worklist.holds(slow)
        assert not worklist.analyzed(slow, SUMMARY)
        assert not worklist.written(slow, [WrittenObject("1.9", "old.dcm")])
        assert not worklist.failed(slow, "too late", tries=1, wait_s=1)
        assert not worklist.give_back(slow)
        assert worklist.analyzed(quick, SUMMARY)
        assert worklist.written(quick, [WrittenObject("1.8", "new.dcm")])
        assert worklist.objects("1.2") == (WrittenObject("1.8", "new.dcm"),)


def test_a_study_that_takes_the_node_down_again_and_again_fails_in_the_end(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        claimed(worklist, clock)
    for _ in range(MOST_STARTS - 1):
        with Worklist(tmp_path, clock=clock) as worklist:
            assert worklist.claim() is not None
    with Worklist(tmp_path, clock=clock) as worklist:
        assert worklist.claim() is None
        (entry,) = worklist.entries()
        assert entry.state is StudyState.FAILED
        assert entry.group.words == "NOT ANALYZED"
        assert worklist.retry() == 1
        assert worklist.claim() is not None


def test_after_a_start_an_arriving_study_has_the_whole_quiet_time_again(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        worklist.arrived("1.2")
    clock.now_s += 1000
    with Worklist(tmp_path, clock=clock) as worklist:
        assert worklist.queue_quiet(10, lambda _: 1) == 0
        clock.now_s += 9
        worklist.arrived("1.2")
        clock.now_s += 9
        assert worklist.queue_quiet(10, lambda _: 1) == 0
        clock.now_s += 1
        assert worklist.queue_quiet(10, lambda _: 1) == 1


def test_a_clock_that_is_set_back_makes_nothing_wait_for_years(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        failing = claimed(worklist, clock)
        worklist.failed(failing, "no", tries=3, wait_s=1e12)
        worklist.arrived("1.3")
        clock.now_s -= 10_000_000
        assert worklist.queue_quiet(10, lambda _: 1) == 0
        clock.now_s += 10
        assert worklist.queue_quiet(10, lambda _: 1) == 1
        assert worklist.claim() is not None
        assert worklist.claim() is not None


def test_tries_are_counted_and_begin_anew_when_more_arrives(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        claim = claimed(worklist, clock)
        assert worklist.failed(claim, "no", tries=2, wait_s=50)
        assert worklist.claim() is None
        clock.now_s += 50
        again = worklist.claim()
        assert again == claim
        assert worklist.failed(claim, "no", tries=2, wait_s=50)
        assert worklist.find("1.2").state is StudyState.FAILED
        worklist.arrived("1.2")
        entry = worklist.find("1.2")
        assert (entry.state, entry.failures, entry.error) == (StudyState.ARRIVING, 0, "")


def test_only_the_user_may_read_it(tmp_path: Path):
    with Worklist(tmp_path) as worklist:
        assert worklist.path.stat().st_mode & 0o777 == 0o600


def test_a_worklist_whose_node_died_while_it_wrote_is_not_read_half_written(tmp_path: Path):
    node, dead = tmp_path / "node", tmp_path / "dead"
    node.mkdir()
    with Worklist(node) as worklist:
        worklist.arrived("1.2")
    writer = sqlite3.connect(node / "worklist.sqlite3", isolation_level=None)
    # So small that pages go to the file before the transaction ends.
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN IMMEDIATE")
    for n in range(2000):
        writer.execute("INSERT INTO seen VALUES (?, 1, 1)", (b"%0300d" % n,))
    shutil.copytree(node, dead)
    writer.close()
    assert (dead / "worklist.sqlite3-journal").stat().st_size
    with pytest.raises(ReadError, match="cut off while it wrote"):
        read_worklist(dead)
    Worklist(dead).close()
    assert [entry.study_uid for entry in read_worklist(dead)] == ["1.2"]


def test_a_worklist_of_a_newer_version_is_named_as_such(tmp_path: Path):
    Worklist(tmp_path).close()
    with sqlite3.connect(tmp_path / "worklist.sqlite3") as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(ReadError, match="newer version") as caught:
        read_worklist(tmp_path)
    assert caught.value.found == "schema 99, this program knows 2"


def test_a_study_that_nobody_is_there_to_analyze_waits_and_is_the_next_one_again(
    tmp_path: Path, clock: Clock
):
    with Worklist(tmp_path, clock=clock) as worklist:
        claim = claimed(worklist, clock)
        for _ in range(3 * MOST_STARTS):
            assert worklist.put_off(claim, "nobody is there", was_begun=False)
            (entry,) = worklist.entries()
            assert (entry.state, entry.group) == (StudyState.QUEUED, Group.WAITING)
            assert (entry.starts, entry.failures, entry.remarks) == (0, 0, ("nobody is there",))
            assert worklist.claim() == claim
        assert worklist.analyzed(claim, SUMMARY)
        assert worklist.written(claim, [])
        assert worklist.entries()[0].error == ""


def test_a_study_over_which_workers_are_lost_waits_longer_and_fails_in_the_end(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        claim = claimed(worklist, clock)
        for number in range(1, MOST_STARTS):
            assert worklist.put_off(claim, "it is gone", was_begun=True)
            assert worklist.entries()[0].starts == number
            clock.now_s += min(5.0 * number, 60.0) - 1.0
            assert worklist.claim() is None
            clock.now_s += 1.0
            assert worklist.claim() == claim
        assert worklist.put_off(claim, "it is gone", was_begun=True)
        (entry,) = worklist.entries()
        assert (entry.state, entry.group) == (StudyState.FAILED, Group.NOT_ANALYZED)
        assert entry.error == "it is gone"
        assert worklist.retry() == 1
        assert worklist.claim() == claim


def test_what_came_meanwhile_is_not_put_off(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        claim = claimed(worklist, clock)
        worklist.arrived("1.2")
        assert not worklist.put_off(claim, "nobody is there", was_begun=False)
        assert worklist.entries()[0].error == ""


def test_what_was_delivered_is_remembered(tmp_path: Path):
    with Worklist(tmp_path) as worklist:
        worklist.note_delivered([("1.2", "pacs"), ("1.3", "pacs")])
        worklist.note_delivered([("1.2", "pacs")])
    with Worklist(tmp_path) as worklist:
        assert worklist.was_delivered("1.2", "pacs")
        assert not worklist.was_delivered("1.2", "archive")
        assert not worklist.was_delivered("1.4", "pacs")


def test_a_worklist_of_the_version_before_is_read_and_brought_up_to_date(tmp_path: Path, clock: Clock):
    with Worklist(tmp_path, clock=clock) as worklist:
        claimed(worklist, clock)
    with sqlite3.connect(tmp_path / "worklist.sqlite3") as other:
        other.execute("DROP TABLE delivered")
        other.execute("PRAGMA user_version = 1")
    other.close()
    assert [entry.study_uid for entry in read_worklist(tmp_path)] == ["1.2"]
    with Worklist(tmp_path, clock=clock) as worklist:
        assert worklist.set_aside is None
        assert [entry.study_uid for entry in worklist.entries()] == ["1.2"]
        worklist.note_delivered([("1.2", "pacs")])
