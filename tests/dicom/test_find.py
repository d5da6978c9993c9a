from __future__ import annotations

import os
import warnings
import zipfile
from pathlib import Path

import pytest
from dicom_factory import make_slice, to_bytes, write_series, write_zip

from ichviewer.dicom.find import HEAD_BYTES, FileFinder, Kind, sniff
from ichviewer.dicom.source import open_source
from ichviewer.domain.problems import ProblemCode


def found(finder: FileFinder) -> list[str]:
    """Names of all files handed out, archives opened on the way."""
    names = []
    for candidate in finder:
        with candidate.open() as stream:
            kind = sniff(stream.read(HEAD_BYTES), candidate.size)
        if kind is Kind.ZIP:
            finder.add_archive(candidate)
        else:
            names.append(candidate.source.member or candidate.source.path.name)
    return names


def codes(finder: FileFinder) -> list[tuple[ProblemCode, str]]:
    return [(p.code, p.found) for p in finder.problems]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_kinds_of_files() -> None:
    whole = to_bytes(make_slice())
    bare = whole[132:]
    without_meta = whole[whole.index(b"\x08\x00\x05\x00CS") :]
    assert sniff(whole[:HEAD_BYTES], len(whole)) is Kind.DICOM
    assert sniff(bare[:HEAD_BYTES], len(bare)) is Kind.MAYBE_DICOM
    assert sniff(without_meta[:HEAD_BYTES], len(without_meta)) is Kind.MAYBE_DICOM
    assert sniff(b"PK\x03\x04" + bytes(99), 10_000) is Kind.ZIP
    assert sniff(b"", 0) is Kind.OTHER
    assert sniff(b"\x08\x00", 2) is Kind.OTHER
    assert sniff(b"\x89PNG\r\n\x1a\n" + bytes(200), 10_000) is Kind.OTHER
    assert sniff(bytes(HEAD_BYTES), 10_000) is Kind.OTHER


def test_folders_at_any_depth_in_natural_order_files_first(tmp_path: Path) -> None:
    touch(tmp_path, "b/IM10", "b/IM9", "b/deep/er/x", "a2", "a10", "c/y")
    finder = FileFinder([tmp_path])
    assert found(finder) == ["a2", "a10", "IM9", "IM10", "x", "y"]
    assert finder.handed_out == 6


def test_several_paths_keep_their_order_and_every_file_counts_once(tmp_path: Path) -> None:
    touch(tmp_path, "z/1", "a/1b", "a/2")
    paths = [tmp_path / "z" / "1", tmp_path / "a" / "2", tmp_path, tmp_path / "a"]
    assert found(FileFinder(paths)) == ["1", "2", "1b"]


def test_the_total_is_known_once_all_folders_are(tmp_path: Path) -> None:
    touch(tmp_path, "1", "2", "sub/3")
    finder = FileFinder([tmp_path])
    assert [finder.total for _ in finder] == [0, 0, 3]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    touch(tmp_path, "a/1")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "same").symlink_to(tmp_path / "a" / "1")
    finder = FileFinder([tmp_path])
    assert len(found(finder)) == 1
    assert finder.problems == []


