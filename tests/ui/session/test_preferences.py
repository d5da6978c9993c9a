"""Preferences: read tolerantly, written strictly, brought up to date from older files, never lost to newer ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from ichviewer.domain.window import VoiFunction, Window
from ichviewer.services.data_folder import default_data_folder
from ichviewer.services.windows import NO_KEY, Preset, load_presets
from ichviewer.ui.session.mouse_map import MOUSE_PRESETS, Drag, MouseMap
from ichviewer.ui.session.preferences import (
    KEYS,
    VERSION,
    VERSION_KEY,
    Panes,
    Preferences,
    ThemeChoice,
    changed_texts,
    migrated,
    read_preferences,
    start_place,
    texts_of,
)
from ichviewer.ui.session.ui_settings import UiSettings

# What ichviewer 0.1 wrote after its theme was switched, a study opened and the window closed.
OLD_FILE = r"""[General]
last_export_folder=/tmp/studies
last_folder="/tmp/studies/Head CT, follow-up"
operating_point=high_sensitivity
recent="/tmp/studies/Head CT, follow-up", /tmp/studies
show_regions=false
theme=light

[layout]
across="@ByteArray(\0\0\0\xff\0\0\0\x1\0\0\0\x3\0\0\x1,\0\0\x3\xc0\0\0\x1T\x1\0\0\0\x1\x1\0\0\0\x1\0)"
center=@ByteArray(\0\0\0\xff\0\0\0\x1\0\0\0\x2\0\0\x1\xe0\xff\xff\xff\xff\x1\0\0\0\x1\x1\0\0\0\x2\0)
geometry=@ByteArray(\x1\xd9\xd0\xcb\0\x3\0\0\0\0\0\x6\0\0\0&\0\0\x3\x19\0\0\x3\x19\0\0\0\b\0\0\0(\0\0\x3\x17\0\0\x3\x17)
"""

ROOT = "C:\\" if sys.platform == "win32" else "/"

STROKE = Preset(1, Window(32, 8, name="Sharp <b>& grey</b>"), "Sharp <b>& grey</b>")
FILE = Preset(2, None, "From file")
SIGMOID = Preset(NO_KEY, Window(-3.5, 0.5, VoiFunction.SIGMOID, 'Comma, "quote" é'), 'Comma, "quote" é')

CHOSEN = Preferences(
    fetched_limit_gb=50,
    clear_fetched_at_exit=True,
    language="de",
    theme=ThemeChoice.SYSTEM,
    text_percent=120,
    panes=Panes.ONE_AND_THREE,
    mouse=MouseMap(left=Drag.SLICES, right=Drag.NOTHING),
    windows=(STROKE, FILE, SIGMOID),
    window_at_start="From file",
    remember_recent=False,
    data_folder=Path(ROOT) / "data, mine" / "ü",
)

Open = Callable[[], UiSettings]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


@pytest.fixture
def open_settings(file: Path) -> Open:
    return lambda: UiSettings(QSettings(str(file), QSettings.Format.IniFormat))


def now(preferences: Preferences, **texts: str) -> dict[str, object]:
    """The texts of a file of today's form."""
    kept = {key: text for key, text in texts_of(preferences).items() if text is not None}
    return {VERSION_KEY: str(VERSION), **kept, **texts}


# Values


@pytest.mark.parametrize(
    "wrong",
    [
        {"text_percent": 79},
        {"text_percent": 161},
        {"windows": ()},
        {"windows": (FILE,) * 61},
        {"windows": (STROKE, replace(FILE, key=1))},
        {"data_folder": Path("relative")},
    ],
)
def test_invalid_preferences_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Received: "):
        Preferences(**wrong)  # type: ignore[arg-type]


def test_without_a_choice_the_usual_windows_and_places_are_meant() -> None:
    usual = load_presets(Path("there is none"))
    assert Preferences().presets(usual) is usual
    assert CHOSEN.presets(usual) == (STROKE, FILE, SIGMOID)
    assert Preferences().annotation_folder == default_data_folder()
    assert CHOSEN.annotation_folder == CHOSEN.data_folder


@pytest.mark.parametrize(
    ("name", "place"), [("", 0), ("Bone", 4), ("bone", 0), ("Gone", 0), ("From file", 5)]
)
def test_the_window_at_start_is_found_by_its_name(name: str, place: int) -> None:
    assert start_place(load_presets(Path("there is none")), name) == place


# Reading and writing


@pytest.mark.parametrize("preferences", [Preferences(), CHOSEN])
def test_what_is_written_is_read_again(preferences: Preferences) -> None:
    read = read_preferences(now(preferences))
    assert (read.preferences, read.complaints) == (preferences, ())


def test_what_is_stored_comes_back_through_the_file(open_settings: Open) -> None:
    settings = open_settings()
    assert settings.preferences == Preferences()
    settings.store_preferences(CHOSEN)
    assert open_settings().preferences == CHOSEN
    settings.store_preferences(Preferences())
    again = open_settings()
    assert (again.preferences, again.take_complaints()) == (Preferences(), ())


@given(
    theme=st.sampled_from(ThemeChoice),
    text_percent=st.integers(80, 160),
    panes=st.sampled_from(Panes),
    mouse=st.sampled_from(list(MOUSE_PRESETS.values())),
    names=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=12),
    center_hu=st.floats(-2000, 4000),
    width_hu=st.floats(1, 5000),
)
def test_any_valid_preferences_survive_as_texts(
    *,
    theme: ThemeChoice,
    text_percent: int,
    panes: Panes,
    mouse: MouseMap,
    names: list[str],
    center_hu: float,
    width_hu: float,
) -> None:
    windows = tuple(
        Preset(n if n < 10 else NO_KEY, Window(center_hu, width_hu, name=name), name)
        for n, name in enumerate(names, 1)
    )
    chosen = Preferences(theme, text_percent, panes, mouse, windows, names[-1])
    assert read_preferences(now(chosen)).preferences == chosen


