"""Sending the results of the series in view: into the outbox, from there to a node, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fake_backend import scripted_backend
from image_builders import settle
from pydicom import dcmread
from pytestqt.qtbot import QtBot
from scripted_source import NODE, ScriptedSource, scripted_network
from window_builders import done

from ichviewer.errors import ExportError
from ichviewer.ui.app import private_copies
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.result_saving import NO_DESTINATION
from ichviewer.ui.dialogs.results_options import ResultsOptionsDialog
from ichviewer.ui.session.ui_settings import UiSettings

Open = Any


class Recording(ScriptedSource):
    """Keeps what kinds were sent."""

    def __init__(self) -> None:
        super().__init__()
        self.modalities: list[str] = []

    def send(self, files: Sequence[Path], progress: Any, cancel: Any) -> Iterator[Any]:
        self.modalities += [dcmread(path, stop_before_pixels=True).Modality for path in files]
        return super().send(files, progress, cancel)


@pytest.fixture
def made_folders(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The private folders that copies were made in."""
    made: list[Path] = []
    make = private_copies.private_folder

    def noted() -> Path:
        made.append(make())
        return made[-1]

    monkeypatch.setattr("ichviewer.ui.app.result_saving.private_folder", noted)
    return made


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, ct_series: list[Path]) -> Iterator[Open]:
    """Opens a window with sources, when everything is analyzed."""
    windows: list[MainWindow] = []

    def go(source: ScriptedSource, peers: Sequence[Any] = (NODE,)) -> MainWindow:
        network = scripted_network(tmp_path / "network", source, peers)
        window = MainWindow(UiSettings(), scripted_backend(), network=network)
        windows.append(window)
        window.show()
        window.open_paths([ct_series[0].parent])
        qtbot.waitUntil(lambda: done(window), timeout=10_000)
        return window

    yield go
    for window in windows:
        window.close()
        window.deleteLater()


def ask(qtbot: QtBot, window: MainWindow) -> ResultsOptionsDialog:
    window.actions_["file.send_results"].trigger()

    def shown() -> list[ResultsOptionsDialog]:
        return [d for d in window.findChildren(ResultsOptionsDialog) if d.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def test_results_are_put_into_the_outbox_and_sent(
    qtbot: QtBot, opened: Open, made_folders: list[Path]
) -> None:
    source = Recording()
    window = opened(source)
    asked = ask(qtbot, window)
    assert asked.folder is None
    assert asked.destination is not None
    assert asked.destination.value() == NODE.name
    asked.accept()
    qtbot.waitUntil(lambda: len(source.sent) == 3, timeout=20_000)
    assert sorted(source.modalities) == ["KO", "OT", "SR"]
    assert len(set(source.sent)) == 3
    assert not any(folder.exists() for folder in made_folders)


def test_sent_twice_the_objects_have_the_same_uids(
    qtbot: QtBot, opened: Open, made_folders: list[Path]
) -> None:
    source = Recording()
    window = opened(source)
    for times in (1, 2):
        ask(qtbot, window).accept()
        qtbot.waitUntil(lambda times=times: len(source.sent) == 3 * times, timeout=20_000)
        qtbot.waitUntil(lambda: not window.network.outbox.sending)
    assert set(source.sent[:3]) == set(source.sent[3:])


def test_without_a_destination_it_says_where_to_add_one(qtbot: QtBot, opened: Open) -> None:
    window = opened(ScriptedSource(), ())
    window.actions_["file.send_results"].trigger()
    qtbot.waitUntil(lambda: window.notice.text == NO_DESTINATION)
    assert not [d for d in window.findChildren(ResultsOptionsDialog) if d.isVisible()]


def test_an_outbox_that_cannot_be_written_says_so_and_no_copy_stays(
    qtbot: QtBot, opened: Open, made_folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise ExportError("the outbox is full")

    monkeypatch.setattr("ichviewer.network.outbox.Outbox.add", full)
    window = opened(ScriptedSource())
    ask(qtbot, window).accept()
    qtbot.waitUntil(lambda: "the outbox is full" in window.notice.text, timeout=20_000)
    assert made_folders
    assert not any(folder.exists() for folder in made_folders)


def test_closing_before_they_are_in_the_outbox_sends_nothing(
    qtbot: QtBot, opened: Open, made_folders: list[Path]
) -> None:
    source = Recording()
    window = opened(source)
    ask(qtbot, window).accept()
    window.actions_["file.close_study"].trigger()
    settle()
    qtbot.wait(300)
    assert source.sent == []
    assert made_folders
    assert not any(folder.exists() for folder in made_folders)
