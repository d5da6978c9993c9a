"""Servers that several tests of this room speak to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# `import servers` works from every test of this folder, whatever pytest's import mode.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def orthanc_server(tmp_path_factory: pytest.TempPathFactory):
    """One Orthanc for all tests."""
    from servers import running_orthanc

    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as server:
        yield server


@pytest.fixture
def orthanc(orthanc_server):
    """The Orthanc of all tests, with nothing stored."""
    orthanc_server.clear()
    return orthanc_server
