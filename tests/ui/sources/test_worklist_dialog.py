from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import scripted_backend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_builders import done
from window_words import everything_said

from ichviewer.network.node.entry import Group, StudySummary
from ichviewer.network.node.inbox import study_key
from ichviewer.network.node.worklist import Worklist
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.ui_settings import UiSettings, WorklistNotice
from ichviewer.ui.sources.network_access import NetworkAccess
from ichviewer.ui.sources.worklist_dialog import WorklistDialog
from ichviewer.ui.sources.worklist_table import age_words

HOSTILE = "<b>Roe</b>\n\u202eX"


class Node:
    """A node's worklist that a test writes, minute by minute."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.now_s = folder, 1_700_000_000.0
        self.worklist = Worklist(folder, clock=lambda: self.now_s)

    def wait(self, uid: str) -> None:
        self.now_s += 60
        self.worklist.arrived(uid)

    def analyze(self, uid: str, **summary: object) -> None:
        self.wait(uid)
        self.now_s += 60
        self.worklist.queue_quiet(30, lambda _: 5)
        claim = self.worklist.claim()
        assert claim is not None and claim.study_uid == uid
        whole = {"patient_name": f"Name of {uid}", "n_series": 1, "n_analyzed": 1, **summary}
        assert self.worklist.analyzed(claim, StudySummary(**whole))
        assert self.worklist.written(claim, [])

    def keep_images(self, uid: str, n: int) -> None:
        for file in write_series(self.folder / "inbox" / study_key(uid), n=n, study_uid=uid):
            file.rename(file.with_suffix(".dcm"))


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = Node(tmp_path / "node")
    made.analyze("1.2.1", probability=0.1)
    made.analyze("1.2.2", patient_name=HOSTILE, n_analyzed=0, reasons=("no CT of sections",))
    made.analyze("1.2.3", probability=0.7, flagged=("subdural",))
    made.wait("1.2.4")
    yield made
    made.worklist.close()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(
        UiSettings(),
        scripted_backend(),
        network=NetworkAccess(
            sources_file=tmp_path / "sources.toml",
            cache_folder=tmp_path / "cache",
            outbox_folder=tmp_path / "outbox",
        ),
    )
    made.show()
    yield made
    made.close()
    made.deleteLater()


def shown(qtbot: QtBot, window: MainWindow, path: Path) -> WorklistDialog:
    window.actions_["file.worklist"].trigger()
    dialog = window.findChild(WorklistDialog)
    dialog.use(path)
    qtbot.waitUntil(lambda: bool(dialog.control.entries or dialog.control.complaint))
    return dialog


def uids(dialog: WorklistDialog) -> list[str]:
    return [entry.study_uid for entry in dialog.table.listed]


def look(qtbot: QtBot, dialog: WorklistDialog) -> None:
    before = dialog.control.read_at
    dialog.control.look()
    qtbot.waitUntil(lambda: dialog.control.read_at != before)


def test_the_most_urgent_come_first_and_not_analyzed_is_a_group_of_its_own(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder)
    assert uids(dialog) == ["1.2.3", "1.2.2", "1.2.4", "1.2.1"]
    words = [dialog.table.index(row, 0).data() for row in range(4)]
    assert words == ["flagged", "NOT ANALYZED", "waiting", "analyzed, nothing flagged"]
    assert dialog.table.index(0, 1).data() == "0.700"
    assert dialog.table.index(1, 9).data() == "no CT of sections"


def test_words_from_files_stay_plain(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder / "worklist.sqlite3")
    cell = dialog.table.index(1, 4)
    assert cell.data() == "<b>Roe</b> \N{REPLACEMENT CHARACTER}X"
    assert "&lt;b&gt;" in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_a_filter_says_what_it_hides(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder)
    dialog.words.setText("NAME 1.2.1")
    assert uids(dialog) == ["1.2.1"]
    assert "filter: 1 flagged, 1 NOT ANALYZED, 1 waiting." in dialog.said.text()
    dialog.words.clear()
    dialog.group.set_value(Group.NOT_ANALYZED)
    assert uids(dialog) == ["1.2.2"]


def test_columns_sort_and_what_is_not_known_comes_last(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder)
    dialog.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert uids(dialog) == ["1.2.1", "1.2.3", "1.2.2", "1.2.4"]
    dialog.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert uids(dialog) == ["1.2.3", "1.2.1", "1.2.2", "1.2.4"]
    dialog.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert uids(dialog) == ["1.2.3", "1.2.2", "1.2.4", "1.2.1"]


def test_a_newly_flagged_study_is_marked_and_sounds_only_where_wanted(qtbot, window, node, monkeypatch):
    beeps = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    dialog = shown(qtbot, window, node.folder)
    assert not dialog.control.new
    dialog.view.selectRow(1)
    node.worklist.queue_quiet(-1, lambda _: 5)
    claim = node.worklist.claim()
    node.worklist.analyzed(claim, StudySummary(probability=0.9, flagged=("any",), n_series=1, n_analyzed=1))
    look(qtbot, dialog)
    assert dialog.table.index(0, 0).data() == "NEW · flagged"
    assert "1 study newly flagged." in dialog.said.text()
    assert dialog.view.current.study_uid == "1.2.2"
    assert not beeps
    dialog.seen_button.click()
    assert dialog.table.index(0, 0).data() == "flagged"
    dialog.notice.set_value(WorklistNotice.SOUND)
    node.analyze("1.2.5", probability=0.95, flagged=("any",))
    look(qtbot, dialog)
    assert beeps == [1]
    assert UiSettings().worklist_notice is WorklistNotice.SOUND


def test_enter_opens_the_images_of_a_study(qtbot, window, node):
    node.keep_images("1.2.3", n=5)
    dialog = shown(qtbot, window, node.folder)
    dialog.view.selectRow(0)
    QTest.keyClick(dialog.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    assert len(window.viewing.series) == 5
    assert window.settings.recent == []
    assert not window.notice.isVisible()


@pytest.mark.parametrize(
    "case", [("1.2.3", 4, "only 4 of 5 images are there"), ("1.2.4", 3, "still arriving")]
)
def test_a_part_of_a_study_is_not_opened_as_if_it_were_all(qtbot, window, node, case):
    uid, n, words = case
    node.keep_images(uid, n=n)
    dialog = shown(qtbot, window, node.folder)
    index = dialog.table.index(dialog.table.row_of(uid), 0)
    dialog.view.selectRow(index.row())
    dialog.view.doubleClicked.emit(index)
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    qtbot.waitUntil(lambda: words in "\n".join(everything_said(window)))


def test_images_that_are_gone_are_said_and_nothing_is_opened(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder)
    dialog.view.selectRow(0)
    dialog.open_button.click()
    qtbot.waitUntil(lambda: "images of this study are gone" in dialog.opening.text())
    with sqlite3.connect(node.folder / "worklist.sqlite3") as other:
        other.execute("UPDATE study SET n_objects = 0")
    other.close()
    look(qtbot, dialog)
    dialog.open_button.click()
    qtbot.waitUntil(lambda: "deleted the images" in dialog.opening.text())
    assert not window.session.paths


def test_the_list_stays_and_says_its_age_when_it_cannot_be_read_any_more(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder)
    (node.folder / "worklist.sqlite3").write_bytes(b"no database at all, and long enough" * 50)
    dialog.control.look()
    qtbot.waitUntil(lambda: "damaged" in dialog.said.text())
    assert "Listed is what it held at" in dialog.said.text()
    assert len(uids(dialog)) == 4


@pytest.mark.parametrize(
    "case",
    [
        ("PRAGMA user_version = 1000", "newer version of the program"),
        ("UPDATE study SET summary = '{\"patient_name\": 5}' WHERE summary <> ''", "a line of the worklist"),
        ("UPDATE study SET first_arrival_s = 1e300", "a line of the worklist"),
    ],
)
def test_a_worklist_that_cannot_be_read_is_said_in_words(qtbot, window, node, case):
    change, words = case
    copy = node.folder.parent / "copy.sqlite3"
    shutil.copy(node.folder / "worklist.sqlite3", copy)
    with sqlite3.connect(copy) as other:
        other.execute(change)
    other.close()
    dialog = shown(qtbot, window, copy)
    assert words in dialog.said.text()
    assert uids(dialog) == []


def test_a_locked_worklist_is_said_and_read_when_it_is_free(qtbot, window, node):
    other = sqlite3.connect(node.folder / "worklist.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    window.actions_["file.worklist"].trigger()
    dialog = window.findChild(WorklistDialog)
    dialog.use(node.folder)
    qtbot.waitUntil(lambda: "another program is using" in dialog.said.text(), timeout=9000)
    other.close()
    qtbot.waitUntil(lambda: len(uids(dialog)) == 4, timeout=9000)


def test_nothing_is_written_and_nothing_is_read_again_without_a_change(qtbot, window, node):
    file = node.folder / "worklist.sqlite3"
    before, names = file.read_bytes(), sorted(node.folder.iterdir())
    dialog = shown(qtbot, window, node.folder)
    look(qtbot, dialog)
    listed = dialog.control.entries
    look(qtbot, dialog)
    assert dialog.control.entries is listed
    assert (file.read_bytes(), sorted(node.folder.iterdir())) == (before, names)


def test_the_worklist_is_remembered_unless_nothing_is(qtbot, window, node):
    dialog = shown(qtbot, window, node.folder)
    assert UiSettings().worklist == node.folder
    dialog.close()
    window.actions_["file.remember"].trigger()
    assert UiSettings().worklist is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-90, "clock differs"), (-5, "0 min"), (59, "0 min"), (720, "12 min"), (3600, "1 h"),
     (47 * 3600, "47 h"), (48 * 3600, "2 days")],
)  # fmt: skip
def test_ages(seconds: float, words: str):
    assert age_words(seconds) == words
