"""How long pictures take in a window as large as a 4K screen. Prints JSON.

frames.py STUDY EVENTS LAYOUT | frames.py bare EVENTS

Events come as a mouse sends them at 60 a second: each at its time, or, where the picture of the one before took
longer, as soon as that was painted. Told of each is how long after its time the turn of the event loop ended in which
the picture was painted, and the processor time of the whole process from one event to the next.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, cycle
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "ui")]

from window import opened, picture_of, settle, tell, wait  # noqa: E402 - after the path

SCREEN_PX = (3840, 2160)
EVERY_S = 1 / 60
TIMEOUT_S = 30.0
RADIUS = 0.2
"""Of the circle that the mouse goes, as a part of the height of the pane."""
STEPS_A_CIRCLE = 97


def main() -> None:
    events = int(sys.argv[2])
    if sys.argv[1] == "bare":
        tell(bare(events))
    else:
        tell(program(Path(sys.argv[1]), events, sys.argv[3]))


class Watch:
    """Tells when a change has been painted everywhere.

    Parameters
    ----------
    painted_on : widgets
        A change counts once all of them were painted after it was drawn.
    drawn : signals
        Those of the panes that say that a change is on its way to the screen, in the same order; none where it is
        there from the event on.
    middle : bool
        Whether only a paint of its middle counts: words in a corner have the picture below them painted there, too.
    """

    def __init__(self, painted_on: Sequence[Any], drawn: Sequence[Any] = (), *, middle: bool = True) -> None:
        from PySide6.QtCore import QEvent, QObject

        class Filter(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint and watched not in undrawn:
                    seen = not middle or event.region().contains(watched.rect().center())
                    missing.difference_update({watched} if seen else ())
                return False

        missing, undrawn = self._missing, self._undrawn = set(painted_on), set()
        self._painted_on, self._drawn, self._filter = tuple(painted_on), tuple(drawn), Filter()
        for widget in self._painted_on:
            widget.installEventFilter(self._filter)
        self._told = [
            signal.connect(lambda widget=widget: undrawn.discard(widget))
            for widget, signal in zip(self._painted_on, self._drawn, strict=False)
        ]

    def begin(self) -> None:
        self._missing.update(self._painted_on)
        self._undrawn.update(self._painted_on if self._drawn else ())

    @property
    def painted(self) -> bool:
        return not self._missing

    def end(self) -> None:
        for signal, connection in zip(self._drawn, self._told, strict=True):
            signal.disconnect(connection)
        for widget in self._painted_on:
            widget.removeEventFilter(self._filter)


def paced(watch: Watch, events: Iterator[Callable[[], None]], n: int) -> list[tuple[float, float]]:
    """Ms to the picture of each of ``n`` events, and ms of the processor for it.

    Parameters
    ----------
    watch : Watch
    events : iterator of callables
        Each posts one event that changes what is seen.
    n : int
    """
    found = []
    due = time.perf_counter()
    for _ in range(n):
        event, cpu = next(events), time.process_time()
        watch.begin()
        event()
        turn(lambda: watch.painted)
        now = time.perf_counter()
        took, due = now - due, max(due + EVERY_S, now)
        # What is left to do after a picture belongs to it, and may make the next one late.
        rest(due)
        found.append((1000 * took, 1000 * (time.process_time() - cpu)))
    watch.end()
    return found


def turn(until: Callable[[], bool]) -> None:
    """Let the event loop turn until something holds, and sleep where nothing is to be done: other threads go on."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    wakes = QTimer(interval=1000)
    wakes.start()
    ends = time.monotonic() + TIMEOUT_S
    while not until():
        if time.monotonic() > ends:
            raise SystemExit("no picture came")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def rest(until: float) -> None:
    """Let the event loop turn until a time."""
    from PySide6.QtCore import Qt, QTimer

    over = []
    timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: over.append(True))
    timer.start(max(0, int(1000 * (until - time.perf_counter()))))
    turn(lambda: bool(over))
    while time.perf_counter() < until:
        pass


# The program


