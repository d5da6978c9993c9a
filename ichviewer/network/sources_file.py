"""The file in which a person's sources stand: ``sources.toml`` in the user's configuration folder.

Secrets never stand in it: passwords and tokens lie in the system's keyring.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_config_path

from ichviewer.errors import ExportError, SettingsError
from ichviewer.network.peers import (
    DicomNode,
    FolderSource,
    Peer,
    ReceiverAddress,
    RetrieveBy,
    Timeouts,
    TlsFiles,
    WebAuthorization,
    WebServer,
)
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.small_text import read_small_text

NAME = "sources.toml"
VERSION = 1
"""Of the file's form; a file of another one is not read."""

_LARGEST_BYTES = 1 << 20
_HEAD = """\
# Sources of studies. Written by ichviewer; it may also be changed here.
# No passwords and no tokens: those lie in the system's keyring.
"""

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Sources:
    """All sources of a person, in their order; no two bear the same name, whatever its case.

    Parameters
    ----------
    peers : tuple of Peer
    """

    peers: tuple[Peer, ...] = ()

    def __post_init__(self) -> None:
        names = [peer.name.casefold() for peer in self.peers]
        twice = next((peer.name for peer in self.peers if names.count(peer.name.casefold()) > 1), None)
        if twice is not None:
            raise ValueError(f"each source has a name of its own. Received: {twice!r} twice")

    def __getitem__(self, name: str) -> Peer:
        """The source of a name, whatever its case.

        Raises
        ------
        SettingsError
            Naming those that there are.
        """
        for peer in self.peers:
            if peer.name.casefold() == name.casefold():
                return peer
        known = ", ".join(peer.name for peer in self.peers) or "none"
        raise SettingsError(f"there is no source {name!r}", found=f"sources: {known}")

    def put(self, peer: Peer) -> Sources:
        """These with one more, last, and without the one that bore its name."""
        others = (other for other in self.peers if other.name.casefold() != peer.name.casefold())
        return Sources((*others, peer))


def user_sources_file() -> Path:
    """Where a person's sources stand; the file need not exist."""
    return Path(user_config_path("ichviewer", appauthor=False)) / NAME


def load_sources(path: Path | None = None) -> Sources:
    """Read a person's sources; none where there is no file.

    Parameters
    ----------
    path : Path or None
        The usual place unless told.

    Raises
    ------
    SettingsError
        Naming the section and the field, if the file cannot be used.
    """
    place = user_sources_file() if path is None else path
    if not os.path.lexists(place):
        return Sources()
    try:
        table = tomllib.loads(read_small_text(place, _LARGEST_BYTES))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("the file cannot be read", str(place), str(error)) from error
    except ValueError as error:
        raise SettingsError("this is not valid TOML", str(place), str(error)) from error
    except RecursionError:
        raise SettingsError("this is not valid TOML", str(place), "too deeply nested") from None
    return sources_of(table, str(place))


def sources_of(table: Mapping[str, Any], where: str) -> Sources:
    """The sources that a table of the file's form names.

    Raises
    ------
    SettingsError
    """
    if table.get("version") != VERSION:
        raise SettingsError(f"'version' must be {VERSION}", where, repr(table.get("version", "none")))
    makers: dict[str, Callable[[Mapping[str, Any], str], Peer]] = {
        "node": _node,
        "web": _web,
        "folder": _folder,
    }
    unknown = sorted(set(table) - {"version", *makers})
    if unknown:
        raise SettingsError(f"only {', '.join(makers)} are known", where, unknown[0])
    numbered: list[tuple[int, Peer]] = []
    for kind, make in makers.items():
        entries = table.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise SettingsError(f"{kind!r} is written as [[{kind}]] sections", where)
        for number, entry in enumerate(entries, 1):
            place = f"{where}, {kind} {number}"
            order = _take(entry, "order", int, place, default=len(numbered))
            numbered.append((order, make({k: v for k, v in entry.items() if k != "order"}, place)))
    try:
        return Sources(tuple(peer for _, peer in sorted(numbered, key=lambda item: item[0])))
    except ValueError as error:
        raise SettingsError("the sources cannot be used", where, str(error)) from error


def peer_of(kind: str, entry: Mapping[str, Any], where: str) -> Peer:
    """The source that one section of the file's form describes.

    Parameters
    ----------
    kind : str
        ``node``, ``web`` or ``folder``.
    entry : mapping
        The section.
    where : str
        For messages.

    Raises
    ------
    SettingsError
    """
    makers: dict[str, Callable[[Mapping[str, Any], str], Peer]] = {
        "node": _node,
        "web": _web,
        "folder": _folder,
    }
    return makers[kind](entry, where)


def save_sources(sources: Sources, path: Path | None = None) -> None:
    """Replace the file by these sources, or leave it as it was.

    Raises
    ------
    ExportError
    """
    place = user_sources_file() if path is None else path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError("the folder cannot be made", str(place.parent), error.strerror or "") from error
    write_outputs([(place, sources_text(sources).encode("utf-8"))], Inputs())


