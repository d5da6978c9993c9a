"""What the DICOMweb source makes of servers that refuse, lie, break off, fall silent or never end."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from dicom_factory import write_series
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from scripted_server import BOUNDARY, MULTIPART, Archive, Handler, multipart, self_signed, serving, slowly

from ichviewer.errors import ExportError, NetworkError
from ichviewer.network.dicomweb import WebSource, secret_name
from ichviewer.network.http_session import Bounds
from ichviewer.network.peers import Timeouts, TlsFiles, WebAuthorization, WebServer
from ichviewer.network.query import StudyQuery
from ichviewer.network.secrets import Secret, Secrets
from ichviewer.network.source import ReceivedObject, SendOutcome
from ichviewer.network.web_line import Pace
from ichviewer.progress import Cancelled, CancelToken, silent

MIB = 1024**2
TIMES = Timeouts(connect_s=2, answer_s=1, idle_s=1)
QUICK = Pace(tries=3, first_wait_s=0.01, longest_wait_s=2)


class Collector:
    """A receiver in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.n_calls = 0

    def has(self, sop_instance_uid: str) -> bool:
        return sop_instance_uid in self.objects

    def __call__(self, received: ReceivedObject) -> None:
        self.n_calls += 1
        self.objects[received.sop_instance_uid] = received.data


def source_at(
    url: str, *, secrets: Secrets | None = None, bounds: Bounds | None = None, **options
) -> WebSource:
    server = WebServer("pacs", url, timeouts=TIMES, **options)
    return WebSource(server, secrets or Secrets(), bounds=bounds or Bounds(), pace=QUICK)


def check(url: str, **options) -> str:
    return source_at(url, **options).check(CancelToken())


