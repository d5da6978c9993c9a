"""The program's window without a display: `start`, `keys`, `gap` or `memory` of a study. Prints JSON.

window.py start STUDY | keys STUDY PRESSES | gap STUDY | memory STUDY
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "ui")]
TIMEOUT_S = 600.0
IDLE_S = 2.0
BARE_SIZE_PX = (1000, 700)


def app_module() -> Any:
    """The module that starts the viewer, wherever this version has it."""
    try:
        from ichviewer.ui.app import app
    except ImportError:
        from ichviewer.ui import app
    return app


def viewport_of(window: Any) -> Any:
    """The widget on which the picture is painted."""
    return picture_of(window.image)


def picture_of(image: Any) -> Any:
    """The widget of a pane on which its picture is painted, wherever this version has it."""
    from PySide6.QtWidgets import QGraphicsView

    view = image.findChild(QGraphicsView)
    return image.layers[0] if view is None else view.viewport()


def wait(until: Callable[[], bool]) -> None:
    """Let the event loop turn until something holds."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop
    from PySide6.QtWidgets import QApplication

    ends = time.monotonic() + TIMEOUT_S
    while not until():
        if time.monotonic() > ends:
            raise SystemExit("the window did not come so far")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, QDeadlineTimer(5))


def opened(study: Path) -> Any:
    """A window with a study whose headers are all read and whose first picture is shown."""
    module = app_module()
    app = module.make_app()
    window = module.make_window(app)
    window.resize(1600, 1000)
    window.show()
    window.open_paths([study])
    wait(lambda: window.session.is_open and not window.session.reading and window.viewing.shown is not None)
    return window


# start


