"""The window presets: those that come with the program, and those a person adds."""

from __future__ import annotations

import logging
import os
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from ichviewer.bundle import resources_dir
from ichviewer.domain.window import VoiFunction, Window
from ichviewer.errors import SettingsError
from ichviewer.small_text import read_small_text

log = logging.getLogger("ichviewer.services")

NAME = "windows.toml"
KEYS = range(1, 10)
NO_KEY = 0
FILE_NAME = "From file"

_LARGEST_BYTES = 1 << 20
_FIELDS = {"key", "name", "center_hu", "width_hu", "function", "source"}


@dataclass(frozen=True)
class Preset:
    """A window with a key to choose it by.

    Parameters
    ----------
    key : int
        1 to 9, or 0 for none.
    voi : Window or None
        None for the window that the images themselves carry.
    name : str
    """

    key: int
    voi: Window | None
    name: str

    def __post_init__(self) -> None:
        if self.key not in (NO_KEY, *KEYS):
            raise ValueError(f"a key must lie within 1..9. Received: {self.key}")
        if not self.name:
            raise ValueError("a window needs a name. Received: nothing")


def user_windows_file() -> Path:
    """Where a person's own windows lie; the file need not exist."""
    return Path(user_config_path("ichviewer", appauthor=False)) / NAME


def load_presets(
    user_file: Path | None = None, *, on_error: Callable[[SettingsError], None] | None = None
) -> tuple[Preset, ...]:
    """All presets: the program's own, replaced and followed by a person's.

    Parameters
    ----------
    user_file : Path or None
        A person's own windows; the usual place unless told. It need not exist.
    on_error : function of SettingsError, optional
        Told if the person's file is unusable, which never stops the program: its own windows are used. Without it
        a warning is logged.

    Raises
    ------
    SettingsError
        If the program's own file is broken.
    """
    presets = read_presets(resources_dir() / NAME)
    mine = user_windows_file() if user_file is None else user_file
    try:
        added = read_presets(mine) if os.path.lexists(mine) else ()
    except SettingsError as error:
        if on_error is None:
            log.warning("your own windows are not used: %s", error)
        else:
            on_error(error)
        added = ()
    return merge(presets, added)


def merge(presets: Iterable[Preset], added: Iterable[Preset]) -> tuple[Preset, ...]:
    """Presets with those of the same key replaced, and the others appended on the next free keys."""
    merged = list(presets)
    new = list(added)
    for preset in (p for p in new if p.key != NO_KEY):
        place = next((i for i, p in enumerate(merged) if p.key == preset.key), None)
        if place is None:
            merged.append(preset)
        else:
            merged[place] = preset
    # Only now is it known which keys are free.
    for preset in (p for p in new if p.key == NO_KEY):
        key = next((k for k in KEYS if all(p.key != k for p in merged)), NO_KEY)
        merged.append(replace(preset, key=key))
    return tuple(merged)


