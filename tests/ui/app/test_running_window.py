"""A start hands what it asks for to the window that is open; where anything is otherwise, it opens its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# It needs Kerberos, which a bare system lacks; see `test_without_qt_s_network_library_each_start_has_a_window`.
pytest.importorskip("PySide6.QtNetwork", exc_type=ImportError)

from dicom_factory import write_series
from fake_backend import scripted_backend
from pytestqt.qtbot import QtBot
from scripted_source import ScriptedSource, scripted_network
from window_builders import done

from ichviewer.network.study_link import StudyLink
from ichviewer.ui.app.app import follow
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.running_window import (
    GREETING,
    REFUSED,
    MeetingPlace,
    Outcome,
    WindowServer,
    hand_over,
    meeting_place,
)
from ichviewer.ui.app.start_request import LONGEST_BYTES, StartRequest
from ichviewer.ui.dialogs.frame import DialogFrame
from ichviewer.ui.session.ui_settings import UiSettings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to sockets of Unix")

ROOT = Path(__file__).parents[3]
REQUEST = StartRequest((Path("/data/study"),))


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[MeetingPlace]:
    # A socket's path has at most 107 bytes.
    folder = tmp_path_factory.mktemp("s")
    yield MeetingPlace(str(folder / "w"), folder / "w.lock", folder / "w.building")


@pytest.fixture
def server(qtbot: QtBot, place: MeetingPlace) -> Iterator[WindowServer]:
    made = WindowServer(place)
    made.asked = []  # type: ignore[attr-defined]
    made.requested.connect(made.asked.append)  # type: ignore[attr-defined]
    made.listen()
    assert made.listening
    yield made
    made.close()


def knock(qtbot: QtBot, place: MeetingPlace, request: StartRequest, wait_s: float = 5.0) -> Outcome:
    """Hand over from a thread, as from another process."""
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(hand_over(place, request, wait_s)))
    thread.start()
    qtbot.waitUntil(lambda: bool(outcomes), timeout=15_000)
    thread.join()
    return outcomes[0]


def connect(place: MeetingPlace) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(5)
    client.connect(place.address)
    return client


def heard(qtbot: QtBot, client: socket.socket) -> bytes:
    """All that comes until the other side hangs up."""
    got: list[bytes] = []

    def listen() -> None:
        try:
            while data := client.recv(1000):
                got.append(data)
        except OSError:
            pass
        got.append(b"")

    thread = threading.Thread(target=listen)
    thread.start()
    qtbot.waitUntil(lambda: bool(got) and got[-1] == b"", timeout=10_000)
    thread.join()
    return b"".join(got)


def test_a_request_is_taken_by_the_window_that_listens(qtbot, server, place):
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN
    study = StartRequest(fetch=StudyLink("PACS", "1.2.3"), ask=True)
    assert knock(qtbot, place, study) is Outcome.TAKEN
    qtbot.waitUntil(lambda: len(server.asked) == 2)
    assert server.asked == [REQUEST, study]


def test_without_a_window_nobody_takes_it(place):
    assert hand_over(place, REQUEST) is Outcome.NOBODY


def test_only_the_user_may_reach_the_socket(server, place):
    assert Path(place.address).stat().st_mode & 0o077 == 0


def test_what_a_window_that_was_killed_has_left_is_taken_over(qtbot, place):
    left = socket.socket(socket.AF_UNIX)
    left.bind(place.address)
    left.listen()
    left.close()
    assert hand_over(place, REQUEST) is Outcome.NOBODY
    server = WindowServer(place)
    asked = []
    server.requested.connect(asked.append)
    assert server.listen_or_hand_over(REQUEST) is False and server.listening
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN and asked == [REQUEST]
    server.close()
    assert not Path(place.address).exists()
    assert hand_over(place, REQUEST) is Outcome.NOBODY


def test_a_window_that_hangs_is_not_waited_for_and_does_nothing_when_it_wakes_up(qtbot, server, place):
    # Nobody runs its event loop meanwhile.
    began = time.monotonic()
    assert hand_over(place, REQUEST, 0.3) is Outcome.NO_ANSWER
    assert 0.2 < time.monotonic() - began < 2
    second = WindowServer(place)
    assert second.listen_or_hand_over(REQUEST, 0.2) is False and not second.listening
    second.close()
    qtbot.wait(100)
    assert server.asked == []
    # It works again then.
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN


def test_a_start_that_gave_up_before_it_was_heard_is_not_followed(qtbot, server, place):
    client = connect(place)
    client.sendall(REQUEST.line())
    client.close()
    qtbot.wait(100)
    assert server.asked == []


@pytest.mark.parametrize(
    "words",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b'{"version": 9, "paths": ["/a"]}\n',
        b'{"version": 1, "paths": ["a"]}\n',
        b"[" * 100_000 + b"\n",
        b"\0" * 1000 + b"\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_next_one_is_taken(qtbot, server, place, words):
    client = connect(place)
    client.sendall(words)
    assert heard(qtbot, client) == GREETING + REFUSED
    client.close()
    assert server.asked == []
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN


def test_a_line_without_end_is_not_taken_into_memory(qtbot, server, place):
    client = connect(place)
    sent = []

    def pour() -> None:
        try:
            for _ in range(100):
                client.sendall(b"x" * 100_000)
                sent.append(100_000)
        except OSError:
            pass

    thread = threading.Thread(target=pour)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    assert sum(sent) < 4 * LONGEST_BYTES
    client.close()
    assert server.asked == []
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN


def test_guests_that_say_nothing_do_not_keep_others_out(qtbot, server, place):
    silent = [connect(place) for _ in range(5)]
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN
    many = [connect(place) for _ in range(20)]
    qtbot.wait(50)
    # More than it bears: this start opens a window of its own, at once.
    assert knock(qtbot, place, REQUEST) in (Outcome.NO_ANSWER, Outcome.TAKEN)
    for client in (*silent, *many):
        client.close()
    qtbot.wait(50)
    assert knock(qtbot, place, REQUEST) is Outcome.TAKEN


@pytest.mark.parametrize(
    "words", [b"", b"hello\n", b"x" * 1000, GREETING, GREETING + REFUSED, GREETING + b"taken"]
)
def test_whoever_listens_and_is_no_window_of_ours_is_not_believed(place, words):
    other = socket.socket(socket.AF_UNIX)
    other.bind(place.address)
    other.listen()

    def answer() -> None:
        client, _ = other.accept()
        client.sendall(words)
        time.sleep(0.5)
        client.close()

    thread = threading.Thread(target=answer)
    thread.start()
    assert hand_over(place, REQUEST, 0.3) is Outcome.NO_ANSWER
    thread.join()
    other.close()


def test_a_window_that_is_being_built_is_waited_for_longer(qtbot, place, monkeypatch):
    monkeypatch.setattr("ichviewer.ui.app.running_window.ANSWER_S", 0.2)
    monkeypatch.setattr("ichviewer.ui.app.running_window.BUILT_S", 0.8)
    server = WindowServer(place)
    server.listen()
    began = time.monotonic()
    assert hand_over(place, REQUEST) is Outcome.NO_ANSWER
    assert time.monotonic() - began > 0.7
    qtbot.wait(20)
    began = time.monotonic()
    assert hand_over(place, REQUEST) is Outcome.NO_ANSWER
    assert time.monotonic() - began < 0.7
    server.close()


def test_a_request_that_is_too_long_is_not_sent(qtbot, server, place):
    long = StartRequest(tuple(Path("/") / f"{i:0100}" for i in range(10_000)))
    assert knock(qtbot, place, long) is Outcome.NO_ANSWER
    assert server.asked == []


def test_of_two_windows_one_listens_and_the_other_does_when_that_one_has_closed(qtbot, server, place):
    second = WindowServer(place)
    second.listen()
    assert server.listening and not second.listening
    server.close()
    second.listen()
    assert second.listening and not server.listening
    second.close()


def test_a_window_that_begins_to_close_takes_nothing_any_more(qtbot, place):
    window = MainWindow(UiSettings(), scripted_backend())
    server = WindowServer(place, window)
    server.close_with(window)
    server.listen()
    window.show()
    window.close()
    assert not server.listening and hand_over(place, REQUEST) is Outcome.NOBODY
    window.deleteLater()


def test_a_place_is_the_user_s_own_and_of_one_display_and_settings(tmp_path, monkeypatch):
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "DISPLAY": ":1"}
    (tmp_path / "run").mkdir()
    here = meeting_place(runtime)
    assert here is not None and here == meeting_place(dict(runtime))
    assert Path(here.address).parent.stat().st_mode & 0o077 == 0
    others = [
        meeting_place({**runtime, "DISPLAY": ":2"}),
        meeting_place({**runtime, "WAYLAND_DISPLAY": "wayland-0"}),
        meeting_place({**runtime, "XDG_CONFIG_HOME": "/elsewhere"}),
        meeting_place({**runtime, "QT_QPA_PLATFORM": "offscreen"}),
    ]
    assert len({here, *others}) == 5 and None not in others
    # Without a runtime folder, or with a relative one, it is the program's own.
    for environment in ({}, {"XDG_RUNTIME_DIR": "run"}):
        usual = meeting_place(environment)
        assert usual is not None and Path(os.environ["XDG_DATA_HOME"]) in usual.lock.parents


@pytest.mark.parametrize("what", ["link", "file", "of somebody else"])
def test_no_place_is_taken_that_somebody_else_may_have_made(tmp_path, what, monkeypatch):
    folder = tmp_path / "ichviewer"
    if what == "link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    elif what == "file":
        folder.write_text("")
    else:
        folder.mkdir()
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert meeting_place({"XDG_RUNTIME_DIR": str(tmp_path)}) is None


# What the window does with it


quiet = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)\(\)")
"""The display of tests has no order of windows."""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path):
    made = MainWindow(
        UiSettings(), scripted_backend(), network=scripted_network(tmp_path / "network", ScriptedSource())
    )
    made.show()
    yield made
    made.close()
    made.deleteLater()


@quiet
def test_what_is_handed_over_is_opened_beside_what_is_open_and_nothing_twice(qtbot, window, tmp_path):
    for name in ("first", "second"):
        write_series(tmp_path / name, n=2, study=name, patient_id=name)
    follow(window, StartRequest((tmp_path / "first",)))
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    in_view = window.viewing.key
    window.showMinimized()
    follow(window, StartRequest((tmp_path / "second",)))
    assert not window.isMinimized()
    qtbot.waitUntil(lambda: len(window.session.catalog.studies) == 2 and done(window), timeout=10_000)
    assert window.viewing.key == in_view
    follow(window, StartRequest((tmp_path / "first",)))
    qtbot.waitUntil(lambda: "is open already" in window.notice.text)
    assert len(window.session.catalog.studies) == 2


@quiet
def test_paths_that_are_not_there_any_more_close_nothing(qtbot, window, tmp_path):
    write_series(tmp_path / "first", n=2)
    follow(window, StartRequest((tmp_path / "first",)))
    qtbot.waitUntil(lambda: done(window), timeout=10_000)
    follow(window, StartRequest((tmp_path / "gone",)))
    qtbot.waitUntil(lambda: "was not opened" in window.notice.text, timeout=10_000)
    assert len(window.session.catalog.studies) == 1


@quiet
def test_a_link_is_asked_about_one_at_a_time_and_fetched_by_nobody_s_leave_but_a_person_s(qtbot, tmp_path):
    source = ScriptedSource((), write_series(tmp_path / "ct", n=2))
    made = MainWindow(
        UiSettings(), scripted_backend(), network=scripted_network(tmp_path / "network", source)
    )
    made.show()
    try:
        write_series(tmp_path / "open", n=2, study="other", patient_id="P9")
        follow(made, StartRequest((tmp_path / "open",)))
        qtbot.waitUntil(lambda: done(made), timeout=10_000)

        def questions() -> list[DialogFrame]:
            return [dialog for dialog in made.findChildren(DialogFrame) if dialog.isVisible()]

        follow(made, StartRequest(fetch=StudyLink("PACS", "1.2.1"), ask=True))
        qtbot.waitUntil(lambda: len(questions()) == 1, timeout=10_000)
        follow(made, StartRequest(fetch=StudyLink("PACS", "1.2.2"), ask=True))
        qtbot.waitUntil(lambda: "Another link was not followed" in made.notice.text, timeout=10_000)
        (question,) = questions()
        assert source.retrieved == []
        question.accept()
        qtbot.waitUntil(
            lambda: source.retrieved == ["1.2.1"] and len(made.session.catalog.studies) == 2 and done(made),
            timeout=10_000,
        )
        # Of the command line, without a question.
        follow(made, StartRequest(fetch=StudyLink("PACS", "1.2.3"), ask=False))
        qtbot.waitUntil(lambda: source.retrieved == ["1.2.1", "1.2.3"], timeout=10_000)
        qtbot.waitUntil(lambda: not made.network.retrieval.running, timeout=10_000)
    finally:
        made.close()
        made.deleteLater()


# Starts of the real program


class Starts:
    """Processes of the program, with settings of their own."""

    def __init__(self, folder: Path) -> None:
        (folder / "run").mkdir()
        (folder / "code").mkdir()
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(folder / "code"), str(ROOT))),
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "CACHE", "DATA")},
        }
        self.all: list[subprocess.Popen[str]] = []

    def __call__(self, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ichviewer", *map(str, arguments)],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.all.append(process)
        return process

    @property
    def running(self) -> list[subprocess.Popen[str]]:
        return [process for process in self.all if process.poll() is None]


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starts]:
    starts = Starts(tmp_path_factory.mktemp("p"))
    yield starts
    for process in starts.running:
        process.kill()
    for process in starts.all:
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def listens(starts: Starts) -> bool:
    return any(path.is_socket() for path in Path(starts.environment["XDG_RUNTIME_DIR"]).rglob("*"))


def wait_until(said, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < until, "waited for too long"
        time.sleep(0.02)


@pytest.mark.timeout(300)
def test_of_starts_at_once_one_opens_a_window_and_what_it_leaves_when_killed_is_no_hindrance(start, tmp_path):
    write_series(tmp_path / "ct", n=2)
    for _ in range(3):
        start(tmp_path / "ct")
    wait_until(lambda: len(start.running) == 1)
    (window,) = start.running
    ended = [process for process in start.all if process is not window]
    for process in ended:
        assert process.returncode == 0
        assert (
            process.communicate()[1]
            == "Opened in the window that is open already; --new-window opens another one.\n"
        )
    # Another one, when asked for.
    other = start("--new-window", tmp_path / "ct")
    time.sleep(3)
    assert other.poll() is None
    other.kill()
    # Killed in the middle: what is left of its socket is taken over.
    window.send_signal(signal.SIGKILL)
    window.wait()
    assert listens(start)
    start(tmp_path / "ct")
    time.sleep(3)
    assert len(start.running) == 1
    last = start(tmp_path / "ct")
    assert last.wait(60) == 0


@pytest.mark.timeout(300)
def test_a_start_beside_a_window_that_hangs_opens_its_own_soon(start, tmp_path):
    write_series(tmp_path / "ct", n=2)
    window = start(tmp_path / "ct")
    wait_until(lambda: listens(start))
    assert start(tmp_path / "ct").wait(60) == 0
    window.send_signal(signal.SIGSTOP)
    own = start(tmp_path / "ct")
    time.sleep(9)
    assert own.poll() is None
    window.send_signal(signal.SIGCONT)
    assert start(tmp_path / "ct").wait(60) == 0


@pytest.mark.timeout(300)
def test_without_qt_s_network_library_each_start_has_a_window(start, tmp_path):
    write_series(tmp_path / "ct", n=2)
    # Python runs a module of this name in every process that it starts.
    (Path(start.environment["PYTHONPATH"].split(os.pathsep)[0]) / "sitecustomize.py").write_text(
        "import sys\nsys.modules['PySide6.QtNetwork'] = None\n"
    )
    for _ in range(2):
        start(tmp_path / "ct")
    time.sleep(6)
    assert len(start.running) == 2 and not listens(start)
