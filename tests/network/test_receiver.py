"""Our Storage SCP: who gets in, how much is taken, and what is on disk after senders die."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest
from dicom_factory import make_slice, to_bytes, write
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from objects import data_set, write_each_syntax
from peers_for_tests import (
    SHORT,
    certificate,  # noqa: F401 - a fixture
    disturbed,
    no_thread_is_left,  # noqa: F401 - a fixture
    node_at,
)
from pydicom import dcmread, uid
from pynetdicom import AE, build_context
from servers import free_port

from ichviewer.errors import ExportError, NetworkError
from ichviewer.network.arrivals import DuplicateObjectError, FolderReceiver
from ichviewer.network.dimse import DimseSource
from ichviewer.network.peers import ReceiverAddress, TlsFiles
from ichviewer.network.receiver import ReceiverSettings, StorageReceiver
from ichviewer.network.source import ReceivedObject, SendOutcome
from ichviewer.progress import CancelToken, silent

ANYWHERE = ReceiverAddress(port=0)


def receiving(folder: Path, **options) -> StorageReceiver:
    settings_ = ReceiverSettings(**{"address": ANYWHERE, "ae_title": "PEER", "timeouts": SHORT, **options})
    return StorageReceiver(settings_, FolderReceiver(folder))


def objects(folder: Path, n: int = 3) -> list[Path]:
    return list(write_each_syntax(folder, ("ExplicitVRLittleEndian",) * n).values())


def sent(port: int, files: list[Path], **options) -> list[SendOutcome]:
    source = DimseSource(node_at(port, **options))
    return [result.outcome for result in source.send(files, silent, CancelToken())]


@pytest.fixture
def got(tmp_path: Path) -> Path:
    folder = tmp_path / "got"
    folder.mkdir()
    return folder


def test_what_arrives_is_written_whole_under_its_own_name(got, tmp_path):
    files = objects(tmp_path / "sent")
    with receiving(got) as receiver:
        assert sent(receiver.port, files) == [SendOutcome.STORED] * 3
    assert sorted(p.name for p in got.iterdir()) == sorted(f"{dcmread(p).SOPInstanceUID}.dcm" for p in files)
    for path in files:
        came = (got / f"{dcmread(path).SOPInstanceUID}.dcm").read_bytes()
        assert data_set(came) == data_set(path.read_bytes())


def test_the_same_object_again_is_no_error_and_another_of_its_uid_is_refused(got, tmp_path):
    files = objects(tmp_path / "sent", 1)
    before = dcmread(files[0])
    changed = tmp_path / "changed.dcm"
    before.PatientName = "Somebody^Else"
    before.save_as(changed)
    with receiving(got) as receiver:
        assert sent(receiver.port, files * 2) == [SendOutcome.STORED] * 2
        assert sent(receiver.port, [changed]) == [SendOutcome.REFUSED]
    (only,) = got.iterdir()
    assert str(dcmread(only).PatientName) == "Doe^John"


@pytest.mark.parametrize(
    ("options", "node", "words"),
    [
        ({"ae_title": "US"}, {}, "it is not called 'PEER'"),
        ({"ae_titles": ("FRIEND",)}, {}, "it does not know our AE title 'ICHVIEWER'"),
        ({"hosts": ("192.0.2.0/24",)}, {}, "closed the connection"),
    ],
)
def test_strangers_do_not_get_in(got, options, node, words):
    with receiving(got, **options) as receiver, pytest.raises(NetworkError, match=words):
        DimseSource(node_at(receiver.port, **node)).check(CancelToken())


def test_friends_get_in(got):
    with receiving(got, ae_titles=("FRIEND", "ICHVIEWER"), hosts=("localhost", "10.0.0.0/8")) as receiver:
        assert "answers" in DimseSource(node_at(receiver.port)).check(CancelToken())


def test_it_listens_on_the_loopback_unless_told(got):
    assert ReceiverSettings().address.host == "127.0.0.1"
    with receiving(got) as receiver, socket.socket() as other:
        # The port is free on every other address of this machine.
        other.bind(("127.0.0.2", receiver.port))


def test_a_port_that_is_taken_is_named(got):
    with receiving(got) as first, pytest.raises(NetworkError, match=f"127.0.0.1:{first.port}"):
        receiving(got, address=ReceiverAddress(port=first.port))


def test_what_is_not_storable_is_refused(got, tmp_path):
    with receiving(got) as receiver:
        entity = AE(ae_title="SENDER")
        association = entity.associate(
            "127.0.0.1",
            receiver.port,
            ae_title="PEER",
            contexts=[
                build_context("1.2.840.10008.5.1.4.1.2.2.1"),  # Study Root FIND: we are no archive
                build_context(uid.CTImageStorage, uid.MPEG4HP41),
                build_context(uid.CTImageStorage),
            ],
        )
        assert [c.abstract_syntax for c in association.accepted_contexts] == [uid.CTImageStorage]
        status = association.send_c_store(write(tmp_path / "x", make_slice()))
        assert status.Status == 0x0000
        association.release()
    assert len(list(got.iterdir())) == 1


def test_an_object_that_is_not_the_one_announced_is_refused(got, tmp_path):
    path = objects(tmp_path / "sent", 1)[0]
    lying = dcmread(path)
    lying.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    lying.save_as(path)
    with receiving(got) as receiver:
        assert sent(receiver.port, [path]) == [SendOutcome.REFUSED]
    assert list(got.iterdir()) == []


def test_an_object_that_is_too_large_ends_its_association_only(got, tmp_path):
    large = write(tmp_path / "large", make_slice(rows=512, columns=512))
    small = objects(tmp_path / "sent", 1)
    with receiving(got, largest_object_bytes=1 << 18) as receiver:
        (result,) = DimseSource(node_at(receiver.port)).send([large], silent, CancelToken())
        assert result.outcome is SendOutcome.FAILED
        assert sent(receiver.port, small) == [SendOutcome.STORED]
    assert len(list(got.iterdir())) == 1


def test_more_associations_than_allowed_are_told_to_come_later(got):
    with receiving(got, most_associations=2) as receiver:
        entity = AE(ae_title="SENDER")
        held = [
            entity.associate(
                "127.0.0.1", receiver.port, ae_title="PEER", contexts=[build_context(uid.CTImageStorage)]
            )
            for _ in range(2)
        ]
        with pytest.raises(NetworkError, match="as many associations as it takes") as caught:
            DimseSource(node_at(receiver.port)).check(CancelToken())
        assert caught.value.may_retry
        for association in held:
            association.release()
        DimseSource(node_at(receiver.port)).check(CancelToken())


@pytest.mark.parametrize(
    "noise",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x01\0\xff\xff\xff\xff" + b"\0" * 100,
        b"\x01\0\0\0\0\x44\0\1",
        b"\x04" * 50,
    ],
)
def test_connections_that_say_nonsense_or_nothing_stop_nobody(got, noise):
    with receiving(got) as receiver:
        quiet = []
        for _ in range(3):
            quiet.append(socket.create_connection(("127.0.0.1", receiver.port)))
            quiet[-1].sendall(noise)
        assert "answers" in DimseSource(node_at(receiver.port)).check(CancelToken())
        for connection in quiet:
            connection.settimeout(8)
            # Ours is the side that ends it.
            while connection.recv(4096):
                pass
            connection.close()


def test_a_full_disk_is_told_to_the_sender(tmp_path):
    def full(received: ReceivedObject) -> None:
        raise ExportError("the file cannot be written", "disk", "No space left on device")

    full.has = lambda _: False  # type: ignore[attr-defined]
    with StorageReceiver(ReceiverSettings(ANYWHERE, "PEER", timeouts=SHORT), full) as receiver:  # type: ignore[arg-type]
        (result,) = DimseSource(node_at(receiver.port)).send(
            objects(tmp_path / "sent", 1), silent, CancelToken()
        )
    assert result.outcome is SendOutcome.FAILED
    assert "out of resources" in result.reason


def test_tls_with_certificates_on_both_sides(got, tmp_path, certificate):  # noqa: F811
    both = TlsFiles(certificate[0], *certificate)
    with receiving(got, tls=both) as receiver:
        # Connections that never shake hands hold up nobody.
        quiet = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(3)]
        assert sent(receiver.port, objects(tmp_path / "sent"), tls=both) == [SendOutcome.STORED] * 3
        with pytest.raises(NetworkError):
            DimseSource(node_at(receiver.port, tls=TlsFiles(certificate[0]))).check(CancelToken())
        for connection in quiet:
            connection.close()


def test_many_senders_at_once_lose_nothing(got, tmp_path):
    files = objects(tmp_path / "sent", 24)
    with receiving(got) as receiver:
        outcomes: list[SendOutcome] = []
        threads = [
            threading.Thread(
                target=lambda part=files[i::6]: outcomes.extend(sent(receiver.port, part + files[:2]))
            )
            for i in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == [SendOutcome.STORED] * (24 + 12)
    assert len(list(got.iterdir())) == 24


# --- names and files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["..", ".", "a..b", "ID_0a1b", "con", "-", "1.2.3|4"])
def test_no_uid_leads_out_of_the_folder(got, name):
    path = FolderReceiver(got).path_of(name)
    assert path.parent == got
    assert path.name.startswith("uid-") and path.suffix == ".dcm"


def test_uids_that_differ_in_case_only_are_different_files(got):
    receiver = FolderReceiver(got)
    assert receiver.path_of("ID_a").name.lower() != receiver.path_of("ID_A").name.lower()


def test_a_duplicate_with_other_content_is_refused_and_the_first_kept(got):
    receiver = FolderReceiver(got)

    def arrived(name: str) -> ReceivedObject:
        ds = make_slice(patient_name=name)
        with_length = to_bytes(ds)
        data = with_length[:132] + b"\x02\0\0\0UL\4\0" + b"\0\0\0\0" + name.encode()
        return ReceivedObject(uid.CTImageStorage, "1.2.3", uid.ExplicitVRLittleEndian, data)

    receiver(arrived("A"))
    receiver(arrived("A"))
    with pytest.raises(DuplicateObjectError):
        receiver(arrived("B"))
    assert len(receiver.arrived) == 1
    assert receiver.arrived[0].read_bytes().endswith(b"A")


# --- senders that die ------------------------------------------------------------------------------------------


class SendersThatDie(RuleBasedStateMachine):
    """Whatever senders do, wherever their lines break: every file is whole; what was acknowledged is there."""

    @initialize()
    def start(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        root = Path(self.temporary.name)
        self.got = root / "got"
        self.got.mkdir()
        self.files = objects(root / "sent", 4)
        self.acknowledged: set[Path] = set()
        self.receiver = receiving(self.got)

    @rule(first=st.integers(0, 3), n=st.integers(1, 4))
    def send(self, first: int, n: int) -> None:
        part = self.files[first : first + n]
        assert sent(self.receiver.port, part) == [SendOutcome.STORED] * len(part)
        self.acknowledged |= set(part)

    @rule(after=st.integers(0, 12_000), first=st.integers(0, 3))
    def send_and_die(self, after: int, first: int) -> None:
        """A sender that is killed after so many bytes: its connection just ends."""
        data = self._conversation(self.files[first])
        with socket.create_connection(("127.0.0.1", self.receiver.port)) as line:
            line.sendall(data[:after])
        time.sleep(0.02)

    @rule(after=st.integers(0, 600), first=st.integers(0, 3))
    def lose_the_answers(self, after: int, first: int) -> None:
        """The receiver's answers stop after so many bytes; what the sender heard of is there."""
        with disturbed(self.receiver.port, after, "cut") as port:
            results = list(DimseSource(node_at(port)).send(self.files[first:], silent, CancelToken()))
        self.acknowledged |= {result.path for result in results if result.stored}

    @precondition(lambda self: self.acknowledged)
    @rule()
    def restart(self) -> None:
        self.receiver.close()
        self.receiver = receiving(self.got)

    @invariant()
    def files_are_whole_and_acknowledged_ones_are_there(self) -> None:
        if not hasattr(self, "got"):
            return
        whole = {data_set(path.read_bytes()) for path in self.files}
        there = {data_set(path.read_bytes()) for path in self.got.glob("*.dcm")}
        assert there <= whole
        assert {data_set(path.read_bytes()) for path in self.acknowledged} <= there

    def _conversation(self, path: Path) -> bytes:
        """What a sender says of its own for one file, recorded once from a real one."""
        recorded = bytearray()

        def script(connection: socket.socket) -> None:
            with socket.create_connection(("127.0.0.1", self.receiver.port)) as real:
                back = threading.Thread(target=_pass_on, args=(real, connection), daemon=True)
                back.start()
                while data := connection.recv(4096):
                    recorded.extend(data)
                    real.sendall(data)
                real.shutdown(socket.SHUT_WR)
                back.join(5)

        from peers_for_tests import socket_server

        with socket_server(script) as port:
            assert sent(port, [path]) == [SendOutcome.STORED]
        self.acknowledged.add(path)
        return bytes(recorded)

    def teardown(self) -> None:
        if hasattr(self, "receiver"):
            self.receiver.close()
            self.temporary.cleanup()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(4096):
            target.sendall(data)
    except OSError:
        return


TestSendersThatDie = SendersThatDie.TestCase
TestSendersThatDie.settings = settings(max_examples=5, stateful_step_count=5, deadline=None)


def test_nothing_listens_after_the_end(got):
    with receiving(got) as receiver:
        port = receiver.port
    with pytest.raises(NetworkError, match="nothing listens"):
        DimseSource(node_at(port)).check(CancelToken())
    assert free_port()
