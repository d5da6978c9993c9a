"""A whole node over real associations, with an analyzer that needs no model."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from dicom_factory import make_slice, write
from kill_run import StoppingPacs
from node_parts import FakeAnalyzer, study_uid
from servers import free_port

from ichviewer.errors import NetworkError, SettingsError
from ichviewer.network.dimse import DimseSource
from ichviewer.network.node.entry import Group, StudyState
from ichviewer.network.node.node import Node, retry
from ichviewer.network.node.settings import (
    AnalysisSettings,
    MetricsSettings,
    NodeSettings,
    ResultSettings,
    StorageSettings,
    WatchSettings,
)
from ichviewer.network.node.worklist import read_worklist
from ichviewer.network.outbox_counts import OutboxCounts, count_outbox
from ichviewer.network.peers import DicomNode, ReceiverAddress, Timeouts
from ichviewer.network.receiver import ReceiverSettings
from ichviewer.network.source import SendOutcome
from ichviewer.progress import CancelToken, silent

SHORT = Timeouts(connect_s=20.0, answer_s=20.0, idle_s=20.0)


def settings_for(
    folder: Path, *, analysis: dict | None = None, receiver: dict | None = None, **parts
) -> NodeSettings:
    return NodeSettings(
        folder / "data",
        receiver=ReceiverSettings(address=ReceiverAddress(port=0), **(receiver or {})),
        analysis=AnalysisSettings(**{"quiet_s": 0.5, **(analysis or {})}),
        **{"storage": StorageSettings(keep_free_mb=0), **parts},
    )


def slices(folder: Path, study: str, *numbers: int, **options) -> list[Path]:
    return [
        write(
            folder / study / f"{number}.dcm",
            make_slice(
                study=study, instance_number=number, z_mm=5.0 * number, StudyDescription=study, **options
            ),
        )
        for number in numbers
    ]


def send(port: int, paths: list[Path], **options) -> list[SendOutcome]:
    peer = DicomNode("node", "ICHVIEWER", "127.0.0.1", port, timeouts=SHORT, **options)
    return [result.outcome for result in DimseSource(peer).send(paths, silent, CancelToken())]


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def state(node: Node, study: str) -> StudyState | None:
    entry = node.worklist.find(study_uid(study))
    return None if entry is None else entry.state


@contextmanager
def running(settings: NodeSettings, analyzer: FakeAnalyzer | None = None):
    made = analyzer or FakeAnalyzer()
    with Node(settings, lambda _: made) as node:
        yield node
    assert node.bug is None
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ichviewer-")]


def description(node: Node, study: str) -> str:
    entry = node.worklist.find(study_uid(study))
    return "" if entry is None or entry.summary is None else entry.summary.description


def test_fifty_associations_at_once_lose_nothing(tmp_path):
    names = [f"s{number}" for number in range(50)]
    files = {name: slices(tmp_path, name, 1, 2, 3) for name in names}
    settings = settings_for(tmp_path, receiver={"most_associations": 60}, analysis={"quiet_s": 2.0})
    with running(settings) as node:
        outcomes: dict[str, list[SendOutcome]] = {}

        def one(name: str) -> None:
            outcomes[name] = send(node.port, files[name])

        threads = [threading.Thread(target=one, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert outcomes == {name: [SendOutcome.STORED] * 3 for name in names}
        until(lambda: all(state(node, name) is StudyState.DONE for name in names), 120)
        assert {description(node, name) for name in names} == {f"{name} [1, 2, 3]" for name in names}


def test_half_a_study_is_analyzed_and_later_slices_replace_its_result(tmp_path):
    with running(settings_for(tmp_path)) as node:
        send(node.port, slices(tmp_path, "a", 1, 2))
        until(lambda: state(node, "a") is StudyState.DONE)
        assert description(node, "a") == "a [1, 2]"
        send(node.port, slices(tmp_path, "a", 3))
        assert node.worklist.find(study_uid("a")).result_is_current is False
        until(lambda: state(node, "a") is StudyState.DONE)
        assert description(node, "a") == "a [1, 2, 3]"
        (folder,) = (tmp_path / "data" / "results").iterdir()
        assert len(list(folder.iterdir())) == 1
        assert node.worklist.find(study_uid("a")).revision == 2


def test_the_same_study_twice_is_analyzed_once(tmp_path):
    analyzer = FakeAnalyzer()
    with running(settings_for(tmp_path), analyzer) as node:
        files = slices(tmp_path, "a", 1, 2)
        for _ in range(2):
            assert send(node.port, files) == [SendOutcome.STORED] * 2
            until(lambda: state(node, "a") is StudyState.DONE)
        time.sleep(1.5)
        assert (analyzer.calls, node.worklist.find(study_uid("a")).revision) == (1, 1)


def test_another_object_of_a_uid_that_is_there_is_refused_and_the_first_kept(tmp_path):
    with running(settings_for(tmp_path)) as node:
        (first,) = slices(tmp_path, "a", 1)
        kept = first.read_bytes()
        assert send(node.port, [first]) == [SendOutcome.STORED]
        (other,) = slices(tmp_path, "a", 1, patient_name="Other^Body")
        assert send(node.port, [other]) == [SendOutcome.REFUSED]
        (file,) = (tmp_path / "data" / "inbox").rglob("*.dcm")
        assert kept[-500:] == file.read_bytes()[-500:]


def test_a_full_disk_is_told_to_the_sender_and_nothing_is_half_taken(tmp_path):
    settings = settings_for(tmp_path, storage=StorageSettings(keep_free_mb=1 << 30))
    with running(settings) as node:
        assert send(node.port, slices(tmp_path, "a", 1)) == [SendOutcome.FAILED]
        assert list((tmp_path / "data" / "inbox").iterdir()) == []
        assert node.worklist.entries() == ()
        assert node.figures().n_refused == 1


def test_what_cannot_be_written_is_told_to_the_sender_and_taken_when_there_is_room(tmp_path, monkeypatch):
    from ichviewer.network import arrivals

    def full(path, data):
        raise arrivals.ExportError("the file cannot be written", str(path), "No space left on device")

    with running(settings_for(tmp_path)) as node:
        files = slices(tmp_path, "a", 1)
        with monkeypatch.context() as patch:
            patch.setattr(arrivals, "write_atomically", full)
            assert send(node.port, files) == [SendOutcome.FAILED]
            assert state(node, "a") is None
        assert send(node.port, files) == [SendOutcome.STORED]
        until(lambda: state(node, "a") is StudyState.DONE)


def test_a_worklist_that_could_not_be_told_is_told_with_the_next_try(tmp_path, monkeypatch):
    with running(settings_for(tmp_path)) as node:
        files = slices(tmp_path, "a", 1)
        real = node.worklist.arrived

        def refuses(uid):
            from ichviewer.errors import ExportError

            raise ExportError("the worklist cannot be changed: the disk is full")

        monkeypatch.setattr(node.worklist, "arrived", refuses)
        assert send(node.port, files) == [SendOutcome.FAILED]
        monkeypatch.setattr(node.worklist, "arrived", real)
        assert send(node.port, files) == [SendOutcome.STORED]
        until(lambda: state(node, "a") is StudyState.DONE)


def test_too_many_studies_or_objects_are_refused_for_now(tmp_path):
    settings = settings_for(tmp_path, analysis={"quiet_s": 100.0, "most_waiting": 1, "most_objects": 2})
    with running(settings) as node:
        assert send(node.port, slices(tmp_path, "a", 1)) == [SendOutcome.STORED]
        assert send(node.port, slices(tmp_path, "b", 1)) == [SendOutcome.FAILED]
        assert send(node.port, slices(tmp_path, "a", 2, 3))[0] is SendOutcome.STORED
        assert len(list((tmp_path / "data" / "inbox").rglob("*.dcm"))) == 2


def test_strangers_do_not_get_in(tmp_path):
    settings = settings_for(tmp_path, receiver={"ae_titles": ("CT1",)})
    with running(settings) as node:
        assert SendOutcome.STORED not in send(node.port, slices(tmp_path, "a", 1))
        assert state(node, "a") is None
        assert send(node.port, slices(tmp_path, "a", 1), own_ae_title="CT1") == [SendOutcome.STORED]


def test_results_wait_for_a_pacs_that_is_down_and_are_sent_once(tmp_path):
    pacs = StoppingPacs()
    peer = DicomNode("pacs", "PACS", "127.0.0.1", pacs.port, timeouts=SHORT)
    settings = settings_for(tmp_path, results=ResultSettings(("sr",), ("pacs",)), peers=(peer,))
    with running(settings) as node:
        send(node.port, slices(tmp_path, "a", 1))
        until(lambda: state(node, "a") is StudyState.SENDING)
        until(lambda: "pacs: " in node.worklist.find(study_uid("a")).error)
        assert description(node, "a") == "a [1]"
    pacs.start()
    try:
        retry(settings)
        with running(settings) as node:
            until(lambda: state(node, "a") is StudyState.DONE)
            assert node.worklist.find(study_uid("a")).error == ""
        assert list(pacs.times.values()) == [1]
        assert list(pacs.stored.values()) == [study_uid("a")]
    finally:
        pacs.stop()


def test_an_analysis_that_fails_is_tried_again_and_then_waits_for_a_person(tmp_path):
    analyzer = FakeAnalyzer()
    analyzer.failures = 1
    settings = settings_for(tmp_path, analysis={"tries": 1})
    with running(settings, analyzer) as node:
        send(node.port, slices(tmp_path, "a", 1))
        until(lambda: state(node, "a") is StudyState.FAILED)
        entry = node.worklist.find(study_uid("a"))
        assert entry.group.words == "NOT ANALYZED"
        assert "the model could not be run" in entry.error
        with pytest.raises(SettingsError, match="another node"):
            retry(settings)
    assert retry(settings) == (1, 0)
    with running(settings, analyzer) as node:
        until(lambda: state(node, "a") is StudyState.DONE)


def test_what_was_found_stands_in_the_worklist_also_where_its_objects_cannot_be_written(tmp_path):
    analyzer = FakeAnalyzer()
    analyzer.unwritable = analyzer.flagged = True
    with running(settings_for(tmp_path, analysis={"tries": 1}), analyzer) as node:
        send(node.port, slices(tmp_path, "a", 1))
        until(lambda: state(node, "a") is StudyState.FAILED)
        entry = node.worklist.find(study_uid("a"))
        assert entry.group is Group.FLAGGED
        assert "lacks its UID" in entry.error
        analyzer.flagged = False
        send(node.port, slices(tmp_path, "b", 1))
        until(lambda: state(node, "b") is StudyState.FAILED)
        assert node.worklist.find(study_uid("b")).group is Group.NOT_ANALYZED


def test_a_bug_in_an_analysis_fails_that_study_only(tmp_path, caplog):
    analyzer = FakeAnalyzer()

    def bug():
        analyzer.during = None
        raise KeyError("a bug")

    analyzer.during = bug
    with (
        caplog.at_level(logging.CRITICAL),
        running(settings_for(tmp_path, analysis={"tries": 1}), analyzer) as node,
    ):
        send(node.port, slices(tmp_path, "a", 1))
        until(lambda: state(node, "a") is StudyState.FAILED)
        send(node.port, slices(tmp_path, "b", 1))
        until(lambda: state(node, "b") is StudyState.DONE)


def test_an_end_in_the_middle_of_an_analysis_gives_the_study_back(tmp_path):
    analyzer = FakeAnalyzer()
    began = threading.Event()
    cancelled = threading.Event()

    class Slow(FakeAnalyzer):
        def analyze(self, files, cancel):
            began.set()
            while not cancel.cancelled:
                time.sleep(0.01)
            cancelled.set()
            return super().analyze(files, cancel)

    with running(settings_for(tmp_path), Slow()) as node:
        send(node.port, slices(tmp_path, "a", 1))
        assert began.wait(30)
    assert cancelled.is_set()
    (entry,) = read_worklist(tmp_path / "data")
    assert (entry.state, entry.starts) == (StudyState.QUEUED, 0)
    with running(settings_for(tmp_path), analyzer) as node:
        until(lambda: state(node, "a") is StudyState.DONE)


def test_only_one_node_uses_a_folder(tmp_path):
    with running(settings_for(tmp_path)), pytest.raises(SettingsError, match="another node"):
        Node(settings_for(tmp_path), lambda _: FakeAnalyzer())


def test_a_port_that_is_taken_leaves_nothing_behind(tmp_path):
    with running(settings_for(tmp_path)) as node:
        taken = NodeSettings(
            tmp_path / "other", receiver=ReceiverSettings(address=ReceiverAddress(port=node.port))
        )
        with pytest.raises(NetworkError):
            Node(taken, lambda _: FakeAnalyzer())
    with running(
        NodeSettings(tmp_path / "other", receiver=ReceiverSettings(address=ReceiverAddress(port=0)))
    ):
        pass


def test_what_is_put_into_the_watched_folder_is_taken_and_stays_as_it_is(tmp_path):
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "notes.txt").write_text("no DICOM")
    analyzer = FakeAnalyzer()
    settings = settings_for(tmp_path, watch=WatchSettings(watched, 0.1))
    files = slices(watched, "a", 1, 2)
    before = [path.read_bytes() for path in files]
    with running(settings, analyzer) as node:
        until(lambda: state(node, "a") is StudyState.DONE)
        assert description(node, "a") == "a [1, 2]"
        slices(watched, "a", 3)
        until(lambda: description(node, "a") == "a [1, 2, 3]")
    assert [path.read_bytes() for path in files] == before
    with running(settings, analyzer):
        time.sleep(1.5)
    assert analyzer.calls == 2


def test_numbers_are_served_on_the_loopback_and_name_no_patient(tmp_path):
    port = free_port()
    with running(settings_for(tmp_path, metrics=MetricsSettings(port))) as node:
        send(node.port, slices(tmp_path, "a", 1, 2))
        until(lambda: state(node, "a") is StudyState.DONE)
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            text = answer.read().decode()
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{port}/", timeout=20)
    lines = text.splitlines()
    for line in (
        'ichviewer_node_studies{state="done"} 1',
        'ichviewer_node_groups{group="not_flagged"} 1',
        "ichviewer_node_queue 0",
        "ichviewer_node_failures 0",
        "ichviewer_node_objects_taken_total 2",
        'ichviewer_node_result_seconds_bucket{le="+Inf"} 1',
        "ichviewer_node_result_seconds_count 1",
    ):
        assert line in lines
    assert any(line.startswith('ichviewer_node_info{model="ich') for line in lines)
    assert not {"Doe", "P1", study_uid("a")} & set(text.replace('"', " ").split())


def test_images_of_finished_studies_are_deleted_and_a_study_that_comes_again_is_not_sent_again(tmp_path):
    from node_parts import Parts, received

    parts = Parts(tmp_path)
    parts.inbox(received("a", 1))
    assert not parts.inbox.forget(study_uid("a"))
    parts.settle()
    assert parts.worklist.finished_before(parts.clock.now_s + 1) == (study_uid("a"),)
    assert parts.inbox.forget(study_uid("a"))
    assert parts.inbox.files(study_uid("a")) == ()
    assert parts.worklist.finished_before(parts.clock.now_s + 1) == ()
    assert parts.entry("a").state is StudyState.DONE
    parts.inbox(received("a", 1))
    parts.settle()
    assert parts.entry("a").state is StudyState.DONE
    assert len(parts.pacs.got) == 1
    parts.close()


def test_results_that_were_replaced_before_they_were_sent_are_not_sent(tmp_path):
    from node_parts import Parts, received

    parts = Parts(tmp_path)
    parts.pacs.down = True
    for number in (1, 2):
        parts.inbox(received("a", number))
        parts.clock.now_s += 100
        parts.queue()
        parts.analyze()
        parts.send()
    parts.pacs.down = False
    parts.settle()
    assert parts.delivered() == parts.current("a")
    assert count_outbox(tmp_path / "outbox") == OutboxCounts(sent=1)
    parts.close()
