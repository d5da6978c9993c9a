"""Nodes that refuse, hang, abort, lie or speak something else: a message says so, nothing is stuck or lost."""

from __future__ import annotations

import ssl
import threading
import time
from pathlib import Path

import pytest
from dicom_factory import make_slice, uid_of, write, write_series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peers_for_tests import (
    certificate,  # noqa: F401 - a fixture
    disturbed,
    no_thread_is_left,  # noqa: F401 - a fixture
    node_at,
    scripted_node,
    socket_server,
    wait_for_the_end,
)
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage
from pynetdicom import build_context, evt
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind as Find,
)
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelGet as Get,
)
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelMove as Move,
)
from servers import free_port

from ichviewer.errors import NetworkError
from ichviewer.network.arrivals import FolderReceiver
from ichviewer.network.dimse import DimseSource
from ichviewer.network.peers import ReceiverAddress, RetrieveBy, TlsFiles
from ichviewer.network.query import StudyQuery
from ichviewer.network.source import SendOutcome
from ichviewer.progress import Cancelled, CancelToken, silent

STUDY = uid_of("study", "study")
SOON_S = 6.0
"""Within timeouts of a second each, and some for a busy machine."""


def failure(source: DimseSource) -> NetworkError:
    """What a check of a node says, which must not take long."""
    start = time.monotonic()
    with pytest.raises(NetworkError) as caught:
        source.check(CancelToken())
    assert time.monotonic() - start < SOON_S
    return caught.value


def test_where_nothing_listens_the_machine_refuses():
    error = failure(DimseSource(node_at(free_port())))
    assert "nothing listens at port" in str(error)
    assert error.may_retry


def test_an_unknown_name_of_a_host_is_said():
    error = failure(DimseSource(node_at(104, host="no-such-host.invalid")))
    assert "'no-such-host.invalid' is not known" in str(error)


@pytest.mark.parametrize(
    ("settings", "words", "may_retry"),
    [
        ({"require_called_aet": True}, "it is not called 'WRONG'", False),
        ({"require_calling_aet": ["SOMEBODY"]}, "it does not know our AE title 'ICHVIEWER'", False),
        ({"maximum_associations": 0}, "it has as many associations as it takes", True),
    ],
)
def test_a_rejection_says_which_side_is_not_known(settings, words, may_retry):
    if "maximum_associations" in settings:
        # pynetdicom takes at least one; the rejection itself is what counts.
        handlers = [(evt.EVT_REQUESTED, lambda e: (e.assoc.acse.send_reject(2, 3, 2), time.sleep(0.3)))]
        settings = {}
    else:
        handlers = []
    with scripted_node(handlers, **settings) as port:
        error = failure(DimseSource(node_at(port, ae_title="WRONG")))
    assert "the node rejects us" in str(error)
    assert words in str(error)
    assert error.may_retry == may_retry


def test_a_node_without_the_service_says_so():
    with scripted_node() as port, pytest.raises(NetworkError, match="accepts none of the services"):
        list(DimseSource(node_at(port)).find_studies(StudyQuery(), CancelToken()))


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"\x15\x03\x01\0\2\2F"]
)
def test_what_speaks_something_else_is_no_dicom(answer):
    def script(connection):
        connection.recv(100)
        connection.sendall(answer)
        while connection.recv(4096):
            pass

    with socket_server(script) as port:
        error = failure(DimseSource(node_at(port)))
    assert "does not speak DICOM" in str(error)


def test_a_pdu_of_four_gigabytes_is_not_waited_for():
    def script(connection):
        connection.recv(100)
        connection.sendall(b"\x02\x00\xff\xff\xff\xff")
        while True:
            connection.sendall(b"\0" * 65536)

    with socket_server(script) as port:
        error = failure(DimseSource(node_at(port)))
    assert "does not speak DICOM" in str(error)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (lambda c: c.recv(100), "may expect TLS, or not accept this machine"),
        (wait_for_the_end, "no answer within 1 s"),
        (
            lambda c: [(c.sendall(b"\x02" if i else b"\x02\0\0\0"), time.sleep(0.2)) for i in range(40)],
            "more than 1 s",
        ),
    ],
    ids=["closes", "hangs", "drips"],
)
def test_a_peer_that_does_not_answer_the_request_is_left(script, words):
    with socket_server(script) as port:
        error = failure(DimseSource(node_at(port)))
    assert words in str(error)
    assert error.may_retry


