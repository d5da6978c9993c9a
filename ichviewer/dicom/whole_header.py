"""The whole header of an image file, for objects that are derived from it."""

from __future__ import annotations

from typing import BinaryIO, cast

from pydicom.dataset import Dataset

from ichviewer.dicom.header import check_unchanged
from ichviewer.dicom.parse import parse_file
from ichviewer.dicom.source import HeaderStream, open_source
from ichviewer.dicom.values import Elements
from ichviewer.domain.series import SliceInfo


def read_whole_header(info: SliceInfo) -> Dataset:
    """All elements in front of the pixels of the file that holds a slice, as they stand there.

    Parameters
    ----------
    info : SliceInfo
        As it was listed.

    Returns
    -------
    pydicom Dataset
        Its elements are not converted before they are asked for. Of a multi-frame file the groups of all frames.

    Raises
    ------
    ReadError
        If the file cannot be opened or its header not be understood.
    FileChangedError
        If it is not the file that was listed.
    """
    where = str(info.source)
    with open_source(info.source) as stream:
        parsed = parse_file(cast(BinaryIO, HeaderStream(stream, where)), where, None)
    header = parsed.elements.dataset
    check_unchanged(Elements(_apart(header), where, []), info)
    return header


def _apart(header: Dataset) -> Dataset:
    """The same elements in another data set: asking for a value converts it there, which cannot be undone."""
    tags = list(header.keys())
    other = Dataset(
        {tag: item for tag in tags if (item := header.get_item(tag, keep_deferred=True)) is not None}
    )
    implicit, little = header.original_encoding
    other.set_original_encoding(implicit, little, header.original_character_set)
    return other