def program(study: Path, events: int, layout: str) -> dict[str, Any]:
    """Scrolls, drags the window and measures in a study that is read and analyzed."""
    window = opened(study)
    window.setGeometry(0, 0, *SCREEN_PX)
    # Where nobody manages windows nothing gets the keyboard by itself.
    window.activateWindow()
    wait(window.isActiveWindow)
    if layout == "alone":
        window.panels.toggle()
    else:
        window.panes.use_layout(layout)
    series = window.viewing.series
    for pane in window.panes.shown():
        if pane.series is None:
            window.panes.show_series(pane, series)
    window.viewing.activate(window.viewing.panes[0])
    wait(lambda: window.session.model.model is not None and window.session.analysis.complete)
    for index in range(len(series)):
        window.viewing.go_to(index)
        wait(lambda index=index: all(pane.shown == index for pane in window.panes.shown()))
    settle()
    image, panes = window.image, [pane.image for pane in window.panes.shown()]
    everywhere = Watch([picture_of(pane) for pane in panes], [pane.drawn for pane in panes])
    said = {
        "pane_px": [image.width(), image.height()],
        "scroll": paced(everywhere, scrolling(window), events),
    }
    window.viewing.go_to(len(series) // 2)
    for number, (what, tool) in enumerate((("window", "window"), ("draw", "length"), ("move", "select"))):
        window.tools.use(tool)
        start = number * events
        press(image, start)
        settle()
        watch = (
            Watch([picture_of(image)], [image.drawn])
            if what == "window"
            else Watch([layer_of(image)], middle=False)
        )
        said[what] = paced(watch, dragging(image, start), events)
        release(image, start + events)
        settle()
    # The next run finds the study as this one did.
    for _ in ("move", "draw"):
        window.tools.undo()
    settle()
    window.close()
    return said


def layer_of(image: Any) -> Any:
    """The widget on which a pane's measurements are painted."""
    from ichviewer.ui.tools.drawing_layer import DrawingLayer

    return image.findChild(DrawingLayer)


def scrolling(window: Any) -> Iterator[Callable[[], None]]:
    """By wheel and keys in turn, from the first slice to the last one and back."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QKeyEvent, QWheelEvent

    image, last, step = window.image, len(window.viewing.series) - 1, 1
    here = QPointF(image.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    for by_wheel in cycle((True, False)):
        index = window.viewing.index
        step = 1 if index == 0 else -1 if index == last else step
        if by_wheel:
            event: Any = QWheelEvent(
                here,
                image.mapToGlobal(here),
                QPoint(),
                QPoint(0, -120 * step),
                Qt.MouseButton.NoButton,
                none,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
        else:
            event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Down if step > 0 else Qt.Key.Key_Up, none)
        yield lambda event=event: post(image, event)


def press(image: Any, step: int) -> None:
    from PySide6.QtCore import QEvent

    post(image, mouse(image, QEvent.Type.MouseButtonPress, step))


def dragging(image: Any, start: int) -> Iterator[Callable[[], None]]:
    """Moves of the mouse, the left button down, on from a step of its way."""
    from PySide6.QtCore import QEvent

    for step in count(start + 1):
        event = mouse(image, QEvent.Type.MouseMove, step)
        yield lambda event=event: post(image, event)


def release(image: Any, step: int) -> None:
    from PySide6.QtCore import QEvent

    post(image, mouse(image, QEvent.Type.MouseButtonRelease, step))


def mouse(image: Any, kind: Any, step: int) -> Any:
    """An event of the left button on the way of the mouse, a circle about the center of the pane."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    angle, radius = 2 * math.pi * step / STEPS_A_CIRCLE, RADIUS * image.height()
    here = QPointF(image.rect().center()) + QPointF(radius * math.cos(angle), radius * math.sin(angle))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    moves, ends = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
    return QMouseEvent(
        kind,
        here,
        image.mapToGlobal(here),
        none if moves else left,
        none if ends else left,
        Qt.KeyboardModifier.NoModifier,
    )


def post(target: Any, event: Any) -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.postEvent(target, event)


# The floor


def bare(events: int) -> dict[str, Any]:
    """A widget of the whole screen that paints one of two ready pictures, pixel for pixel."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Bare(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self._pictures = [QImage(*SCREEN_PX, QImage.Format.Format_RGB32) for _ in range(2)]
            for picture, color in zip(self._pictures, ("#224466", "#664422"), strict=True):
                picture.fill(QColor(color))
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, True)
            self.index = 0

        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.User:
                self.index += 1
                self.update()
                return True
            return super().event(event)

        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            painter.drawImage(0, 0, self._pictures[self.index % 2])
            painter.end()

    app = QApplication(sys.argv[:1])
    widget = Bare()
    widget.resize(*SCREEN_PX)
    widget.show()
    settle()
    events_of = iter(lambda: lambda: post(widget, QEvent(QEvent.Type.User)), None)
    said = paced(Watch([widget]), events_of, events)
    widget.close()
    del app
    return {"bare": said}


if __name__ == "__main__":
    main()
