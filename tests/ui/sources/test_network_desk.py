from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import scripted_backend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot
from scripted_source import NODE, WEB, ScriptedSource, answer, folder_source, scripted_network
from window_builders import done

from ichviewer.errors import NetworkError
from ichviewer.network.source import FailedObject
from ichviewer.network.study_cache import StudyCache
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.frame import DialogFrame
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.session.preferences import Preferences
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.sources.network_access import NetworkAccess
from ichviewer.ui.sources.studies_dialog import StudiesDialog

ANSWERS = [
    answer("1.2.1", "2024-01-05"),
    answer("1.2.3", "2024-03-05", n=None),
    answer("1.2.2", "2024-02-05", patient="P2", name="Roe, Richard", n=900),
]


@pytest.fixture
def source(tmp_path: Path) -> ScriptedSource:
    return ScriptedSource(ANSWERS, write_series(tmp_path / "ct", n=5))


@pytest.fixture
def network(tmp_path: Path, source: ScriptedSource) -> NetworkAccess:
    return scripted_network(tmp_path / "network", source, (NODE, WEB, folder_source(tmp_path / "ct")))


@pytest.fixture
def window(qtbot: QtBot, network: NetworkAccess):
    made = MainWindow(UiSettings(), scripted_backend(), network=network)
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def studies(qtbot: QtBot, window: MainWindow) -> StudiesDialog:
    window.actions_["file.find_studies"].trigger()
    dialog = window.findChild(StudiesDialog)
    qtbot.waitUntil(lambda: dialog.peer is not None)
    return dialog


def search(qtbot: QtBot, studies: StudiesDialog) -> None:
    studies.search()
    # Until then a search can be stopped.
    qtbot.waitUntil(lambda: not studies.stop_button.isEnabled())


def cache_of(tmp_path: Path) -> StudyCache:
    return StudyCache(tmp_path / "network" / "cache")


def column(studies: StudiesDialog, number: int) -> list[str]:
    table = studies.table
    return [table.index(row, number).data() for row in range(table.rowCount())]


def test_answers_are_listed_as_they_arrive_and_a_search_can_be_stopped(qtbot: QtBot, studies, source):
    source.gate.clear()
    studies.search()
    qtbot.waitUntil(lambda: studies.table.rowCount() == 1)
    assert studies.said.text() == "1 study so far…"
    studies.stop_button.click()
    qtbot.waitUntil(lambda: "was stopped" in studies.said.text())
    assert studies.table.rowCount() == 1
    source.gate.set()
    search(qtbot, studies)
    assert studies.said.text() == "3 studies."


def test_what_was_entered_is_asked_and_nothing_that_cannot_be(qtbot: QtBot, studies, source):
    studies.form.lines["patient_name"].setText("Doe*")
    studies.form.lines["limit"].setText("2")
    search(qtbot, studies)
    (query,) = source.queries
    assert (query.patient_name, query.modality, query.limit) == ("Doe*", "CT", 2)
    assert "there may be more" in studies.said.text()
    studies.form.lines["limit"].setText("none")
    studies.search()
    assert len(source.queries) == 1
    assert studies.form.fields["limit"].complaint


def test_a_bug_in_a_search_is_said_in_one_sentence(qtbot: QtBot, studies, source, monkeypatch):
    monkeypatch.setattr(studies._search._workers, "report_bug", lambda error: None)
    source.error = ZeroDivisionError()
    assert studies.said.text() == "Nothing was searched yet."
    search(qtbot, studies)
    assert studies.said.text() == "An unexpected error; a report tells more."


def test_rows_are_sorted_and_what_is_not_known_comes_last(qtbot: QtBot, studies):
    search(qtbot, studies)
    assert column(studies, 0) == ["2024-01-05", "2024-03-05", "2024-02-05"]
    chosen = studies.view.current
    images = studies.table.columnCount() - 1
    studies.view.sortByColumn(images, Qt.SortOrder.DescendingOrder)
    assert column(studies, images) == ["900", "4", ""]
    studies.view.sortByColumn(images, Qt.SortOrder.AscendingOrder)
    assert column(studies, images) == ["4", "900", ""]
    assert studies.view.current is chosen
    # Answers that arrive later are put where they belong.
    studies.table.add(answer("1.2.9", "2023-01-01", n=30))
    assert column(studies, images) == ["4", "30", "900", ""]


