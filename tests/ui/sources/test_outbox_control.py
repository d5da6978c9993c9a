from __future__ import annotations

import time
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from pytestqt.qtbot import QtBot
from scripted_source import ScriptedSource, scripted_network

from ichviewer.errors import ExportError, NetworkError
from ichviewer.network.outbox import Outbox, State
from ichviewer.network.source import SendOutcome
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.outbox_control import OutboxControl


@pytest.fixture
def source() -> ScriptedSource:
    return ScriptedSource()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [write(tmp_path / "files" / f"{n}.dcm", make_slice(instance_number=n)) for n in range(1, 4)]


@pytest.fixture
def workers(qapp):
    made = Workers()
    yield made
    made.stop()
    assert made.join(3.0)


@pytest.fixture
def control(workers, tmp_path: Path, source: ScriptedSource) -> OutboxControl:
    return made_for(workers, tmp_path, source)


def made_for(workers: Workers, folder: Path, source: ScriptedSource) -> OutboxControl:
    control = OutboxControl(workers, scripted_network(folder, source))
    control.said = []
    control.told.connect(lambda words, kind: control.said.append((words, kind)))
    return control


def states(control: OutboxControl) -> list[State]:
    return [item.state for item in control.items]


def test_what_is_added_is_copied_sent_and_said(qtbot: QtBot, control, source, files):
    added = []
    control.add(files, "PACS", on_added=lambda: [path.unlink() for path in files] and added.append(True))
    qtbot.waitUntil(lambda: states(control) == [State.SENT] * 3)
    assert added and len(source.sent) == 3
    assert control.said == [("Sent: 3 objects.", "done")]
    assert control.words == ""


def test_a_refusal_is_said_stays_and_is_sent_again_on_request(qtbot: QtBot, control, source, files):
    source.outcome = SendOutcome.REFUSED
    control.add(files[:1], "PACS")
    qtbot.waitUntil(lambda: states(control) == [State.REFUSED])
    assert control.words == "Outbox: 1 refused"
    assert control.items[0].last_error == "PACS does not want it"
    assert control.said[-1][1] == "warning"
    source.outcome = SendOutcome.STORED
    control.retry([control.items[0].id])
    qtbot.waitUntil(lambda: states(control) == [State.SENT])


def test_a_failure_waits_for_its_time_and_is_tried_by_the_timer(qtbot: QtBot, control, source, files):
    source.error = NetworkError("nothing listens", "PACS", may_retry=True)
    control.add(files[:1], "PACS")
    qtbot.waitUntil(lambda: bool(control.items) and control.items[0].attempts == 1)
    assert states(control) == [State.WAITING]
    assert control.words == "Outbox: 1 to send (failing)"
    source.error = None
    # The outbox waits five seconds after the first failure.
    qtbot.waitUntil(lambda: states(control) == [State.SENT], timeout=9000)


def test_what_waits_from_before_is_sent_at_start_and_that_is_said(
    qtbot: QtBot, workers, tmp_path, source, files
):
    with Outbox(tmp_path / "outbox") as box:
        box.add(files[0], ["PACS"])
    control = made_for(workers, tmp_path, source)
    control.start()
    qtbot.waitUntil(lambda: states(control) == [State.SENT])
    assert control.said[0] == ("1 object in the outbox from before; sending goes on.", "info")


def test_looking_makes_no_outbox_where_there_is_none(qtbot: QtBot, control, workers, tmp_path):
    control.start()
    with qtbot.waitSignal(control.changed):
        control.look()
    assert not (tmp_path / "outbox").exists()


def test_a_destination_that_is_not_known_any_more_is_refused_by_name(qtbot: QtBot, control, files):
    control.add(files[:1], "Gone")
    qtbot.waitUntil(lambda: states(control) == [State.REFUSED])
    assert "there is no source 'Gone'" in control.items[0].last_error


def test_items_are_removed_but_not_while_they_are_sent(qtbot: QtBot, control, source, files, tmp_path):
    source.gate.clear()
    control.add(files, "PACS")
    qtbot.waitUntil(lambda: len(source.sent) == 1)
    control.remove([item.id for item in control.items])
    time.sleep(0.2)
    source.gate.set()
    # The first one was delivered when it was asked to go; the others were being sent.
    qtbot.waitUntil(lambda: states(control) == [State.SENT] * 2)
    assert len(source.sent) == 3
    control.remove([item.id for item in control.items])
    qtbot.waitUntil(lambda: control.items == ())


def test_what_cannot_be_added_is_told_to_who_asked(qtbot: QtBot, control, tmp_path):
    (tmp_path / "words.txt").write_text("no DICOM")
    failed: list[ExportError] = []
    control.add([tmp_path / "words.txt"], "PACS", on_failed=failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert "no DICOM object" in str(failed[0])


def test_sending_can_be_cancelled_and_what_was_not_sent_waits(qtbot: QtBot, control, source, files):
    source.gate.clear()
    control.add(files, "PACS")
    qtbot.waitUntil(lambda: len(source.sent) == 1)
    control.cancel()
    qtbot.waitUntil(lambda: not control.sending and states(control)[1:] == [State.WAITING] * 2)


def test_destinations_are_the_sources_that_can_be_sent_to(qtbot: QtBot, control):
    found: list[tuple[str, ...]] = []
    control.ask_destinations(found.append)
    qtbot.waitUntil(lambda: found == [("PACS", "Web archive")])
