"""Fixtures for the tests of data sets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# `from rsna_like import ...` and `from random_volume import ...` work from every test of this package, whatever
# pytest's import mode.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def rsna_like(tmp_path_factory: pytest.TempPathFactory):
    """Four patients of six slices in the RSNA layout, with its defects."""
    from rsna_like import write_rsna_like

    return write_rsna_like(tmp_path_factory.mktemp("rsna"))
