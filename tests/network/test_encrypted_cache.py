from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from cached_objects import KEPT, MIB, Machine, received
from keyring.errors import KeyringLocked
from memory_keyring import MemoryKeyring

from ichviewer.errors import ExportError
from ichviewer.network import open_copies
from ichviewer.network.cache_key import NAME, KeyState
from ichviewer.network.study_cache import Cleared

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights and limits of POSIX")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="folders in memory of Linux")
LARGE = 2 * MIB + 17


@pytest.fixture(params=["memory", "disk"])
def machine(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Machine:
    # Where the tests run, the system's own folder in memory is left alone.
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    return Machine(tmp_path, in_memory=request.param == "memory")


def stored(machine: Machine, *numbers: int, study: str = "1", n_bytes: int = 1000) -> None:
    with machine.program().open("pacs", study) as opened:
        for number in numbers:
            opened(received(number, n_bytes))
        opened.mark_complete()


def test_a_study_is_encrypted_unless_it_is_open(machine):
    with machine.program() as cache:
        with cache.open("pacs", "1") as study:
            assert study.encrypted
            study(received(1, LARGE))
            study(received(2))
            study.mark_complete()
            assert {path.read_bytes() for path in study.checked} == {
                received(1, LARGE).data,
                received(2).data,
            }
            assert {path.parent for path in study.checked} == {study.objects_folder}
            assert sorted(machine.readable()) == sorted(study.checked)
            assert (machine.memory is None) is study.objects_folder.is_relative_to(machine.cache_folder)
        assert machine.readable() == []
        assert cache.state is KeyState.ENCRYPTED
        (kept,) = cache.studies()
    assert (kept.n_objects, kept.complete, kept.in_use) == (2, True, False)
    assert (kept.n_plain, kept.n_unreadable) == (0, 0)
    # A head of 40 bytes, and 16 for each MiB begun.
    assert kept.n_bytes == LARGE + 40 + 3 * 16 + 1000 + 40 + 16
    assert sum(path.stat().st_size for path in machine.sealed()) == kept.n_bytes


def test_the_next_program_reads_it_with_the_key_of_the_keyring(machine):
    stored(machine, 1, 2, n_bytes=LARGE)
    with machine.program().open("pacs", "1") as study:
        assert study.complete and not study.has("1.2.9")
        assert study.path_of("1.2.1").read_bytes() == received(1, LARGE).data
        assert len(study.paths()) == 2 and study.n_damaged == 0
    assert machine.readable() == []


@POSIX
def test_only_the_user_may_read_what_is_open_whatever_the_umask(machine):
    before = os.umask(0)
    try:
        with machine.program().open("pacs", "1") as study:
            study(received(1))
            places = [
                machine.cache_folder,
                *([machine.memory, machine.memory.parent] if machine.memory else []),
            ]
            found = [*places, *(path for place in places for path in place.rglob("*"))]
            assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()} == {0o700}
            assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    finally:
        os.umask(before)


@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "empty", "gone"])
def test_a_damaged_file_is_refused_counted_and_fetched_again(machine, damage):
    stored(machine, 1)
    (path,) = machine.sealed()
    whole = path.read_bytes()
    changed = {
        "flip": whole[:500] + bytes([whole[500] ^ 1]) + whole[501:],
        "cut": whole[:-1],
        "longer": whole + b"\0",
        "empty": b"",
    }
    path.unlink() if damage == "gone" else path.write_bytes(changed[damage])
    with machine.program().open("pacs", "1") as study:
        assert not study.has("1.2.1")
        assert study.n_damaged == (0 if damage == "gone" else 1)
        assert study.n_unreadable == 0 and machine.readable() == []
        study(received(1))
        assert study.has("1.2.1")
    with machine.program().open("pacs", "1") as study:
        assert len(study.paths()) == 1 and study.n_damaged == 0


def test_files_that_changed_places_are_refused(machine):
    stored(machine, 1, 2)
    one, other = machine.sealed()
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    with machine.program().open("pacs", "1") as study:
        assert not study.has("1.2.1") and not study.has("1.2.2")
        assert study.n_damaged == 2


