"""All elements of a DICOM file as rows, read with tolerance: what is damaged ends the list and is noted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Literal, cast

from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import data_element_generator, read_partial
from pydicom.tag import BaseTag, Tag

from ichviewer.dicom.boundary import DamagedDataError, foreign_code
from ichviewer.dicom.header import check_unchanged
from ichviewer.dicom.inflate import MOST_HEADER_BYTES, InflatedStream, deflated_start
from ichviewer.dicom.parse import (
    DOUBLE_FLOAT_PIXEL_DATA,
    FLOAT_PIXEL_DATA,
    MOST_ELEMENTS,
    PIXEL_DATA,
    UNDEFINED_LENGTH,
)
from ichviewer.dicom.source import HeaderStream, MemberStream, open_source
from ichviewer.dicom.tag_text import Naming, explained, mark_of, naming, shown, value_text
from ichviewer.dicom.values import Elements
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.domain.tags import Path, TagList, TagRow, tag_text
from ichviewer.errors import ReadError

MOST_ROWS = 50_000
"""Rows that are listed; an image of 300 frames has some 9,000 with the groups of all of them."""

_PIXELS = frozenset({PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA})
_PER_FRAME = Tag("PerFrameFunctionalGroupsSequence")
_CHARACTER_SET = Tag("SpecificCharacterSet")
_ITEM, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE0DD
_ITEM_BYTES = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
# Nested ones included; items of no bytes make a sequence of a few megabytes one of hundreds of thousands.
_MOST_ITEMS = 300_000
_MOST_FRAGMENTS = 1 << 20
_DEEPEST = 32

_Element = RawDataElement | DataElement


def read_tag_rows(source: SliceSource, listed: SliceInfo | None = None) -> TagList:
    """All tags of a file, those behind the pixels included, which stay unread.

    Of the functional groups of many frames (DICOM PS3.3 C.7.6.16), only those of the frame of ``source`` are listed.

    Parameters
    ----------
    source : SliceSource
        File or archive member, and the frame.
    listed : SliceInfo, optional
        What the header said when the file was listed; another file in its place is refused.

    Returns
    -------
    TagList
        With a note for everything that is not listed.

    Raises
    ------
    ReadError
        If the file cannot be opened, or nothing in it can be understood.
    FileChangedError
        If it is not the file that was listed.
    """
    where = str(source)
    with open_source(source) as stream:
        file = _File(where)
        file.read(stream)
    if listed is not None:
        check_unchanged(Elements(file.dataset, where, []), listed)
    rows = _Rows(source.frame)
    rows.walk(file.meta, ())
    rows.walk(file.dataset, ())
    return TagList(tuple(rows.found), (*file.notes, *rows.notes))


@dataclass
class _File:
    """Reads a file's elements as far as they can be read."""

    where: str
    meta: Dataset = field(default_factory=Dataset)
    dataset: Dataset = field(default_factory=Dataset)
    notes: list[str] = field(default_factory=list)

    def read(self, stream: BinaryIO) -> None:
        """Read meta information and data set.

        Raises
        ------
        ReadError
            If there is not a single element.
        """
        with foreign_code(ReadError, "the header could not be read", self.where):
            start = deflated_start(stream)
            head = stream if start is None else io.BytesIO(stream.read(start))
            partial = read_partial(head, stop_when=lambda *_: True, force=True)
            implicit, little = partial.original_encoding if start is None else (False, True)
            if start is None:
                implicit = _is_implicit(stream, told=bool(implicit))
        self.meta = partial.file_meta
        if start is not None:
            inflated = InflatedStream(stream, start, self.where, MOST_HEADER_BYTES)
            stream = cast(BinaryIO, MemberStream(cast(IO[bytes], inflated), MOST_HEADER_BYTES + 1))
        found: dict[BaseTag, _Element] = {}
        try:
            with foreign_code(ReadError, "the data set is damaged", self.where):
                for element in self._elements(
                    stream, bool(implicit), bool(little), is_deflated=start is not None
                ):
                    found[BaseTag(element.tag)] = element
        except ReadError as error:
            self.notes.append(
                f"The list ends here: {error.what} ({error.found})" if error.found else error.what
            )
        if not found and not len(self.meta):
            raise ReadError("not a DICOM data set", self.where)
        self.dataset = Dataset(found)
        self.dataset.set_original_encoding(bool(implicit), bool(little), self._character_set(found))

    def _elements(
        self, stream: BinaryIO, implicit: bool, little: bool, *, is_deflated: bool
    ) -> Iterator[_Element]:
        header = cast(BinaryIO, HeaderStream(stream, self.where))
        count = 0
        pixels: tuple[BaseTag, str, int, int] | None = None

        def at_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
            nonlocal count, pixels
            count += 1
            if count > MOST_ELEMENTS:
                raise DamagedDataError(f"more than {MOST_ELEMENTS:,} elements")
            if tag in _PIXELS:
                pixels = (tag, vr or "", length, header.tell())
            return tag in _PIXELS

        while True:
            pixels = None
            elements = data_element_generator(
                header, implicit, little, at_pixels, MOST_HEADER_BYTES, specific_tags=None
            )
            end = -1
            for element in elements:
                yield element
                end = _check_whole(element)
            if pixels is None:
                if end not in (-1, stream.tell()):
                    raise DamagedDataError("the file ends inside an element")
                return
            tag, vr, length, offset = pixels
            yield RawDataElement(tag, vr or "OW", length, None, offset, implicit, little)
            if is_deflated:
                self.notes.append("What stands behind the pixels of a deflated file is not listed")
                return
            stream.seek(offset)
            _skip_pixels(stream, length, little)

    def _character_set(self, found: dict[BaseTag, _Element]) -> list[str]:
        raw = found.get(_CHARACTER_SET)
        value = raw.value if raw is not None else None
        if not isinstance(value, bytes):
            return convert_encodings(None)
        try:
            with foreign_code(ReadError, "the character set cannot be understood", self.where):
                return convert_encodings(value.decode("latin-1").strip(" \0").split("\\"))
        except ReadError as error:
            self.notes.append(f"Texts may be misread: {error.what} ({error.found})")
            return convert_encodings(None)


