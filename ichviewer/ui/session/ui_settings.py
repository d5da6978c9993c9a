"""What the window remembers between runs: preferences, sizes, where the last study came from, the model in use."""

from __future__ import annotations

import logging
import stat
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from ichviewer.services.changelog import Version
from ichviewer.ui.look.theme import DARK, THEMES, Theme
from ichviewer.ui.session.preferences import (
    KEYS,
    Preferences,
    ThemeChoice,
    changed_texts,
    migrated,
    read_preferences,
)

ORGANIZATION = "ichviewer"
APPLICATION = "ichviewer"

MAX_RECENT = 10
_PATHS = ("recent", "last_folder", "last_export_folder", "worklist")
_INTRODUCED = "introduced"
_VERSION_SEEN = "version_seen"
_SAID = "settings_said"
"""Under this key lies what was already said of the file."""

log = logging.getLogger("ichviewer.ui")


class WorklistNotice(StrEnum):
    """How a newly flagged study is told."""

    MARK = "mark"
    """In the dialog of the worklist only."""
    TASKBAR = "taskbar"
    SOUND = "sound"
    """In the taskbar, and with the system's sound."""


class UiSettings(QObject):
    """The user's settings. Unusable values count as not there.

    Parameters
    ----------
    store : QSettings, optional
        Where they lie; the user's own INI file unless told.

    Signals
    -------
    preferencesChanged(Preferences)
        Others were chosen, and are stored.
    """

    preferencesChanged = Signal(object)

    def __init__(self, store: QSettings | None = None) -> None:
        super().__init__()
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANIZATION, APPLICATION
        )
        if not self._store.allKeys():
            self._store.setValue(_INTRODUCED, "false")
        self._protect()
        for key, text in migrated(self._texts()).items():
            self._store.setValue(key, text)
        read = read_preferences(self._texts())
        self._preferences = read.preferences
        self._complaints = read.complaints
        if not read.complaints:
            # Should it come back, it is news.
            self._store.remove(_SAID)

    @property
    def preferences(self) -> Preferences:
        """What the person chose in the settings dialog."""
        return self._preferences

    def store_preferences(self, chosen: Preferences) -> None:
        """Keep and write what was chosen; keys of fields that did not change are left as they are in the file."""
        forget = self._preferences.remember_recent and not chosen.remember_recent
        for key, text in changed_texts(self._preferences, chosen).items():
            if text is None:
                self._store.remove(key)
            else:
                self._store.setValue(key, text)
        changed = chosen != self._preferences
        self._preferences = chosen
        if forget:
            for name in _PATHS:
                self._store.remove(name)
        self.save()
        if changed:
            self.preferencesChanged.emit(chosen)

    def take_complaints(self) -> tuple[str, ...]:
        """What of the file could not be used, in sentences; the same is said once and not in every run."""
        complaints, self._complaints = self._complaints, ()
        said = "\n".join(complaints)
        if not said or said == str(self._store.value(_SAID, "")):
            return ()
        self._store.setValue(_SAID, said)
        return complaints

    @property
    def theme(self) -> Theme:
        """The theme chosen last; dark at first, and where it follows the system."""
        return THEMES.get(str(self._preferences.theme), DARK)

    @theme.setter
    def theme(self, colors: Theme) -> None:
        self.store_preferences(replace(self._preferences, theme=ThemeChoice(colors.name)))

    @property
    def recent(self) -> list[Path]:
        """Folders and files opened last, newest first; those that are gone are left out."""
        found = self._store.value("recent", [])
        # A list of one comes back from an INI file as a plain string.
        texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return [path for path in map(Path, texts) if is_there(path)]

    @property
    def remember_recent(self) -> bool:
        """Whether what was opened, and from and to where, is remembered; paths often hold names of patients."""
        return self._preferences.remember_recent

    @remember_recent.setter
    def remember_recent(self, wanted: bool) -> None:
        self.store_preferences(replace(self._preferences, remember_recent=wanted))

    def add_recent(self, paths: Sequence[Path]) -> None:
        """Put what was opened on top of the list, unless nothing is to be remembered."""
        if not self.remember_recent:
            return
        self.last_folder = paths[0] if is_folder(paths[0]) else paths[0].parent
        new = [p.absolute() for p in paths]
        kept = [*new, *(p for p in self.recent if p not in new)][:MAX_RECENT]
        self._store.setValue("recent", [str(p) for p in kept])

    def clear_recent(self) -> None:
        """Forget what was opened."""
        self._store.remove("recent")

    @property
    def last_folder(self) -> Path:
        """Where a file dialog starts."""
        text = str(self._store.value("last_folder", ""))
        return Path(text) if text and is_folder(Path(text)) else Path.home()

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        if self.remember_recent:
            self._store.setValue("last_folder", str(folder))

    @property
    def last_export_folder(self) -> Path | None:
        """Where the last export went, None where there was none or the folder is gone."""
        text = str(self._store.value("last_export_folder", ""))
        return Path(text) if text and is_folder(Path(text)) else None

    @last_export_folder.setter
    def last_export_folder(self, folder: Path) -> None:
        if self.remember_recent:
            self._store.setValue("last_export_folder", str(folder))

    @property
    def worklist(self) -> Path | None:
        """The worklist that was shown last, a file or the folder of a node; it may be gone."""
        text = str(self._store.value("worklist", "") or "")
        return Path(text) if Path(text).is_absolute() and "\0" not in text else None

    @worklist.setter
    def worklist(self, path: Path) -> None:
        if self.remember_recent:
            self._store.setValue("worklist", str(path))

    @property
    def worklist_notice(self) -> WorklistNotice:
        """How a newly flagged study in it is told; only within the dialog at first."""
        text = str(self._store.value("worklist_notice", ""))
        return WorklistNotice(text) if text in list(WorklistNotice) else WorklistNotice.MARK

    @worklist_notice.setter
    def worklist_notice(self, notice: WorklistNotice) -> None:
        self._store.setValue("worklist_notice", str(notice))

    @property
    def model(self) -> Path | None:
        """A model the user opened (its folder or `.keras` file); None for the bundled one."""
        text = str(self._store.value("model", ""))
        return Path(text) if text and is_there(Path(text)) else None

    @model.setter
    def model(self, path: Path | None) -> None:
        self._store.setValue("model", "" if path is None else str(path))

    @property
    def operating_point(self) -> str:
        """Name of the operating point chosen last; empty for the model's default."""
        return str(self._store.value("operating_point", ""))

    @operating_point.setter
    def operating_point(self, name: str) -> None:
        self._store.setValue("operating_point", name)

    @property
    def show_regions(self) -> bool:
        """Whether the regions that influenced the score are outlined; yes at first."""
        return str(self._store.value("show_regions", "true")).lower() not in ("false", "0")

    @show_regions.setter
    def show_regions(self, wanted: bool) -> None:
        self._store.setValue("show_regions", "true" if wanted else "false")

    @property
    def introduced(self) -> bool:
        """Whether the user got past the first run: something was opened, now or by an earlier version."""
        return str(self._store.value(_INTRODUCED, "true")) != "false"

    def introduce(self) -> None:
        """The first run is over."""
        self._store.setValue(_INTRODUCED, "true")

    @property
    def version_seen(self) -> Version | None:
        """The version whose news were seen; None where it is not known, as after versions that did not say."""
        try:
            return Version.of(str(self._store.value(_VERSION_SEEN, "")))
        except ValueError:
            return None

    @version_seen.setter
    def version_seen(self, version: Version) -> None:
        self._store.setValue(_VERSION_SEEN, str(version))

    @property
    def chosen_keys(self) -> str:
        """The keys the user chose, as `ichviewer.ui.app.key_map` stores them; empty at first."""
        return str(self._store.value("keys", "") or "")

    @chosen_keys.setter
    def chosen_keys(self, stored: str) -> None:
        if stored:
            self._store.setValue("keys", stored)
        else:
            self._store.remove("keys")
        self.save()

    def layout(self, name: str) -> QByteArray | None:
        """A remembered geometry or splitter state."""
        found = self._store.value(f"layout/{name}")
        return found if isinstance(found, QByteArray) and not found.isEmpty() else None

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Remember a geometry or splitter state."""
        self._store.setValue(f"layout/{name}", state)

    def save(self) -> None:
        """Write now, for no eyes but the user's."""
        self._store.sync()
        self._protect()

    def _texts(self) -> dict[str, object]:
        return {key: self._store.value(key) for key in KEYS if self._store.contains(key)}

    def _protect(self) -> None:
        """Let only the user read the file; made here where it is missing, because Qt keeps the rights it has."""
        path = Path(self._store.fileName())
        try:
            if not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(0o600)
        except OSError as error:
            log.debug("the settings file cannot be protected: %s", error.strerror)


def is_there(path: Path) -> bool:
    """Whether a path leads to something; no where it may not be looked up."""
    try:
        return path.exists()
    except OSError:
        # A folder above it may not be entered, or the name is too long.
        return False


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; no where it may not be looked up."""
    try:
        return path.is_dir()
    except OSError:
        return False
