"""A study fetched by the window over a slow line: when its first image is shown, and when all are. Prints JSON.

fetch.py C-GET|DICOMweb FOLDER MB_A_SECOND [encrypted]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "ui"), str(HERE.parents[1])]

import keyring  # noqa: E402 - after the path
from keyring.backends.null import Keyring  # noqa: E402
from memory_keyring import MemoryKeyring  # noqa: E402
from window import app_module, settle, tell, wait  # noqa: E402


def main() -> None:
    protocol, folder, rate = sys.argv[1:4]
    # Nobody's keyring is asked.
    keyring.set_keyring(MemoryKeyring() if sys.argv[4:] == ["encrypted"] else Keyring())
    command = [sys.executable, str(HERE / "slow_archive.py"), protocol, folder, rate]
    with (
        tempfile.TemporaryDirectory() as cache,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as archive,
    ):
        os.environ["XDG_CACHE_HOME"] = cache
        assert archive.stdout is not None and archive.stdin is not None
        try:
            at = json.loads(archive.stdout.readline())
            tell(measured(protocol, int(at["port"]), str(at["study"]), len(list(Path(folder).glob("*.dcm")))))
        finally:
            archive.stdin.close()


def measured(protocol: str, port: int, study: str, n: int) -> dict[str, float]:
    """Seconds from the request to the first and the last image; the event loop's longest stop meanwhile, in ms."""
    from gap_meter import GapMeter

    from ichviewer.network.peers import DicomNode, Peer, WebServer

    peer: Peer = (
        DicomNode("archive", "PEER", "127.0.0.1", port)
        if protocol == "C-GET"
        else WebServer("archive", f"http://127.0.0.1:{port}/dicom-web")
    )
    module = app_module()
    window = module.make_window(module.make_app())
    window.resize(1600, 1000)
    window.show()
    session = window.session
    wait(lambda: session.model.model is not None)
    settle()
    meter = GapMeter()
    meter.start()
    began, cpu = time.monotonic(), time.process_time()

    def after(until: Callable[[], bool]) -> float:
        wait(until)
        return time.monotonic() - began

    window.network.retrieval.fetch(peer, study)
    first_s = after(lambda: window.viewing.shown is not None)
    fetched_s = after(lambda: not window.network.retrieval.running)
    all_s = after(lambda: sum(map(len, session.catalog.series)) == n and not session.reading)
    cpu_s = time.process_time() - cpu
    meter.stop()
    session.analysis.cancel()
    window.close()
    return {
        "first_s": first_s,
        "fetched_s": fetched_s,
        "all_s": all_s,
        "cpu_s": cpu_s,
        "own_gap_ms": max(gap.own_ms for gap in meter.gaps),
        "computed_gap_ms": max(gap.computed_ms for gap in meter.gaps),
    }


if __name__ == "__main__":
    main()
