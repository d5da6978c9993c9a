from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ichviewer.errors import SettingsError
from ichviewer.network.node.settings import AnalysisSettings, NodeSettings, StorageSettings, WatchSettings
from ichviewer.network.node.settings_file import load_settings, read_settings
from ichviewer.network.peers import WebServer
from ichviewer.network.receiver import ReceiverAddress, ReceiverSettings

WHOLE = """
version = 1
data_folder = "{folder}/data"
[receiver]
host = "0.0.0.0"
port = 11113
ae_title = "READER"
ae_titles = ["CT1", "CT2"]
hosts = ["192.168.1.0/24"]
most_associations = 60
largest_object_mb = 64
[receiver.timeouts]
idle_s = 30
[watch]
folder = "{folder}"
every_s = 2
[analysis]
quiet_s = 20
workers = 2
operating_point = "high_sensitivity"
scheduler = "tls://dask.example:8786"
[results]
kinds = ["sr"]
send_to = ["pacs", "archive"]
[storage]
keep_free_mb = 100
keep_days = 1.5
keep_sent_days = 30
[metrics]
port = 9464
[[node]]
name = "pacs"
ae_title = "PACS"
host = "192.168.1.5"
port = 104
[[web]]
name = "archive"
url = "https://archive.example/dicom-web"
authorization = "bearer"
secret_env = "TOKEN"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "node.toml"
    path.write_text(text)
    return path


def faults_of(folder: Path, text: str, **environment: str) -> list[str]:
    settings, faults = read_settings(written(folder, text), environment)
    assert (settings is None) == bool(faults)
    return [str(fault) for fault in faults]


def minimal(folder: Path, more: str = "") -> str:
    return f'version = 1\ndata_folder = "{folder}/data"\n{more}'


def test_everything_that_can_be_said_is_read(tmp_path):
    watched = tmp_path / "watched"
    watched.mkdir()
    text = WHOLE.replace('folder = "{folder}"', f'folder = "{watched}"').replace("{folder}", str(tmp_path))
    settings, faults = read_settings(written(tmp_path, text), {"TOKEN": "t0ken"})
    assert faults == ()
    assert settings is not None
    assert settings.data_folder == tmp_path / "data"
    assert settings.receiver.address == ReceiverAddress("0.0.0.0", 11113)
    assert settings.receiver.ae_title == "READER"
    assert settings.receiver.ae_titles == ("CT1", "CT2")
    assert settings.receiver.hosts == ("192.168.1.0/24",)
    assert settings.receiver.most_associations == 60
    assert settings.receiver.largest_object_bytes == 67_108_864
    assert (settings.receiver.timeouts.idle_s, settings.receiver.timeouts.connect_s) == (30.0, 10.0)
    assert settings.watch == WatchSettings(watched, 2.0)
    assert settings.analysis == AnalysisSettings(
        quiet_s=20.0, workers=2, operating_point="high_sensitivity", scheduler="tls://dask.example:8786"
    )
    assert settings.results.kinds == ("sr",)
    assert settings.results.send_to == ("pacs", "archive")
    assert settings.storage == StorageSettings(keep_free_mb=100, keep_days=1.5, keep_sent_days=30.0)
    assert settings.metrics.port == 9464
    assert [secret.reveal() for secret in settings.secrets.values()] == ["t0ken"]
    assert isinstance(settings.peers[1], WebServer)


def test_what_is_not_said_listens_on_the_loopback_and_sends_nothing(tmp_path):
    settings = load_settings(written(tmp_path, minimal(tmp_path)))
    assert settings.receiver.address.host == "127.0.0.1"
    assert settings.results.send_to == ()
    assert settings.metrics.port == 0
    assert settings.watch.folder is None


def test_every_fault_is_named_by_its_key_with_what_was_found(tmp_path):
    text = """