def test_enter_fetches_opens_and_analyzes_a_study(qtbot: QtBot, window, studies, source, tmp_path):
    search(qtbot, studies)
    QTest.keyClick(studies.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    assert source.retrieved == ["1.2.1"]
    assert len(window.viewing.series) == 5
    # Cached studies are no recent paths: they go by themselves.
    assert window.settings.recent == []
    (kept,) = cache_of(tmp_path).studies()
    assert (kept.source, kept.study_uid, kept.n_objects, kept.complete) == ("PACS", "1.2.1", 5, True)
    assert kept.in_use
    window.session.close_study()
    assert not cache_of(tmp_path).studies()[0].in_use


def test_a_study_is_opened_beside_what_is_open(qtbot: QtBot, window, studies, source, tmp_path):
    write_series(tmp_path / "first", n=3, study_uid="1.9.1", series_uid="1.9.2")
    window.open_paths([tmp_path / "first"])
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    search(qtbot, studies)
    studies.way.set_value(True)
    studies.view.doubleClicked.emit(studies.table.index(0, 0))
    qtbot.waitUntil(lambda: len(window.session.catalog.studies) == 2 and done(window), timeout=10_000)
    assert window.session.places.all[1].name == "study from PACS"
    # Closing the other one leaves this one in use.
    window.session.close_study_of(window.session.catalog.studies[0].series[0].key)
    assert cache_of(tmp_path).studies()[0].in_use


def test_a_source_that_refuses_is_said_in_its_words(qtbot: QtBot, window, studies, source):
    source.error = NetworkError("it does not know our AE title", "PACS")
    studies.search()
    qtbot.waitUntil(lambda: "AE title" in studies.said.text())
    assert studies.said.text() == "PACS: it does not know our AE title."
    source.error = None
    search(qtbot, studies)
    source.error = NetworkError("the line broke", "PACS")
    studies.fetch_button.click()
    qtbot.waitUntil(lambda: not window.network.retrieval.running)
    assert "the line broke" in studies.fetching.text()
    assert window.notice.text == "The study was not fetched. PACS: the line broke"
    assert not window.session.is_open


def test_fetching_is_cancelled_and_goes_on_where_it_was(qtbot: QtBot, window, studies, source, tmp_path):
    search(qtbot, studies)
    source.gate.clear()
    studies.fetch()
    qtbot.waitUntil(lambda: window.network.retrieval.done[0] == 1)
    assert window.network.words == "Fetching 1 of 5 objects from PACS"
    assert not studies.fetch_button.isEnabled()
    studies.cancel_button.click()
    qtbot.waitUntil(lambda: not window.network.retrieval.running and done(window))
    # What came is shown, and is not analyzed.
    assert (len(window.viewing.series), window.session.findings.known()) == (1, {})
    (kept,) = cache_of(tmp_path).studies()
    assert (kept.n_objects, kept.complete, kept.in_use) == (1, False, True)
    source.gate.set()
    studies.fetch()
    qtbot.waitUntil(lambda: done(window) and len(window.viewing.series) == 5, timeout=10_000)
    assert cache_of(tmp_path).studies()[0].complete


def asked(window: MainWindow) -> DialogFrame:
    (dialog,) = [one for one in window.findChildren(DialogFrame) if one.windowTitle() == "Link"]
    return dialog


def test_a_link_is_followed_only_after_a_yes_that_names_where_it_leads(qtbot: QtBot, window, source):
    window.network.ask_fetch("pacs", "1.2.3")
    qtbot.waitUntil(lambda: bool([d for d in window.findChildren(DialogFrame) if d.isVisible()]))
    dialog = asked(window)
    said = [label.text() for label in dialog.findChildren(PlainLabel)]
    assert f"1.2.3 · {NODE}" in said
    assert NODE.host in str(NODE)
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel).isDefault()
    qtbot.wait(50)
    assert source.retrieved == []
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.wait(50)
    assert source.retrieved == []
    assert not window.session.is_open
    window.network.ask_fetch("pacs", "1.2.3")
    qtbot.waitUntil(lambda: bool([d for d in window.findChildren(DialogFrame) if d.isVisible()]))
    asked(window).accept()
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    assert source.retrieved == ["1.2.3"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("evil.example", "there is no source 'evil.example'"),
        ("192.0.2.1:104", "there is no source"),
        ("/etc", "there is no source"),
        ("Studies on disk", "not a folder"),
        ("<b>PACS</b>", "there is no source '<b>PACS</b>'"),
    ],
)
def test_a_link_to_what_is_no_node_or_server_of_ours_is_refused_without_a_question(
    qtbot: QtBot, window, source, name, words
):
    window.network.ask_fetch(name, "1.2.3")
    qtbot.waitUntil(lambda: words in window.notice.text)
    assert not window.findChildren(DialogFrame)
    assert source.retrieved == []
    assert not window.session.is_open


def test_a_study_that_did_not_come_whole_says_so_until_it_is_closed(qtbot: QtBot, window, studies, source):
    source.failed = (FailedObject("1.2.3.4", "the node has lost it"),)
    search(qtbot, studies)
    studies.fetch()
    qtbot.waitUntil(lambda: "did not come (1): the node has lost it" in window.notice.text, timeout=10_000)
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    assert window.notice.isVisible()


def test_earlier_studies_are_those_of_the_same_patient(qtbot: QtBot, studies, source):
    search(qtbot, studies)
    studies.view.selectRow(1)
    studies.earlier_button.click()
    qtbot.waitUntil(lambda: not studies.stop_button.isEnabled())
    query = source.queries[-1]
    assert (query.patient_id, query.dates, query.modality) == ("P1", "-20240305", "")
    # The scripted source leaves out nothing; another patient's study is not listed all the same.
    assert column(studies, 2) == ["P1", "P1"]


