# ruff: noqa: E402 - paths and the platform are set first
"""A window in another language, in a process of its own, because its words are looked up when its modules are loaded.

``python speaking_window.py LANGUAGE FOLDER [PERCENT]``: opens a study with a scripted model, goes through the window
and its dialogs, and prints as JSON every text met, by where it was, and every text that had too little room. The
language ``marks`` puts ⟦ ⟧ around everything that is looked up.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from ichviewer.ui.app.app import make_app
from ichviewer.ui.look.language import set_lookup
from ichviewer.ui.look.translators import speak

MARKS = "marks"
SMALL = (1024, 600)
PATIENCE_S = 60.0
COMMANDS = (
    "help.keys", "help.problems", "help.news", "help.about", "help.tags", "file.settings", "file.report_pdf",
    "file.save_picture", "file.save_series", "view.window_values", "file.find_studies",
    "file.sources", "file.outbox", "file.worklist",
)  # fmt: skip
"""Each opens a dialog of the window's own."""


def marked(words: str, _apart: str, _number: int) -> str:
    """Words as no language has them."""
    return f"⟦{words}⟧"


class Walk:
    """Goes through a window and keeps what it says."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app = app
        self.texts: dict[str, set[str]] = {}
        self.cut: dict[str, list[str]] = {}
        self.folder = folder
        self.window = self._window()

    def _window(self):
        from dataclasses import replace

        from fake_backend import Script, scripted_backend

        from ichviewer.services.annotations_db import AnnotationsDb
        from ichviewer.ui.app.main_window import MainWindow
        from ichviewer.ui.session.ui_settings import UiSettings
        from ichviewer.ui.sources.network_access import NetworkAccess

        self.gate = threading.Event()
        self.gate.set()
        self.script = Script(flagged=[1, 2], gate=self.gate)
        own = self.folder / "own"
        own.mkdir()
        backend = replace(
            scripted_backend(self.script),
            open_annotations=lambda _: AnnotationsDb(own / "annotations.sqlite3"),
        )
        settings = UiSettings(QSettings(str(own / "settings.ini"), QSettings.Format.IniFormat))
        network = NetworkAccess(
            sources_file=own / "sources.toml", cache_folder=own / "studies", outbox_folder=own / "outbox"
        )
        return MainWindow(settings, backend, network=network)

    def wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > until:
                raise TimeoutError("the window did not get ready")
            QTest.qWait(10)

    def look(self, place: str, root: QWidget) -> None:
        """Keep every text of a widget and all below it."""
        from cut_words import cut
        from text_walk import texts_of

        QTest.qWait(30)
        found = {text for _, _, text in texts_of(root) if text}
        self.texts.setdefault(place, set()).update(found)
        lost = cut(root)
        if lost:
            self.cut.setdefault(place, []).extend(lost)

    def look_at_window(self, place: str) -> None:
        from window_words import everything_said

        self.look(place, self.window)
        self.texts[place].update(text for text in everything_said(self.window) if text)

    def go(self) -> None:
        """Everything."""
        window = self.window
        window.resize(*SMALL)
        window.show()
        self.wait(lambda: window.session.model.model is not None)
        self.look_at_window("empty window")
        self.gate.clear()
        window.open_paths([self.folder / "study"])
        self.wait(lambda: window.session.is_open and window.session.analysis.running)
        QTest.qWait(100)
        self.look_at_window("window while it analyzes")
        self.gate.set()
        self.wait(lambda: window.session.analysis.complete and window.viewing.shown == window.viewing.index)
        window.viewing.go_flagged(1)
        self.look_at_window("window")
        window.menus.refresh(window.actions_.state)
        for command in COMMANDS:
            window.actions_[command].trigger()
            self.dialogs(command)
        self.reformats()
        self.tools()
        window.resize(*SMALL)
        self.look_at_window("window at the end")
        window.close()

    def dialogs(self, command: str) -> None:
        """Look at the dialogs that are open, page by page, and close them."""
        from ichviewer.ui.dialogs.settings import SettingsDialog

        QTest.qWait(60)
        opened = [w for w in self.app.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        if not opened or any(isinstance(w, QFileDialog) for w in opened):
            raise AssertionError(f"{command} opens {opened}")
        for dialog in opened:
            if isinstance(dialog, SettingsDialog):
                for page in dialog.pages:
                    dialog.show_page(page)
                    self.look(command, dialog)
            self.look(command, dialog)
            dialog.close()
            dialog.deleteLater()
        QCoreApplication.sendPostedEvents()
        QTest.qWait(30)

    def reformats(self) -> None:
        window = self.window
        window.actions_["view.reformats_shown"].trigger()
        QTest.qWait(600)
        self.look_at_window("reformats")
        window.actions_["view.reformats_shown"].trigger()

    def tools(self) -> None:
        window = self.window
        window.actions_["measure.list"].trigger()
        for name in ("measure.abc2", "measure.volume", "measure.length"):
            window.actions_[name].trigger()
            self.look_at_window("tools")
        window.actions_["layout.panes_1x2"].trigger()
        self.look_at_window("two panes")


def main() -> int:
    language, folder = sys.argv[1], Path(sys.argv[2])
    percent = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(folder / "settings"))
    app = make_app()
    if language == MARKS:
        set_lookup(marked)
    else:
        speak(app, language)
    from ichviewer.ui.look.theme import DARK, apply_theme, look

    apply_theme(app, DARK)
    look().set_text_percent(app, percent)
    failures: list[BaseException] = []

    def note(kind, error, trace) -> None:
        failures.append(error)
        sys.__excepthook__(kind, error, trace)

    # PySide hands what is raised in a slot to it and goes on.
    sys.excepthook = note
    walk = Walk(app, folder)
    walk.go()
    if failures:
        return 1
    told = {"texts": {place: sorted(found) for place, found in walk.texts.items()}, "cut": walk.cut}
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 - this is how the test is told
    return 0


if __name__ == "__main__":
    sys.exit(main())
