"""Fixtures for the tests of every package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline for one example: the tests also run on machines that are busy with something else.
settings.register_profile("ichviewer", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("ichviewer")

# `import dicom_factory` works from every test, whatever pytest's import mode.
sys.path.insert(0, str(Path(__file__).parent))

# No test, and no program that one starts, asks the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

_SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    """Let pydicom warn: ichviewer.dicom silences it for the process, which pytest undoes for every test."""
    config.addinivalue_line("filterwarnings", "ignore::UserWarning:pydicom")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the tests; they have to be told here, before the packages' own fixtures are read."""
    parser.addoption("--update-golden", action="store_true", help="write the golden images of tests/ui anew")
    parser.addoption(
        "--alone",
        choices=("with", "without", "only"),
        default="with",
        help="what becomes of the tests marked `alone`: packaging/run_tests.py runs them after the others",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep tests marked `alone`, or the others, as --alone says."""
    which = config.getoption("--alone")
    if which == "with":
        return
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        alone = item.get_closest_marker("alone") is not None
        (kept if alone == (which == "only") else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real CT data beside the checkout; the test is skipped where it is absent."""
    if not _SHARED_DATA.is_dir():
        pytest.skip(f"no real CT data at {_SHARED_DATA}")
    return _SHARED_DATA


@pytest.fixture
def ct_series(tmp_path: Path) -> list[Path]:
    """Five axial CT slices of 16 x 16 pixels, 5 mm apart, one file each, from feet to head."""
    from dicom_factory import write_series

    return write_series(tmp_path / "ct", n=5)
