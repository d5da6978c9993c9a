"""Passwords and the cache's key with a real Secret Service: gnome-keyring on a message bus of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keyring"),
    pytest.mark.skipif(
        not all(map(shutil.which, NEEDED)),
        reason=f"{' or '.join(NEEDED)} is not installed (Debian: dbus, gnome-keyring)",
    ),
    pytest.mark.alone,
]
PASSWORD = "s3cret of a doctor"
NAME = "doctor at https://pacs"
# Questions would be asked on the display; the other tests have no keyring of the system's.
NOT_TAKEN_OVER = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND")
BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
COLLECTION = "org.freedesktop.Secret.Collection"
LOGIN = DBusAddress(
    "/org/freedesktop/secrets/aliases/default", "org.freedesktop.secrets", "org.freedesktop.DBus.Properties"
)
# No services that the bus starts by itself: whether a keyring runs is up to the test.
BUS_SETTINGS = """<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


class Session:
    """A person's session without a display, in which nobody answers a question."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.cache = folder / "home" / "studies"
        self._stack = stack
        self._keyring: subprocess.Popen[bytes] | None = None
        self._environment = {key: value for key, value in os.environ.items() if key not in NOT_TAKEN_OVER}
        for name, variable in (("home", "HOME"), ("data", "XDG_DATA_HOME"), ("run", "XDG_RUNTIME_DIR")):
            (folder / name).mkdir(mode=0o700)
            self._environment[variable] = str(folder / name)
        self.data = folder / "data"
        settings = folder / "bus.conf"
        settings.write_text(BUS_SETTINGS.format(folder=folder / "run"))
        self._bus = stack.enter_context(
            running(
                ["dbus-daemon", f"--config-file={settings}", "--nofork", "--print-address"], self._environment
            )
        )
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().decode().strip()
        self._environment["DBUS_SESSION_BUS_ADDRESS"] = self.address

    def start_keyring(self, *, unlocked: bool) -> None:
        """Start it with the person's password, or without, as where nobody has logged in with one."""
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        self._keyring = self._stack.enter_context(
            running([*command, *(["--unlock"] if unlocked else [])], self._environment)
        )
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(b"password" if unlocked else b"")
        self._keyring.stdin.close()
        wait_until(lambda: self._owned("org.freedesktop.secrets"))
        if unlocked:
            # It can be called before it has opened what it keeps.
            wait_until(lambda: self._asked(LOGIN, "Get", "ss", (COLLECTION, "Locked")) == ("b", False))

    def signal_keyring(self, number: int) -> None:
        assert self._keyring is not None
        self._keyring.send_signal(number)
        if number == signal.SIGKILL:
            self._keyring.wait(20)
            wait_until(lambda: not self._owned("org.freedesktop.secrets"))

    def end_bus(self) -> None:
        self._bus.kill()
        self._bus.wait(20)

    def program(self, patience_s: float = 60.0, **environment: str) -> Program:
        """Start the program; it ends with the session at the latest."""
        script = Path(__file__).with_name("keyring_program.py")
        command = [sys.executable, str(script), str(self.cache), str(patience_s)]
        return Program(self._stack.enter_context(running(command, {**self._environment, **environment})))

    def headless(self) -> Program:
        """The program as a service or over ssh has it: no message bus."""
        self._environment.pop("DBUS_SESSION_BUS_ADDRESS")
        return self.program()

    def _owned(self, name: str) -> bool:
        return bool(self._asked(BUS, "NameHasOwner", "s", (name,)))

    def _asked(self, whom: DBusAddress, what: str, signature: str, arguments: tuple[str, ...]) -> Any:
        connection = open_dbus_connection(self.address)
        try:
            message = new_method_call(whom, what, signature, arguments)
            return connection.send_and_get_reply(message, timeout=20).body[0]
        finally:
            connection.close()


