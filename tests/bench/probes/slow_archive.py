"""An archive with the files of a folder, behind a line of so many MB/s; prints its port, ends with its input.

slow_archive.py C-GET|DICOMweb FOLDER MB_A_SECOND
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "network"))

from pydicom import dcmread  # noqa: E402 - after the path
from pydicom.dataset import Dataset  # noqa: E402 - as above

_BLOCK_BYTES = 16 * 1024


class Line:
    """A line to a port of the loopback, which lets so many bytes a second through, all connections together."""

    def __init__(self, port: int, bytes_a_second: float) -> None:
        self._port, self._rate = port, bytes_a_second
        self._lock = threading.Lock()
        self._free_at_s = 0.0
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", self._port))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(_BLOCK_BYTES):
                with self._lock:
                    now = time.monotonic()
                    self._free_at_s = max(now, self._free_at_s) + len(data) / self._rate
                    wait_s = self._free_at_s - now
                time.sleep(wait_s)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            target.close()


def serve_node(files: list[Path]) -> int:
    """A node that answers C-FIND and C-GET; its port."""
    from pynetdicom import AE, build_context, evt
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as Find
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet as Get

    datasets = [dcmread(path) for path in files]

    def find(event: Any) -> Iterator[tuple[int, Dataset | None]]:
        if event.identifier.QueryRetrieveLevel == "SERIES":
            found = Dataset()
            found.SeriesInstanceUID = datasets[0].SeriesInstanceUID
            yield 0xFF00, found
        else:
            for ds in datasets:
                found = Dataset()
                found.SOPInstanceUID, found.SOPClassUID = ds.SOPInstanceUID, ds.SOPClassUID
                yield 0xFF00, found
        yield 0x0000, None

    def get(_: Any) -> Iterator[Any]:
        yield len(datasets)
        for ds in datasets:
            yield 0xFF00, ds

    entity = AE(ae_title="PEER")
    image = build_context(datasets[0].SOPClassUID)
    image.scu_role = image.scp_role = True
    server = entity.start_server(
        ("127.0.0.1", 0),
        block=False,
        contexts=[build_context(Find), build_context(Get), image],
        evt_handlers=[(evt.EVT_C_FIND, find), (evt.EVT_C_GET, get)],
    )
    return int(server.server_address[1])


def serve_web(files: list[Path]) -> int:
    """A DICOMweb server; its port."""
    from scripted_server import Archive, Server

    server = Server(Archive(files))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def main() -> None:
    protocol, folder, rate = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    files = sorted(folder.glob("*.dcm"))
    port = (serve_node if protocol == "C-GET" else serve_web)(files)
    line = Line(port, 1e6 * rate)
    study = str(dcmread(files[0], stop_before_pixels=True).StudyInstanceUID)
    print(json.dumps({"port": line.port, "study": study}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
