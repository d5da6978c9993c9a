from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from ichviewer.bundle import resources_dir
from ichviewer.domain.findings import SeriesState
from ichviewer.errors import SettingsError
from ichviewer.ui.look.icons import APP_ICON_SIZES, app_icon, icon, icon_image, state_icon
from ichviewer.ui.look.theme import DARK, LIGHT, apply_theme

DRAWINGS = sorted((resources_dir() / "icons").glob("*.svg"))


def colors_in(image: QImage) -> set[str]:
    """Colors of the opaque pixels."""
    found = set()
    for y in range(image.height()):
        for x in range(image.width()):
            color = image.pixelColor(x, y)
            if color.alpha() == 255:
                found.add(color.name())
    return found


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda p: p.stem)
def test_drawings_are_of_one_kind(qapp: QApplication, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert QSvgRenderer(text.encode()).isValid()
    assert 'viewBox="0 0 24 24"' in text
    assert 'stroke="currentColor"' in text
    assert "#" not in text, "colors come from the theme"
    image = icon_image(path.stem, "#ff0000", 24)
    assert "#ff0000" in colors_in(image)


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    made = icon("info", "accent")
    assert DARK.accent in colors_in(made.pixmap(QSize(48, 48), 1.0).toImage())
    apply_theme(qapp, LIGHT)
    assert LIGHT.accent in colors_in(made.pixmap(QSize(48, 48), 1.0).toImage())


def test_icons_are_sharp_on_dense_screens(qapp: QApplication) -> None:
    pixmap = icon("info").pixmap(QSize(20, 20), 2.0)
    assert pixmap.size() == QSize(40, 40)
    assert pixmap.devicePixelRatio() == 2.0


def test_disabled_icons_are_paler(qapp: QApplication) -> None:
    made = icon("info").pixmap(QSize(48, 48), 1.0, QIcon.Mode.Disabled).toImage()
    assert max(made.pixelColor(x, 24).alpha() for x in range(48)) < 255


def test_a_wrong_name_is_told(qapp: QApplication) -> None:
    with pytest.raises(SettingsError, match="icon is missing"):
        icon("no-such-icon")


@pytest.mark.parametrize("state", SeriesState)
def test_every_state_has_an_icon_and_a_color(qapp: QApplication, state: SeriesState) -> None:
    for flagged in (False, True):
        name, color = state_icon(state, flagged=flagged)
        assert (resources_dir() / "icons" / f"{name}.svg").is_file()
        assert QColor(getattr(DARK, color)).isValid()


def test_flags_show_only_where_something_was_analysed() -> None:
    assert state_icon(SeriesState.DONE, flagged=True)[0] == "state-flagged"
    assert state_icon(SeriesState.REFUSED, flagged=True)[0] == "state-refused"


def test_app_icon_has_every_size(qapp: QApplication) -> None:
    assert sorted(size.width() for size in app_icon().availableSizes()) == list(APP_ICON_SIZES)
