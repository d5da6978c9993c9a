"""A source while it is edited: what stands in the fields, whether or not it makes a source. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from pathlib import Path

from ichviewer.network.peers import (
    LOOPBACK,
    OWN_AE_TITLE,
    DicomNode,
    FolderSource,
    Peer,
    ReceiverAddress,
    RetrieveBy,
    Timeouts,
    TlsFiles,
    WebAuthorization,
    WebServer,
    check_ae_title,
    check_host,
    check_name,
    check_port,
)
from ichviewer.ui.look.language import marked, tr
from ichviewer.ui.look.words import sentence

ON = "on"
"""Value of a switch that is on; off is empty."""


class SourceKind(StrEnum):
    """What a source is."""

    NODE = marked("DICOM node")
    WEB = marked("DICOMweb server")
    FOLDER = marked("Folder")


class Control(Enum):
    """How a field is entered."""

    TEXT = "text"
    SECRET = "secret"
    CHOICE = "choice"
    SWITCH = "switch"
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True)
class SourceField:
    """A field of a source.

    Parameters
    ----------
    key, words : str
        In a draft, and beside the field.
    control : Control
    hint : str
        What stands in the field while it is empty.
    choices : mapping of str to str
        Values and their words.
    group : str
        Heading above the field; empty for that of the field before.
    """

    key: str
    words: str
    control: Control = Control.TEXT
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    group: str = ""


_TIMES = (
    SourceField("connect_s", tr("For a connection"), group=tr("Seconds to wait")),
    SourceField("answer_s", tr("For the next answer")),
    SourceField("idle_s", tr("For the next bytes")),
)
_TLS = (
    SourceField("authorities", tr("Certificates to trust"), Control.FILE, tr("those of the system")),
    SourceField("certificate", tr("Our certificate"), Control.FILE, tr("none")),
    SourceField("key", tr("Key of our certificate"), Control.FILE, tr("none")),
    SourceField("check_host", tr("The certificate must name the host"), Control.SWITCH),
)
FIELDS: Mapping[SourceKind, tuple[SourceField, ...]] = {
    SourceKind.NODE: (
        SourceField("name", tr("Name"), hint=tr("such as PACS")),
        SourceField("ae_title", tr("AE title of the node")),
        SourceField("host", tr("Host"), hint=tr("name or number")),
        SourceField("port", tr("Port"), hint=tr("such as 104 or 11112")),
        SourceField("own_ae_title", tr("Our AE title")),
        SourceField(
            "retrieve_by",
            tr("Images are asked for by"),
            Control.CHOICE,
            choices={
                RetrieveBy.GET: tr("C-GET, over the same connection"),
                RetrieveBy.MOVE: tr("C-MOVE, to our receiver"),
                RetrieveBy.GET_THEN_MOVE: tr("C-GET, and C-MOVE for the rest"),
            },
            group=tr("Images"),
        ),
        SourceField(
            "receiver_host",
            tr("Receiver listens at"),
            hint=tr("{loopback}, this machine only").format(loopback=LOOPBACK),
        ),
        SourceField("receiver_port", tr("Receiver's port"), hint=tr("the node must know it by our AE title")),
        SourceField("tls", tr("Connect with TLS"), Control.SWITCH, group=tr("Encryption")),
        *_TLS,
        *_TIMES,
    ),
    SourceKind.WEB: (
        SourceField("name", tr("Name"), hint=tr("such as Research archive")),
        SourceField("url", tr("Address"), hint="https://host/dicom-web"),
        SourceField(
            "authorization",
            tr("Logging in"),
            Control.CHOICE,
            choices={
                WebAuthorization.NONE: tr("Not needed"),
                WebAuthorization.BASIC: tr("With a user and a password"),
                WebAuthorization.BEARER: tr("With a token"),
            },
            group=tr("Who asks"),
        ),
        SourceField("user", tr("User")),
        SourceField("secret", tr("Password or token"), Control.SECRET, tr("as it is kept already")),
        SourceField(
            "query_prefix", tr("Searching (QIDO-RS)"), hint=tr("none"), group=tr("Paths below the address")
        ),
        SourceField("retrieve_prefix", tr("Fetching (WADO-RS)"), hint=tr("none")),
        SourceField("store_prefix", tr("Sending (STOW-RS)"), hint=tr("none")),
        SourceField(
            "authorities",
            tr("Certificates to trust"),
            Control.FILE,
            tr("those of the system"),
            group=tr("Encryption"),
        ),
        *_TLS[1:],
        *_TIMES,
    ),
    SourceKind.FOLDER: (
        SourceField("name", tr("Name"), hint=tr("such as Studies on the server")),
        SourceField("path", tr("Folder"), Control.FOLDER, tr("its full path")),
    ),
}

_START = {
    "own_ae_title": OWN_AE_TITLE,
    "retrieve_by": RetrieveBy.GET.value,
    "authorization": WebAuthorization.NONE.value,
    "check_host": ON,
    **{name: f"{getattr(Timeouts(), name):g}" for name in ("connect_s", "answer_s", "idle_s")},
}


@dataclass(frozen=True)
class SourceDraft:
    """A source as it is being entered.

    Parameters
    ----------
    kind : SourceKind
    values : mapping of str to str
        By the keys of `FIELDS`; a new source's own where a key is missing.
    """

    kind: SourceKind
    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        value = self.values.get(key, _START.get(key, ""))
        return value if key == "secret" else value.strip()

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the fields that its kind has."""
        return tuple(each.key for each in FIELDS[self.kind])

    def in_use(self, key: str) -> bool:
        """Whether a field means something with what stands in the others."""
        if key.startswith("receiver_"):
            return self["retrieve_by"] != RetrieveBy.GET.value
        if key == "user":
            return self["authorization"] == WebAuthorization.BASIC.value
        if key == "secret":
            return self["authorization"] != WebAuthorization.NONE.value
        if key in ("authorities", "certificate", "key", "check_host"):
            return self["tls"] == ON if self.kind is SourceKind.NODE else self["url"].startswith("https:")
        return True

    def complaints(self, other_names: Sequence[str] = ()) -> dict[str, str]:
        """A sentence for each field that cannot be used as it is, by its key.

        Parameters
        ----------
        other_names : sequence of str
            Names of the other sources.
        """
        found = {}
        for key in self.keys:
            if key in _CHECKS and self.in_use(key):
                said = _complaint(_CHECKS[key], self[key])
                if said:
                    found[key] = said
        if self["name"].casefold() in {name.casefold() for name in other_names}:
            found["name"] = tr("There is another source of this name.")
        if self["retrieve_by"] == RetrieveBy.MOVE.value and not self["receiver_port"]:
            found["receiver_port"] = tr("C-MOVE needs a port that the node sends to.")
        if self.in_use("certificate") and bool(self["certificate"]) != bool(self["key"]):
            found["key" if self["certificate"] else "certificate"] = tr(
                "A certificate and its key are given both or neither."
            )
        return found

    def peer(self) -> Peer:
        """The source; asked for only if there are no complaints.

        Raises
        ------
        ValueError
        """
        if self.kind is SourceKind.FOLDER:
            return FolderSource(self["name"], Path(self["path"]))
        times = Timeouts(*(float(self[name]) for name in ("connect_s", "answer_s", "idle_s")))
        if self.kind is SourceKind.WEB:
            way = WebAuthorization(self["authorization"])
            return WebServer(
                self["name"],
                self["url"],
                query_prefix=self["query_prefix"],
                retrieve_prefix=self["retrieve_prefix"],
                store_prefix=self["store_prefix"],
                authorization=way,
                user=self["user"] if way is WebAuthorization.BASIC else "",
                tls=self._tls_files() if self.in_use("check_host") else TlsFiles(),
                timeouts=times,
            )
        port = self["receiver_port"] if self.in_use("receiver_port") else ""
        return DicomNode(
            self["name"],
            self["ae_title"],
            self["host"],
            _port(self["port"]),
            own_ae_title=self["own_ae_title"],
            tls=self._tls_files() if self["tls"] == ON else None,
            timeouts=times,
            retrieve_by=RetrieveBy(self["retrieve_by"]),
            receiver=ReceiverAddress(self["receiver_host"] or LOOPBACK, _port(port)) if port else None,
        )

    def _tls_files(self) -> TlsFiles:
        authorities, certificate, key = (
            Path(self[name]) if self[name] else None for name in ("authorities", "certificate", "key")
        )
        return TlsFiles(authorities, certificate, key, check_host=self["check_host"] == ON)