def test_a_link_to_nowhere_and_a_path_that_is_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "dead").symlink_to(tmp_path / "gone")
    finder = FileFinder([tmp_path, tmp_path / "never"])
    assert found(finder) == []
    assert codes(finder) == [(ProblemCode.UNREADABLE_FILE, "No such file or directory")] * 2
    assert [p.where for p in finder.problems] == [str(tmp_path / "dead"), str(tmp_path / "never")]


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "1", "secret/2")
    real = os.scandir

    def scandir(path: Path) -> os._ScandirIterator[str]:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    finder = FileFinder([tmp_path])
    assert found(finder) == ["1"]
    assert codes(finder) == [(ProblemCode.UNREADABLE_FILE, "Permission denied")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    finder = FileFinder([tmp_path])
    assert found(finder) == []
    assert codes(finder) == [(ProblemCode.NOT_DICOM, "not a regular file")]


def test_an_archive_is_looked_into(tmp_path: Path) -> None:
    files = write_series(tmp_path / "in" / "deep", n=11, name="IM{}")
    archive = write_zip(tmp_path / "study.zip", files, tmp_path)
    assert found(FileFinder([archive])) == [f"in/deep/IM{i}" for i in range(11)]


def test_an_archive_inside_an_archive_is_named(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", write_series(tmp_path / "a", n=1), tmp_path)
    outer = write_zip(tmp_path / "outer.zip", [inner], tmp_path)
    finder = FileFinder([outer])
    assert found(finder) == []
    assert codes(finder) == [(ProblemCode.BROKEN_ARCHIVE, "an archive inside an archive is not opened")]


def test_a_broken_archive_is_named(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", write_series(tmp_path / "a", n=3), tmp_path)
    archive.write_bytes(archive.read_bytes()[:200])
    finder = FileFinder([archive])
    assert found(finder) == []
    assert codes(finder) == [(ProblemCode.BROKEN_ARCHIVE, "BadZipFile: File is not a zip file")]


def encrypt(archive: Path) -> None:
    """Set the flag "encrypted" of every member, in the local headers and in the directory."""
    data = bytearray(archive.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    archive.write_bytes(bytes(data))


def test_an_encrypted_archive_is_named(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", write_series(tmp_path / "a", n=3), tmp_path)
    encrypt(archive)
    with zipfile.ZipFile(archive) as opened:
        assert all(info.flag_bits & 1 for info in opened.infolist())
    finder = FileFinder([archive])
    assert found(finder) == []
    assert codes(finder) == [(ProblemCode.BROKEN_ARCHIVE, "the file is encrypted")] * 3
    assert [p.where for p in finder.problems] == [f"{archive}!a/IM000{i}" for i in range(3)]


def test_an_empty_archive_is_named(tmp_path: Path) -> None:
    finder = FileFinder([write_zip(tmp_path / "a.zip", [], tmp_path)])
    assert found(finder) == []
    assert codes(finder) == [(ProblemCode.NOT_DICOM, "an archive without files")]


@pytest.mark.parametrize("content", [b"", b"x"])
def test_a_member_without_a_name_is_named(tmp_path: Path, content: bytes) -> None:
    member = zipfile.ZipInfo("a")
    member.filename = ""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member, content)
        archive.writestr("b", b"b")
    finder = FileFinder([tmp_path / "a.zip"])
    assert found(finder) == ["b"]
    assert codes(finder) == [(ProblemCode.BROKEN_ARCHIVE, "a member without a name")]


def test_closing_early_closes_archives(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "a.zip", write_series(tmp_path / "a", n=3), tmp_path)
    finder = FileFinder([archive])
    for candidate in finder:
        if candidate.archive is None:
            finder.add_archive(candidate)
        else:
            break
    assert candidate.archive is not None
    finder.close()
    assert candidate.archive.fp is None


def outside(finder: FileFinder) -> list[str]:
    return [p.where for p in finder.problems if p.code is ProblemCode.OUTSIDE_FOLDER]


def test_links_that_lead_out_are_named_and_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "open/1", "elsewhere/2", "elsewhere/deep/3", "open-2/4")
    opened = tmp_path / "open"
    (opened / "file").symlink_to(tmp_path / "elsewhere" / "2")
    (opened / "folder").symlink_to(tmp_path / "elsewhere")
    (opened / "beside").symlink_to(tmp_path / "open-2")
    (opened / "dead").symlink_to(tmp_path / "gone")
    (opened / "inside").symlink_to(opened / "1")
    finder = FileFinder([opened])
    assert found(finder) == ["1"]
    assert sorted(outside(finder)) == [str(opened / name) for name in ("beside", "dead", "file", "folder")]
    assert {p.found for p in finder.problems} == {
        f"a link to {tmp_path / name}" for name in ("elsewhere/2", "elsewhere", "open-2", "gone")
    }


def test_a_link_is_followed_where_it_was_given_or_leads_into_what_was(tmp_path: Path) -> None:
    touch(tmp_path, "a/1", "b/2")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "other").symlink_to(tmp_path / "b")
    finder = FileFinder([tmp_path / "link"])
    assert found(finder) == ["1"]
    assert outside(finder) == [str(tmp_path / "link" / "other")]
    finder = FileFinder([tmp_path / "link", tmp_path / "b"])
    assert sorted(found(finder)) == ["1", "2"]
    assert finder.problems == []


def test_every_name_of_a_file_with_several_is_a_file(tmp_path: Path) -> None:
    touch(tmp_path, "1")
    (tmp_path / "2").hardlink_to(tmp_path / "1")
    assert found(FileFinder([tmp_path, tmp_path / "1"])) == ["1", "2"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "x/" * 3000])
def test_paths_that_no_system_can_have_are_named(tmp_path: Path, name: str) -> None:
    finder = FileFinder([tmp_path / name])
    assert found(finder) == []
    assert [p.code for p in finder.problems] == [ProblemCode.UNREADABLE_FILE]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode on Windows")
def test_names_in_no_encoding_are_read(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/IM\xff\xfe1")).write_bytes(b"x")
    assert found(FileFinder([tmp_path])) == [os.fsdecode(b"IM\xff\xfe1")]


def test_members_of_one_name_are_all_read_in_their_order(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(3):
            opened.writestr("same", f"{i}")
        opened.writestr("other", "x")
    contents = {}
    finder = FileFinder([archive])
    for candidate in finder:
        if candidate.archive is None:
            finder.add_archive(candidate)
            continue
        with candidate.open() as stream:
            contents[str(candidate.source)] = stream.read()
        # It is found again by its name alone.
        with open_source(candidate.source) as stream:
            assert stream.read() == contents[str(candidate.source)]
    assert contents == {
        f"{archive}!other": b"x",
        f"{archive}!same": b"0",
        f"{archive}!same (copy 2)": b"1",
        f"{archive}!same (copy 3)": b"2",
    }


def test_names_of_members_are_for_display_only(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("../up", "/etc/passwd", "C:\\x", "a//b", "./c", "folder/"):
            opened.writestr(name, "" if name.endswith("/") else "x")
    assert sorted(found(FileFinder([archive]))) == sorted(["../up", "/etc/passwd", "C:\\x", "a//b", "./c"])
