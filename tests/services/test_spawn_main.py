"""What a process that is started imports: the package, not the script that started it."""

from __future__ import annotations

import subprocess
import sys
import threading
from multiprocessing.spawn import get_preparation_data
from pathlib import Path

import pytest

from ichviewer.services.spawn_main import without_main

ROOT = Path(__file__).parents[2]

FROM_MAIN = {"init_main_from_name", "init_main_from_path"}


def run(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script.name],
        capture_output=True,
        text=True,
        check=False,
        cwd=script.parent,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(script.parent)},
        timeout=120,
    )


def test_a_script_without_a_guard_runs_once(ct_series: list[Path], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('began')\n"
        "from pathlib import Path\n"
        "from ichviewer.dicom.catalog import read_catalog\n"
        "from ichviewer.services.decoder import Decoder\n"
        "(series,) = read_catalog([Path('ct')]).series\n"
        "with Decoder() as decoder:\n"
        "    print(decoder.read_slice(series.slices[0]).image.shape)\n",
        encoding="utf-8",
    )
    done = run(script)
    assert (done.stdout, done.stderr, done.returncode) == ("began\n(16, 16)\n", "", 0)


def test_classes_of_the_script_reach_the_process_where_it_is_asked_for(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from ichviewer.services.child_process import ChildProcess\n"
        "class Mine:\n"
        "    pass\n"
        "def answer(pipe, value):\n"
        "    pipe.send(type(value).__name__)\n"
        "if __name__ == '__main__':\n"
        "    print(ChildProcess('the test', answer, (Mine(),), with_main=True).receive())\n",
        encoding="utf-8",
    )
    done = run(script)
    assert (done.stdout, done.stderr, done.returncode) == ("Mine\n", "", 0)


@pytest.mark.alone  # the main module of a process beside others has neither a name nor a file
def test_other_threads_still_start_processes_with_the_main_module() -> None:
    main = sys.modules["__main__"]
    with_main = set(get_preparation_data("p")) & FROM_MAIN
    assert with_main, "the main module of the tests has a name or a file"
    seen: list[set[str]] = []
    with without_main():
        assert not set(get_preparation_data("p")) & FROM_MAIN
        other = threading.Thread(target=lambda: seen.append(set(get_preparation_data("p")) & FROM_MAIN))
        other.start()
        other.join()
    assert seen == [with_main]
    assert sys.modules["__main__"] is main


def test_what_is_looked_up_or_set_in_the_main_module_meanwhile_is_its_own() -> None:
    main = sys.modules["__main__"]
    with without_main():
        stand_in = sys.modules["__main__"]
        stand_in.put_by_the_test = 1  # type: ignore[attr-defined]
        assert main.put_by_the_test == 1  # type: ignore[attr-defined]
        assert stand_in.__name__ == main.__name__
        del stand_in.put_by_the_test  # type: ignore[attr-defined]
    assert not hasattr(main, "put_by_the_test")


def test_an_error_while_starting_leaves_the_main_module_in_its_place() -> None:
    main = sys.modules["__main__"]
    try:
        with without_main():
            raise OSError
    except OSError:
        pass
    assert sys.modules["__main__"] is main
