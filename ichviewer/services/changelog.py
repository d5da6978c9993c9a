"""What changed from version to version, read from the CHANGELOG.md that comes with the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from ichviewer.bundle import changelog_file
from ichviewer.errors import ReadError
from ichviewer.small_text import read_small_text

_LARGEST_BYTES = 4 << 20
_RELEASE = re.compile(r"## \[(?P<version>[^\]]+)\](?: - (?P<date>.*))?")
_ITEM = re.compile(r"[-*] +")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_NUMBERS = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?![0-9])")


@total_ordering
@dataclass(frozen=True)
class Version:
    """A version of the program, as Semantic Versioning 2.0.0 numbers them; what follows the numbers is left out.

    Parameters
    ----------
    major, minor, patch : int
    """

    major: int
    minor: int
    patch: int

    def __post_init__(self) -> None:
        if min(self.major, self.minor, self.patch) < 0:
            raise ValueError(f"versions are counted from 0. Received: {self}")

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def __lt__(self, other: Version) -> bool:
        return (self.major, self.minor, self.patch) < (other.major, other.minor, other.patch)

    @classmethod
    def of(cls, text: str) -> Version:
        """A version by its text, such as ``0.1.0`` or ``0.2.0.dev3``.

        Raises
        ------
        ValueError
            If it is none.
        """
        found = _NUMBERS.match(text) if text.isascii() else None
        if found is None:
            raise ValueError(f"a version has three numbers. Received: {text[:40]!r}")
        return cls(*map(int, found.groups()))


@dataclass(frozen=True)
class Changes:
    """Changes of one kind.

    Parameters
    ----------
    kind : str
        ``Added``, ``Changed``, ``Fixed`` and so on; empty where the changelog names none.
    items : tuple of str
        Sentences as plain text.
    """

    kind: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """A version and what changed with it.

    Parameters
    ----------
    version : Version
    date : str
        As it stands there: ``2026-03-04``, ``unreleased``, or empty.
    changes : tuple of Changes
    """

    version: Version
    date: str
    changes: tuple[Changes, ...]


def read_changelog() -> tuple[Release, ...]:
    """All releases, in the order of the file: the newest first.

    Raises
    ------
    ReadError
        If the file cannot be read or tells of no version.
    IchViewerError
        If it is missing.
    """
    path = changelog_file()
    try:
        releases = parse_changelog(read_small_text(path, _LARGEST_BYTES))
    except (OSError, ValueError) as error:
        raise ReadError("the changelog could not be read", str(path), str(error)) from error
    if not releases:
        raise ReadError("the changelog tells of no version", str(path))
    return releases


def parse_changelog(text: str) -> tuple[Release, ...]:
    """The releases of a text in the form of Keep a Changelog 1.1.0; what is in no release is left out.

    Parameters
    ----------
    text : str
        Markdown: ``## [version] - date``, ``### kind``, and lists of what changed.
    """
    releases: list[Release] = []
    for block in re.split(r"(?m)^(?=## )", text):
        found = _RELEASE.match(block)
        try:
            version = Version.of("" if found is None else found["version"])
        except ValueError:
            # What came before the first release, and what is not released yet.
            continue
        assert found is not None
        changes = [_changes(part) for part in re.split(r"(?m)^(?=### )", block)]
        told = tuple(change for change in changes if change.items)
        releases.append(Release(version, (found["date"] or "").strip(), told))
    return tuple(releases)


def _changes(part: str) -> Changes:
    first, _, rest = part.partition("\n")
    kind = first.removeprefix("### ").strip() if first.startswith("### ") else ""
    items: list[list[str]] = []
    open_item = False
    for line in rest.split("\n"):
        if _ITEM.match(line):
            items.append([_ITEM.sub("", line, count=1)])
            open_item = True
        elif open_item and line.strip():
            items[-1].append(line)
        else:
            open_item = False
    return Changes(kind, tuple(_plain(" ".join(part.strip() for part in lines)) for lines in items))


def _plain(text: str) -> str:
    """Markdown's links, code and emphasis as plain text."""
    return _LINK.sub(r"\1", text).replace("`", "").replace("**", "").strip()
