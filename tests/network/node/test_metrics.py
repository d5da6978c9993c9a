"""Numbers about a node: what is said where they cannot be told, and that they are never asked for after the end."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tally_reference import tally_of

from ichviewer.errors import ReadError
from ichviewer.network.node.metrics import Figures, MetricsServer
from ichviewer.network.outbox_counts import OutboxCounts

FIGURES = Figures(tally_of(()), OutboxCounts(waiting=2, refused=1, sent=70), 5, 1, "ich", "1.0.0", "0.1.0")


@contextmanager
def served(figures: Callable[[], Figures]) -> Iterator[int]:
    server = MetricsServer(0, figures)
    try:
        yield server.port
    finally:
        server.close()


def text_of(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        return str(answer.read().decode())


def test_what_was_delivered_is_a_counter_beside_what_was_not():
    lines = FIGURES.text().splitlines()
    assert [line for line in lines if line.startswith("ichviewer_node_outbox{")] == [
        'ichviewer_node_outbox{state="waiting"} 2',
        'ichviewer_node_outbox{state="sending"} 0',
        'ichviewer_node_outbox{state="refused"} 1',
    ]
    assert "# TYPE ichviewer_node_objects_sent_total counter" in lines
    assert "ichviewer_node_objects_sent_total 70" in lines


def test_a_large_number_is_told_to_the_last_digit():
    many = replace(FIGURES, outbox=OutboxCounts(sent=12_345_678), n_taken=23_456_789)
    lines = many.text().splitlines()
    assert "ichviewer_node_objects_sent_total 12345678" in lines
    assert "ichviewer_node_objects_taken_total 23456789" in lines


def test_what_cannot_be_read_is_said_without_its_place_and_told_again_later(caplog):
    answers: list[Figures | Exception] = [ReadError("the outbox is damaged", "/secret/place"), FIGURES]

    def figures() -> Figures:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with served(figures) as port, caplog.at_level(logging.WARNING):
        with pytest.raises(HTTPError) as caught:
            text_of(port)
        assert caught.value.code == 503
        body = caught.value.read().decode()
        assert "the outbox is damaged" in body
        assert "/secret" not in body + caplog.text
        assert "the outbox is damaged" in caplog.text
        assert "ichviewer_node_queue 0" in text_of(port)


def test_a_bug_is_logged_and_the_next_one_is_answered(caplog):
    answers: list[Exception | None] = [KeyError("a bug"), None]

    def figures() -> Figures:
        error = answers.pop(0)
        if error is not None:
            raise error
        return FIGURES

    with caplog.at_level(logging.ERROR), served(figures) as port:
        with pytest.raises((http.client.HTTPException, OSError)):
            text_of(port)
        assert "ichviewer_node_queue 0" in text_of(port)
    assert "a bug in telling metrics" in caplog.text


def test_who_goes_before_the_answer_is_no_bug(caplog):
    asked, go_on = threading.Event(), threading.Event()

    def figures() -> Figures:
        asked.set()
        assert go_on.wait(20)
        return FIGURES

    with caplog.at_level(logging.WARNING), served(figures) as port:
        with socket.create_connection(("127.0.0.1", port)) as gone:
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            gone.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            assert asked.wait(20)
        go_on.set()
        assert "ichviewer_node_queue 0" in text_of(port)
    assert caplog.records == []


def test_a_name_that_is_no_valid_text_is_told_as_well_as_it_can_be():
    with served(lambda: replace(FIGURES, model='odd\udc80 "name"\n')) as port:
        assert r'model="odd? \"name\"\n"' in text_of(port)


def test_nothing_is_asked_after_the_end():
    asked, go_on = threading.Event(), threading.Event()
    closed = threading.Event()
    late: list[bool] = []

    def figures() -> Figures:
        asked.set()
        go_on.wait(20)
        late.append(closed.is_set())
        return FIGURES

    server = MetricsServer(0, figures)

    def ask() -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as one:
            one.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            one.recv(100)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert asked.wait(20)
    threading.Timer(0.3, go_on.set).start()
    server.close()
    closed.set()
    for thread in threads:
        thread.join(20)
    assert late
    assert not any(late)
