from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ichviewer.errors import SettingsError
from ichviewer.services import deidentify_key
from ichviewer.services.deidentify_key import load_key

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX mean nothing on Windows")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(deidentify_key, "default_data_folder", lambda: tmp_path / "data")
    return tmp_path / "data"


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_key_is_made_once_for_the_user_only(home):
    key, path = load_key()
    again, _ = load_key()
    assert path == home / "deidentification.key"
    assert key.uid("1.2.3") == again.uid("1.2.3")
    assert [each.name for each in home.iterdir()] == ["deidentification.key"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_all_who_make_a_key_at_the_same_time_get_the_same(home):
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_key()[0], range(8)))
    assert len({key.uid("1.2.3") for key in keys}) == 1
    assert [each.name for each in home.iterdir()] == ["deidentification.key"]


def test_a_key_of_ones_own_is_read(tmp_path):
    key, _ = load_key(write(tmp_path / "k", "00" * 31 + "01\n"))
    assert key.pseudonym("x").startswith("P")


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_key_that_others_may_read_is_refused(tmp_path, mode):
    with pytest.raises(SettingsError, match="chmod 600"):
        load_key(write(tmp_path / "k", "0f" * 31 + "01", mode))


@pytest.mark.parametrize("text", ["", "0f" * 16, "0f" * 33, "not a key " * 8, "00" * 32, "f0f0" * 1000])
def test_what_is_no_key_is_refused_and_not_quoted(tmp_path, text):
    with pytest.raises(SettingsError) as told:
        load_key(write(tmp_path / "k", text))
    assert "0f0f" not in str(told.value)
    assert "not a key" not in str(told.value)


def test_a_key_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load_key(tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_folder_or_a_pipe_is_no_key(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(SettingsError):
            load_key(path)
