"""The structure of EfficientNet-Lite0 with next to nothing in it, traced in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import pytest

from ichviewer.learning.backbones import efficientnet_lite
from ichviewer.learning.side_by_side import Run, do_run


@contextmanager
def small_lite0() -> Iterator[None]:
    """Let Lite0 be small in this process."""

    def stage(filters: int, expansion: int, stride: int) -> efficientnet_lite.Stage:
        return efficientnet_lite.Stage(
            kernel=3, blocks=1, filters=filters, expansion=expansion, stride=stride
        )

    stages = (stage(8, 1, 1), *(stage(filters, 2, 2) for filters in (8, 40, 112, 16)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(efficientnet_lite, "STAGES", stages)
        patch.setattr(efficientnet_lite, "STEM_FILTERS", 8)
        patch.setattr(efficientnet_lite, "HEAD_FILTERS", 16)
        yield


def do_small_run(pipe: Connection, run: Run) -> None:
    """What `do_run` does, with the small network; runs in another process."""
    with small_lite0():
        do_run(pipe, run)
