from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from fake_backend import Script, card, scripted_backend
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import ModelError
from ichviewer.services.bug_report import save_report
from ichviewer.services.windows import load_presets
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.input_problems import ProblemRow
from ichviewer.ui.model_host import Model, ModelHost
from ichviewer.ui.words import DISCLAIMER
from ichviewer.ui.workers import Workers


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
    dialog = KeysDialog(load_presets(mine))
    qtbot.addWidget(dialog)
    words = words_of(dialog)
    assert "Brain 40/80" in words
    assert "Mine 33/66" in words
    assert "Ctrl+E" in words


ROWS = [
    ProblemRow(Problem(ProblemCode.DECODE_FAILED, "a.dcm", "JPEG 2000"), "2  Head"),
    ProblemRow(Problem(ProblemCode.GAP, "series 2"), "2  Head"),
]


def test_problems_are_filtered_and_copied(qtbot: QtBot) -> None:
    dialog = ProblemsDialog(ROWS)
    qtbot.addWidget(dialog)
    assert "1 error, 1 warning, 0 remarks" in words_of(dialog)
    dialog.copy()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "error\t2  Head\tThe pixel data could not be decoded (JPEG 2000)\ta.dcm",
        "warning\t2  Head\tSlices seem to be missing\tseries 2",
    ]
    dialog.findChild(QLineEdit).setText("missing")
    dialog.copy()
    assert QGuiApplication.clipboard().text().count("\n") == 0


def test_no_problems_say_so(qtbot: QtBot) -> None:
    dialog = ProblemsDialog([])
    qtbot.addWidget(dialog)
    assert "Nothing was repaired, doubted or left out." in words_of(dialog)


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