@given(
    data=st.binary(min_size=1, max_size=200),
    first=st.sampled_from([b"", b"\x02\0\0\0\0\x44\0\1", b"\x03\0", b"\x04\0"]),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_garbage_is_more_than_a_message(data, first):
    def script(connection):
        connection.recv(4096)
        connection.sendall(first + data)

    with socket_server(script) as port:
        failure(DimseSource(node_at(port)))


def test_a_cancel_ends_any_waiting_soon():
    with socket_server(wait_for_the_end) as port:
        cancel = CancelToken()
        threading.Timer(0.2, cancel.cancel).start()
        start = time.monotonic()
        patient = node_at(port, timeouts=type(node_at(1).timeouts)(60, 60, 60))
        with pytest.raises(Cancelled):
            DimseSource(patient).check(cancel)
        assert time.monotonic() - start < SOON_S


def test_a_cancel_ends_an_attempt_to_connect_soon():
    import socket

    # A listener whose queue is full: the system answers no further attempt.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        full = [socket.socket() for _ in range(3)]
        for attempt in full:
            attempt.setblocking(False)
            attempt.connect_ex(("127.0.0.1", port))
        cancel = CancelToken()
        threading.Timer(0.3, cancel.cancel).start()
        start = time.monotonic()
        with pytest.raises(Cancelled):
            DimseSource(node_at(port, timeouts=type(node_at(1).timeouts)(30, 30, 30))).check(cancel)
        assert time.monotonic() - start < SOON_S
        for attempt in full:
            attempt.close()


# --- searching -------------------------------------------------------------------------------------------------


def answers(n: int, last: int = 0x0000, wait: threading.Event | None = None):
    """A handler that answers a search with so many studies, then with a status."""

    def handle(event):
        for number in range(n):
            if event.is_cancelled:
                yield 0xFE00, None
                return
            found = Dataset()
            found.QueryRetrieveLevel = "STUDY"
            found.StudyInstanceUID = f"1.2.{number + 1}"
            yield 0xFF00, found
        if wait is not None:
            wait.wait(8)
        yield last, None

    return [(evt.EVT_C_FIND, handle)]


@pytest.mark.parametrize(
    ("status", "words", "may_retry"),
    [
        (0xA700, "out of resources", True),
        (0xA900, "does not match", False),
        (0xC001, "unable to process", False),
    ],
)
def test_a_search_that_fails_gives_what_came_and_the_reason(status, words, may_retry):
    found = []
    with scripted_node(answers(3, status), services=[Find]) as port, pytest.raises(NetworkError) as caught:
        for study in DimseSource(node_at(port)).find_studies(StudyQuery(), CancelToken()):
            found.append(study.study.uid)
    assert found == ["1.2.1", "1.2.2", "1.2.3"]
    assert words in str(caught.value)
    assert caught.value.may_retry == may_retry


def test_answers_come_before_the_search_is_over():
    wait = threading.Event()
    with scripted_node(answers(2, wait=wait), services=[Find]) as port:
        found = DimseSource(node_at(port)).find_studies(StudyQuery(), CancelToken())
        assert next(found).study.uid == "1.2.1"
        assert next(found).study.uid == "1.2.2"
        wait.set()
        assert list(found) == []


def test_a_search_without_end_is_left_and_says_so():
    wait = threading.Event()
    with scripted_node(answers(2, wait=wait), services=[Find]) as port:
        found = DimseSource(node_at(port)).find_studies(StudyQuery(), CancelToken())
        next(found), next(found)
        start = time.monotonic()
        with pytest.raises(NetworkError, match="no answer within 1 s"):
            next(found)
        assert time.monotonic() - start < SOON_S
        wait.set()


def test_the_node_is_told_when_enough_is_found():
    cancelled = threading.Event()

    def handle(event):
        for number in range(100_000):
            if event.is_cancelled:
                cancelled.set()
                yield 0xFE00, None
                return
            found = Dataset()
            found.QueryRetrieveLevel = "STUDY"
            found.StudyInstanceUID = f"1.2.{number + 1}"
            yield 0xFF00, found
            time.sleep(0.002)

    with scripted_node([(evt.EVT_C_FIND, handle)], services=[Find]) as port:
        found = list(DimseSource(node_at(port)).find_studies(StudyQuery(limit=5), CancelToken()))
        assert [study.study.uid for study in found] == [f"1.2.{n}" for n in range(1, 6)]
        assert cancelled.wait(3)


def test_answers_without_a_uid_are_left_out_and_others_stay():
    def handle(event):
        for uid in ("1.2.1", "", "1.2.3"):
            found = Dataset()
            found.PatientID = "P"
            if uid:
                found.StudyInstanceUID = uid
            yield 0xFF00, found
        yield 0x0000, None

    with scripted_node([(evt.EVT_C_FIND, handle)], services=[Find]) as port:
        found = list(DimseSource(node_at(port)).find_studies(StudyQuery(), CancelToken()))
    assert [study.study.uid for study in found] == ["1.2.1", "1.2.3"]


def test_an_abort_in_the_middle_of_a_search_is_said():
    def handle(event):
        found = Dataset()
        found.StudyInstanceUID = "1.2.1"
        yield 0xFF00, found
        time.sleep(0.1)
        event.assoc.abort(block=False)
        time.sleep(0.3)
        yield 0x0000, None

    with scripted_node([(evt.EVT_C_FIND, handle)], services=[Find]) as port:
        found = DimseSource(node_at(port)).find_studies(StudyQuery(), CancelToken())
        assert next(found).study.uid == "1.2.1"
        with pytest.raises(NetworkError, match="the node aborted the association"):
            next(found)


# --- fetching --------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path: Path) -> list[Path]:
    """A study of eight images that a scripted archive has."""
    return write_series(tmp_path / "stored", 8)


def archive(stored: list[Path], *, extra: list[Path] = ()):
    """Handlers of a node that has these files: searches and C-GET, objects by UID too."""
    datasets = [dcmread(path) for path in stored]

    def find(event):
        keys = event.identifier
        if keys.QueryRetrieveLevel == "SERIES":
            found = Dataset()
            found.SeriesInstanceUID = datasets[0].SeriesInstanceUID
            yield 0xFF00, found
        else:
            for ds in datasets:
                found = Dataset()
                found.SOPInstanceUID, found.SOPClassUID = ds.SOPInstanceUID, ds.SOPClassUID
                yield 0xFF00, found
        yield 0x0000, None

    def get(event):
        wanted = event.identifier.get("SOPInstanceUID", None)
        uids = [wanted] if isinstance(wanted, str) else wanted
        asked.append(0 if uids is None else len(uids))
        chosen = [ds for ds in datasets if uids is None or ds.SOPInstanceUID in uids]
        chosen += [dcmread(path) for path in extra]
        yield len(chosen)
        for ds in chosen:
            if event.is_cancelled:
                yield 0xFE00, None
                return
            yield 0xFF00, ds

    asked: list[int] = []
    return [(evt.EVT_C_FIND, find), (evt.EVT_C_GET, get)], asked


@pytest.mark.parametrize("how", ["cut", "hang", "drip", "garbage"])
def test_a_line_that_breaks_is_taken_up_again_for_what_is_missing(stored, tmp_path, how):
    handlers, asked = archive(stored)
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    with (
        scripted_node(handlers, services=[Find, Get], storage=True) as real,
        # The first connection is that of the search; the second breaks after about three objects of 1.2 KB.
        disturbed(real, 4500, how, times=2) as port,
    ):
        start = time.monotonic()
        result = DimseSource(node_at(port)).retrieve(STUDY, None, into, silent, CancelToken())
        assert time.monotonic() - start < 2 * SOON_S
    assert (result.n_arrived, result.failed) == (8, ())
    assert asked[0] == 0
    assert 0 < asked[1] < 8
    assert {dcmread(p).SOPInstanceUID for p in into.arrived} == {dcmread(p).SOPInstanceUID for p in stored}


def test_a_line_that_always_breaks_at_once_ends_with_a_message(stored, tmp_path):
    handlers, _ = archive(stored)
    (tmp_path / "got").mkdir()
    with (
        scripted_node(handlers, services=[Find, Get], storage=True) as real,
        disturbed(real, 1000, "cut") as port,
        pytest.raises(NetworkError),
    ):
        DimseSource(node_at(port)).retrieve(
            STUDY, None, FolderReceiver(tmp_path / "got"), silent, CancelToken()
        )


def test_a_node_that_does_not_list_its_objects_is_asked_for_all(stored, tmp_path):
    handlers, asked = archive(stored)
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    seen = []
    with scripted_node(handlers[1:], services=[Get], storage=True) as port:
        source = DimseSource(node_at(port))
        result = source.retrieve(STUDY, None, into, lambda *step: seen.append(step[:2]), CancelToken())
    assert (result.n_arrived, result.n_there, result.failed) == (8, 0, ())
    assert asked == [0]
    assert seen[-1][0] == 8


def test_an_object_of_another_study_is_not_taken(stored, tmp_path):
    other = write(tmp_path / "other", make_slice(study="another patient's", patient_id="P2"))
    handlers, _ = archive(stored, extra=[other])
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    with scripted_node(handlers, services=[Find, Get], storage=True) as port:
        result = DimseSource(node_at(port)).retrieve(STUDY, None, into, silent, CancelToken())
    assert result.n_arrived == 8
    assert {dcmread(p).StudyInstanceUID for p in into.arrived} == {STUDY}


def test_a_full_disk_ends_the_retrieval_and_says_so(stored, tmp_path):
    handlers, _ = archive(stored)
    from ichviewer.errors import ExportError

    class Full:
        n = 0

        def has(self, uid: str) -> bool:
            return False

        def __call__(self, received) -> None:
            self.n += 1
            if self.n > 2:
                raise ExportError("the file cannot be written", "disk", "No space left on device")

    with (
        scripted_node(handlers, services=[Find, Get], storage=True) as port,
        pytest.raises(ExportError, match="No space left"),
    ):
        DimseSource(node_at(port)).retrieve(STUDY, None, Full(), silent, CancelToken())


def test_where_get_is_not_offered_move_is_tried_only_if_so_set(stored, tmp_path):
    handlers, _ = archive(stored)
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    with scripted_node(handlers[:1], services=[Find], storage=True) as port:
        with pytest.raises(NetworkError, match="does not offer C-GET"):
            DimseSource(node_at(port)).retrieve(STUDY, None, into, silent, CancelToken())
        both = node_at(port, retrieve_by=RetrieveBy.GET_THEN_MOVE, receiver=ReceiverAddress(port=0))
        with pytest.raises(NetworkError, match="accepts none of the services"):
            DimseSource(both).retrieve(STUDY, None, into, silent, CancelToken())


def mover(
    stored: list[Path], receiver_port: int, *, wait: threading.Event | None = None, extra: list[Path] = ()
):
    """Handlers of a node that moves these files to our receiver, or never ends a move."""
    handlers, _ = archive(stored)

    def move(event):
        if wait is not None:
            wait.wait(8)
        yield "127.0.0.1", receiver_port, {"contexts": [build_context(CTImageStorage)]}
        chosen = [dcmread(path) for path in (*stored, *extra)]
        yield len(chosen)
        for ds in chosen:
            yield 0xFF00, ds

    return [handlers[0], (evt.EVT_C_MOVE, move)]


def test_a_move_brings_the_study_and_nothing_of_another(stored, tmp_path):
    other = write(tmp_path / "other", make_slice(study="another patient's", patient_id="P2"))
    (tmp_path / "got").mkdir()
    into = FolderReceiver(tmp_path / "got")
    port_of_ours = free_port()
    with scripted_node(
        mover(stored, port_of_ours, extra=[other]), services=[Find, Move], storage=True
    ) as port:
        both = node_at(
            port, retrieve_by=RetrieveBy.GET_THEN_MOVE, receiver=ReceiverAddress(port=port_of_ours)
        )
        result = DimseSource(both).retrieve(STUDY, None, into, silent, CancelToken())
    assert (result.n_arrived, result.failed) == (8, ())
    assert {dcmread(p).StudyInstanceUID for p in into.arrived} == {STUDY}


def test_a_move_that_never_ends_is_left(stored, tmp_path):
    (tmp_path / "got").mkdir()
    wait = threading.Event()
    with scripted_node(mover(stored, 1, wait=wait), services=[Find, Move], storage=True) as port:
        node = node_at(port, retrieve_by=RetrieveBy.MOVE, receiver=ReceiverAddress(port=0))
        start = time.monotonic()
        with pytest.raises(NetworkError, match="no answer within 1 s"):
            DimseSource(node).retrieve(STUDY, None, FolderReceiver(tmp_path / "got"), silent, CancelToken())
        assert time.monotonic() - start < SOON_S
        wait.set()


# --- sending ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x0000, SendOutcome.STORED),
        (0xB000, SendOutcome.STORED_CHANGED),
        (0xA700, SendOutcome.FAILED),
        (0x0110, SendOutcome.FAILED),
        (0xA900, SendOutcome.REFUSED),
        (0xC123, SendOutcome.REFUSED),
        (0x0124, SendOutcome.REFUSED),
    ],
)
def test_each_status_of_a_store_has_its_outcome(stored, status, outcome):
    with scripted_node([(evt.EVT_C_STORE, lambda e: status)], storage=True) as port:
        (result,) = DimseSource(node_at(port)).send(stored[:1], silent, CancelToken())
    assert result.outcome is outcome
    assert (f"status {status:04X}" in result.reason) == (status != 0)


