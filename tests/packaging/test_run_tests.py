"""How all tests are run: most side by side, those marked `alone` after them, with one line that adds them up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

PYPROJECT = """
[tool.pytest.ini_options]
testpaths = ["tests"]
markers = ["alone: nothing beside it"]
"""

SIDE_BY_SIDE = """
import os, pathlib, pytest

@pytest.mark.parametrize("n", range(3))
def test_beside(n):
    assert "PYTEST_XDIST_WORKER" in os.environ
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    pathlib.Path("order").open("a").write("beside\\n")

@pytest.mark.alone
def test_alone():
    assert "PYTEST_XDIST_WORKER" not in os.environ
    pathlib.Path("order").open("a").write("alone\\n")

@pytest.mark.skip(reason="not here")
def test_skipped(): ...
"""

FAILING = """
import pytest

@pytest.fixture
def broken():
    raise RuntimeError

def test_wrong():
    assert 0

def test_in_error(broken): ...
"""

needs_two_processors = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="tests run side by side on two processors or more",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a file of tests, some of them alone."""
    for name in ("packaging/run_tests.py", "tests/conftest.py"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(CHECKOUT / name, tmp_path / name)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "tests" / "test_some.py").write_text(SIDE_BY_SIDE)
    return tmp_path


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, checkout / "packaging" / "run_tests.py", *arguments],
        cwd=checkout.parent,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def closing_lines(out: str) -> list[str]:
    """The closing lines of pytest and of the whole, without what frames them and without times."""
    lines = [line.strip("= ") for line in out.splitlines() if re.search(r" in [\d.]+ ?s", line)]
    return [line.rpartition(" in ")[0] for line in lines]


@needs_two_processors
def test_those_that_must_be_alone_follow_the_others_and_the_last_line_adds_up(checkout: Path) -> None:
    done = run(checkout)
    assert done.returncode == 0, done.stdout
    assert (checkout / "order").read_text().split() == ["beside"] * 3 + ["alone"]
    first, second, whole = closing_lines(done.stdout)
    assert (first, second) == ("3 passed, 1 skipped", "1 passed, 4 deselected")
    assert whole == "in all: 4 passed, 1 skipped"
    assert "in all: 4 passed" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "whole"),
    [
        (["-k", "alone"], 0, "in all: 1 passed"),
        (["-k", "beside", "-n0"], 1, "in all: 3 failed"),
        (["-k", "nothing"], 5, "in all: no tests ran"),
        (["--no-such-option"], 4, "in all: no tests ran"),
    ],
)
def test_arguments_go_to_pytest_and_its_verdict_comes_back(
    checkout: Path, arguments: list[str], code: int, whole: str
) -> None:
    done = run(checkout, *arguments)
    assert done.returncode == code, done.stdout
    assert closing_lines(done.stdout)[-1] == whole


def test_a_failure_and_an_error_of_either_part_fail_the_whole(checkout: Path) -> None:
    (checkout / "tests" / "test_wrong.py").write_text(FAILING)
    done = run(checkout, "tests/test_wrong.py", "tests/test_some.py::test_alone")
    assert done.returncode == 1
    assert closing_lines(done.stdout)[-1] == "in all: 1 failed, 1 passed, 1 errors"
    (checkout / "tests" / "test_wrong.py").write_text(
        f"import pytest\npytestmark = pytest.mark.alone\n{FAILING}"
    )
    done = run(checkout, "tests/test_wrong.py", "tests/test_some.py::test_skipped")
    assert done.returncode == 1
    assert closing_lines(done.stdout)[-1] == "in all: 1 failed, 1 skipped, 1 errors"