@pytest.mark.parametrize(
    ("key", "text", "field"),
    [
        ("theme", "purple", "theme"),
        ("language", "Deutsch", "language"),
        ("language", "../../de", "language"),
        ("language", "de\n", "language"),
        ("text_percent", "79", "text_percent"),
        ("text_percent", "1e9", "text_percent"),
        ("text_percent", "\N{SUPERSCRIPT TWO}", "text_percent"),
        ("text_percent", "9" * 5000, "text_percent"),
        ("panes_at_start", "9x9", "panes"),
        ("windows", "not json", "windows"),
        ("windows", "[" * 100_000, "windows"),
        ("windows", "[]", "windows"),
        ("windows", "{}", "windows"),
        ("windows", "[1]", "windows"),
        ("windows", '[{"name": "x"}]', "windows"),
        ("windows", '[{"name": "x", "center_hu": 4, "width_hu": 0}]', "windows"),
        ("windows", '[{"name": "x", "center_hu": NaN, "width_hu": 10}]', "windows"),
        ("windows", '[{"name": "x", "center_hu": 1e999, "width_hu": 10}]', "windows"),
        ("windows", '[{"name": "x", "center_hu": true, "width_hu": 10}]', "windows"),
        ("windows", '[{"name": "x", "source": "file", "color": "red"}]', "windows"),
        ("windows", '[{"name": "x", "source": "file", "key": 12}]', "windows"),
        ("windows", json.dumps([{"name": "x", "source": "file", "key": 1}] * 2), "windows"),
        ("windows", json.dumps([{"source": "file"}] * 61), "windows"),
        ("remember_recent", "maybe", "remember_recent"),
        ("data_folder", "not/full", "data_folder"),
        ("data_folder", "/a\0b", "data_folder"),
        ("mouse/left", "explode", "mouse"),
        ("mouse/double_click", "zoom", "mouse"),
    ],
)
def test_a_field_that_cannot_be_used_costs_only_itself(key: str, text: str, field: str) -> None:
    read = read_preferences(now(CHOSEN, **{key: text}))
    assert len(read.complaints) == 1
    assert read.complaints[0].startswith(key)
    assert len(read.complaints[0]) < 600
    if field == "mouse":
        gesture = key.removeprefix("mouse/")
        expected = replace(CHOSEN.mouse, **{gesture: getattr(MouseMap(), gesture)})
        assert read.preferences == replace(CHOSEN, mouse=expected)
    else:
        assert read.preferences == replace(CHOSEN, **{field: getattr(Preferences(), field)})


@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.one_of(st.text(), st.none(), st.binary(), st.lists(st.text()), st.integers(), st.booleans()),
    )
)
def test_no_file_makes_reading_fail(texts: dict[str, object]) -> None:
    read = read_preferences(texts)
    assert isinstance(read.preferences, Preferences)
    assert all(complaint.endswith((".", "1.")) for complaint in read.complaints)
    migrated(texts)


# Versions