def test_a_node_that_aborts_while_it_is_sent_to_costs_no_file(stored):
    came = []

    def store(event):
        came.append(event.request.AffectedSOPInstanceUID)
        if len(came) == 3:
            event.assoc.abort(block=False)
            time.sleep(0.2)
        return 0x0000

    with scripted_node([(evt.EVT_C_STORE, store)], storage=True) as port:
        results = list(DimseSource(node_at(port)).send(stored, silent, CancelToken()))
    assert [r.outcome for r in results] == [SendOutcome.STORED] * 8
    # The third was asked for twice, because its answer was lost.
    assert len(came) == 9


def test_a_node_that_goes_away_fails_what_is_left_and_says_why(stored):
    def store(event):
        event.assoc.abort(block=False)
        time.sleep(0.2)
        return 0x0000

    with scripted_node([(evt.EVT_C_STORE, store)], storage=True) as port:
        results = list(DimseSource(node_at(port)).send(stored, silent, CancelToken()))
    assert [r.outcome for r in results] == [SendOutcome.FAILED] * 8
    assert "aborted" in results[0].reason


def test_a_cancel_ends_sending_soon_and_what_was_sent_stays_sent(stored):
    cancel, came = CancelToken(), []

    def store(event):
        came.append(event.request.AffectedSOPInstanceUID)
        return 0x0000

    with scripted_node([(evt.EVT_C_STORE, store)], storage=True) as port:
        results = DimseSource(node_at(port)).send(stored, silent, cancel)
        assert next(results).stored
        assert next(results).stored
        cancel.cancel()
        with pytest.raises(Cancelled):
            next(results)
    assert came == [dcmread(path).SOPInstanceUID for path in stored[:2]]


