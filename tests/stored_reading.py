"""Reading all that a file of results holds, for tests of what must hold for any file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.series import Series, SliceSource
from ichviewer.domain.stored_object import StoredKind
from ichviewer.errors import IchViewerError
from ichviewer.results.reading.document import read_document
from ichviewer.results.reading.key_objects import read_key_objects
from ichviewer.results.reading.parametric_map import read_parametric_map
from ichviewer.results.reading.presentation import read_presentation_state
from ichviewer.results.reading.report_tree import MOST_DEPTH, MOST_NODES, read_report
from ichviewer.results.reading.segmentation import read_segmentation

MOST_SLICES = 8


def read_all(path: Path, series: Series) -> list[str]:
    """Read a file as every kind there is, and lay it on a series; what it is refused for, in words.

    Whatever is shown has to be sound: masks of the size of their slice with shares of 0 to 1, finite points, bounded
    trees. Anything but an error of ours is a failure.
    """
    source = SliceSource(path)
    told = []
    for read in (_segmentation, _map, _presentation, _report, _key_objects, _document):
        try:
            told.append(read(source, series))
        except IchViewerError as error:
            told.append(str(error))
    for stored in read_catalog([path]).stored:
        assert isinstance(stored.kind, StoredKind)
        told.append(f"{stored.kind.text} {stored.label!r}, {len(stored.references)} references")
    return told


def _segmentation(source: SliceSource, series: Series) -> str:
    on = read_segmentation(source).on(series)
    for index in on.slices[:MOST_SLICES]:
        info = series.slices[index]
        for mask in on.masks(index):
            assert mask.values.shape == (info.rows, info.columns)
            assert mask.values.min() >= 0
            assert mask.values.max() <= 1
    return f"segmentation on {on.slices}, {len(on.problems)} problems"


def _map(source: SliceSource, series: Series) -> str:
    on = read_parametric_map(source).on(series)
    for index in list(on.placement.by_slice)[:MOST_SLICES]:
        info = series.slices[index]
        for _, numbers in on.numbers(index):
            assert numbers.shape == (info.rows, info.columns)
    return f"map on {tuple(on.placement.by_slice)}"


def _presentation(source: SliceSource, series: Series) -> str:
    found = read_presentation_state(source).on(series)
    for presentation in found.values():
        for graphic, _ in presentation.graphics:
            assert np.isfinite(graphic.points).all()
    return f"presentation of {tuple(found)}"


def _report(source: SliceSource, series: Series) -> str:
    del series
    report = read_report(source)
    lines = list(report.lines())
    assert len(lines) <= MOST_NODES
    assert max(depth for depth, _ in lines) <= MOST_DEPTH
    return "\n".join(text for _, text in lines)


def _key_objects(source: SliceSource, series: Series) -> str:
    return f"key objects {read_key_objects(source).slices_of(series)}"


def _document(source: SliceSource, series: Series) -> str:
    del series
    document = read_document(source)
    return f"{document.type} of {len(document.data)} bytes"
