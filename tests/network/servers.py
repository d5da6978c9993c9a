"""Real servers for tests, each on free ports of the loopback with all its files in a folder of the test's own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_STARTING_S = 30.0


def free_port() -> int:
    """A port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tool(name: str) -> str:
    """Path of a program of dcmtk; the test is skipped where it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian package dcmtk)")
    return found


@dataclass(frozen=True)
class Orthanc:
    """A running Orthanc: AE title ``ORTHANC``, any peer may call it, its REST and DICOMweb services need no password.

    Parameters
    ----------
    dicom_port, http_port : int
    folder : Path
        Where its configuration, storage and log lie.
    """

    dicom_port: int
    http_port: int
    folder: Path

    @property
    def url(self) -> str:
        """Base of its REST services."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def dicomweb_url(self) -> str:
        """Base of its DICOMweb services (QIDO-RS, WADO-RS, STOW-RS)."""
        return f"{self.url}/dicom-web"

    def get(self, path: str):
        """Answer of its REST services, parsed from JSON."""
        with urlopen(f"{self.url}{path}", timeout=20) as answer:
            return json.load(answer)

    def file_of(self, sop_instance_uid: str) -> bytes:
        """An instance as Orthanc keeps it."""
        with urlopen(f"{self.url}/tools/lookup", data=sop_instance_uid.encode(), timeout=20) as answer:
            (found,) = json.load(answer)
        with urlopen(f"{self.url}/instances/{found['ID']}/file", timeout=20) as answer:
            return answer.read()

    def clear(self) -> None:
        """Forget every patient."""
        for identity in self.get("/patients"):
            urlopen(Request(f"{self.url}/patients/{identity}", method="DELETE"), timeout=20).close()


@contextmanager
def running_orthanc(
    folder: Path, *, modalities: dict[str, list[object]] | None = None, **options: object
) -> Iterator[Orthanc]:
    """Start Orthanc with its DICOMweb plugin and stop it at the end; the test is skipped where it is missing.

    Parameters
    ----------
    folder : Path
        For its files.
    modalities : dict
        ``DicomModalities`` of its configuration: where it may send to, such as
        ``{"us": ["ICHVIEWER", "127.0.0.1", 11112]}``.
    options
        Further settings of its configuration, such as ``AuthenticationEnabled=True``.
    """
    program = shutil.which("Orthanc") or "/usr/sbin/Orthanc"
    if not Path(program).exists() or not _PLUGIN.exists():
        pytest.skip("Orthanc with DICOMweb is not installed (Debian packages orthanc, orthanc-dicomweb)")
    server = Orthanc(free_port(), free_port(), folder)
    settings = {
        "Name": "ichviewer tests",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "Plugins": [str(_PLUGIN)],
        "HttpPort": server.http_port,
        "DicomPort": server.dicom_port,
        "DicomAet": "ORTHANC",
        "DicomAlwaysAllowEcho": True,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DicomAlwaysAllowStore": True,
        "DicomCheckCalledAet": True,
        "DicomModalities": modalities or {},
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "OverwriteInstances": True,
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
        **options,
    }
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "orthanc.json"
    configuration.write_text(json.dumps(settings))

    def ready() -> bool:
        return listening(server.http_port) and listening(server.dicom_port)

    with running([program, str(configuration)], folder / "orthanc.log", ready):
        yield server


@contextmanager
def running(command: list[str], log: Path, ready: Callable[[], bool]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server, wait until it is ready, and stop it at the end; a failure to start shows its log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=log.parent
        )
    try:
        end = time.monotonic() + _STARTING_S
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{command[0]} did not start: {log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listening(port: int) -> bool:
    """Whether somebody listens on a port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_dcmqrscp(
    folder: Path, *options: str, mover: str = "ICHVIEWER", mover_port: int = 0
) -> Iterator[int]:
    """Dcmtk's archive under the AE title ``QRSCP``, which may move to ``mover``; its port.

    Parameters
    ----------
    folder : Path
        For its database and configuration.
    options : str
        Such as ``+xv`` and ``-xv``: JPEG 2000 is accepted and proposed, besides what is not compressed.
    mover, mover_port : str, int
        AE title and port on the loopback of the one who may be moved to.
    """
    program = tool("dcmqrscp")
    port = free_port()
    database = folder / "database"
    database.mkdir(parents=True)
    configuration = folder / "dcmqrscp.cfg"
    configuration.write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n\n"
        f"HostTable BEGIN\nmover = ({mover}, 127.0.0.1, {mover_port or free_port()})\nHostTable END\n\n"
        "VendorTable BEGIN\nVendorTable END\n\n"
        f"AETable BEGIN\nQRSCP {database} RW (500, 4096mb) ANY\nAETable END\n"
    )
    command = [program, "-v", *options, "--config", str(configuration), str(port)]
    with running(command, folder / "dcmqrscp.log", lambda: listening(port)):
        yield port
