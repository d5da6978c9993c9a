"""Every text of the main window: no slip of the pen, one spelling, keys that are unique and told alike everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QToolBar, QToolButton, QWidget
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.window_place import LEAST
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.look.theme import THEMES, Theme, apply_theme
from ichviewer.ui.session.analysis import AnalysisProgress

README = Path(__file__).parents[3] / "README.md"

BRITISH = re.compile(
    r"\b(analys(e|ed|es|ing)|neighbours?|colours?|coloured|grey|centres?|normalis\w+|recognis\w+|licences?)\b",
    re.I,
)
KEY_NAMES = {
    "Down": "arrow keys",
    "Right": "arrow keys",
    "Up": "arrow keys",
    "Left": "arrow keys",
    "PgDown": "Page Down",
    "PgUp": "Page Up",
}
"""What the tables call a key, where it is not Qt's name."""


@pytest.fixture
def window(make_window: MakeWindow, ct_series: list[Path]) -> MainWindow:  # noqa: F811
    window = make_window.opened(ct_series[0].parent)
    window.menus.recent.aboutToShow.emit()
    return window


def menus(window: MainWindow) -> Iterator[QMenu]:
    for action in window.menuBar().actions():
        menu = action.menu()
        assert isinstance(menu, QMenu)
        yield menu
        yield from menu.findChildren(QMenu)


def menu_items(window: MainWindow) -> list[QAction]:
    return [action for menu in menus(window) for action in menu.actions() if not action.isSeparator()]


def texts(window: MainWindow) -> Iterator[str]:
    """All words of menus, toolbar, tooltips, status bar and labels, as they stand now."""
    for action in [*menu_items(window), *window.menuBar().actions(), *window.actions_.all()]:
        yield from (action.text().replace("&", ""), action.toolTip(), action.statusTip())
    for widget in window.findChildren(QWidget):
        yield from (
            widget.toolTip(),
            widget.statusTip(),
            widget.accessibleName(),
            widget.accessibleDescription(),
        )
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text()


def states(window: MainWindow) -> Iterator[str]:
    """Words of the status bar in all its states."""
    window.status.set_reading(3, 10, "x")
    yield window.status.words
    window.status.set_busy("Starting the model")
    yield window.status.words
    for paused in (False, True):
        window.status.set_analysis(AnalysisProgress(3, 10, 12.0, True, paused))
        yield window.status.words


