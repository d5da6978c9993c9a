"""Values of peers, queries and answers: what cannot be right cannot be built."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ichviewer.domain.series import StudyInfo
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
from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery, check_uid
from ichviewer.network.source import ReceivedObject, SendOutcome, SendResult


def node(**changes) -> DicomNode:
    return DicomNode(**{"name": "PACS", "ae_title": "PACS", "host": "10.0.0.1", "port": 104, **changes})


@pytest.mark.parametrize("title", ["A", "PACS 1", "A" * 16, "my-pacs_2", "a/b:c"])
def test_ae_titles_of_the_standard_are_taken(title):
    assert node(ae_title=title).ae_title == title


@pytest.mark.parametrize("title", ["", " ", "A" * 17, "A\\B", "A\nB", "PÄCS", " A", "A ", "A\0"])
@pytest.mark.parametrize("field", ["ae_title", "own_ae_title"])
def test_other_ae_titles_are_refused(title, field):
    with pytest.raises(ValueError, match="Received: "):
        node(**{field: title})


@pytest.mark.parametrize(
    "change",
    [
        {"port": 0},
        {"port": 65536},
        {"port": True},
        {"host": ""},
        {"host": "a b"},
        {"host": "http://x"},
        {"name": ""},
        {"name": "a\nb"},
        {"name": " a"},
        {"name": "x" * 65},
        {"retrieve_by": RetrieveBy.MOVE},
    ],
)
def test_a_node_that_cannot_be_reached_is_refused(change):
    with pytest.raises(ValueError, match="Received: "):
        node(**change)


@pytest.mark.parametrize("host", ["localhost", "pacs.example.org", "192.168.1.2", "::1", "fe80::1%eth0"])
def test_names_and_numbers_of_hosts_are_taken(host):
    assert node(host=host).host == host


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 3601])
def test_timeouts_are_bounded(seconds):
    with pytest.raises(ValueError, match="Received: "):
        Timeouts(answer_s=seconds)


def test_a_certificate_comes_with_its_key():
    with pytest.raises(ValueError, match="both or neither"):
        TlsFiles(certificate=Path("/a"))
    assert TlsFiles(None, Path("/a"), Path("/b")).check_host


def test_a_receiver_listens_on_the_loopback_unless_told():
    assert ReceiverAddress().host == "127.0.0.1"
    assert ReceiverAddress(port=0).port == 0
    with pytest.raises(ValueError, match="Received: "):
        ReceiverAddress(port=-1)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://x"},
        {"url": "https://"},
        {"url": "https://user:secret@x"},
        {"url": "https://x/?a=1"},
        {"url": "https://x/#a"},
        {"url": "https://x y"},
        {"url": "https://x:99999"},
        {"query_prefix": "a?b"},
        {"authorization": WebAuthorization.BASIC},
        {"user": "me"},
        {"authorization": WebAuthorization.BASIC, "user": "a:b"},
    ],
)
def test_a_server_that_could_not_be_asked_is_refused(change):
    with pytest.raises(ValueError, match="Received: ") as caught:
        WebServer(**{"name": "w", "url": "https://x", **change})
    assert "secret" not in str(caught.value)


def test_a_folder_is_given_by_its_full_path():
    with pytest.raises(ValueError, match="full path"):
        FolderSource("f", Path("here"))


@pytest.mark.parametrize(
    "change",
    [
        {"patient_id": "x" * 65},
        {"patient_id": "a\\b"},
        {"patient_name": "a\nb"},
        {"accession_number": "x" * 17},
        {"modality": "ct"},
        {"study_uid": "1.2.*"},
        {"study_uid": "1.2\\1.3"},
        {"limit": 0},
        {"limit": 100_001},
        {"first_date": date(2024, 2, 1), "last_date": date(2024, 1, 31)},
    ],
)
def test_a_query_that_would_mean_something_else_is_refused(change):
    with pytest.raises(ValueError, match="Received: "):
        StudyQuery(**change)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (None, None, ""),
        (date(2024, 1, 2), None, "20240102-"),
        (None, date(2024, 1, 2), "-20240102"),
        (date(2024, 1, 2), date(2024, 1, 2), "20240102"),
        (date(2023, 12, 31), date(2024, 1, 2), "20231231-20240102"),
    ],
)
def test_a_span_of_dates_is_a_range_of_the_standard(first, last, text):
    assert StudyQuery(first_date=first, last_date=last).dates == text


@pytest.mark.parametrize("uid", ["", "1" * 65, "1.2 3", "1/2", "../1", "1.2?", "ä", "1\n2"])
def test_what_is_no_single_uid_is_refused(uid):
    with pytest.raises(ValueError, match="Received: "):
        check_uid(uid)


def test_answers_name_what_can_be_asked_for():
    assert StudyAnswer(StudyInfo("1.2")).n_series is None
    with pytest.raises(ValueError, match="Received: "):
        StudyAnswer(StudyInfo(""))
    with pytest.raises(ValueError, match="Received: -1"):
        SeriesAnswer("1.2", "1.3", n_instances=-1)


def test_an_object_is_a_whole_file_and_a_result_has_a_reason_unless_stored():
    with pytest.raises(ValueError, match="whole DICOM file"):
        ReceivedObject("1.2", "1.3", "1.4", b"no file")
    with pytest.raises(ValueError, match="a reason"):
        SendResult(Path("x"), "1.2", SendOutcome.FAILED)
    assert SendResult(Path("x"), "1.2", SendOutcome.STORED_CHANGED, "dropped").stored
