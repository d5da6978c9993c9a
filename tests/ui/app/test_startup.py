"""The window stands quickly because nothing is loaded or built for it that its first picture does not need."""

from __future__ import annotations

import gc
import json
import subprocess
import sys

import pytest

from ichviewer.errors import IchViewerError
from ichviewer.ui.app import app as start

CODE = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from ichviewer.ui.app import app as start

made = start.make_window

def make_window(app, **options):
    from PySide6.QtCore import QEvent, QObject, QTimer

    window, seen = made(app, **options), {}

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and not seen:
                seen["painted"] = sorted(sys.modules)
            return False

    def tell():
        # Nobody has to do anything for what follows the first paint.
        import gc
        if "pyqtgraph" in sys.modules and gc.isenabled() and window.session.model.card is not None:
            timer.stop()
            print(json.dumps({**seen, "later": sorted(sys.modules)}))
            window.close()

    watch = Watch(window)
    window.installEventFilter(watch)
    timer = QTimer(window, interval=10)
    timer.timeout.connect(tell)
    timer.start()
    return window

start.make_window = make_window
sys.exit(start.run_viewer([]))
"""

HEAVY = (
    "PIL",
    "ai_edge_litert",
    "cryptography",
    "dicomweb_client",
    "highdicom",
    "imagecodecs",
    "keras",
    "keyring",
    "matplotlib",
    "pydicom",
    "pynetdicom",
    "requests",
    "scipy",
    "sklearn",
    "sqlite3",
    "tensorflow",
)
"""Loaded when it is used."""

AFTERWARDS = ("importlib.metadata", "ichviewer.inference", "pyqtgraph")
"""Loaded by itself, behind the first paint."""

ON_USE = (
    "ichviewer.results",
    "ichviewer.services.export",
    "ichviewer.services.outputs",
    "ichviewer.ui.dialogs",
    "ichviewer.ui.panes.reformat_pane",
    "ichviewer.ui.panes.reformat_set",
    "ichviewer.ui.app.command_context",
    "ichviewer.ui.report",
    "ichviewer.ui.tools.plane_regions",
    "ichviewer.ui.tools.plane_tools",
    "ichviewer.ui.tools.region_boxes",
    "ichviewer.ui.tools.region_hand",
    "ichviewer.ui.tools.region_panel",
    "ichviewer.ui.tools.region_work",
)
"""Modules and rooms of our own: dialogs, reports, reformats, panels that are hidden at first."""

NEEDED = {"ichviewer.ui.dialogs", "ichviewer.ui.dialogs.input_problems", "ichviewer.ui.dialogs.key_rows"}
"""Of these, what the window says at first."""


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """Modules when the window is painted for the first time, and a moment later."""
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=120, check=True
    )
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def among(modules: list[str], names: tuple[str, ...]) -> set[str]:
    return {m for m in modules if any(m == name or m.startswith(f"{name}.") for name in names)}


def test_the_window_loads_no_model_runtime_and_no_decoder(loaded: dict[str, list[str]]) -> None:
    assert "ichviewer.ui.app.main_window" in loaded["painted"]
    assert among(loaded["painted"], HEAVY) == set()
    assert among(loaded["later"], HEAVY) <= {m for m in loaded["later"] if m.startswith("sqlite3")}


def test_what_the_first_picture_needs_is_loaded_behind_the_first_paint(loaded: dict[str, list[str]]) -> None:
    assert among(loaded["painted"], AFTERWARDS) == set()
    assert {"pyqtgraph", "ichviewer.inference.model_card"} <= set(loaded["later"])


def test_dialogs_reports_reformats_and_hidden_panels_are_loaded_on_use(loaded: dict[str, list[str]]) -> None:
    assert among(loaded["painted"], ON_USE) - NEEDED == set()


def test_garbage_is_looked_for_again_where_no_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        assert not gc.isenabled()
        raise IchViewerError("no display")

    monkeypatch.setattr(start, "check_platform", refuse)
    with pytest.raises(IchViewerError, match="no display"):
        start.run_viewer([])
    assert gc.isenabled()
