"""Presets are told apart by their place: keys go to nine, and several have none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dicom_factory import write_series
from fake_backend import scripted_backend
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.window import Window
from ichviewer.services.windows import NO_KEY, Preset, load_presets, merge
from ichviewer.ui.panes.preset_bar import PresetBar

OWN = "\n".join(f'[[window]]\nname = "Own {n}"\ncenter_hu = {100 + n}\nwidth_hu = 50\n' for n in range(8))


@pytest.fixture
def presets(tmp_path: Path) -> tuple[Preset, ...]:
    """The program's six and eight of a person's own, of which five have no key."""
    path = tmp_path / "windows.toml"
    path.write_text(OWN, encoding="utf-8")
    found = load_presets(path)
    assert [p.key for p in found].count(NO_KEY) == 5
    return found


def test_every_preset_can_be_chosen(
    make_window: MakeWindow,  # noqa: F811
    ct_series: list[Path],
    presets: tuple[Preset, ...],
) -> None:
    window = make_window.opened(ct_series[0].parent, backend=scripted_backend(presets=lambda: presets))
    items = window.menus.windows.actions()
    assert len(items) == len(presets)
    for choose in (lambda i: items[i].trigger(), lambda i: window.preset_bar.button(i).click()):
        for place, preset in enumerate(presets):
            choose(place)
            assert [window.preset_bar.button(i).isChecked() for i in range(len(presets))].index(True) == place
            if preset.voi is not None:
                assert window.image.voi() is preset.voi
    keys = [item.shortcut().toString() for item in items]
    assert keys == [str(p.key) if p.key else "" for p in presets]
    for place, preset in enumerate(presets):
        if preset.key:
            QTest.keyClick(window.windowHandle(), Qt.Key(Qt.Key.Key_0.value + preset.key))
            assert window.preset_bar.button(place).isChecked()
    # 0 is no preset's key.
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_0)
    assert window.preset_bar.button(8).isChecked()


@pytest.mark.parametrize("width", [300, 700, 1000, 2000])
def test_those_without_room_are_offered_by_a_button(
    qtbot: QtBot, presets: tuple[Preset, ...], width: int
) -> None:
    bar = PresetBar(presets)
    qtbot.addWidget(bar)
    bar.resize(width, 40)
    bar.show()
    shown = [i for i in range(len(presets)) if bar.button(i).isVisible()]
    hidden = [i for i in range(len(presets)) if i not in shown]
    assert all(bar.rect().contains(bar.button(i).geometry()) for i in shown)
    assert bar.more.isVisible() == bool(hidden)
    menu = bar.more.menu()
    assert menu is not None
    assert [i for i, choice in enumerate(menu.actions()) if choice.isVisible()] == hidden
    for place in hidden:
        with qtbot.waitSignal(bar.presetRequested) as told:
            menu.actions()[place].trigger()
        assert told.args == [place]


def test_without_a_key_none_is_shown(qtbot: QtBot, presets: tuple[Preset, ...]) -> None:
    bar = PresetBar(presets)
    qtbot.addWidget(bar)
    assert bar.button(0).toolTip().endswith("(1)")
    assert bar.button(len(presets) - 1).toolTip() == "Own 7: center/width 107/50 HU"


def test_markup_in_a_name_stays_text(qtbot: QtBot) -> None:
    bar = PresetBar([Preset(NO_KEY, Window(1, 2), "<b>x</b> & y")])
    qtbot.addWidget(bar)
    assert "&lt;b&gt;" in bar.button(0).toolTip()
    assert bar.more.menu().actions()[0].text().startswith("<b>x</b> && y")


def test_presets_that_all_ask_for_the_files_window_still_show_an_image(
    make_window: MakeWindow,  # noqa: F811
    tmp_path: Path,
) -> None:
    write_series(tmp_path, n=3, WindowCenter=None, WindowWidth=None)
    only = (Preset(1, None, "From file"),)
    window = make_window.opened(tmp_path, backend=scripted_backend(presets=lambda: only))
    assert window.image.voi() == Window(40, 80, name="Brain")


@given(st.lists(st.integers(0, 9), max_size=30))
def test_no_preset_gets_lost_and_no_key_is_given_twice(keys: list[int]) -> None:
    base = load_presets(Path("there is none"))
    own = [Preset(key, Window(n, 10 + n), f"Own {n}") for n, key in enumerate(keys)]
    merged = merge(base, own)
    used = [p.key for p in merged if p.key != NO_KEY]
    assert len(used) == len(set(used))
    # Everything without a key of its own is there; of those with one, the last of each key.
    for preset in own:
        last = preset.key == NO_KEY or own[max(i for i, k in enumerate(keys) if k == preset.key)] is preset
        assert (any(replace(p, key=preset.key) == preset for p in merged)) == last