def test_a_file_of_the_first_release_keeps_everything(file: Path, open_settings: Open) -> None:
    file.write_text(OLD_FILE, encoding="utf-8")
    settings = open_settings()
    assert settings.take_complaints() == ()
    assert settings.preferences == Preferences(theme=ThemeChoice.LIGHT)
    assert settings.theme.name == "light"
    assert settings.operating_point == "high_sensitivity"
    assert not settings.show_regions
    across = settings.layout("across")
    assert across is not None
    assert bytes(across.data())[:8] == b"\0\0\0\xff\0\0\0\x01"
    settings.save()
    written = file.read_text(encoding="utf-8")
    assert f"{VERSION_KEY}={VERSION}" in written
    # Line by line what it was, and the number.
    assert set(OLD_FILE.split("\n")) <= set(written.split("\n"))
    settings.store_preferences(replace(settings.preferences, text_percent=110))
    assert set(OLD_FILE.split("\n")) <= set(file.read_text(encoding="utf-8").split("\n"))


@pytest.mark.parametrize(
    ("old", "remembered"), [("0", False), ("False", False), ("FALSE", False), ("1", True), ("yes", True)]
)
def test_whether_paths_are_remembered_survives_in_every_old_spelling(
    file: Path, open_settings: Open, old: str, remembered: bool
) -> None:
    file.write_text(f"[General]\nremember_recent={old}\n", encoding="utf-8")
    settings = open_settings()
    assert (settings.remember_recent, settings.take_complaints()) == (remembered, ())
    settings.save()
    assert open_settings().remember_recent is remembered


def test_a_file_of_today_is_not_touched_by_the_migration(file: Path, open_settings: Open) -> None:
    open_settings().store_preferences(CHOSEN)
    before = file.read_bytes()
    assert migrated(now(CHOSEN)) == {}
    open_settings().save()
    assert file.read_bytes() == before


def test_what_a_newer_program_wrote_is_said_once_and_stays(file: Path, open_settings: Open) -> None:
    file.write_text(
        "[General]\nsettings_version=7\ntheme=sepia\ntext_percent=130\nholograms=on\n\n[mouse]\nleft=grab\nwheel=zoom\n",
        encoding="utf-8",
    )
    settings = open_settings()
    complaints = settings.take_complaints()
    assert "newer ichviewer (form 7" in complaints[0]
    assert [c.split(":")[0] for c in complaints[1:]] == ["theme", "mouse/left"]
    assert settings.take_complaints() == ()
    assert settings.preferences.text_percent == 130
    assert settings.preferences.mouse.wheel == "zoom"
    settings.store_preferences(replace(settings.preferences, text_percent=90))
    written = file.read_text(encoding="utf-8")
    for line in (
        "settings_version=7",
        "theme=sepia",
        "holograms=on",
        "left=grab",
        "wheel=zoom",
        "text_percent=90",
    ):
        assert line in written.split("\n")
    # Not again in the next run.
    assert open_settings().take_complaints() == ()


def test_a_complaint_that_came_back_is_said_again(file: Path, open_settings: Open) -> None:
    for text, said in (("blue", 1), ("blue", 0), ("dark", 0), ("blue", 1)):
        store = QSettings(str(file), QSettings.Format.IniFormat)
        store.setValue("theme", text)
        store.sync()
        settings = open_settings()
        assert len(settings.take_complaints()) == said
        settings.save()


def test_only_what_changed_is_written() -> None:
    assert changed_texts(CHOSEN, CHOSEN) == {}
    assert changed_texts(CHOSEN, replace(CHOSEN, windows=None, text_percent=80)) == {
        "windows": None,
        "text_percent": "80",
    }
    assert changed_texts(Preferences(), replace(Preferences(), mouse=MOUSE_PRESETS["Weasis"])) == {
        "mouse/right": "nothing",
        "mouse/double_click": "enlarge",
    }


def test_a_version_that_is_no_number_is_said_and_nothing_is_rewritten() -> None:
    texts = {VERSION_KEY: "new", "theme": "light"}
    assert migrated(texts) == {}
    read = read_preferences(texts)
    assert read.preferences.theme is ThemeChoice.LIGHT
    assert "this is no number" in read.complaints[0]


def test_paths_are_forgotten_with_the_choice_that_says_so(
    open_settings: Open, file: Path, tmp_path: Path
) -> None:
    study = tmp_path / "Doe^Jane"
    study.mkdir()
    settings = open_settings()
    settings.add_recent([study])
    settings.save()
    assert b"Doe" in file.read_bytes()
    settings.store_preferences(replace(settings.preferences, remember_recent=False))
    assert b"Doe" not in file.read_bytes()
