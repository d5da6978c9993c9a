"""Pixels come out of Qt's images as they went in."""

from __future__ import annotations

import numpy as np
import pytest
from golden import pixels
from PySide6.QtGui import QImage

from ichviewer.ui.look.pictures import image_of


@pytest.mark.parametrize("columns", [1, 3, 4, 5])
@pytest.mark.parametrize("color", [False, True])
def test_every_pixel_is_what_it_was_whatever_the_width(columns: int, color: bool) -> None:
    shape = (3, columns, 3) if color else (3, columns)
    given = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape) * 5
    # Neither contiguous nor kept alive by anybody.
    image = image_of(given[::-1].copy()[::-1])
    assert image.format() is (QImage.Format.Format_RGB888 if color else QImage.Format.Format_Grayscale8)
    expected = given if color else np.repeat(given[:, :, None], 3, axis=2)
    assert (pixels(image)[..., :3] == expected).all()


def test_what_is_no_picture_is_refused() -> None:
    for wrong in (np.zeros((2, 2)), np.zeros((2, 2, 4), np.uint8), np.zeros(4, np.uint8)):
        with pytest.raises(ValueError, match="Received"):
            image_of(wrong)  # type: ignore[arg-type]
