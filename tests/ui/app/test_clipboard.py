"""Pictures for the clipboard and as files, pixel for pixel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from golden import pixels
from image_builders import make_decoded
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.window import Window, render_grey
from ichviewer.errors import ExportError
from ichviewer.services.outputs import Inputs
from ichviewer.ui.app.clipboard import (
    PictureSaver,
    copy_image,
    pixels_of,
    png_bytes,
)
from ichviewer.ui.session.workers import Workers

BRAIN = Window(40.0, 80.0)


def sheet(color: str) -> QImage:
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


@pytest.fixture
def saver(qtbot: QtBot) -> Iterator[PictureSaver]:
    workers = Workers()
    yield PictureSaver(workers)
    workers.stop()
    assert workers.join()


def clipboard_color() -> str:
    return QGuiApplication.clipboard().image().pixelColor(5, 5).name()


def test_a_picture_is_copied_and_what_is_none_leaves_the_clipboard_alone(qtbot: QtBot) -> None:
    copy_image(sheet("blue"))
    assert clipboard_color() == QColor("blue").name()
    with pytest.raises(ExportError, match="there is no picture"):
        copy_image(QImage())
    assert clipboard_color() == QColor("blue").name()


def test_pixels_are_those_of_the_slice_one_for_one(qtbot: QtBot) -> None:
    # An odd width: rows of a picture are padded to whole words.
    decoded = make_decoded(21, 13)
    for inverted in (False, True):
        image = pixels_of(decoded, BRAIN, inverted=inverted)
        assert (image.width(), image.height()) == (13, 21)
        grey = render_grey(decoded.image, BRAIN, inverted=inverted)
        assert np.array_equal(pixels(image), np.repeat(grey[:, :, None], 3, axis=2))


def test_pixels_of_a_color_image_are_its_colors(qtbot: QtBot) -> None:
    rgb = np.arange(21 * 13 * 3, dtype=np.uint8).reshape(21, 13, 3)
    decoded = DecodedSlice(make_decoded(21, 13).image, rgb=rgb)
    assert np.array_equal(pixels(pixels_of(decoded, BRAIN, inverted=True)), rgb)


def test_a_picture_is_saved_as_it_was_at_that_moment(
    qtbot: QtBot, saver: PictureSaver, tmp_path: Path
) -> None:
    image = sheet("green")
    path = tmp_path / "a.png"
    with qtbot.waitSignal(saver.saved) as saved:
        saver.save(image, path, Inputs())
        image.fill(QColor("red"))
    assert saved.args == [path]
    assert QImage(str(path)).pixelColor(5, 5) == QColor("green")


def test_what_is_no_picture_or_cannot_be_written_is_told_and_nothing_is_there(
    qtbot: QtBot, saver: PictureSaver, tmp_path: Path
) -> None:
    for image, path in (
        (QImage(), tmp_path / "a.png"),
        (sheet("green"), tmp_path / "no folder" / "a.png"),
    ):
        with qtbot.waitSignal(saver.failed) as failed:
            saver.save(image, path, Inputs())
        assert isinstance(failed.args[0], ExportError)
    assert list(tmp_path.iterdir()) == []


def test_an_image_that_was_opened_is_never_written_onto(
    qtbot: QtBot, saver: PictureSaver, ct_series: list[Path]
) -> None:
    before = ct_series[0].read_bytes()
    with qtbot.waitSignal(saver.failed) as failed:
        saver.save(sheet("green"), ct_series[0], Inputs((ct_series[0].parent,)))
    assert "choose another name" in str(failed.args[0])
    assert ct_series[0].read_bytes() == before


def test_a_png_holds_no_words_beside_its_pixels(qtbot: QtBot) -> None:
    image = sheet("green")
    image.setText("Comment", "DOE, JANE")
    data = png_bytes(image)
    assert b"DOE" not in data
    assert b"tEXt" not in data
    assert image.text("Comment") == "DOE, JANE"
