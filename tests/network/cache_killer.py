"""Kills a program at each step of what it does with the cache, and looks at what is there then.

cache_killer.py FOLDER STORY memory|disk; prints at how many steps it was killed.

A step is a file that is opened, renamed, removed or made: the program kills itself (SIGKILL) before its n-th one, for
n from 1 until it reaches its end.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from cached_objects import MIB, Machine, received  # noqa: E402 - after the path

STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
LARGE, SMALL = received(1, MIB + 5), received(2)
CHANGED = received(2, fill=b"\2")


def fetch(machine: Machine, said: Callable[[], None]) -> None:
    """A study is fetched, and closed."""
    with machine.program().open("pacs", "1", said) as study:
        study(LARGE)
        study(SMALL)
        study.mark_complete()
        assert len(study.paths()) == 2


def look(machine: Machine, said: Callable[[], None]) -> None:
    """A study that is there is opened, looked at, and closed."""
    with machine.program().open("pacs", "1", said) as study:
        assert study.has("1.2.1") and len(study.paths()) == 2


def change(machine: Machine, said: Callable[[], None]) -> None:
    """An object of a study that is there comes in another form."""
    with machine.program().open("pacs", "1") as study:
        assert study.has("1.2.2")
        study(CHANGED)


def clear(machine: Machine, said: Callable[[], None]) -> None:
    """A study is opened and closed, and everything is cleared."""
    with machine.program(clear_at_exit=True) as cache, cache.open("pacs", "1") as study:
        assert study.has("1.2.1")


STORIES = {"fetch": fetch, "look": look, "change": change, "clear": clear, "from before": look}


def prepare(machine: Machine, story: str) -> None:
    """What is there before."""
    # The key is made, and libraries are loaded, before anybody is killed.
    machine.program().open("pacs", "another").close()
    if story != "fetch":
        cache = machine.before_encryption() if story == "from before" else machine.program()
        with cache.open("pacs", "1") as study:
            study(LARGE)
            study(SMALL)
            study.mark_complete()


def killed_at(step: int, machine: Machine, story: str) -> tuple[bool, int]:
    """Whether the program was killed before its end, and how many objects it had said to stand."""
    reading, writing = os.pipe()
    program = os.fork()
    if not program:
        left = [step]

        def count(event: str, arguments: tuple[object, ...]) -> None:
            if event in STEPS and str(machine.cache_folder.parent) in str(arguments[0]):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        STORIES[story](machine, lambda: os.write(writing, b".") and None)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        stands = len(told.read())
    return os.WIFSIGNALED(os.waitpid(program, 0)[1]), stands


def check(machine: Machine, story: str, stands: int) -> None:
    """Nothing is lost, nothing is half, and nothing lies decrypted once somebody has looked."""
    cache = machine.program()
    # From before are files that were not encrypted when they were stored.
    before = {path for path in machine.readable() if path.parents[2] == machine.cache_folder}
    assert set(machine.readable()) <= (before if story == "from before" else set()), machine.readable()
    with cache.open("pacs", "1") as study:
        found = {path.read_bytes() for path in study.paths()}
        assert study.n_damaged == study.n_unreadable == 0
        assert found <= {LARGE.data, SMALL.data, CHANGED.data}
        if story == "fetch":
            assert len(found) >= stands, (found, stands)
        elif story == "clear":
            assert len(found) in (0, 2)
        else:
            assert len(found) == 2 and study.complete
        study(LARGE)
        study(SMALL)
        assert len(study.paths()) == 2
    assert machine.readable() == []
    assert [path for path in machine.files() if path.parent.name == "part"] == []
    assert cache.clear().n_in_use == 0
    assert {path.name for path in machine.files()} <= {".lock", ".key-lock"}


def main() -> None:
    folder, story, where = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    step = 0
    alive = True
    while alive:
        step += 1
        place = folder / str(step)
        machine = Machine(place, in_memory=where == "memory")
        prepare(machine, story)
        alive, stands = killed_at(step, machine, story)
        try:
            check(machine, story, stands)
        except BaseException as error:
            error.add_note(f"killed at step {step} of {story}")
            raise
        shutil.rmtree(place)
    sys.stdout.write(f"{step - 1}\n")


if __name__ == "__main__":
    main()