def find_window(text: str, presets: Iterable[Preset]) -> Preset:
    """The preset of a name or key, or a window written as center/width, such as ``40/80``.

    Names are matched whatever their case, and with ``-`` or ``_`` for a space.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    wanted = _plain(text)
    available = tuple(presets)
    for preset in available:
        if _plain(preset.name) == wanted or (text == str(preset.key) and preset.key != NO_KEY):
            return preset
    numbers = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*", text)
    if numbers is None:
        names = ", ".join(_plain(p.name) for p in available)
        raise SettingsError(
            f"there is no window {text!r}; there are {names}, or give center/width such as 40/80"
        )
    try:
        return Preset(NO_KEY, Window(float(numbers[1]), float(numbers[2])), text)
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"{text!r} is no window", found=str(error)) from error


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.strip().lower())


def read_presets(path: Path) -> tuple[Preset, ...]:
    """Read a file of windows.

    Raises
    ------
    SettingsError
        Naming the line and the field, if the file cannot be used.
    """
    try:
        text = read_small_text(path, _LARGEST_BYTES)
    except (OSError, ValueError) as error:
        raise SettingsError("the file cannot be read", str(path), str(error)) from error
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # also a number of more digits than Python reads
        raise SettingsError("this is not valid TOML", str(path), str(error)) from error
    except RecursionError:
        raise SettingsError("this is not valid TOML", str(path), "too deeply nested") from None
    unknown = sorted(set(table) - {"window"})
    entries = table.get("window", [])
    if unknown or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise SettingsError(
            "only [[window]] sections are known", str(path), ", ".join(unknown) or "another 'window'"
        )
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*window\s*\]\]", line)]
    # Windows may also be written as one inline array, whose entries have no line of their own.
    lines += [0] * (len(entries) - len(lines))
    presets = tuple(
        preset_of(entry, f"{path}, window at line {line}" if line else str(path))
        for entry, line in zip(entries, lines, strict=False)
    )
    check_keys(presets, str(path))
    return presets


def check_keys(presets: Iterable[Preset], where: str) -> None:
    """Refuse windows of which two have the same key.

    Raises
    ------
    SettingsError
    """
    keys = [p.key for p in presets if p.key != NO_KEY]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise SettingsError("a key is given to two windows", where, f"key = {min(twice)}")


def entry_of(preset: Preset) -> dict[str, str | int | float]:
    """A window as the fields of a file of windows, which `preset_of` reads."""
    entry: dict[str, str | int | float] = {} if preset.key == NO_KEY else {"key": preset.key}
    entry["name"] = preset.name
    if preset.voi is None:
        return {**entry, "source": "file"}
    return {
        **entry,
        "center_hu": preset.voi.center_hu,
        "width_hu": preset.voi.width_hu,
        "function": preset.voi.function.value,
    }


def preset_of(entry: dict[str, Any], where: str) -> Preset:
    """The window that the fields of a file of windows make.

    Parameters
    ----------
    entry : dict
        ``name``, ``center_hu``, ``width_hu``, ``function``, ``source`` and ``key``, as far as they are given.
    where : str
        What an error says that it is about.

    Raises
    ------
    SettingsError
        Naming the field that is missing or wrong.
    """
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise SettingsError(
            f"{unknown[0]!r} is not a field of a window", where, f"fields are {', '.join(_FIELDS)}"
        )
    key = _field(entry, "key", int, where, default=NO_KEY)
    if "key" in entry and key not in KEYS:
        raise SettingsError("'key' must lie within 1 to 9", where, repr(key))
    source = _field(entry, "source", str, where, default="")
    if source not in ("", "file"):
        raise SettingsError("'source' can only be \"file\"", where, repr(source))
    if source and {"center_hu", "width_hu", "function"} & set(entry):
        raise SettingsError(
            "a window has either a source or a center and width", where, ", ".join(sorted(entry))
        )
    name = _field(entry, "name", str, where, default=FILE_NAME if source else None)
    if not name.strip():
        raise SettingsError("'name' must not be empty", where)
    if source:
        return Preset(key, None, name)
    function = _field(entry, "function", str, where, default=VoiFunction.LINEAR.value)
    if function not in list(VoiFunction):
        raise SettingsError(f"'function' must be one of {', '.join(VoiFunction)}", where, repr(function))
    center = _field(entry, "center_hu", (int, float), where)
    width = _field(entry, "width_hu", (int, float), where)
    try:
        return Preset(key, Window(float(center), float(width), VoiFunction(function), name), name)
    except (ValueError, OverflowError) as error:
        raise SettingsError("'center_hu' and 'width_hu' make no window", where, str(error)) from error


def _field(
    entry: dict[str, Any], name: str, kind: type | tuple[type, ...], where: str, default: Any = None
) -> Any:
    value = entry.get(name, default)
    if value is None:
        raise SettingsError(f"{name!r} is missing", where)
    if not isinstance(value, kind) or isinstance(value, bool):
        wanted = "a text" if kind is str else "a whole number" if kind is int else "a number"
        raise SettingsError(f"{name!r} must be {wanted}", where, repr(value))
    return value
