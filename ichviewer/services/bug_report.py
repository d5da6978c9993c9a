"""Reports of unexpected errors: enough to find the cause in the code, and nothing of a patient.

Names of patients, files and folders get into messages of exceptions in ways that cannot be listed. So a report holds
the frames of the program's own and its libraries' code, and of messages only words that stand in that code.
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import itertools
import linecache
import logging
import os
import re
import stat
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_log_path

from ichviewer import __version__
from ichviewer.errors import IchViewerError

log = logging.getLogger("ichviewer.bug_report")

KEPT = 20
"""How many reports are kept; the oldest make room."""

_PATTERN = "bug-*.log"
_HIDDEN = "<...>"
_ELSEWHERE = "<path>"
_PUNCTUATION = ".,:;()[]'\""
_JOINTS = re.compile(r"[._-]")
_LONGEST_NUMBER = 3
_DEEPEST = 10
"""Causes of causes that are told."""
_MOST_FRAMES = 60
# Messages of Python itself, whose words stand in no source file at hand.
_PYTHON_WORDS = frozenset(
    """a an and argument arguments array as at attribute base be by bytes callable cannot convert could dict digits
    division does element empty expected float for found from function given has have in index indices input int
    integer into invalid is it iterable key keyword length limit list literal local maximum memory method missing more
    must negative no not number object of on open operand or out positional range recursion referenced required
    sequence shape size string subscriptable supported than the to too tuple type types unexpected unhashable unpack
    unsupported value values variable was with without zero""".split()  # noqa: SIM905 - readable
)
_TYPE_NAMES = frozenset(dir(builtins)) | {"NoneType", "Received", "HU"}


def save_report(error: BaseException, folder: Path | None = None) -> Path | None:
    """Write a report of an unexpected error, once a day for one cause.

    Parameters
    ----------
    error : BaseException
    folder : Path, optional
        Where reports lie; the user's log folder unless told. Only the user may read it.

    Returns
    -------
    Path or None
        Where it lies; None if it could not be written, which is logged.
    """
    now = datetime.now(UTC)
    try:
        place = folder or Path(user_log_path("ichviewer", appauthor=False))
        path = place / f"bug-{now:%Y%m%d}-{fingerprint(error)}.log"
        if path.is_file():
            return path
        log.debug("unexpected error", exc_info=error)
        details = describe(error)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            place.chmod(0o700)
        _make_room(place)
        with contextlib.suppress(FileExistsError):  # another process met the same cause
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - a handle
                file.write(f"ichviewer {__version__}, {now.isoformat(timespec='seconds')}\n{details}")
    except OSError as failure:
        log.error("the report could not be saved: %s", failure.strerror)
        return None
    return path


def fingerprint(error: BaseException) -> str:
    """Twelve hexadecimal digits that are the same for the same cause: types and places in the code, no values."""
    digest = hashlib.sha256(__version__.encode())
    for link in _chain(error):
        digest.update(type(link).__qualname__.encode())
        for frame in traceback.extract_tb(link.__traceback__):
            digest.update(f"{_code_place(frame.filename)}:{frame.lineno}:{frame.name}".encode())
    return digest.hexdigest()[:12]


def describe(error: BaseException) -> str:
    """The traceback of an error and of its causes, without any name or value that came from outside of the code."""
    parts = []
    for link in reversed(list(_chain(error))):
        frames = traceback.extract_tb(link.__traceback__)
        lines = ["Traceback (most recent call last):\n"]
        if len(frames) > _MOST_FRAMES:
            lines.append(f"  ({len(frames) - _MOST_FRAMES} more)\n")
        for frame in frames[-_MOST_FRAMES:]:
            place = _code_place(frame.filename)
            lines.append(f'  File "{place}", line {frame.lineno}, in {frame.name}\n')
            if place != _ELSEWHERE and frame.line:
                lines.append(f"    {frame.line}\n")
        known = _words_of_code(frame.filename for frame in frames)
        parts.append("".join([*lines, f"{type(link).__qualname__}: {_message(link, known)}\n"]))
    return "\nwhich led to\n\n".join(parts)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, its cause, the cause's cause."""
    link: BaseException | None = error
    seen: set[int] = set()
    for _ in range(_DEEPEST):
        if link is None or id(link) in seen:
            return
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _message(error: BaseException, known: frozenset[str]) -> str:
    """What an exception says, as far as it cannot be about a patient."""
    if isinstance(error, OSError):
        return error.strerror or ""
    text = error.what if isinstance(error, IchViewerError) else str(error)
    shown = (part if _is_of_code(part.strip(_PUNCTUATION), known) else _HIDDEN for part in text.split())
    return " ".join(part for part, _ in itertools.groupby(shown))


def _is_of_code(part: str, known: frozenset[str]) -> bool:
    """Whether a part of a message, between two spaces, is made of words of the code, or is a small number."""
    if part.isdecimal():
        return len(part) <= _LONGEST_NUMBER
    return all(
        word in _TYPE_NAMES or (word.islower() and (word in known or word in _PYTHON_WORDS))
        for word in _JOINTS.split(part)
        if word
    )


def _words_of_code(files: Iterator[str]) -> frozenset[str]:
    words: set[str] = set()
    for name in set(files):
        if _code_place(name) != _ELSEWHERE:
            with contextlib.suppress(MemoryError):
                words.update(re.findall(r"[^\W\d_]+", "".join(linecache.getlines(name))))
    return frozenset(words)


def _code_place(file: str) -> str:
    """A code file as named in a report: below the package, the libraries or Python; not where they lie."""
    path = Path(file)
    for root, name in _code_roots():
        if path.is_relative_to(root):
            return f"{name}/{path.relative_to(root).as_posix()}"
    return file if file.startswith("<frozen ") else _ELSEWHERE


def _code_roots() -> list[tuple[Path, str]]:
    roots = [(Path(__file__).parents[1], "ichviewer")]
    places = sysconfig.get_paths()
    # The libraries first: they lie below Python's own folder.
    roots += [(Path(places[key]), "site-packages") for key in ("purelib", "platlib") if key in places]
    roots += [(Path(places[key]), "python") for key in ("stdlib", "platstdlib") if key in places]
    frozen = getattr(sys, "_MEIPASS", None)
    return [*roots, (Path(frozen), "program")] if frozen else roots


def _make_room(folder: Path) -> None:
    """Delete the oldest reports, so that with a new one there are `KEPT`."""
    found = sorted(folder.glob(_PATTERN), key=lambda path: path.lstat().st_mtime)
    for path in found[: max(0, len(found) - KEPT + 1)]:
        path.unlink(missing_ok=True)