def test_a_file_of_another_study_is_refused_though_it_holds_the_same_object(machine):
    stored(machine, 1, study="1")
    (one,) = machine.sealed()
    stored(machine, 1, study="2")
    (other,) = set(machine.sealed()) - {one}
    assert one.name == other.name
    shutil.copy(one, other)
    with machine.program().open("pacs", "2") as study:
        assert not study.has("1.2.1") and study.n_damaged == 1


@pytest.mark.parametrize("how", ["lost", "of another user", "locked", "gone"])
def test_without_its_key_a_study_counts_as_not_there_and_is_fetched_again(machine, how):
    stored(machine, 1, 2)
    if how == "lost":
        machine.keyring.kept.clear()
    elif how == "of another user":
        machine.keyring = MemoryKeyring()
        machine.keyring.kept["ichviewer", NAME] = "ab" * 32
    elif how == "locked":
        machine.keyring.error = KeyringLocked()
    else:
        machine.keyring = object()
    with machine.program() as cache, cache.open("pacs", "1") as study:
        assert not study.has("1.2.1") and study.paths() == ()
        assert (study.n_unreadable, study.n_damaged) == (2, 0)
        (kept,) = cache.studies()
        assert (kept.n_unreadable, kept.n_objects) == (2, 2)
        assert len(machine.sealed()) == 2, "it may be found again"
        study(received(1))
        study(received(2))
        assert len(study.paths()) == 2
        study.mark_complete()
    with machine.program() as cache:
        with cache.open("pacs", "1") as study:
            assert len(study.paths()) == 2 and study.n_unreadable == 0
        (kept,) = cache.studies()
        assert (kept.n_objects, kept.n_unreadable, kept.complete) == (2, 0, True)
        encrypted = how in ("lost", "of another user")
        assert kept.n_plain == (0 if encrypted else 2)
        assert len(machine.readable()) == (0 if encrypted else 2)
        assert cache.clear() == Cleared(1, 0)
    assert machine.readable() == [] and machine.sealed() == []


def test_a_key_that_is_lost_is_no_obstacle_to_clearing(machine):
    stored(machine, 1)
    machine.keyring.kept.clear()
    assert machine.program().clear() == Cleared(1, 0)
    assert machine.sealed() == []


def test_a_study_that_was_fetched_while_the_keyring_was_locked_is_encrypted_with_its_next_opening(machine):
    machine.keyring.error = KeyringLocked()
    with machine.program() as cache:
        with cache.open("pacs", "1") as study:
            assert not study.encrypted and study.key_state is KeyState.REFUSED
            study(received(1))
            assert study.objects_folder.is_relative_to(machine.cache_folder)
        assert cache.state is KeyState.REFUSED
    assert len(machine.readable()) == 1 and machine.sealed() == []
    machine.keyring.error = None
    with machine.program().open("pacs", "1") as study:
        assert study.has("1.2.1")
    assert machine.readable() == [] and len(machine.sealed()) == 1
    with machine.program().open("pacs", "1") as study:
        assert study.path_of("1.2.1").read_bytes() == received(1).data


def test_a_keyring_that_does_not_answer_keeps_nobody_from_fetching(machine):
    machine.keyring.answers.clear()
    cache = machine.program(patience_s=0.1)
    with cache.open("pacs", "1") as study:
        assert study.key_state is KeyState.LATE
        study(received(1))
        # What comes late is used for what is opened later.
        machine.keyring.answers.set()
        with cache.open("pacs", "2") as second:
            second(received(2))
            assert len(study.paths()) == 1
    until = threading.Event()
    for _ in range(500):
        if cache.state is KeyState.ENCRYPTED:
            break
        until.wait(0.01)
    with cache.open("pacs", "1") as study:
        assert study.encrypted and study.has("1.2.1")


def test_a_cache_from_before_is_used_and_encrypted_when_it_is_put_away(machine):
    with machine.before_encryption() as cache:
        for uid in ("1", "2"):
            with cache.open("pacs", uid) as study:
                study(received(1, LARGE))
                study(received(2))
                study.mark_complete()
    assert len(machine.readable()) == 4
    with machine.program() as cache:
        assert sorted(kept.n_plain for kept in cache.studies()) == [2, 2]
        with cache.open("pacs", "1") as study:
            assert study.complete and len(study.paths()) == 2
            assert study.path_of("1.2.1").read_bytes() == received(1, LARGE).data
        # The one that was not opened is left, and said.
        assert {kept.study_uid: kept.n_plain for kept in cache.studies()} == {"1": 0, "2": 2}
        assert len(machine.readable()) == 2
        with cache.open("pacs", "1") as study:
            assert study.path_of("1.2.1").read_bytes() == received(1, LARGE).data
            assert len(study.paths()) == 2 and study.complete


