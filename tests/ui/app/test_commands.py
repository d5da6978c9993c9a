"""The command table: what it refuses, and in which order it offers what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ichviewer.services.windows import load_presets
from ichviewer.ui.app.commands import (
    FAR_END,
    Command,
    CommandTable,
    Entry,
    Menu,
    MenuPlace,
    ToolbarPlace,
    letter,
    plain,
)
from ichviewer.ui.app.standard_commands import standard_table
from ichviewer.ui.look.key_names import canonical


def command(name: str, words: str = "&Do it", **changes: object) -> Command:
    return Command(f"test.{name}", words, "Does it", lambda c: c.quit(), **changes)  # type: ignore[arg-type]


MENU = Menu("test", "&Test")


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([command("a"), command("a")], "Received twice: test.a"),
        ([MENU, Menu("test", "&Other")], "Received twice: test"),
        ([command("a", keys=("N",)), command("b", keys=("M", "N"))], "N of test.a and test.b"),
        ([command("a", menu=MenuPlace("test", 1))], "Received: test$"),
        ([MENU, *(command(n, menu=MenuPlace("test", 1)) for n in "ab")], "D of test.a and test.b"),
        ([MENU, Menu("more", "&Tools")], "T of test and more"),
        (
            [Menu("a", "A", place=MenuPlace("b", 1)), Menu("b", "B", place=MenuPlace("a", 1))],
            "hangs from the menu bar. Received: a, b",
        ),
    ],
)
def test_what_would_be_there_twice_or_nowhere_is_refused_and_named(entries: list[Entry], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        CommandTable(entries)
    table = CommandTable([command("before", "&Before")])
    with pytest.raises(ValueError, match="Received"):
        table.add(entries)
    assert [c.id for c in table.commands] == ["test.before"], "all or none are added"


@pytest.mark.parametrize(
    "changes",
    [{"keys": ("ctrl+n",)}, {"keys": ("Nonsense",)}, {"keys": ("7",)}, {"words": "&"}, {"words": ""}],
)
def test_a_command_with_wrong_keys_or_without_words_cannot_be(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Received"):
        command("a", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("command_id", ["", "next", "Go.next", "go.", "go next"])
def test_an_id_has_two_parts(command_id: str) -> None:
    with pytest.raises(ValueError, match="Received"):
        Command(command_id, "&Next", "Next", lambda c: c.quit())


def test_sections_and_orders_sort_menu_and_toolbar_and_ties_stay_as_added() -> None:
    table = CommandTable(
        [
            Menu("last", "&Last", order=90),
            Menu("first", "&First", order=10),
            command("d", "D", menu=MenuPlace("first", 20), toolbar=ToolbarPlace(FAR_END, 1)),
            command("b", "B", menu=MenuPlace("first", 10, order=1)),
            command("c", "C", menu=MenuPlace("first", 10, order=1), toolbar=ToolbarPlace(10, 2)),
            Menu("first.more", "More", place=MenuPlace("first", 10)),
            command("a", "A", menu=MenuPlace("first.more", 10), toolbar=ToolbarPlace(10, 1)),
        ]
    )
    assert [m.id for m in table.menus] == ["first", "last", "first.more"]
    sections = [[entry.id for entry in section] for section in table.in_menu("first")]
    assert sections == [["first.more", "test.b", "test.c"], ["test.d"]]
    assert {n: [c.id for c in section] for n, section in table.in_toolbar().items()} == {
        10: ["test.a", "test.c"],
        FAR_END: ["test.d"],
    }
    assert table.in_menu("last") == []
    assert [table.menu_name(c) for c in table.commands] == ["First", "First", "First", "More"]


@pytest.mark.parametrize(
    ("words", "told", "chosen_by"),
    [
        ("&Go", "Go", "G"),
        ("Ne&xt", "Next", "X"),
        ("A && B", "A & B", ""),
        ("A && &B", "A & B", "B"),
        ("", "", ""),
    ],
)
def test_words_of_a_menu(words: str, told: str, chosen_by: str) -> None:
    assert (plain(words), letter(words)) == (told, chosen_by)


def test_every_command_of_the_program_is_offered_by_a_menu_or_a_key() -> None:
    table = standard_table(load_presets(Path("none")))
    assert len(table.commands) > 35
    assert [c.id for c in table.commands if c.menu is None and not c.keys] == []
    assert all(canonical(key) == key for c in table.commands for key in c.keys)
