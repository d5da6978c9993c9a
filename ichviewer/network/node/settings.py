"""What a node is told, as values that cannot be wrong in form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ichviewer.network.peers import FolderSource, Peer
from ichviewer.network.receiver import ReceiverSettings
from ichviewer.network.secrets import Secret

LOOPBACKS = ("127.0.0.1", "::1", "localhost")
MEGABYTE = 1 << 20

_LONGEST_S = 86_400.0
_MOST_DAYS = 36_500


@dataclass(frozen=True)
class WatchSettings:
    """The folder that is looked into for studies.

    Parameters
    ----------
    folder : Path or None
        Its files are copied and stay as they are; None for no such folder.
    every_s : float
        How often it is looked into. A file is taken when it is the same twice in a row.
    """

    folder: Path | None = None
    every_s: float = 5.0

    def __post_init__(self) -> None:
        if self.folder is not None:
            _check_full_path(self.folder)
        _check_seconds(self.every_s)


@dataclass(frozen=True)
class AnalysisSettings:
    """When and how studies are analyzed.

    Parameters
    ----------
    quiet_s : float
        A study is analyzed when nothing of it has arrived for so long.
    workers : int
        Studies that are analyzed at once, each in processes of its own.
    most_waiting : int
        Studies that may arrive, wait or be analyzed at once; further ones are refused for now.
    most_objects : int
        Objects of one study; further ones are refused.
    tries : int
        How often a study is tried before it stays failed.
    engine : str
        ``auto``, ``litert`` or ``keras``.
    model : Path or None
        A model's folder or file; the bundled one unless told.
    operating_point : str
        Name of the thresholds; the model's own choice where empty.
    scheduler : str
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers run the model; empty for this
        machine. ``workers`` is how many studies are given to it at once.
    """

    quiet_s: float = 30.0
    workers: int = 1
    most_waiting: int = 500
    most_objects: int = 20_000
    tries: int = 3
    engine: str = "auto"
    model: Path | None = None
    operating_point: str = ""
    scheduler: str = ""

    def __post_init__(self) -> None:
        _check_seconds(self.quiet_s)
        for name, value, most in (
            ("workers", self.workers, 64),
            ("most_waiting", self.most_waiting, 1_000_000),
            ("most_objects", self.most_objects, 1_000_000),
            ("tries", self.tries, 100),
        ):
            if not 1 <= value <= most:
                raise ValueError(f"{name} lies within 1 to {most}. Received: {value}")
        if self.engine not in ("auto", "litert", "keras"):
            raise ValueError(f"engine is auto, litert or keras. Received: {self.engine!r}")
        if self.model is not None:
            _check_full_path(self.model)
        if self.scheduler and not _is_scheduler(self.scheduler):
            raise ValueError(
                f"a Dask scheduler is named like tcp://10.0.0.1:8786 or tls://HOST:PORT. Received: {self.scheduler!r}"
            )


@dataclass(frozen=True)
class ResultSettings:
    """What is written of each series, and to whom it is sent.

    Parameters
    ----------
    kinds : tuple of str
        Names of `ichviewer.results.kinds`.
    send_to : tuple of str
        Names of nodes and servers of the same file.
    """

    kinds: tuple[str, ...] = ("sc", "sr", "ko")
    send_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("at least one kind of object is written. Received: none")


@dataclass(frozen=True)
class StorageSettings:
    """How much of the disk a node uses.

    Parameters
    ----------
    keep_free_mb : int
        Objects are refused for now where less than this (MiB) would stay free.
    keep_days : float
        Images of a finished study are deleted after so many days; its results and its line in the worklist stay.
    keep_sent_days : float
        What was delivered leaves the outbox after so many days. Its copy is deleted at once, and its number stays.
    """

    keep_free_mb: int = 2048
    keep_days: float = 7.0
    keep_sent_days: float = 7.0

    def __post_init__(self) -> None:
        if not 0 <= self.keep_free_mb <= 1 << 30:
            raise ValueError(f"keep_free_mb lies within 0 to {1 << 30}. Received: {self.keep_free_mb}")
        for name, days in (("keep_days", self.keep_days), ("keep_sent_days", self.keep_sent_days)):
            if not (math.isfinite(days) and 0 < days <= _MOST_DAYS):
                raise ValueError(f"{name} is over 0 and at most {_MOST_DAYS}. Received: {days}")


@dataclass(frozen=True)
class MetricsSettings:
    """Where numbers about the node are served, on the loopback.

    Parameters
    ----------
    port : int
        0 for nowhere.
    """

    port: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError(f"a port lies within 1 to 65535, or is 0 for none. Received: {self.port}")


@dataclass(frozen=True)
class NodeSettings:
    """All that a node is told.

    Parameters
    ----------
    data_folder : Path
        Where it keeps everything; for its own user's eyes only.
    receiver : ReceiverSettings
    watch : WatchSettings
    analysis : AnalysisSettings
    results : ResultSettings
    storage : StorageSettings
    metrics : MetricsSettings
    peers : tuple of Peer
        Whom results may be sent to.
    secrets : mapping of str to Secret
        Passwords and tokens of DICOMweb servers, by `ichviewer.network.dicomweb.secret_name`.

    Raises
    ------
    ValueError
        If the parts do not fit together.
    """

    data_folder: Path
    receiver: ReceiverSettings = field(default_factory=ReceiverSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    analysis: AnalysisSettings = field(default_factory=AnalysisSettings)
    results: ResultSettings = field(default_factory=ResultSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
    peers: tuple[Peer, ...] = ()
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_full_path(self.data_folder)
        for key, what, found in misfits(
            self.data_folder,
            receiver=self.receiver,
            watch=self.watch,
            results=self.results,
            metrics=self.metrics,
            peers=self.peers,
        ):
            raise ValueError(f"{key}: {what}. Received: {found}")


def misfits(
    data_folder: Path,
    *,
    receiver: ReceiverSettings,
    watch: WatchSettings,
    results: ResultSettings,
    metrics: MetricsSettings,
    peers: tuple[Peer, ...],
) -> list[tuple[str, str, str]]:
    """What does not fit together among parts that are right each for itself: key, what must hold, what was found."""
    found: list[tuple[str, str, str]] = []
    address = receiver.address
    if address.host not in LOOPBACKS and not receiver.hosts:
        what = "where others than this machine can reach the receiver, its hosts must be named"
        found.append(("receiver.hosts", what, f"none, listening on {address.host}"))
    if metrics.port and metrics.port == address.port:
        found.append(("metrics.port", "the port must not be that of the receiver", str(address.port)))
    folder = watch.folder
    if folder is not None and (
        folder == data_folder or folder in data_folder.parents or data_folder in folder.parents
    ):
        what = "the watched folder and the data folder must not lie in one another"
        found.append(("watch.folder", what, str(folder)))
    names = [peer.name for peer in peers if not isinstance(peer, FolderSource)]
    for name in results.send_to:
        if name not in names:
            what = f"results go to nodes and servers of this file: {', '.join(names) or 'there are none'}"
            found.append(("results.send_to", what, repr(name)))
    return found


def _is_scheduler(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("tcp", "tls")
            and bool(parts.hostname)
            and bool(parts.port)
            and (address == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc)
        )
    except ValueError:
        return False


def _check_full_path(path: Path) -> None:
    if not path.is_absolute() or "\0" in str(path):
        raise ValueError(f"a full path is needed. Received: {str(path)!r}")


def _check_seconds(value: float) -> None:
    if not (math.isfinite(value) and 0 < value <= _LONGEST_S):
        raise ValueError(f"seconds are over 0 and at most {_LONGEST_S:g}. Received: {value}")
