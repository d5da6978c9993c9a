from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import Script, card, scripted_backend
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import ModelError
from ichviewer.services.bug_report import save_report
from ichviewer.services.open_study import open_study
from ichviewer.services.windows import load_presets
from ichviewer.ui.app.key_editor import KeyEditor
from ichviewer.ui.app.standard_commands import standard_table
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.input_problems import ProblemRow, problem_rows
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.session.model_host import Model, ModelHost
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.session.workers import Workers


def words_of(widget: object) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))  # type: ignore[attr-defined]


def test_about_names_model_training_and_what_it_is_not(qtbot: QtBot) -> None:
    host = ModelHost(Workers(), scripted_backend())
    host.card = card()
    host.model = Model(host.card, Script())
    dialog = AboutDialog(host)
    qtbot.addWidget(dialog)
    words = words_of(dialog)
    for part in (
        "scripted 1.0",
        "litert",
        "nothing (2 patients · 10 slices · CC0)",
        DISCLAIMER,
        "Apache License",
    ):
        assert part in words


def test_in_about_nothing_overlaps(qtbot: QtBot) -> None:
    host = ModelHost(Workers(), scripted_backend())
    host.card = card()
    host.model = Model(host.card, Script())
    dialog = AboutDialog(host)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    parts = dialog.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    overlaps = [(a, b) for a, b in combinations(parts, 2) if a.geometry().intersects(b.geometry())]
    assert len(parts) > 5
    assert overlaps == []


def test_about_says_why_there_is_no_model(qtbot: QtBot) -> None:
    host = ModelHost(Workers(), scripted_backend())
    host.failure = ModelError("there is no model here", "/somewhere")
    dialog = AboutDialog(host)
    qtbot.addWidget(dialog)
    assert "/somewhere: there is no model here" in words_of(dialog)


def test_keys_lists_the_presets_as_they_are(qtbot: QtBot, tmp_path: Path) -> None:
    mine = tmp_path / "windows.toml"
    mine.write_text('[[window]]\nkey = 7\nname = "Mine"\ncenter_hu = 33\nwidth_hu = 66\n')
    dialog = KeysDialog(KeyEditor(standard_table(load_presets(mine)), UiSettings()))
    qtbot.addWidget(dialog)
    words = words_of(dialog)
    assert "Brain 40/80" in words
    assert "Mine 33/66" in words
    assert "Ctrl+E" in words


def test_the_key_sheet_fits_on_the_screen_and_scrolls(qtbot: QtBot) -> None:
    dialog = KeysDialog(KeyEditor(standard_table(load_presets()), UiSettings()))
    qtbot.addWidget(dialog)
    dialog.show()
    # More than a small screen has room for.
    assert dialog.pages.currentWidget().verticalScrollBar().maximum() > 0
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.buttons.geometry().bottom() <= dialog.height()


ROWS = [
    ProblemRow(Problem(ProblemCode.DECODE_FAILED, "a.dcm", "JPEG 2000"), "2  Head", "Doe, John"),
    ProblemRow(Problem(ProblemCode.GAP, "series 2"), "2  Head", "Adams, Ann"),
    ProblemRow(Problem(ProblemCode.NOT_DICOM, "notes.txt")),
]


@pytest.fixture
def problems(qtbot: QtBot) -> Callable[[Sequence[ProblemRow]], ProblemsDialog]:
    def make(rows: Sequence[ProblemRow]) -> ProblemsDialog:
        dialog = ProblemsDialog(rows)
        qtbot.addWidget(dialog)
        dialog.show()
        # Keys go to the window in front, which a test before may have left to another one.
        dialog.activateWindow()
        qtbot.waitActive(dialog)
        for _ in range(4):
            QApplication.processEvents()
        return dialog

    return make


MakeProblems = Callable[[Sequence[ProblemRow]], ProblemsDialog]


