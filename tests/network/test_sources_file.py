"""The file of sources: read back as written, refused with the place of what is wrong, never with a secret."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import ExportError, SettingsError
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
from ichviewer.network.sources_file import Sources, load_sources, save_sources

names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=64)
titles = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=16)
paths = names.map(lambda name: Path("/") / name.replace("/", "-"))
seconds = st.floats(0.1, 3600)
timeouts = st.builds(Timeouts, seconds, seconds, seconds)
tls = st.builds(TlsFiles, st.none() | paths, st.none(), st.none(), st.booleans()) | st.builds(
    TlsFiles, st.none(), paths, paths, st.booleans()
)
receivers = st.builds(ReceiverAddress, st.sampled_from(["127.0.0.1", "::1"]), st.integers(0, 65535))
nodes = st.builds(
    DicomNode,
    names,
    titles,
    st.sampled_from(["pacs.example", "10.0.0.1"]),
    st.integers(1, 65535),
    titles,
    st.none() | tls,
    timeouts,
    st.sampled_from(RetrieveBy),
    receivers,
)
servers = st.builds(
    WebServer,
    names,
    st.sampled_from(["https://pacs.example/dicom-web", "http://10.0.0.1:8042/x"]),
    st.sampled_from(["", "qido"]),
    st.sampled_from(["", "wado/rs"]),
    tls=tls,
    timeouts=timeouts,
) | st.builds(
    WebServer,
    names,
    st.just("https://x"),
    authorization=st.just(WebAuthorization.BASIC),
    user=names.map(lambda name: name.replace(":", "-")),
)
folders = st.builds(FolderSource, names, paths)
many = st.lists(nodes | servers | folders, max_size=6, unique_by=lambda peer: peer.name.casefold())


@given(peers=many)
def test_what_is_written_is_read_back_equal_and_in_order(tmp_path_factory, peers):
    path = tmp_path_factory.mktemp("sources") / "made" / "sources.toml"
    sources = Sources(tuple(peers))
    save_sources(sources, path)
    assert load_sources(path) == sources


def test_no_file_is_no_sources(tmp_path):
    assert load_sources(tmp_path / "nothing.toml") == Sources()


NODE = '[[node]]\nname = "P"\nae_title = "P"\nhost = "h"\nport = 104\n'


def test_a_file_written_by_hand_needs_the_least(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text(f"version = 1\n{NODE}")
    assert load_sources(path).peers == (DicomNode("P", "P", "h", 104),)
    assert load_sources(path)["p"].name == "P"
    with pytest.raises(SettingsError, match=r"there is no source 'Q'\. Found: sources: P"):
        load_sources(path)["Q"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'version' must be 1"),
        ("version = 2", "'version' must be 1. Found: 2"),
        ("version = 1\n[[nod]]", "only node, web, folder are known. Found: nod"),
        ("version = 1\nnode = 3", "'node' is written as"),
        ("version = 1\n[[node]]\nname = 'P'", "node 1: a field is missing"),
        (f"version = 1\n{NODE}password = 'x'", "'password' is not known here"),
        (f"version = 1\n{NODE}{NODE}", "each source has a name of its own"),
        (f"version = 1\n{NODE.replace('104', '0')}", "node 1: this cannot be used"),
        (f"version = 1\n{NODE.replace('104', 'true')}", "'port' must be a whole number"),
        (f"version = 1\n{NODE}retrieve_by = 'push'", "must be one of get, move, get then move"),
        (f"version = 1\n{NODE}tls = 3", "'tls' is a table"),
        (f"version = 1\n{NODE}[node.tls]\nkey = '/k'", "node 1, tls: this cannot be used"),
        (f"version = 1\n{NODE}[node.timeouts]\nidle_s = 'long'", "'idle_s' must be a number"),
        ("version = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path, text, words):
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_sources(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_what_is_no_file_of_text_is_named(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_bytes(b"\xff\xfe\0")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_sources(path)
    with pytest.raises(SettingsError, match="not a regular file"):
        load_sources(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="the folder cannot be made"):
        save_sources(Sources(), tmp_path / "file" / "sub" / "sources.toml")
