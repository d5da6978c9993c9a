"""A report as a tree: every word can be read, searched and copied, and none is taken for markup."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.ui.dialogs.report_tree import ReportTreeDialog

ITEMS = [
    (0, "Report"),
    (1, "Finding"),
    (2, "subdural 3 mm"),
    (1, "Impression: " + "word " * 200),
    (1, "a" * 300),
]


def opened(qtbot: QtBot, *args: object) -> ReportTreeDialog:
    dialog = ReportTreeDialog(*args)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_long_texts_and_endless_words_have_all_their_lines(qtbot: QtBot) -> None:
    tree = opened(qtbot, "Report", (), ITEMS).tree
    top = tree.topLevelItem(0)
    assert top is not None
    one = tree.visualItemRect(top.child(0)).height()
    assert tree.visualItemRect(top.child(1)).height() >= 2 * one
    assert tree.visualItemRect(top.child(2)).height() >= 2 * one


def test_what_is_found_stands_below_its_headings(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "Report", (), ITEMS)
    dialog.search.setText("3 SUBDURAL")
    assert dialog.listed() == ["Report", "  Finding", "    subdural 3 mm"]
    dialog.search.setText("nowhere")
    assert dialog.listed() == []
    assert dialog.status == "0 of 5 items"


def test_copied_words_are_those_of_the_report_without_places_to_break(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "Report", (), ITEMS)
    dialog.copy()
    assert QGuiApplication.clipboard().text().splitlines()[-1] == "  " + "a" * 300
    assert dialog.status == "5 items copied."


def test_control_characters_and_markup_stay_plain(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "<i>R</i>", ("<b>Doe</b>",), [(0, "<img src=x>\x1b[31m")])
    assert dialog.listed() == ["<img src=x>\ufffd[31m"]


def test_what_was_left_out_is_said(qtbot: QtBot) -> None:
    problems = [Problem(ProblemCode.RESULT_NOT_SHOWN, "f", f"{n} items") for n in range(9)]
    dialog = opened(qtbot, "Report", (), ITEMS, problems)
    said = " ".join(label.text() for label in dialog.findChildren(type(dialog._status)))
    assert "0 items" in said
    assert "and 3 more" in said


def test_the_largest_report_opens_within_seconds(qtbot: QtBot) -> None:
    items = [(0, "Report"), *[(1 + n % 3, f"item {n} with some words") for n in range(19_999)]]
    began = time.monotonic()
    dialog = opened(qtbot, "Report", (), items)
    dialog.search.setText("19998")
    assert len([line for line in dialog.listed() if "19998" in line]) == 1
    assert time.monotonic() - began < 8
