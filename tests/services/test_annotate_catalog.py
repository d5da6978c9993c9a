from __future__ import annotations

import dataclasses

import numpy as np
from synthetic_head import Slices, head_hu, make_series

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.series import Catalog, SeriesKey, Study
from ichviewer.inference.engine import Outputs
from ichviewer.services.annotate_catalog import annotate_catalog


class FlatEngine:
    """Says the same of every slice."""

    name = "litert"
    batch_size = 1
    at_once = 1

    def __init__(self) -> None:
        self.closed = False

    def run(self, inputs):
        return Outputs(np.zeros((len(inputs), 6)))

    def close(self) -> None:
        self.closed = True


def test_progress_runs_over_all_series(tiny_card):
    head = make_series(2)
    mr = dataclasses.replace(head, key=SeriesKey("1.2", "1.2.5"), modality="MR")
    catalog = Catalog((Study(head.study, head.patient, (mr, head)),))
    steps: list[tuple[int, int]] = []
    annotate_catalog(
        catalog,
        lambda _: Slices([head_hu()] * 2),
        FlatEngine,
        tiny_card,
        progress=lambda done, total, what: steps.append((done, total)),
    )
    assert steps[0] == (10, 20)
    assert steps[-1] == (20, 20)


def test_catalog_opens_the_engine_once_and_only_if_needed(tiny_card):
    head = make_series(2)
    again = dataclasses.replace(head, key=SeriesKey("1.2", "1.2.4"))
    mr = dataclasses.replace(head, key=SeriesKey("1.2", "1.2.5"), modality="MR")
    opened: list[FlatEngine] = []

    def open_engine() -> FlatEngine:
        opened.append(FlatEngine())
        return opened[-1]

    def run(*series):
        catalog = Catalog((Study(head.study, head.patient, series),))
        return annotate_catalog(catalog, lambda _: Slices([head_hu()] * 2), open_engine, tiny_card)

    findings, name = run(mr)
    assert name is None
    assert not opened
    assert findings[mr.key].state() is SeriesState.REFUSED
    findings, name = run(head, mr, again)
    assert name == "litert"
    assert len(opened) == 1
    assert opened[0].closed
    assert [findings[s.key].analysed for s in (head, mr, again)] == [2, 0, 2]