class Program:
    """The program of `keyring_program`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, *command: object) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.DEVNULL,
    }
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def session() -> Iterator[Session]:
    # Short: the names of sockets have few bytes.
    with tempfile.TemporaryDirectory(prefix="ich") as folder, ExitStack() as stack:
        yield Session(Path(folder), stack)


def test_a_password_comes_back_in_the_next_program_and_goes_when_it_is_forgotten(session):
    session.start_keyring(unlocked=True)
    assert session.program()("keep", NAME, PASSWORD) == [True, "The system's keyring keeps it."]
    program = session.program()
    assert program("find", NAME) == PASSWORD
    assert program("keep", NAME, "a newer one")[0] is True
    assert session.program()("find", NAME) == "a newer one"
    assert program("forget", NAME) is False
    assert session.program()("find", NAME) is None
    files = [path for path in session.data.rglob("*") if path.is_file()]
    assert files and not any(PASSWORD.encode() in path.read_bytes() for path in files)


def test_studies_are_encrypted_with_one_key_over_restarts_of_the_keyring(session):
    session.start_keyring(unlocked=True)
    program = session.program()
    assert program("state") == "ENCRYPTED"
    assert program("fetch", "1", 1, 2) == "ENCRYPTED"
    files = [path for path in session.cache.rglob("*") if path.is_file()]
    assert sum(path.suffix == ".sealed" for path in files) == 2
    assert not any(b"patient's data" in path.read_bytes() for path in files)
    session.signal_keyring(signal.SIGKILL)
    session.start_keyring(unlocked=True)
    assert session.program()("read", "1") == ["ENCRYPTED", 2, 0]


def test_a_locked_keyring_gives_and_takes_nothing_and_all_is_there_when_it_is_unlocked(session):
    session.start_keyring(unlocked=True)
    program = session.program()
    program("keep", NAME, PASSWORD)
    program("fetch", "1", 1)
    session.signal_keyring(signal.SIGKILL)
    session.start_keyring(unlocked=False)
    program = session.program()
    assert program("find", NAME) is None
    in_keyring, text = program("keep", "another", PASSWORD)
    assert not in_keyring and "until the program ends" in text
    assert program("find", "another") == PASSWORD
    assert program("read", "1") == ["REFUSED", 0, 1]
    assert program("fetch", "2", 2) == "REFUSED"
    session.signal_keyring(signal.SIGKILL)
    session.start_keyring(unlocked=True)
    assert program("find", NAME) == PASSWORD
    assert program("read", "1") == ["ENCRYPTED", 1, 0], "no other key was made"
    assert program("read", "2") == ["ENCRYPTED", 1, 0]
    assert not any(
        b"patient's data" in path.read_bytes() for path in session.cache.rglob("*") if path.is_file()
    )
    assert session.program()("find", "another") is None


def test_a_keyring_that_dies_costs_no_study_that_was_begun(session):
    session.start_keyring(unlocked=True)
    program = session.program()
    program("keep", NAME, PASSWORD)
    program("fetch", "1", 1)
    session.signal_keyring(signal.SIGKILL)
    assert program("find", NAME) is None
    assert program("forget", NAME) is True, "it may still have it"
    # The key was asked for once.
    assert program("fetch", "1", 2) == "ENCRYPTED"
    assert program("read", "1") == ["ENCRYPTED", 2, 0]


def test_a_keyring_that_hangs_is_not_waited_for_for_ever_and_is_used_again_when_it_answers(session):
    session.start_keyring(unlocked=True)
    session.program()("keep", NAME, PASSWORD)
    program = session.program(patience_s=1)
    session.signal_keyring(signal.SIGSTOP)
    assert program("find", NAME) is None
    assert program("fetch", "1", 1) == "LATE"
    in_keyring, text = program("keep", "another", PASSWORD)
    assert not in_keyring and "does not answer" in text
    assert program("find", "another") == PASSWORD
    assert program("forget", NAME) is True, "it may still have it"
    session.signal_keyring(signal.SIGCONT)
    wait_until(lambda: program("state") == "ENCRYPTED")
    wait_until(lambda: program("find", NAME) == PASSWORD)
    assert program("read", "1") == ["ENCRYPTED", 1, 0]


def test_without_a_keyring_or_a_bus_there_is_none(session):
    for program in (session.program(), session.headless()):
        assert program("state") == "NO_KEYRING"
        assert program("fetch", "1", 1) == "NO_KEYRING"
        assert program("keep", NAME, PASSWORD)[0] is False
        assert program("find", NAME) == PASSWORD
    session.end_bus()
    program = session.program(DBUS_SESSION_BUS_ADDRESS=session.address)
    assert program("state") == "NO_KEYRING"
    assert program("read", "1") == ["NO_KEYRING", 1, 0]


def test_a_bus_that_ends_takes_the_keyring_with_it_and_no_study(session):
    session.start_keyring(unlocked=True)
    program = session.program()
    program("fetch", "1", 1)
    session.end_bus()
    assert program("find", NAME) is None
    assert program("read", "1") == ["ENCRYPTED", 1, 0]
    assert session.program()("state") == "NO_KEYRING"
    assert session.program()("read", "1") == ["NO_KEYRING", 0, 1]
