"""HTTP as far as a server can be trusted: no redirects, bounded answers, no credentials of other programs.

The library `dicomweb_client` speaks DICOMweb through the session that it is given. This one looks at every answer
before the library reads it, and at every block of it while it does.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from ichviewer.network.http_watch import Watch, WatchedAdapter
from ichviewer.network.peers import WebAuthorization, WebServer
from ichviewer.network.secrets import Secret
from ichviewer.network.tls import client_context

OBJECTS = 'multipart/related; type="application/dicom"; transfer-syntax=*'
"""Objects as files, in whatever transfer syntax the server has them (PS3.18 section 8.7.3.5.2)."""
JSON = "application/dicom+json"
_JSON_KINDS = (JSON, "application/json")

_BLOCK_BYTES = 256 * 1024
# Slower than this over a whole timeout counts as silence.
_LEAST_RATE_BYTES_S = 1024
_QUOTED = 200


@dataclass(frozen=True)
class Bounds:
    """How much of an answer is taken into memory.

    Parameters
    ----------
    object_bytes : int
        One object. A multi-frame CT of 2,000 frames of 512 x 512 pixels takes 1 GiB.
    listing_bytes : int
        An answer to a question, in JSON.
    """

    object_bytes: int = 1024**3 + 1024**2
    listing_bytes: int = 64 * 1024**2

    def __post_init__(self) -> None:
        if self.object_bytes < 1 or self.listing_bytes < 1:
            raise ValueError(f"bounds are at least 1 byte. Received: {self}")


class AnswerError(Exception):
    """An answer that is not what was asked for.

    Parameters
    ----------
    text : str
        What it is instead, in words.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class CutShortError(AnswerError):
    """An answer that ended, or fell silent, before it was whole."""


class StatusError(Exception):
    """An answer that says no.

    Parameters
    ----------
    status : int
    retry_after_s : float or None
        How long the server asks us to wait.
    detail : str
        What else it says, shortened: where it redirects to, or how it wants to be asked.
    """

    def __init__(self, status: int, retry_after_s: float | None, detail: str) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after_s = retry_after_s
        self.detail = detail


