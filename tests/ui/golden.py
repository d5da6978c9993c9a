"""Golden images: what a widget drew once, looked at by a person, and drawn again in every run.

``pytest --update-golden`` writes them anew; look at them before committing. Pictures are compared with a tolerance,
and by their content: tests cut out words, whose fonts differ from machine to machine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

FOLDER = Path(__file__).parent / "golden"

MEAN_TOLERANCE = 1.5
"""Mean difference of all channels, in levels of 255."""

FAR_TOLERANCE = 0.01
"""Part of the pixels that may differ by more than `FAR_LEVELS`: edges fall a little differently elsewhere."""

FAR_LEVELS = 40

CompareGolden = Callable[[QImage, str], None]


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Red, green and blue of a picture, uint8, shape (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def difference(drawn: QImage, golden: QImage) -> str:
    """In what two pictures differ more than allowed; empty if in nothing."""
    if drawn.size() != golden.size():
        return f"size {drawn.size().toTuple()} instead of {golden.size().toTuple()}"
    off = np.abs(pixels(drawn).astype(int) - pixels(golden).astype(int))
    far = float((off.max(axis=2) > FAR_LEVELS).mean())
    if off.mean() > MEAN_TOLERANCE or far > FAR_TOLERANCE:
        return f"mean difference {off.mean():.2f} levels, {far:.2%} of the pixels far off"
    return ""


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> CompareGolden:
    """Compares a picture with the golden one of a name, or writes it with ``--update-golden``."""

    def compare(drawn: QImage, name: str) -> None:
        path = FOLDER / f"{name}.png"
        if request.config.getoption("--update-golden"):
            FOLDER.mkdir(exist_ok=True)
            assert drawn.save(str(path)), f"could not write {path}"
            return
        assert path.is_file(), f"there is no {path}; run with --update-golden and look at it"
        said = difference(drawn, QImage(str(path)))
        if said:
            found = tmp_path / f"{name}.png"
            drawn.save(str(found))
            pytest.fail(f"{name}: {said}. Drawn: {found}")

    return compare