def start(study: Path) -> None:
    """The command of the program itself, with a filter that notes the first paints and then closes the window."""
    from memory import cpu_s

    from ichviewer.__main__ import main

    began = float(os.environ["BENCH_STARTED_S"])
    module = app_module()
    made = module.make_window
    said: dict[str, float] = {}

    def make_window(*args: Any, **options: Any) -> Any:
        from PySide6.QtCore import QEvent, QObject, QTimer
        from PySide6.QtWidgets import QApplication, QWidget

        class Watch(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint:
                    if "window_s" not in said:
                        QTimer.singleShot(0, lambda: note("window"))
                    elif (
                        isinstance(watched, QWidget)
                        and window.image.isAncestorOf(watched)
                        and window.viewing.shown is not None
                    ):
                        QTimer.singleShot(0, lambda: note("image"))
                return False

        def note(what: str) -> None:
            if f"{what}_s" not in said:
                said[f"{what}_s"] = time.monotonic() - began
                said[f"{what}_cpu_s"] = cpu_s()
                if what == "window":
                    # What the picture is painted on is there with the first one.
                    app.installEventFilter(watch)
                else:
                    window.close()

        window = made(*args, **options)
        window.resize(1600, 1000)
        watch = Watch(window)
        window.installEventFilter(watch)
        app = QApplication.instance()
        return window

    module.make_window = make_window
    code = main([str(study)])
    if code != 0:
        raise SystemExit(code)
    tell(said)


# keys


def keys(study: Path, presses: int) -> None:
    """Steps through slices that are decoded already, while nothing else goes on."""
    from PySide6.QtCore import Qt

    window = opened(study)
    series = window.viewing.series
    window.session.analysis.cancel()
    wait(lambda: window.session.model.model is not None and not window.session.analysis.running)
    for index in range(len(series)):
        window.viewing.go_to(index)
        wait(lambda index=index: window.viewing.shown == index)
    window.viewing.go_to(0)
    wait(lambda: window.viewing.shown == 0)
    settle()
    viewport, key = viewport_of(window), Qt.Key.Key_Down
    ours = []
    for _ in range(presses):
        if window.viewing.index == len(series) - 1:
            key = Qt.Key.Key_Up
        elif window.viewing.index == 0:
            key = Qt.Key.Key_Down
        before = window.viewing.index
        ours.append(
            pressed(
                window.image,
                viewport,
                key,
                lambda before=before: window.viewing.shown not in (None, before),
            )
        )
    window.close()
    tell({"ours_ms": ours, "bare_ms": bare(presses)})


def settle() -> None:
    """Let everything that was waiting be done."""
    until = time.monotonic() + 1.0
    wait(lambda: time.monotonic() > until)


def pressed(target: Any, painted_on: Any, key: Any, moved: Callable[[], bool]) -> tuple[float, float]:
    """Ms from a key to the end of the turn in which the next picture was painted; of these, computing."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    class Watch(QObject):
        seen = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or (event.type() == QEvent.Type.Paint and moved())
            return False

    watch = Watch()
    painted_on.installEventFilter(watch)
    began, cpu = time.perf_counter(), time.thread_time()
    QApplication.postEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    wait(lambda: watch.seen)
    took = 1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - cpu)
    painted_on.removeEventFilter(watch)
    # What comes after it belongs to this key: it must not wait in front of the next one.
    settled = time.monotonic() + 0.02
    wait(lambda: time.monotonic() > settled)
    return took


def bare(presses: int) -> list[tuple[float, float]]:
    """The same of a widget that paints one of two ready pictures of 512 x 512 px, scaled to its height."""
    import numpy as np
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
    from PySide6.QtWidgets import QWidget

    class Bare(QWidget):
        def __init__(self) -> None:
            super().__init__()
            levels = [np.random.default_rng(seed).integers(0, 255, (512, 512), np.uint8) for seed in (0, 1)]
            self._pictures = [
                QImage(level.tobytes(), 512, 512, QImage.Format.Format_Grayscale8) for level in levels
            ]
            self._levels = levels
            self.index = 0

        def keyPressEvent(self, event: QKeyEvent) -> None:
            self.index += 1
            self.update()

        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            side = self.height()
            painter.drawImage(QRect(0, 0, side, side), self._pictures[self.index % 2])
            painter.end()

    widget = Bare()
    widget.resize(*BARE_SIZE_PX)
    widget.show()
    settle()
    found = []
    for _ in range(presses):
        before = widget.index
        found.append(pressed(widget, widget, Qt.Key.Key_Down, lambda before=before: widget.index != before))
    return found


# gap


def gap(study: Path) -> None:
    """From the opening of a study to its last finding, after two idle seconds."""
    from gap_meter import GapMeter

    module = app_module()
    app = module.make_app()
    window = module.make_window(app)
    window.resize(1600, 1000)
    window.show()
    settle()

    def measured(until: Callable[[], bool]) -> dict[str, float]:
        meter = GapMeter()
        meter.start()
        wait(until)
        meter.stop()
        return {
            "own_ms": max(g.own_ms for g in meter.gaps),
            "computed_ms": max(g.computed_ms for g in meter.gaps),
            "worst_ms": meter.worst_ms(),
        }

    until = time.monotonic() + IDLE_S
    idle = measured(lambda: time.monotonic() > until)
    session = window.session
    window.open_paths([study])
    busy = measured(
        lambda: (
            session.is_open
            and not session.reading
            and session.model.model is not None
            and session.analysis.complete
        )
    )
    window.close()
    tell({"idle": idle, "busy": busy})


# memory


def memory(study: Path) -> None:
    """Views every slice once, then adds up the memory of all processes."""
    from memory import memory_mb

    window = opened(study)
    for index in range(len(window.viewing.series)):
        window.viewing.go_to(index)
        wait(lambda index=index: window.viewing.shown == index)
    settle()
    resident, proportional = memory_mb()
    window.close()
    tell({"resident_mb": resident, "proportional_mb": proportional})


def tell(said: dict[str, Any]) -> None:
    """Print what was found, and whose package it was."""
    import ichviewer

    print(json.dumps({"package": ichviewer.__file__, **said}), flush=True)


if __name__ == "__main__":
    what, study = sys.argv[1], Path(sys.argv[2])
    calls = {"start": start, "keys": keys, "gap": gap, "memory": memory}
    calls[what](study, *map(int, sys.argv[3:]))  # type: ignore[operator]