def draft_of(peer: Peer) -> SourceDraft:
    """A source as it stands in the fields; its password or token is not among them."""
    if isinstance(peer, FolderSource):
        return SourceDraft(SourceKind.FOLDER, {"name": peer.name, "path": str(peer.path)})
    tls = peer.tls or TlsFiles()
    values = {
        "name": peer.name,
        **{name: f"{getattr(peer.timeouts, name):g}" for name in ("connect_s", "answer_s", "idle_s")},
        **{key: str(getattr(tls, key) or "") for key in ("authorities", "certificate", "key")},
        "check_host": ON if tls.check_host else "",
    }
    if isinstance(peer, WebServer):
        plain = ("url", "user", "query_prefix", "retrieve_prefix", "store_prefix")
        values |= {name: getattr(peer, name) for name in plain}
        return SourceDraft(SourceKind.WEB, {**values, "authorization": peer.authorization.value})
    values |= {name: str(getattr(peer, name)) for name in ("ae_title", "host", "port", "own_ae_title")}
    values |= {"retrieve_by": peer.retrieve_by.value, "tls": ON if peer.tls is not None else ""}
    if peer.receiver is not None:
        values |= {"receiver_host": peer.receiver.host, "receiver_port": str(peer.receiver.port)}
    return SourceDraft(SourceKind.NODE, values)