version = 2
data_folder = "data"
colour = "red"
[receiver]
port = 99999
ae_title = "a\\\\b"
most_associations = "many"
speed = 3
[watch]
folder = "/no/such/folder"
[analysis]
quiet_s = -1
workers = true
model = "/no/such/model"
[results]
kinds = ["sr", "tea"]
send_to = ["nobody"]
[storage]
keep_days = "a week"
[metrics]
port = -3
[[node]]
name = "pacs"
"""
    found = faults_of(tmp_path, text)
    expected = {
        "version: ": "Found: 2",
        "data_folder: ": "Found: data",
        "colour: ": "Found: red",
        "receiver.port: ": "Found: 99999",
        "receiver.ae_title: ": "Found: 'a\\\\b'",
        "receiver.most_associations: ": "Found: many",
        "receiver.speed: ": "Found: 3",
        "watch.folder: ": "Found: /no/such/folder",
        "analysis.quiet_s: ": "Found: -1.0",
        "analysis.workers: ": "Found: True",
        "analysis.model: ": "Found: /no/such/model",
        "results.kinds: ": "Found: tea",
        "results.send_to: ": "Found: 'nobody'",
        "storage.keep_days: ": "Found: a week",
        "metrics.port: ": "Found: -3",
        "node[1]: ": "Found: 'ae_title', 'host', and 'port'",
    }
    assert len(found) == len(expected)
    for key, end in expected.items():
        assert [line for line in found if line.startswith(key) and line.endswith(end)], (key, found)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[receiver]\nhost = "0.0.0.0"\n', "receiver.hosts"),
        ('[receiver]\nhost = "192.168.1.7"\n', "receiver.hosts"),
        ("[receiver]\nport = 9464\n[metrics]\nport = 9464\n", "metrics.port"),
        ('[receiver.tls]\ncertificate = "/no/cert.pem"\nkey = "/no/key.pem"\n', "receiver.tls"),
        ('[receiver.tls]\nauthorities = "/no/cert.pem"\n', "receiver.tls"),
        ("receiver = 3\n", "receiver"),
        ("node = 3\n", "node"),
        ('[analysis]\noperating_point = "tea time"\n', "analysis.operating_point"),
        *(
            (f'[analysis]\nscheduler = "{address}"\n', "analysis.scheduler")
            for address in ("10.0.0.1:8786", "tcp://10.0.0.1", "tcp://:8786", "http://x:1", "tcp://a:99999")
        ),
        *(
            (f'[analysis]\nscheduler = "{address}"\n', "analysis.scheduler")
            for address in (
                "tcp://a:1/path",
                "tcp://me:secret@a:1",
                "tcp://[::1:1",
                "tls://a:1 ",
                "tcp://a:0",
            )
        ),
        ("[analysis]\nscheduler = 8786\n", "analysis.scheduler"),
        ("[storage]\nkeep_sent_days = 0\n", "storage.keep_sent_days"),
        ("[analysis]\nquiet_s = inf\n", "analysis.quiet_s"),
        ("[analysis]\nquiet_s = nan\n", "analysis.quiet_s"),
        ("[results]\nkinds = []\n", "results.kinds"),
        ('[results]\nkinds = ["pdf"]\n', "results.kinds"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path, more, key):
    (found,) = faults_of(tmp_path, minimal(tmp_path, more))
    assert found.startswith(f"{key}: ")


def test_a_watched_folder_does_not_lie_in_the_data_folder_nor_around_it(tmp_path):
    (tmp_path / "data").mkdir()
    for folder in (tmp_path, tmp_path / "data"):
        (found,) = faults_of(tmp_path, minimal(tmp_path, f'[watch]\nfolder = "{folder}"\n'))
        assert found.startswith("watch.folder: ")


WEB = '[[web]]\nname = "w"\nurl = "https://x/y"\nauthorization = "bearer"\n'


def test_secrets_stand_in_variables_or_private_files_and_are_never_told(tmp_path):
    assert faults_of(tmp_path, minimal(tmp_path, WEB + 'secret_env = "T"\n'), T="hush") == []
    (missing,) = faults_of(tmp_path, minimal(tmp_path, WEB + 'secret_env = "T"\n'))
    assert missing.startswith("web[1].secret_env: ")
    (neither,) = faults_of(tmp_path, minimal(tmp_path, WEB))
    assert neither.startswith("web[1]: ")
    (odd,) = faults_of(tmp_path, minimal(tmp_path, WEB + 'secret_env = "T"\n'), T="hu\nsh")
    assert "sh" not in odd.partition("Found")[2] + odd.partition("a password")[0].replace("secret", "")
    (written_in,) = faults_of(tmp_path, minimal(tmp_path, WEB + 'token = "hush"\nsecret_env = "T"\n'), T="x")
    assert "hush" not in written_in


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_a_file_with_a_secret_that_others_may_read_is_refused(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("hush\n")
    secret.chmod(0o640)
    more = WEB + f'secret_file = "{secret}"\n'
    (found,) = faults_of(tmp_path, minimal(tmp_path, more))
    assert found.startswith("web[1].secret_file: ")
    assert "0600" in found
    secret.chmod(0o600)
    settings, _ = read_settings(written(tmp_path, minimal(tmp_path, more)), {})
    assert settings is not None
    assert [found.reveal() for found in settings.secrets.values()] == ["hush"]


@pytest.mark.parametrize("text", ["version = ", "\0", "a = 1\n" * 200_000])
def test_what_is_no_toml_or_too_large_is_said(tmp_path, text):
    with pytest.raises(SettingsError):
        read_settings(written(tmp_path, text))


def test_a_file_with_faults_is_refused_with_all_of_them(tmp_path):
    with pytest.raises(SettingsError, match=r"analysis\.tries.*metrics\.port"):
        load_settings(written(tmp_path, minimal(tmp_path, "[analysis]\ntries = 0\n[metrics]\nport = -1\n")))


@pytest.mark.parametrize(
    "make",
    [
        lambda: AnalysisSettings(quiet_s=0),
        lambda: AnalysisSettings(workers=65),
        lambda: AnalysisSettings(engine="steam"),
        lambda: WatchSettings(Path("here")),
        lambda: StorageSettings(keep_days=0),
        lambda: NodeSettings(Path("here")),
        lambda: NodeSettings(Path("/x"), ReceiverSettings(address=ReceiverAddress("10.0.0.1"))),
    ],
)
def test_settings_that_are_wrong_cannot_be_made(make):
    with pytest.raises(ValueError, match="Received: "):
        make()
