"""What waits for the first paint of a window is done behind it, once, and also where nothing is painted."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ichviewer.ui.look.after_paint import AfterFirstPaint


class Told(QWidget):
    """Writes down its paints, and what is called, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []
        self.after = AfterFirstPaint(self, (lambda: self.log.append("a"), lambda: self.log.append("b")))

    def paintEvent(self, event: QPaintEvent) -> None:
        self.log.append("painted")


def told(qtbot: QtBot) -> Told:
    """Made within the test: between a fixture and its test the event loop turns."""
    made = Told()
    qtbot.addWidget(made)
    return made


def done(window: Told) -> list[str]:
    return [word for word in window.log if word != "painted"]


def test_it_is_done_in_order_behind_the_first_paint(qtbot: QtBot) -> None:
    window = told(qtbot)
    window.after.add(lambda: window.log.append("c"))
    window.show()
    qtbot.waitUntil(lambda: done(window) == ["a", "b", "c"])
    assert window.log[0] == "painted"


def test_it_is_done_once(qtbot: QtBot) -> None:
    window = told(qtbot)
    window.show()
    qtbot.waitUntil(lambda: done(window) == ["a", "b"])
    window.hide()
    window.show()
    window.repaint()
    qtbot.wait(20)
    assert done(window) == ["a", "b"]


def test_a_window_that_is_not_shown_is_not_waited_for(qtbot: QtBot) -> None:
    window = told(qtbot)
    assert window.log == []
    qtbot.waitUntil(lambda: done(window) == ["a", "b"])
    assert window.log == ["a", "b"]


def test_a_window_that_is_shown_and_never_painted_is_waited_for_a_while(qtbot: QtBot) -> None:
    window = told(qtbot)
    window.setUpdatesEnabled(False)
    window.show()
    qtbot.wait(50)
    assert window.log == []
    qtbot.waitUntil(lambda: done(window) == ["a", "b"], timeout=5_000)
    assert window.log == ["a", "b"]


def test_nothing_is_called_any_more_once_it_was_dropped(qtbot: QtBot) -> None:
    window = told(qtbot)
    window.show()
    window.after.drop()
    qtbot.waitUntil(lambda: "painted" in window.log)
    qtbot.wait(20)
    assert done(window) == []


def test_what_fails_does_not_keep_the_rest_from_being_done(qtbot: QtBot) -> None:
    log: list[str] = []

    def fail() -> None:
        raise ValueError("of the test")

    window = QWidget()
    qtbot.addWidget(window)
    after = AfterFirstPaint(window, (fail, lambda: log.append("b")))
    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(lambda: log == ["b"])
    assert [kind for kind, *_ in caught] == [ValueError]
    after.drop()
