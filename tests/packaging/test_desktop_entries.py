"""The entries of the desktop's menu start the program where it lies, and links never open a path."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest

LINUX = Path(__file__).parents[2] / "packaging" / "linux"


def add(program: Path, data: Path) -> subprocess.CompletedProcess[str]:
    program.mkdir(parents=True, exist_ok=True)
    for path in filter(Path.is_file, LINUX.iterdir()):
        shutil.copy(path, program)
    return subprocess.run(
        [program / "add-to-menu.sh"],
        env={**os.environ, "XDG_DATA_HOME": str(data)},
        check=False,
        capture_output=True,
        text=True,
    )


def entry(path: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_menu_opens_files_and_a_hidden_entry_opens_links_and_nothing_else(tmp_path):
    program = tmp_path / "my programs" / "ichviewer"
    done = add(program, tmp_path / "share")
    assert (done.returncode, done.stderr) == (0, "")
    menu = tmp_path / "share" / "applications"
    files, links = entry(menu / "ichviewer.desktop"), entry(menu / "ichviewer-link.desktop")
    assert files["Exec"] == f'"{program}/ichviewer" %F'
    assert files["MimeType"] == "application/dicom;"
    # As the value of an option: it can be neither a path nor an option itself.
    assert links["Exec"] == f'"{program}/ichviewer" open --link %u'
    assert (links["MimeType"], links["NoDisplay"]) == ("x-scheme-handler/ichviewer;", "true")
    assert files["Icon"] == links["Icon"] == f"{program}/ichviewer.svg"


def test_added_again_after_a_move_it_leads_to_the_new_place(tmp_path):
    for name in ("old", "new"):
        assert add(tmp_path / name, tmp_path / "share").returncode == 0
    links = entry(tmp_path / "share" / "applications" / "ichviewer-link.desktop")
    assert links["Exec"].startswith(f'"{tmp_path}/new/ichviewer"')


@pytest.mark.parametrize("name", ['a"b', "a`b", "a$b", "a\\b", "a%ub", "a|b", "a&b", "a\nExec=b"])
def test_a_folder_whose_name_means_something_in_an_entry_is_refused(tmp_path, name):
    done = add(tmp_path / name, tmp_path / "share")
    assert done.returncode == 1
    assert "must not hold" in done.stderr
    assert not (tmp_path / "share").exists()


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="desktop-file-utils are not installed"
)
@pytest.mark.parametrize("name", ["ichviewer.desktop", "ichviewer-link.desktop"])
def test_the_entries_are_valid(tmp_path, name):
    add(tmp_path / "program", tmp_path / "share")
    path = tmp_path / "share" / "applications" / name
    done = subprocess.run(["desktop-file-validate", path], check=False, capture_output=True, text=True)
    assert done.stdout + done.stderr == ""
