"""Makes sure that a JPEG 2000 or HTJ2K codestream holds all the data that its headers announce.

The markers are those of ITU-T T.800 annex A. OpenJPEG itself fails where the packets of a tile-part are cut.
"""

from __future__ import annotations

from ichviewer.dicom.boundary import DamagedDataError

_SOC_SIZ = b"\xff\x4f\xff\x51"
# Behind the end marker: zeros, or fill bytes.
_PADDING = b"\0\xff"
_SOT, _EOC = b"\xff\x90", b"\xff\xd9"
_SOT_LENGTH = 12
# A codestream may stand in a JP2 file's box, though not in DICOM.
_SEARCHED = 4096
_SIZ_LENGTH = 42


def complete_jpeg_2000(codestream: bytes, rows: int, columns: int, samples: int) -> bytes:
    """Compare a codestream's size with the header, and its length with those of its tile-parts.

    Returns
    -------
    bytes
        The codestream without padding, and with the end marker that some writers leave out.

    Raises
    ------
    DamagedDataError
        When the sizes differ, or tile-parts are missing or cut short.
    """
    start = codestream.find(_SOC_SIZ, 0, _SEARCHED)
    siz = codestream[start : start + _SIZ_LENGTH]
    if start < 0 or len(siz) < _SIZ_LENGTH:
        raise DamagedDataError("the JPEG 2000 codestream has no header")
    across, down, left, top, *tile = (int.from_bytes(siz[i : i + 4], "big") for i in range(8, 40, 4))
    components = int.from_bytes(siz[40:42], "big")
    if (down - top, across - left, components) != (rows, columns, samples):
        raise DamagedDataError(
            f"the frame holds {across - left} x {down - top} px of {components} samples, "
            f"the header says {columns} x {rows} px of {samples}"
        )
    tile_width, tile_height, tile_left, tile_top = tile
    if not (tile_width and tile_height):
        raise DamagedDataError("the JPEG 2000 codestream has tiles without size")
    tiles = -(-(across - tile_left) // tile_width) * -(-(down - tile_top) // tile_height)
    content = codestream.rstrip(_PADDING)
    has_end = content.endswith(_EOC)
    # Without the marker, a zero at the end is taken for the one that makes the length even, not for data.
    available = content.removesuffix(_EOC) if has_end else codestream.removesuffix(b"\0")
    end = _end_of_tile_parts(available, _end_of_main_header(codestream, start + 2), tiles, has_end=has_end)
    return available[:end] + _EOC


def _end_of_main_header(codestream: bytes, at: int) -> int:
    """Where the first tile-part starts."""
    while codestream[at : at + 2] != _SOT:
        length = int.from_bytes(codestream[at + 2 : at + 4], "big")
        if codestream[at : at + 1] != b"\xff" or length < 2:
            raise DamagedDataError(f"the JPEG 2000 header is damaged at byte {at}")
        at += 2 + length
    return at


def _end_of_tile_parts(codestream: bytes, at: int, tiles: int, *, has_end: bool) -> int:
    """Walk the tile-parts, each of which says how long it is (T.800 section A.4.2), to where the last one ends.

    ``has_end`` tells whether the end marker stood behind ``codestream``.
    """
    parts: dict[int, int] = {}
    expected: dict[int, int] = {}
    while len(head := codestream[at : at + _SOT_LENGTH]) == _SOT_LENGTH and head[:2] == _SOT:
        tile, length, count = int.from_bytes(head[4:6], "big"), int.from_bytes(head[6:10], "big"), head[11]
        parts[tile] = parts.get(tile, 0) + 1
        if count:
            expected[tile] = count
        if length == 0:
            # The last one: it goes on to the end marker, and nothing else tells whether it is whole.
            if not has_end:
                raise DamagedDataError("the JPEG 2000 codestream ends without its end marker")
            at = len(codestream)
            break
        if length < _SOT_LENGTH or at + length > len(codestream):
            raise DamagedDataError(f"a tile-part takes {length:,} bytes, {len(codestream) - at:,} are left")
        at += length
    if len(parts) != tiles:
        raise DamagedDataError(f"the JPEG 2000 codestream holds {len(parts):,} of {tiles:,} tiles")
    short = [tile for tile, count in expected.items() if parts[tile] < count]
    if short:
        raise DamagedDataError(f"{len(short):,} tiles of the JPEG 2000 codestream lack tile-parts")
    return at
