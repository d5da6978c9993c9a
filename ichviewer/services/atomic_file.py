"""Write files so that a full disk or a crash leaves what was there before."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ichviewer.errors import ExportError

# Short, because a name of the greatest length that a file system takes must still fit.
_PREFIX = ".ichviewer-"

Content = bytes | Iterable[bytes]
"""What a file shall hold: as a whole, or in parts that are made while it is written."""

_OPEN_FILES = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file by one that holds ``data``, or leave it as it was.

    See `write_all_atomically`.

    Raises
    ------
    ExportError
        If it cannot be written; the old file is whole then, and nothing is left behind.
    """
    write_all_atomically([(path, data)])


def write_all_atomically(files: Sequence[tuple[Path, Content]]) -> None:
    """Replace several files that belong together, or leave all of them as they were.

    The data goes to temporary files in the same folders and is forced to disk; only when all of it is there do they
    take their names. If one of them cannot, the others get their old content back. A symbolic link is followed; a
    device or a pipe is written to as it is.

    Parameters
    ----------
    files : sequence of (Path, bytes or iterable of bytes)
        Parts are taken one at a time, those of a file after all of the files before it.

    Raises
    ------
    ExportError
        If one cannot be written; the old files are whole then, and nothing is left behind.
    """
    with contextlib.ExitStack() as stack:
        staged: list[_Staged] = []
        direct: list[tuple[Path, Content]] = []
        for path, data in files:
            with _told_of(path):
                if is_stream(path):
                    direct.append((path, data))
                else:
                    staged.append(_stage(path, data, stack))
        # What cannot be taken back comes after everything that may fail, and before anything has its name.
        for path, data in direct:
            with _told_of(path), path.open("ab") as stream:
                stream.writelines(_parts(data))
        _take_names(staged, stack)
    for folder in {item.target.parent for item in staged}:
        sync_folder(folder)


def is_stream(path: Path) -> bool:
    """Whether a path is written to as it is: a device, a pipe, or the name of an open file such as /dev/fd/3.

    A path that cannot be looked at is none; writing to it says what is wrong with it.
    """
    # Names of open files are links, whose target may be a plain file that somebody else is writing to.
    name = os.path.abspath(path)  # noqa: PTH100 - resolving would follow the link
    if name.startswith(_OPEN_FILES) and os.path.lexists(name):
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@dataclass(frozen=True)
class _Staged:
    """A file whose new content is on disk but has not its name yet."""

    path: Path
    target: Path
    temporary: Path


def _parts(content: Content) -> Iterable[bytes]:
    return (content,) if isinstance(content, bytes) else content


def _stage(path: Path, data: Content, stack: contextlib.ExitStack) -> _Staged:
    target = Path(os.path.realpath(path))
    old = target.stat().st_mode if target.exists() else None
    if old is not None and stat.S_ISDIR(old):
        raise ExportError("this is a folder, not a file", str(path))
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".part", dir=target.parent)
    temporary = Path(name)
    stack.callback(_remove, temporary)
    with os.fdopen(handle, "wb") as file:
        file.writelines(_parts(data))
        file.flush()
        os.fsync(file.fileno())
    # mkstemp makes files that only the owner may read; give it the rights of the old file, or usual ones.
    temporary.chmod(stat.S_IMODE(old) if old is not None else 0o666 & ~_umask())
    return _Staged(path, target, temporary)


def _take_names(staged: Sequence[_Staged], stack: contextlib.ExitStack) -> None:
    """Give all files their names; where one fails, all get back what was there before."""
    kept: dict[Path, Path | None] = {}
    if len(staged) > 1:
        for item in staged:
            with _told_of(item.path):
                kept[item.target] = _keep(item.target, stack)
    try:
        for item in staged:
            with _told_of(item.path):
                item.temporary.replace(item.target)
    except BaseException:
        for target, before in kept.items():
            with contextlib.suppress(OSError):
                if before is None:
                    target.unlink()
                else:
                    before.replace(target)
        raise


def _keep(target: Path, stack: contextlib.ExitStack) -> Path | None:
    """A second name, or a copy where the file system has no links, for what is about to be replaced."""
    if not target.exists():
        return None
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".old", dir=target.parent)
    os.close(handle)
    kept = Path(name)
    stack.callback(_remove, kept)
    try:
        kept.unlink()
        kept.hardlink_to(target)
    except OSError:
        shutil.copy2(target, kept)
    return kept


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Turn what the system refuses into an error that names the file as the user gave it."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError("the file cannot be written", str(path), reason) from error


def _umask() -> int:
    # The only way to read it is to set it; the program changes it nowhere else.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    # Some network file systems refuse; the file itself is safe by now.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
