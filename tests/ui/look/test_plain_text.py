"""Text from files is never markup, a menu's key or a change of direction, wherever the window shows it."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import Script, card, scripted_backend
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMenu,
    QTextEdit,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot
from text_walk import shown, texts_of

import ichviewer.ui
from ichviewer.domain.window import Window
from ichviewer.errors import EngineError
from ichviewer.services.windows import Preset
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.bug import BugDialog
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.look.plain_text import lines, menu_text, one_line, title_text
from ichviewer.ui.look.plain_widgets import PlainLabel, menu_item, tip_text
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.session.backend import Backend, default_backend
from ichviewer.ui.session.ui_settings import UiSettings

HOSTILE = "<h1>Big</h1><img src=x>&File\nnext \u202eevil\u2066 \x1b[31m"
ASCII = HOSTILE.encode("ascii", "ignore").decode()
IN_A_NAME = HOSTILE.replace("/", "").replace("\x1b", "")
"""What a file system takes."""


# The functions


@given(st.text())
def test_a_line_has_no_control_and_no_override(text: str) -> None:
    made = one_line(text)
    assert len(made) == len(text)
    assert not any(unicodedata.category(c) == "Cc" for c in made)
    assert not set(made) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
    assert lines(text).replace("\n", " ") == made


def test_words_of_every_script_stay_as_they_are() -> None:
    for name in ("Müller, Anna", "日本, 太郎", "כהן, דוד", "\u200fعلي", "O'Neil–Smith", "a\u200db"):
        assert one_line(name) == name


tags = st.sampled_from(["<h1>", "</h1>", "<img src=x>", "&lt;", "&", "\n", "a ", "<", ">", "ß", " " * 3])


@given(st.lists(tags, max_size=8).map("".join))
def test_a_tip_shows_its_text_letter_by_letter(text: str) -> None:
    assert shown(tip_text(text)).split() == text.split()


def test_a_tip_breaks_long_lines(qapp: QApplication) -> None:
    tip = tip_text("/a/path/" + "x" * 400)
    assert max(map(len, tip.split("\n"))) <= 110
    assert tip.replace("\n", "") == "/a/path/" + "x" * 400


def test_menus_and_titles_take_nothing_as_a_sign() -> None:
    assert menu_text("R&D <b>\tCtrl+Q") == "R&&D <b> Ctrl+Q"
    assert title_text("a [*] b\nc") == "a [*][*] b c"


def test_an_entry_of_a_menu_is_plain(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    action = menu_item(menu, "<h1>R&D</h1>")
    assert action.text() == "<h1>R&&D</h1>"
    assert shown(action.toolTip()) == "<h1>R&D</h1>"


def test_a_label_is_plain_whatever_it_is_told(qtbot: QtBot) -> None:
    label = PlainLabel(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "\u202e" not in label.text()
    label.setText("<b>\u202e")
    assert label.text() == "<b>\N{REPLACEMENT CHARACTER}"


# The source


@pytest.mark.parametrize(
    "path", sorted(Path(ichviewer.ui.__file__).parent.rglob("*.py")), ids=lambda path: path.stem
)
def test_the_window_has_no_other_way_to_show_text(path: Path) -> None:
    if path.name == "plain_widgets.py":
        return
    forbidden = {
        "QLabel",
        "QMessageBox",
        "QTextBrowser",
        "QToolTip.showText",
        "setHtml",
        "RichText",
        "AutoText",
        "setToolTip",
    }
    used = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
            if isinstance(node.value, ast.Name):
                used.add(f"{node.value.id}.{node.attr}")
        elif isinstance(node, ast.Name):
            used.add(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            made = isinstance(node.args[0], ast.Call | ast.JoinedStr)
            assert not (node.func.attr == "addAction" and made), "menu_item adds what is not written here"
    assert used & forbidden == set()


# The window


FIELDS = (
    "PatientName",
    "PatientID",
    "PatientSex",
    "PatientBirthDate",
    "PatientAge",
    "StudyDescription",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "SeriesDescription",
    "Manufacturer",
    "ManufacturerModelName",
    "InstitutionName",
    "ProtocolName",
    "BodyPartExamined",
    "ConvolutionKernel",
    "ContrastBolusAgent",
    "WindowCenterWidthExplanation",
    "RescaleType",
)

IN_ASCII = {"PatientSex", "PatientBirthDate", "PatientAge", "StudyDate", "StudyTime", "BodyPartExamined"}
"""Their value representations know no other characters."""


@pytest.fixture
def hostile_study(tmp_path: Path) -> Path:
    folder = tmp_path / IN_A_NAME
    hostile = {field: ASCII if field in IN_ASCII else HOSTILE for field in FIELDS}
    write_series(folder, n=4, name=IN_A_NAME + "{:04d}", series="a", **hostile)
    write_series(folder / "b", n=2, series="b", modality=ASCII[:20], positions_mm=[0, 40], **hostile)
    (folder / f"{IN_A_NAME}.dcm").write_text("no image here")
    return folder


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    named = replace(card(Path(f"/models/{IN_A_NAME}")), name=HOSTILE, version=HOSTILE)
    presets = (*default_backend().presets(), *(Preset(0, Window(40.0, 80.0), HOSTILE) for _ in range(3)))
    backend = scripted_backend(Script(flagged=[1]), load_card=lambda _: named, presets=lambda: tuple(presets))
    made = MainWindow(UiSettings(), backend)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def wait_for(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(
        lambda: (
            session.is_open
            and not session.reading
            and session.model.model is not None
            and session.analysis.complete
            and window.viewing.shown == window.viewing.index
        ),
        timeout=10_000,
    )
    qtbot.wait(250)


def assert_plain(root: QWidget) -> str:
    """Check every text below a widget; all of them, for what a test wants to find there."""
    seen = []
    for name, kind, text in texts_of(root):
        if kind == "auto" and GuiQt.mightBeRichText(text):
            assert "<h1" not in text, (name, text)
            assert "<img" not in text, (name, text)
        if kind == "sign" and "File" in text and "Big" in text:
            assert "&&File" in text, (name, text)
            assert text.replace("&&", "").count("&") == 0, (name, text)
        if kind in ("line", "sign"):
            assert "\n" not in text, (name, text)
        assert not set(text) & set("\u202e\u2066\x1b"), (name, text)
        seen.append(shown(text) if kind == "auto" else text)
    assert not [w for w in root.findChildren(QLabel) if w.textFormat() is not Qt.TextFormat.PlainText]
    assert not root.findChildren(QTextEdit), "a text edit takes pasted HTML"
    return "\n".join(seen)


def test_no_text_of_a_file_is_markup_anywhere_in_the_window(
    qtbot: QtBot, window: MainWindow, hostile_study: Path
) -> None:
    window.open_paths([hostile_study])
    wait_for(qtbot, window)
    window.menus.recent.aboutToShow.emit()
    words = assert_plain(window)
    assert "<h1>Big" in words, "the text itself is there, letter by letter"
    assert "Big" in window.windowTitle()
    overlay = window.findChild(ImageOverlay)
    for corner in Corner:
        for line in overlay.lines(corner):
            assert not set(line.text) & set("\n\u202e\u2066\x1b")
    for index in range(len(window.viewing.series or ())):
        window.viewing.go_to(index)
        qtbot.wait(10)
        assert_plain(window)


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_tips_of_the_study_list_are_no_markup(qtbot: QtBot, window: MainWindow, hostile_study: Path) -> None:
    window.open_paths([hostile_study])
    wait_for(qtbot, window)
    view = window.browser.view
    rows = 0
    y = 4
    while (index := view.indexAt(view.viewport().rect().topLeft() + QPoint(10, y))).isValid():
        at = view.visualRect(index).center()
        QApplication.sendEvent(
            view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
        )
        text = QToolTip.text()
        assert "<h1>" not in text
        assert "<h1>Big</h1>" in shown(text)
        QToolTip.hideText()
        y = view.visualRect(index).bottom() + 3
        rows += 1
    assert rows >= 4


def test_no_dialog_takes_text_for_markup(qtbot: QtBot, window: MainWindow, hostile_study: Path) -> None:
    window.open_paths([hostile_study])
    wait_for(qtbot, window)
    window.show_problems()
    problems = window.findChild(ProblemsDialog)
    problems.view.selectAll()
    words = assert_plain(problems)
    assert "<h1>Big" in words
    assert "<h1>Big" in problems.detail
    problems.close()
    for dialog in (
        AboutDialog(window.session.model, window),
        KeysDialog(window.keys, window),
        BugDialog(ValueError(HOSTILE), hostile_study / "bug.log", window),
    ):
        dialog.show()
        assert_plain(dialog)
        dialog.close()


def test_no_message_takes_text_for_markup(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / IN_A_NAME
    folder.mkdir()
    (folder / f"{IN_A_NAME}.txt").write_text("no image here")
    with qtbot.waitSignal(window.session.readFailed):
        window.open_paths([folder])
    assert "<h1>Big" in assert_plain(window)
    window.notice.show_message(HOSTILE, "error", (HOSTILE, lambda: None))
    assert "<h1>Big" in assert_plain(window.notice)


def test_a_model_that_fails_with_markup(qtbot: QtBot) -> None:
    def broken(*_: object, **__: object) -> Backend:
        raise EngineError(HOSTILE, HOSTILE, HOSTILE)

    window = MainWindow(UiSettings(), scripted_backend(load_card=broken))
    window.show()
    qtbot.waitUntil(lambda: window.session.model.failure is not None)
    about = AboutDialog(window.session.model, window)
    assert "<h1>Big" in assert_plain(window)
    assert "<h1>Big" in assert_plain(about)
    window.close()
    window.deleteLater()