def test_problems_are_filtered_and_copied(problems: MakeProblems) -> None:
    dialog = problems(ROWS)
    assert dialog.counts.startswith("1 error, 1 warning, 1 remark. The CSV")
    dialog.copy()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "error\tDoe, John\t2  Head\tThe pixel data could not be decoded (JPEG 2000)\ta.dcm",
        "warning\tAdams, Ann\t2  Head\tSlices seem to be missing\tseries 2",
        "remark\t\t\tNot a DICOM file\tnotes.txt",
    ]
    dialog.filter_by("MISSING")
    assert " 1 of them listed. " in dialog.counts
    dialog.copy()
    assert QGuiApplication.clipboard().text().count("\n") == 0
    dialog.filter_by("no problem says this")
    assert dialog.table.rowCount() == 0
    assert not dialog.findChild(QDialogButtonBox).buttons()[1].isEnabled()


@pytest.mark.parametrize(
    ("column", "order", "where"),
    [
        ("Severity", Qt.SortOrder.AscendingOrder, ["a.dcm", "series 2", "notes.txt"]),
        ("Severity", Qt.SortOrder.DescendingOrder, ["notes.txt", "series 2", "a.dcm"]),
        ("Patient", Qt.SortOrder.AscendingOrder, ["notes.txt", "series 2", "a.dcm"]),
        ("Where", Qt.SortOrder.DescendingOrder, ["series 2", "notes.txt", "a.dcm"]),
    ],
)
def test_problems_are_sorted_by_any_column(
    problems: MakeProblems, column: str, order: Qt.SortOrder, where: list[str]
) -> None:
    dialog = problems(ROWS)
    names = [
        dialog.table.headerData(i, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
        for i in range(dialog.table.columnCount())
    ]
    assert names == ["Severity", "Patient", "Series", "What", "Where"]
    dialog.view.sortByColumn(names.index(column), order)
    assert [row.problem.where for row in dialog.table.listed] == where


LONG = [
    ProblemRow(
        Problem(
            code, f"/data/archive/some patient/{'1.2.840.113619.' * 5}{i}/{'x' * 90}.dcm", "a value " * 6
        ),
        "2  Head 5.0 H31s without contrast medium, thin",
        "Freifrau von und zu Hohenstein, Anna-Lena",
    )
    for i, code in enumerate(ProblemCode)
]


@pytest.mark.parametrize("width", [700, 1000, 1500])
def test_problems_cut_no_sentence(problems: MakeProblems, width: int) -> None:
    """Every cell in sight is as large as its words, wrapped to the width of its column, need."""
    dialog = problems(LONG)
    dialog.resize(width, 700)
    for _ in range(4):
        QApplication.processEvents()
    view, table = dialog.view, dialog.table
    assert view.horizontalHeader().length() <= view.viewport().width(), "nothing lies beside the table"
    seen = [
        row for row in range(table.rowCount()) if view.rowViewportPosition(row) < view.viewport().height()
    ]
    assert len(seen) >= 2
    for row in seen:
        for column in range(1, table.columnCount()):
            index = table.index(row, column)
            words = table.data(index, Qt.ItemDataRole.DisplayRole)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WordWrap)
            layout = QTextDocument()
            layout.setDefaultFont(view.font())
            layout.setDefaultTextOption(option)
            layout.setDocumentMargin(0)
            layout.setPlainText(words)
            layout.setTextWidth(view.columnWidth(column) - 16)
            assert layout.idealWidth() <= view.columnWidth(column), words
            assert layout.size().height() <= view.rowHeight(row), words


def test_a_last_word_that_just_does_not_fit_is_not_cut(problems: MakeProblems) -> None:
    """Qt measures without the padding of the stylesheet: words of some lengths were measured a line too short."""
    words = [f"image type {'A' * n}\\PRIMARY\\LOCALIZER" for n in range(1, 20)]
    dialog = problems([ProblemRow(Problem(ProblemCode.LOCALIZER, "here", found)) for found in words])
    dialog.resize(760, 2000)
    for _ in range(4):
        QApplication.processEvents()
    view, table = dialog.view, dialog.table
    lines = set()
    for row in range(table.rowCount()):
        index = table.index(row, 3)
        metrics = view.fontMetrics()
        room = QRect(0, 0, view.columnWidth(3) - 2 * 5 - 2 * 3, 10_000)
        told = table.data(index, Qt.ItemDataRole.DisplayRole)
        height = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), told).height()
        assert height <= view.rowHeight(row), told
        lines.add(round(height / metrics.lineSpacing()))
    assert len(lines) > 1  # or nothing was tried


