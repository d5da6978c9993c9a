"""packaging/fuzz.sh with a Python that only takes notes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "fuzz.sh"
CAMPAIGN = "tests/fuzz/campaign.py zip"
NO_WHEEL = "ERROR: No matching distribution found for atheris<4,>=3.0; extra == 'fuzz'"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fuzz.sh is for Linux")


def fuzz(
    folder: Path, *, installed: bool, pip_says: str = "", pip_ends: int = 0
) -> tuple[int, str, list[str]]:
    """Exit code, output, and what Python was asked to do besides looking for atheris."""
    scripts = {
        "packaging/setup.sh": "",
        ".venv/bin/python": f"""case "$1" in
            -c) exit {0 if installed else 1} ;;
            --version) echo Python 3.99 ;;
            *) echo "$*" >>notes; [ "$2" != pip ] || {{ echo "{pip_says}"; exit {pip_ends}; }} ;;
        esac""",
    }
    for name, body in scripts.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(f"#!/bin/bash\n{body}\n")
        (folder / name).chmod(0o755)
    shutil.copy(SCRIPT, folder / "packaging")
    done = subprocess.run(
        [folder / "packaging" / "fuzz.sh", "zip"], capture_output=True, text=True, check=False, cwd="/"
    )
    notes = folder / "notes"
    return (
        done.returncode,
        done.stdout + done.stderr,
        notes.read_text().splitlines() if notes.exists() else [],
    )


def test_the_campaign_is_run_at_once_where_the_fuzzer_is_there(tmp_path: Path):
    assert fuzz(tmp_path, installed=True) == (0, "", [CAMPAIGN])


def test_the_fuzzer_is_installed_where_it_is_missing(tmp_path: Path):
    code, _, (pip, campaign) = fuzz(tmp_path, installed=False)
    assert (code, campaign) == (0, CAMPAIGN)
    assert "--only-binary atheris" in pip


def test_a_python_without_a_fuzzer_is_told_and_no_failure(tmp_path: Path):
    code, told, notes = fuzz(tmp_path, installed=False, pip_says=NO_WHEEL, pip_ends=1)
    assert code == 0
    assert "SKIPPED, there is no atheris for Python 3.99" in told
    assert CAMPAIGN not in notes


def test_an_install_that_fails_otherwise_is_a_failure(tmp_path: Path):
    code, told, notes = fuzz(tmp_path, installed=False, pip_says=f"Retrying\n{NO_WHEEL}", pip_ends=1)
    assert code == 1
    assert NO_WHEEL in told
    assert CAMPAIGN not in notes
