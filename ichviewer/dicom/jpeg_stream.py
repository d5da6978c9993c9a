"""What a JPEG codestream says of itself, read without decoding it: its size, its scans and where their data lies.

ITU-T T.81 annex B defines the markers; ITU-T T.87 (JPEG-LS) adds one more frame header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ichviewer.dicom.boundary import DamagedDataError

# Frame headers (T.81 table B.1, T.87 section C.2.2).
_LOSSLESS_PROCESSES = (0xC3, 0xC7, 0xCB, 0xCF)
_PROGRESSIVE_PROCESSES = (0xC2, 0xC6, 0xCA, 0xCE)
_JPEG_LS = 0xF7
_NOT_A_FRAME = (0xC4, 0xC8, 0xCC)
_START, _END, _SCAN, _TABLES, _INTERVAL = 0xD8, 0xD9, 0xDA, 0xC4, 0xDD
_FIRST_RESTART, _RESTARTS = 0xD0, 8
# Markers that carry no parameters beside those above.
_BARE = (0x01, *range(_FIRST_RESTART, _FIRST_RESTART + _RESTARTS))
# 0xFF that is not followed by a zero; more 0xFF may fill up before it.
_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
_FILL = b"\xff"
_BLOCK = 8
_COEFFICIENTS = _BLOCK * _BLOCK


@dataclass(frozen=True)
class Component:
    """A component of the frame, with its sampling factors (T.81 section B.2.2)."""

    identifier: int
    horizontal: int
    vertical: int


@dataclass(frozen=True)
class HuffmanTable:
    """A Huffman table as it is written (T.81 section B.2.4.2): how many codes of each length, and their symbols."""

    counts: bytes
    symbols: bytes

    def codes(self) -> dict[int, str]:
        """The code of each symbol as ones and zeros (T.81 annex C)."""
        found: dict[int, str] = {}
        code, symbols = 0, iter(self.symbols)
        for length, count in enumerate(self.counts, 1):
            for _ in range(count):
                found[next(symbols)] = f"{code:0{length}b}"
                code += 1
            code <<= 1
        return found


@dataclass(frozen=True)
class Scan:
    """One scan (T.81 section B.2.3).

    Parameters
    ----------
    components : tuple of int
        Identifiers of the components coded in it.
    start, end, shift : int
        Spectral selection Ss and Se, and the low bits Al still missing. In lossless processes ``start`` is the
        predictor and ``shift`` the point transform.
    interval : int
        MCUs between restart markers, 0 for no restarts.
    segments : tuple of (int, int)
        Start and end in bytes of each entropy-coded segment: one, or one a restart interval.
    in_order : bool
        Whether the restart markers count from 0 to 7 and round again.
    dc_tables : tuple of HuffmanTable or None
        Of each component; None where none was defined.
    """

    components: tuple[int, ...]
    start: int
    end: int
    shift: int
    interval: int
    segments: tuple[tuple[int, int], ...]
    in_order: bool
    dc_tables: tuple[HuffmanTable | None, ...] = ()


@dataclass(frozen=True)
class JpegStream:
    """The headers of one JPEG or JPEG-LS image.

    Parameters
    ----------
    process : int
        Second byte of the frame header's marker, e.g. 0xC0 for baseline, 0xC3 for lossless, 0xF7 for JPEG-LS.
    precision : int
        Bits of a sample.
    rows, columns : int
    components : tuple of Component
    scans : tuple of Scan
        Empty for JPEG-LS, whose data is not looked at.
    """

    process: int
    precision: int
    rows: int
    columns: int
    components: tuple[Component, ...]
    scans: tuple[Scan, ...] = field(default=())

    @property
    def is_jpeg_ls(self) -> bool:
        """Whether it is JPEG-LS."""
        return self.process == _JPEG_LS

    @property
    def is_lossless(self) -> bool:
        """Whether it is lossless JPEG of T.81 annex H."""
        return self.process in _LOSSLESS_PROCESSES

    def missing_part(self) -> str:
        """What the scans lack by their headers alone, in words; empty where nothing is known to be missing."""
        coded = {identifier for scan in self.scans for identifier in scan.components}
        lacking = [c.identifier for c in self.components if c.identifier not in coded]
        if lacking:
            return f"{len(lacking)} of {len(self.components)} components have no data"
        for number, scan in enumerate(self.scans, 1):
            expected = self._intervals(scan)
            if expected and (len(scan.segments) != expected or not scan.in_order):
                return (
                    f"scan {number} has {len(scan.segments)} of {expected} restart intervals, or out of order"
                )
        return self._missing_refinement() if self.process in _PROGRESSIVE_PROCESSES else ""

    def _intervals(self, scan: Scan) -> int:
        """How many restart intervals a scan has; 0 where it has no restarts at all."""
        if scan.interval == 0:
            return 0
        return -(-self._units(scan) // scan.interval)

    def _units(self, scan: Scan) -> int:
        """Minimum coded units of a scan (T.81 sections A.1.1 and A.2)."""
        across = max(c.horizontal for c in self.components)
        down = max(c.vertical for c in self.components)
        size = 1 if self.is_lossless else _BLOCK
        if len(scan.components) > 1:
            return -(-self.columns // (size * across)) * -(-self.rows // (size * down))
        (component,) = (c for c in self.components if c.identifier == scan.components[0])
        columns = -(-self.columns * component.horizontal // across)
        rows = -(-self.rows * component.vertical // down)
        return -(-columns // size) * -(-rows // size)

    def _missing_refinement(self) -> str:
        """Which coefficients of a progressive image were not coded down to their last bit."""
        left = {c.identifier: [True] * _COEFFICIENTS for c in self.components}
        for scan in self.scans:
            if scan.shift == 0:
                for identifier in scan.components:
                    left[identifier][scan.start : scan.end + 1] = [False] * (scan.end + 1 - scan.start)
        missing = sum(sum(bits) for bits in left.values())
        return f"{missing} coefficients are not complete" if missing else ""


def read_jpeg_stream(codestream: bytes) -> JpegStream:
    """Walk the markers of a JPEG or JPEG-LS codestream.

    What follows the last scan that is needed is not looked at: writers leave the end marker out, pad, or add to it.

    Raises
    ------
    DamagedDataError
        When the headers are damaged or missing; says which.
    """
    if codestream[:2] != bytes([0xFF, _START]):
        raise DamagedDataError(f"a JPEG image starts with FFD8, not {codestream[:2].hex().upper()}")
    return _Walk(codestream).run()


class _Walk:
    """The state of a walk from marker to marker."""

    def __init__(self, codestream: bytes) -> None:
        self._data = codestream
        self._at = 2
        self._interval = 0
        self._frame: JpegStream | None = None
        self._scans: list[Scan] = []
        self._dc_tables: dict[int, HuffmanTable] = {}

    def run(self) -> JpegStream:
        while True:
            found = self._next_marker()
            if found is None or found == _END:
                break
            if found in _BARE or found == _START:
                continue
            body = self._segment(found)
            if body is None:
                break
            if found == _SCAN:
                self._read_scan(body)
            elif found == _TABLES:
                self._read_tables(body)
            elif found == _INTERVAL:
                self._interval = int.from_bytes(body[:2], "big")
            elif found == _JPEG_LS or (0xC0 <= found <= 0xCF and found not in _NOT_A_FRAME):
                frame = self._read_frame(found, body)
                if frame.is_jpeg_ls:
                    return frame
        if self._frame is None:
            raise DamagedDataError("the JPEG image has no frame header")
        if not self._scans:
            raise DamagedDataError("the JPEG image has no scan")
        first = self._frame
        return JpegStream(
            first.process, first.precision, first.rows, first.columns, first.components, tuple(self._scans)
        )

    def _next_marker(self) -> int | None:
        """The next marker's code, None at the end of the data and where no marker stands."""
        found = _MARKER.match(self._data, self._at)
        if found is None:
            if self._scans:
                return None  # padding after the last scan, without an end marker
            raise DamagedDataError(f"the JPEG headers are damaged at byte {self._at}")
        self._at = found.end()
        return found[1][0]

    def _find_marker(self) -> re.Match[bytes] | None:
        """The next marker within entropy-coded data, where zeros are stuffed behind each 0xFF that is none."""
        at = self._data.find(_FILL, self._at)
        while at >= 0:
            found = _MARKER.match(self._data, at)
            if found is not None:
                return found
            at = self._data.find(_FILL, at + 1)
        return None

    def _segment(self, marker: int) -> bytes | None:
        """The parameters of a marker segment; None where it lies outside and the image may be complete without."""
        length = int.from_bytes(self._data[self._at : self._at + 2], "big")
        body = self._data[self._at + 2 : self._at + length]
        if length < 2 or len(body) != length - 2:
            if self._scans:
                return None
            raise DamagedDataError(f"the JPEG marker FF{marker:02X} is cut short")
        self._at += length
        return body

    def _read_frame(self, marker: int, body: bytes) -> JpegStream:
        if self._frame is not None:
            raise DamagedDataError("the JPEG image has two frame headers")
        count = body[5] if len(body) > 5 else 0
        if count == 0 or len(body) < 6 + 3 * count:
            raise DamagedDataError("the JPEG frame header is cut short")
        components = tuple(
            Component(body[i], body[i + 1] >> 4, body[i + 1] & 15) for i in range(6, 6 + 3 * count, 3)
        )
        rows, columns = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        if not (rows and columns and all(c.horizontal and c.vertical for c in components)):
            raise DamagedDataError(f"the JPEG frame header says {columns} x {rows} px")
        if len({c.identifier for c in components}) != count:
            raise DamagedDataError("the JPEG frame header names a component twice")
        self._frame = JpegStream(marker, body[0], rows, columns, components)
        return self._frame

    def _read_tables(self, body: bytes) -> None:
        at = 0
        while at < len(body):
            counts = body[at + 1 : at + 17]
            symbols = body[at + 17 : at + 17 + sum(counts)]
            if len(counts) < 16 or len(symbols) < sum(counts):
                raise DamagedDataError("a JPEG Huffman table is cut short")
            if body[at] >> 4 == 0:
                self._dc_tables[body[at]] = HuffmanTable(counts, symbols)
            at += 17 + len(symbols)

    def _read_scan(self, body: bytes) -> None:
        count = body[0] if body else 0
        if self._frame is None or count == 0 or len(body) < 4 + 2 * count:
            raise DamagedDataError("the JPEG scan header is damaged")
        components = tuple(body[1 + 2 * i] for i in range(count))
        if not set(components) <= {c.identifier for c in self._frame.components}:
            raise DamagedDataError("the JPEG scan names a component that the frame does not have")
        start, end, bits = body[1 + 2 * count : 4 + 2 * count]
        tables = tuple(self._dc_tables.get(body[2 + 2 * i] >> 4) for i in range(count))
        segments, in_order = self._read_segments()
        self._scans.append(
            Scan(components, start, end, bits & 15, self._interval, segments, in_order, tables)
        )

    def _read_segments(self) -> tuple[tuple[tuple[int, int], ...], bool]:
        """Entropy-coded segments up to the next marker that is no restart; that marker is left to be read."""
        segments, in_order = [], True
        while True:
            found = self._find_marker()
            end = len(self._data) if found is None else found.start()
            segments.append((self._at, end))
            if found is None or not _FIRST_RESTART <= found[1][0] < _FIRST_RESTART + _RESTARTS:
                self._at = end
                break
            in_order = in_order and found[1][0] == _FIRST_RESTART + (len(segments) - 1) % _RESTARTS
            self._at = found.end()
        # Some writers put a restart marker behind the last interval as well.
        if len(segments) > 1 and segments[-1][0] == segments[-1][1]:
            segments.pop()
        return tuple(segments), in_order
