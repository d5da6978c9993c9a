"""What is chosen in the settings acts at once: theme, size of words, windows, mouse."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_backend import scripted_backend
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.window import Window
from ichviewer.services.windows import Preset, load_presets
from ichviewer.ui.app.app import make_window as make_viewer
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.app.open_settings import open_settings
from ichviewer.ui.app.preferences_in_use import PreferencesInUse, use_look
from ichviewer.ui.dialogs.settings import SettingsDialog
from ichviewer.ui.dialogs.settings_appearance import AppearancePage
from ichviewer.ui.dialogs.settings_windows import WindowsPage
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.theme import DARK, LIGHT, look, theme
from ichviewer.ui.panes.image_overlay import ImageOverlay
from ichviewer.ui.session.mouse_map import MOUSE_PRESETS, Drag, MouseMap
from ichviewer.ui.session.preferences import Panes, Preferences, ThemeChoice
from ichviewer.ui.session.ui_settings import UiSettings

USUAL = load_presets(Path("there is none"))


@pytest.fixture
def settings(tmp_path: Path) -> UiSettings:
    return UiSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture(autouse=True)
def size_of_words(qapp: QApplication) -> Iterator[None]:
    yield
    look().set_text_percent(qapp, 100)
    look().show_theme(qapp, DARK)


def system_shows(app: QApplication, scheme: Qt.ColorScheme) -> None:
    """Tell as the system would; offscreen there is none."""
    app.styleHints().colorSchemeChanged.emit(scheme)


def test_the_theme_follows_the_system_while_that_is_chosen(qapp: QApplication, settings: UiSettings) -> None:
    use = PreferencesInUse(settings, USUAL)
    settings.store_preferences(Preferences(theme=ThemeChoice.SYSTEM))
    assert look().follows_system
    assert use.preferences.theme is ThemeChoice.SYSTEM
    # Where the system does not say, it is dark.
    assert theme() is DARK
    for scheme, colors in (
        (Qt.ColorScheme.Light, LIGHT),
        (Qt.ColorScheme.Dark, DARK),
        (Qt.ColorScheme.Light, LIGHT),
        (Qt.ColorScheme.Unknown, DARK),
    ):
        system_shows(qapp, scheme)
        assert theme() is colors
        assert colors.accent in qapp.styleSheet()
    settings.store_preferences(Preferences(theme=ThemeChoice.LIGHT))
    assert (theme(), look().follows_system) == (LIGHT, False)
    system_shows(qapp, Qt.ColorScheme.Dark)
    assert theme() is LIGHT


def test_the_command_that_switches_the_theme_ends_following(qapp: QApplication, settings: UiSettings) -> None:
    use_look(qapp, Preferences(theme=ThemeChoice.SYSTEM))
    settings.store_preferences(Preferences(theme=ThemeChoice.SYSTEM))
    settings.theme = LIGHT
    assert settings.preferences.theme is ThemeChoice.LIGHT


def test_a_theme_that_is_on_is_not_put_on_again(qapp: QApplication, qtbot: QtBot) -> None:
    use_look(qapp, Preferences())
    with qtbot.assertNotEmitted(look().changed):
        use_look(qapp, Preferences())


@pytest.mark.parametrize("percent", [80, 130, 160])
def test_the_size_of_words_counts_for_the_application_and_what_draws_by_hand(
    qapp: QApplication,
    make_window: MakeWindow,  # noqa: F811
    percent: int,
) -> None:
    window = make_window()
    use_look(qapp, Preferences(text_percent=percent))
    expected = round(13 * percent / 100)
    assert qapp.font().pixelSize() == expected
    assert window.status.font().pixelSize() == expected
    assert window.preset_bar.sizeHint().height() == 2 * round(15 * percent / 100) + 8
    # The words on the image, before they grow with a very large image.
    overlay = window.image.findChild(ImageOverlay)
    assert overlay is not None
    overlay.resize(600, 600)
    assert overlay.text_font().pixelSize() == expected


def test_windows_and_mouse_are_told_when_they_change_and_only_then(
    settings: UiSettings, qtbot: QtBot
) -> None:
    use = PreferencesInUse(settings, USUAL)
    told: list[object] = []
    use.windowsChanged.connect(lambda presets, start: told.append((presets, start)))
    use.mouseChanged.connect(told.append)
    settings.store_preferences(Preferences(text_percent=90))
    assert told == []
    settings.store_preferences(Preferences(window_at_start="Bone"))
    assert told.pop() == (USUAL, 4)
    own = (Preset(1, Window(1, 2, name="One"), "One"),)
    settings.store_preferences(Preferences(windows=own, window_at_start="Bone"))
    assert told.pop() == (own, 0)
    settings.store_preferences(Preferences(windows=own, mouse=MOUSE_PRESETS["OHIF"]))
    assert told == [MOUSE_PRESETS["OHIF"]]


def connect(window: MainWindow) -> PreferencesInUse:
    """As the window connects what is its own."""
    use = PreferencesInUse(window.settings, window.presets, window)

    def offer(presets: tuple[Preset, ...], start: int) -> None:
        window.preset_bar.set_presets(presets)
        window.viewing.set_presets(presets, start)

    use.windowsChanged.connect(offer)
    return use


def test_apply_changes_the_window_under_the_dialog_at_once(
    qapp: QApplication,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    connect(window)
    dialog = open_settings(window, window.settings, window.presets)
    assert open_settings(window, window.settings, window.presets) is dialog
    pages = {type(page): page for page in dialog.pages}
    look_page, windows = pages[AppearancePage], pages[WindowsPage]
    assert isinstance(look_page, AppearancePage)
    assert isinstance(windows, WindowsPage)
    look_page.theme.set_value(ThemeChoice.LIGHT)
    look_page.text.set_value(120)
    windows.list.setCurrentRow(0)
    windows.remove.click()
    assert theme() is DARK
    dialog.buttons.button(QDialogButtonBox.StandardButton.Apply).click()
    assert theme() is LIGHT
    assert qapp.font().pixelSize() == 16
    assert dialog.isVisible()
    # Brain was shown and is gone: the first of the list takes its place, in the bar and on the image.
    assert window.preset_bar.button(0).preset.name == "Subdural"
    assert window.preset_bar.button(0).isChecked()
    assert window.image.voi() == USUAL[1].voi
    again = UiSettings()
    assert again.preferences == window.settings.preferences
    dialog.reject()


def test_a_window_that_was_chosen_stays_on_the_image_when_the_list_changes(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    connect(window)
    window.viewing.use_preset(4)
    bone = window.image.voi()
    windows = (USUAL[5], replace(USUAL[4], key=2), USUAL[0])
    windows = (replace(windows[0], key=1), windows[1], replace(windows[2], key=3))
    window.settings.store_preferences(Preferences(windows=windows, window_at_start="Brain"))
    assert window.image.voi() == bone
    assert [window.preset_bar.button(n).isChecked() for n in range(3)] == [False, True, False]
    window.preset_bar.button(2).click()
    assert window.image.voi() == USUAL[0].voi


def test_a_window_nobody_chose_gives_way_to_that_of_the_start(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    connect(window)
    assert window.image.voi() == USUAL[0].voi
    window.settings.store_preferences(Preferences(window_at_start="Stroke"))
    assert window.image.voi() == USUAL[2].voi
    assert window.preset_bar.button(2).isChecked()


def test_the_program_starts_with_what_was_chosen_and_says_once_what_it_cannot_use(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    UiSettings().store_preferences(Preferences(theme=ThemeChoice.LIGHT, text_percent=110))
    store = QSettings(UiSettings()._store.fileName(), QSettings.Format.IniFormat)
    store.setValue("mouse/left", "<b>explode</b>")
    store.sync()
    for said in (True, False):
        window = make_viewer(qapp, backend=scripted_backend())
        try:
            assert (theme(), text_size().percent) == (LIGHT, 110)
            words = [label.text() for label in window.notice.findChildren(QLabel)]
            assert any("mouse/left: this must be one of" in text for text in words) is said
            assert all(
                label.textFormat() is Qt.TextFormat.PlainText for label in window.notice.findChildren(QLabel)
            )
        finally:
            window.settings.save()
            window.close()
            window.deleteLater()


def test_chosen_windows_and_mouse_act_in_menus_keys_panes_and_key_sheet(
    qtbot: QtBot,
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
) -> None:
    window = make_window.opened(ct_series[0].parent)
    mine = (
        Preset(1, Window(10.0, 20.0, name="Mine"), "Mine"),
        Preset(2, Window(30.0, 60.0, name="Other"), "Other"),
    )
    chosen = replace(
        window.settings.preferences, windows=mine, window_at_start="Other", mouse=MouseMap(right=Drag.SLICES)
    )
    reformats = [part.mouse for part in window.table.mouse if "reformat" in part.mouse]
    window.settings.store_preferences(chosen)
    assert [a.text().replace("&", "") for a in window.menus.windows.actions()] == [
        "Mine  10/20",
        "Other  30/60",
    ]
    assert window.table.command("window.preset_3") is None
    assert window.image.voi() == mine[1].voi, "nobody had chosen a window"
    qtbot.keyClick(window.image, Qt.Key.Key_1)
    assert window.image.voi() == mine[0].voi
    told = [part.mouse for part in window.table.mouse if part.sheet.words == "one slice"]
    assert told == ["Right drag", "Wheel"]
    assert [part.mouse for part in window.table.mouse if "reformat" in part.mouse] == reformats != []


def test_settings_open_by_their_key(make_window: MakeWindow) -> None:  # noqa: F811
    window = make_window()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert [d.isVisible() for d in window.findChildren(SettingsDialog)] == [True]


@pytest.mark.parametrize("panes", Panes)
def test_the_window_starts_with_as_many_images_as_chosen(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    panes: Panes,
) -> None:
    UiSettings().store_preferences(Preferences(panes=panes))
    window = make_window()
    assert window.panes.layout.id == panes
    assert window.actions_.state.layout == panes
    first, *others = window.panes.shown()
    window.open_paths([ct_series[0].parent])
    make_window.wait(window)
    assert window.panes.layout.id == panes
    assert window.viewing.active is first and first.series is not None
    assert all(pane.series is None for pane in others)
    # What is chosen meanwhile counts at the next start.
    window.settings.store_preferences(Preferences(panes=Panes.ONE))
    assert window.panes.layout.id == panes
