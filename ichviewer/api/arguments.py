"""What people give to functions, as the values that the services take; wrong ones are named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from ichviewer.domain.series import Catalog, PatientInfo, Series, Study, StudyInfo
from ichviewer.errors import ArgumentError, NothingReadableError
from ichviewer.services.existing_path import why_not_there

PathLike = str | os.PathLike[str]
Paths = PathLike | Iterable[PathLike]
Subject = Catalog | Study | Series | PathLike | Iterable[Series] | Iterable[PathLike]
"""What can be analyzed."""

_MOST_SHOWN = 80

_T = TypeVar("_T")


def path_of(value: object, where: str) -> Path:
    """A path.

    Raises
    ------
    ArgumentError
        If it is none; ``where`` says of which argument.
    """
    if isinstance(value, str | os.PathLike):
        text = os.fspath(value)
        if isinstance(text, str) and text:
            return Path(text)
    raise ArgumentError("a path is needed", where, shown(value))


def paths_of(paths: object, where: str) -> tuple[Path, ...]:
    """One or more paths that exist; an iterable is gone through once.

    Raises
    ------
    ArgumentError
        If they are none, or there are none.
    NothingReadableError
        If one leads nowhere.
    """
    found = tuple(path_of(path, where) for path in _items(paths, where))
    if not found:
        raise ArgumentError("at least one path is needed", where, "none")
    for path in found:
        reason = why_not_there(path)
        if reason is not None:
            raise NothingReadableError(f"there is no file or folder{reason}", str(path))
    return found


def listed(subject: object) -> object:
    """What one is given: things that come one by one as a tuple, because they come only once."""
    return tuple(subject) if isinstance(subject, Iterator) else subject


def catalog_of(subject: object, where: str) -> Catalog | None:
    """What was opened before, whole or in part, as a catalog; None where it seems to be paths.

    Raises
    ------
    ArgumentError
        If two series cannot be told apart: they were opened at different times.
    """
    if isinstance(subject, Catalog | Study):
        series = subject.series
    elif isinstance(subject, Series):
        series = (subject,)
    elif isinstance(subject, list | tuple) and subject and all(isinstance(s, Series) for s in subject):
        series = tuple(subject)
    else:
        return None
    keys = [one.key for one in series]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ArgumentError("each series may be there once", where, f"{twice.series_uid} more than once")
    if not series:
        raise ArgumentError("at least one series is needed", where, "none")
    return subject if isinstance(subject, Catalog) else Catalog(_studies(series))


def _studies(series: tuple[Series, ...]) -> tuple[Study, ...]:
    of_study: dict[tuple[StudyInfo, PatientInfo], list[Series]] = {}
    for one in series:
        of_study.setdefault((one.study, one.patient), []).append(one)
    return tuple(Study(info, patient, tuple(found)) for (info, patient), found in of_study.items())


def instance_of(value: object, kind: type[_T], words: str, where: str) -> _T:
    """The value, which has to be of a class.

    Raises
    ------
    ArgumentError
        Saying with ``words`` what is needed.
    """
    if not isinstance(value, kind):
        raise ArgumentError(f"{words} is needed", where, shown(value))
    return value


def shown(value: object) -> str:
    """A wrong argument in an error: its type and the beginning of its text."""
    text = repr(value)
    if len(text) > _MOST_SHOWN:
        text = text[:_MOST_SHOWN] + "..."
    return f"{type(value).__name__}: {text}"


def _items(paths: object, where: str) -> list[object]:
    if isinstance(paths, str | os.PathLike):
        return [paths]
    if isinstance(paths, bytes) or not isinstance(paths, Iterable):
        raise ArgumentError("a path or several are needed", where, shown(paths))
    return list(paths)