def test_studies_of_one_source_are_never_fetched_from_another(qtbot: QtBot, studies, source):
    search(qtbot, studies)
    studies.source.setCurrentIndex(1)
    assert studies.table.rowCount() == 0
    assert not studies.fetch_button.isEnabled()


def test_a_folder_is_opened_and_not_asked(qtbot: QtBot, window, studies, source):
    studies.source.setCurrentIndex(2)
    assert not studies.form.isEnabled()
    studies.search_button.click()
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    assert source.queries == []


def test_words_of_a_source_are_shown_letter_by_letter(qtbot: QtBot, studies, source):
    source.answers = [answer("1.2.1", name="<b>&x</b>\n\u202eevil")]
    search(qtbot, studies)
    shown = column(studies, 1)[0]
    assert "<b>&x</b> " in shown and "\u202e" not in shown and "\n" not in shown


def test_a_dialog_that_is_closed_in_the_middle_leaves_nothing_behind(qtbot: QtBot, window, studies, source):
    source.gate.clear()
    studies.search()
    qtbot.waitUntil(lambda: studies.table.rowCount() == 1)
    studies.close()
    source.gate.set()
    qtbot.wait(200)
    window.actions_["file.find_studies"].trigger()
    again = window.findChildren(StudiesDialog)[-1]
    qtbot.waitUntil(lambda: again.peer is not None)
    search(qtbot, again)
    assert again.table.rowCount() == 3


def test_closing_the_window_in_the_middle_ends_all_threads(qtbot: QtBot, window, studies, source, tmp_path):
    search(qtbot, studies)
    source.gate.clear()
    studies.fetch()
    qtbot.waitUntil(lambda: window.network.retrieval.done[0] == 1)
    start = time.monotonic()
    window.close()
    assert time.monotonic() - start < 2.0
    assert not [t for t in threading.enumerate() if t.name == "ichviewer-retrieve"]
    assert not cache_of(tmp_path).studies()[0].in_use


def test_a_source_that_hears_no_cancel_does_not_hold_the_window(
    qtbot: QtBot, window, studies, source, tmp_path
):
    search(qtbot, studies)
    source.gate.clear()
    source.deaf = True
    window.settings.store_preferences(Preferences(clear_fetched_at_exit=True))
    studies.fetch()
    qtbot.waitUntil(lambda: window.network.retrieval.done[0] == 1)
    start = time.monotonic()
    window.close()
    assert time.monotonic() - start < 4.0
    # What its thread may still write is left alone.
    assert cache_of(tmp_path).studies()[0].in_use
    source.gate.set()


def test_a_study_that_was_fetched_before_is_opened_again_beside_and_in_place(
    qtbot: QtBot, window, studies, tmp_path
):
    search(qtbot, studies)
    for beside in (False, False, True):
        studies.way.set_value(beside)
        studies.fetch()
        qtbot.waitUntil(lambda: not window.network.retrieval.running and done(window), timeout=10_000)
        assert len(window.session.catalog.studies) == 1
    window.session.close_study()
    assert not cache_of(tmp_path).studies()[0].in_use


def test_what_is_said_of_a_fetched_study_is_not_said_of_another(
    qtbot: QtBot, window, studies, source, tmp_path
):
    source.failed = (FailedObject("1.2.3.4", "lost"),)
    write_series(tmp_path / "other", n=3, study_uid="1.9.1", series_uid="1.9.2")
    search(qtbot, studies)
    window.network.retrieval.fetched.connect(lambda _: window.open_paths([tmp_path / "other"]))
    studies.fetch()
    qtbot.waitUntil(lambda: done(window) and len(window.viewing.series) == 3, timeout=10_000)
    qtbot.wait(100)
    assert "lost" not in window.notice.text


def test_the_cache_is_cleared_at_exit_if_so_set(qtbot: QtBot, window, studies, source, tmp_path):
    window.settings.store_preferences(Preferences(clear_fetched_at_exit=True))
    search(qtbot, studies)
    studies.fetch()
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    window.close()
    assert cache_of(tmp_path).studies() == ()


def test_nothing_is_asked_and_nothing_made_before_a_person_asks(qtbot: QtBot, window, source, tmp_path):
    qtbot.wait(300)
    assert (source.queries, source.retrieved, source.sent) == ([], [], [])
    assert sorted(path.name for path in (tmp_path / "network").iterdir()) == ["sources.toml"]


def test_a_study_of_a_link_is_fetched_by_the_name_of_its_source(qtbot: QtBot, window, source):
    window.network.fetch("pacs", "1.2.1")
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    window.network.fetch("nowhere", "1.2.1")
    qtbot.waitUntil(lambda: "there is no source 'nowhere'" in window.notice.text)


def test_what_waits_in_the_outbox_stands_in_the_status_bar(qtbot: QtBot, window, source):
    source.error = NetworkError("refused", "PACS")
    window.network.outbox.add(source.files[:1], "PACS")
    qtbot.waitUntil(lambda: window.network.words == "Outbox: 1 refused")
    assert window.network.needs_attention
    assert window.notice.text == "1 object could not be sent: the outbox says why."
