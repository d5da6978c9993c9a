from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.network.study_link import StudyLink
from ichviewer.ui.app.start_request import LONGEST_BYTES, StartRequest, parse_request

# What a file system gives, names that are no valid Unicode included.
names = st.binary(min_size=1, max_size=40).map(lambda raw: os.fsdecode(raw.replace(b"\0", b"0")))
paths = st.lists(names.map(lambda name: Path("/") / name), min_size=1, max_size=5).map(tuple)
sources = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda text: text.isprintable() and text == text.strip()
)
links = st.builds(StudyLink, sources, st.sampled_from(["1.2.3", "1.2.840.10008.1", "A_1.b"]))
requests = st.one_of(
    st.builds(StartRequest, paths),
    st.builds(lambda link, ask: StartRequest((), link, ask), links, st.booleans()),
)


@given(requests)
def test_a_request_comes_back_as_it_was_in_one_line_of_ascii(request):
    line = request.line()
    assert line.isascii() and line.count(b"\n") == 1 and line.endswith(b"\n")
    assert parse_request(line) == request


@given(st.binary(max_size=300))
def test_bytes_are_a_request_or_refused(raw):
    try:
        request = parse_request(raw)
    except ValueError:
        return
    assert parse_request(request.line()) == request


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), sources),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
fields = st.sampled_from(["version", "paths", "source", "study", "ask", "host"])


@given(st.dictionaries(fields, st.one_of(st.just(1), st.just("1.2.3"), st.just(["/a"]), values), max_size=6))
def test_a_request_with_other_fields_or_other_kinds_of_values_is_refused(said):
    try:
        request = parse_request(json.dumps(said).encode())
    except ValueError:
        return
    assert type(said["version"]) is int and said["version"] == 1
    assert set(said) in ({"version", "paths"}, {"version", "source", "study", "ask"})
    if request.fetch is None:
        assert [str(path) for path in request.paths] == [str(Path(path)) for path in said["paths"]]
        assert all(path.is_absolute() for path in request.paths)
    else:
        assert type(said["ask"]) is bool and request.ask is said["ask"]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"null",
        b"[]",
        b'{"version": 1}',
        b'{"version": 1, "paths": []}',
        b'{"version": 1, "paths": ["relative"]}',
        b'{"version": 1, "paths": ["/a\\u0000b"]}',
        b'{"version": 1, "paths": "/a"}',
        b'{"version": 1, "paths": [1]}',
        b'{"version": 2, "paths": ["/a"]}',
        b'{"version": true, "paths": ["/a"]}',
        b'{"version": 1.0, "paths": ["/a"]}',
        b'{"version": 1, "paths": ["/a"], "ask": false}',
        b'{"version": 1, "source": "PACS", "study": "1.2.*", "ask": false}',
        b'{"version": 1, "source": "", "study": "1.2", "ask": true}',
        b'{"version": 1, "source": "PACS", "study": "1.2", "ask": 0}',
        b'{"version": 1, "source": "PACS", "study": "1.2"}',
        b"[" * 100_000,
        b'{"version": 1, "paths": ["/\xff"]}',
        b"1" * 10_000,
        b'{"version": 1, "paths": ["/' + b"a" * LONGEST_BYTES + b'"]}',
    ],
)
def test_what_is_no_request_is_refused(line):
    with pytest.raises(ValueError, match=r".+"):
        parse_request(line)


def test_a_request_that_cannot_be_is_refused():
    link = StudyLink("PACS", "1.2")
    for wrong in (
        {},
        {"paths": (Path("/a"),), "fetch": link},
        {"paths": (Path("a"),)},
        {"paths": (Path("/a\0"),)},
    ):
        with pytest.raises(ValueError, match="Received"):
            StartRequest(**wrong)
    long = StartRequest(tuple(Path("/") / f"{i:0100}" for i in range(10_000)))
    with pytest.raises(ValueError, match="at most"):
        long.line()
