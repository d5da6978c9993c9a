"""packaging/setup.sh in a small checkout, with a pip, an apt-get and a user id that only take notes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / "packaging" / "setup.sh"
PLATFORM_CHECK = """
def missing_libraries(platform):
    found = {missing!r}
    return found if platform == "xcb" else dict(list(found.items())[:1])
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="setup.sh is for Linux")


class Checkout:
    """A checkout whose virtual environment is there but holds nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        (folder / "packaging").mkdir()
        shutil.copy(SETUP, folder / "packaging")
        (folder / "pyproject.toml").write_text("first\n")
        (folder / "ichviewer" / "ui").mkdir(parents=True)
        for package in ("ichviewer", "ichviewer/ui"):
            (folder / package / "__init__.py").touch()
        self.missing({})
        note = f'echo "pip ${{@: -1}}" >>"{self.log}"'
        self.script(
            ".venv/bin/python",
            f'if [ "$1 $2" = "-m pip" ]; then {note}; else exec "{sys.executable}" "$@"; fi',
        )
        self.script("bin/apt-get", f'echo "apt-get $*" >>"{self.log}"')
        for tool in ("Xvfb", "xdotool"):
            self.script(f"bin/{tool}", "")

    def script(self, name: str, body: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def missing(self, libraries: dict[str, str]) -> None:
        path = self.folder / "ichviewer" / "ui" / "platform_check.py"
        path.write_text(PLATFORM_CHECK.format(missing=libraries))

    def run(self, *arguments: str, user: int = 0, display: str = "") -> subprocess.CompletedProcess[str]:
        self.script("bin/id", f"echo {user}")
        return subprocess.run(
            [self.folder / "packaging" / "setup.sh", *arguments],
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "DISPLAY": display,
            },
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def notes(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "a checkout"
    folder.mkdir()
    return Checkout(folder)


def test_it_installs_once_and_again_when_pyproject_changes(checkout: Checkout):
    for _ in range(2):
        assert checkout.run("core").returncode == 0
    assert checkout.notes() == ["pip ."]
    (checkout.folder / "pyproject.toml").write_text("second\n")
    assert checkout.run("core").returncode == 0
    assert checkout.notes() == ["pip .", "pip ."]


def test_an_environment_for_development_serves_for_use_too(checkout: Checkout):
    assert checkout.run("dev").returncode == 0
    assert checkout.run("core").returncode == 0
    assert checkout.notes() == ["pip .[dev]"]


def test_an_environment_for_use_is_completed_for_development(checkout: Checkout):
    assert checkout.run("core").returncode == 0
    assert checkout.run("dev").returncode == 0
    assert checkout.notes() == ["pip .", "pip .[dev]"]


def test_a_failed_install_is_not_remembered(checkout: Checkout):
    good = (checkout.folder / ".venv/bin/python").read_text()
    checkout.script(".venv/bin/python", good.partition("\n")[2].replace(f'>>"{checkout.log}"', "; exit 1"))
    assert checkout.run("core").returncode != 0
    checkout.script(".venv/bin/python", good.partition("\n")[2])
    assert checkout.run("core").returncode == 0
    assert checkout.notes() == ["pip ."]


def test_root_gets_missing_libraries_installed(checkout: Checkout):
    checkout.missing({"libEGL.so.1": "libegl1", "libxcb-cursor.so.0": "libxcb-cursor0"})
    assert checkout.run("core", user=0).returncode == 0
    update, install, pip = checkout.notes()
    assert update == "apt-get -qq update"
    assert install.endswith(" install libegl1 libxcb-cursor0")
    assert pip == "pip ."


@pytest.mark.parametrize(("display", "packages"), [(":0", "libegl1 libxcb-cursor0"), ("", "libegl1")])
def test_others_are_told_the_command_and_nothing_is_installed(
    checkout: Checkout, display: str, packages: str
):
    checkout.missing({"libEGL.so.1": "libegl1", "libxcb-cursor.so.0": "libxcb-cursor0"})
    done = checkout.run("core", user=1000, display=display)
    assert done.returncode == 1
    assert done.stderr.endswith(f"sudo apt-get install {packages}\n")
    assert checkout.notes() == []


def test_a_package_that_cannot_be_installed_stops_it_with_the_words_of_apt(checkout: Checkout):
    checkout.missing({"libEGL.so.1": "libegl1"})
    checkout.script(
        "bin/apt-get", 'if [ "$2" = update ]; then exit 0; fi; echo "E: no such package"; exit 100'
    )
    done = checkout.run("core")
    assert done.returncode == 1
    assert "E: no such package" in done.stderr
    assert "could not install libegl1" in done.stderr


def test_an_unknown_flavor_is_wrong_usage(checkout: Checkout):
    done = checkout.run("everything")
    assert done.returncode == 2
    assert "usage" in done.stderr
