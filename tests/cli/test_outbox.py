from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from dicom_factory import write_series

from ichviewer.__main__ import main
from ichviewer.network.outbox import Outbox, State
from ichviewer.network.peers import WebServer
from ichviewer.network.sources_file import Sources, save_sources

sys.path.insert(0, str(Path(__file__).parents[1] / "network"))


@pytest.fixture
def waiting(tmp_path: Path) -> list[str]:
    """UIDs of two objects that wait for ``pacs``."""
    with Outbox() as outbox:
        return [outbox.add(file, ["pacs"])[0].sop_uid for file in write_series(tmp_path / "ct", n=2)]


def test_an_empty_outbox_is_listed(capsys):
    assert main(["outbox", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 1, "items": []}
    assert main(["outbox", "list"]) == 0


def test_what_waits_is_listed_as_a_table_and_as_json(capsys, waiting):
    assert main(["outbox", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[2].split()[:2] == ["1", "pacs"]
    assert "CT Head 5.0" in lines[2] and "waiting" in lines[2]
    assert main(["outbox", "list", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert [(item["sop_uid"], item["state"], item["attempts"]) for item in items] == [
        (uid, "waiting", 0) for uid in waiting
    ]


def test_sending_delivers_and_says_how_much(capsys, waiting):
    from scripted_server import serving

    with serving(lambda handler: handler.reply(200, b"{}")) as server:
        save_sources(Sources((WebServer("pacs", server.url),)))
        assert main(["outbox", "send"]) == 0
        assert len(server.requests) == 2
    assert "2 sent, 0 to be tried again, 0 refused." in capsys.readouterr().err
    assert main(["outbox", "clear"]) == 0
    assert capsys.readouterr().out == "2 forgotten, 0 kept.\n"


def test_what_cannot_be_sent_stays_says_why_and_can_be_tried_again(capsys, waiting):
    assert main(["outbox", "send"]) == 3
    said = capsys.readouterr().err
    assert "there is no source 'pacs'" in said
    assert "0 sent, 0 to be tried again, 2 refused." in said
    assert main(["outbox", "retry", "2"]) == 0
    assert capsys.readouterr().out == "1 to be sent.\n"
    assert main(["outbox", "retry", "99"]) == 3
    with Outbox() as outbox:
        assert [item.state for item in outbox.items()] == [State.REFUSED, State.WAITING]
    assert main(["outbox", "clear"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 forgotten, 2 kept."
    assert main(["outbox", "clear", "--undelivered"]) == 0
    assert capsys.readouterr().out == "2 forgotten, 0 kept.\n"


def test_a_damaged_outbox_is_said_with_its_place(capsys, waiting):
    with Outbox() as outbox:
        folder = outbox.folder
    (folder / "outbox.sqlite3").write_bytes(b"nothing")
    assert main(["outbox", "list"]) == 0
    said = capsys.readouterr().err
    assert "The outbox was damaged" in said and str(folder / "damaged-") in said
