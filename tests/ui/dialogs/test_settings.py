"""The settings dialog: pages fill, check and save; nothing acts before Apply; what is wrong is said in words."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.window import VoiFunction, Window
from ichviewer.services.windows import NO_KEY, Preset, load_presets
from ichviewer.ui.dialogs.settings import SettingsDialog
from ichviewer.ui.dialogs.settings_appearance import AppearancePage
from ichviewer.ui.dialogs.settings_mouse import MousePage
from ichviewer.ui.dialogs.settings_page import SettingsPage
from ichviewer.ui.dialogs.settings_storage import StoragePage
from ichviewer.ui.dialogs.settings_windows import WindowsPage
from ichviewer.ui.dialogs.window_drafts import WindowDraft, draft_of, presets_of
from ichviewer.ui.session.mouse_map import MOUSE_PRESETS, DoubleClick, Drag, MouseMap
from ichviewer.ui.session.preferences import Panes, Preferences, ThemeChoice

USUAL = load_presets(Path("there is none"))
BUTTON = QDialogButtonBox.StandardButton


def never_asked(parent: QWidget, start: Path, chosen: Callable[[Path], None]) -> None:
    raise AssertionError("no folder was to be chosen")


@pytest.fixture
def chosen(tmp_path: Path) -> Preferences:
    return Preferences(
        language="de",
        theme=ThemeChoice.SYSTEM,
        text_percent=125,
        panes=Panes.FOUR,
        mouse=MOUSE_PRESETS["Weasis"],
        windows=(
            Preset(1, Window(40, 40, VoiFunction.SIGMOID, "Soft"), "Soft"),
            Preset(7, None, "File"),
            Preset(NO_KEY, Window(0.5, 33.25, name="Half"), "Half"),
        ),
        window_at_start="Half",
        remember_recent=False,
        data_folder=tmp_path / "new" / "folder",
    )


def make(qtbot: QtBot, preferences: Preferences, *more: SettingsPage) -> SettingsDialog:
    pages = (AppearancePage(), WindowsPage(USUAL), MousePage(), StoragePage(never_asked), *more)
    dialog = SettingsDialog(preferences, pages)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def page(dialog: SettingsDialog, kind: type[SettingsPage]) -> SettingsPage:
    return next(p for p in dialog.pages if isinstance(p, kind))


def windows(dialog: SettingsDialog) -> WindowsPage:
    found = page(dialog, WindowsPage)
    assert isinstance(found, WindowsPage)
    return found


def storage(dialog: SettingsDialog) -> StoragePage:
    found = page(dialog, StoragePage)
    assert isinstance(found, StoragePage)
    return found


def press(dialog: SettingsDialog, which: QDialogButtonBox.StandardButton) -> None:
    dialog.buttons.button(which).click()


def write(field: QLineEdit, text: str) -> None:
    field.clear()
    QTest.keyClicks(field, text)


# The whole dialog


def test_what_nobody_touched_is_saved_as_it_was(qtbot: QtBot, chosen: Preferences) -> None:
    for preferences in (Preferences(), chosen):
        dialog = make(qtbot, preferences)
        with qtbot.waitSignal(dialog.chosen) as told:
            press(dialog, BUTTON.Apply)
        assert told.args == [preferences]
        assert dialog.isVisible()


def test_nothing_is_told_before_apply_and_cancel_drops_all(qtbot: QtBot) -> None:
    dialog = make(qtbot, Preferences())
    told: list[Preferences] = []
    dialog.chosen.connect(told.append)
    page(dialog, AppearancePage).theme.set_value(ThemeChoice.LIGHT)  # type: ignore[attr-defined]
    write(windows(dialog).name, "Mine")
    press(dialog, BUTTON.Cancel)
    assert told == []
    assert not dialog.isVisible()


def test_ok_tells_once_and_closes(qtbot: QtBot) -> None:
    dialog = make(qtbot, Preferences())
    told: list[Preferences] = []
    dialog.chosen.connect(told.append)
    page(dialog, AppearancePage).panes.set_value(Panes.TWO_DOWN)  # type: ignore[attr-defined]
    press(dialog, BUTTON.Ok)
    assert told == [Preferences(panes=Panes.TWO_DOWN)]
    assert not dialog.isVisible()


def test_restore_defaults_fills_the_page_on_show_and_leaves_the_others(
    qtbot: QtBot, chosen: Preferences
) -> None:
    dialog = make(qtbot, chosen)
    told: list[Preferences] = []
    dialog.chosen.connect(told.append)
    defaults = Preferences()
    expected = chosen
    for kind, names in (
        (MousePage, ("mouse",)),
        (WindowsPage, ("windows", "window_at_start")),
        (StoragePage, ("remember_recent", "data_folder")),
        (AppearancePage, ("language", "theme", "text_percent", "panes")),
    ):
        dialog.show_page(page(dialog, kind))
        press(dialog, BUTTON.RestoreDefaults)
        assert len(told) == 0 or told[-1] == expected
        press(dialog, BUTTON.Apply)
        expected = replace(expected, **{name: getattr(defaults, name) for name in names})
        assert told[-1] == expected
    assert expected == defaults


def test_a_field_that_cannot_be_used_is_shown_and_nothing_is_told(qtbot: QtBot) -> None:
    dialog = make(qtbot, Preferences())
    told: list[Preferences] = []
    dialog.chosen.connect(told.append)
    write(storage(dialog).folder, "not/full")
    for which in (BUTTON.Apply, BUTTON.Ok):
        dialog.list.setCurrentRow(0)
        press(dialog, which)
        assert isinstance(dialog.page, StoragePage)
        assert dialog.isVisible()
    assert told == []
    assert storage(dialog).field.complaint == "The data folder must be a full path."
    assert storage(dialog).folder.accessibleDescription() == "The data folder must be a full path."
    write(storage(dialog).folder, "")
    press(dialog, BUTTON.Ok)
    assert told == [Preferences()]


def test_a_page_of_another_kind_is_told_of_apply(qtbot: QtBot) -> None:
    class Keys(SettingsPage):
        """A page for what is no preference."""

        def __init__(self) -> None:
            super().__init__("Keys")
            self.told = 0

        def load(self, preferences: Preferences) -> None:
            """Nothing of it is a preference."""

        def save(self, preferences: Preferences) -> Preferences:
            """Nothing of it is a preference."""
            return preferences

        def applied(self) -> None:
            """Count."""
            self.told += 1

    keys = Keys()
    dialog = make(qtbot, Preferences(), keys)
    assert [dialog.list.item(n).text() for n in range(dialog.list.count())][-1] == "Keys"
    press(dialog, BUTTON.Apply)
    press(dialog, BUTTON.Apply)
    assert keys.told == 2


# Pages


def test_a_size_written_by_hand_is_offered_too(qtbot: QtBot) -> None:
    look = AppearancePage()
    qtbot.addWidget(look)
    look.load(Preferences(text_percent=97))
    assert look.save(Preferences()).text_percent == 97
    look.load(Preferences())
    assert [look.text.itemText(n) for n in range(look.text.count())] == [f"{p} %" for p in range(80, 161, 10)]


def test_the_languages_on_offer_call_themselves_as_they_do(qtbot: QtBot) -> None:
    look = AppearancePage()
    qtbot.addWidget(look)
    look.load(Preferences())
    assert [look.language.itemText(n) for n in range(3)] == ["As the system", "English", "Deutsch"]
    assert look.save(Preferences(language="de")).language == ""
    look.language.set_value("de")
    assert look.save(Preferences()).language == "de"


def test_a_language_that_is_not_there_any_more_stays_chosen(qtbot: QtBot) -> None:
    look = AppearancePage()
    qtbot.addWidget(look)
    look.load(Preferences(language="xx"))
    assert look.save(Preferences()).language == "xx"
    look.load(Preferences(language="en"))
    assert "xx" not in [look.language.itemText(n) for n in range(look.language.count())]


def test_a_preset_of_the_mouse_sets_all_gestures_and_is_named_when_they_match(qtbot: QtBot) -> None:
    mouse = MousePage()
    qtbot.addWidget(mouse)
    mouse.load(Preferences())
    for name, preset in MOUSE_PRESETS.items():
        mouse.preset.set_value(name)
        assert mouse.mouse == preset
    mouse.gestures["left"].set_value(Drag.SLICES)
    assert mouse.preset.currentText() == "Own choice"
    assert mouse.save(Preferences()).mouse == replace(MOUSE_PRESETS["Horos"], left=Drag.SLICES)
    mouse.gestures["left"].set_value(Drag.WINDOW)
    mouse.gestures["double_click"].set_value(DoubleClick.ENLARGE)
    mouse.gestures["shift_left"].set_value(Drag.PAN)
    assert mouse.preset.currentText() == "OHIF"
    assert [f.name for f in fields(MouseMap)] == list(mouse.gestures)


def test_a_folder_is_chosen_in_a_dialog_and_checked(qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[Path] = []

    def ask(parent: QWidget, start: Path, taken: Callable[[Path], None]) -> None:
        asked.append(start)
        taken(tmp_path / "store")

    store = StoragePage(ask)
    qtbot.addWidget(store)
    store.load(Preferences(data_folder=tmp_path))
    store.choose.click()
    assert asked == [tmp_path]
    assert store.check() is None
    assert store.save(Preferences()).data_folder == tmp_path / "store"
    assert not (tmp_path / "store").exists()
    (tmp_path / "store").touch()
    assert store.check() is store.folder
    assert store.field.complaint == "This is a file, not a folder."


def test_windows_are_added_renamed_moved_and_removed(qtbot: QtBot) -> None:
    dialog = make(qtbot, Preferences())
    dialog.show_page(windows(dialog))
    edit = windows(dialog)
    edit.list.setCurrentRow(0)
    edit.add.click()
    assert edit.list.currentRow() == 1
    write(edit.name, "Sharp & <b>")
    write(edit.center, "32,5")
    write(edit.width_, "8")
    edit.up.click()
    assert [d.name for d in edit.drafts][:3] == ["Sharp & <b>", "Brain", "Subdural"]
    edit.list.setCurrentRow(2)
    edit.remove.click()
    assert edit.start.count() == 1 + 6
    edit.start.set_value("Sharp & <b>")
    edit.list.setCurrentRow(0)
    write(edit.name, "Sharp")
    with qtbot.waitSignal(dialog.chosen) as told:
        press(dialog, BUTTON.Apply)
    saved = told.args[0]
    assert saved.window_at_start == "Sharp"
    assert [(p.key, p.name) for p in saved.windows] == [
        (1, "Sharp"),
        (2, "Brain"),
        (3, "Stroke"),
        (4, "Soft tissue"),
        (5, "Bone"),
        (6, "From file"),
    ]
    assert saved.windows[0].voi == Window(32.5, 8, name="Sharp")
    assert saved.windows[5].voi is None


def test_edited_back_the_list_counts_as_the_usual_one(qtbot: QtBot) -> None:
    edit = WindowsPage(USUAL)
    qtbot.addWidget(edit)
    edit.load(Preferences())
    edit.list.setCurrentRow(0)
    edit.down.click()
    assert edit.save(Preferences()).windows is not None
    edit.up.click()
    assert edit.save(Preferences()).windows is None


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (WindowDraft("A", "40", "80"), set()),
        (WindowDraft("A", "-1.5", "1"), set()),
        (WindowDraft("A", "\N{MINUS SIGN}1,5", "80"), set()),
        (WindowDraft("A", "40", "0.5", VoiFunction.SIGMOID), set()),
        (WindowDraft(" ", "40", "80"), {"name"}),
        (WindowDraft("x" * 41, "40", "80"), {"name"}),
        (WindowDraft("brain ", "40", "80"), {"name"}),
        (WindowDraft("A", "", "80"), {"center"}),
        (WindowDraft("A", "1e9", "80"), {"center"}),
        (WindowDraft("A", "nan", "inf"), {"center", "width"}),
        (WindowDraft("A", "40", "0.5"), {"width"}),
        (WindowDraft("A", "40", "-3", VoiFunction.SIGMOID), {"width"}),
        (WindowDraft("", "forty", "wide"), {"name", "center", "width"}),
        (WindowDraft("A", of_file=True), set()),
    ],
)
def test_what_makes_no_window_is_said_field_by_field(draft: WindowDraft, wrong: set[str]) -> None:
    found = draft.complaints([WindowDraft("Brain", "40", "80")])
    assert set(found) == wrong
    assert all(words[0].isupper() and words.endswith(".") for words in found.values())
    if not wrong:
        assert draft.preset(3).key == 3


@given(
    st.floats(-1e6, 1e6, allow_nan=False), st.floats(1, 1e6, allow_nan=False), st.sampled_from(VoiFunction)
)
def test_a_window_survives_its_fields_exactly(center: float, width: float, function: VoiFunction) -> None:
    preset = Preset(1, Window(center, width, function, "W"), "W")
    assert presets_of([draft_of(preset)]) == (preset,)


def test_the_page_goes_to_the_window_that_cannot_be_used(qtbot: QtBot) -> None:
    edit = WindowsPage(USUAL)
    qtbot.addWidget(edit)
    edit.load(Preferences())
    edit.list.setCurrentRow(3)
    write(edit.width_, "0")
    assert edit.fields["width"].complaint == "The width is at least 1 HU."
    edit.list.setCurrentRow(0)
    assert edit.fields["width"].complaint == ""
    assert edit.check() is edit.width_
    assert edit.list.currentRow() == 3
    assert edit.fields["width"].complaint == "The width is at least 1 HU."


def test_the_window_of_the_image_has_no_numbers_to_enter(qtbot: QtBot) -> None:
    edit = WindowsPage(USUAL)
    qtbot.addWidget(edit)
    edit.load(Preferences())
    edit.list.setCurrentRow(5)
    assert not edit.center.isEnabled()
    assert not edit.width_.isEnabled()
    assert edit.name.isEnabled()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_pressed_the_list_stays_usable(qtbot: QtBot, seed: int) -> None:
    steps = random.Random(seed)
    edit = WindowsPage(USUAL)
    qtbot.addWidget(edit)
    edit.load(Preferences())
    for _ in range(25):
        steps.choice([edit.add, edit.remove, edit.up, edit.down]).click()
        if steps.random() < 0.5:
            edit.list.setCurrentRow(steps.randrange(edit.list.count()))
        if steps.random() < 0.5:
            write(edit.name, f"W{steps.randrange(1000)}")
    assert edit.list.count() == len(edit.drafts) >= 1
    assert [edit.list.item(n).text() for n in range(edit.list.count())] == [d.words for d in edit.drafts]
    if edit.check() is None:
        saved = edit.save(Preferences()).windows
        assert saved is None or len(saved) == len(edit.drafts)


def test_everything_is_reached_by_keyboard(qtbot: QtBot) -> None:
    dialog = make(qtbot, Preferences())
    dialog.show_page(windows(dialog))
    dialog.list.setFocus()
    reached = set()
    for _ in range(40):
        focus = dialog.focusWidget()
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    edit = windows(dialog)
    for control in (edit.list, edit.name, edit.center, edit.width_, edit.add, edit.remove, edit.start):
        assert control in reached
    assert {dialog.buttons.button(b) for b in (BUTTON.Ok, BUTTON.Apply, BUTTON.Cancel)} <= reached
