from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from scripted_source import NODE, WEB, ScriptedSource, scripted_network

from ichviewer.errors import NetworkError
from ichviewer.network.peers import FolderSource, WebAuthorization, WebServer
from ichviewer.network.secrets import Secret
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.network_access import NetworkAccess
from ichviewer.ui.sources.source_draft import SourceKind
from ichviewer.ui.sources.source_editor import SourceEditor
from ichviewer.ui.sources.sources_control import SourcesControl
from ichviewer.ui.sources.sources_dialog import SourcesDialog

SECURE = WebServer("Secure", "https://dicom.example/x", authorization=WebAuthorization.BASIC, user="me")


@pytest.fixture
def workers(qapp):
    made = Workers()
    yield made
    made.stop()
    assert made.join(3.0)


@pytest.fixture
def source() -> ScriptedSource:
    return ScriptedSource()


@pytest.fixture
def network(tmp_path: Path, source: ScriptedSource) -> NetworkAccess:
    return scripted_network(tmp_path, source)


@pytest.fixture
def control(workers: Workers, network: NetworkAccess) -> SourcesControl:
    return SourcesControl(workers, network)


@pytest.fixture
def dialog(qtbot: QtBot, control: SourcesControl, tmp_path: Path):
    made = SourcesDialog(
        control,
        ask_folder=lambda parent, start, chosen: chosen(tmp_path),
        ask_files=lambda parent, start, chosen: chosen([tmp_path / "a.pem"]),
    )
    made.show()
    qtbot.waitUntil(lambda: made.list.count() == 2)
    yield made
    made.close()


def editor_of(dialog: SourcesDialog) -> SourceEditor:
    return next(each for each in dialog.findChildren(SourceEditor) if each.isVisible())


def enter(editor: SourceEditor, **texts: str) -> None:
    for key, text in texts.items():
        control = editor.controls[key]
        if hasattr(control, "set_value"):
            control.set_value(text)
        else:
            control.setText(text)
            control.textEdited.emit(text)


def names(network: NetworkAccess) -> list[str]:
    return [peer.name for peer in network.load().peers]


def test_a_source_is_entered_stored_and_listed(qtbot: QtBot, dialog, network, tmp_path):
    dialog.add_buttons[SourceKind.WEB].click()
    editor = editor_of(dialog)
    enter(
        editor,
        name="Secure",
        url="https://dicom.example/x",
        authorization="basic",
        user="me",
        secret="s3cret",
    )
    editor.accept()
    qtbot.waitUntil(lambda: dialog.list.count() == 3)
    assert network.load()["Secure"] == SECURE
    # Without a keyring of the system, the person is told.
    qtbot.waitUntil(lambda: "until the program ends" in dialog.answer.text())
    assert network.secrets.find("me at https://dicom.example/x") == Secret("s3cret")
    assert "s3cret" not in (tmp_path / "sources.toml").read_text()


def test_a_field_is_checked_as_one_types_and_nothing_wrong_is_stored(dialog, network):
    dialog.add_buttons[SourceKind.NODE].click()
    editor = editor_of(dialog)
    assert not any(field.complaint for field in editor.fields.values())
    enter(editor, port="1o4")
    assert editor.fields["port"].complaint == "A port is a whole number within 1 to 65535."
    # What nobody came to yet is complained of when it is to be saved.
    assert not editor.fields["host"].complaint
    editor.accept()
    assert editor.isVisible() and editor.fields["host"].complaint
    enter(editor, port="104")
    assert not editor.fields["port"].complaint
    assert names(network) == ["PACS", "Web archive"]


def test_only_fields_that_mean_something_are_shown_and_a_readable_password_is_warned_of(dialog):
    dialog.add_buttons[SourceKind.WEB].click()
    editor = editor_of(dialog)
    enter(editor, url="http://dicom.example/x")
    shown = {key for key, control in editor.controls.items() if control.isVisible()}
    assert not shown & {"user", "secret", "authorities", "certificate", "key", "check_host"}
    enter(editor, authorization="bearer")
    assert editor.controls["secret"].isVisible() and not editor.controls["user"].isVisible()
    assert "Without https" in editor.secrecy.text()
    enter(editor, url="https://dicom.example/x")
    assert editor.controls["authorities"].isVisible()
    assert "keyring" in editor.secrecy.text()


