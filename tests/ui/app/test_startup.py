"""The window stands quickly because nothing heavy is loaded for it."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from ichviewer.ui.app.app import make_app, make_window
app = make_app()
window = make_window(app)
window.show()
app.processEvents()
heavy = ("tensorflow", "keras", "ai_edge_litert", "pydicom", "imagecodecs", "scipy", "matplotlib", "sklearn", "PIL")
loaded = [m for m in heavy if m in sys.modules]
window.close()
print(json.dumps(loaded))
"""


def test_the_window_loads_no_model_runtime_and_no_decoder() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=120, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []
