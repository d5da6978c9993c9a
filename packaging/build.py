"""Builds the frozen program: `python packaging/build.py` into dist/ichviewer, `--full` into dist/ichviewer-full."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = (
    "ai-edge-litert", "backports.strenum", "click", "highdicom", "imagecodecs", "markdown-it-py", "mdurl", "numpy",
    "pillow", "platformdirs", "pydicom", "Pygments", "pylibjpeg", "pylibjpeg-openjpeg", "pylibjpeg-rle", "pyqtgraph",
    "PySide6_Essentials", "shiboken6", "rich", "typing_extensions", "pyinstaller",
)  # fmt: skip
"""Packages whose licence files go into the program's folder."""
BUNDLED_FULL = (
    "absl-py", "astunparse", "flatbuffers", "gast", "google-pasta", "grpcio", "h5py", "keras", "ml_dtypes", "namex",
    "opt_einsum", "optree", "protobuf", "six", "tensorflow_cpu", "termcolor", "wrapt",
)  # fmt: skip


def main() -> int:
    """Build one flavor and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="with TensorFlow and the keras engine")
    full = parser.parse_args().full
    name = "ichviewer-full" if full else "ichviewer"
    start = time.monotonic()
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
            "--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build" / name),
            str(ROOT / "packaging" / "ichviewer.spec"),
        ],
        check=True,
        cwd=ROOT,
        env={**os.environ, "ICHVIEWER_FLAVOR": "full" if full else "default", "ICHVIEWER_NAME": name},
    )  # fmt: skip
    program = ROOT / "dist" / name
    collect_licenses(program / "_internal" / "licenses", BUNDLED + BUNDLED_FULL if full else BUNDLED)
    if sys.platform == "linux":
        collect_system_licenses(program / "_internal")
        add_desktop_entry(program)
    mib = sum(path.lstat().st_size for path in program.rglob("*") if path.is_file()) / 2**20
    print(f"{program.relative_to(ROOT)}: {mib:.0f} MiB, built in {time.monotonic() - start:.0f} s")
    for size, part in largest(program / "_internal"):
        print(f"  {size:6.1f} MiB  {part}")
    return 0


def collect_licenses(folder: Path, packages: tuple[str, ...]) -> None:
    """Copy the licence files of bundled packages, a folder each, from what is installed here."""
    for package in packages:
        try:
            found = distribution(package)
        except PackageNotFoundError:
            continue  # a dependency of another platform or Python
        files = [
            path
            for path in found.files or ()
            if path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"))
        ]
        for path in files:
            target = folder / package / path.name
            number = 1
            while target.exists():
                number += 1
                target = folder / package / f"{path.stem}-{number}{path.suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(path.locate()), target)
    for path in (ROOT / "packaging" / "licenses").iterdir():
        shutil.copy(path, folder)


def collect_system_licenses(internal: Path) -> None:
    """Copy the copyright files of the Debian packages whose libraries were bundled."""
    if shutil.which("dpkg-query") is None:
        return
    names = [path.name for path in internal.glob("*.so*")]
    # Exits 1 when some names are of no package: those come from Python packages.
    found = subprocess.run(
        ["dpkg-query", "--search", *(f"*/{name}" for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    folder = internal / "licenses" / "system"
    folder.mkdir(parents=True, exist_ok=True)
    for line in found.stdout.splitlines():
        package = line.partition(": ")[0].partition(":")[0]
        text = Path("/usr/share/doc", package, "copyright")
        if text.is_file():
            shutil.copyfile(text, folder / f"{package}.txt")


def add_desktop_entry(program: Path) -> None:
    """Put the icon and the script that adds the program to the desktop's menu into its folder."""
    shutil.copy(ROOT / "resources" / "icons" / "app" / "ichviewer.svg", program)
    # What installs a node is in a folder of its own there, and no part of a program with a window.
    for path in filter(Path.is_file, (ROOT / "packaging" / "linux").iterdir()):
        shutil.copy(path, program)


def largest(folder: Path, count: int = 8) -> list[tuple[float, str]]:
    """Largest entries of a folder in MiB."""
    sizes = [
        (
            sum(p.lstat().st_size for p in (entry.rglob("*") if entry.is_dir() else [entry]) if p.is_file()),
            entry,
        )
        for entry in folder.iterdir()
    ]
    return [(size / 2**20, entry.name) for size, entry in sorted(sizes, reverse=True)[:count]]


if __name__ == "__main__":
    sys.exit(main())
