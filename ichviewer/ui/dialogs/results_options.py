"""Which results are written as DICOM objects, where they go, and whether they name the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.output_options import OptionsDialog
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import sentence

MOST_NAME = 64
"""Characters of a name in DICOM (PS3.5 section 6.2)."""
BAD_NAME = tr(
    "A name has letters, at most {most_name} characters and five parts, and neither \\ nor =."
).format(most_name=MOST_NAME)


@dataclass(frozen=True)
class OfferedKind:
    """A kind of object that can be written.

    Parameters
    ----------
    name : str
        Such as ``sr``.
    title : str
    chosen : bool
        Whether it is written unless told.
    """

    name: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class ResultsOptions:
    """What was chosen.

    Parameters
    ----------
    kinds : tuple of str
        At least one.
    folder : Path or None
        None where the objects are sent.
    observer : str
        The reader's name as DICOM writes it; empty for none.
    destination : str
        Who they are sent to, where there is no folder.
    """

    kinds: tuple[str, ...]
    folder: Path | None
    observer: str = ""
    destination: str = ""

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("at least one kind is needed. Received: none")
        if (self.folder is None) is not bool(self.destination):
            raise ValueError(
                f"a folder or a destination is needed, one of them. Received: {self.folder}, {self.destination!r}"
            )


class ResultsOptionsDialog(OptionsDialog):
    """Asks for them; `chosen` tells `ResultsOptions`.

    Parameters
    ----------
    title, accept_words : str
    kinds : sequence of OfferedKind
    folder : Path or None
        Proposed; None where they are sent.
    choose : callable, optional
        Lets the user choose another folder, and tells it.
    destinations : sequence of str
        Whom they can be sent to, where there is no folder.
    parent : QWidget or None
    """

    def __init__(
        self,
        title: str,
        accept_words: str,
        kinds: Sequence[OfferedKind],
        *,
        folder: Path | None = None,
        choose: Callable[[Callable[[Path], None]], object] | None = None,
        destinations: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, accept_words, parent)
        self.boxes: dict[str, QCheckBox] = {}
        for kind in kinds:
            self.boxes[kind.name] = self.add_switch(
                f"{sentence(kind.title)} ({kind.name.upper()})", on=kind.chosen
            )
            self.boxes[kind.name].toggled.connect(lambda _: self._check())
        self.folder = folder
        self._where = PlainLabel("", "muted")
        self._where.setMinimumWidth(1)
        self.destination: Choice[str] | None = None
        if folder is not None and choose is not None:
            self._add_folder(folder, choose)
        else:
            self.destination = Choice(tr("Send to"), {name: one_line(name) for name in destinations})
            self.add(tr("Send to"), self.destination)
        self.named = self.add_switch(tr("With the name of the reader"))
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Family^Given"))
        self.name.setMaxLength(MOST_NAME)
        self.name.setEnabled(False)
        self.add(tr("Reader"), self.name)
        self.named.toggled.connect(self.name.setEnabled)
        self.named.toggled.connect(lambda _: self._check())
        self.name.textChanged.connect(lambda _: self._check())
        self._complaint = wrapped("", "warning")
        self._complaint.hide()
        self.content.addWidget(self._complaint)
        self.content.addWidget(
            wrapped(
                tr(
                    "The objects name the patient and belong to the study. Nothing in them says that a slice is free "
                    "of hemorrhage."
                ),
                "muted",
            )
        )
        self._check()

    @property
    def complaint(self) -> str:
        """Why it cannot go on; empty where it can."""
        return self._complaint.text()

    def set_folder(self, folder: Path) -> None:
        """Write into another folder."""
        self.folder = folder
        self._where.setText(one_line(str(folder)))

    def options(self) -> ResultsOptions:
        """What was chosen."""
        kinds = tuple(name for name, box in self.boxes.items() if box.isChecked())
        destination = "" if self.destination is None else self.destination.value()
        return ResultsOptions(kinds, self.folder, self._observer(), destination)

    def _add_folder(self, folder: Path, choose: Callable[[Callable[[Path], None]], object]) -> None:
        button = QPushButton(tr("Choose…"))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: choose(self.set_folder))
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._where, 1)
        row.addWidget(button)
        self.add(tr("Folder"), beside)
        self.set_folder(folder)

    def _observer(self) -> str:
        return " ".join(self.name.text().split()) if self.named.isChecked() else ""

    def _check(self) -> None:
        words = ""
        if not any(box.isChecked() for box in self.boxes.values()):
            words = tr("Choose at least one kind.")
        elif self.named.isChecked() and not _is_name(self._observer()):
            words = BAD_NAME if self.name.text() else tr("The name of the reader is missing.")
        self._complaint.setText(words)
        self._complaint.setVisible(bool(words))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not words)


def _is_name(text: str) -> bool:
    return (
        bool(text.strip(" ^"))
        and text.isprintable()
        and len(text) <= MOST_NAME
        and not any(mark in text for mark in "\\=")
        and text.count("^") <= 4
    )
