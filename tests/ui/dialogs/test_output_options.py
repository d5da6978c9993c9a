"""What a report shows is proposed, and is what was proposed unless something else is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.output_options import ReportOptionsDialog
from ichviewer.ui.dialogs.results_options import BAD_NAME, OfferedKind, ResultsOptionsDialog


@pytest.mark.parametrize(
    ("marked", "proposed", "words"),
    [
        ((), None, "The most suspicious slices"),
        ((2, 7), (2, 7), "Slices marked as key images"),
        # The one in view: offered once.
        ((4,), (4,), "Slices marked as key images"),
        ((0, 1, 2, 3, 5, 8), (0, 1, 2, 3), "The first 4 of 6 slices marked as key images"),
    ],
)
def test_slices_that_the_reader_marked_are_proposed_four_at_most(
    qtbot: QtBot, marked: tuple[int, ...], proposed: tuple[int, ...] | None, words: str
) -> None:
    dialog = ReportOptionsDialog(4, "Save…", marked=marked)
    qtbot.addWidget(dialog)
    assert dialog.options() == (proposed, True)
    assert dialog.images.currentText() == words
    dialog.images.set_value(None)
    assert dialog.options() == (None, True)


def test_a_choice_begins_with_its_first_value_and_keeps_what_was_chosen(qtbot: QtBot) -> None:
    choice: Choice[int | None] = Choice("A", {1: "one", None: "none"})
    qtbot.addWidget(choice)
    assert choice.value() == 1
    choice.set_value(None)
    choice.set_words({2: "two", None: "none"})
    assert choice.value() is None


def test_a_complaint_that_comes_later_cuts_nothing_off(qtbot: QtBot) -> None:
    kinds = [OfferedKind(f"k{number}", f"kind {number}", chosen=True) for number in range(8)]
    dialog = ResultsOptionsDialog(
        "Save", "Save", kinds, folder=Path("/results"), choose=lambda then: then(Path("/other"))
    )
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.resize(dialog.width(), dialog.layout().totalHeightForWidth(dialog.width()))
    dialog.named.setChecked(True)
    dialog.name.setText("Doe=Jane")
    # Long: it takes more than a line.
    assert dialog.complaint == BAD_NAME
    qtbot.waitUntil(lambda: dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width()))
    assert dialog.name.height() >= dialog.name.sizeHint().height()
