"""What a person chose for the window: one frozen value, and how it is read from and written as plain texts. No Qt.

Texts come from a settings file (`ichviewer.ui.session.ui_settings`), one a key. Reading never fails: a field that
cannot be used takes its default and is said in a sentence, and the others keep what they have. A file has the number
of its form in `VERSION_KEY`; an older one is brought up to date step by step (`migrated`), and of a newer one
everything that is understood counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from ichviewer.errors import SettingsError
from ichviewer.services.data_folder import default_data_folder
from ichviewer.services.windows import NO_KEY, Preset, check_keys, entry_of, preset_of
from ichviewer.ui.session.mouse_map import ACTIONS, MOUSE_PRESETS, MouseMap

VERSION = 1
"""Form of the settings that this program writes. Those of ichviewer 0.1 bear no number, which counts as 0."""

VERSION_KEY = "settings_version"

TEXT_PERCENTS = range(80, 161)
FETCHED_LIMITS_GB = range(1, 1001)
MOST_WINDOWS = 60
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_LONGEST = 200
"""Characters of a value that are repeated where it is said to be unusable."""


class ThemeChoice(StrEnum):
    """Which colors the window has."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


class Panes(StrEnum):
    """How many images are shown at start, rows x columns; ``1+3`` is a large one and three small ones."""

    ONE = "1x1"
    TWO_ACROSS = "1x2"
    TWO_DOWN = "2x1"
    FOUR = "2x2"
    ONE_AND_THREE = "1+3"


@dataclass(frozen=True)
class Preferences:
    """Everything that the settings dialog shows.

    Parameters
    ----------
    theme : ThemeChoice
        Dark unless chosen otherwise: what radiologists read in.
    text_percent : int
        Size of all words, 80 to 160 per cent.
    panes : Panes
        Layout of the images at start.
    mouse : MouseMap
    windows : tuple of Preset, or None
        The window presets in order; None for those of the program and of ``windows.toml``.
    window_at_start : str
        Name of the preset that a series is first shown with; empty for the first of the list.
    remember_recent : bool
        Whether what was opened, and from and to where, is remembered.
    data_folder : Path or None
        Where annotations are stored, a full path; None for the system's usual place.
    fetched_limit_gb : int
        How much of the studies fetched over the network is kept, 1 to 1,000 GB.
    clear_fetched_at_exit : bool
        Whether they are removed when the window closes.
    language : str
        Code of the window's language, such as ``de``; empty for that of the system.
    """

    theme: ThemeChoice = ThemeChoice.DARK
    text_percent: int = 100
    panes: Panes = Panes.ONE
    mouse: MouseMap = MOUSE_PRESETS["ichviewer"]
    windows: tuple[Preset, ...] | None = None
    window_at_start: str = ""
    remember_recent: bool = True
    data_folder: Path | None = None
    fetched_limit_gb: int = 10
    clear_fetched_at_exit: bool = False
    language: str = ""

    def __post_init__(self) -> None:
        if self.language and not _LANGUAGE.fullmatch(self.language):
            raise ValueError(f"a language has a code such as de or pt_BR. Received: {self.language!r}")
        if self.text_percent not in TEXT_PERCENTS:
            raise ValueError(f"text_percent must be 80 to 160. Received: {self.text_percent!r}")
        if self.windows is not None:
            if not 1 <= len(self.windows) <= MOST_WINDOWS:
                raise ValueError(f"there must be 1 to {MOST_WINDOWS} windows. Received: {len(self.windows)}")
            keys = [preset.key for preset in self.windows if preset.key != NO_KEY]
            if len(set(keys)) < len(keys):
                raise ValueError(f"each window must have a key of its own. Received: {keys}")
        if self.fetched_limit_gb not in FETCHED_LIMITS_GB:
            raise ValueError(f"fetched_limit_gb must be 1 to 1000. Received: {self.fetched_limit_gb!r}")
        if self.data_folder is not None and not self.data_folder.is_absolute():
            raise ValueError(f"data_folder must be a full path. Received: {self.data_folder}")

    @property
    def annotation_folder(self) -> Path:
        """Where annotations are stored; it need not exist."""
        return self.data_folder or default_data_folder()

    def presets(self, usual: tuple[Preset, ...]) -> tuple[Preset, ...]:
        """The windows to offer; ``usual`` are those of the program and of ``windows.toml``."""
        return usual if self.windows is None else self.windows


