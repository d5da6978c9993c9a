from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.window import VoiFunction, Window
from ichviewer.errors import SettingsError
from ichviewer.services.windows import (
    Preset,
    find_window,
    load_presets,
    merge,
    read_presets,
    user_windows_file,
)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "windows.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_programs_own_windows():
    presets = load_presets()
    assert [(p.key, p.name) for p in presets] == [
        *((1, "Brain"), (2, "Subdural"), (3, "Stroke"), (4, "Soft tissue"), (5, "Bone"), (6, "From file")),
    ]
    assert [(p.voi.center_hu, p.voi.width_hu) for p in presets[:5]] == [
        *((40, 80), (80, 200), (40, 40), (40, 380), (600, 2800)),
    ]
    assert presets[5].voi is None


def test_a_persons_windows_replace_and_follow(tmp_path):
    mine = write(
        tmp_path,
        """
        [[window]]
        key = 3
        name = "Stroke, narrow"
        center_hu = 35.5
        width_hu = 30
        [[window]]
        name = "Liver"
        center_hu = 60
        width_hu = 160
        function = "SIGMOID"
        """,
    )
    presets = load_presets(mine)
    assert presets[2] == Preset(3, Window(35.5, 30.0, name="Stroke, narrow"), "Stroke, narrow")
    assert presets[6] == Preset(7, Window(60.0, 160.0, VoiFunction.SIGMOID, "Liver"), "Liver")


def test_the_usual_place_is_read(monkeypatch, tmp_path):
    path = user_windows_file()
    path.parent.mkdir(parents=True)
    write(path.parent, '[[window]]\nname = "Mine"\ncenter_hu = 1\nwidth_hu = 2\n')
    assert load_presets()[-1].name == "Mine"


def test_a_broken_file_is_reported_and_the_own_windows_used(tmp_path, caplog):
    broken = write(tmp_path, "[[window]\n")
    errors: list[SettingsError] = []
    assert len(load_presets(broken, on_error=errors.append)) == 6
    assert str(broken) in str(errors[0])
    assert "line 1" in str(errors[0])
    assert len(load_presets(broken)) == 6
    assert "your own windows are not used" in caplog.text


GOOD = 'name = "A"\ncenter_hu = 40\nwidth_hu = 80\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[window]]\ncenter_hu = 1\nwidth_hu = 2\n", "'name' is missing"),
        ('[[window]]\nname = " "\ncenter_hu = 1\nwidth_hu = 2\n', "'name' must not be empty"),
        ('[[window]]\nname = "A"\nwidth_hu = 2\n', "'center_hu' is missing"),
        ('[[window]]\nname = "A"\ncenter_hu = "x"\nwidth_hu = 2\n', "'center_hu' must be a number"),
        ('[[window]]\nname = "A"\ncenter_hu = true\nwidth_hu = 2\n', "'center_hu' must be a number"),
        ('[[window]]\nname = "A"\ncenter_hu = 1\nwidth_hu = 0\n', "make no window"),
        ('[[window]]\nname = "A"\ncenter_hu = nan\nwidth_hu = 5\n', "make no window"),
        (f"[[window]]\nkey = 0\n{GOOD}", "'key' must lie within 1 to 9"),
        (f"[[window]]\nkey = 1.5\n{GOOD}", "'key' must be a whole number"),
        (f"[[window]]\nwidth = 3\n{GOOD}", "'width' is not a field"),
        (f'[[window]]\nfunction = "LOG"\n{GOOD}', "'function' must be one of"),
        (f'[[window]]\nsource = "file"\n{GOOD}', "either a source or"),
        (f'[[window]]\nsource = "net"\n{GOOD}', "'source' can only be"),
        (f"[[window]]\nkey = 1\n{GOOD}[[window]]\nkey = 1\n{GOOD}", "given to two windows"),
        ("[window]\nname = 1\n", "only [[window]] sections"),
        ("theme = 1\n", "only [[window]] sections"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, words):
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        read_presets(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_line_of_a_broken_window_is_named(tmp_path):
    path = write(tmp_path, f'# mine\n\n[[window]]\n{GOOD}\n[[window]]\nname = "B"\n')
    with pytest.raises(SettingsError, match="window at line 8: 'center_hu' is missing"):
        read_presets(path)


def test_not_text(tmp_path):
    path = tmp_path / "w.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_presets(path)


@given(st.lists(st.integers(0, 9), max_size=15))
def test_keys_stay_unique(keys):
    window = Window(40.0, 80.0)
    merged = merge((), [Preset(k, window, f"w{i}") for i, k in enumerate(keys)])
    given_keys = [p.key for p in merged if p.key]
    assert len(given_keys) == len(set(given_keys))
    # Those without a key are all kept; of those with one, the last of each key.
    assert len(merged) == keys.count(0) + len(set(keys) - {0})


@pytest.mark.parametrize(
    ("text", "center", "width"),
    [
        ("brain", 40, 80),
        ("BRAIN", 40, 80),
        ("soft_tissue", 40, 380),
        ("Soft tissue", 40, 380),
        ("5", 600, 2800),
        ("40/80", 40, 80),
        ("-600/1500.5", -600, 1500.5),
        (" 35 / 75 ", 35, 75),
    ],
)
def test_find_window(text, center, width):
    voi = find_window(text, load_presets()).voi
    assert (voi.center_hu, voi.width_hu) == (center, width)


def test_find_the_files_own():
    assert find_window("from-file", load_presets()).voi is None


@pytest.mark.parametrize("text", ["brian", "40", "40/0", "40/-1", "/", ""])
def test_find_no_window(text):
    with pytest.raises(SettingsError):
        find_window(text, load_presets())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 100_000, "too deeply nested"),
        ("a = " + "9" * 5000, "not valid TOML"),
        ("#" * (1 << 21), "larger than"),
        ('[[window]]\nname = "x"\ncenter_hu = 1e999\nwidth_hu = 80', "make no window"),
        (f'[[window]]\nname = "x"\ncenter_hu = {10**400}\nwidth_hu = 80', "make no window"),
    ],
    ids=["nested", "digits", "large", "infinite", "too large"],
)
def test_a_file_of_something_else_is_told(tmp_path, text, words):
    with pytest.raises(SettingsError, match=words):
        read_presets(write(tmp_path, text))


def test_a_folder_or_pipe_in_the_place_of_the_file_is_told_and_stops_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("folder", "pipe", "dangling"):
        told: list[SettingsError] = []
        assert load_presets(tmp_path / name, on_error=told.append) == load_presets(tmp_path / "none")
        assert "cannot be read" in str(told[0])


@pytest.mark.parametrize("text", ["9" * 400 + "/80", "40/" + "9" * 400, "-40/80/", "40/0", "\u0664/0"])
def test_numbers_that_make_no_window_are_told(text):
    with pytest.raises(SettingsError):
        find_window(text, load_presets())
