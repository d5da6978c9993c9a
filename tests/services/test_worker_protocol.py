"""What the receiver of answers believes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.services.worker_protocol import (
    LAST,
    Exchange,
    Kind,
    Message,
    ProtocolError,
    Request,
    new_request,
)


def test_numbers_rise() -> None:
    first, second = new_request("a", "job"), new_request("a", "job")
    assert 1 <= first.number < second.number


@pytest.mark.parametrize(("number", "subject"), [(0, "a"), (-1, "a"), (1, "")])
def test_a_request_has_a_number_and_a_subject(number: int, subject: str) -> None:
    with pytest.raises(ValueError, match="needs a number"):
        Request(number, subject, "job")


def test_answers_of_earlier_requests_are_dropped_even_if_they_are_about_the_same() -> None:
    exchange = Exchange(Request(5, "series a", "annotate"))
    assert exchange.accept(Message(4, "series a", Kind.RESULT, "old")) is None
    assert not exchange.over


@pytest.mark.parametrize(
    "message",
    [
        Message(6, "series a", Kind.ITEM),
        Message(5, "series b", Kind.ITEM),
        Message(5, "series a", Kind.READY),
        ("finding", 3),
        None,
    ],
)
def test_what_cannot_be_an_answer_is_refused_loudly(message: object) -> None:
    with pytest.raises(ProtocolError):
        Exchange(Request(5, "series a", "annotate")).accept(message)


def test_nothing_is_believed_after_the_last_word() -> None:
    exchange = Exchange(Request(5, "a", "annotate"))
    exchange.accept(Message(5, "a", Kind.RESULT, 1))
    assert exchange.over
    with pytest.raises(ProtocolError):
        exchange.accept(Message(5, "a", Kind.ITEM, 2))


messages = st.builds(
    Message, st.integers(1, 6), st.sampled_from(["a", "b"]), st.sampled_from(Kind), st.integers()
)


@given(st.lists(messages, max_size=30))
def test_only_answers_to_this_request_are_ever_accepted(stream: list[Message]) -> None:
    exchange = Exchange(Request(4, "a", "annotate"))
    accepted = []
    for message in stream:
        try:
            found = exchange.accept(message)
        except ProtocolError:
            break
        if found is not None:
            accepted.append(found)
    assert all(m.number == 4 and m.subject == "a" and m.kind is not Kind.READY for m in accepted)
    assert all(m.kind not in LAST for m in accepted[:-1])
    assert exchange.over == (bool(accepted) and accepted[-1].kind in LAST)
