from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from dicom_factory import write_series

from ichviewer.__main__ import main
from ichviewer.network.peers import WebAuthorization, WebServer
from ichviewer.network.secrets import Kept, Secrets
from ichviewer.network.sources_file import load_sources, user_sources_file

sys.path.insert(0, str(Path(__file__).parents[1] / "network"))

KEPT, FORGOTTEN = Kept(True, "It is there."), Kept(False, "It is gone.")


@pytest.fixture(autouse=True)
def without_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine of the tests offers."""
    import keyring
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring, "get_keyring", Keyring)


def test_a_server_is_added_replaced_checked_and_removed(capsys):
    from scripted_server import serving

    with serving(lambda handler: handler.reply(200, b"[]")) as server:
        assert main(["sources", "add-web", "pacs", "http://127.0.0.1:1/x"]) == 0
        assert main(["sources", "add-web", "PACS", server.url, "--query-prefix", "qido"]) == 0
        assert load_sources().peers == (WebServer("PACS", server.url, query_prefix="qido"),)
        capsys.readouterr()
        assert main(["sources", "check", "pacs"]) == 0
        assert "The server answers" in capsys.readouterr().out
        assert server.requests[0][1].startswith("/dicom-web/qido/studies?")
    assert main(["sources", "check", "pacs"]) == 3
    assert "nothing listens at this port" in capsys.readouterr().err
    assert main(["sources", "remove", "pacs"]) == 0
    assert load_sources().peers == ()


def test_a_study_is_found_fetched_and_sent_as_with_a_node(capsys, tmp_path):
    from scripted_server import Archive, serving

    files = write_series(tmp_path / "ct", n=3)
    archive = Archive(files)
    with serving(lambda h: h.reply(200, b"{}") if h.command == "POST" else archive(h)) as server:
        assert main(["sources", "add-web", "pacs", server.url]) == 0
        assert main(["sources", "find", "pacs", "--study", archive.study_uid]) == 0
        assert archive.study_uid in capsys.readouterr().out
        out = tmp_path / "out"
        assert main(["sources", "get", "pacs", "--study", archive.study_uid, "-o", str(out)]) == 0
        assert "3 objects" in capsys.readouterr().err
        assert sorted(p.read_bytes() for p in out.iterdir()) == sorted(p.read_bytes() for p in files)
        assert main(["sources", "send", "pacs", str(out)]) == 0
        assert "3 of 3 files are stored at pacs" in capsys.readouterr().err


def test_a_password_is_asked_for_and_stands_in_no_file(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "s3cret")
    assert main(["sources", "add-web", "pacs", "https://pacs/x", "--user", "doctor"]) == 0
    (peer,) = load_sources().peers
    assert (peer.authorization, peer.user) == (WebAuthorization.BASIC, "doctor")
    assert "kept until the program ends" in capsys.readouterr().err
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert user_sources_file() in written or sys.platform != "linux"
    assert not any(b"s3cret" in path.read_bytes() for path in written)
    # Nobody can be asked here, and nothing is sent without it.
    assert main(["sources", "check", "pacs"]) == 3
    assert "the password is not known" in capsys.readouterr().err


def test_a_password_is_forgotten_when_no_source_needs_it_any_more(capsys, monkeypatch):
    kept: dict[str, str] = {}
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "s3cret")
    monkeypatch.setattr(Secrets, "keep", lambda _, name, secret: kept.update({name: secret.reveal()}) or KEPT)
    monkeypatch.setattr(Secrets, "forget", lambda _, name: kept.pop(name) and FORGOTTEN)
    for name in ("one", "two"):
        assert main(["sources", "add-web", name, "https://pacs/x", "--user", "doctor"]) == 0
    assert main(["sources", "remove", "one"]) == 0
    # The other one logs in with it.
    assert kept == {"doctor at https://pacs/x": "s3cret"}
    capsys.readouterr()
    assert main(["sources", "add-web", "two", "https://pacs/y", "--token"]) == 0
    assert kept == {"token at https://pacs/y": "s3cret"}
    assert "The password or token of two (https://pacs/x): It is gone." in capsys.readouterr().err
    assert main(["sources", "add-web", "two", "https://pacs/y"]) == 0
    assert kept == {}


@pytest.mark.parametrize(
    "options",
    [
        ["https://pacs/x", "--user", "a", "--token"],
        ["ftp://pacs"],
        ["https://a:b@pacs"],
        ["https://pacs", "--key", "k"],
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_saved(options, capsys):
    assert main(["sources", "add-web", "pacs", *options]) == 2
    assert not user_sources_file().exists()
