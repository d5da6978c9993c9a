from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from ichviewer.services.file_lock import HeldError, Mark, alone, is_left_over


def test_only_one_at_a_time_gets_in_threads_of_one_program_too(tmp_path: Path) -> None:
    inside, most = 0, 0
    counting = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with alone(tmp_path / "lock"):
                with counting:
                    inside += 1
                    most = max(most, inside)
                with counting:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_what_fails_inside_lets_the_next_one_in(tmp_path: Path) -> None:
    with pytest.raises(KeyError), alone(tmp_path / "lock"):
        raise KeyError
    with alone(tmp_path / "lock"):
        assert (tmp_path / "lock").read_bytes() == b""


def test_a_mark_is_live_until_it_is_removed(tmp_path: Path) -> None:
    mark = Mark(tmp_path / "mark")
    assert not is_left_over(tmp_path / "mark")
    with pytest.raises(FileExistsError):
        Mark(tmp_path / "mark")
    mark.remove()
    mark.remove()
    assert not (tmp_path / "mark").exists()
    assert is_left_over(tmp_path / "mark")


def test_a_mark_of_a_killed_program_is_left_over_and_of_a_living_one_is_not(tmp_path: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from ichviewer.services.file_lock import Mark
        mark = Mark(Path(sys.argv[1]))
        print("ready", flush=True)
        sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "mark")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        assert not is_left_over(tmp_path / "mark")
        program.kill()
        program.wait()
    assert (tmp_path / "mark").exists()
    assert is_left_over(tmp_path / "mark")


def test_who_holds_a_lock_is_waited_for_no_longer_than_told(tmp_path: Path) -> None:
    with ExitStack() as held:
        held.enter_context(alone(tmp_path / "lock"))
        with pytest.raises(HeldError, match=r"held for 0\.05 s"), alone(tmp_path / "lock", 0.05):
            pytest.fail("two are inside")
    with alone(tmp_path / "lock", 0.05):
        pass
