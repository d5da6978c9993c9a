"""`ichviewer sources`: configured, asked, fetched from and sent to, on the command line."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from dicom_factory import make_slice, uid_of, write

from ichviewer.__main__ import main
from ichviewer.network.arrivals import FolderReceiver
from ichviewer.network.peers import ReceiverAddress, Timeouts
from ichviewer.network.receiver import ReceiverSettings, StorageReceiver

STUDY = uid_of("study", "study")


@pytest.fixture
def receiver(tmp_path):
    folder = tmp_path / "got"
    folder.mkdir()
    settings = ReceiverSettings(ReceiverAddress(port=0), "PEER", timeouts=Timeouts(2, 5, 5))
    with StorageReceiver(settings, FolderReceiver(folder)) as running:
        yield running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nodes_are_added_listed_replaced_and_removed(capsys):
    assert main(["sources", "list"]) == 0
    assert main(["sources", "add-node", "PACS", "ORTHANC", "10.0.0.1:104"]) == 0
    assert main(["sources", "add-node", "pacs", "ORTHANC", "[::1]:4242", "--tls", "--no-host-check"]) == 0
    capsys.readouterr()
    assert main(["sources", "list"]) == 0
    out, err = capsys.readouterr()
    assert "ORTHANC at ::1:4242, images by get, TLS" in out
    assert err.startswith("1 in ")
    assert main(["sources", "remove", "PACS"]) == 0
    assert main(["sources", "remove", "PACS"]) == 2
    assert "there is no source 'PACS'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add-node", "a", "A" * 17, "h:104"], "1 to 16 characters"),
        (["add-node", "a", "A", "h"], "HOST:PORT"),
        (["add-node", "a", "A", "h:70000"], "1 to 65535"),
        (["add-node", "a", "A", "h:1", "--key", "k"], "--tls"),
        (["add-node", "a", "A", "h:1", "--retrieve-by", "move"], "needs a receiver"),
        (["find", "a", "--from", "yesterday"], "--from"),
        (["find", "a", "--modality", "ct"], "a modality is a code"),
        (["get", "a", "--study", "1/2", "-o", "x"], "a UID holds digits and dots"),
        (["get", "a", "--study", "1.2"], "--out"),
        (["send", "a", "nowhere"], "there is no file or folder"),
        (["check", "a"], "there is no source 'a'"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_sent(capsys, arguments, words):
    assert main(["sources", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_check_tells_what_answers_and_what_does_not(capsys, receiver):
    main(["sources", "add-node", "us", "PEER", f"127.0.0.1:{receiver.port}"])
    main(["sources", "add-node", "gone", "X", f"127.0.0.1:{free_port()}"])
    capsys.readouterr()
    assert main(["sources", "check", "us"]) == 0
    assert main(["sources", "check"]) == 3
    out, err = capsys.readouterr()
    assert out.count("us: us (PEER at 127.0.0.1:") == 2
    assert "gone: gone (X at 127.0.0.1:" in err
    assert "nothing listens" in err


def test_folders_are_sent_and_what_is_no_dicom_is_counted(capsys, receiver, tmp_path):
    for i in range(3):
        write(tmp_path / "sent" / f"IM{i}", make_slice(z_mm=5.0 * i, instance_number=i))
    (tmp_path / "sent" / "notes.txt").write_text("hello")
    main(["sources", "add-node", "us", "PEER", f"127.0.0.1:{receiver.port}"])
    assert main(["sources", "send", "us", str(tmp_path / "sent")]) == 0
    assert "3 of 3 files are stored at us; 1 other files are no DICOM objects" in capsys.readouterr().err
    assert len(list((tmp_path / "got").iterdir())) == 3
    assert main(["sources", "send", "us", str(tmp_path / "sent" / "notes.txt")]) == 3
    assert "this is no DICOM file" in capsys.readouterr().err


def test_studies_are_found_and_fetched(capsys, tmp_path):
    from pydicom import dcmread
    from pydicom.dataset import Dataset
    from pynetdicom import AE, AllStoragePresentationContexts, build_context, evt

    stored = [dcmread(write(tmp_path / f"{i}", make_slice(z_mm=i, instance_number=i))) for i in range(4)]

    def find(event):
        level = event.identifier.QueryRetrieveLevel
        for ds in stored[:1] if level != "IMAGE" else stored:
            found = Dataset()
            for keyword in event.identifier.dir():
                if keyword in ds:
                    setattr(found, keyword, ds[keyword].value)
            yield 0xFF00, found
        yield 0x0000, None

    def get(event):
        yield len(stored)
        for ds in stored:
            yield 0xFF00, ds

    entity = AE(ae_title="PEER")
    contexts = [build_context(f"1.2.840.10008.5.1.4.1.2.2.{n}") for n in (1, 3)]
    for known in AllStoragePresentationContexts:
        context = build_context(known.abstract_syntax)
        context.scu_role = context.scp_role = True
        contexts.append(context)
    server = entity.start_server(
        ("127.0.0.1", 0),
        block=False,
        contexts=contexts,
        evt_handlers=[(evt.EVT_C_FIND, find), (evt.EVT_C_GET, get)],
    )
    try:
        main(["sources", "add-node", "a", "PEER", f"127.0.0.1:{server.server_address[1]}"])
        capsys.readouterr()
        assert main(["sources", "find", "a", "--patient-name", "Doe*", "--json"]) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert json.loads(line)["study_uid"] == STUDY
        assert json.loads(line)["patient_name"] == "Doe, John"
        assert main(["sources", "find", "a", "--study", STUDY]) == 0
        study, series = capsys.readouterr().out.splitlines()
        assert study.split("  ")[:3] == ["2024-01-31", "P1", "Doe, John"]
        assert series.strip().startswith("series  1  CT")
        for there in (0, 4):
            assert main(["sources", "get", "a", "--study", STUDY, "-o", "fetched"]) == 0
            came = f"{4 - there} objects to fetched" + (", 4 were there" if there else "")
            assert came in capsys.readouterr().err
        assert len(list(Path("fetched").iterdir())) == 4
    finally:
        entity.shutdown()
