"""Settings of what is stored: paths that were opened, and the folder of annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from ichviewer.errors import SettingsError
from ichviewer.services.data_folder import check_data_folder, default_data_folder
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.settings_page import Field, SettingsPage, add_field, form
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import sentence
from ichviewer.ui.session.preferences import Preferences

AskFolder = Callable[[QWidget, Path, Callable[[Path], None]], object]
"""Lets a person choose a folder: the parent of the dialog, where it starts, and who is told."""


class StoragePage(SettingsPage):
    """Whether paths are remembered, and where annotations go.

    Parameters
    ----------
    ask_folder : callable
        Opens the dialog for folders (`ichviewer.ui.app.choosing.choose_folder`).
    parts : sequence of SettingsPage
        What rooms above this one store; shown below.
    """

    def __init__(self, ask_folder: AskFolder, parts: Sequence[SettingsPage] = ()) -> None:
        super().__init__(tr("Storage"))
        self.parts = tuple(parts)
        self._ask_folder = ask_folder
        self.remember = Choice(
            tr("Recently opened paths"), {True: tr("Remembered"), False: tr("Not remembered, and forgotten")}
        )
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(str(default_data_folder()))
        self.choose = QPushButton(tr("Choose…"))
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName(tr("Choose the folder for annotations"))
        self.choose.clicked.connect(self._ask)
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.folder, 1)
        across.addWidget(self.choose)
        self.field = Field(tr("Folder for annotations"), self.folder, row)
        self.folder.textEdited.connect(lambda _: self.field.complain(""))
        self._build()

    def _build(self) -> None:
        opened, stored = form(narrow=True), form(narrow=True)
        add_field(opened, Field(tr("Recently opened paths"), self.remember))
        add_field(stored, self.field)
        self.content.addLayout(opened)
        self.content.addWidget(
            wrapped(
                tr("Paths often hold names of patients. Not remembered, the list is cleared at once."),
                "muted",
            )
        )
        self.content.addLayout(stored)
        self.content.addWidget(
            wrapped(
                tr(
                    "Left empty, annotations go to the system's usual place. Another folder is used from the next "
                    "start on; moving it moves no files."
                ),
                "muted",
            )
        )
        for part in self.parts:
            self.content.addWidget(part)
        self.content.addStretch()

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self.remember.set_value(preferences.remember_recent)
        self.folder.setText("" if preferences.data_folder is None else str(preferences.data_folder))
        self.field.complain("")
        for part in self.parts:
            part.load(preferences)

    def check(self) -> QWidget | None:
        """Refuse a folder in which nothing could be stored."""
        folder = self._entered()
        try:
            if folder is not None:
                check_data_folder(folder)
        except SettingsError as error:
            found = f" ({error.found})" if error.found else ""
            self.field.complain(f"{sentence(words_of(error.what))}{found}.")
            return self.folder
        self.field.complain("")
        return next((wrong for part in self.parts if (wrong := part.check()) is not None), None)

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered."""
        for part in self.parts:
            preferences = part.save(preferences)
        return replace(preferences, remember_recent=self.remember.value(), data_folder=self._entered())

    def _entered(self) -> Path | None:
        text = self.folder.text().strip()
        return Path(text) if text else None

    def _ask(self) -> None:
        self._ask_folder(self, self._entered() or default_data_folder(), self._take)

    def _take(self, folder: Path) -> None:
        self.folder.setText(str(folder))
        self.field.complain("")
