"""From what a person configured to something that can be asked for studies."""

from __future__ import annotations

from pathlib import Path

from ichviewer.errors import ExportError, SettingsError
from ichviewer.network.arrivals import FolderReceiver
from ichviewer.network.dicomweb import WebSource
from ichviewer.network.dimse import DimseSource
from ichviewer.network.peers import DicomNode, Peer, WebServer
from ichviewer.network.secrets import Secrets
from ichviewer.network.source import Retrieved, Source
from ichviewer.progress import CancelToken, Progress


def open_source(peer: Peer, secrets: Secrets | None = None) -> Source:
    """What speaks to a peer; nothing is sent yet.

    Parameters
    ----------
    peer : Peer
    secrets : Secrets or None
        Where passwords and tokens lie; the system's keyring unless told.

    Raises
    ------
    SettingsError
        If it is a folder: its files are opened, not fetched.
    """
    if isinstance(peer, DicomNode):
        return DimseSource(peer)
    if isinstance(peer, WebServer):
        return WebSource(peer, secrets or Secrets())
    raise SettingsError("this source cannot be asked over the network", str(peer))


def fetch_into_folder(
    source: Source,
    study_uid: str,
    series_uid: str | None,
    folder: Path,
    *,
    progress: Progress,
    cancel: CancelToken,
) -> Retrieved:
    """Fetch a study, or one series of it, into a folder, one file an object.

    What lies there already is not asked for again. The files can be read while others still arrive: each has its
    name only when it is whole.

    Parameters
    ----------
    source : Source
    study_uid : str
    series_uid : str or None
    folder : Path
        Made where it is missing.
    progress : Progress
    cancel : CancelToken

    Raises
    ------
    Cancelled
    NetworkError
    ExportError
        If the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError("the folder cannot be made", str(folder), error.strerror or str(error)) from error
    return source.retrieve(study_uid, series_uid, FolderReceiver(folder), progress, cancel)


def files_to_send(paths: tuple[Path, ...]) -> tuple[list[Path], int]:
    """Files to send: those named, and the DICOM files in folders that are named, at any depth, in order of name.

    Returns
    -------
    tuple of (list of Path, int)
        The files, each once, and how many files in folders were left out because they are no DICOM objects.
    """
    found: dict[Path, None] = {}
    left_out = 0
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for inner in sorted(path.rglob("*")):
            if not inner.is_file():
                continue
            if _is_object(inner):
                found[inner] = None
            else:
                left_out += 1
    return list(found), left_out


def _is_object(path: Path) -> bool:
    """Whether a file is a DICOM object: has the prefix, and is no directory of a medium (PS3.10 7.1 and 8.6)."""
    if path.name.upper() == "DICOMDIR":
        return False
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        # It is sent for, and said to be unreadable.
        return True