def test_files_that_cannot_be_sent_do_not_stop_the_others(stored, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    cut = tmp_path / "cut"
    cut.write_bytes(stored[0].read_bytes()[:140])
    files = [text, stored[0], tmp_path / "missing", cut, stored[1]]
    with scripted_node([(evt.EVT_C_STORE, lambda e: 0)], storage=True) as port:
        results = list(DimseSource(node_at(port)).send(files, silent, CancelToken()))
    assert [r.stored for r in results] == [False, True, False, False, True]
    assert [r.path for r in results] == files
    assert "no DICOM file" in results[0].reason


# --- TLS -------------------------------------------------------------------------------------------------------


def server_side(certificate) -> ssl.SSLContext:  # noqa: F811 - the fixture's value
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate):  # noqa: F811
    with scripted_node(ssl_context=server_side(certificate)) as port:
        error = failure(DimseSource(node_at(port, tls=TlsFiles())))
        assert "the node's certificate is not trusted" in str(error)
        assert "self-signed certificate" in str(error)
        assert not error.may_retry
        trusted = DimseSource(node_at(port, tls=TlsFiles(certificate[0])))
        assert "answers" in trusted.check(CancelToken())


def test_a_certificate_of_another_host_is_refused_unless_told(certificate):  # noqa: F811
    with scripted_node(ssl_context=server_side(certificate)) as port:
        error = failure(DimseSource(node_at(port, host="localhost", tls=TlsFiles(certificate[0]))))
        assert "not trusted" in str(error)
        lenient = TlsFiles(certificate[0], check_host=False)
        DimseSource(node_at(port, host="localhost", tls=lenient)).check(CancelToken())


def test_tls_on_one_side_only_is_said(certificate):  # noqa: F811
    def abort(connection):
        connection.recv(100)
        connection.sendall(b"\x07\0\0\0\0\4\0\0\2\1")  # A-ABORT, as a node answers what it does not know

    with socket_server(abort) as port:
        assert "no TLS connection" in str(failure(DimseSource(node_at(port, tls=TlsFiles(certificate[0])))))

    def handshake(connection):
        with server_side(certificate).wrap_socket(connection, server_side=True) as encrypted:
            encrypted.recv(1)

    with socket_server(handshake) as port:
        assert "TLS" in str(failure(DimseSource(node_at(port))))


def test_a_certificate_file_that_is_none_is_named(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    error = failure(DimseSource(node_at(104, tls=TlsFiles(tmp_path / "ca.pem"))))
    assert "ca.pem" in str(error)
