"""Several folders open beside each other: each opened, read, cancelled and closed without the others."""

from __future__ import annotations

import csv
import shutil
import threading
from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_series
from fake_backend import InProcessReader, Script, scripted_backend
from image_builders import settle
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture
from window_words import everything_said

from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesState
from ichviewer.domain.series import Catalog, Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.study_menu import StudyMenu

ANNE, BERT = "Doe^Anne", "Roe^Bert"


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """A study of Anne, an earlier one of hers, a copy of the first, and one of Bert."""
    made = {name: tmp_path / name for name in ("now", "then", "copy", "bert")}
    write_series(made["now"], n=4, study="now", series="now", patient_name=ANNE, patient_id="A1")
    write_series(
        made["then"],
        n=5,
        study="then",
        series="then",
        patient_name=ANNE,
        patient_id="A1",
        StudyDate="20230131",
        StudyDescription="OLDSTUDY",
    )
    shutil.copytree(made["now"], made["copy"])
    write_series(
        made["bert"],
        n=6,
        study="bert",
        series="bert",
        patient_name=BERT,
        patient_id="B2",
        StudyDescription="BERTSTUDY",
    )
    return made


def do(window: MainWindow, command: str) -> None:
    action = window.actions_[command]
    assert action.isEnabled(), command
    action.trigger()


