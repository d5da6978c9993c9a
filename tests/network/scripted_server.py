"""A DICOMweb server of tests' own that does what a script says: answers well, badly, slowly or not at all."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pydicom import dcmread

BOUNDARY = "a-boundary-of-tests"
MULTIPART = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'


class Handler(BaseHTTPRequestHandler):
    """One request; what a script calls to answer it."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.server.take(self, length)
        self.server.requests.append((self.command, self.path, dict(self.headers)))
        try:
            self.server.script(self)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    do_GET = handle_any  # noqa: N815 - http.server looks for these names
    do_POST = handle_any  # noqa: N815

    def reply(
        self, status: int = 200, body: bytes = b"", kind: str = "application/dicom+json", **headers: str
    ) -> None:
        """A whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self, kind: str, length: int | None = None) -> None:
        """The head of an answer whose body follows; without a length it ends with the connection."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def drip(self, piece: bytes, every_s: float) -> None:
        """Send the same again and again until nobody listens or the test is over."""
        while not self.server.over.wait(every_s):
            self.wfile.write(piece)
            self.wfile.flush()
            self.server.n_sent_bytes += len(piece)


class Server(ThreadingHTTPServer):
    """What the handlers share."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Callable[[Handler], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.over = threading.Event()
        self.n_sent_bytes = 0
        self.scheme = "http"
        self.take: Callable[[Handler, int], bytes] = lambda handler, length: handler.rfile.read(length)
        """Reads what is sent."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/dicom-web"

    def handle_error(self, *_: object) -> None:
        """Clients that go away in the middle are what many of the tests are about."""


@contextmanager
def serving(
    script: Callable[[Handler], None],
    certificate: tuple[Path, Path] | None = None,
    clients: Path | None = None,
) -> Iterator[Server]:
    """Run a server in a thread until the end of the block.

    Parameters
    ----------
    script : callable
        Called for each request.
    certificate : (Path, Path), optional
        Certificate and key (PEM), for TLS.
    clients : Path, optional
        Certificates of those who may come in.
    """
    server = Server(script)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        # In the thread of the request, not in the one that takes connections.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that no authority issued, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def multipart(objects: Sequence[bytes]) -> bytes:
    """A whole multipart message."""
    parts = [
        b"--%s\r\nContent-Type: application/dicom\r\n\r\n%s\r\n" % (BOUNDARY.encode(), data)
        for data in objects
    ]
    return b"".join(parts) + b"--%s--\r\n" % BOUNDARY.encode()


class Archive:
    """A script that answers well from files of one study; tests replace single answers.

    Parameters
    ----------
    files : sequence of Path
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self.objects: dict[str, dict[str, bytes]] = {}
        for file in files:
            ds = dcmread(file, stop_before_pixels=True)
            self.study_uid = str(ds.StudyInstanceUID)
            self.objects.setdefault(str(ds.SeriesInstanceUID), {})[str(ds.SOPInstanceUID)] = file.read_bytes()
        self.whole: Callable[[Handler, bytes], None] = lambda handler, body: handler.reply(
            200, body, MULTIPART
        )
        """Answers a request for a whole series; gets the message."""
        self.single: Callable[[Handler, bytes], None] = self.whole
        """Answers a request for one object."""

    def __call__(self, handler: Handler) -> None:
        path = handler.path.partition("?")[0]
        found = re.fullmatch(
            r"/dicom-web/studies(?:/([^/]+)/series(?:/([^/]+)(?:/instances(?:/([^/]+))?)?)?)?", path
        )
        study, series, sop = found.groups() if found else (None, None, None)
        if study not in (None, self.study_uid) or series not in (None, *self.objects):
            handler.reply(404)
        elif path.endswith("/studies"):
            handler.reply(200, self._listing({"0020000D": self.study_uid}))
        elif path.endswith("/series"):
            handler.reply(200, self._listing(*({"0020000E": uid} for uid in self.objects)))
        elif path.endswith("/instances"):
            handler.reply(200, self._listing(*({"00080018": uid} for uid in self.objects[series])))
        elif sop is not None:
            self.single(handler, multipart([self.objects[series][sop]]))
        else:
            self.whole(handler, multipart(list(self.objects[series].values())))

    @staticmethod
    def _listing(*found: dict[str, str]) -> bytes:
        items = [{tag: {"vr": "UI", "Value": [uid]} for tag, uid in each.items()} for each in found]
        return json.dumps(items).encode()


def slowly(handler: Handler, body: bytes, pieces: int, every_s: float) -> None:
    """A whole answer in pieces."""
    handler.begin(MULTIPART, len(body))
    size = -(-len(body) // pieces)
    for start in range(0, len(body), size):
        handler.wfile.write(body[start : start + size])
        handler.wfile.flush()
        time.sleep(every_s)
