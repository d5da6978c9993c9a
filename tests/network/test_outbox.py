from __future__ import annotations

import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from ichviewer.errors import ExportError, NetworkError, ReadError, SettingsError
from ichviewer.network.outbox import LONGEST_DELAY_S, Outbox, State, delay_s
from ichviewer.network.outbox_counts import count_outbox
from ichviewer.network.outbox_sender import Sent, send_due
from ichviewer.network.source import SendOutcome, SendResult
from ichviewer.progress import Cancelled, CancelToken, silent

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights and signals of POSIX")


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now_s = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now_s


class Destination:
    """A peer that takes objects, or does with them what a test says."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.outcomes: dict[str, SendResult | Exception] = {}
        self.calls = 0

    def send(self, files: Sequence[Path], progress: object, cancel: CancelToken) -> Iterator[SendResult]:
        self.calls += 1
        for path in files:
            cancel.check()
            uid = sop_of(path)
            outcome = self.outcomes.get(uid, SendOutcome.STORED)
            if isinstance(outcome, Exception):
                raise outcome
            if outcome is SendOutcome.STORED:
                self.got.append(uid)
                yield SendResult(path, uid, outcome)
            else:
                yield SendResult(path, uid, outcome, "for a reason", 100.0)


def sop_of(path: Path) -> str:
    from pydicom import dcmread

    return str(dcmread(path, stop_before_pixels=True).SOPInstanceUID)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [write(tmp_path / "files" / f"{n}.dcm", make_slice(instance_number=n)) for n in range(1, 4)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def send(outbox: Outbox, destination: Destination) -> Sent:
    return send_due(outbox, lambda name: destination, silent, CancelToken())


def states(outbox: Outbox) -> list[State]:
    return [item.state for item in outbox.items()]


def test_what_is_put_in_is_a_copy_and_survives_the_end_of_the_program(folder, files):
    with Outbox(folder) as outbox:
        (item,) = outbox.add(files[0], ["pacs"])
        sent = files[0].read_bytes()
    files[0].unlink()
    with Outbox(folder) as outbox:
        assert outbox.items() == (item,)
        assert item.path.read_bytes() == sent
        assert (item.destination, item.state, item.attempts) == ("pacs", State.WAITING, 0)
        assert item.description == "CT Head 5.0"
        assert send(outbox, peer := Destination()) == Sent(n_stored=1)
        assert peer.got == [item.sop_uid]
        assert not item.path.exists(), "patients' data is kept no longer than needed"
        (sent_item,) = outbox.items()
        assert (sent_item.state, sent_item.attempts, sent_item.last_error) == (State.SENT, 1, "")


def test_putting_it_in_twice_sends_it_once_and_after_that_once_more(folder, files):
    with Outbox(folder) as outbox:
        for _ in range(2):
            outbox.add(files[0], ["pacs", "pacs", "archive"])
        assert len(outbox.items()) == 2
        peer = Destination()
        send(outbox, peer)
        assert len(peer.got) == 2
        outbox.add(files[0], ["pacs"])
        send(outbox, peer)
        assert len(peer.got) == 3
        assert states(outbox) == [State.SENT, State.SENT]


def test_what_became_of_an_object_is_said_of_what_was_put_in_last(folder, files):
    with Outbox(folder) as outbox:
        (first,) = outbox.add(files[0], ["pacs"])
        assert outbox.latest(first.sop_uid, "pacs") == first
        write(files[0], make_slice(instance_number=1, description="again"))
        (second,) = outbox.add(files[0], ["pacs"])
        assert (second.sop_uid, second.id) == (first.sop_uid, first.id + 1)
        assert outbox.latest(first.sop_uid, "pacs") == second
        assert outbox.latest(first.sop_uid, "archive") is None


def test_what_was_sent_is_not_sent_again_where_it_is_put_in_once_and_for_all(folder, files):
    with Outbox(folder) as outbox:
        peer = Destination()
        for _ in range(2):
            (item,) = outbox.add(files[0], ["pacs"], again=False)
            send(outbox, peer)
        assert peer.got == [item.sop_uid]
        assert item.state is State.SENT
        assert not item.path.exists(), "patients' data is kept no longer than needed"
        # Another destination has not had it.
        outbox.add(files[0], ["pacs", "archive"], again=False)
        send(outbox, peer)
        assert peer.got == [item.sop_uid] * 2


def test_what_is_withdrawn_is_not_sent_and_nothing_else_is_touched(folder, files):
    with Outbox(folder) as outbox:
        sent, waiting, claimed = (outbox.add(file, ["pacs"])[0] for file in files)
        peer = Destination()
        peer.outcomes[waiting.sop_uid] = peer.outcomes[claimed.sop_uid] = SendOutcome.REFUSED
        send(outbox, peer)
        outbox.retry()
        assert outbox.claim("pacs", 1) == tuple(item for item in outbox.items() if item.id == waiting.id)
        uids = [sent.sop_uid, waiting.sop_uid, claimed.sop_uid, "1.2.3"]
        assert outbox.withdraw(uids) == 1
        assert [(item.sop_uid, item.state) for item in outbox.items()] == [
            (sent.sop_uid, State.SENT),
            (waiting.sop_uid, State.SENDING),
        ]
        assert waiting.path.exists()
        assert not claimed.path.exists()


def test_a_copy_is_kept_until_its_last_destination_has_it(folder, files):
    clock = Clock()
    with Outbox(folder, clock=clock) as outbox:
        item, _ = outbox.add(files[0], ["a", "b"])
        broken = Destination()
        broken.outcomes[item.sop_uid] = SendOutcome.FAILED
        good = Destination()
        send_due(outbox, lambda name: good if name == "a" else broken, silent, CancelToken())
        assert item.path.exists()
        clock.now_s += LONGEST_DELAY_S
        send(outbox, good)
        assert not item.path.exists()


def test_what_failed_is_tried_again_each_time_later_and_not_before(folder, files):
    clock = Clock()
    with Outbox(folder, clock=clock) as outbox:
        (item,) = outbox.add(files[0], ["pacs"])
        peer = Destination()
        peer.outcomes[item.sop_uid] = NetworkError("nothing listens", may_retry=True)
        # 5 s, 10 s, 20 s after the tries.
        for wait_s in (5, 10, 20):
            assert send(outbox, peer) == Sent(n_postponed=1)
            clock.now_s += wait_s - 0.5
            assert send(outbox, peer) == Sent()
            clock.now_s += 1
        (waiting,) = outbox.items()
        assert (waiting.attempts, waiting.last_error) == (3, "nothing listens")
        # The peer itself asks for 100 s, which is longer than the 40 s of the fourth try.
        peer.outcomes[item.sop_uid] = SendOutcome.FAILED
        send(outbox, peer)
        clock.now_s += 99
        assert outbox.due() == ()
        clock.now_s += 2
        assert outbox.due() == ("pacs",)


def test_waits_double_up_to_an_hour():
    assert [delay_s(n) for n in (1, 2, 3, 10, 11, 1000)] == [5, 10, 20, 2560, 3600, 3600]
    with pytest.raises(ValueError, match="counted from 1"):
        delay_s(0)


def test_a_clock_that_is_set_back_makes_nothing_wait_for_years(folder, files):
    clock = Clock()
    with Outbox(folder, clock=clock) as outbox:
        outbox.add(files[0], ["pacs"])
        clock.now_s -= 10 * 365 * 86400
        assert send(outbox, Destination()) == Sent(n_stored=1)


def test_what_is_refused_waits_for_a_person(folder, files):
    clock = Clock()
    with Outbox(folder, clock=clock) as outbox:
        for file in files:
            outbox.add(file, ["pacs"])
        peer = Destination()
        refused = outbox.items()[1]
        peer.outcomes[refused.sop_uid] = SendOutcome.REFUSED
        assert send(outbox, peer) == Sent(n_stored=2, n_refused=1)
        clock.now_s += 10 * LONGEST_DELAY_S
        assert send(outbox, peer) == Sent()
        assert outbox.items()[1].last_error == "for a reason"
        peer.outcomes.clear()
        assert outbox.retry([refused.id]) == 1
        assert send(outbox, peer) == Sent(n_stored=1)


def test_a_destination_that_refuses_us_altogether_or_is_unknown_waits_for_a_person(folder, files):
    with Outbox(folder) as outbox:
        for file in files:
            outbox.add(file, ["pacs", "gone"])
        peer = Destination()
        peer.outcomes[outbox.items()[0].sop_uid] = NetworkError("the server does not accept the token")

        def source_of(name: str) -> Destination:
            if name == "gone":
                raise SettingsError("there is no source 'gone'")
            return peer

        assert send_due(outbox, source_of, silent, CancelToken()) == Sent(n_refused=6)
        assert {item.last_error for item in outbox.items()} == {
            "the server does not accept the token",
            "there is no source 'gone'",
        }
        assert outbox.retry() == 6


def test_one_destination_that_is_down_costs_the_others_nothing(folder, files):
    with Outbox(folder) as outbox:
        for file in files:
            outbox.add(file, ["down", "up"])
        down, up = Destination(), Destination()
        down.outcomes[outbox.items()[0].sop_uid] = NetworkError("nothing listens", may_retry=True)
        sent = send_due(outbox, {"down": down, "up": up}.__getitem__, silent, CancelToken())
        assert sent == Sent(n_stored=3, n_postponed=3)
        assert len(up.got) == 3


def test_a_cancel_gives_back_what_was_not_sent_without_counting_a_try(folder, files):
    with Outbox(folder) as outbox:
        for file in files:
            outbox.add(file, ["pacs"])
        cancel = CancelToken()

        class Cancelling(Destination):
            def send(self, files, progress, cancel):
                for result in super().send(files, progress, cancel):
                    yield result
                    cancel.cancel()

        with pytest.raises(Cancelled):
            send_due(outbox, lambda name: Cancelling(), silent, cancel)
        assert states(outbox) == [State.SENT, State.WAITING, State.WAITING]
        assert [item.attempts for item in outbox.items()] == [1, 0, 0]


def test_a_damaged_copy_is_not_sent(folder, files):
    with Outbox(folder) as outbox:
        (item,) = outbox.add(files[0], ["pacs"])
        item.path.write_bytes(item.path.read_bytes()[:-2] + b"xx")
        peer = Destination()
        assert send(outbox, peer) == Sent(n_refused=1)
        assert peer.got == []
        assert "damaged" in outbox.items()[0].last_error
        outbox.add(files[0], ["pacs"])
        assert send(outbox, peer) == Sent(n_stored=1)


@pytest.mark.parametrize("content", [b"", b"text", b"\0" * 128 + b"DICM", None])
def test_what_is_no_object_is_not_taken(folder, tmp_path, content):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with Outbox(folder) as outbox, pytest.raises(ExportError, match="file"):
        outbox.add(file, ["pacs"])
    assert [p for p in folder.rglob("*") if p.suffix == ".dcm"] == []


def test_clearing_forgets_what_was_sent_and_only_if_told_what_was_not(folder, files):
    with Outbox(folder) as outbox:
        outbox.add(files[0], ["pacs"])
        send(outbox, Destination())
        outbox.add(files[1], ["pacs"])
        assert outbox.clear() == 1
        assert states(outbox) == [State.WAITING]
        outbox.add(files[2], ["pacs"])
        (claimed,) = outbox.claim("pacs", 1)
        assert outbox.clear(undelivered=True) == 1
        assert [item.id for item in outbox.items()] == [claimed.id]
        assert claimed.path.exists()


@POSIX
def test_only_the_user_may_read_it(folder, files):
    with Outbox(folder) as outbox:
        outbox.add(files[0], ["pacs"])
        found = [folder, *folder.rglob("*")]
        assert {stat.S_IMODE(p.stat().st_mode) for p in found if p.is_dir()} == {0o700}
        assert {stat.S_IMODE(p.stat().st_mode) for p in found if p.is_file()} == {0o600}


@POSIX
def test_a_disk_that_takes_no_more_is_said_and_nothing_half_is_sent(folder, files, tmp_path):
    import resource

    large = write(tmp_path / "large.dcm", make_slice(rows=128, columns=128))
    with Outbox(folder) as outbox:
        outbox.add(files[0], ["pacs"])
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        try:
            with pytest.raises(ExportError, match="the outbox cannot be"):
                outbox.add(large, ["pacs"])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert len(outbox.items()) == 1
        assert len(list((folder / "objects").iterdir())) == 1
        outbox.add(large, ["pacs"])
        assert send(outbox, Destination()) == Sent(n_stored=2)


@pytest.mark.parametrize("damage", ["text", "cut", "a page", "another's"])
def test_a_damaged_outbox_is_set_aside_with_its_objects_and_said(folder, files, damage):
    with Outbox(folder) as outbox:
        (item,) = outbox.add(files[0], ["pacs"])
    database = folder / "outbox.sqlite3"
    data = database.read_bytes()
    if damage == "text":
        database.write_bytes(b"not a database at all" * 100)
    elif damage == "cut":
        database.write_bytes(data[: len(data) // 2])
    elif damage == "a page":
        database.write_bytes(data[:4096] + b"\xff" * 4096 + data[8192:])
    else:
        database.unlink()
        with sqlite3.connect(database) as other:
            other.execute("CREATE TABLE t (a)")
        other.close()
    with Outbox(folder) as outbox:
        assert outbox.items() == ()
        assert outbox.set_aside is not None
        assert (outbox.set_aside / "objects" / item.path.name).exists()
        outbox.add(files[0], ["pacs"])
    with Outbox(folder) as outbox:
        assert outbox.set_aside is None
        assert len(outbox.items()) == 1


def test_an_outbox_of_a_newer_version_is_left_as_it_is(folder):
    Outbox(folder).close()
    with sqlite3.connect(folder / "outbox.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = (folder / "outbox.sqlite3").read_bytes()
    with pytest.raises(ReadError, match="newer version"):
        Outbox(folder)
    assert (folder / "outbox.sqlite3").read_bytes() == before


def test_two_programs_never_have_the_same_object_and_a_dead_ones_come_back(folder, files):
    one, two = Outbox(folder), Outbox(folder)
    for file in files:
        one.add(file, ["pacs"])
    first = one.claim("pacs", 2)
    second = two.claim("pacs", 5)
    assert len(first) == 2 and len(second) == 1
    assert {item.id for item in first}.isdisjoint({item.id for item in second})
    with pytest.raises(ValueError, match="only what this instance claimed"):
        two.finish(first[0])
    one.close()
    assert {item.id for item in two.claim("pacs", 5)} == {item.id for item in first}
    two.close()


SENDING = """
    import sys, time
    from pathlib import Path
    from ichviewer.network.outbox import Outbox
    from ichviewer.network.outbox_sender import send_due
    from ichviewer.network.source import SendOutcome, SendResult
    from ichviewer.progress import CancelToken, silent

    class Peer:
        def send(self, files, progress, cancel):
            for path in files:
                with open(sys.argv[2], "a") as log:
                    log.write(path.stem + chr(10))
                time.sleep(0.005)
                yield SendResult(path, "1.2", SendOutcome.STORED)

    with Outbox(Path(sys.argv[1])) as outbox:
        print("ready", flush=True)
        send_due(outbox, lambda name: Peer(), silent, CancelToken())
