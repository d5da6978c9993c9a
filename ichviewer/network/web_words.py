"""What went wrong with a DICOMweb server, in words that say which side refused and what to do."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import requests
from urllib3 import exceptions as urllib3_errors

from ichviewer.errors import NetworkError
from ichviewer.network.http_session import AnswerError, CutShortError, StatusError
from ichviewer.network.http_watch import Watch
from ichviewer.network.peers import WebAuthorization, WebServer

_BUSY = (429, 503)
_PASSING = (408, 429, 500, 502, 503, 504)
"""Statuses that the same request may not meet again (RFC 9110 section 15)."""


class BusyError(NetworkError):
    """A server that asks to be left alone for a while.

    Parameters
    ----------
    retry_after_s : float or None
        How long; None where it does not say.
    """

    def __init__(self, what: str, where: str, found: str, retry_after_s: float | None) -> None:
        super().__init__(what, where, found, may_retry=True)
        self.retry_after_s = retry_after_s


class MissingError(NetworkError):
    """A server that has nothing under the address asked for."""


class UnreachableError(NetworkError):
    """A server to which no connection could be made, so that nothing was sent."""


def in_words(error: Exception, server: WebServer, watch: Watch) -> NetworkError:
    """Say what an exception of a request means.

    Parameters
    ----------
    error : Exception
        What the request raised.
    server : WebServer
    watch : Watch
        Of the request.
    """
    where = str(server)
    if isinstance(error, NetworkError):
        return error
    if isinstance(error, StatusError):
        return _refusal(error, server)
    if watch.reason:
        return NetworkError(f"the server does not answer: {watch.reason}", where, may_retry=True)
    if isinstance(error, CutShortError):
        return NetworkError(f"the line broke: {error.text}", where, may_retry=True)
    if isinstance(error, AnswerError):
        return NetworkError(f"the server's answer cannot be used: {error.text}", where)
    if isinstance(error, requests.exceptions.InvalidJSONError) or not isinstance(error, OSError):
        return NetworkError(
            "the server's answer makes no sense, perhaps it does not speak DICOMweb",
            where,
            type(error).__name__,
        )
    return _broken_line(error, where)


def _refusal(error: StatusError, server: WebServer) -> NetworkError:
    where, status = str(server), error.status
    found = f"HTTP status {status}"
    if 300 <= status < 400:
        to = f" to {error.detail}" if error.detail else ""
        return NetworkError(
            "the server sends elsewhere, which is not followed, for patients' data could go anywhere; if that is "
            f"right, enter the other address{'' if to else ' (the server does not say which)'}",
            where,
            f"{found}{to}",
        )
    if status in _BUSY:
        wait = "" if error.retry_after_s is None else f", it asks to wait {error.retry_after_s:.0f} s"
        return BusyError(f"the server is busy{wait}", where, found, error.retry_after_s)
    if status == 404:
        return MissingError("the server has nothing under this address; is its path right", where, found)
    return NetworkError(_status_words(error, server), where, found, may_retry=status in _PASSING)


def _status_words(error: StatusError, server: WebServer) -> str:
    status = error.status
    if status == 401:
        if server.authorization is WebAuthorization.NONE:
            asked = f" ({error.detail.partition(' ')[0]})" if error.detail else ""
            return f"the server wants to know who asks{asked}; enter a user and password, or a token"
        kind = "the user and password" if server.authorization is WebAuthorization.BASIC else "the token"
        return f"the server does not accept {kind}"
    words = {
        400: "the server does not understand the request",
        403: "the server does not allow this to whoever asks with these credentials",
        405: "the server does not offer this service here",
        406: "the server cannot give what it has in a form that can be read",
        408: "the server gave up waiting for the request",
        409: "the server refuses, because of what it has already",
        413: "the server takes no object of this size",
        415: "the server takes no objects of this kind",
        501: "the server does not offer this service",
    }
    if status in words:
        return words[status]
    return "the server failed" if status >= 500 else "the server refuses the request"


def _broken_line(error: OSError, where: str) -> NetworkError:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NetworkError(
                "the server's certificate is not trusted; give the certificate of the authority that issued it in "
                "the settings of this source",
                where,
                cause.verify_message,
            )
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return NetworkError("the line broke", where, "the server hung up", may_retry=True)
        if isinstance(cause, ssl.SSLError) and (cause.reason or "").endswith("CERTIFICATE_REQUIRED"):
            return NetworkError(
                "the server wants a certificate of ours; give one and its key in the settings of this source",
                where,
            )
        if isinstance(cause, ssl.SSLError):
            return NetworkError(
                "no encrypted connection can be made; does the server speak https at this port",
                where,
                (cause.reason or type(cause).__name__).replace("_", " ").lower(),
            )
        if isinstance(cause, socket.gaierror):
            return UnreachableError("there is no machine of this name", where, may_retry=True)
        if isinstance(cause, urllib3_errors.ProxyError):
            return UnreachableError("the proxy that the system names cannot be used", where, may_retry=True)
        if isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED:
            return UnreachableError(
                "the machine refuses the connection: nothing listens at this port", where, may_retry=True
            )
    if any(isinstance(cause, urllib3_errors.ConnectTimeoutError) for cause in causes):
        return UnreachableError("the machine cannot be reached: no connection in time", where, may_retry=True)
    if any(isinstance(cause, urllib3_errors.ReadTimeoutError) for cause in causes):
        return NetworkError("the server does not answer in time", where, may_retry=True)
    return NetworkError("the line broke", where, type(causes[-1]).__name__, may_retry=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it stands for: urllib3 and requests wrap them in arguments and in ``reason``."""
    waiting, seen = [error], set[int]()
    while waiting:
        here = waiting.pop(0)
        if id(here) in seen:
            continue
        seen.add(id(here))
        yield here
        inner = (here.__cause__, here.__context__, getattr(here, "reason", None), *here.args)
        waiting += [each for each in inner if isinstance(each, BaseException)]
