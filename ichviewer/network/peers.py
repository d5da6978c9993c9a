"""Whom the program speaks to: DICOM nodes, DICOMweb servers and folders, as values that cannot be wrong in form."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

OWN_AE_TITLE = "ICHVIEWER"
LOOPBACK = "127.0.0.1"

_LONGEST_AE_TITLE = 16
_LONGEST_NAME = 64
_LONGEST_TIMEOUT_S = 3600.0
_HOST = re.compile(r"[A-Za-z0-9_.:%-]{1,253}")
_PREFIX = re.compile(r"[A-Za-z0-9._~/-]*")


class RetrieveBy(StrEnum):
    """How images are asked for (PS3.4 C.4.2 and C.4.3)."""

    GET = "get"
    """C-GET: they come over the association that asked for them; nothing has to be configured on the node."""
    MOVE = "move"
    """C-MOVE: the node opens an association to a receiver of ours, whose address it has to know."""
    GET_THEN_MOVE = "get then move"
    """C-GET, and C-MOVE for what the node does not send that way."""


class WebAuthorization(StrEnum):
    """How a DICOMweb server knows who asks. What is secret is kept in the system's keyring, never in a file."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"


@dataclass(frozen=True)
class Timeouts:
    """How long to wait for a peer, in seconds.

    Parameters
    ----------
    connect_s : float
        For the connection, and for the answer to the request of an association.
    answer_s : float
        For the next answer to a request.
    idle_s : float
        For the next bytes of a connection, whatever they belong to.
    """

    connect_s: float = 10.0
    answer_s: float = 60.0
    idle_s: float = 60.0

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not (math.isfinite(value) and 0 < value <= _LONGEST_TIMEOUT_S):
                raise ValueError(f"{item.name} must be over 0 and at most 3600 seconds. Received: {value}")


@dataclass(frozen=True)
class TlsFiles:
    """What a TLS connection is made with (PS3.15 B.9 and B.10: BCP 195).

    Parameters
    ----------
    authorities : Path or None
        Certificates (PEM) of whom to trust; those of the system unless told.
    certificate, key : Path or None
        Our own certificate and its key (PEM), both or neither.
    check_host : bool
        Whether the certificate must name the host; nodes are often addressed by a number that it does not hold.
    """

    authorities: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    check_host: bool = True

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ValueError(
                "a certificate and its key are given both or neither. "
                f"Received: certificate {self.certificate}, key {self.key}"
            )


@dataclass(frozen=True)
class ReceiverAddress:
    """Where our own receiver listens.

    Parameters
    ----------
    host : str
        The loopback unless told: other machines then cannot reach it.
    port : int
        1 to 65535, or 0 for any free one (which no node can have been told).
    """

    host: str = LOOPBACK
    port: int = 11112

    def __post_init__(self) -> None:
        check_host(self.host)
        if self.port != 0:
            check_port(self.port)


@dataclass(frozen=True)
class DicomNode:
    """A DICOM application entity that is spoken to over the DICOM upper layer (PS3.8).

    Parameters
    ----------
    name : str
        What a person calls it.
    ae_title : str
        How the node is called: at most 16 characters (see `check_ae_title`).
    host : str
        Name or number.
    port : int
        1 to 65535.
    own_ae_title : str
        How we call ourselves, and where C-MOVE sends to.
    tls : TlsFiles or None
        None for a connection that is not encrypted.
    timeouts : Timeouts
    retrieve_by : RetrieveBy
    receiver : ReceiverAddress or None
        Where C-MOVE sends to; needed for it. It speaks TLS where ``tls`` holds a certificate of ours, and takes
        objects from ``ae_title`` only.
    """

    name: str
    ae_title: str
    host: str
    port: int
    own_ae_title: str = OWN_AE_TITLE
    tls: TlsFiles | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    retrieve_by: RetrieveBy = RetrieveBy.GET
    receiver: ReceiverAddress | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        check_ae_title(self.ae_title)
        check_ae_title(self.own_ae_title)
        check_host(self.host)
        check_port(self.port)
        if self.retrieve_by is RetrieveBy.MOVE and self.receiver is None:
            raise ValueError("C-MOVE needs a receiver to send to. Received: none")

    def __str__(self) -> str:
        return f"{self.name} ({self.ae_title} at {self.host}:{self.port})"


