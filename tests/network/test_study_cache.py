from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from ichviewer.errors import ExportError, SettingsError
from ichviewer.network.source import ReceivedObject
from ichviewer.network.study_cache import Cleared, StudyCache
from ichviewer.progress import Cancelled, CancelToken, silent

MIB = 1024**2
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights and signals of POSIX")


def received(number: int, n_bytes: int = 1000, fill: bytes = b"\1") -> ReceivedObject:
    data = b"\0" * 128 + b"DICM" + fill * (n_bytes - 132)
    return ReceivedObject("1.2.840.10008.5.1.4.1.1.2", f"1.2.{number}", "1.2.840.10008.1.2.1", data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_what_was_stored_is_there_the_next_time(folder):
    with StudyCache(folder) as cache:
        with cache.open("pacs", "1.2.3") as study:
            assert not study.has("1.2.1")
            study(received(1))
            study(received(2))
            study.mark_complete()
        with cache.open("pacs", "1.2.3") as study:
            assert study.has("1.2.1") and study.has("1.2.2") and not study.has("1.2.9")
            assert [path.read_bytes() for path in study.paths()].count(received(1).data) == 2
            assert study.complete
            assert study.n_damaged == 0
        (kept,) = cache.studies()
    assert (kept.source, kept.study_uid, kept.n_objects, kept.n_bytes) == ("pacs", "1.2.3", 2, 2000)
    assert kept.complete and not kept.in_use


def test_one_study_of_two_sources_is_two(folder):
    with StudyCache(folder) as cache:
        with cache.open("a", "1.2.3") as study:
            study(received(1))
        with cache.open("b", "1.2.3") as study:
            assert not study.has("1.2.1")


def test_a_damaged_file_is_not_used_is_counted_and_can_be_fetched_again(folder):
    with StudyCache(folder) as cache:
        with cache.open("pacs", "1.2.3") as study:
            study(received(1))
            study(received(2))
            study.mark_complete()
            path = study.path_of("1.2.1")
        path.write_bytes(path.read_bytes()[:-1] + b"\2")
        with cache.open("pacs", "1.2.3") as study:
            assert len(study.paths()) == 1
            assert not study.has("1.2.1")
            assert study.n_damaged == 1
            assert not study.complete
            study(received(1))
            assert study.has("1.2.1")
            assert study.complete
        with cache.open("pacs", "1.2.3") as study:
            assert len(study.paths()) == 2
            assert study.n_damaged == 0


@pytest.mark.parametrize("damage", ["empty", "longer", "gone"])
def test_other_damage_is_noticed_by_asking_for_the_object(folder, damage):
    with StudyCache(folder) as cache:
        with cache.open("pacs", "1.2.3") as study:
            study(received(1))
            path = study.path_of("1.2.1")
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"" if damage == "empty" else path.read_bytes() + b"\0")
        with cache.open("pacs", "1.2.3") as study:
            assert not study.has("1.2.1")


def test_an_object_that_the_source_changed_replaces_the_old_one(folder):
    with StudyCache(folder) as cache, cache.open("pacs", "1.2.3") as study:
        study(received(1, fill=b"\1"))
        study(received(1, fill=b"\2"))
        (path,) = study.paths()
        assert path.read_bytes() == received(1, fill=b"\2").data
        assert len(list(study.objects_folder.iterdir())) == 1


def test_what_was_not_used_for_the_longest_time_goes_first_and_what_is_open_never(folder):
    with StudyCache(folder, limit_bytes=4 * MIB) as cache:
        for number in range(3):
            with cache.open("pacs", f"1.{number}") as study:
                study(received(number, MIB))
            os.utime(next(p for p in folder.iterdir() if _holds(p, number)) / "study.json", (number, number))
        # The oldest is in use: by itself it would go first.
        with cache.open("pacs", "1.0"), cache.open("pacs", "1.9") as study:
            study(received(7, MIB))
            study(received(8, MIB))
            assert study.has("1.2.7") and study.has("1.2.8")
            left = {kept.study_uid for kept in cache.studies()}
        # 3 MB and 2 MB are one too many; room is made down to nine tenths of the limit, 3.6 MB: two go.
        assert left == {"1.0", "1.9"}
        assert sum(kept.n_bytes for kept in cache.studies()) <= 4 * MIB


def _holds(study: Path, number: int) -> bool:
    return study.is_dir() and f'"1.{number}"' in (study / "study.json").read_text()


