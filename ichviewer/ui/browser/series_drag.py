"""A series on its way from the study browser into a pane.

What is dragged is a token that only this run of the program can read: a drop on another program tells it nothing, and
one from another window of ichviewer names no series of this one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from PySide6.QtCore import QMimeData

from ichviewer.domain.series import Series, SeriesKey

SERIES_MIME = "application/x-ichviewer-series"

_SALT = secrets.token_bytes(16)


def series_mime(key: SeriesKey) -> QMimeData:
    """What is dragged for a series."""
    mime = QMimeData()
    mime.setData(SERIES_MIME, _token(key))
    return mime


def carries_series(mime: QMimeData) -> bool:
    """Whether a series is dragged."""
    return mime.hasFormat(SERIES_MIME)


def series_token(mime: QMimeData) -> bytes:
    """The token of the series that is dragged."""
    return bytes(mime.data(SERIES_MIME).data())


def series_of(token: bytes, among: Iterable[Series]) -> Series | None:
    """The series that a token stands for, None where it is none of these."""
    return next((series for series in among if secrets.compare_digest(_token(series.key), token)), None)


def _token(key: SeriesKey) -> bytes:
    named = "\0".join((key.study_uid, key.series_uid, str(key.part), str(key.place)))
    # Words of a file may hold what is no valid Unicode.
    data = named.encode("utf-8", errors="surrogatepass")
    return hashlib.blake2b(data, key=_SALT, digest_size=16).hexdigest().encode("ascii")