def start_place(presets: tuple[Preset, ...], name: str) -> int:
    """Place of the preset that a series is first shown with: the first of that name, or else the first of all."""
    return next((place for place, preset in enumerate(presets) if preset.name == name), 0)


@dataclass(frozen=True)
class ReadPreferences:
    """Preferences as a file gave them, and a sentence for each thing in it that could not be used."""

    preferences: Preferences
    complaints: tuple[str, ...] = ()


def read_preferences(texts: Mapping[str, object]) -> ReadPreferences:
    """Preferences from the texts of a settings file; keys that are not theirs are ignored.

    Parameters
    ----------
    texts : mapping of str to object
        What lies under each key; a text, or whatever a damaged file makes of one. In the form of `VERSION` or newer.
    """
    complaints = []
    version, said = _version(texts)
    if said:
        complaints.append(said)
    elif version > VERSION:
        complaints.append(
            f"The settings are of a newer ichviewer (form {version}, this one knows {VERSION}). What it does not "
            "know stays in the file."
        )
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        try:
            value = read(texts)
        except SettingsError as error:
            complaints.append(f"{error}. The default is used.")
        else:
            if value is not None:
                found[name] = value
    mouse, wrong = _read_mouse(texts)
    return ReadPreferences(Preferences(**found, mouse=mouse), (*complaints, *wrong))


def texts_of(preferences: Preferences) -> dict[str, str | None]:
    """Preferences as the texts of a settings file by their keys; None where there is nothing to write."""
    windows = preferences.windows
    listed = None if windows is None else json.dumps([entry_of(p) for p in windows], ensure_ascii=False)
    folder = preferences.data_folder
    mouse = {f"mouse/{field.name}": str(getattr(preferences.mouse, field.name)) for field in fields(MouseMap)}
    return {
        "language": preferences.language or None,
        "theme": str(preferences.theme),
        "text_percent": str(preferences.text_percent),
        "panes_at_start": str(preferences.panes),
        "windows": listed,
        "window_at_start": preferences.window_at_start or None,
        "remember_recent": "true" if preferences.remember_recent else "false",
        "data_folder": None if folder is None else str(folder),
        "fetched_limit_gb": str(preferences.fetched_limit_gb),
        "clear_fetched_at_exit": "true" if preferences.clear_fetched_at_exit else "false",
        **mouse,
    }


KEYS = (VERSION_KEY, *texts_of(Preferences()))
"""Keys of a settings file that hold preferences."""


def changed_texts(before: Preferences, after: Preferences) -> dict[str, str | None]:
    """What has to be written so that a file of ``before`` says ``after``.

    Keys of unchanged fields are left out: what a newer program wrote there, and this one could not use, stays.
    """
    old = texts_of(before)
    return {key: text for key, text in texts_of(after).items() if text != old[key]}


def migrated(texts: Mapping[str, object]) -> dict[str, str]:
    """What has to be written into an older settings file so that it has the form of `VERSION`.

    Parameters
    ----------
    texts : mapping of str to object
        The file as it is, whatever its form.

    Returns
    -------
    dict of str to str
        Texts by their keys, the new number among them; empty if the file is of this form or a newer one.
    """
    version, said = _version(texts)
    written: dict[str, str] = {}
    if said or version >= VERSION:
        return written
    for step in range(version, VERSION):
        written |= _STEPS[step]({**texts, **written})
    return {**written, VERSION_KEY: str(VERSION)}


def _from_0(texts: Mapping[str, object]) -> dict[str, str]:
    """Form 0 took ``0`` and any case of ``false`` for no, and everything else for yes."""
    if "remember_recent" not in texts:
        return {}
    no = str(texts["remember_recent"]).lower() in ("false", "0")
    return {"remember_recent": "false" if no else "true"}


_STEPS: dict[int, Callable[[Mapping[str, object]], dict[str, str]]] = {0: _from_0}
"""From the form of a number to the next one."""


def _version(texts: Mapping[str, object]) -> tuple[int, str]:
    """Number of the form, and what is wrong with it; a number that cannot be read counts as this program's own."""
    text = str(texts.get(VERSION_KEY, "0"))
    # Not isdigit(), which also takes the digits of other scripts and superscripts.
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text), ""
    return VERSION, f"{VERSION_KEY}: this is no number. Found: {text[:_LONGEST]!r}. It is read as {VERSION}."


