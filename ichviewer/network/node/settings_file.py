"""The file of a node's settings, in TOML: read as a whole, with every fault named by its key and what was found."""

from __future__ import annotations

import math
import os
import stat
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from ichviewer.errors import IchViewerError, NetworkError, SettingsError
from ichviewer.network.dicomweb import secret_name
from ichviewer.network.node.settings import (
    MEGABYTE,
    AnalysisSettings,
    MetricsSettings,
    NodeSettings,
    ResultSettings,
    StorageSettings,
    WatchSettings,
    misfits,
)
from ichviewer.network.peers import (
    DicomNode,
    Peer,
    ReceiverAddress,
    Timeouts,
    TlsFiles,
    WebAuthorization,
    WebServer,
)
from ichviewer.network.receiver import ReceiverSettings
from ichviewer.network.secrets import Secret
from ichviewer.network.sources_file import peer_of
from ichviewer.network.tls import client_context, server_context
from ichviewer.small_text import read_small_text

VERSION = 1
"""Of the file's form; a file of another one is not read."""

_LARGEST_BYTES = 1 << 20
_LARGEST_SECRET_BYTES = 1 << 16
_SECTIONS = ("receiver", "watch", "analysis", "results", "storage", "metrics")
_PEERS = ("node", "web")
_WORDS = {
    str: "a text",
    Path: "a path",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    tuple: "a list of texts",
}
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Fault:
    """Something in the file that cannot be used.

    Parameters
    ----------
    key : str
        Such as ``receiver.port``.
    what : str
        What it should be.
    found : str
    """

    key: str
    what: str
    found: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}. Found: {self.found}"


def read_settings(
    path: Path, environment: Mapping[str, str] | None = None
) -> tuple[NodeSettings | None, tuple[Fault, ...]]:
    """Read a node's settings, and look at the files and variables that they name.

    Parameters
    ----------
    path : Path
    environment : mapping, optional
        The process's own unless told.

    Returns
    -------
    NodeSettings or None
        None where anything is wrong.
    tuple of Fault
        Everything that is wrong.

    Raises
    ------
    SettingsError
        If it cannot be read or is no TOML.
    """
    try:
        table = tomllib.loads(read_small_text(path, _LARGEST_BYTES))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("the file cannot be read", str(path), str(error)) from error
    except ValueError as error:
        raise SettingsError("this is not valid TOML", str(path), str(error)) from error
    except RecursionError:
        raise SettingsError("this is not valid TOML", str(path), "too deeply nested") from None
    return _Reading(table, os.environ if environment is None else environment).settings()


def load_settings(path: Path) -> NodeSettings:
    """A node's settings, if nothing is wrong with them.

    Raises
    ------
    SettingsError
        Naming every fault.
    """
    settings, faults = read_settings(path)
    if settings is None:
        raise SettingsError("the settings cannot be used", str(path), "; ".join(map(str, faults)))
    return settings