def beside(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    with qtbot.waitSignal(window.session.openedBeside):
        window.opening.open_beside([folder])
    qtbot.waitUntil(lambda: window.session.analysis.complete, timeout=10_000)
    settle()


def of(window: MainWindow, study: str) -> Series:
    return next(s for s in window.session.catalog.series if s.slices[0].source.path.parent.name == study)


def known(window: MainWindow, series: Series) -> tuple[SeriesState, dict[int, object]]:
    work = window.session.findings.work(series.key)
    assert work is not None and work.series is series
    return work.state, dict(work.slices)


# Opening


def test_what_is_open_stays_with_its_panes_and_findings(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    first = of(window, "now")
    window.viewing.go_to(1)
    qtbot.waitUntil(lambda: window.viewing.shown == 1)
    settle()
    before, image = known(window, first), window.viewing.active.image.shown
    beside(qtbot, window, folders["bert"])
    assert window.viewing.series is first and window.viewing.index == 1
    assert window.viewing.active.image.shown is image
    assert known(window, first) == before
    state, found = known(window, of(window, "bert"))
    assert state is SeriesState.DONE and len(found) == 6
    assert window.browser.tree.known == 2
    assert "Opened beside: 1 study of Roe, Bert" in window.notice.text
    assert window.settings.recent[:2] == [folders["bert"], folders["now"]]


def test_with_nothing_open_it_opens_as_ever(
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window()
    window.opening.open_beside([folders["now"]])
    make_window.wait(window)
    assert window.viewing.series is of(window, "now")
    assert window.session.places.names() == {} and window.notice.text == ""


def test_the_prior_in_another_folder_stands_beside_with_one_key(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["then"])
    beside(qtbot, window, folders["bert"])
    do(window, "layout.prior")
    left, right = window.panes.shown()
    assert left.series is of(window, "now") and right.series is of(window, "then")
    window.session.close_study_of(of(window, "then").key)
    assert left.series is of(window, "now") and right.series is None
    window.panes.show_prior()
    assert "No earlier study" in window.notice.text


def test_a_folder_is_not_opened_twice(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    series = of(window, "now")
    with qtbot.waitSignal(window.session.alreadyOpen):
        window.opening.open_beside([folders["now"] / ".." / "now"])
    assert window.notice.text == "now is open already; nothing is opened twice."
    assert window.session.catalog.series == (series,) and not window.session.reading
    # A single file of it is found to be the same when it is read.
    beside(qtbot, window, sorted(folders["now"].iterdir())[0])
    assert "all of it is open already" in window.notice.text
    assert window.session.catalog.series == (series,) and len(window.session.places) == 1


def test_the_folder_above_brings_only_what_is_not_open(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    shutil.rmtree(folders["copy"])
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["now"].parent)
    names = sorted(s.slices[0].source.path.parent.name for s in window.session.catalog.series)
    assert names == ["bert", "now", "then"]
    assert "1 series was open already" in window.notice.text


def test_a_copy_of_a_study_is_another_study(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    # One slice of the copy has other pixels, as after another program has worked on it.
    path = sorted(folders["copy"].iterdir())[1]
    data = bytearray(path.read_bytes())
    data[-40:] = bytes(40)
    path.write_bytes(data)
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["copy"])
    assert window.browser.tree.known == 2
    said = "\n".join(everything_said(window))
    assert "1 series · now" in said and "1 series · copy" in said
    ours, copy = of(window, "now"), of(window, "copy")
    window.panes.use_layout("1x2")
    left, right = window.panes.shown()
    window.panes.show_series(right, copy)
    for pane in (left, right):
        pane.go_to(1)
    qtbot.waitUntil(lambda: left.shown == right.shown == 1)
    shown = [pane.image.shown for pane in (left, right)]
    assert all(one is not None for one in shown)
    assert len({one.decoded.pixel_hash for one in shown if one is not None}) == 2
    before = known(window, ours)
    window.session.close_study_of(copy.key)
    assert known(window, ours) == before and left.series is ours and right.series is None
    assert window.session.cache.peek(ours.slices[1]) is not None
    assert window.session.cache.peek(copy.slices[1]) is None


def test_what_cannot_be_read_leaves_everything_as_it_is(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
    tmp_path: Path,
) -> None:
    window = make_window.opened(folders["now"])
    series, before = of(window, "now"), known(window, of(window, "now"))
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "a.txt").write_text("no image at all")
    beside(qtbot, window, tmp_path / "nothing")
    assert "nothing was not opened." in window.notice.text and window.notice.isVisible()
    assert window.viewing.series is series and known(window, series) == before
    assert window.session.paths == [folders["now"]] and window.status.problems == 0


class SlowReader(InProcessReader):
    """Lists no folder of a name before it may."""

    def __init__(self, held: str) -> None:
        self.held = held
        self.gate = threading.Event()

    def open_study(self, paths: list[Path], **options: object) -> Catalog:  # type: ignore[override]
        while self.held in paths[0].name and not self.gate.wait(0.005):
            options["cancel"].check()  # type: ignore[attr-defined]
        return super().open_study(paths, **options)


def test_cancelling_the_reading_leaves_what_is_open(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(
        folders["now"], backend=scripted_backend(open_reader=lambda: SlowReader("bert"))
    )
    before = known(window, of(window, "now"))
    window.opening.open_beside([folders["bert"]])
    assert window.session.reading and window.status.words == "Reading bert"
    with qtbot.waitSignal(window.session.openedBeside):
        do(window, "analysis.cancel")
    settle()
    assert window.notice.text == "bert was not opened: it was cancelled."
    assert known(window, of(window, "now")) == before and len(window.session.places) == 1
    qtbot.waitUntil(lambda: "analyzed" in window.status.words)


def test_a_first_folder_that_cannot_be_read_does_not_stop_the_next(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
    tmp_path: Path,
) -> None:
    (tmp_path / "nothing").mkdir()
    reader = SlowReader("n")
    window = make_window(scripted_backend(open_reader=lambda: reader))
    window.open_paths([tmp_path / "nothing"])
    window.opening.open_beside([folders["now"]])
    assert window.session.reading and window.status.words == "Reading now"
    reader.held = "now"
    with qtbot.waitSignal(window.session.openedBeside):
        pass
    assert "nothing was not opened." in window.notice.text
    assert window.image._card.detail == "now" and window.status.words == "Reading now"
    reader.gate.set()
    make_window.wait(window)
    assert window.viewing.series is of(window, "now") and window.session.stands_alone


def test_several_folders_are_read_one_after_the_other(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    reader = SlowReader("bert")
    window = make_window.opened(folders["now"], backend=scripted_backend(open_reader=lambda: reader))
    for name in ("bert", "then", "copy"):
        window.opening.open_beside([folders[name]])
    # What waits can be closed before it is read, with what it waits for.
    reader.gate.set()
    qtbot.waitUntil(lambda: not window.session.reading, timeout=10_000)
    make_window.wait(window)
    assert [p.name for p in window.session.places.all] == ["now", "bert", "then", "copy"]
    assert len(window.session.catalog.series) == 4


def test_opening_in_place_closes_all_of_them(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["bert"])
    window.open_paths([folders["then"]])
    assert not any("BERTSTUDY" in said or "Bert" in said for said in everything_said(window))
    make_window.wait(window)
    assert [s.key.place for s in window.session.catalog.series] == [0]
    assert window.viewing.series is of(window, "then")


# Closing


def test_closing_one_leaves_the_analysis_of_the_others_running(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    gate = threading.Event()
    gate.set()
    script = Script(gate=gate)
    window = make_window.opened(folders["now"], backend=scripted_backend(script))
    gate.clear()
    with qtbot.waitSignal(window.session.openedBeside):
        window.opening.open_beside([folders["bert"]])
    qtbot.waitUntil(lambda: window.session.analysis.running)
    bert = of(window, "bert")
    runs = list(script.analysed)
    window.session.close_study_of(of(window, "now").key)
    work = window.session.findings.work(bert.key)
    assert work is not None and work.state is SeriesState.RUNNING and window.session.analysis.running
    gate.set()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    assert len(known(window, bert)[1]) == 6
    assert script.analysed == runs, "nothing is analyzed twice"


def test_closing_the_one_under_way_goes_on_with_the_next(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    gate = threading.Event()
    gate.set()
    window = make_window.opened(folders["now"], backend=scripted_backend(Script(gate=gate)))
    gate.clear()
    for name in ("bert", "then"):
        with qtbot.waitSignal(window.session.openedBeside):
            window.opening.open_beside([folders[name]])
    bert, then = of(window, "bert"), of(window, "then")
    qtbot.waitUntil(lambda: window.session.analysis.running)
    window.session.analysis.set_paused(True)
    assert known(window, bert)[0] is SeriesState.RUNNING
    window.session.close_study_of(bert.key)
    assert window.session.findings.work(bert.key) is None
    assert known(window, then)[0] is SeriesState.RUNNING and window.session.analysis.paused
    window.session.analysis.set_paused(False)
    gate.set()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    assert known(window, then)[0] is SeriesState.DONE


def test_nothing_of_the_closed_study_is_left(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    (folders["bert"] / "remarks.txt").write_text("no image")
    write(folders["bert"] / "cut.dcm", make_slice(z_mm=60, patient_name=BERT, patient_id="B2"))
    data = (folders["bert"] / "cut.dcm").read_bytes()
    (folders["bert"] / "cut.dcm").write_bytes(data[:400])
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["bert"])
    bert = of(window, "bert")
    window.panes.use_layout("1x2")
    left, right = window.panes.shown()
    window.panes.show_series(right, bert)
    window.viewing.activate(right)
    qtbot.waitUntil(lambda: right.shown == right.index)
    surface = window.tools._active.surface()
    assert surface is not None
    window.tools.store.add(surface.make(Kind.TEXT, ((3.0, 3.0),), "BERTNOTE"))
    do(window, "measure.list")
    qtbot.wait(300)
    assert window.status.problems > 0
    marks = ("Bert", "B2", "BERTSTUDY", "BERTNOTE", "bert")
    assert {Path(p.where).name for p in window.session.catalog.problems} == {"remarks.txt", "cut.dcm"}
    window.show_problems()
    settle()
    said = "\n".join(everything_said(window))
    assert [mark for mark in marks if mark not in said] == []
    do(window, "file.close_study_in_view")
    said = "\n".join(everything_said(window))
    assert [mark for mark in marks if mark in said] == []
    settle()
    qtbot.wait(400)
    said = "\n".join(everything_said(window))
    assert [mark for mark in marks if mark in said] == []
    assert right.image.picture is None and right.series is None
    assert window.windowTitle() == "ichviewer" and window.status.problems == 0
    assert window.session.catalog.problems == ()
    assert all(window.session.cache.peek(info) is None for info in bert.slices)
    assert left.series is of(window, "now") and left.image.picture is not None


def test_a_late_thread_keeps_no_pixels_of_what_was_closed(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["bert"])
    bert, cache = of(window, "bert"), window.session.cache
    window.session.close_place_of(bert.key)
    late: list[SliceInfo] = list(bert.slices)
    for info in late:
        cache.get(info)
    assert all(cache.peek(info) is None for info in late)
    # Opened again, it is like any other.
    beside(qtbot, window, folders["bert"])
    again = of(window, "bert")
    assert again.key != bert.key and len(known(window, again)[1]) == 6
    cache.get(again.slices[0])
    assert cache.peek(again.slices[0]) is not None


def test_closing_the_last_one_closes_the_window_s_study(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    with qtbot.waitSignal(window.session.closed):
        do(window, "file.close_study_in_view")
    assert not window.session.is_open and window.session.paths == []
    assert window.image._card.title == "Open a head CT"


def test_studies_of_a_folder_close_one_by_one_or_together(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
    tmp_path: Path,
) -> None:
    both = tmp_path / "both"
    both.mkdir()
    for name in ("then", "bert"):
        shutil.move(folders[name], both / name)
    window = make_window.opened(folders["now"])
    beside(qtbot, window, both)
    menu = next(iter(window.browser.findChildren(StudyMenu))).make(of(window, "then").key)
    assert menu is not None
    assert [a.text() for a in menu.actions()] == [
        "Close study: OLDSTUDY · 2023-01-31 · Doe, Anne · both",
        "Close folder: both (2 studies)",
    ]
    menu.actions()[0].trigger()
    assert {s.slices[0].source.path.parent.name for s in window.session.catalog.series} == {"now", "bert"}
    beside(qtbot, window, both)
    assert "1 series was open already" in window.notice.text, "what was closed is opened, the rest is not"
    assert len(window.session.catalog.series) == 3
    window.session.close_place_of(of(window, "bert").key)
    window.session.close_place_of(of(window, "then").key)
    assert [p.name for p in window.session.places.all] == ["now"]


def test_three_windows_of_a_closed_study_go_and_what_was_there_before_comes_back(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["bert"])
    window.panes.use_layout("1x2")
    left, right = window.panes.shown()
    window.panes.show_series(right, of(window, "bert"))
    window.viewing.activate(right)
    window.panes.toggle_three_windows()
    assert len(window.panes.shown()) == 3
    window.session.close_study_of(of(window, "bert").key)
    assert window.panes.layout.id == "1x2" and not window.panes.shows_three_windows
    assert left.series is of(window, "now") and right.series is None


def test_annotations_of_the_others_stay_and_can_be_undone(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["bert"])
    store = window.tools.store
    made = []
    for study in ("now", "bert", "now"):
        window.series_switch.show(of(window, study).key)
        qtbot.waitUntil(lambda: window.viewing.shown == window.viewing.index)
        surface = window.tools._active.surface()
        assert surface is not None
        made.append(surface.make(Kind.TEXT, ((2.0, 2.0 + len(made)),), f"note {len(made)} of {study}"))
        store.add(made[-1])
    store.history.undo()
    window.session.close_study_of(of(window, "bert").key)
    assert list(store.annotations.values()) == [made[0]]
    store.history.redo()
    assert list(store.annotations.values()) == [made[0], made[2]]
    store.history.undo()
    store.history.undo()
    assert not store.annotations and not store.history.canUndo()
    # What was drawn on the closed study is there when it is opened again.
    beside(qtbot, window, folders["bert"])
    qtbot.waitUntil(lambda: list(store.annotations.values()) == [made[1]])


def test_a_copy_that_fails_after_its_study_was_closed_is_not_told(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = make_window.opened(folders["now"])
    beside(qtbot, window, folders["bert"])
    bert = of(window, "bert")
    window.series_switch.show(bert.key)
    window.viewing.go_to(0)
    qtbot.waitUntil(lambda: window.viewing.shown == 0)
    surface = window.tools._active.surface()
    assert surface is not None
    window.tools.store.add(surface.make(Kind.TEXT, ((3.0, 3.0),), "note"))
    closed, tried = threading.Event(), threading.Event()

    def get(info: SliceInfo) -> DecodedSlice:
        closed.wait(10)
        tried.set()
        raise IchViewerError("it cannot be read", str(info.source))

    monkeypatch.setattr(window.session.cache, "get", get)
    window.tools.copy_to_next()
    window.session.close_study_of(bert.key)
    monkeypatch.undo()
    closed.set()
    qtbot.waitUntil(tried.is_set)
    qtbot.wait(100)
    assert window.notice.text == ""


# Who is in view


def test_several_patients_are_told_apart(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
) -> None:
    window = make_window.opened(folders["now"])
    assert window.status.patient == ""
    beside(qtbot, window, folders["bert"])
    assert window.status.patient == "Patient in view: Doe, Anne, ID A1"
    window.panes.use_layout("1x2")
    _, right = window.panes.shown()
    window.panes.show_series(right, of(window, "bert"))
    window.viewing.activate(right)
    assert window.status.patient == "Patient in view: Roe, Bert, ID B2; the panes show 2 patients"
    assert window.windowTitle().startswith("Roe, Bert")
    words = [frame.words for frame in window.grid.shown()]
    assert words[0].startswith("Doe, Anne – ") and words[1].startswith("Roe, Bert – ")
    settle()
    marked = [row.patient.name for row in window.browser.tree.patients() if row.in_view]
    assert marked == ["Roe, Bert"]
    window.session.close_study_of(of(window, "bert").key)
    settle()
    assert window.status.patient == "" and window.grid.shown()[0].words == "1  Head 5.0"
    assert not any(row.in_view for row in window.browser.tree.patients())


def test_the_export_says_that_it_holds_all_open_studies(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
    tmp_path: Path,
) -> None:
    window = make_window.opened(folders["now"])
    do(window, "file.export")
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.windowTitle() == "Export findings"
    dialog.reject()
    beside(qtbot, window, folders["bert"])
    beside(qtbot, window, folders["copy"])
    do(window, "file.export")
    dialog = next(d for d in window.findChildren(QFileDialog) if d.isVisible())
    assert dialog.windowTitle() == "Export findings of all 3 open studies (2 patients)"
    dialog.reject()
    with qtbot.waitSignal(window.exporter.done):
        window.exporter.export(tmp_path / "all.csv")
    rows = list(csv.DictReader((tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()))
    opened = {str(info.source) for s in window.session.catalog.series for info in s.slices}
    assert sorted(row["file"] for row in rows) == sorted(opened) and len(rows) == 14


# Dropping


def drop(window: MainWindow, path: Path, at: QPoint, keys: Qt.KeyboardModifier) -> str:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(2, 2), action, mime, button, keys))
    QApplication.sendEvent(window, QDragMoveEvent(at, action, mime, button, keys))
    words = window.drop_target.words
    QApplication.sendEvent(window, QDropEvent(QPointF(at), action, mime, button, keys))
    return words


@pytest.mark.parametrize("way", ["with Ctrl", "onto the list", "onto an image"])
def test_a_drop_opens_beside_where_it_says_so(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    folders: dict[str, Path],
    way: str,
) -> None:
    window = make_window.opened(folders["now"])
    onto = window.browser if way == "onto the list" else window.image
    keys = Qt.KeyboardModifier.ControlModifier if way == "with Ctrl" else Qt.KeyboardModifier.NoModifier
    words = drop(window, folders["bert"], onto.mapTo(window, onto.rect().center()), keys)
    make_window.wait(window)
    names = sorted(s.slices[0].source.path.parent.name for s in window.session.catalog.series)
    if way == "onto an image":
        assert words == "Drop to open in place of Doe, Anne" and names == ["bert"]
        return
    assert words == "Drop to open beside Doe, Anne" and names == ["bert", "now"]
    words = drop(window, folders["then"], window.image.mapTo(window, QPoint(20, 20)), Qt.KeyboardModifier(0))
    assert words == "Drop to open in place of all 2 open studies"
