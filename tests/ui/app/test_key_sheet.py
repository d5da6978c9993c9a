"""The key sheet tells keys together while their words tell them apart, and one by one where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ichviewer.services.windows import load_presets
from ichviewer.ui.app.commands import Command, CommandTable, SheetGroup
from ichviewer.ui.app.key_map import KeyMap
from ichviewer.ui.app.key_sheet import sheet_lines
from ichviewer.ui.app.standard_commands import standard_table

FIRST = KeyMap(standard_table(load_presets(Path("none"))))


def lines(keys: KeyMap, group: SheetGroup = SheetGroup.SLICES, **options: bool) -> list[tuple[str, str]]:
    return [(line.keys, line.words) for line in sheet_lines(keys, group, **options)]


def test_at_first() -> None:
    assert lines(FIRST) == [
        ("Wheel, arrow keys", "one slice"),
        ("Page Up, Page Down", "five slices"),
        ("Home, End", "first, last slice"),
        ("N, P", "next, previous flagged slice"),
        ("M", "most suspicious slice"),
        ("Ctrl+Down, Ctrl+Up", "next, previous series"),
        ("Click or drag in the strip", "go to that slice"),
        ("C", "play through the slices, or stop"),
        ("Shift+Down, Shift+Up", "play slower, faster"),
        ("Alt+K", "all slices again, not only key objects"),
    ]
    assert lines(FIRST, SheetGroup.WINDOWS)[-1] == ("6", "From file; again for the next one")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"go.next_flagged": ["J"]}, [("J, P", "next, previous flagged slice")]),
        # Which of three keys goes on and which goes back?
        (
            {"go.next_flagged": ["J", "Y"]},
            [("J, Y", "Next flagged slice"), ("P", "Previous flagged slice")],
        ),
        ({"go.next_flagged": []}, [("P", "Previous flagged slice")]),
        ({"go.next_flagged": [], "go.previous_flagged": []}, []),
    ],
)
def test_keys_that_share_a_line(changes: dict[str, list[str]], told: list[tuple[str, str]]) -> None:
    keys = FIRST
    for command_id, chosen in changes.items():
        keys = keys.with_keys(command_id, chosen)
    assert [line for line in lines(keys) if "flagged" in line[1].lower()] == told


def test_what_the_mouse_does_stays_told_when_the_keys_are_others() -> None:
    keys = FIRST.with_keys("go.previous_slice", ["J"])
    assert lines(keys)[:3] == [
        ("Wheel", "one slice"),
        ("Down, Right", "Next slice"),
        ("J", "Previous slice"),
    ]
    assert ("Double click", "reset") in lines(FIRST.with_keys("view.reset", []), SheetGroup.IMAGE)


def test_a_command_that_had_no_key_is_told_once_it_has_one() -> None:
    assert "about" not in str(lines(FIRST, SheetGroup.PROGRAM)).lower()
    keys = FIRST.with_keys("help.about", ["F12"])
    assert lines(keys, SheetGroup.PROGRAM)[-1] == ("F12", "About ichviewer")


def test_the_readme_may_have_its_own_words() -> None:
    help_line = ("F1, ?", "this help")
    assert help_line in lines(FIRST, SheetGroup.PROGRAM)
    assert help_line not in lines(FIRST, SheetGroup.PROGRAM, readme=True)
    assert ("F1, ?", "all keys, and changing them") in lines(FIRST, SheetGroup.PROGRAM, readme=True)


def test_a_table_of_one_command_without_a_place_in_the_sheet() -> None:
    table = CommandTable([Command("test.do", "&Do it…", "Does it", lambda c: c.quit(), keys=("F7",))])
    assert lines(KeyMap(table), SheetGroup.PROGRAM) == [("F7", "Do it")]