def test_a_damaged_file_from_before_is_not_encrypted_but_refused(machine):
    with machine.before_encryption() as cache, cache.open("pacs", "1") as study:
        study(received(1))
        path = study.path_of("1.2.1")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with machine.program().open("pacs", "1") as study:
        assert not study.has("1.2.1") and study.n_damaged == 1
    assert machine.sealed() == [] and machine.readable() == []


def test_two_windows_share_a_study_and_the_last_one_puts_it_away(machine):
    stored(machine, 1)
    first = machine.program().open("pacs", "1")
    second = machine.program().open("pacs", "1")
    assert first.path_of("1.2.1") == second.path_of("1.2.1")
    first(received(2))
    assert second.objects_folder == first.objects_folder
    first.close()
    first.close()
    assert second.path_of("1.2.1").read_bytes() == received(1).data
    assert len(second.paths()) == 2
    # A third one starts meanwhile, and clears what is left over.
    assert machine.program().clear() == Cleared(0, 1)
    assert len(second.paths()) == 2
    second.close()
    assert machine.readable() == []


def test_two_windows_of_which_one_has_no_key_read_the_same_files(machine):
    stored(machine, 1)
    with machine.program().open("pacs", "1") as with_key:
        assert with_key.has("1.2.1")
        machine.keyring.error = KeyringLocked()
        with machine.program().open("pacs", "1") as without:
            machine.keyring.error = None
            assert without.path_of("1.2.1") == with_key.path_of("1.2.1")
            without(received(2))
            assert with_key.paths() == without.paths()
    # The one with the key encrypted what came without.
    assert machine.readable() == [] and len(machine.sealed()) == 2
    with machine.program().open("pacs", "1") as study:
        assert len(study.paths()) == 2
    assert machine.readable() == []


def test_a_window_that_opened_a_study_without_a_key_keeps_its_files_when_another_has_one(machine):
    machine.keyring.error = KeyringLocked()
    with machine.program().open("pacs", "1") as without:
        without(received(1))
        machine.keyring.error = None
        with machine.program().open("pacs", "1") as with_key:
            assert with_key.objects_folder == without.objects_folder
            with_key(received(2))
            assert len(with_key.paths()) == 2
        assert len(without.paths()) == 2
    with machine.program().open("pacs", "1") as study:
        assert len(study.paths()) == 2
    assert machine.readable() == []


def test_an_object_that_the_source_changed_replaces_the_old_one_everywhere(machine):
    stored(machine, 1)
    with machine.program().open("pacs", "1") as study:
        assert study.has("1.2.1")
        study(received(1, fill=b"\2"))
        (path,) = study.paths()
        assert path.read_bytes() == received(1, fill=b"\2").data
        assert list(study.objects_folder.iterdir()) == [path]
        study(received(1, fill=b"\3"))
        assert len(study.paths()) == 1
    assert len(machine.sealed()) == 1
    with machine.program().open("pacs", "1") as study:
        assert study.path_of("1.2.1").read_bytes() == received(1, fill=b"\3").data


def test_what_a_killed_program_left_is_removed_by_whoever_comes_next(machine):
    study = machine.program().open("pacs", "1")
    study(received(1))
    folder = study.objects_folder
    # As a kill does: the lock of the mark is gone, and everything else is there.
    (mark,) = (path for path in machine.files() if path.parent.name == "opened")
    study.let_go()
    mark.touch()
    assert folder.is_dir() and len(machine.readable()) == 1
    machine.program()
    assert machine.readable() == [] and not folder.exists()
    with machine.program().open("pacs", "1") as study:
        assert study.has("1.2.1")


def test_copies_of_a_study_that_is_gone_are_removed(machine):
    study = machine.program().open("pacs", "1")
    study(received(1))
    shutil.rmtree(machine.cache_folder, ignore_errors=True)
    machine.program()
    assert machine.readable() == []
    study.close()
    with pytest.raises(ExportError):
        study(received(2))
    assert machine.readable() == []