def test_a_cache_full_of_open_studies_says_so_and_keeps_them(folder):
    with StudyCache(folder, limit_bytes=2 * MIB) as cache, cache.open("pacs", "1") as study:
        study(received(1, MIB))
        with pytest.raises(ExportError, match=r"full of studies that are open.*2 MB"):
            study(received(2, MIB + 1))
        assert study.has("1.2.1")
        assert not study.has("1.2.2")
        study(received(3, MIB // 2))


def test_clearing_removes_everything_but_what_is_open_and_says_so(folder):
    with StudyCache(folder) as cache:
        for number in range(3):
            with cache.open("pacs", f"1.{number}") as study:
                study(received(number))
        with cache.open("pacs", "1.1") as study:
            assert cache.clear() == Cleared(n_removed=2, n_in_use=1)
            assert study.has("1.2.1")
        assert cache.clear() == Cleared(1, 0)
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_at_exit_it_is_cleared_only_if_that_was_wished_for(folder):
    for wished in (False, True):
        with StudyCache(folder, clear_at_exit=wished) as cache, cache.open("pacs", "1") as study:
            study(received(1))
        with StudyCache(folder) as cache:
            assert len(cache.studies()) == (0 if wished else 1)


@POSIX
def test_only_the_user_may_read_it_whatever_the_umask(folder):
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        with StudyCache(folder) as cache, cache.open("pacs", "1") as study:
            study(received(1))
            study.mark_complete()
            found = [folder, *folder.rglob("*")]
            rights = {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()}
            assert rights == {0o700}
            assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    finally:
        os.umask(before)


@POSIX
def test_a_link_or_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").touch()
    for name in ("link", "file"):
        with pytest.raises(SettingsError):
            StudyCache(tmp_path / name)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_checking_a_study_can_be_cancelled_and_shows_how_far_it_is(folder):
    with StudyCache(folder) as cache:
        with cache.open("pacs", "1") as study:
            for number in range(3):
                study(received(number))
        seen: list[tuple[int, int]] = []
        with cache.open("pacs", "1") as study:
            study.paths(lambda done, total, what: seen.append((done, total)))
            assert seen == [(0, 3), (1, 3), (2, 3)]
        cancel = CancelToken()
        cancel.cancel()
        with cache.open("pacs", "1") as study, pytest.raises(Cancelled):
            study.paths(silent, cancel)


def test_many_threads_may_store_at_one_time(folder):
    with StudyCache(folder, limit_bytes=2 * MIB) as cache, cache.open("pacs", "1") as study:
        threads = [
            threading.Thread(target=lambda first=first: [study(received(first * 50 + n)) for n in range(50)])
            for first in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(study.paths()) == 200


@POSIX
def test_a_disk_that_takes_no_more_leaves_what_was_there_and_nothing_half(folder):
    import resource

    with StudyCache(folder) as cache, cache.open("pacs", "1") as study:
        study(received(1))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        try:
            with pytest.raises(ExportError, match="what arrives cannot be stored"):
                study(received(2, 20_000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert study.has("1.2.1") and not study.has("1.2.2")
        assert [path.name for path in (study.objects_folder.parent / "part").iterdir()] == []
        study(received(2, 20_000))
        assert study.has("1.2.2")


STORING = """
    import sys, itertools
    from pathlib import Path
    from ichviewer.network.source import ReceivedObject
    from ichviewer.network.study_cache import StudyCache
    cache = StudyCache(Path(sys.argv[1]), limit_bytes=8 * 1024**2)
    print("ready", flush=True)
    for number in itertools.count():
        with cache.open("pacs", f"1.{number % 7}") as study:
            for part in range(5):
                sop = f"1.2.{number}.{part}"
                data = b"\\0" * 128 + b"DICM" + sop.encode() * 9000
                study(ReceivedObject("1.2.840.10008.5.1.4.1.1.2", sop, "1.2.840.10008.1.2.1", data))
            study.mark_complete()
            for path in study.paths():
                path.read_bytes()
"""


def storing(folder: Path) -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(STORING), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None and program.stdout.readline() == "ready\n"
    return program


@POSIX
def test_programs_that_are_killed_while_others_go_on_leave_it_readable(folder):
    other = storing(folder)
    for wait_s in (0.05, 0.2, 0.31, 0.43):
        program = storing(folder)
        threading.Event().wait(wait_s)
        program.send_signal(signal.SIGKILL)
        program.communicate()
        # The cache is readable at once, beside the other program, and nothing of it is damaged.
        with StudyCache(folder, limit_bytes=8 * MIB) as cache:
            for kept in cache.studies():
                with cache.open(kept.source, kept.study_uid) as study:
                    study.paths()
                    assert study.n_damaged == 0
    assert other.poll() is None, other.communicate()[1]
    other.send_signal(signal.SIGKILL)
    other.communicate()
    with StudyCache(folder, limit_bytes=8 * MIB) as cache:
        assert sum(kept.n_bytes for kept in cache.studies()) <= 9 * MIB
        assert cache.clear().n_in_use == 0, "nobody lives who has one open"
    assert [path.name for path in folder.iterdir()] == [".lock"]