"""


@POSIX
def test_senders_that_are_killed_lose_nothing_and_the_last_one_delivers_the_rest(folder, tmp_path):
    n = 40
    with Outbox(folder) as outbox:
        digests = {
            outbox.add(write(tmp_path / f"{k}.dcm", make_slice(instance_number=k)), ["pacs"])[0].path.stem
            for k in range(n)
        }
    assert len(digests) == n
    log = tmp_path / "log"

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", textwrap.dedent(SENDING), str(folder), str(log)]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        return program

    killed = 0
    for wait_s in (0.02, 0.06, 0.1):
        program = start()
        threading.Event().wait(wait_s)
        killed += program.poll() is None
        program.send_signal(signal.SIGKILL)
        program.communicate()
    assert killed, "none was killed at work"
    # Two at one time finish it.
    programs = [start(), start()]
    for program in programs:
        _, errors = program.communicate(timeout=60)
        assert program.returncode == 0, errors
    with Outbox(folder) as outbox:
        assert set(states(outbox)) == {State.SENT}
        assert list((folder / "objects").iterdir()) == []
    sent = log.read_text().split()
    assert set(sent) == digests
    # At least once, and twice only what a killed program had not noted yet: one object each.
    assert len(sent) <= n + killed


@POSIX
def test_a_program_killed_while_it_puts_objects_in_leaves_none_half(folder, tmp_path):
    code = """
        import sys
        from pathlib import Path
        from ichviewer.network.outbox import Outbox
        with Outbox(Path(sys.argv[1])) as outbox:
            print("ready", flush=True)
            while True:
                for file in sorted(Path(sys.argv[2]).glob("*.dcm")):
                    outbox.add(file, ["pacs"])
                outbox.clear(undelivered=True)
    """
    for k in range(5):
        write(tmp_path / f"{k}.dcm", make_slice(instance_number=k))
    for wait_s in (0.03, 0.08, 0.15):
        command = [sys.executable, "-c", textwrap.dedent(code), str(folder), str(tmp_path)]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        threading.Event().wait(wait_s)
        program.send_signal(signal.SIGKILL)
        program.communicate()
        with Outbox(folder) as outbox:
            assert all(outbox.is_whole(item) for item in outbox.items())
            assert {p.stem for p in (folder / "objects").iterdir()} == {i.path.stem for i in outbox.items()}


class OutboxMachine(RuleBasedStateMachine):
    """Programs that open an outbox, put in, claim, settle, and die, beside what must hold whatever they do."""

    boxes = Bundle("boxes")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="outbox-"))
        self.clock = Clock()
        self.files = [
            write(self.folder / "files" / f"{n}.dcm", make_slice(rows=2, columns=2, instance_number=n))
            for n in range(3)
        ]
        self.expected: dict[tuple[str, str], State] = {}
        self.held: dict[tuple[str, str], Outbox] = {}
        self.n_sent = 0
        self.open: list[Outbox] = []

    def teardown(self) -> None:
        for box in self.open:
            box.close()
        shutil.rmtree(self.folder)

    @rule(target=boxes)
    def open_one(self) -> Outbox:
        box = Outbox(self.folder / "outbox", clock=self.clock)
        self.open.append(box)
        return box

    @rule(box=boxes, number=st.integers(0, 2), destination=st.sampled_from(["a", "b"]))
    def add(self, box: Outbox, number: int, destination: str) -> None:
        if box not in self.open:
            return
        (item,) = box.add(self.files[number], [destination])
        key = (destination, item.sop_uid)
        if self.expected.get(key) is not State.SENDING:
            self.expected[key] = State.WAITING
        assert item.state is self.expected[key]

    @rule(target=claims, box=boxes, destination=st.sampled_from(["a", "b"]), most=st.integers(1, 3))
    def claim(self, box: Outbox, destination: str, most: int):
        if box not in self.open:
            return multiple()
        items = box.claim(destination, most)
        for item in items:
            assert self.expected[item.destination, item.sop_uid] is State.WAITING
            self.expected[item.destination, item.sop_uid] = State.SENDING
            self.held[item.destination, item.sop_uid] = box
        waiting = [k for k, s in self.expected.items() if s is State.WAITING and k[0] == destination]
        assert len(items) == most or not waiting
        return multiple(*((box, item) for item in items))

    @rule(claim=consumes(claims), how=st.sampled_from(["finish", "refuse", "postpone", "give back"]))
    def settle(self, claim, how: str) -> None:
        box, item = claim
        if box not in self.open:
            return
        key = (item.destination, item.sop_uid)
        assert self.held.pop(key) is box
        if how == "finish":
            box.finish(item)
            self.n_sent += 1
            self.expected[key] = State.SENT
        elif how == "refuse":
            box.refuse(item, "no")
            self.expected[key] = State.REFUSED
        else:
            if how == "give back":
                box.give_back([item])
            else:
                box.postpone(item, "later", 1e9)
            self.expected[key] = State.WAITING
        self.clock.now_s += LONGEST_DELAY_S + 1

    @rule(box=consumes(boxes))
    def end(self, box: Outbox) -> None:
        if box not in self.open:
            return
        box.close()
        self.open.remove(box)
        for key in [key for key, holder in self.held.items() if holder is box]:
            del self.held[key]
            self.expected[key] = State.WAITING

    @rule(box=boxes)
    def retry(self, box: Outbox) -> None:
        if box in self.open:
            box.retry()
            self.expected = {
                key: State.WAITING if state is State.REFUSED else state
                for key, state in self.expected.items()
            }

    @rule(box=boxes, undelivered=st.booleans())
    def clear(self, box: Outbox, undelivered: bool) -> None:
        if box in self.open:
            box.clear(undelivered=undelivered)
            gone = set(State) - {State.SENDING} if undelivered else {State.SENT}
            self.expected = {key: state for key, state in self.expected.items() if state not in gone}

    @rule(box=boxes, most=st.integers(1, 3))
    def forget_what_was_sent(self, box: Outbox, most: int) -> None:
        if box in self.open:
            items = box.sent_before(self.clock.now_s, most)
            assert box.forget_sent(items) == len(items)
            for item in items:
                assert self.expected.pop((item.destination, item.sop_uid)) is State.SENT

    @invariant()
    def numbers_are_those_of_what_was_done(self) -> None:
        found = count_outbox(self.folder / "outbox")
        states = Counter(state.value for state in self.expected.values())
        assert found.undelivered == {name: states[name] for name in ("waiting", "sending", "refused")}
        assert found.sent == self.n_sent

    @invariant()
    def rows_and_copies_agree_with_what_was_done(self) -> None:
        if not self.open:
            return
        items = self.open[0].items()
        assert {(i.destination, i.sop_uid): i.state for i in items} == self.expected
        kept = {p.stem for p in (self.folder / "outbox" / "objects").iterdir()}
        assert kept == {i.path.stem for i in items if i.state is not State.SENT}


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)


def test_the_folder_of_tests_is_not_the_users(tmp_path, monkeypatch, files):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if sys.platform == "linux":
        with Outbox() as outbox:
            assert outbox.folder == tmp_path / "data" / "ichviewer" / "outbox"
            assert (outbox.folder / "outbox.sqlite3").is_file()


def test_chosen_objects_are_forgotten_and_others_stay(folder, files):
    with Outbox(folder) as outbox:
        first, second, third = (outbox.add(file, ["here"])[0] for file in files)
        (claimed,) = outbox.claim("here", 1)
        assert claimed.id == first.id
        # The one that is being sent stays, and so does the one that was not named.
        assert outbox.forget([first.id, second.id, 12345]) == 1
        assert [item.id for item in outbox.items()] == [first.id, third.id]
        assert not second.path.exists() and third.path.exists()