def sources_text(sources: Sources) -> str:
    """The file's text, which `load_sources` reads back to equal values."""
    parts = [f"{_HEAD}version = {VERSION}\n"]
    for order, peer in enumerate(sources.peers):
        kind = {DicomNode: "node", WebServer: "web", FolderSource: "folder"}[type(peer)]
        lines = [f"[[{kind}]]", f"order = {order}"]
        tables = []
        for item in fields(peer):
            value = getattr(peer, item.name)
            if value is None or value == "":
                continue
            if isinstance(value, (Timeouts, TlsFiles, ReceiverAddress)):
                tables.append(f"[{kind}.{item.name}]")
                tables += [
                    f"{inner.name} = {_toml(getattr(value, inner.name))}"
                    for inner in fields(value)
                    if getattr(value, inner.name) is not None
                ]
            else:
                lines.append(f"{item.name} = {_toml(value)}")
        parts.append("\n".join([*lines, *tables]) + "\n")
    return "\n".join(parts)


def _toml(value: str | StrEnum | Path | bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    # A basic string of TOML 1.0: quotes, backslashes and control characters are escaped.
    escaped = "".join(
        f"\\u{ord(c):04x}" if c in '"\\' or ord(c) < 0x20 or ord(c) == 0x7F else c for c in str(value)
    )
    return f'"{escaped}"'


def _node(entry: Mapping[str, Any], where: str) -> DicomNode:
    receiver = _part(entry, "receiver", ReceiverAddress, {"host": str, "port": int}, where)
    tls = _tls(entry, where)
    kinds: dict[str, type] = {"name": str, "ae_title": str, "host": str, "port": int, "own_ae_title": str}
    values = _plain(entry, kinds, {"retrieve_by", "tls", "timeouts", "receiver"}, where)
    _choose(values, entry, "retrieve_by", RetrieveBy, where)
    return _make(DicomNode, {**values, "tls": tls, "receiver": receiver, **_timeouts(entry, where)}, where)


def _web(entry: Mapping[str, Any], where: str) -> WebServer:
    kinds: dict[str, type] = dict.fromkeys(
        ("name", "url", "query_prefix", "retrieve_prefix", "store_prefix", "user"), str
    )
    values = _plain(entry, kinds, {"authorization", "tls", "timeouts"}, where)
    _choose(values, entry, "authorization", WebAuthorization, where)
    tls = _tls(entry, where)
    return _make(
        WebServer, {**values, **({} if tls is None else {"tls": tls}), **_timeouts(entry, where)}, where
    )


def _folder(entry: Mapping[str, Any], where: str) -> FolderSource:
    values = _plain(entry, {"name": str, "path": str}, set(), where)
    return _make(FolderSource, {**values, "path": Path(values.get("path", ""))}, where)


def _tls(entry: Mapping[str, Any], where: str) -> TlsFiles | None:
    kinds: dict[str, type] = {"authorities": Path, "certificate": Path, "key": Path, "check_host": bool}
    return _part(entry, "tls", TlsFiles, kinds, where)


def _timeouts(entry: Mapping[str, Any], where: str) -> dict[str, Timeouts]:
    made = _part(entry, "timeouts", Timeouts, {item.name: float for item in fields(Timeouts)}, where)
    return {} if made is None else {"timeouts": made}


def _part(
    entry: Mapping[str, Any], name: str, kind: Callable[..., _Value], kinds: Mapping[str, type], where: str
) -> _Value | None:
    """A table within a section as the value it makes, None where it is not given."""
    if name not in entry:
        return None
    table = entry[name]
    if not isinstance(table, dict):
        raise SettingsError(f"{name!r} is a table", where, repr(table))
    return _make(kind, _plain(table, kinds, set(), f"{where}, {name}"), f"{where}, {name}")


def _plain(
    entry: Mapping[str, Any], kinds: Mapping[str, type], others: set[str], where: str
) -> dict[str, Any]:
    unknown = sorted(set(entry) - set(kinds) - others)
    if unknown:
        raise SettingsError(
            f"{unknown[0]!r} is not known here", where, f"fields are {', '.join([*kinds, *sorted(others)])}"
        )
    return {name: _take(entry, name, kind, where) for name, kind in kinds.items() if name in entry}


def _choose(
    values: dict[str, Any], entry: Mapping[str, Any], name: str, choices: type[StrEnum], where: str
) -> None:
    if name not in entry:
        return
    text = _take(entry, name, str, where)
    if text not in list(choices):
        raise SettingsError(f"{name!r} must be one of {', '.join(choices)}", where, repr(text))
    values[name] = choices(text)


def _take(entry: Mapping[str, Any], name: str, kind: type, where: str, default: Any = None) -> Any:
    value = entry.get(name, default)
    accepted: tuple[type, ...] = (int, float) if kind is float else (str,) if kind is Path else (kind,)
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        words = {
            str: "a text",
            Path: "a path",
            int: "a whole number",
            float: "a number",
            bool: "true or false",
        }
        raise SettingsError(f"{name!r} must be {words[kind]}", where, repr(value))
    return kind(value)


def _make(kind: Callable[..., _Value], values: Mapping[str, Any], where: str) -> _Value:
    try:
        return kind(**values)
    except TypeError as error:
        # The only cause: a field without a default that the section does not give.
        raise SettingsError(
            "a field is missing", where, str(error).partition(": ")[2] or str(error)
        ) from error
    except (ValueError, OverflowError) as error:
        raise SettingsError("this cannot be used", where, str(error)) from error
