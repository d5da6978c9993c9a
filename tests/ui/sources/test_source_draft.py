from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.network.peers import (
    DicomNode,
    FolderSource,
    ReceiverAddress,
    RetrieveBy,
    Timeouts,
    TlsFiles,
    WebAuthorization,
    WebServer,
)
from ichviewer.ui.sources.source_draft import FIELDS, SourceDraft, SourceKind, draft_of, source_words

PEERS = (
    DicomNode("PACS", "ARCHIVE", "10.0.0.1", 104),
    DicomNode(
        "Moves",
        "ARCHIVE",
        "pacs.example",
        11112,
        own_ae_title="ME",
        tls=TlsFiles(Path("/a.pem"), Path("/c.pem"), Path("/k.pem"), check_host=False),
        timeouts=Timeouts(1.5, 20, 30),
        retrieve_by=RetrieveBy.MOVE,
        receiver=ReceiverAddress("0.0.0.0", 4242),
    ),
    WebServer("Web", "http://localhost:8042/dicom-web"),
    WebServer(
        "Secure",
        "https://dicom.example/x",
        query_prefix="q",
        retrieve_prefix="w",
        store_prefix="s",
        authorization=WebAuthorization.BASIC,
        user="me",
        tls=TlsFiles(Path("/a.pem")),
    ),
    FolderSource("Disk", Path("/data")),
)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_source_comes_back_from_its_fields_as_it_was(peer):
    draft = draft_of(peer)
    assert draft.complaints() == {}
    assert draft.peer() == peer


@pytest.mark.parametrize(
    ("kind", "values", "wrong"),
    [
        (SourceKind.NODE, {}, {"name", "ae_title", "host", "port"}),
        (SourceKind.WEB, {}, {"name", "url"}),
        (SourceKind.FOLDER, {}, {"name", "path"}),
        (SourceKind.NODE, {"port": "0"}, {"name", "ae_title", "host", "port"}),
        (SourceKind.NODE, {"port": "65536"}, {"name", "ae_title", "host", "port"}),
        (SourceKind.WEB, {"name": "x", "url": "ftp://x"}, {"url"}),
        (SourceKind.WEB, {"name": "x", "url": "https://me:pw@x"}, {"url"}),
        (SourceKind.WEB, {"name": "x", "url": "https://x", "authorization": "basic"}, {"user"}),
        (SourceKind.WEB, {"name": "x", "url": "https://x", "certificate": "/c"}, {"key"}),
        # Files for TLS mean nothing without TLS.
        (SourceKind.WEB, {"name": "x", "url": "http://x", "certificate": "/c"}, set()),
        (SourceKind.FOLDER, {"name": "x", "path": "data"}, {"path"}),
    ],
)
def test_each_field_that_cannot_be_used_is_named(kind, values, wrong):
    assert set(SourceDraft(kind, values).complaints()) == wrong


NODE = {"name": "x", "ae_title": "X", "host": "x", "port": "104"}


@pytest.mark.parametrize(
    ("values", "wrong", "words"),
    [
        ({"ae_title": "A" * 17}, "ae_title", "An AE title has 1 to 16 characters."),
        ({"port": "²"}, "port", "A port is a whole number within 1 to 65535."),
        ({"retrieve_by": "move"}, "receiver_port", "C-MOVE needs a port that the node sends to."),
        ({"answer_s": "soon"}, "answer_s", "This is a number of seconds, such as 10."),
        ({"answer_s": "nan"}, "answer_s", "This is over 0 and at most 3600 seconds."),
        ({"name": "pacs"}, "name", "There is another source of this name."),
    ],
)
def test_a_complaint_is_a_sentence(values, wrong, words):
    assert SourceDraft(SourceKind.NODE, NODE | values).complaints(["PACS"]) == {wrong: words}


texts = st.text(max_size=20) | st.sampled_from(
    ["", "104", "get", "move", "basic", "bearer", "on", "https://x", "/a"]
)


@given(
    st.sampled_from(SourceKind),
    st.dictionaries(st.sampled_from([f.key for k in FIELDS for f in FIELDS[k]]), texts),
)
def test_without_a_complaint_there_is_a_source(kind, values):
    for key, known in (
        ("retrieve_by", ("get", "move", "get then move")),
        ("authorization", ("none", "basic", "bearer")),
    ):
        # These are chosen, not typed.
        if values.get(key, known[0]) not in known:
            values[key] = known[0]
    draft = SourceDraft(kind, values)
    if not draft.complaints():
        peer = draft.peer()
        assert draft_of(peer).peer() == peer
        assert all(source_words(peer))
