"""Words below a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ichviewer.services.caption_strip import make_strip, strip_width, with_strip


def test_no_words_take_no_room() -> None:
    assert make_strip((), 512).height_px == 0


def test_a_tiny_picture_still_has_room_for_words() -> None:
    assert strip_width(16) == 320
    assert strip_width(512) == 512


@given(st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=90), max_size=12))
def test_all_letters_are_there_whatever_the_width(words: list[str]) -> None:
    strip = make_strip([" ".join(words)], 320)
    assert "".join(strip.lines).replace(" ", "") == "".join(words)


def test_letters_that_the_typeface_lacks_are_told_by_their_number() -> None:
    assert make_strip(["Müller Ωμ 山 \U0001f9e0"], 512).lines == (r"Müller Ωμ \u5c71 \U0001f9e0",)


def test_the_picture_is_not_covered_and_the_words_are_drawn_below() -> None:
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    strip = make_strip(["Slice 1 of 5"], 320)
    sheet = np.asarray(with_strip(Image.fromarray(pixels), strip, (320, 16 + strip.height_px)))
    assert np.array_equal(sheet[:16, :16], pixels)
    assert not sheet[:16, 16:].any()
    assert sheet[16:].max() > 200
    with pytest.raises(ValueError, match="Received"):
        with_strip(Image.fromarray(pixels), strip, (320, 16))