def retrieve(archive: Archive, url: str, into: Collector, cancel: CancelToken | None = None, **options):
    return source_at(url, **options).retrieve(archive.study_uid, None, into, silent, cancel or CancelToken())


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Two series, of four and of two objects, of 128 x 128 pixels."""
    files = write_series(tmp_path / "a", n=4, rows=128, columns=128, series="a")
    return Archive([*files, *write_series(tmp_path / "b", n=2, rows=128, columns=128, series="b")])


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (400, {}, "does not understand the request.*400"),
        (401, {"WWW_Authenticate": "Bearer realm=x"}, r"wants to know who asks \(Bearer\).*401"),
        (403, {}, "does not allow this.*403"),
        (404, {}, "nothing under this address; is its path right.*404"),
        (429, {"Retry_After": "3000"}, "busy, it asks to wait 3000 s.*429"),
        (500, {}, "the server failed.*500"),
        (503, {}, "busy.*503"),
        (
            302,
            {"Location": "https://elsewhere/x"},
            "sends elsewhere, which is not followed.*302 to https://elsewhere/x",
        ),
    ],
)
def test_a_refusal_is_said_with_its_side_and_reason(status, headers, words):
    with serving(lambda handler: handler.reply(status, b"{}", **headers)) as server:
        with pytest.raises(NetworkError, match=words) as raised:
            check(server.url)
        assert raised.value.where == f"pacs ({server.url})"
        assert raised.value.may_retry == (status in (429, 500, 503))
        # A person who tests a server wants its answer now.
        assert len(server.requests) == 1


def test_a_busy_server_is_asked_again_after_as_long_as_it_says():
    at_s: list[float] = []

    def script(handler: Handler) -> None:
        at_s.append(time.monotonic())
        if len(at_s) == 1:
            handler.reply(429, Retry_After="1")
        else:
            handler.reply(200, b"[]")

    with serving(script) as server:
        assert list(source_at(server.url).find_studies(StudyQuery(), CancelToken())) == []
    assert len(at_s) == 2
    assert at_s[1] - at_s[0] >= 1


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/html", b"<html>Log in</html>", "a web page came instead of DICOM JSON"),
        ("application/dicom+json", b"[{", "makes no sense, perhaps it does not speak DICOMweb"),
        ("application/json", b'["x"]', "no list of studies"),
        ("application/json", b"[" * 100_000, "makes no sense"),
        ("application/octet-stream", b"x", "application/octet-stream came instead of DICOM JSON"),
    ],
)
def test_what_is_not_dicomweb_is_called_so(kind, body, words):
    with (
        serving(lambda handler: handler.reply(200, body, kind)) as server,
        pytest.raises(NetworkError, match=words),
    ):
        check(server.url)


def test_no_content_means_no_study():
    with serving(lambda handler: handler.reply(204)) as server:
        assert "answers" in check(server.url)


def test_studies_that_make_no_sense_are_left_out_and_the_others_kept():
    good = {
        "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "A^B"}]},
    }
    odd = [{}, {"0020000D": 3}, {"0020000D": {"Value": ["1/2"]}}, {"0020000D": {"Value": [None]}}]
    broken_inside = good | {
        "0020000D": {"Value": ["1.2.4"]},
        "00100010": {"Value": [7]},
        "00201208": {"Value": ["-5"]},
        "00201206": {"Value": [1e999]},
        "00080020": {"Value": ["20241399"]},
    }
    body = json.dumps([*odd, good, broken_inside, good]).encode()
    with serving(lambda handler: handler.reply(200, body)) as server:
        found = list(source_at(server.url).find_studies(StudyQuery(), CancelToken()))
    assert [answer.study.uid for answer in found] == ["1.2.3", "1.2.4"]
    assert [answer.patient.name for answer in found] == ["A, B", ""]
    assert (found[1].n_instances, found[1].n_series, found[1].study.date) == (None, None, "")


def test_a_server_that_refuses_fuzzy_names_is_asked_without():
    def script(handler: Handler) -> None:
        handler.reply(400 if "fuzzymatching" in handler.path else 200, b"[]")

    with serving(script) as server:
        assert list(source_at(server.url).find_studies(StudyQuery(patient_name="Doe"), CancelToken())) == []
        assert list(source_at(server.url).find_studies(StudyQuery(patient_name="Doe*"), CancelToken())) == []
        paths = [path for _, path, _ in server.requests]
    assert "fuzzymatching=true" in paths[0]
    assert "PatientName=Doe" in paths[1] and "fuzzy" not in paths[1]
    # Who writes a wildcard wants what it says.
    assert "PatientName=Doe*" in paths[2] and "fuzzy" not in paths[2]
    assert len(paths) == 3


def test_pages_are_asked_for_as_they_are_needed_and_repeated_ones_end_it():
    def script(handler: Handler) -> None:
        handler.reply(200, json.dumps([{"0020000D": {"Value": [f"1.2.{n}"]}} for n in range(100)]).encode())

    with serving(script) as server:
        answers = source_at(server.url).find_studies(StudyQuery(limit=1000), CancelToken())
        assert next(answers).study.uid == "1.2.0"
        assert len(server.requests) == 1
        assert len(list(answers)) == 99
        assert ["offset=0" in path or "offset=100" in path for _, path, _ in server.requests] == [True, True]


def test_a_certificate_that_nobody_vouches_for_is_refused_and_one_that_is_given_is_not(tmp_path):
    certificate = self_signed(tmp_path)
    with serving(lambda handler: handler.reply(200, b"[]"), certificate) as server:
        with pytest.raises(NetworkError, match=r"certificate is not trusted.*self-signed certificate"):
            check(server.url)
        assert "answers" in check(server.url, tls=TlsFiles(authorities=certificate[0]))
        other = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(NetworkError, match=r"certificate is not trusted.*localhost"):
            check(other, tls=TlsFiles(authorities=certificate[0]))
        assert "answers" in check(other, tls=TlsFiles(authorities=certificate[0], check_host=False))
        with pytest.raises(
            NetworkError, match=r"missing.pem: the certificates of whom to trust cannot be read"
        ):
            check(server.url, tls=TlsFiles(authorities=tmp_path / "missing.pem"))


def test_a_server_that_wants_our_certificate_gets_it_and_refuses_us_without(tmp_path):
    certificate, key = self_signed(tmp_path)
    with serving(
        lambda handler: handler.reply(200, b"[]"), (certificate, key), clients=certificate
    ) as server:
        with pytest.raises(NetworkError, match=r"wants a certificate of ours|the line broke"):
            check(server.url, tls=TlsFiles(authorities=certificate))
        tls = TlsFiles(authorities=certificate, certificate=certificate, key=key)
        assert check(server.url, tls=tls) == "The server answers, and lets us search (QIDO-RS)."


def test_a_key_with_a_password_is_said_and_asked_for_on_no_terminal(tmp_path):
    certificate, key = self_signed(tmp_path)
    locked = tmp_path / "locked.pem"
    command = ["openssl", "ec", "-in", str(key), "-aes256", "-passout", "pass:secret", "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(NetworkError, match=r"our own certificate and key cannot be used"):
        check("https://127.0.0.1:1/x", tls=TlsFiles(certificate=certificate, key=locked))


def test_https_where_the_server_speaks_http_is_said():
    with (
        serving(lambda handler: handler.reply(200, b"[]")) as server,
        pytest.raises(NetworkError, match="does the server speak https at this port"),
    ):
        check(server.url.replace("http:", "https:"))


def test_a_port_where_nobody_listens_is_said():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NetworkError, match="nothing listens at this port") as raised:
        check(f"http://127.0.0.1:{port}")
    assert raised.value.may_retry


def raw_server(talk: Callable[[socket.socket, threading.Event], None]):
    """A server below HTTP: its port, and what ends it."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    talk(connection, over)
                except OSError:
                    continue

    threading.Thread(target=run, daemon=True).start()

    def end() -> None:
        over.set()
        listener.close()

    return listener.getsockname()[1], end