def _check_whole(element: _Element) -> int:
    """Where an element ends in the stream, -1 where that cannot be told; raises where the stream ends before."""
    if not isinstance(element, RawDataElement) or element.length == UNDEFINED_LENGTH:
        return -1
    missing = element.length - len(element.value or b"")
    if missing > 0 and element.value is not None:
        raise DamagedDataError(f"the file ends inside an element, {missing:,} bytes are missing")
    return element.value_tell + element.length


def _skip_pixels(stream: BinaryIO, length: int, little: bool) -> None:
    """Go behind pixel data without reading it: native, or fragments in items (PS3.5 section A.4)."""
    order: Literal["little", "big"] = "little" if little else "big"
    if length != UNDEFINED_LENGTH:
        at = stream.tell() + length
        stream.seek(max(0, at - 1))
        if length and len(stream.read(1)) < 1:
            raise DamagedDataError("the file ends inside the pixel data")
        stream.seek(at)
        return
    for _ in range(_MOST_FRAGMENTS):
        head = stream.read(8)
        if len(head) < 8:
            raise DamagedDataError("the file ends inside the pixel data")
        group, element, size = (int.from_bytes(part, order) for part in (head[:2], head[2:4], head[4:]))
        tag = group << 16 | element
        if tag == _SEQUENCE_END:
            return
        if tag != _ITEM or size == UNDEFINED_LENGTH:
            raise DamagedDataError("the fragments of the pixel data are damaged")
        stream.seek(size, io.SEEK_CUR)
    raise DamagedDataError(f"the pixel data has more than {_MOST_FRAGMENTS:,} fragments")


