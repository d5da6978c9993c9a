"""What a start of the program asks for, and the line in which it is handed to a window that is open already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ichviewer.network.study_link import StudyLink

LONGEST_BYTES = 1_000_000
"""Of a line; a start that asks for more gets a window of its own."""

_VERSION = 1
_PATHS, _STUDY = {"version", "paths"}, {"version", "source", "study", "ask"}


@dataclass(frozen=True)
class StartRequest:
    """Paths to open, or a study to fetch and open; one of the two.

    Parameters
    ----------
    paths : tuple of Path
        Absolute: the window that opens them has another working folder.
    fetch : StudyLink or None
    ask : bool
        Whether a person is asked before the study is fetched.
    """

    paths: tuple[Path, ...] = ()
    fetch: StudyLink | None = None
    ask: bool = True

    def __post_init__(self) -> None:
        if bool(self.paths) == (self.fetch is not None):
            raise ValueError(f"either paths or a study is opened. Received: {self.paths}, {self.fetch}")
        for path in self.paths:
            if not path.is_absolute() or "\0" in str(path):
                raise ValueError(f"a path is absolute. Received: {str(path)[:100]!r}")

    def line(self) -> bytes:
        """One line of ASCII, with its end.

        Raises
        ------
        ValueError
            If it is longer than is handed over.
        """
        said: dict[str, object] = {"version": _VERSION}
        if self.fetch is None:
            # Names that are no valid Unicode come through as JSON's escapes.
            said["paths"] = [str(path) for path in self.paths]
        else:
            said |= {"source": self.fetch.source, "study": self.fetch.study_uid, "ask": self.ask}
        line = json.dumps(said).encode("ascii") + b"\n"
        if len(line) > LONGEST_BYTES:
            raise ValueError(f"at most {LONGEST_BYTES} bytes are handed over. Received: {len(line)}")
        return line


def parse_request(line: bytes) -> StartRequest:
    """The request in a line.

    Raises
    ------
    ValueError
        If it is none.
    """
    if len(line) > LONGEST_BYTES:
        raise ValueError(f"at most {LONGEST_BYTES} bytes are handed over. Received: {len(line)}")
    try:
        said = json.loads(line)
    except RecursionError:
        raise ValueError("a request is a flat object. Received: many in each other") from None
    if not isinstance(said, dict) or type(said.get("version")) is not int or said["version"] != _VERSION:
        raise ValueError(f"a request has version {_VERSION}. Received: {line[:100]!r}")
    if set(said) == _PATHS:
        paths = said["paths"]
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise ValueError(f"paths are a list of texts. Received: {line[:100]!r}")
        return StartRequest(tuple(map(Path, paths)))
    if set(said) != _STUDY:
        raise ValueError(f"a request has other fields. Received: {sorted(map(str, said))[:5]}")
    source, study_uid, ask = said["source"], said["study"], said["ask"]
    if not (isinstance(source, str) and isinstance(study_uid, str) and isinstance(ask, bool)):
        raise ValueError(f"a study has a source, a UID and whether to ask. Received: {line[:100]!r}")
    return StartRequest(fetch=StudyLink(source, study_uid), ask=ask)