class GuardedSession(requests.Session):
    """A session for requests of one kind, one after the other.

    Parameters
    ----------
    server : WebServer
    secret : Secret or None
        Password or token, as the server's authorization asks.
    watch : Watch
    bounds : Bounds
    accept : str
        `OBJECTS` or `JSON`.
    """

    def __init__(
        self, server: WebServer, secret: Secret | None, watch: Watch, bounds: Bounds, accept: str
    ) -> None:
        super().__init__()
        self._server = server
        self._watch = watch
        self._bounds = bounds
        self._accept = accept
        self.warned = False
        """Whether the last answer had a warning, such as that there are more results (PS3.18 section 8.3.4.4)."""
        self.n_requests = 0
        """How many requests were begun."""
        # Always one, so that requests never looks for credentials in a file of other programs (~/.netrc).
        self.auth = _authorization(server, secret)
        self.headers["Accept-Encoding"] = "identity"
        if server.tls.authorities is not None:
            self.verify = str(server.tls.authorities)
        self.mount("http://", WatchedAdapter(watch))
        if server.url.lower().startswith("https:"):
            # Our own certificate is in it: told to requests, a key with a password would be asked for on a terminal.
            self.mount("https://", WatchedAdapter(watch, client_context(server.tls)))
        self.hooks["response"] = [self._look_at]

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request and look at its answer.

        Raises
        ------
        StatusError, AnswerError, requests.RequestException, Cancelled
        """
        self._watch.check()
        # To another server neither patients' data nor credentials are sent.
        kwargs["allow_redirects"] = False
        request.headers["Accept"] = self._accept
        # The library sets it without the port.
        request.headers.pop("Host", None)
        self.n_requests += 1
        request.url = _plain_query(request.url or "")
        timeouts = self._server.timeouts
        if isinstance(request.body, bytes):
            request.body = _Upload(request.body, self._watch, timeouts.idle_s, timeouts.answer_s)
        self._watch.until(timeouts.answer_s, "no answer came in time")
        return super().send(request, **kwargs)

    def merge_environment_settings(self, url: Any, *settings: Any) -> Any:
        """Take proxies from the system's environment, but never its authorities in place of this source's own."""
        merged = super().merge_environment_settings(url, *settings)
        if self._server.tls.authorities is not None:
            merged["verify"] = self.verify
        return merged

    def _look_at(self, response: requests.Response, **_: Any) -> requests.Response:
        """Refuse an answer by its head, or guard its body. Called before the body is read."""
        try:
            self._check_head(response)
        except BaseException:
            response.close()
            raise
        self.warned = "Warning" in response.headers
        boundary = _boundary(response) if self._accept == OBJECTS else b""
        timeouts = self._server.timeouts
        response.raw = _GuardedBody(
            response.raw,
            self._watch,
            boundary,
            most_bytes=self._bounds.object_bytes if boundary else self._bounds.listing_bytes,
            idle_s=timeouts.idle_s,
            # An answer to a question is small: it has as long as the server had to begin it.
            whole_s=None if boundary else timeouts.answer_s,
        )
        return response

    def _check_head(self, response: requests.Response) -> None:
        status = response.status_code
        kind = _media_type(response)
        # Of objects that are all refused (409) the body says why each is (PS3.18 section 10.5.3.1).
        refused_objects = status == 409 and response.request.method == "POST" and kind in _JSON_KINDS
        if not (200 <= status < 300 or refused_objects):
            raise StatusError(status, _retry_after_s(response), _detail(response))
        # An answer without content needs no type.
        if status == 204 or response.headers.get("Content-Length") == "0":
            return
        if self._accept == OBJECTS and kind != "multipart/related":
            raise AnswerError(_other_kind(kind, "DICOM objects"))
        if self._accept == JSON and kind not in _JSON_KINDS:
            if response.request.method == "POST" and kind.endswith("xml"):
                return
            raise AnswerError(_other_kind(kind, "DICOM JSON"))
        # The library compares the whole text, which may name a character set.
        response.headers["Content-Type"] = (
            response.headers["Content-Type"] if self._accept == OBJECTS else kind
        )


class _Upload(io.BytesIO):
    """What is sent, taken in blocks.

    In one piece all of it would have to pass within one timeout of the socket, however large it is.
    """

    def __init__(self, data: bytes, watch: Watch, idle_s: float, answer_s: float) -> None:
        super().__init__(data)
        self._watch = watch
        self._idle_s = idle_s
        self._answer_s = answer_s

    def read(self, size: int | None = -1, /) -> bytes:
        """Give the next block to be sent."""
        self._watch.check()
        block = super().read(size)
        if block:
            self._watch.until(self._idle_s, "the server stopped taking what is sent")
        else:
            self._watch.until(self._answer_s, "no answer came in time")
        return block


class _GuardedBody:
    """The body of an answer, in the form that requests reads.

    Bounds the bytes of each part (or of the whole, where there are no parts), the time between them and their rate,
    and notices the end of a multipart message that lacks its last line: what came of its last part is no whole
    object.
    """

    def __init__(
        self,
        raw: Any,
        watch: Watch,
        boundary: bytes,
        *,
        most_bytes: int,
        idle_s: float,
        whole_s: float | None,
    ) -> None:
        self._raw = raw
        self._watch = watch
        self._boundary = boundary
        self._most_bytes = most_bytes
        self._idle_s = idle_s
        self._whole_s = whole_s
        self._tail = b""
        self._ended = False
        self._since_boundary_bytes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, chunk_size: int, decode_content: bool | None = None) -> Iterator[bytes]:
        """Blocks as they come, `_BLOCK_BYTES` at most."""
        del chunk_size  # a block that is waited for until it is full would hide how slowly it comes
        try:
            yield from self._blocks()
        except BaseException:
            # requests closes an answer only after it was read to its end.
            self._raw.close()
            raise

    def _blocks(self) -> Iterator[bytes]:
        if self._whole_s is not None:
            self._watch.until(self._whole_s, "the answer did not end in time")
        window_start_s, window_bytes = time.monotonic(), 0
        while True:
            if self._whole_s is None:
                self._watch.until(self._idle_s, "the server fell silent in the middle of its answer")
            block = self._raw.read1(_BLOCK_BYTES, decode_content=True)
            self._watch.check()
            if self._watch.reason:
                raise CutShortError(self._watch.reason)
            if not block:
                break
            window_bytes += len(block)
            now_s = time.monotonic()
            if self._whole_s is None and now_s - window_start_s > self._idle_s:
                if window_bytes < _LEAST_RATE_BYTES_S * (now_s - window_start_s):
                    raise CutShortError("the server sends too slowly to ever end")
                window_start_s, window_bytes = now_s, 0
            self._count(block)
            # While the caller stores what came nothing is waited for.
            if self._whole_s is None:
                self._watch.rest()
            yield block
        self._watch.rest()
        if self._boundary and not self._ended:
            raise CutShortError("the answer ended in the middle")

    def _count(self, block: bytes) -> None:
        """Bound what must be in memory at one time, and look for the ends of parts and of the message."""
        self._since_boundary_bytes += len(block)
        if self._boundary:
            window = self._tail + block
            if self._boundary + b"--" in window:
                self._ended = True
            last = window.rfind(self._boundary)
            if last >= 0:
                self._since_boundary_bytes = len(window) - last
            self._tail = window[-len(self._boundary) - 1 :]
        if self._since_boundary_bytes > self._most_bytes:
            kind = "an object of the answer" if self._boundary else "the answer"
            raise AnswerError(
                f"{kind} is larger than {self._most_bytes / 1024**2:,.0f} MB, which is not taken"
            )


class _Bearer(AuthBase):
    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


class _Nobody(AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _authorization(server: WebServer, secret: Secret | None) -> AuthBase:
    if secret is None or server.authorization is WebAuthorization.NONE:
        return _Nobody()
    if server.authorization is WebAuthorization.BASIC:
        # As bytes: of texts, requests takes those of Latin-1 only.
        return HTTPBasicAuth(server.user.encode(), secret.reveal().encode())
    return _Bearer(secret)


def _plain_query(url: str) -> str:
    """An address whose query escapes no more than it must (RFC 3986 section 3.4), with spaces as spaces.

    The library escapes all; servers that look at a query as it is written (Orthanc 1.10) would find no wildcards.
    """
    path, mark, query = url.partition("?")
    for escaped, plain in (("%2A", "*"), ("%3F", "?"), ("%2C", ","), ("+", "%20")):
        query = query.replace(escaped, plain)
    return path + mark + query


def _boundary(response: requests.Response) -> bytes:
    """What begins each part of a multipart message; an `AnswerError` where its head does not say."""
    found = re.search(r'boundary="?([^";,\s]+)', response.headers.get("Content-Type", ""), re.IGNORECASE)
    if found is None:
        response.close()
        raise AnswerError("the server does not say where its objects begin and end (no boundary)")
    return b"--" + found[1].encode("latin-1")


def _media_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _other_kind(kind: str, wanted: str) -> str:
    if kind == "text/html":
        return (
            f"a web page came instead of {wanted}; is the path of the address right, and is nothing in between, "
            "such as a page to log in"
        )
    return f"{kind or 'something without a type'} came instead of {wanted}"


def _retry_after_s(response: requests.Response) -> float | None:
    """Retry-After of RFC 9110 section 10.2.3, in seconds; a date counts from the server's own clock."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    if not text:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - rare

    try:
        wanted = parsedate_to_datetime(text)
        now = parsedate_to_datetime(response.headers["Date"])
        return max((wanted - now).total_seconds(), 0.0)
    except (KeyError, TypeError, ValueError):
        return None


def _detail(response: requests.Response) -> str:
    name = {401: "WWW-Authenticate"}.get(
        response.status_code, "Location" if response.status_code < 400 else ""
    )
    return response.headers.get(name, "")[:_QUOTED] if name else ""