def test_clearing_removes_copies_too_and_at_exit_as_well(machine):
    with machine.program(clear_at_exit=True) as cache, cache.open("pacs", "1") as study:
        study(received(1))
    assert list(machine.files()) == [path for path in machine.files() if path.name in (".lock", ".key-lock")]


def test_the_limit_counts_what_is_kept_encrypted(machine):
    with machine.program(limit_bytes=2 * MIB) as cache:
        for number in range(4):
            with cache.open("pacs", f"1.{number}") as study:
                study(received(number, MIB * 3 // 4))
        kept = cache.studies()
        assert sum(study.n_bytes for study in kept) <= 2 * MIB
        assert kept[0].study_uid == "1.3" and 1 <= len(kept) <= 2
        with cache.open("pacs", "1.3") as study, pytest.raises(ExportError, match="full of studies"):
            study(received(8, MIB))
            study(received(9, MIB))


@POSIX
def test_a_disk_that_is_full_while_a_file_is_encrypted_leaves_nothing_half(machine):
    import resource

    with machine.program().open("pacs", "1") as study:
        study(received(1))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MIB + 500_000, before[1]))
        try:
            with pytest.raises(ExportError, match="what arrives cannot be stored"):
                study(received(2, 3 * MIB))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert study.has("1.2.1") and not study.has("1.2.2")
        assert [path for path in machine.files() if path.parent.name == "part"] == []
        study(received(2, 3 * MIB))
        assert study.has("1.2.2")
    assert machine.readable() == []


@POSIX
def test_a_disk_that_is_full_while_a_file_is_decrypted_is_said_and_loses_nothing(machine):
    import resource

    stored(machine, 1, n_bytes=3 * MIB)
    with machine.program().open("pacs", "1") as study:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MIB + 500_000, before[1]))
        try:
            with pytest.raises(ExportError, match="no room to open the study"):
                study.has("1.2.1")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert machine.readable() == [] and study.n_damaged == 0
        assert len(study.paths()) == 1


def test_an_old_file_that_cannot_be_encrypted_now_can_be_looked_at(machine, monkeypatch):
    with machine.before_encryption() as cache, cache.open("pacs", "1") as study:
        study(received(1))
    with machine.program() as cache, cache.open("pacs", "1") as study, monkeypatch.context() as patched:
        patched.setattr("ichviewer.network.cached_study.sealed_path", lambda *_: Broken())
        assert study.path_of("1.2.1").read_bytes() == received(1).data
    assert len(machine.readable()) == 1, "it is still there"
    with machine.program().open("pacs", "1") as study:
        assert study.has("1.2.1")
    assert machine.readable() == []


