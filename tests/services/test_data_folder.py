from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ichviewer.errors import SettingsError
from ichviewer.services.data_folder import check_data_folder, default_data_folder


def test_a_folder_may_be_missing_and_is_not_made(tmp_path: Path) -> None:
    check_data_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below"):
        with pytest.raises(SettingsError, match=r"file.*: this is a file|nothing can be stored"):
            check_data_folder(path)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="rights of POSIX; root may write anywhere"
)
def test_a_folder_without_the_right_to_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(SettingsError, match="nothing can be stored in this folder"):
            check_data_folder(tmp_path / "new")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("text", ["relative/folder", "/tmp/\0", "/tmp/" + "x" * 300])
def test_an_impossible_path_is_told_as_an_error_of_settings(text: str) -> None:
    with pytest.raises(SettingsError):
        check_data_folder(Path(text))


def test_the_default_lies_in_the_users_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        assert default_data_folder() == tmp_path / "ichviewer"
    assert default_data_folder().is_absolute()
