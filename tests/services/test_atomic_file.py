from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ichviewer.errors import ExportError
from ichviewer.services import atomic_file
from ichviewer.services.atomic_file import write_all_atomically, write_atomically


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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("first", [True, False])
def test_a_full_device_takes_the_other_file_with_it(tmp_path, first):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    files = [(path, b"new"), (Path("/dev/full"), b"x")]
    with pytest.raises(ExportError, match=r"/dev/full.*No space left"):
        write_all_atomically(files if first else files[::-1])
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_pipes_and_names_of_open_files_are_written_to(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(tmp_path / "pipe", b"one")
    assert os.read(reader, 9) == b"one"
    os.close(reader)
    with (tmp_path / "file").open("wb") as file:
        file.write(b"begun ")
        file.flush()
        write_atomically(Path(f"/dev/fd/{file.fileno()}"), b"and done")
    assert (tmp_path / "file").read_bytes() == b"begun and done"
    assert names(tmp_path) == ["file", "pipe"]


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), KeyboardInterrupt()])
def test_files_that_belong_together_are_all_new_or_all_old(tmp_path, monkeypatch, failing, old, error):
    paths = [tmp_path / name for name in ("a.csv", "b.json", "c.png")]
    for path in paths if old else ():
        path.write_bytes(b"old")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    real, count = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == failing:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises((ExportError, KeyboardInterrupt)):
        write_all_atomically([(path, b"new") for path in paths])
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    write_all_atomically([(path, b"new") for path in paths])
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {p.name: b"new" for p in paths}


def test_without_hard_links_the_old_files_come_back_too(tmp_path, monkeypatch):
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    test_files_that_belong_together_are_all_new_or_all_old(
        tmp_path, monkeypatch, 2, True, OSError(errno.EIO, "broken")
    )


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_real_limit_of_size_leaves_the_old_pair(tmp_path):
    """The system itself refuses to write more, in the second file."""
    for name in ("a.csv", "b.json"):
        (tmp_path / name).write_bytes(b"old")
    code = (
        "import resource, signal\nfrom pathlib import Path\n"
        "from ichviewer.errors import ExportError\n"
        "from ichviewer.services.atomic_file import write_all_atomically\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "try:\n    write_all_atomically([(folder / 'a.csv', b'x'), (folder / 'b.json', bytes(5000))])\n"
        "except ExportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True)
    assert "b.json: the file cannot be written. Found: File too large" in done.stdout
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.csv": b"old", "b.json": b"old"}