class Broken:
    """A path into a disk that takes nothing."""

    def exists(self) -> bool:
        return False

    @property
    def parent(self) -> Broken:
        return self

    def mkdir(self, **_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")


@LINUX
def test_memory_that_has_no_room_is_not_used(tmp_path, monkeypatch):
    machine = Machine(tmp_path)
    monkeypatch.setattr(open_copies, "room_bytes", lambda _: 10 * MIB)
    with machine.program().open("pacs", "1") as study:
        assert study.objects_folder.is_relative_to(machine.cache_folder)
        study(received(1))
    assert machine.readable() == []


@LINUX
def test_what_has_no_room_in_memory_any_more_goes_to_disk(tmp_path, monkeypatch):
    machine = Machine(tmp_path)
    room = [100 * MIB]
    monkeypatch.setattr(open_copies, "room_bytes", lambda _: room[0])
    with machine.program().open("pacs", "1") as study:
        study(received(1))
        assert study.more_folders == ()
        room[0] = 0
        study(received(2))
        first, second = study.path_of("1.2.1"), study.path_of("1.2.2")
        assert first.is_relative_to(machine.memory) and second.is_relative_to(machine.cache_folder)
        assert study.more_folders == (second.parent,)
        assert set(study.paths()) == {first, second}
        with machine.program().open("pacs", "1") as other:
            assert set(other.paths()) == {first, second}
            assert (other.objects_folder, other.more_folders) == (study.objects_folder, study.more_folders)
    assert machine.readable() == []


@LINUX
def test_memory_that_fills_up_while_a_file_is_written_gives_way_to_the_disk(tmp_path, monkeypatch):
    machine = Machine(tmp_path)
    with machine.program().open("pacs", "1") as study:
        write = open_copies.write_private

        def full(path: Path, *arguments: object, **options: object) -> None:
            if path.is_relative_to(machine.memory):
                raise OSError(errno.ENOSPC, "no space left")
            write(path, *arguments, **options)

        monkeypatch.setattr(open_copies, "write_private", full)
        study(received(1))
        assert study.path_of("1.2.1").is_relative_to(machine.cache_folder)
    assert machine.readable() == []


@LINUX
def test_memory_is_the_runtime_folder_where_that_lies_in_memory(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    in_memory = any(
        line.split()[1] in (str(place) for place in (tmp_path, *tmp_path.parents)) and " tmpfs " in line
        for line in Path("/proc/mounts").read_text().splitlines()
    )
    assert (open_copies.memory_folder(tmp_path / "cache") is not None) is in_memory
    shared = Path("/dev/shm")
    if any(line.startswith("tmpfs /dev/shm ") for line in Path("/proc/mounts").read_text().splitlines()):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(shared))
        found = open_copies.memory_folder(tmp_path / "cache")
        assert found is not None and found.is_relative_to(shared) and not found.exists()
        assert found != open_copies.memory_folder(tmp_path / "other")
        assert 0 < open_copies.room_bytes(shared) < shutil.disk_usage(shared).free
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")
    assert open_copies.memory_folder(tmp_path / "cache") is None


@LINUX
def test_a_folder_in_memory_that_is_a_link_is_not_used(tmp_path):
    machine = Machine(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "elsewhere").mkdir()
    machine.memory.symlink_to(tmp_path / "elsewhere")
    with machine.program().open("pacs", "1") as study:
        study(received(1))
        assert study.objects_folder.is_relative_to(machine.cache_folder)
    assert list((tmp_path / "elsewhere").iterdir()) == []


STORING = """
    import contextlib, itertools, sys
    from pathlib import Path

    sys.path[:0] = sys.argv[2:4]
    from cached_objects import KEPT, MIB, Machine, received
    machine = Machine(Path(sys.argv[1]), in_memory=sys.argv[4] == "memory")
    machine.keyring.kept.update(KEPT)
    cache = machine.program(limit_bytes=8 * MIB)
    print("ready", flush=True)
    for number in itertools.count():
        with cache.open("pacs", f"1.{number % 5}") as study:
            for part in range(4):
                study(received(part, 200_000 + number % 3))
            study.mark_complete()
            for path in study.paths():
                # Another program may put another one in its place at this moment.
                with contextlib.suppress(FileNotFoundError):
                    assert path.stat().st_size in (200_000, 200_001, 200_002)
            assert study.n_damaged == study.n_unreadable == 0
"""


def storing(machine: Machine, folder: Path) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    command = [
        *(sys.executable, "-c", textwrap.dedent(STORING), str(folder), str(here), str(here.parent)),
        "memory" if machine.memory else "disk",
    ]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stdout is not None and program.stdout.readline() == "ready\n"
    return program


@POSIX
def test_programs_that_are_killed_while_others_use_the_same_studies_leave_them_readable(machine, tmp_path):
    machine.keyring.kept.update(KEPT)
    other = storing(machine, tmp_path)
    for wait_s in (0.05, 0.2, 0.31, 0.43):
        program = storing(machine, tmp_path)
        threading.Event().wait(wait_s)
        program.send_signal(signal.SIGKILL)
        program.communicate()
        with machine.program(limit_bytes=8 * MIB) as cache:
            for kept in cache.studies():
                with cache.open(kept.source, kept.study_uid) as study:
                    study.paths()
                    assert study.n_damaged == study.n_unreadable == 0
    assert other.poll() is None, other.communicate()[1]
    other.send_signal(signal.SIGKILL)
    other.communicate()
    with machine.program(limit_bytes=8 * MIB) as cache:
        assert machine.readable() == []
        assert cache.clear().n_in_use == 0
    assert {path.name for path in machine.files()} <= {".lock", ".key-lock"}
