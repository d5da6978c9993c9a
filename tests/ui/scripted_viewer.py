"""The viewer with a scripted model, for a test that drives it through a display. Prints where its parts are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

FLAGGED = (2, 8)


def main() -> int:
    from fake_backend import Script, scripted_backend
    from PySide6.QtCore import QPoint, QSettings, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    from ichviewer.ui.app.app import make_app
    from ichviewer.ui.app.main_window import MainWindow
    from ichviewer.ui.look.theme import DARK, apply_theme
    from ichviewer.ui.session.ui_settings import UiSettings

    app: QApplication = make_app()
    apply_theme(app, DARK)
    store = QSettings(sys.argv[1], QSettings.Format.IniFormat)
    window = MainWindow(UiSettings(store), scripted_backend(Script(flagged=FLAGGED)))
    window.setGeometry(0, 0, 1280, 800)
    window.show()
    if sys.argv[2:]:
        window.open_paths([Path(text) for text in sys.argv[2:]])

    def place(widget: QWidget) -> list[int]:
        corner = widget.mapToGlobal(QPoint(0, 0))
        return [corner.x(), corner.y(), widget.width(), widget.height()]

    def say(word: str) -> None:
        grid = window.strip.grid()
        ready = grid is not None and window.viewing.shown is not None
        count = len(window.viewing.series or ())
        columns = [grid.layout.span(i) for i in range(count)] if ready and grid is not None else []
        told = {
            "word": word,
            "image": place(window.image),
            "strip": place(window.strip),
            "columns": [[float(a), float(b)] for a, b in columns],
            "id": int(window.winId()),
        }
        print(json.dumps(told), flush=True)  # noqa: T201 - this is how the test is told

    QTimer.singleShot(300, lambda: say("shown"))
    window.exporter.done.connect(lambda _: say("exported"))
    watch = QTimer(interval=50)

    def analysed() -> None:
        if window.session.is_open and window.session.analysis.complete and window.viewing.shown is not None:
            watch.stop()
            QTimer.singleShot(300, lambda: say("analyzed"))

    watch.timeout.connect(analysed)
    watch.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
