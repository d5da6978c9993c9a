"""Viewing and annotating speak to nobody: no process of the program makes an internet socket or asks for a name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "inference" / "tiny_model"

# Python runs a module of this name in every process that it starts, ours and those that ours start.
WATCHER = """
import os, socket, sys

def watch(event, arguments):
    if event == "socket.__new__":
        # urllib3, which pydicom imports, tries once whether there is IPv6: by binding to ::1, never connecting.
        if arguments[1] == socket.AF_INET:
            note(f"{event} {arguments[1]}")
    elif event in ("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"):
        if isinstance(arguments[1], tuple) and (event, arguments[1]) != ("socket.bind", ("::1", 0)):
            note(f"{event} {arguments[1]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        note(f"{event} {arguments[0]}")

def note(line):
    file = os.open(os.environ["NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{os.getpid()} {line}\\n".encode())
    os.close(file)

sys.addaudithook(watch)
note("started")
"""


def run(folder: Path, *arguments: str, code: str = "") -> list[str]:
    """Run the program, or other code, and return what its processes noted."""
    watcher = folder / "watcher"
    watcher.mkdir()
    (watcher / "sitecustomize.py").write_text(WATCHER)
    notes = folder / "notes.txt"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(watcher), str(ROOT))),
        "NOTES": str(notes),
        "QT_QPA_PLATFORM": "offscreen",
        **{name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")},
        "XDG_DATA_HOME": str(folder / "data"),
    }
    command = ["-c", code] if code else ["-m", "ichviewer", *arguments]
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return notes.read_text().splitlines()


def traffic(notes: list[str]) -> list[str]:
    return [line for line in notes if not line.endswith(" started")]


@pytest.mark.parametrize("command", ["annotate", "screenshot"])
def test_no_process_of_the_program_makes_an_internet_socket(tmp_path, ct_series, command):
    out = tmp_path / ("out.csv" if command == "annotate" else "out.png")
    model = ["--model", str(TINY)] if command == "annotate" else []
    notes = run(tmp_path, command, str(ct_series[0].parent), "-o", str(out), *model)
    assert out.exists()
    # The program's own processes were watched too: those that decode and analyze.
    assert len({line.split()[0] for line in notes}) > 1
    assert traffic(notes) == []


WINDOW = """
import sys, time
from PySide6.QtCore import QSettings
from ichviewer.ui.app.app import make_app
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
app = make_app()
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.ui_settings import UiSettings
window = MainWindow(UiSettings())
window.show()

def work(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.01)

work(1)
heavy = [name for name in ("pynetdicom", "dicomweb_client", "keyring") if name in sys.modules]
assert not heavy, heavy
for command in ("file.sources", "file.outbox", "file.find_studies", "file.settings"):
    window.actions_[command].trigger()
    work(0.3)
assert [peer.name for peer in window.network.sources.peers] == ["Here"]
window.close()
"""


def test_the_window_asks_no_source_that_is_configured_before_a_person_does(tmp_path):
    folder = tmp_path / "XDG_CONFIG_HOME" / "ichviewer"
    folder.mkdir(parents=True)
    (folder / "sources.toml").write_text(
        'version = 1\n[[node]]\nname = "Here"\nae_title = "HERE"\nhost = "127.0.0.1"\nport = 11112\n'
    )
    notes = run(tmp_path, code=WINDOW)
    assert traffic(notes) == []
    assert not (tmp_path / "data" / "ichviewer" / "outbox").exists()


def test_the_watch_sees_internet_sockets_and_names(tmp_path):
    code = "import socket; socket.socket().close(); socket.getaddrinfo('127.0.0.1', 1); socket.socketpair()"
    seen = traffic(run(tmp_path, code=code))
    assert [line.split()[1] for line in seen] == ["socket.__new__", "socket.getaddrinfo"]


def test_the_network_libraries_are_loaded_only_when_something_is_asked_for():
    names = ["network.fetch_study", "network.open_source", "network.receiver", "cli.sources", "cli.outbox"]
    code = "\n".join(f"import ichviewer.{name}" for name in names)
    heavy = ("pynetdicom", "dicomweb_client", "keyring", "PySide6", "highdicom")
    code += f"\nimport sys; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