class _Rows:
    """Walks through data sets and their sequences and makes rows.

    Parameters
    ----------
    frame : int
        Whose functional groups are listed.
    """

    def __init__(self, frame: int) -> None:
        self._frame = frame
        self.found: list[TagRow] = []
        self.notes: list[str] = []

    def walk(self, dataset: Dataset, above: Path) -> None:
        """Add the rows of a data set, or of an item whose place is ``above``."""
        for tag in sorted(dataset.keys()):
            if len(self.found) >= MOST_ROWS:
                self._note(f"Only the first {MOST_ROWS:,} rows are listed")
                return
            self._add(dataset, tag, (*above, int(tag)))

    def _add(self, dataset: Dataset, tag: BaseTag, path: Path) -> None:
        item = dataset.get_item(tag, keep_deferred=True)
        vr = (item.VR if item is not None else None) or ""
        call = naming(tag, str(vr), dataset)
        if call.vr == "SQ":
            self._sequence(dataset, tag, path, call)
        elif tag in _PIXELS and isinstance(item, RawDataElement):
            self._row(path, call, _pixels_text(item), mark_of(str(item.length)))
        elif isinstance(item, RawDataElement):
            self._row(path, call, *value_text(item, call.vr, dataset))
        else:
            # Converted while it was parsed: meta information, and nothing else.
            text = "" if item is None or item.value is None else str(item.value)
            self._row(path, call, shown(explained(text, call.vr)), mark_of(text))

    def _sequence(self, dataset: Dataset, tag: BaseTag, path: Path, call: Naming) -> None:
        items, trouble = _items(dataset, tag)
        if trouble:
            self._row(path, call, trouble, mark_of(trouble))
            self._note(f"{tag_text(int(tag))} is not listed: {trouble}")
            return
        count = f"{len(items):,} {'item' if len(items) == 1 else 'items'}"
        if tag == _PER_FRAME and len(path) == 1:
            chosen = items[self._frame : self._frame + 1]
            count += f", that of frame {self._frame + 1} is listed" if chosen else ", none of this frame"
            # One place for the groups of any frame, so that those of two frames can be compared.
            items = chosen
        self._row(path, call, count, mark_of(count.partition(",")[0]))
        if len(path) // 2 >= _DEEPEST:
            self._note(f"Sequences deeper than {_DEEPEST} are not listed")
            return
        for number, inside in enumerate(items):
            self.walk(inside, (*path, number))

    def _row(self, path: Path, call: Naming, text: str, mark: str) -> None:
        self.found.append(TagRow(path, call.vr, call.name, text, mark, call.keyword, call.creator))

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _items(dataset: Dataset, tag: BaseTag) -> tuple[list[Dataset], str]:
    """Items of a sequence, or why there are none."""
    item = dataset.get_item(tag, keep_deferred=True)
    if isinstance(item, RawDataElement):
        data = item.value
        if data is None:
            return [], f"{item.length:,} bytes, too long to be listed"
        if max(data.count(mark) for mark in _ITEM_BYTES) > _MOST_ITEMS:
            return [], f"more than {_MOST_ITEMS:,} items"
    try:
        with foreign_code(ReadError, "the sequence is damaged", ""):
            value = dataset[tag].value
            items = list(value) if value else []
    except ReadError as error:
        return [], f"{error.what} ({error.found})" if error.found else error.what
    return (items, "") if all(isinstance(found, Dataset) for found in items) else ([], "not a sequence")


def _pixels_text(item: RawDataElement) -> str:
    if item.length == UNDEFINED_LENGTH:
        return "encapsulated pixel data, not read"
    return f"{item.length:,} bytes of pixel data, not read"


def _is_implicit(stream: BinaryIO, *, told: bool) -> bool:
    """Whether elements carry no VR, as the first of them shows: some files are not as their syntax says."""
    head = stream.read(6)
    stream.seek(-len(head), io.SEEK_CUR)
    return told if len(head) < 6 else not all(b"A"[0] <= byte <= b"Z"[0] for byte in head[4:6])