def drip_header(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        connection.sendall(b"x")


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (lambda connection, over: over.wait(), "does not answer"),
        (drip_header, "does not answer: no answer came in time"),
        (lambda connection, over: connection.recv(65536), "the line broke"),
        (lambda connection, over: connection.sendall(b"\x02\x00garbage\r\n\r\n" * 9), "the line broke"),
    ],
    ids=["silent", "header drips", "hangs up", "no HTTP"],
)
def test_a_peer_that_does_not_speak_http_ends_in_time(talk, words):
    port, end = raw_server(talk)
    started_s = time.monotonic()
    try:
        with pytest.raises(NetworkError, match=words) as raised:
            check(f"http://127.0.0.1:{port}")
    finally:
        end()
    assert raised.value.may_retry
    assert time.monotonic() - started_s < 5


def test_a_listing_that_drips_ends_in_time():
    def script(handler: Handler) -> None:
        handler.begin("application/dicom+json")
        handler.drip(b" ", 0.05)

    with serving(script) as server, pytest.raises(NetworkError, match="did not end in time"):
        check(server.url)


def test_a_listing_without_end_is_left_before_it_fills_the_memory():
    def script(handler: Handler) -> None:
        handler.begin("application/dicom+json")
        handler.drip(b" " * MIB, 0)

    with serving(script) as server:
        tracemalloc.start()
        try:
            with pytest.raises(NetworkError, match="larger than 4 MB, which is not taken"):
                check(server.url, bounds=Bounds(listing_bytes=4 * MIB))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    # What is taken, once in blocks; the sender's own megabyte comes on top.
    assert peak < 12 * MIB


def test_a_study_is_fetched_whole_with_its_series_side_by_side(archive):
    into, seen = Collector(), []
    with serving(archive) as server:
        brought = source_at(server.url).retrieve(
            archive.study_uid, None, into, lambda *now: seen.append(now), CancelToken()
        )
        accepts = {headers["Accept"] for _, path, headers in server.requests if "instances" not in path}
    assert (brought.n_arrived, brought.n_there, brought.complete) == (6, 0, True)
    assert into.objects == {uid: data for series in archive.objects.values() for uid, data in series.items()}
    assert seen[-1] == (6, 6, "fetching the study")
    assert 'multipart/related; type="application/dicom"; transfer-syntax=*' in accepts


def cut(keep: float, *, length: bool) -> Callable[[Handler, bytes], None]:
    def answer(handler: Handler, body: bytes) -> None:
        handler.begin(MULTIPART, len(body) if length else None)
        handler.wfile.write(body[: int(len(body) * keep)])
        handler.wfile.flush()
        handler.close_connection = True

    return answer


@pytest.mark.parametrize("length", [True, False], ids=["of known length", "of unknown length"])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.7, 0.999])
def test_after_a_cut_message_only_what_is_missing_is_fetched(archive, keep, length):
    archive.whole = cut(keep, length=length)
    into = Collector()
    with serving(archive) as server:
        brought = retrieve(archive, server.url, into)
        singles = [path for _, path, _ in server.requests if "/instances/" in path]
    assert brought.complete
    assert into.objects == {uid: data for series in archive.objects.values() for uid, data in series.items()}
    # Each object came once: nothing cut was handed over, nothing whole was fetched again.
    assert into.n_calls == 6
    assert len(singles) == len(set(singles))
    if keep == 0.7:
        # Of four, two came whole; of two, one.
        assert len(singles) == 3


