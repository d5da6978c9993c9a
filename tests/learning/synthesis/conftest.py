"""One head for all tests of the phantom; making it is what takes time."""

import pytest

from ichviewer.learning.synthesis.demo import ANATOMY, INJURIES
from ichviewer.learning.synthesis.phantom.head import Head


@pytest.fixture(scope="session")
def demo_head() -> Head:
    """Return the head of the demo study."""
    return Head(ANATOMY, INJURIES)
