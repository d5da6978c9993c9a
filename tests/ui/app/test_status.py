"""What the status bar says where there is little room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.errors import ModelError
from ichviewer.ui.app.status import StatusBar
from ichviewer.ui.session.analysis import AnalysisProgress


class NoModel:
    """A model that could not be opened."""

    failure = ModelError("the model cannot be opened")
    card = model = None


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    """A bar that says a lot."""
    made = StatusBar(QAction("Pause"), QAction("Cancel"), QAction("Problems"))
    qtbot.addWidget(made)
    made.set_problems(12)
    made.set_analysis(AnalysisProgress(3, 200, 41.0, running=True, paused=False))
    made.show()
    return made


def said(bar: StatusBar) -> list[str]:
    """All words that are seen to their end."""
    shown = [label for label in bar.findChildren(QLabel) if label.isVisible() and label.text()]
    for label in shown:
        left = label.mapTo(bar, QPoint()).x()
        assert left >= 0 and left + label.width() <= bar.width(), label.text()
        assert label.width() >= label.sizeHint().width(), label.text()
    return [label.text() for label in shown]


@pytest.mark.parametrize("width", [620, 760, 900, 1024, 1600])
def test_no_word_is_cut_and_what_the_program_is_not_is_always_said(
    qtbot: QtBot, bar: StatusBar, width: int
) -> None:
    bar.resize(width, 30)
    qtbot.wait(20)
    words = said(bar)
    assert any(word in (DISCLAIMER, "Not a medical device") for word in words)
    assert any(word.startswith("Analyzing slice 4 of 200") for word in words)


def test_with_room_all_of_it_is_said_again(qtbot: QtBot, bar: StatusBar) -> None:
    bar.resize(620, 30)
    qtbot.waitUntil(lambda: "Not a medical device" in said(bar))
    bar.resize(1600, 30)
    qtbot.waitUntil(lambda: DISCLAIMER in said(bar))


def test_that_there_is_no_model_is_never_left_out(qtbot: QtBot, bar: StatusBar) -> None:
    bar.show_model(NoModel())  # type: ignore[arg-type]
    bar.resize(900, 30)
    qtbot.wait(20)
    assert "No model: slices are not analyzed" in said(bar)