@settings(max_examples=25)
@given(data=st.data())
def test_wherever_a_message_is_cut_and_however_it_comes_only_whole_objects_are_taken(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cut")
    archive = Archive(write_series(folder, n=3, rows=2, columns=2))
    (series,) = archive.objects.values()
    body = multipart(list(series.values()))
    # An object is whole when the line that ends it has come.
    ends = [body.find(f"\r\n--{BOUNDARY}".encode(), 0)]
    while len(ends) < 3:
        ends.append(body.find(f"\r\n--{BOUNDARY}".encode(), ends[-1] + 1))
    ends = [end + len(f"\r\n--{BOUNDARY}") for end in ends]
    near = st.sampled_from(ends).flatmap(lambda end: st.integers(end - 4, end + 4))
    kept = min(data.draw(st.one_of(st.integers(0, len(body)), near), label="kept"), len(body))
    size = data.draw(st.integers(1, len(body)), label="size of a piece")
    length = data.draw(st.booleans(), label="length is told")

    def answer(handler: Handler, _: bytes) -> None:
        handler.begin(MULTIPART, len(body) if length else None)
        for start in range(0, kept, max(size, kept // 20)):
            handler.wfile.write(body[start : min(start + max(size, kept // 20), kept)])
            handler.wfile.flush()
        handler.close_connection = True

    archive.whole = answer
    archive.single = lambda handler, _: handler.reply(500)
    into = Collector()
    whole = sum(end <= kept for end in ends)
    with serving(archive) as server:
        source = WebSource(WebServer("pacs", server.url, timeouts=TIMES), Secrets(), pace=Pace(tries=1))
        if whole == 3:
            assert source.retrieve(archive.study_uid, None, into, silent, CancelToken()).complete
        else:
            with pytest.raises(NetworkError, match="the line broke") as raised:
                source.retrieve(archive.study_uid, None, into, silent, CancelToken())
            assert raised.value.may_retry
    assert into.objects == dict(list(series.items())[:whole])


def test_a_line_that_always_breaks_ends_with_an_error_and_a_later_call_goes_on(archive):
    answer_well = archive.single
    archive.whole = archive.single = cut(0.5, length=True)
    into = Collector()
    with serving(archive) as server:
        with pytest.raises(NetworkError, match="the line broke") as raised:
            retrieve(archive, server.url, into)
        assert raised.value.may_retry
        # Half of a message of four is nearly two objects, and of two nearly one.
        assert 0 < len(into.objects) < 6
        archive.single = answer_well
        brought = retrieve(archive, server.url, into)
    assert brought.n_there == 6 - brought.n_arrived
    assert len(into.objects) == 6


def test_one_object_that_the_server_lost_costs_no_other(archive):
    lost = sorted(archive.objects[min(archive.objects)])[0]

    def without_it(handler: Handler, _: bytes) -> None:
        series = archive.objects[handler.path.rpartition("/")[2]]
        handler.reply(200, multipart([data for uid, data in series.items() if uid != lost]), MULTIPART)

    archive.whole = without_it
    answer_well = archive.single
    archive.single = lambda handler, body: (
        handler.reply(404) if handler.path.endswith(lost) else answer_well(handler, body)
    )
    into = Collector()
    with serving(archive) as server:
        brought = retrieve(archive, server.url, into)
    assert brought.n_arrived == 5
    ((uid, reason),) = [(failed.sop_instance_uid, failed.reason) for failed in brought.failed]
    assert uid == lost
    assert "nothing under this address" in reason


def test_an_object_of_another_study_is_not_taken(archive, tmp_path):
    (foreign,) = write_series(tmp_path / "foreign", n=1, study="of another patient")
    archive.whole = lambda handler, _: handler.reply(200, multipart([foreign.read_bytes()]), MULTIPART)
    into = Collector()
    with (
        serving(archive) as server,
        pytest.raises(NetworkError, match="another study or series than was asked for"),
    ):
        retrieve(archive, server.url, into)
    assert into.objects == {}


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/html", b"<html>Log in</html>", "a web page came instead of DICOM objects"),
        (MULTIPART, multipart([b"<html>Log in</html>"]), "what is no whole object"),
        ('multipart/related; type="application/dicom"', multipart([]), "begin and end"),
    ],
)
def test_what_is_no_object_is_not_taken_for_one(archive, kind, body, words):
    archive.whole = lambda handler, _: handler.reply(200, body, kind)
    into = Collector()
    with serving(archive) as server, pytest.raises(NetworkError, match=words):
        retrieve(archive, server.url, into)
    assert into.objects == {}


def test_an_object_without_end_is_left_before_it_fills_the_memory(archive):
    def endless(handler: Handler, _: bytes) -> None:
        handler.begin(MULTIPART)
        handler.wfile.write(f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode())
        handler.drip(b"\0" * MIB, 0)

    archive.whole = endless
    with serving(archive) as server:
        tracemalloc.start()
        try:
            with pytest.raises(NetworkError, match="an object of the answer is larger than 4 MB"):
                retrieve(archive, server.url, Collector(), bounds=Bounds(object_bytes=4 * MIB))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    # Two series at one time, the bound for each, and as much again while a buffer grows.
    assert peak < 24 * MIB


@pytest.mark.parametrize("piece", [b"", b"x"], ids=["silent", "drips"])
def test_a_message_that_falls_silent_or_drips_ends_in_time(archive, piece):
    def stop_in_the_middle(handler: Handler, body: bytes) -> None:
        handler.begin(MULTIPART, len(body))
        handler.wfile.write(body[:1000])
        handler.wfile.flush()
        handler.drip(piece, 0.1)

    archive.whole = archive.single = stop_in_the_middle
    into = Collector()
    started_s = time.monotonic()
    with (
        serving(archive) as server,
        pytest.raises(NetworkError, match=r"silent|too slowly|not answer in time") as raised,
    ):
        retrieve(archive, server.url, into)
    assert raised.value.may_retry
    # Three tries of a second and a little each.
    assert time.monotonic() - started_s < 8


def test_a_slow_line_that_goes_on_is_waited_for(archive):
    archive.whole = lambda handler, body: slowly(handler, body, pieces=8, every_s=0.3)
    into = Collector()
    with serving(archive) as server:
        assert retrieve(archive, server.url, into).n_arrived == 6


@pytest.mark.parametrize("where", ["listing", "objects"])
def test_a_cancel_ends_it_at_once_whatever_it_waits_for(archive, where):
    waiting = threading.Event()

    def hold(handler: Handler, _: bytes = b"") -> None:
        waiting.set()
        handler.server.over.wait()

    archive.whole = hold
    cancel = CancelToken()
    ended: list[BaseException] = []

    def work(url: str) -> None:
        try:
            server = WebServer("pacs", url, timeouts=Timeouts(30, 30, 30))
            WebSource(server, Secrets()).retrieve(archive.study_uid, None, Collector(), silent, cancel)
        except BaseException as error:  # noqa: BLE001 - compared below
            ended.append(error)

    with serving(hold if where == "listing" else archive) as server:
        thread = threading.Thread(target=work, args=(server.url,))
        thread.start()
        assert waiting.wait(10)
        started_s = time.monotonic()
        cancel.cancel()
        thread.join(5)
        assert not thread.is_alive()
    assert time.monotonic() - started_s < 2
    assert [type(error) for error in ended] == [Cancelled]


def test_a_search_that_is_left_early_leaves_no_connection_and_no_thread():
    before = set(threading.enumerate())
    body = json.dumps([{"0020000D": {"Value": [f"1.2.{n}"]}} for n in range(100)]).encode()
    with serving(lambda handler: handler.reply(200, body)) as server:
        servers = {t for t in threading.enumerate() if "serve_forever" in t.name} | before
        with closing(source_at(server.url).find_studies(StudyQuery(limit=1000), CancelToken())) as answers:
            next(answers)
        left = [t for t in threading.enumerate() if t not in servers and "watch" in t.name]
    assert left == []


def test_of_a_server_that_hangs_up_after_each_answer_no_connection_stays_open():
    ended = threading.Semaphore(0)

    def script(handler: Handler) -> None:
        page = len(handler.server.requests)
        found = [{"0020000D": {"vr": "UI", "Value": [f"1.2.{page}.{number}"]}} for number in range(100)]
        handler.reply(200, json.dumps(found).encode(), Connection="close")
        handler.connection.settimeout(10)
        if handler.connection.recv(1) == b"":
            ended.release()

    with serving(script) as server:
        found = source_at(server.url).find_studies(StudyQuery(limit=300), CancelToken())
        assert len(list(islice(found, 201))) == 201
        assert len(server.requests) == 3
        # Of the first two pages; the search is still under way.
        assert ended.acquire(timeout=5)
        assert ended.acquire(timeout=5)
        found.close()


def test_a_full_disk_stops_everything_and_is_not_the_servers_fault(archive):
    class Full(Collector):
        def __call__(self, received: ReceivedObject) -> None:
            raise ExportError("what arrives cannot be stored", "the cache", "No space left on device")

    with serving(archive) as server, pytest.raises(ExportError, match="No space left"):
        retrieve(archive, server.url, Full())


def test_each_object_that_is_sent_has_its_own_result(tmp_path):
    files = write_series(tmp_path, n=6)
    sops = [str(dcmread(file).SOPInstanceUID) for file in files]
    counts = {"posts": 0}

    def script(handler: Handler) -> None:
        number = counts["posts"]
        counts["posts"] += 1

        def failed(reason: int, tag: str = "00081198", reason_tag: str = "00081197") -> bytes:
            item = {
                "00081155": {"vr": "UI", "Value": [sops[number]]},
                reason_tag: {"vr": "US", "Value": [reason]},
            }
            return json.dumps({tag: {"vr": "SQ", "Value": [item]}}).encode()

        if number == 0:
            handler.reply(200, b"{}")
        elif number == 1:
            handler.reply(409, failed(0x0122))
        elif number == 2:
            handler.reply(
                202, failed(0xB000, "00081199", "00081196"), "application/dicom+json; charset=utf-8"
            )
        elif number == 3:
            handler.reply(409, failed(0xA700))
        elif number == 4:
            handler.reply(413)
        else:
            handler.reply(409)

    with serving(script) as server:
        results = list(source_at(server.url).send(files, silent, CancelToken()))
    assert [result.outcome for result in results] == [
        SendOutcome.STORED,
        SendOutcome.REFUSED,
        SendOutcome.STORED_CHANGED,
        SendOutcome.FAILED,
        SendOutcome.REFUSED,
        SendOutcome.REFUSED,
    ]
    assert [result.sop_instance_uid for result in results] == sops
    assert "0122" in results[1].reason
    assert "B000" in results[2].reason
    assert "413" in results[4].reason
    assert "because of what it has already" in results[5].reason


def test_a_busy_server_gets_the_object_later_and_one_that_stays_busy_says_when(tmp_path):
    (file,) = write_series(tmp_path, n=1)
    answers = [(503, {}), (429, {"Retry_After": "0"}), (200, {})]

    def script(handler: Handler) -> None:
        status, headers = answers.pop(0) if answers else (429, {"Retry_After": "900"})
        handler.reply(status, b"{}", **headers)

    with serving(script) as server:
        source = source_at(server.url)
        (first,) = source.send([file], silent, CancelToken())
        (second,) = source.send([file], silent, CancelToken())
    assert first.outcome is SendOutcome.STORED
    assert (second.outcome, second.retry_after_s) == (SendOutcome.FAILED, 900)


def test_a_server_that_is_gone_or_busy_is_asked_once_and_not_for_every_file(tmp_path):
    files = write_series(tmp_path, n=4)
    gone = list(source_at("http://127.0.0.1:1/x").send(files, silent, CancelToken()))
    assert {(result.outcome, result.sop_instance_uid != "") for result in gone} == {
        (SendOutcome.FAILED, True)
    }
    assert all("nothing listens" in result.reason for result in gone)
    with serving(lambda handler: handler.reply(429, Retry_After="900")) as server:
        busy = list(source_at(server.url).send(files, silent, CancelToken()))
        assert len(server.requests) == 1
    assert {(result.outcome, result.retry_after_s) for result in busy} == {(SendOutcome.FAILED, 900)}


def test_an_object_on_which_the_server_hangs_up_costs_no_other(tmp_path):
    files = write_series(tmp_path, n=3)

    def script(handler: Handler) -> None:
        if len(server.requests) == 1:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        else:
            handler.reply(200, b"{}")

    with serving(script) as server:
        results = list(source_at(server.url).send(files, silent, CancelToken()))
    assert [result.outcome for result in results] == [
        SendOutcome.FAILED,
        SendOutcome.STORED,
        SendOutcome.STORED,
    ]
    assert "the line broke" in results[0].reason


def taking(size: int, every_s: float) -> Callable[[Handler, int], bytes]:
    def take(handler: Handler, length: int) -> bytes:
        taken = b""
        while len(taken) < length and not handler.server.over.wait(every_s):
            taken += handler.rfile.read(min(size, length - len(taken)))
        return taken

    return take


def large_file(folder: Path) -> Path:
    # More than the buffers of a connection on one machine hold.
    return write_series(folder, n=1, rows=4096, columns=2048)[0]


def test_a_large_object_over_a_slow_line_has_longer_than_any_timeout(tmp_path):
    file = large_file(tmp_path)
    with serving(lambda handler: handler.reply(200, b"{}")) as server:
        server.take = taking(MIB, 0.15)
        peer = WebServer("pacs", server.url, timeouts=Timeouts(connect_s=0.5, answer_s=5, idle_s=1))
        started_s = time.monotonic()
        (result,) = WebSource(peer, Secrets(), pace=QUICK).send([file], silent, CancelToken())
    assert result.outcome is SendOutcome.STORED, result.reason
    # 16 MB at 7 MB/s: longer than the socket's own timeout, which is that of the connection.
    assert time.monotonic() - started_s > 2


def test_a_server_that_stops_taking_an_object_is_left_in_time(tmp_path):
    file = large_file(tmp_path)
    with serving(lambda handler: handler.reply(200, b"{}")) as server:
        server.take = taking(MIB, 60)
        started_s = time.monotonic()
        (result,) = source_at(server.url).send([file], silent, CancelToken())
    assert result.outcome is SendOutcome.FAILED
    assert "stopped taking" in result.reason
    assert time.monotonic() - started_s < 5


def test_a_cancel_ends_sending_in_the_middle_of_an_object(tmp_path):
    file, cancel = large_file(tmp_path), CancelToken()
    with serving(lambda handler: handler.reply(200, b"{}")) as server:
        server.take = taking(64 * 1024, 0.1)
        threading.Timer(0.3, cancel.cancel).start()
        started_s = time.monotonic()
        with pytest.raises(Cancelled):
            list(source_at(server.url).send([file], silent, cancel))
    assert time.monotonic() - started_s < 2


def test_a_series_with_nothing_in_it_costs_no_other(archive):
    archive.objects["1.2.3"] = {}
    with serving(archive) as server:
        brought = retrieve(archive, server.url, into := Collector())
    assert len(into.objects) == 6
    assert [failed.reason for failed in brought.failed] == ["the server lists a series with nothing in it"]


def test_logs_name_no_patient_that_was_searched_for(caplog):
    with serving(lambda handler: handler.reply(500)) as server, caplog.at_level(logging.DEBUG):
        with pytest.raises(NetworkError) as raised:
            list(source_at(server.url).find_studies(StudyQuery(patient_name="Doe^Jane"), CancelToken()))
        with pytest.raises(NetworkError):
            list(
                source_at("http://127.0.0.1:1/x").find_studies(StudyQuery(patient_name="Doe*"), CancelToken())
            )
    assert "Doe" not in caplog.text
    assert "Doe" not in str(raised.value)


def test_a_token_goes_to_its_server_only_and_into_no_log_and_no_error(caplog, monkeypatch, tmp_path):
    # What other programs keep there for this machine must not take the token's place.
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(lambda handler: handler.reply(401)) as server:
        peer = WebServer("pacs", server.url, authorization=WebAuthorization.BEARER, timeouts=TIMES)
        secrets = Secrets()
        secrets.keep(secret_name(peer), Secret("s3cret-token"))
        with (
            caplog.at_level(logging.DEBUG),
            pytest.raises(NetworkError, match="does not accept the token") as raised,
        ):
            WebSource(peer, secrets).check(CancelToken())
        (request,) = server.requests
    assert request[2]["Authorization"] == "Bearer s3cret-token"
    seen: BaseException | None = raised.value
    while seen is not None:
        assert "s3cret" not in f"{seen!r} {seen}"
        seen = seen.__cause__ or seen.__context__
    assert "s3cret" not in caplog.text
    other = WebServer("pacs", "http://127.0.0.1:1/x", authorization=WebAuthorization.BEARER)
    assert secrets.find(secret_name(other)) is None
