"""What names a slice and a series beyond doubt, so that a result can never be taken for that of another.

UIDs alone do not: files without any, copies of a study that were changed, and a series that is read again after
files came or went share them.
"""

from __future__ import annotations

import hashlib

from ichviewer.domain.series import Series, SliceInfo


def slice_identity(info: SliceInfo) -> str:
    """The file, member and frame of a slice, and what its header said it is."""
    return _digest([_slice_words(info)])


def series_identity(series: Series) -> str:
    """The key and patient of a series, and the identity and order of all its slices, wherever it was opened."""
    return _digest([(series.key.in_file, series.patient), *(_slice_words(info) for info in series.slices)])


def _slice_words(info: SliceInfo) -> tuple[object, ...]:
    return info.source, info.sop_uid, info.instance_number, info.rows, info.columns, info.plane, info.spacing


def _digest(parts: list[object]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        # A name of a file may hold what is no valid Unicode.
        digest.update(repr(part).encode("utf-8", errors="surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()
