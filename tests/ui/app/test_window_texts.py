"""What the window says is well written: no word twice, one spelling, nothing left to fill in."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import Script, scripted_backend
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from text_walk import shown, texts_of

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.open_settings import open_settings
from ichviewer.ui.browser.study_order import Order, Show
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.input_problems import ProblemRow
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.session.analysis import AnalysisProgress
from ichviewer.ui.session.ui_settings import UiSettings

_TWICE = re.compile(r"\b(\w\w+)[ ,]+\1\b", re.IGNORECASE)
_WITHIN = re.compile(r"\b([a-z]{4,})\1", re.IGNORECASE)
_BRITISH = re.compile(
    r"analys(?:e|ed|es|ing)\b|colour|centre|grey|licence|behaviour|favour|catalogue|\w+isation\b",
    re.IGNORECASE,
)
_UNFILLED = re.compile(r"[{}]|%[sd]\b|\bNone\b|\bnan\b|<\w+ object|Severity\.|SeriesState\.")
_NAMES = ("ichviewer", "scripted", "litert", "nothing (", "model", "or drop ")
"""The program's name, those of the model's card, and the second half of a sentence: with a small letter."""


def complaints(text: str, kind: str = "plain") -> list[str]:
    """What is wrong with a text."""
    found = [f"{name}: {text!r}" for name, p in _RULES.items() if p.search(text)]
    if text != text.strip() or "  (" in text.replace("  (", "", 1):
        found.append(f"spaces at its ends: {text!r}")
    first = text[:1]
    # A tip or a description may begin with a file or a type of hemorrhage.
    begins = kind not in ("auto", "said")
    if begins and first.isalpha() and not first.isupper() and not text.startswith(_NAMES):
        found.append(f"a small first letter: {text!r}")
    return found


_RULES = {
    "a word twice": _TWICE,
    "a word in itself": _WITHIN,
    "British": _BRITISH,
    "not filled in": _UNFILLED,
}


def complaints_about(root: QWidget) -> list[str]:
    texts = {(shown(text).replace("&&", "\0").replace("&", ""), kind) for _, kind, text in texts_of(root)}
    return [complaint for text, kind in sorted(texts) if text for complaint in complaints(text, kind)]


def test_the_rules_see_what_was_wrong_once() -> None:
    for bad in (
        "Analyse Analyze againagain",
        "Analyse again",
        "the the end",
        "Slice {index}",
        "Trailing ",
        "small",
        "Colour image",
    ):
        assert complaints(bad), bad
    for good in (
        "Analyze again",
        "6 analyzed, 1 waiting",
        "ID P1 · F",
        "Head 5.0 H31s",
        "Next series  (Ctrl+Down)",
    ):
        assert not complaints(good), good


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, gate: threading.Event) -> Iterator[MainWindow]:
    for p in range(3):
        write_series(
            tmp_path / "Study" / f"p{p}",
            n=4,
            patient_id=f"P{p}",
            patient_name=f"Name{p}^First",
            study=f"s{p}",
            series=f"s{p}",
            positions_mm=[0, 5, 10, 25],
        )
    made = MainWindow(UiSettings(), scripted_backend(Script(flagged=[1], gate=gate)))
    made.show()
    made.open_paths([tmp_path / "Study"])
    qtbot.waitUntil(lambda: made.session.analysis.running)
    yield made
    gate.set()
    made.close()
    made.deleteLater()


def test_browser_findings_and_status_say_it_well_at_every_moment(
    qtbot: QtBot, window: MainWindow, gate: threading.Event
) -> None:
    parts = (window.browser, window.findings, window.status, window.image, window.notice)

    def check() -> None:
        qtbot.wait(250)
        for part in parts:
            assert complaints_about(part) == []

    check()
    for show in Show:
        window.browser.controls.choose(show=show)
        check()
    window.browser.controls.choose(show=Show.ALL)
    gate.set()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    for order in Order:
        window.browser.controls.choose(order=order)
        check()
    for show in Show:
        window.browser.controls.choose(show=show)
        check()
    window.session.analysis.cancel()
    window.viewing.go_flagged(1)
    check()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (AnalysisProgress(0, 28, None, True, False), "Analyzing slice 1 of 28"),
        (AnalysisProgress(27, 28, 1.0, True, False), "Analyzing slice 28 of 28, about a second left"),
        (AnalysisProgress(5, 2000, 44.0, True, False), "Analyzing slice 6 of 2,000, about 44 s left"),
        (AnalysisProgress(5, 2000, 118.0, True, False), "Analyzing slice 6 of 2,000, about 2 min left"),
        (AnalysisProgress(5, 28, 10.0, False, True), "Paused at 5 of 28 slices"),
    ],
)
def test_the_status_tells_the_time_left_only_where_it_is_known(
    window: MainWindow, progress: AnalysisProgress, words: str
) -> None:
    window.status.set_analysis(progress)
    assert window.status.words == words


ROWS = [
    ProblemRow(Problem(ProblemCode.DECODE_FAILED, "a.dcm", "JPEG 2000"), "2  Head", "Doe, John"),
    ProblemRow(Problem(ProblemCode.GAP, "Series 2"), "2  Head", "Adams, Ann"),
]


def test_dialogs_say_it_well(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for dialog in (
        AboutDialog(window.session.model, window),
        KeysDialog(window.keys, window),
        BugDialog(ValueError("Something"), tmp_path / "bug.log", window),
        BugDialog(ValueError("Something"), None, window),
        ProblemsDialog([], window),
        open_settings(window, window.settings, window.presets),
    ):
        dialog.show()
        assert complaints_about(dialog) == []
        dialog.close()
    problems = ProblemsDialog(ROWS, window)
    problems.show()
    problems.view.selectRow(0)
    words = [shown(text) for _, _, text in texts_of(problems) if text and text != "a.dcm"]
    assert [c for text in words if "\u200b" not in text for c in complaints(text)] == []
    problems.close()


def test_every_problem_is_told_in_one_spelling(qtbot: QtBot) -> None:
    rows = [ProblemRow(Problem(code, "A.dcm", "7")) for code in ProblemCode]
    dialog = ProblemsDialog(rows)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.view.selectAll()
    listed = [complaint for row in rows for complaint in complaints(row.what)]
    assert listed + [c for c in complaints_about(dialog) if "British" in c] == []


def test_help_names_every_key_of_the_window(window: MainWindow) -> None:
    """A key that no line of the help names would be found by nobody."""
    dialog = KeysDialog(window.keys, window)
    words = " ".join(text for _, kind, text in texts_of(dialog) if kind == "plain")
    for action in window.actions_.all():
        keys = [sequence.toString() for sequence in action.shortcuts()]
        if keys and keys[0] not in ("Ctrl+Q",):
            said = [key.replace("PgDown", "Page Down").replace("PgUp", "Page Up") for key in keys]
            arrows = {"Up", "Down", "Left", "Right"} & set(keys)
            assert arrows or any(key in words for key in said), keys
    assert Qt.Key.Key_F1
    dialog.close()


def test_a_rerun_keeps_the_flags_and_says_waiting(
    qtbot: QtBot, window: MainWindow, gate: threading.Event
) -> None:
    gate.set()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    qtbot.waitUntil(lambda: window.browser.tree.summary.flagged == 3)
    gate.clear()
    window.actions_["analysis.restart"].trigger()
    qtbot.waitUntil(lambda: window.session.analysis.running)
    qtbot.waitUntil(lambda: window.browser.tree.summary.waiting == 3)
    summary = window.browser.tree.summary
    assert (summary.flagged, summary.not_analyzed, summary.failed) == (3, 0, 0)
    window.browser.controls.choose(show=Show.NOT_ANALYZED)
    assert window.browser.tree.shown == 0
    window.browser.controls.choose(show=Show.ALL)
    said = " ".join(text for part in (window.browser, window.findings) for _, _, text in texts_of(part))
    assert "flagged, waiting" in said.lower() or "flagged, analyzing" in said.lower()
    assert not re.search(r"\b[1-9]\d* not analyzed", said)
    gate.set()
    qtbot.waitUntil(lambda: window.session.analysis.complete)
    qtbot.waitUntil(lambda: window.browser.tree.summary.waiting == 0)
    assert window.browser.tree.summary.flagged == 3
