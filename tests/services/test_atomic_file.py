from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from ichviewer.errors import ExportError
from ichviewer.services import atomic_file
from ichviewer.services.atomic_file import write_atomically


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "a.csv"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_whole(tmp_path, monkeypatch, call):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "fsync":
        monkeypatch.setattr(atomic_file.os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ExportError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


def test_an_interrupt_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic_file.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.csv", b"new")
    assert names(tmp_path) == []


def test_no_folder(tmp_path):
    with pytest.raises(ExportError, match="cannot be written"):
        write_atomically(tmp_path / "nowhere" / "a.csv", b"x")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ExportError, match="this is a folder"):
        write_atomically(tmp_path, b"x")


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links of POSIX")
def test_rights_and_links_are_kept(tmp_path):
    target, link = tmp_path / "a.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    mask = os.umask(0o022)
    try:
        write_atomically(tmp_path / "b.csv", b"x")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "b.csv").stat().st_mode) == 0o644


@pytest.mark.skipif(sys.platform == "win32", reason="devices of POSIX")
def test_a_device_is_written_to(tmp_path):
    write_atomically(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
