from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ichviewer.ui.session.ui_settings import UiSettings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "of ichviewer" / "settings.ini"


def settings_in(file: Path) -> UiSettings:
    return UiSettings(QSettings(str(file), QSettings.Format.IniFormat))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "Doe^Jane"
    folder.mkdir()
    return folder


def test_what_was_opened_is_remembered_at_first(file: Path, study: Path) -> None:
    settings = settings_in(file)
    assert settings.remember_recent
    assert settings.last_export_folder is None
    settings.add_recent([study])
    settings.last_folder = study
    settings.last_export_folder = study
    settings.save()
    again = settings_in(file)
    assert (again.recent, again.last_folder, again.last_export_folder) == ([study], study, study)


def test_switched_off_nothing_is_remembered_and_what_was_is_forgotten(file: Path, study: Path) -> None:
    settings = settings_in(file)
    settings.add_recent([study])
    settings.last_folder = study
    settings.last_export_folder = study
    settings.save()
    assert b"Doe" in file.read_bytes()
    settings.remember_recent = False
    # Written at once: a crash afterwards must not bring it back.
    assert b"Doe" not in file.read_bytes()
    settings.add_recent([study])
    settings.last_folder = study
    settings.last_export_folder = study
    settings.save()
    assert b"Doe" not in file.read_bytes()
    again = settings_in(file)
    assert not again.remember_recent
    assert (again.recent, again.last_export_folder) == ([], None)
    assert again.last_folder == Path.home()
    again.remember_recent = True
    again.add_recent([study])
    assert again.recent == [study]


def test_an_export_folder_that_is_gone_is_not_there(file: Path, study: Path) -> None:
    settings = settings_in(file)
    settings.last_export_folder = study
    study.rmdir()
    assert settings.last_export_folder is None


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_only_the_user_may_read_the_file(file: Path, study: Path) -> None:
    mask = os.umask(0o022)
    try:
        settings = settings_in(file)
        settings.add_recent([study])
        # As when Qt writes by itself, without our save.
        settings._store.sync()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
        settings_in(file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        settings.add_recent([study.parent])
        settings.save()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        os.umask(mask)


def test_a_file_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = settings_in(tmp_path / "file" / "settings.ini")
    settings.save()
    assert settings.remember_recent
