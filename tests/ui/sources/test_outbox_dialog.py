from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from pytestqt.qtbot import QtBot
from scripted_source import ScriptedSource, scripted_network

from ichviewer.network.source import SendOutcome
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.outbox_control import OutboxControl
from ichviewer.ui.sources.outbox_dialog import OutboxDialog


@pytest.fixture
def control(qapp, tmp_path: Path):
    workers = Workers()
    source = ScriptedSource()
    source.outcome = SendOutcome.REFUSED
    made = OutboxControl(workers, scripted_network(tmp_path, source))
    made.source = source
    made.add([write(tmp_path / f"{n}.dcm", make_slice(instance_number=n)) for n in (1, 2)], "PACS")
    yield made
    workers.stop()
    assert workers.join(3.0)


@pytest.fixture
def dialog(qtbot: QtBot, control: OutboxControl):
    qtbot.waitUntil(lambda: [item.state.value for item in control.items] == ["refused"] * 2)
    made = OutboxDialog(control)
    made.show()
    yield made
    made.close()


def row(dialog: OutboxDialog, number: int) -> list[str]:
    return [dialog.table.index(number, column).data() for column in range(dialog.table.columnCount())]


def test_what_became_of_each_object_is_listed(dialog):
    assert row(dialog, 0) == ["PACS", "CT Head 5.0", "refused", "1", "", "PACS does not want it"]
    assert dialog.said.text() == "Outbox: 2 refused"
    assert not dialog.retry_button.isEnabled()


def test_chosen_objects_are_sent_again(qtbot: QtBot, dialog, control):
    control.source.outcome = SendOutcome.STORED
    dialog.view.selectRow(1)
    dialog.retry_button.click()
    qtbot.waitUntil(lambda: row(dialog, 1)[2] == "sent")
    assert row(dialog, 0)[2] == "refused"
    # What was sent goes without a question.
    dialog.clear_button.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)


def test_what_was_not_delivered_is_forgotten_only_when_asked_twice(qtbot: QtBot, dialog, control):
    dialog.view.selectRow(0)
    dialog.remove_button.click()
    assert "1 object would never be delivered" in dialog.said.text()
    assert len(control.items) == 2
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: len(control.items) == 1)


def test_what_became_of_it_has_a_line_of_its_own(qtbot: QtBot, dialog):
    dialog.show()
    dialog.resize(560, 420)
    qtbot.wait(20)
    assert dialog.said.width() >= dialog.view.width()
    assert all(
        not dialog.said.geometry().intersects(b.geometry()) for b in (dialog.retry_button, dialog.stop_button)
    )
