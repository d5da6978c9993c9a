from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pydicom
import pytest

from ichviewer.dicom.decode import read_slice
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.extras import Extras
from ichviewer.results.finish import file_bytes
from ichviewer.results.kinds import KINDS, kinds_named
from ichviewer.results.write_results import make_results

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
"""Odd in length, as PDFs may be and DICOM values may not."""

Write = Callable[..., dict[str, pydicom.FileDataset]]


@pytest.fixture
def written() -> Write:
    """Makes the objects of an analysis and reads them back as pydicom does: one of each kind that has one."""

    def write(analysis: SeriesAnalysis, *names: str, **extras: object) -> dict[str, pydicom.FileDataset]:
        kinds = kinds_named(names or [kind.name for kind in KINDS])
        given = Extras(**{"pdf": PDF, "read_slice": read_slice} | extras)
        return {
            item.kind: pydicom.dcmread(BytesIO(file_bytes(item.dataset)))
            for item in make_results(analysis, kinds, extras=given)
        }

    return write