@dataclass(frozen=True)
class WebServer:
    """A DICOMweb server (PS3.18).

    Parameters
    ----------
    name : str
        What a person calls it.
    url : str
        Base of the services: ``http`` or ``https``, without a user, a query or a fragment.
    query_prefix, retrieve_prefix, store_prefix : str
        Paths of QIDO-RS, WADO-RS and STOW-RS below the base, where they differ from it.
    authorization : WebAuthorization
    user : str
        Name for basic authorization; the password lies in the keyring.
    tls : TlsFiles
        Whom to trust, and our own certificate; not used with ``http``.
    timeouts : Timeouts
    """

    name: str
    url: str
    query_prefix: str = ""
    retrieve_prefix: str = ""
    store_prefix: str = ""
    authorization: WebAuthorization = WebAuthorization.NONE
    user: str = ""
    tls: TlsFiles = field(default_factory=TlsFiles)
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __post_init__(self) -> None:
        check_name(self.name)
        _check_url(self.url)
        for prefix in (self.query_prefix, self.retrieve_prefix, self.store_prefix):
            if not _PREFIX.fullmatch(prefix):
                raise ValueError(f"a prefix is a path below the server's address. Received: {prefix!r}")
        if (self.authorization is WebAuthorization.BASIC) != bool(self.user):
            raise ValueError(
                "basic authorization, and only that, needs a user. "
                f"Received: {self.authorization.value} with user {self.user!r}"
            )
        if ":" in self.user or not self.user.isprintable():
            raise ValueError(
                f"a user's name holds no colon and no control characters. Received: {self.user!r}"
            )

    def __str__(self) -> str:
        return f"{self.name} ({self.url})"


@dataclass(frozen=True)
class FolderSource:
    """A folder with studies.

    Parameters
    ----------
    name : str
        What a person calls it.
    path : Path
        A full path.
    """

    name: str
    path: Path

    def __post_init__(self) -> None:
        check_name(self.name)
        if not self.path.is_absolute() or "\0" in str(self.path):
            raise ValueError(f"a folder is given by its full path. Received: {self.path}")

    def __str__(self) -> str:
        return f"{self.name} ({self.path})"


Peer = DicomNode | WebServer | FolderSource


def check_ae_title(title: str) -> None:
    """Refuse what is no AE title: VR AE of PS3.5 section 6.2.

    At most 16 characters of the default repertoire (ASCII) without backslash and control characters, not spaces only;
    spaces at the ends mean nothing to DICOM and are refused, so that one title is written in one way.

    Raises
    ------
    ValueError
    """
    if not 0 < len(title) <= _LONGEST_AE_TITLE:
        raise ValueError(f"an AE title has 1 to 16 characters. Received: {title!r}")
    if not (title.isascii() and title.isprintable()) or "\\" in title:
        raise ValueError(f"an AE title is plain ASCII without a backslash. Received: {title!r}")
    if title != title.strip():
        raise ValueError(f"an AE title neither begins nor ends with a space. Received: {title!r}")


def check_port(port: int) -> None:
    """Refuse what is no TCP port to connect to.

    Raises
    ------
    ValueError
    """
    if isinstance(port, bool) or not 1 <= port <= 65535:
        raise ValueError(f"a port lies within 1 to 65535. Received: {port}")


def check_host(host: str) -> None:
    """Refuse what is neither the name nor the number of a machine.

    Raises
    ------
    ValueError
    """
    if not _HOST.fullmatch(host):
        raise ValueError(f"a host is a name or a number such as 192.168.1.20. Received: {host!r}")


def check_name(name: str) -> None:
    """Refuse a name that a person could not tell from another.

    Raises
    ------
    ValueError
    """
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise ValueError(f"a name has 1 to 64 printable characters, no space at its ends. Received: {name!r}")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"this is no address of a server ({error}). Received: {url!r}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(f"a server's address is http://host or https://host. Received: {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a server's address holds no user and no password. Received: one that does")
    if parts.query or parts.fragment or not (url.isascii() and url.isprintable()) or " " in url:
        raise ValueError(f"a server's address ends with its path. Received: {url!r}")
