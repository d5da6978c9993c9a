"""pydicom comes without `requests`, for its own thread only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(script: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def test_pydicom_is_imported_and_requests_is_not():
    script = """
import sys
from ichviewer.dicom.lean_pydicom import import_pydicom
import_pydicom()
print("pydicom" in sys.modules, "requests" in sys.modules)
import requests
print(requests.__name__)
"""
    assert run(script) == "True False\nrequests"


def test_what_pydicom_reads_is_the_same_without():
    script = """
import {0}
from ichviewer.dicom.lean_pydicom import import_pydicom
import_pydicom()
from pydicom.pixels import get_decoder
from pydicom.uid import JPEG2000Lossless, RLELossless
print([get_decoder(uid).available_plugins for uid in (JPEG2000Lossless, RLELossless)])
"""
    assert run(script.format("sys")) == run(script.format("requests"))


def test_other_threads_are_not_concerned(tmp_path: Path):
    # In place of pydicom: asks for `requests` itself, then has another thread do so.
    (tmp_path / "pydicom.py").write_text("""
import threading
try:
    import requests
    here = True
except ImportError:
    here = False
there = []
thread = threading.Thread(target=lambda: there.append(__import__("requests").__name__))
thread.start()
thread.join()
""")
    script = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from ichviewer.dicom.lean_pydicom import import_pydicom
before = list(sys.meta_path)
import_pydicom()
import pydicom
print(pydicom.here, pydicom.there, sys.meta_path == before)
"""
    assert run(script) == "False ['requests'] True"


def test_an_import_that_fails_leaves_nothing_behind():
    script = """
import sys
from ichviewer.dicom.lean_pydicom import import_pydicom
sys.modules["pydicom"] = None
try:
    import_pydicom()
except ImportError:
    import requests
    print("requests" in sys.modules)
"""
    assert run(script) == "True"
