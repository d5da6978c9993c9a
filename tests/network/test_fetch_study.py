from __future__ import annotations

from pathlib import Path

import pytest
from cached_objects import Machine
from dicom_factory import write_series
from keyring.errors import KeyringLocked
from scripted_server import MULTIPART, Archive, multipart, serving

from ichviewer.errors import NetworkError
from ichviewer.network.dicomweb import WebSource
from ichviewer.network.fetch_study import fetch_study
from ichviewer.network.peers import Timeouts, WebServer
from ichviewer.network.secrets import Secrets
from ichviewer.network.study_cache import StudyCache
from ichviewer.network.web_line import Pace
from ichviewer.progress import CancelToken, silent


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(write_series(tmp_path / "ct", n=4))


@pytest.fixture
def cache(tmp_path: Path) -> StudyCache:
    return StudyCache(tmp_path / "cache")


def source_at(url: str) -> WebSource:
    server = WebServer("pacs", url, timeouts=Timeouts(2, 2, 2))
    return WebSource(server, Secrets(), pace=Pace(2, 0.01, 1))


def fetch(url: str, study):
    return fetch_study(source_at(url), study, silent, CancelToken())


def test_a_study_comes_once_and_is_complete_then(archive, cache):
    with serving(archive) as server, cache.open("pacs", archive.study_uid) as study:
        assert not study.complete
        fetched = fetch(server.url, study)
        assert (fetched.retrieved.n_arrived, fetched.notes) == (4, ())
        assert study.complete
        assert fetch(server.url, study).retrieved.n_there == 4


def test_a_damaged_file_is_fetched_again_and_that_is_said(archive, cache):
    with serving(archive) as server:
        with cache.open("pacs", archive.study_uid) as study:
            fetch(server.url, study)
            damaged = study.paths()[0]
        damaged.write_bytes(damaged.read_bytes()[:-1])
        with cache.open("pacs", archive.study_uid) as study:
            fetched = fetch(server.url, study)
            assert (fetched.retrieved.n_arrived, fetched.retrieved.n_there) == (1, 3)
            (note,) = fetched.notes
            assert "damaged (1); they were removed and fetched again" in note
            assert len(study.paths()) == 4


def test_without_the_source_a_complete_study_is_shown_as_it_was_and_an_incomplete_one_is_not(archive, cache):
    with serving(archive) as server, cache.open("pacs", archive.study_uid) as study:
        fetch(server.url, study)
    with cache.open("pacs", archive.study_uid) as study:
        fetched = fetch("http://127.0.0.1:1/x", study)
        assert fetched.retrieved is None
        assert "as it was fetched before" in fetched.notes[0]
        assert "nothing listens" in fetched.notes[0]
        path = study.paths()[0]
    path.write_bytes(b"damaged")
    with cache.open("pacs", archive.study_uid) as study, pytest.raises(NetworkError, match="nothing listens"):
        fetch("http://127.0.0.1:1/x", study)


def test_what_did_not_come_is_said_and_the_study_is_not_complete(archive, cache):
    (series,) = archive.objects.values()
    lost = sorted(series)[0]
    rest = multipart([data for uid, data in series.items() if uid != lost])
    archive.whole = lambda handler, _: handler.reply(200, rest, MULTIPART)
    archive.single = lambda handler, _: handler.reply(404)
    with serving(archive) as server, cache.open("pacs", archive.study_uid) as study:
        fetched = fetch(server.url, study)
        assert "did not come (1)" in fetched.notes[0]
        (series_uid,) = archive.objects
        assert list(fetched.not_sent) == [series_uid]
        assert fetched.not_sent[series_uid].startswith("1 object of this series did not come: ")
        assert not study.complete
        assert len(study.paths()) == 3


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "account")


def test_without_their_key_files_are_fetched_again_and_that_is_said(archive, machine):
    with serving(archive) as server:
        with machine.program().open("pacs", archive.study_uid) as study:
            assert fetch(server.url, study).notes == ()
        machine.keyring.kept.clear()
        with machine.program().open("pacs", archive.study_uid) as study:
            fetched = fetch(server.url, study)
            assert fetched.retrieved.n_arrived == 4
            (note,) = fetched.notes
            assert "could not be read (4)" in note and "did not give their key" in note
            assert study.complete and len(study.paths()) == 4
        with machine.program().open("pacs", archive.study_uid) as study:
            assert fetch(server.url, study).retrieved.n_there == 4


def test_without_the_source_and_without_its_key_a_study_is_refused_and_both_are_said(archive, machine):
    with serving(archive) as server, machine.program().open("pacs", archive.study_uid) as study:
        fetch(server.url, study)
    with machine.program().open("pacs", archive.study_uid) as study:
        assert fetch("http://127.0.0.1:1/x", study).retrieved is None
    machine.keyring.error = KeyringLocked()
    with (
        machine.program().open("pacs", archive.study_uid) as study,
        pytest.raises(NetworkError, match=r"nothing listens.*cannot be read.*did not give its key"),
    ):
        fetch("http://127.0.0.1:1/x", study)


def test_a_study_that_is_kept_without_encryption_although_there_is_a_keyring_says_so(archive, machine):
    machine.keyring.error = KeyringLocked()
    with serving(archive) as server, machine.program().open("pacs", archive.study_uid) as study:
        (note,) = fetch(server.url, study).notes
        assert note == (
            "It is kept in the cache. Not encrypted: the system's keyring is locked, or does not keep a key."
        )


def test_a_series_is_known_to_be_whole_before_its_study_is(archive, cache, tmp_path):
    seen: list[set[str]] = []
    watches = []
    with serving(archive) as server, cache.open("pacs", archive.study_uid) as study:

        def progress(*_: object) -> None:
            (watch,) = watches
            seen.append(set(watch.whole))
            assert all(study.has(uid) for uids in watch.whole.values() for uid in uids)

        fetch_study(source_at(server.url), study, progress, CancelToken(), watches.append)
    assert seen[-1] == set(archive.objects)