def test_selected_problems_are_shown_in_full_and_copied(problems: MakeProblems, qtbot: QtBot) -> None:
    dialog = problems(LONG)
    # A click says itself which keys are held; `selectRow` asks Qt, where a test before may have left Shift.
    place = dialog.table.index(3, 1)
    dialog.view.scrollTo(place)
    qtbot.mouseClick(
        dialog.view.viewport(), Qt.MouseButton.LeftButton, pos=dialog.view.visualRect(place).center()
    )
    row = LONG[3]
    assert row.problem.where in dialog.detail, "without the marks where a line may break"
    assert row.patient in dialog.detail
    assert row.what in dialog.detail
    QGuiApplication.clipboard().clear()
    dialog.view.setFocus()
    qtbot.waitUntil(dialog.view.hasFocus)
    qtbot.keyClick(dialog.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == row.line()
    dialog.filter_by("nothing has this")
    assert dialog.detail == ""


def test_no_problems_say_so(problems: MakeProblems) -> None:
    dialog = problems([])
    assert "Nothing was repaired, doubted or left out." in words_of(dialog)
    assert not dialog.findChild(QLineEdit).isVisible()


def test_many_problems_open_and_filter_at_once(problems: MakeProblems) -> None:
    many = [
        ProblemRow(Problem(ProblemCode.DECODE_FAILED, f"/data/{i}.dcm", "JPEG"), "2  Head", f"Name {i % 40}")
        for i in range(5000)
    ]
    dialog = problems(many)
    for what in (lambda: dialog.filter_by("99"), lambda: dialog.filter_by("")):
        start = time.thread_time()
        what()
        for _ in range(3):
            QApplication.processEvents()
        assert time.thread_time() - start < 0.15


def test_problem_rows_name_the_patient_of_each_series(tmp_path: Path) -> None:
    write_series(tmp_path / "a", positions_mm=[0, 5, 10, 25, 30], patient_name="Doe^John", series="a")
    write_series(
        tmp_path / "b",
        positions_mm=[0, 5, 10, 25, 30],
        patient_name="Roe^Jane",
        patient_id="P2",
        study="b",
        series="b",
    )
    (tmp_path / "notes.txt").write_text("no image")
    rows = problem_rows(open_study([tmp_path]), {})
    gaps = {row.patient for row in rows if row.problem.code is ProblemCode.GAP}
    assert gaps == {"Doe, John", "Roe, Jane"}
    assert [row.patient for row in rows if row.problem.code is ProblemCode.NOT_DICOM] == [""]


def test_a_series_that_is_left_out_as_a_whole_is_among_the_problems(tmp_path: Path) -> None:
    write_series(tmp_path, n=2, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    rows = problem_rows(open_study([tmp_path]), {})
    assert [(row.problem.code, row.patient) for row in rows] == [(ProblemCode.LOCALIZER, "Doe, John")]


def test_bug_report_is_saved_and_named(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise KeyError("lost")
    except KeyError as error:
        report = save_report(error, tmp_path)
        dialog = BugDialog(error, report)
    qtbot.addWidget(dialog)
    assert report is not None
    assert "KeyError: " in report.read_text(encoding="utf-8")
    words = words_of(dialog)
    assert str(report) in words
    assert "Traceback" not in words


def test_bug_report_on_a_broken_disk_is_no_second_bug(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    assert save_report(ValueError("x"), tmp_path / "file" / "below") is None
    dialog = BugDialog(ValueError("x"), None)
    qtbot.addWidget(dialog)
    assert "could not be saved" in words_of(dialog)
