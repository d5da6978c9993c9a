"""What native code writes to stderr goes to the log, what Python writes stays on the terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import logging, os, sys, time
from ichviewer import logs
logs.setup({verbose})
from ichviewer.dicom.native_stderr import send_native_stderr_to_log
send_native_stderr_to_log()
from rle.rle import decode_segment
try:
    decode_segment(b"")
except BaseException as error:
    assert type(error).__name__ == "PanicException"
for i in range(100_000):
    os.write(2, b"libsomething: warning\\n")
print("a message of ours", file=sys.stderr)
logging.getLogger("ichviewer").warning("a warning of ours")
time.sleep(0.3)
"""


def stderr_of(*, verbose: bool) -> list[str]:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(verbose=verbose)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=root,
    )
    return done.stderr.splitlines()


def test_panics_and_warnings_of_codecs_never_reach_the_terminal() -> None:
    ours, warning = stderr_of(verbose=False)
    assert ours == "a message of ours"
    assert warning.endswith("WARNING ichviewer: a warning of ours")


def test_they_are_in_the_log_up_to_a_bound() -> None:
    lines = stderr_of(verbose=True)
    assert any("panicked" in line and "ichviewer.dicom.native" in line for line in lines)
    assert 100 < sum("ichviewer.dicom.native" in line for line in lines) <= 200
    assert "a message of ours" in lines
