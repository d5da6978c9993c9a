"""Chosen keys: a key means one command, refusals name both, and what was remembered never stops the program."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ichviewer.services.windows import load_presets
from ichviewer.ui.app.commands import Command, CommandTable
from ichviewer.ui.app.key_map import KeyMap, KeyRefusedError, restore
from ichviewer.ui.app.standard_commands import standard_table

TABLE = standard_table(load_presets(Path("none")))
FIRST = KeyMap(TABLE)

some_keys = st.sampled_from(
    ["N", "P", "M", "J", "K", "F5", "Ctrl+E", "Esc", "Down", "1", "8", "Tab", "Alt+F", "+"]
)
some_ids = st.sampled_from([c.id for c in TABLE.commands])


def owners(keys: KeyMap) -> Counter[str]:
    return Counter(key for c in keys.table.commands for key in keys.keys(c.id))


def stored(keys: object, version: object = 1) -> str:
    return json.dumps({"version": version, "keys": keys})


def test_at_first_every_command_has_the_keys_of_the_table() -> None:
    assert FIRST.keys("go.next_slice") == ("Down", "Right")
    assert FIRST.keys("view.no_such_command") == ()
    assert FIRST.stored() == ""
    owner = FIRST.owner("F1")
    assert owner is not None and owner.id == "help.keys"
    assert FIRST.owner("J") is None


def test_other_keys_take_the_place_of_the_old_ones_which_are_free_then() -> None:
    changed = FIRST.with_keys("go.next_flagged", ["J", "J", "Ctrl+J"])
    assert changed.keys("go.next_flagged") == ("J", "Ctrl+J")
    assert changed.owner("N") is None
    swapped = changed.with_keys("go.previous_flagged", ["N"]).with_keys("go.next_flagged", ["P"])
    assert (swapped.keys("go.next_flagged"), swapped.keys("go.previous_flagged")) == (("P",), ("N",))
    assert FIRST.keys("go.next_flagged") == ("N",), "a map never changes"


def test_a_command_may_have_no_key() -> None:
    changed = FIRST.with_keys("analysis.cancel", [])
    assert changed.keys("analysis.cancel") == ()
    assert restore(TABLE, changed.stored()).keys.keys("analysis.cancel") == ()


@pytest.mark.parametrize(
    ("command_id", "key", "words"),
    [
        ("file.export", "N", 'N belongs to "Next flagged slice"; "Export CSV" cannot have it too'),
        ("file.export", "1", '1 belongs to "Brain 40/80"; "Export CSV" cannot have it too'),
        ("file.export", "Alt+F", 'Alt+F opens the menu "File"; "Export CSV" cannot have it'),
        ("file.export", "Tab", 'Tab moves between the parts of the window; "Export CSV" cannot have it'),
        (
            "file.export",
            "Nonsense",
            "\"Export CSV\" cannot have a key that Qt does not know. Found: 'Nonsense'",
        ),
        ("window.preset_1", "J", 'the keys of "Brain 40/80" are set in the settings'),
    ],
)
def test_refusals_name_the_key_and_both_sides(command_id: str, key: str, words: str) -> None:
    with pytest.raises(KeyRefusedError) as refused:
        FIRST.with_keys(command_id, [key])
    assert str(refused.value) == words


def test_keys_of_an_unknown_command_are_a_mistake_of_the_program() -> None:
    for change in (lambda: FIRST.with_keys("go.nowhere", ["J"]), lambda: FIRST.reset("go.nowhere")):
        with pytest.raises(ValueError, match=r"Received: go\.nowhere"):
            change()
    with pytest.raises(ValueError, match=r"Received: go\.nowhere"):
        KeyMap(TABLE, {"go.nowhere": ("J",)})
    with pytest.raises(KeyRefusedError, match="Next flagged slice"):
        KeyMap(TABLE, {"go.previous_flagged": ("N",)})


def test_the_first_keys_come_back_unless_another_command_has_them_by_now() -> None:
    changed = FIRST.with_keys("go.next_flagged", ["J"])
    assert changed.reset("go.next_flagged") == FIRST
    taken = changed.with_keys("go.most_suspicious", ["N"])
    with pytest.raises(KeyRefusedError, match='N belongs to "Most suspicious slice"; "Next flagged slice"'):
        taken.reset("go.next_flagged")


def test_keys_that_are_set_elsewhere_cannot_be_freed_here() -> None:
    with pytest.raises(KeyRefusedError, match='the keys of "Brain 40/80" are set in the settings'):
        FIRST.with_keys("window.preset_1", [])
    assert FIRST.reset("window.preset_1") == FIRST
    again = restore(TABLE, stored({"window.preset_1": [], "file.export": ["1"]}))
    assert again.keys == FIRST and len(again.notes) == 2


@example([("window.preset_1", []), ("file.export", ["1"])])
@given(st.lists(st.tuples(some_ids, st.lists(some_keys, max_size=3)), max_size=12))
def test_whatever_is_chosen_a_key_means_one_command_and_comes_back_as_it_was(
    choices: list[tuple[str, list[str]]],
) -> None:
    keys = FIRST
    for command_id, wanted in choices:
        try:
            keys = keys.with_keys(command_id, wanted)
        except KeyRefusedError as refused:
            assert keys.table.command(command_id).name in str(refused)  # type: ignore[union-attr]
        else:
            assert keys.keys(command_id) == tuple(dict.fromkeys(wanted))
    assert max(owners(keys).values()) == 1
    again = restore(TABLE, keys.stored())
    assert again.keys == keys and again.notes == ()


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | some_ids | some_keys,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | some_ids, inner, max_size=4)
    ),
    max_leaves=10,
)
ids_with_keys = st.dictionaries(
    some_ids | st.text(max_size=5), st.lists(some_keys | st.text(max_size=3), max_size=3)
)


@given(
    st.text(max_size=40)
    | junk.map(json.dumps)
    | junk.map(stored)
    | ids_with_keys.map(stored)
    | ids_with_keys.map(lambda keys: stored(keys, 2))
)
def test_whatever_was_remembered_the_program_has_keys_that_mean_one_command(text: str) -> None:
    restored = restore(TABLE, text)
    assert max(owners(restored.keys).values()) == 1
    for note in restored.notes:
        assert note.endswith(".") and not note.endswith("..")
    if not restored.notes:
        assert restore(TABLE, restored.keys.stored()).keys == restored.keys


@pytest.mark.parametrize("text", ["{", "[]", "7", '{"version": 1}', stored([]), stored({"go.next_flagged": "N"}),
                                  "[" * 100_000])  # fmt: skip
def test_damaged_keys_are_not_used_and_that_is_said(text: str) -> None:
    restored = restore(TABLE, text)
    assert restored.keys == FIRST
    assert restored.notes == ("The keys you chose are not used: what is stored of them is damaged.",)


@pytest.mark.parametrize(("version", "shown"), [(2, "2"), (None, "None"), ("1", "'1'"), (True, "True")])
def test_keys_of_another_version_are_not_used_and_that_is_said(version: object, shown: str) -> None:
    restored = restore(TABLE, stored({"go.next_flagged": ["J"]}, version))
    assert restored.keys == FIRST
    assert restored.notes == (
        "The keys you chose are not used: they were stored by another version of ichviewer. "
        f"Found: version {shown}.",
    )


def test_unknown_commands_are_named_and_the_others_keep_their_keys() -> None:
    restored = restore(TABLE, stored({"tools.ruler": ["L"], "go.next_flagged": ["J"], "a.b": []}))
    assert restored.keys.keys("go.next_flagged") == ("J",)
    assert restored.notes == ("Keys of commands that are not there are not used: a.b, tools.ruler.",)


def test_a_chosen_key_counts_more_than_the_first_key_of_a_command_that_came_later() -> None:
    restored = restore(TABLE, stored({"go.next_flagged": ["R"]}))
    assert restored.keys.keys("go.next_flagged") == ("R",)
    assert restored.keys.keys("view.reset") == ()
    assert restored.notes == ('R belongs to "Next flagged slice"; "Reset view" cannot have it too.',)


def test_of_two_commands_with_the_same_chosen_key_the_first_of_the_table_has_it() -> None:
    restored = restore(TABLE, stored({"go.previous_flagged": ["J"], "go.next_flagged": ["J"]}))
    assert restored.keys.keys("go.next_flagged") == ("J",)
    assert restored.keys.keys("go.previous_flagged") == ("P",)
    assert restored.notes == (
        'J belongs to "Next flagged slice"; "Previous flagged slice" cannot have it too.',
    )


def test_a_window_preset_keeps_its_key() -> None:
    restored = restore(TABLE, stored({"go.next_flagged": ["2"], "window.preset_1": ["J"]}))
    assert restored.keys == FIRST
    assert restored.notes == (
        '2 belongs to "Subdural 80/200"; "Next flagged slice" cannot have it too.',
        'The keys of "Brain 40/80" are set in the settings.',
    )


def test_a_table_without_menus_reserves_no_letters() -> None:
    table = CommandTable([Command("test.do", "&Do", "Does it", lambda c: c.quit())])
    assert KeyMap(table).with_keys("test.do", ["Alt+F"]).keys("test.do") == ("Alt+F",)
