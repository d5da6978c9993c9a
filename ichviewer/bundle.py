"""Where the resources, the model and the changelog lie: in a checkout, in an installed wheel, in a frozen program."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from ichviewer.errors import IchViewerError


@cache
def _find(name: str) -> Path:
    package = Path(__file__).resolve().parent
    candidates = [package / "_bundle" / name, package.parent / name]
    if getattr(sys, "frozen", False):
        candidates.insert(0, Path(getattr(sys, "_MEIPASS", package.parent)) / name)
    for path in candidates:
        if path.exists():
            return path
    raise IchViewerError(
        f"the program's own {name!r} is missing; please install ichviewer again",
        found=", ".join(map(str, candidates)) + " do not exist",
    )


def resources_dir() -> Path:
    """Folder with windows, icons, themes and the demo studies."""
    return _find("resources")


def model_dir() -> Path:
    """Folder with the bundled model, its exports and its card."""
    return _find("model")


def changelog_file() -> Path:
    """What changed from version to version, in Markdown."""
    return _find("CHANGELOG.md")


def demo_dir() -> Path:
    """Folder of the DICOM files of the demo studies."""
    return resources_dir() / "demo" / "studies"
