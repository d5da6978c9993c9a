"""Numbers about a node, in the text format of Prometheus (version 0.0.4), served on the loopback only.

They name no patient and no study.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ichviewer.errors import IchViewerError, NetworkError
from ichviewer.network.node.entry import AT_WORK
from ichviewer.network.node.tally import BOUNDS_S, Tally
from ichviewer.network.outbox_counts import OutboxCounts
from ichviewer.network.peers import LOOPBACK

log = logging.getLogger("ichviewer.network")

_READING_S = 5.0
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Figures:
    """What is said of a node.

    Parameters
    ----------
    worklist : Tally
    outbox : OutboxCounts
    n_taken, n_refused : int
        Objects since the node started.
    model, version, program : str
    """

    worklist: Tally
    outbox: OutboxCounts
    n_taken: int
    n_refused: int
    model: str
    version: str
    program: str

    def text(self) -> str:
        """As Prometheus reads it."""
        states = {state.value: number for state, number in self.worklist.states.items()}
        groups = {group.name.lower(): number for group, number in self.worklist.groups.items()}
        queue = sum(self.worklist.states[state] for state in AT_WORK)
        lines = [
            *_family(
                "studies", "gauge", "Studies of the worklist by their state.", _labeled("state", states)
            ),
            *_family("groups", "gauge", "Studies of the worklist by urgency.", _labeled("group", groups)),
            *_family("queue", "gauge", "Studies without a result of all that has arrived.", {"": queue}),
            *_family(
                "failures",
                "gauge",
                "Failed tries of studies since objects last came to them.",
                {"": self.worklist.failures},
            ),
            *_family(
                "outbox",
                "gauge",
                "Objects that were not delivered by their state.",
                _labeled("state", self.outbox.undelivered),
            ),
            *_family(
                "objects_sent_total",
                "counter",
                "Objects delivered since the outbox was made.",
                {"": self.outbox.sent},
            ),
            *_family("objects_taken_total", "counter", "Objects taken since the start.", {"": self.n_taken}),
            *_family(
                "objects_refused_total", "counter", "Objects refused since the start.", {"": self.n_refused}
            ),
            *self._waits(),
            *_family(
                "info",
                "gauge",
                "Model and program.",
                {
                    f'{{model="{_escaped(self.model)}",model_version="{_escaped(self.version)}",'
                    f'program_version="{_escaped(self.program)}"}}': 1
                },
            ),
        ]
        return "\n".join(lines) + "\n"

    def _waits(self) -> list[str]:
        *within, all_of_them = self.worklist.waits
        buckets: dict[str, float] = {
            f'_bucket{{le="{bound:g}"}}': number for bound, number in zip(BOUNDS_S, within, strict=True)
        }
        buckets['_bucket{le="+Inf"}'] = all_of_them
        text = "Seconds from the last object of a study to its result; the latest result of each study."
        return _family(
            "result_seconds",
            "histogram",
            text,
            {**buckets, "_sum": self.worklist.waited_s, "_count": all_of_them},
        )


class MetricsServer:
    """Serves figures under ``/metrics`` until it is closed.

    Parameters
    ----------
    port : int
        On the loopback; 0 for any free one.
    figures : function that returns Figures
        Called for every request, in a thread of its own, and never twice at a time. Where it raises an
        `IchViewerError`, who asks is told that there are no figures now (503).

    Raises
    ------
    NetworkError
        If it cannot listen there.
    """

    def __init__(self, port: int, figures: Callable[[], Figures]) -> None:
        self._one_at_a_time = threading.Lock()
        self._closed = False

        def told() -> str:
            with self._one_at_a_time:
                if self._closed:
                    raise NetworkError("the node ends")
                return figures().text()

        class Handler(BaseHTTPRequestHandler):
            timeout = _READING_S

            def do_GET(self) -> None:
                if self.path != "/metrics":
                    self.send_error(404)
                    return
                try:
                    body = told().encode("utf-8", errors="replace")
                except IchViewerError as error:
                    # The disk or another program keeps the worklist or the outbox from being read.
                    log.warning("metrics cannot be told: %s", error.what)
                    self.send_error(503, explain=error.what)
                    return
                self.send_response(200)
                self.send_header("Content-Type", _CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                # Whoever asked may have gone.
                if not isinstance(sys.exc_info()[1], OSError):
                    log.exception("a bug in telling metrics")

        try:
            self._server = Server((LOOPBACK, port), Handler)
        except OSError as error:
            raise NetworkError(
                "metrics cannot be served", f"{LOOPBACK}:{port}", error.strerror or str(error)
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="ichviewer-metrics"
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop serving; the figures are not asked for any more when it returns."""
        with self._one_at_a_time:
            self._closed = True
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _family(name: str, kind: str, text: str, values: Mapping[str, float]) -> list[str]:
    full = f"ichviewer_node_{name}"
    return [
        f"# HELP {full} {text}",
        f"# TYPE {full} {kind}",
        *(f"{full}{suffix} {value!r}" for suffix, value in values.items()),
    ]


def _labeled(label: str, values: Mapping[str, int]) -> dict[str, float]:
    return {f'{{{label}="{_escaped(name)}"}}': value for name, value in values.items()}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