def test_no_word_is_doubled_or_run_together(window: MainWindow) -> None:
    for text in [*texts(window), *states(window)]:
        words = re.findall(r"[A-Za-z]+", text.lower())
        assert not [a for a, b in pairwise(words) if a == b], text
        assert not [w for w in words if len(w) > 5 and w[: len(w) // 2] == w[len(w) // 2 :]], text
        assert "Analyse Analyze" not in text


def test_one_spelling(window: MainWindow, tmp_path: Path) -> None:
    for text in [*texts(window), *states(window)]:
        assert not BRITISH.search(text.replace(str(tmp_path), "")), text


def test_every_item_has_words_and_its_own_ones(window: MainWindow) -> None:
    for menu in menus(window):
        words = [a.text() for a in menu.actions() if not a.isSeparator()]
        assert all(words)
        assert len(set(words)) == len(words), words


def test_mnemonics_are_unique_within_a_menu(window: MainWindow) -> None:
    for actions in [window.menuBar().actions(), *(menu.actions() for menu in menus(window))]:
        letters = Counter(
            found.group(1).lower()
            for action in actions
            if (found := re.search(r"&([^&])", action.text().replace("&&", "")))
        )
        assert max(letters.values(), default=1) == 1, letters
    # Whoever has a mnemonic in a menu is not alone: all fixed items have one, but for lists of values and for
    # the menu Measure, which has more items than their words have letters.
    for command in window.table.commands:
        without = ("window.", "cine.speed_", "measure.export_")
        assert "&" in command.words or command.id.startswith(without), command.words


def test_shortcuts_are_unique(window: MainWindow) -> None:
    keys = Counter(
        sequence.toString()
        for action in {id(a): a for a in [*window.actions_.all(), *menu_items(window)]}.values()
        for sequence in action.shortcuts()
    )
    assert keys
    assert max(keys.values()) == 1, keys


def test_tooltips_tell_the_key(window: MainWindow) -> None:
    for action in window.actions_.all():
        sequences = action.shortcuts()
        told = re.search(r"\((.+)\)$", action.toolTip())
        assert (told.group(1) if told else "") == (
            sequences[0].toString(QKeySequence.SequenceFormat.NativeText) if sequences else ""
        )


def readme_keys() -> str:
    return README.read_text(encoding="utf-8").partition("### Keys and mouse")[2].partition("\n#")[0]


def dialog_keys(window: MainWindow) -> str:
    dialog = KeysDialog(window.keys, window)
    text = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    dialog.deleteLater()
    return text


@pytest.mark.parametrize("where", ["README", "dialog"])
def test_every_key_is_told(window: MainWindow, where: str) -> None:
    told = readme_keys() if where == "README" else dialog_keys(window)
    for action in window.actions_.all():
        for sequence in action.shortcuts():
            key = sequence.toString()
            name = KEY_NAMES.get(key, key)
            assert re.search(rf"(?<![\w+]){re.escape(name)}(?!\w)", told, re.I), (name, action.text())


def test_every_told_key_exists(window: MainWindow) -> None:
    known = {s.toString() for a in window.actions_.all() for s in a.shortcuts()}
    for told in (readme_keys(), dialog_keys(window)):
        keys = set(
            re.findall(r"(?:Ctrl\+(?:Shift\+)?(?:[A-Z]\b|Down|Up)|\bF\d\b|\bEsc\b|\bHome\b|\bEnd\b)", told)
        )
        assert keys and keys <= known


def test_paths_with_ampersands_are_shown_as_they_are(make_window: MakeWindow, tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "A&B"
    folder.mkdir()
    window = make_window()
    window.settings.add_recent([folder])
    window.menus.recent.aboutToShow.emit()
    assert window.menus.recent.actions()[0].text() == str(folder).replace("&", "&&")


def test_recent_paths_can_be_switched_off(make_window: MakeWindow, ct_series: list[Path]) -> None:  # noqa: F811
    window = make_window.opened(ct_series[0].parent)
    remember = window.actions_["file.remember"]
    assert remember.isCheckable() and remember.isChecked()
    assert window.settings.recent == [ct_series[0].parent]
    remember.trigger()
    assert window.settings.recent == []
    window.open_paths([ct_series[0].parent])
    make_window.wait(window)
    assert window.settings.recent == []
    assert window.settings.last_folder == Path.home()
    window.menus.recent.aboutToShow.emit()
    assert [a.isEnabled() for a in window.menus.recent.actions()] == [False]
    again = make_window()
    assert not again.actions_["file.remember"].isChecked()
    again.actions_["file.remember"].trigger()
    again.open_paths([ct_series[0].parent])
    assert again.settings.recent == [ct_series[0].parent]


def test_the_toolbar_shows_everything_at_its_smallest(window: MainWindow) -> None:
    bar = window.findChild(QToolBar)
    assert bar is not None
    window.resize(1264, 672)
    for action in bar.actions():
        widget = bar.widgetForAction(action)
        if not action.isSeparator() and widget is not None:
            assert widget.isVisible(), action.text()


@pytest.mark.parametrize("colors", THEMES.values(), ids=THEMES.keys())
def test_what_has_no_room_in_the_toolbar_lies_behind_a_mark_that_can_be_seen(
    window: MainWindow, qapp: QApplication, colors: Theme
) -> None:
    apply_theme(qapp, colors)
    window.resize(LEAST)
    bar = window.findChild(QToolBar)
    # A window of the least size shows all of them, with fewer words.
    bar.setMaximumWidth(300)
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    qapp.processEvents()
    assert more.isVisible()
    picture = bar.grab(more.geometry().adjusted(1, 1, -1, -1)).toImage()
    lightness = [
        picture.pixelColor(x, y).lightness() for x in range(picture.width()) for y in range(picture.height())
    ]
    assert max(lightness) - min(lightness) > 100
    assert more.toolTip()


def test_a_path_that_may_not_be_looked_up_is_no_bug(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    endless = tmp_path / ("x" * 300)
    window = make_window()
    window.open_paths([endless])
    window.menus.recent.aboutToShow.emit()
    assert [a.text() for a in window.menus.recent.actions()] == ["Nothing opened yet"]
    assert window.settings.last_folder == tmp_path
    window.settings.model = endless
    assert window.settings.model is None
