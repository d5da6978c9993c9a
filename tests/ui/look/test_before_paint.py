"""Work that is put off until the window is painted: once, and before that."""

from __future__ import annotations

from image_builders import settle
from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ichviewer.ui.look.before_paint import BeforePaint


class Painted(QWidget):
    """Notes when it is painted."""

    def __init__(self, order: list[str]) -> None:
        super().__init__()
        self._order = order

    def paintEvent(self, event: QPaintEvent) -> None:
        self._order.append("paint")


def test_it_is_done_once_and_before_the_next_paint(qtbot: QtBot) -> None:
    order: list[str] = []
    widget = Painted(order)
    qtbot.addWidget(widget)
    widget.show()
    settle()
    order.clear()
    work = BeforePaint(lambda: order.append("work"), widget)
    widget.update()
    for _ in range(3):
        work.ask()
    settle()
    assert order == ["work", "paint"]
    work.ask()
    settle()
    assert order == ["work", "paint", "work"]


def test_what_it_changes_is_painted_with_the_rest(qtbot: QtBot) -> None:
    order: list[str] = []
    widget = Painted(order)
    qtbot.addWidget(widget)
    widget.show()
    settle()
    order.clear()
    work = BeforePaint(widget.update, widget)
    widget.update()
    work.ask()
    settle()
    assert order == ["paint"]


def test_what_was_done_meanwhile_is_not_done_again(qtbot: QtBot) -> None:
    parent = QObject()
    done: list[int] = []
    work = BeforePaint(lambda: done.append(1), parent)
    work.ask()
    work.drop()
    settle()
    assert done == []
    work.drop()
    work.ask()
    settle()
    assert done == [1]


def test_asked_for_while_it_is_done_it_is_done_again(qtbot: QtBot) -> None:
    parent = QObject()
    done: list[int] = []

    def twice() -> None:
        done.append(1)
        if len(done) < 2:
            work.ask()

    work = BeforePaint(twice, parent)
    work.ask()
    settle()
    assert done == [1, 1]


def test_an_error_is_told_and_stops_nothing(qtbot: QtBot) -> None:
    parent = QObject()
    done: list[int] = []

    def fails_once() -> None:
        done.append(1)
        if len(done) == 1:
            raise ValueError("first")

    work = BeforePaint(fails_once, parent)
    work.ask()
    with qtbot.capture_exceptions() as caught:
        settle()
    assert [type(error) for _, error, _ in caught] == [ValueError]
    work.ask()
    settle()
    assert done == [1, 1]
