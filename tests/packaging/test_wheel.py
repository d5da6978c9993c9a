"""The wheel holds all that the program needs, and the command works where only the wheel is installed."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import ichviewer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scripts folder of an environment that holds the wheel and finds its dependencies in this one."""
    folder = tmp_path_factory.mktemp("a fresh environment")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    ask = [scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    # A folder named in a .pth file is searched, but the .pth files in it (our own checkout's) are not read.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    pip = [sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--no-index", "--ignore-installed", wheel], check=True, capture_output=True)
    return scripts


def run(installed: Path, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [installed / "ichviewer", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_it_holds_every_module_resource_and_model_file(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "ichviewer", "resources", "model"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    files = [name for name in tracked if name and (ROOT / name).is_file()]
    expected = {name if name.startswith("ichviewer/") else f"ichviewer/_bundle/{name}" for name in files}
    assert len(expected) > 100
    assert expected <= names


def test_it_holds_the_model_the_changelog_and_the_demo_study(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    bundle = "ichviewer/_bundle/"
    for name in ("model/model.json", "model/ich.keras", "model/ich.tflite", "resources/windows.toml"):
        assert bundle + name in names
    assert bundle + "CHANGELOG.md" in names
    assert any(name.startswith(bundle + "resources/demo/studies/") for name in names)


def test_it_carries_the_licence_and_the_notice(wheel: Path):
    names = [name.rpartition("/")[2] for name in zipfile.ZipFile(wheel).namelist() if "/licenses/" in name]
    assert {"LICENSE", "NOTICE"} <= set(names)


def test_it_carries_nothing_of_the_workshop(wheel: Path):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"ichviewer", f"ichviewer-{ichviewer.__version__}.dist-info"}


def test_its_metadata_are_those_of_the_project(wheel: Path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"ichviewer-{ichviewer.__version__}.dist-info/METADATA").decode("utf-8")
    head = metadata.partition("\n\n")[0]
    assert f"Version: {ichviewer.__version__}" in head
    assert "License-Expression: Apache-2.0" in head
    required = [
        line for line in head.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line
    ]
    assert len(required) == len(project["dependencies"])


def test_the_command_works_from_the_wheel_alone(installed: Path, tmp_path: Path):
    where = subprocess.run(
        [installed / "python", "-c", "import ichviewer.bundle as b; print(b.resources_dir(), b.model_dir())"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(ROOT) not in where
    assert "_bundle" in where
    version = run(installed, "--version", folder=tmp_path)
    assert ichviewer.__version__ in version.stdout


def test_the_demo_study_in_the_wheel_is_analysed(installed: Path, tmp_path: Path):
    ask = "from ichviewer.bundle import demo_dir; print(demo_dir())"
    study = subprocess.run(
        [installed / "python", "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.strip()
    done = run(installed, "annotate", study, "-o", "findings.csv", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = (tmp_path / "findings.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + sum(1 for path in Path(study).rglob("*") if path.is_file())
