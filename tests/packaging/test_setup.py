"""packaging/setup.sh in a small checkout, with a pip, an apt-get and a user id that only take notes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ichviewer.ui import platform_check

ROOT = Path(__file__).parents[2]
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
        shutil.copy(ROOT / "packaging" / "setup.sh", folder / "packaging")
        for name in ("demo", "test"):
            shutil.copy(ROOT / name, folder)
        (folder / "pyproject.toml").write_text("first\n")
        (folder / "ichviewer" / "ui").mkdir(parents=True)
        for package in ("ichviewer", "ichviewer/ui"):
            (folder / package / "__init__.py").touch()
        self.missing({})
        note = f'echo "pip ${{@: -1}}" >>"{self.log}"'
        self.python = f'if [ "$1 $2" = "-m pip" ]; then {note}; else exec "{sys.executable}" "$@"; fi'
        self.environment()
        self.script("bin/apt-get", f'echo "apt-get $*" >>"{self.log}"')
        for tool in ("Xvfb", "xdotool", "Orthanc", "dciodvfy", "dsrdump"):
            self.script(f"bin/{tool}", "")

    def environment(self) -> None:
        self.script(".venv/bin/python", self.python)
        self.script(".venv/bin/pip", f"exec {self.folder}/.venv/bin/python -m pip")

    def system_python(self, body: str) -> None:
        """Let the system's Python be this, under all names; `-m venv` makes the usual environment."""
        made = f'cp -r "{self.folder}/made" .venv.new && cp -r .venv.new/. .venv && rm -r .venv.new; exit'
        if (self.folder / ".venv").exists():
            (self.folder / ".venv").rename(self.folder / "made")
        note = f'echo "making $*" >>"{self.log}"'
        for name in ("python3", "python3.13", "python3.12", "python3.11"):
            self.script(f"bin/{name}", f'if [ "$1 $2" = "-m venv" ]; then {note}; {made}; fi\n{body}')

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
        return self.start(self.folder / "packaging" / "setup.sh", *arguments, display=display)

    def start(self, *command: str | Path, display: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
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


def test_a_failed_install_is_not_remembered_and_told_in_the_words_of_pip(checkout: Checkout):
    checkout.script(
        ".venv/bin/python", checkout.python.replace(f'>>"{checkout.log}"', "; echo no disk; exit 1")
    )
    done = checkout.run("core")
    assert done.returncode == 1
    assert "no disk" in done.stderr
    assert "run the same command again" in done.stderr
    checkout.environment()
    assert checkout.run("core").returncode == 0
    assert checkout.notes() == ["pip ."]


@pytest.mark.parametrize("failing", ["pip", "apt-get"])
def test_without_a_network_it_says_so_in_one_sentence(checkout: Checkout, failing: str):
    words = "Temporary failure in name resolution"
    if failing == "pip":
        checkout.script(
            ".venv/bin/python", checkout.python.replace(f'>>"{checkout.log}"', f"; echo {words}; exit 1")
        )
    else:
        checkout.missing({"libEGL.so.1": "libegl1"})
        checkout.script("bin/apt-get", f"echo {words}; exit 100")
    done = checkout.run("core")
    assert done.returncode == 1
    assert words not in done.stderr
    assert "because the network" in done.stderr.splitlines()[-1]


def test_what_an_interrupted_pip_left_without_its_last_file_is_installed_anew(checkout: Checkout):
    packages = checkout.folder / ".venv/lib/python3.11/site-packages"
    for name in ("whole-1.0.dist-info", "half-1.0.dist-info"):
        (packages / name).mkdir(parents=True)
        (packages / name / "METADATA").touch()
    (packages / "whole-1.0.dist-info" / "INSTALLER").touch()
    assert checkout.run("core").returncode == 0
    assert [path.name for path in packages.iterdir()] == ["whole-1.0.dist-info"]


def test_without_python_root_gets_it_installed(checkout: Checkout):
    installed = checkout.folder / "installed"
    checkout.system_python(f'[ -e "{installed}" ] || exit 1; exec "{sys.executable}" "$@"')
    checkout.script(
        "bin/apt-get",
        f'echo "apt-get $*" >>"{checkout.log}"; [[ $* != *install* ]] || touch "{installed}"',
    )
    done = checkout.run("core")
    assert done.returncode == 0, done.stderr
    update, install, venv, pip = checkout.notes()
    assert (update, pip) == ("apt-get -qq -y update", "pip .")
    assert install.endswith(" install python3 python3-venv")
    assert venv == "making -m venv .venv"


def test_without_python_others_are_told_one_line_with_all_that_is_missing(checkout: Checkout):
    checkout.system_python("exit 1")
    check = "ichviewer/ui/platform_check.py"
    shutil.copy(ROOT / check, checkout.folder / check)
    done = checkout.run("core", user=1000)
    assert done.returncode == 1
    libraries = " ".join(sorted({**platform_check._ALWAYS, **platform_check._XCB}.values()))
    assert done.stderr.endswith(f"sudo apt-get install python3 python3-venv {libraries}\n")
    assert len(done.stderr.splitlines()) == 1
    assert checkout.notes() == []


def test_a_system_without_a_fitting_python_is_told_what_is_needed(checkout: Checkout):
    checkout.system_python("exit 1")
    done = checkout.run("core")
    assert done.returncode == 1
    assert "that needs Debian 12 or Ubuntu 24.04" in done.stderr


def test_without_the_venv_module_others_are_told_one_line_with_all_that_is_missing(checkout: Checkout):
    checkout.system_python(f'[[ "$2" != *ensurepip* ]] || exit 1; exec "{sys.executable}" "$@"')
    checkout.missing({"libEGL.so.1": "libegl1"})
    done = checkout.run("core", user=1000)
    assert done.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.stderr.endswith(f"sudo apt-get install python{version}-venv libegl1\n")


@pytest.mark.parametrize("flaw", ["interrupted", "of another folder", "of another Python", "empty"])
def test_an_environment_that_cannot_serve_is_made_anew(checkout: Checkout, flaw: str):
    checkout.system_python(f'exec "{sys.executable}" "$@"')
    shutil.copytree(checkout.folder / "made", checkout.folder / ".venv")
    if flaw == "interrupted":
        (checkout.folder / ".venv/.unfinished").touch()
    elif flaw == "of another folder":
        checkout.script(".venv/bin/pip", "exec /before/it/was/moved/.venv/bin/python -m pip")
    elif flaw == "of another Python":
        checkout.script(".venv/bin/python", "exit 1")
    else:
        shutil.rmtree(checkout.folder / ".venv/bin")
    assert checkout.run("core").returncode == 0
    assert checkout.run("core").returncode == 0
    assert checkout.notes() == ["making -m venv .venv", "pip ."]


def test_an_environment_interrupted_while_it_is_made_is_made_anew(checkout: Checkout):
    checkout.system_python(f'exec "{sys.executable}" "$@"')
    good = (checkout.folder / "bin/python3").read_text().partition("\n")[2]
    checkout.script("bin/python3", good.replace("; exit;", "; kill -9 $PPID;"))
    assert checkout.run("core").returncode == -9
    checkout.script("bin/python3", good)
    assert checkout.run("core").returncode == 0
    assert checkout.notes() == [*["making -m venv .venv"] * 2, "pip ."]


def test_it_waits_for_another_program_that_installs(checkout: Checkout):
    checkout.missing({"libEGL.so.1": "libegl1"})
    checkout.script("bin/sleep", f'echo "sleep $1" >>"{checkout.log}"')
    words = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1"
    checkout.script(
        "bin/apt-get",
        f'grep -c sleep "{checkout.log}" 2>/dev/null | grep -q 2 || {{ echo "{words}"; exit 100; }}',
    )
    done = checkout.run("core")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("another program is installing packages") == 1
    assert checkout.notes() == ["sleep 5", "sleep 5", "pip ."]


def test_a_folder_that_cannot_be_written_is_named(checkout_of_another: Checkout):
    checkout = checkout_of_another
    shutil.rmtree(checkout.folder / ".venv")
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = checkout.start(*nobody, checkout.folder / "packaging" / "setup.sh", "core")
    assert done.returncode == 1
    assert (
        done.stderr
        == f"setup: nothing can be written in {checkout.folder}. Work in a copy of it that is yours\n"
    )


@pytest.fixture
def checkout_of_another() -> Iterator[Checkout]:
    """A checkout outside the private folder of the tests, that the user who works in it may only read."""
    with tempfile.TemporaryDirectory() as made:
        checkout = Checkout(Path(made).resolve())
        checkout.folder.chmod(0o555)
        yield checkout
        checkout.folder.chmod(0o755)


@pytest.mark.parametrize("shell", ["sh", "bash", ""])
@pytest.mark.parametrize(
    ("name", "program", "told"),
    [
        ("demo", "ichviewer", "ichviewer demo --out out/demo"),
        ("test", "python", "python packaging/run_tests.py tests/domain -k a b"),
    ],
)
def test_the_root_scripts_work_from_anywhere(
    checkout: Checkout, shell: str, name: str, program: str, told: str
):
    note = f'echo "{program} $*" >>"{checkout.log}"; pwd >>"{checkout.log}"'
    if program == "python":
        checkout.script(
            ".venv/bin/python",
            f'if [ "$1" = packaging/run_tests.py ]; then {note}; exit; fi\n{checkout.python}',
        )
    else:
        checkout.script(".venv/bin/ichviewer", note)
    link = checkout.folder / "bin" / "link"
    link.symlink_to(f"../{name}")
    arguments = ["tests/domain", "-k", "a b"] if name == "test" else []
    checkout.script("bin/id", "echo 1000")
    done = checkout.start(*filter(None, [shell]), link, *arguments)
    assert done.returncode == 0, done.stderr
    assert checkout.notes()[1:] == [told, str(checkout.folder)]


def test_the_root_scripts_stop_where_the_setup_does(checkout: Checkout):
    checkout.script("packaging/setup.sh", "exit 7")
    for name in ("demo", "test"):
        assert checkout.start(checkout.folder / name).returncode == 7


def test_root_gets_missing_libraries_installed(checkout: Checkout):
    checkout.missing({"libEGL.so.1": "libegl1", "libxcb-cursor.so.0": "libxcb-cursor0"})
    assert checkout.run("core", user=0).returncode == 0
    update, install, pip = checkout.notes()
    assert update == "apt-get -qq -y update"
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
        "bin/apt-get", 'if [ "$3" = update ]; then exit 0; fi; echo "E: no such package"; exit 100'
    )
    done = checkout.run("core")
    assert done.returncode == 1
    assert "E: no such package" in done.stderr
    assert "libegl1 could not be installed" in done.stderr


def test_an_unknown_flavor_is_wrong_usage(checkout: Checkout):
    done = checkout.run("everything")
    assert done.returncode == 2
    assert "usage" in done.stderr
