"""Headers of a single file, as opening a study reads them."""

from __future__ import annotations

from typing import BinaryIO

from ichviewer.dicom.header import HEADER_TAGS, SliceHeader, read_slice_headers
from ichviewer.dicom.parse import parse_file
from ichviewer.domain.series import SliceSource


def read_headers(stream: BinaryIO, source: SliceSource, size: int) -> tuple[SliceHeader, ...]:
    """Headers of every frame; empty for a file without pixels."""
    parsed = parse_file(stream, str(source), HEADER_TAGS)
    return () if parsed.pixels is None else read_slice_headers(parsed, source, size)