def test_another_source_of_the_same_name_is_refused(dialog):
    dialog.add_buttons[SourceKind.FOLDER].click()
    editor = editor_of(dialog)
    enter(editor, name="pacs", path="/data")
    assert editor.fields["name"].complaint == "There is another source of this name."


def test_a_changed_source_keeps_its_place_and_a_changed_address_loses_its_secret(
    qtbot: QtBot, dialog, control, network
):
    control.put(SECURE, "", "s3cret")
    qtbot.waitUntil(lambda: dialog.list.count() == 3)
    dialog.list.setCurrentRow(0)
    dialog.edit()
    enter(editor_of(dialog), name="Archive")
    editor_of(dialog).accept()
    qtbot.waitUntil(lambda: names(network)[0] == "Archive")
    dialog.list.setCurrentRow(2)
    dialog.edit()
    # The password is not shown and need not be entered again.
    assert editor_of(dialog).draft["secret"] == ""
    enter(editor_of(dialog), url="https://elsewhere.example/x")
    editor_of(dialog).accept()
    qtbot.waitUntil(lambda: network.load()["Secure"].url.startswith("https://elsewhere"))
    qtbot.waitUntil(lambda: network.secrets.find("me at https://dicom.example/x") is None)
    assert network.secrets.find("me at https://elsewhere.example/x") is None


def test_a_source_is_forgotten_with_its_secret_when_asked_twice(qtbot: QtBot, dialog, control, network):
    control.put(SECURE, "", "s3cret")
    qtbot.waitUntil(lambda: dialog.list.count() == 3)
    dialog.list.setCurrentRow(2)
    dialog.remove_button.click()
    assert "Press Remove again to forget Secure" in dialog.answer.text()
    # Going elsewhere takes it back.
    dialog.list.setCurrentRow(0)
    dialog.list.setCurrentRow(2)
    dialog.remove_button.click()
    assert len(names(network)) == 3
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: names(network) == ["PACS", "Web archive"])
    qtbot.waitUntil(lambda: network.secrets.find("me at https://dicom.example/x") is None)


def test_an_empty_list_says_so_until_there_is_a_source(qtbot: QtBot, dialog, control, network):
    for name in names(network):
        control.remove(name)
    qtbot.waitUntil(lambda: dialog.list.count() == 0)
    assert dialog.answer.text() == "No sources yet: add one."
    control.put(SECURE)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert dialog.answer.text() == ""


def test_a_test_says_who_answers_or_which_side_refuses_and_why(qtbot: QtBot, dialog, source):
    dialog.list.setCurrentRow(0)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: dialog.answer.text() == "PACS answers.")
    source.error = NetworkError("the node refuses the association: it does not know us", "PACS")
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "does not know us" in dialog.answer.text())


def test_a_test_can_be_stopped_and_ends_with_its_dialog(qtbot: QtBot, dialog, source):
    source.gate.clear()
    dialog.list.setCurrentRow(0)
    dialog.test_button.click()
    assert not dialog.test_button.isEnabled()
    dialog.stop_button.click()
    qtbot.waitUntil(lambda: dialog.answer.text() == "The test was cancelled.")
    dialog.edit()
    editor_of(dialog).test_button.click()
    editor_of(dialog).close()
    source.gate.set()
    qtbot.wait(100)


def test_a_changed_list_of_the_command_line_is_not_lost(qtbot: QtBot, dialog, network, tmp_path):
    from ichviewer.network.sources_file import Sources

    network.save(Sources((NODE, WEB, FolderSource("Disk", tmp_path))))
    dialog.list.setCurrentRow(0)
    dialog.edit()
    enter(editor_of(dialog), name="Archive")
    editor_of(dialog).accept()
    qtbot.waitUntil(lambda: names(network) == ["Archive", "Web archive", "Disk"])


def test_a_file_that_cannot_be_used_is_said_and_not_overwritten(qtbot: QtBot, dialog, control, tmp_path):
    (tmp_path / "sources.toml").write_text("version = 99\n")
    control.put(SECURE)
    qtbot.waitUntil(lambda: "'version' must be 1" in dialog.answer.text())
    assert (tmp_path / "sources.toml").read_text() == "version = 99\n"
