"""Contact sheets."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from ichviewer.learning.evaluation.sheet import OUTLINE, Tile, contact_sheet, outline, png


def test_the_outline_runs_just_outside_the_mask():
    mask = np.zeros((5, 5), bool)
    mask[2, 2] = True
    assert np.argwhere(outline(mask)).tolist() == [[1, 2], [2, 1], [2, 3], [3, 2]]


def test_tiles_stand_in_rows_and_keep_their_pixels():
    mask = np.zeros((20, 30), bool)
    mask[10, 10] = True
    tiles = [Tile(np.full((20, 30), 10 * i, np.uint8), (f"tile {i}", "more"), mask) for i in range(5)]
    sheet = np.asarray(contact_sheet(tiles, 2, "five tiles"))
    # 8 px margins, 30 + 8 px a column; 20 + 2 * 14 + 8 px a row under a title of 28 px.
    assert sheet.shape == (8 + 28 + 3 * 56, 8 + 2 * 38, 3)
    assert sheet[36, 8].tolist() == [0, 0, 0]
    assert sheet[36, 8 + 38].tolist() == [10, 10, 10]
    assert sheet[36 + 56, 8].tolist() == [20, 20, 20]
    assert tuple(sheet[36 + 9, 8 + 10].tolist()) == OUTLINE
    assert sheet[36 + 10, 8 + 10].tolist() == [0, 0, 0]


def test_a_sheet_is_written_as_png():
    picture = contact_sheet(
        [Tile(np.zeros((8, 8, 3), np.uint8), ("a caption far too long for eight pixels",))], 1
    )
    assert Image.open(io.BytesIO(png(picture))).size == picture.size


def test_what_is_no_tile_is_refused():
    with pytest.raises(ValueError, match="8-bit"):
        Tile(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="mask"):
        Tile(np.zeros((4, 4), np.uint8), mask=np.zeros((3, 4), bool))
    with pytest.raises(ValueError, match="tiles and columns"):
        contact_sheet([], 2)