class _Reading:
    """One file being read: what was found wrong so far."""

    def __init__(self, table: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._table = table
        self._environment = environment
        self._faults: list[Fault] = []
        self._secrets: dict[str, Secret] = {}

    def settings(self) -> tuple[NodeSettings | None, tuple[Fault, ...]]:
        """The settings, or None, and all faults."""
        table = self._table
        if table.get("version") != VERSION or isinstance(table.get("version"), bool):
            self._fault("version", f"this must be {VERSION}", table.get("version", "nothing"))
        for key in sorted(set(table) - {"version", "data_folder", *_SECTIONS, *_PEERS}):
            known = ", ".join(("version", "data_folder", *_SECTIONS, *_PEERS))
            self._fault(key, f"this is not known; there are {known}", table[key])
        data_folder = self._taken(table, "data_folder", Path, "data_folder")
        if "data_folder" not in table:
            self._fault("data_folder", "a full path is needed", "nothing")
        elif data_folder is not None and not data_folder.is_absolute():
            self._fault("data_folder", "a full path is needed", str(data_folder))
        receiver = self._receiver()
        watch = self._section("watch", WatchSettings, {"folder": Path, "every_s": float})
        analysis = self._section(
            "analysis",
            AnalysisSettings,
            {
                "quiet_s": float,
                "workers": int,
                "most_waiting": int,
                "most_objects": int,
                "tries": int,
                "engine": str,
                "model": Path,
                "operating_point": str,
                "scheduler": str,
            },
        )
        results = self._section("results", ResultSettings, {"kinds": tuple, "send_to": tuple})
        storage = self._section(
            "storage", StorageSettings, {"keep_free_mb": int, "keep_days": float, "keep_sent_days": float}
        )
        metrics = self._section("metrics", MetricsSettings, {"port": int})
        peers = self._peers()
        self._look_at(watch, analysis, results)
        if receiver is not None and watch is not None and results is not None and metrics is not None:
            folder = Path() if data_folder is None else data_folder
            for key, what, found in misfits(
                folder, receiver=receiver, watch=watch, results=results, metrics=metrics, peers=peers
            ):
                self._fault(key, what, found)
        if (
            self._faults
            or data_folder is None
            or receiver is None
            or watch is None
            or analysis is None
            or results is None
            or storage is None
            or metrics is None
        ):
            return None, tuple(self._faults)
        return (
            NodeSettings(
                data_folder, receiver, watch, analysis, results, storage, metrics, peers, self._secrets
            ),
            (),
        )

    def _receiver(self) -> ReceiverSettings | None:
        table = self._sub(self._table, "receiver", "receiver")
        kinds: dict[str, type] = {
            "host": str,
            "port": int,
            "ae_title": str,
            "ae_titles": tuple,
            "hosts": tuple,
            "most_associations": int,
            "largest_object_mb": int,
        }
        values = self._values(table, "receiver", kinds, {"tls", "timeouts"})
        address = self._made(
            "receiver", ReceiverAddress, {k: values.pop(k) for k in ("host", "port") if k in values}
        )
        if "largest_object_mb" in values:
            # Checked below under the name it has there.
            values["largest_object_bytes"] = values.pop("largest_object_mb") * MEGABYTE
        tls = None
        if "tls" in table:
            tls = self._tls(self._sub(table, "tls", "receiver.tls"), "receiver.tls", server=True)
        timeouts = self._made(
            "receiver.timeouts",
            Timeouts,
            self._values(
                self._sub(table, "timeouts", "receiver.timeouts"),
                "receiver.timeouts",
                dict.fromkeys(("connect_s", "answer_s", "idle_s"), float),
            ),
        )
        made = self._made("receiver", ReceiverSettings, values)
        if made is None or address is None or timeouts is None:
            return None
        return replace(made, address=address, tls=tls, timeouts=timeouts)

    def _peers(self) -> tuple[Peer, ...]:
        found: list[Peer] = []
        for kind in _PEERS:
            entries = self._table.get(kind, [])
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                self._fault(kind, f"this is written as [[{kind}]] sections", entries)
                continue
            for number, entry in enumerate(entries, 1):
                peer = self._peer(kind, entry, f"{kind}[{number}]")
                if peer is None:
                    continue
                if peer.name.casefold() in [other.name.casefold() for other in found]:
                    self._fault(f"{kind}[{number}].name", "each has a name of its own", peer.name)
                found.append(peer)
        return tuple(found)

    def _peer(self, kind: str, entry: Mapping[str, Any], key: str) -> Peer | None:
        own = {"secret_env", "secret_file"} if kind == "web" else set()
        try:
            peer = peer_of(kind, {k: v for k, v in entry.items() if k not in own}, key)
        except SettingsError as error:
            self._faults.append(Fault(error.where or key, error.what, error.found or "nothing"))
            return None
        tls = peer.tls if isinstance(peer, (DicomNode, WebServer)) else None
        if tls is not None:
            self._check_tls(tls, f"{key}.tls", server=False)
        if isinstance(peer, WebServer):
            self._secret(peer, entry, key)
        return peer

    def _secret(self, server: WebServer, entry: Mapping[str, Any], key: str) -> None:
        """Find the password or token of a server, which stands in a variable or in a file of its own."""
        names = [name for name in ("secret_env", "secret_file") if name in entry]
        wanted = server.authorization is not WebAuthorization.NONE
        if len(names) != int(wanted):
            what = "a password or token is named by secret_env or secret_file where there is authorization"
            self._fault(key, what, f"{server.authorization.value} with {' and '.join(names) or 'neither'}")
            return
        if not wanted:
            return
        kind = str if names[0] == "secret_env" else Path
        place = self._taken(entry, names[0], kind, f"{key}.{names[0]}")
        if place is None:
            return
        try:
            text = self._variable(place) if isinstance(place, str) else _secret_in(place)
            self._secrets[secret_name(server)] = Secret(text)
        except (ValueError, OSError) as error:
            # Not what was found there: it may be the secret itself.
            reason = error.strerror or "it cannot be read" if isinstance(error, OSError) else str(error)
            self._fault(f"{key}.{names[0]}", reason.partition(". Received")[0], str(place))

    def _variable(self, name: str) -> str:
        if not self._environment.get(name):
            raise ValueError("this variable of the environment is not set")
        return self._environment[name]

    def _look_at(
        self, watch: WatchSettings | None, analysis: AnalysisSettings | None, results: ResultSettings | None
    ) -> None:
        """Look whether what the settings name is there."""
        if watch is not None and watch.folder is not None and not watch.folder.is_dir():
            self._fault("watch.folder", "there is no such folder", str(watch.folder))
        if results is not None:
            from ichviewer.results.kinds import KINDS  # noqa: PLC0415 - not needed where results are not

            known = [kind.name for kind in KINDS if not kind.window_only]
            for name in results.kinds:
                if name not in known:
                    self._fault("results.kinds", f"there are {', '.join(known)}", name)
        if analysis is not None:
            if analysis.scheduler and find_spec("distributed") is None:
                what = "this needs Dask; install it with: pip install 'ichviewer[cluster]'"
                self._fault("analysis.scheduler", what, analysis.scheduler)
            from ichviewer.bundle import model_dir  # noqa: PLC0415 - as above
            from ichviewer.inference.model_card import load_model_card  # noqa: PLC0415

            try:
                card = load_model_card(analysis.model or model_dir())
            except IchViewerError as error:
                self._fault("analysis.model", error.what, error.found or str(analysis.model))
                return
            try:
                card.operating_point(analysis.operating_point or None)
            except IchViewerError as error:
                self._fault("analysis.operating_point", error.what, error.found or analysis.operating_point)

    def _tls(self, table: Mapping[str, Any], key: str, *, server: bool) -> TlsFiles | None:
        kinds: dict[str, type] = dict.fromkeys(("authorities", "certificate", "key"), Path)
        tls = self._made(key, TlsFiles, self._values(table, key, kinds), one_by_one=False)
        if tls is not None:
            self._check_tls(tls, key, server=server)
        return tls

    def _check_tls(self, tls: TlsFiles, key: str, *, server: bool) -> None:
        try:
            (server_context if server else client_context)(tls)
        except NetworkError as error:
            self._fault(key, error.what, f"{error.where}: {error.found}" if error.where else "none")

    # Tables and values

    def _section(self, name: str, make: Callable[..., _Value], kinds: Mapping[str, type]) -> _Value | None:
        return self._made(name, make, self._values(self._sub(self._table, name, name), name, kinds))

    def _sub(self, table: Mapping[str, Any], name: str, key: str) -> Mapping[str, Any]:
        found = table.get(name, {})
        if isinstance(found, dict):
            return found
        self._fault(key, f"this is a table: [{key}]", found)
        return {}

    def _values(
        self,
        table: Mapping[str, Any],
        name: str,
        kinds: Mapping[str, type],
        others: set[str] | frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        for key in sorted(set(table) - set(kinds) - others):
            known = ", ".join([*kinds, *sorted(others)])
            self._fault(f"{name}.{key}", f"this is not known; there are {known}", table[key])
        taken = {key: self._taken(table, key, kinds[key], f"{name}.{key}") for key in kinds if key in table}
        return {key: value for key, value in taken.items() if value is not None}

    def _taken(self, table: Mapping[str, Any], name: str, kind: type, key: str) -> Any:
        """A value of a kind, None where there is none or another, which is a fault then."""
        if name not in table:
            return None
        value = table[name]
        if kind is tuple:
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return tuple(value)
        elif kind is float:
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return float(value) if abs(value) < 1e300 else math.inf
        elif isinstance(value, str if kind is Path else kind) and (
            kind is bool or not isinstance(value, bool)
        ):
            return kind(value)
        self._fault(key, f"this must be {_WORDS[kind]}", value)
        return None

    def _made(
        self, name: str, make: Callable[..., _Value], values: Mapping[str, Any], *, one_by_one: bool = True
    ) -> _Value | None:
        """What values make; each is tried alone, so that every one that is wrong is named."""
        right = {
            key: value
            for key, value in values.items()
            if not one_by_one or self._tried(f"{name}.{key}", make, {key: value}) is not None
        }
        # Where some are wrong, what the others say can still be looked at.
        return self._tried(name, make, right)

    def _tried(self, key: str, make: Callable[..., _Value], values: Mapping[str, Any]) -> _Value | None:
        try:
            return make(**values)
        except (ValueError, OverflowError) as error:
            what, _, found = str(error).partition(". Received: ")
            self._fault(key, what, found or "another")
            return None

    def _fault(self, key: str, what: str, found: object) -> None:
        text = found if isinstance(found, str) else repr(found)
        self._faults.append(Fault(key, what, text if len(text) <= 200 else f"{text[:200]}..."))


def _secret_in(path: Path) -> str:
    """The text of a file that only its owner, who is the user, may read.

    Raises
    ------
    ValueError, OSError
        Saying nothing of what the file holds.
    """
    if not path.is_absolute():
        raise ValueError("a full path is needed")
    status = path.stat()
    if sys.platform != "win32" and (
        stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid not in (os.geteuid(), 0)
    ):
        raise ValueError("only the node's own user may be able to read this file (mode 0600)")
    try:
        return read_small_text(path, _LARGEST_SECRET_BYTES).strip()
    except UnicodeDecodeError:
        raise ValueError("this is no text") from None