def _text(texts: Mapping[str, object], key: str) -> str | None:
    """The text of a key, None where it is missing or empty."""
    value = texts.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        # Qt makes a list of a text with commas that nobody quoted.
        raise SettingsError("this is no single text", key, repr(value)[:_LONGEST])
    return value


Choice = TypeVar("Choice", bound=StrEnum)


def _choice(kind: type[Choice], key: str) -> Callable[[Mapping[str, object]], Choice | None]:
    def read(texts: Mapping[str, object]) -> Choice | None:
        text = _text(texts, key)
        if text is None:
            return None
        try:
            return kind(text)
        except ValueError:
            known = ", ".join(kind)
            raise SettingsError(f"this must be one of {known}", key, repr(text[:_LONGEST])) from None

    return read


def _number_in(key: str, numbers: range) -> Callable[[Mapping[str, object]], int | None]:
    def read(texts: Mapping[str, object]) -> int | None:
        text = _text(texts, key)
        if text is None:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) not in numbers:
            span = f"{numbers.start} to {numbers.stop - 1}"
            raise SettingsError(f"this must be a whole number from {span}", key, repr(text[:_LONGEST]))
        return int(text)

    return read


def _read_language(texts: Mapping[str, object]) -> str | None:
    key = "language"
    text = _text(texts, key)
    if text is not None and not _LANGUAGE.fullmatch(text):
        raise SettingsError("this must be the code of a language, such as de", key, repr(text[:_LONGEST]))
    return text


def _read_windows(texts: Mapping[str, object]) -> tuple[Preset, ...] | None:
    key = "windows"
    text = _text(texts, key)
    if text is None:
        return None
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise SettingsError("this is no list of windows", key, repr(text[:_LONGEST])) from None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_WINDOWS:
        raise SettingsError(f"this must be a list of 1 to {MOST_WINDOWS} windows", key, repr(text[:_LONGEST]))
    if not all(isinstance(entry, dict) for entry in entries):
        raise SettingsError("each window must have its fields", key, repr(text[:_LONGEST]))
    presets = tuple(preset_of(entry, f"{key}, number {n}") for n, entry in enumerate(entries, 1))
    check_keys(presets, key)
    return presets


def _switch(key: str) -> Callable[[Mapping[str, object]], bool | None]:
    def read(texts: Mapping[str, object]) -> bool | None:
        text = _text(texts, key)
        if text is None:
            return None
        if text not in ("true", "false"):
            raise SettingsError("this must be true or false", key, repr(text[:_LONGEST]))
        return text == "true"

    return read


def _read_folder(texts: Mapping[str, object]) -> Path | None:
    key = "data_folder"
    text = _text(texts, key)
    if text is None:
        return None
    if "\0" in text or not Path(text).is_absolute():
        raise SettingsError("this must be the full path of a folder", key, repr(text[:_LONGEST]))
    return Path(text)


_READERS: dict[str, Callable[[Mapping[str, object]], Any]] = {
    "language": _read_language,
    "theme": _choice(ThemeChoice, "theme"),
    "text_percent": _number_in("text_percent", TEXT_PERCENTS),
    "panes": _choice(Panes, "panes_at_start"),
    "windows": _read_windows,
    "window_at_start": lambda texts: _text(texts, "window_at_start"),
    "remember_recent": _switch("remember_recent"),
    "data_folder": _read_folder,
    "fetched_limit_gb": _number_in("fetched_limit_gb", FETCHED_LIMITS_GB),
    "clear_fetched_at_exit": _switch("clear_fetched_at_exit"),
}
"""How each field but the mouse map is read; None for its default."""


def _read_mouse(texts: Mapping[str, object]) -> tuple[MouseMap, list[str]]:
    """The mouse map, gesture by gesture, so that one that is unknown costs only itself."""
    found: dict[str, Any] = {}
    complaints = []
    for name, kind in ACTIONS.items():
        try:
            value = _choice(kind, f"mouse/{name}")(texts)
        except SettingsError as error:
            complaints.append(f"{error}. The default is used.")
        else:
            if value is not None:
                found[name] = value
    return MouseMap(**found), complaints