def source_words(peer: Peer) -> tuple[str, str]:
    """What a source is, and where."""
    if isinstance(peer, DicomNode):
        tls = "" if peer.tls is None else tr(", TLS")
        return SourceKind.NODE.value, tr("{ae_title} at {host}:{port}{tls}").format(
            ae_title=peer.ae_title, host=peer.host, port=peer.port, tls=tls
        )
    if isinstance(peer, WebServer):
        return SourceKind.WEB.value, peer.url
    return SourceKind.FOLDER.value, str(peer.path)


def error_sentence(error: ValueError) -> str:
    """The first part of an error as a sentence; what was received stands in the field itself."""
    return sentence(str(error).partition(" Received:")[0].rstrip(".")) + "."


def _complaint(check: Callable[[str], object], text: str) -> str:
    try:
        check(text)
    except ValueError as error:
        return error_sentence(error)
    return ""


def _port(text: str) -> int:
    # Not isdigit(), which also takes the digits of other scripts and superscripts.
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise ValueError(f"a port is a whole number within 1 to 65535. Received: {text!r}")
    check_port(int(text))
    return int(text)


def _seconds(text: str) -> Timeouts:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"this is a number of seconds, such as 10. Received: {text!r}") from None
    try:
        return Timeouts(connect_s=number)
    except ValueError as error:
        raise ValueError(f"this is over 0 and at most 3600 seconds. Received: {text!r}") from error


def _user(text: str) -> WebServer:
    if not text:
        raise ValueError("a user is needed to log in with a password. Received: none")
    return WebServer("x", "http://x", authorization=WebAuthorization.BASIC, user=text)


def _secret(text: str) -> None:
    if text and not text.isprintable():
        raise ValueError("a password or token has printable characters only. Received: others")


_CHECKS: Mapping[str, Callable[[str], object]] = {
    "name": check_name,
    "ae_title": check_ae_title,
    "own_ae_title": check_ae_title,
    "host": check_host,
    "port": _port,
    "receiver_host": lambda text: check_host(text or LOOPBACK),
    "receiver_port": lambda text: _port(text or "11112"),
    "connect_s": _seconds,
    "answer_s": _seconds,
    "idle_s": _seconds,
    "url": lambda text: WebServer("x", text),
    "query_prefix": lambda text: WebServer("x", "http://x", query_prefix=text),
    "retrieve_prefix": lambda text: WebServer("x", "http://x", retrieve_prefix=text),
    "store_prefix": lambda text: WebServer("x", "http://x", store_prefix=text),
    "user": _user,
    "secret": _secret,
    "path": lambda text: FolderSource("x", Path(text)),
}
