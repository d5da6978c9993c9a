"""What is to be in a picture or a report, asked before where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.settings_page import Field, add_field, form
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.report.content import MOST_KEY_IMAGES

_WIDTH_PX = 400
PATIENT_DATA = tr("With the patient's data")
DRAWN_IN = tr("What the scanner drew into the pixels themselves stays in any case.")


class OptionsDialog(DialogFrame):
    """Fields, and the buttons OK and Cancel.

    Parameters
    ----------
    title, accept_words : str
        Of the dialog, and of the button that goes on.
    parent : QWidget or None

    Signals
    -------
    chosen(object)
        What `options` gives.
    """

    chosen = Signal(object)

    def __init__(self, title: str, accept_words: str, parent: QWidget | None = None) -> None:
        super().__init__(title, title, parent)
        self.setMinimumWidth(text_size().px(_WIDTH_PX))
        self.rows = form()
        self.content.addLayout(self.rows)
        self.ask(accept_words)

    def options(self) -> object:
        """What was chosen."""
        raise NotImplementedError

    def accept(self) -> None:
        """Tell what was chosen, and close."""
        chosen = self.options()
        super().accept()
        self.chosen.emit(chosen)

    def add(self, name: str, control: QWidget) -> None:
        """Add a field."""
        add_field(self.rows, Field(name, control))

    def add_switch(self, words: str, *, on: bool = False) -> QCheckBox:
        """Add something that is on or off."""
        box = QCheckBox(words)
        box.setChecked(on)
        self.rows.addRow(box)
        return box


class PictureKind(Enum):
    """What a picture shows."""

    AS_SEEN = "as seen"
    PIXELS = "pixels"


class PictureOptionsDialog(OptionsDialog):
    """Asks what a picture of the slice shows; `chosen` tells a `PictureKind` and whether with the patient's data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Save picture"), tr("Save…"), parent)
        words = {
            PictureKind.AS_SEEN: tr("As seen, with words"),
            PictureKind.PIXELS: tr("The slice alone, pixel for pixel"),
        }
        self.kind: Choice[PictureKind] = Choice(tr("Picture"), words)
        self.add(tr("Picture"), self.kind)
        self.patient_data = self.add_switch(PATIENT_DATA)
        self.kind.currentIndexChanged.connect(lambda _: self._enable())
        self.content.addWidget(wrapped(DRAWN_IN, "muted"))

    def options(self) -> tuple[PictureKind, bool]:
        """What was chosen."""
        kind = self.kind.value()
        return kind, kind is PictureKind.AS_SEEN and self.patient_data.isChecked()

    def _enable(self) -> None:
        self.patient_data.setEnabled(self.kind.value() is PictureKind.AS_SEEN)


class ReportOptionsDialog(OptionsDialog):
    """Asks what a report shows; `chosen` tells the slices (None: the most suspicious) and whether with patient data.

    Parameters
    ----------
    index : int
        The slice in view.
    accept_words : str
        Of the button that goes on.
    parent : QWidget or None
    marked : sequence of int
        Slices that the reader marked as key images, in their order: where there are some, they are proposed.
    """

    def __init__(
        self, index: int, accept_words: str, parent: QWidget | None = None, *, marked: Sequence[int] = ()
    ) -> None:
        super().__init__(tr("Report"), accept_words, parent)
        offered: dict[tuple[int, ...] | None, str] = {
            None: tr("The most suspicious slices"),
            (index,): tr("Slice {index}, in view").format(index=index + 1),
            (): tr("None"),
        }
        if marked:
            first = tuple(marked[:MOST_KEY_IMAGES])
            words = tr("Slices marked as key images")
            if len(marked) > len(first):
                words = tr("The first {first} of {marked} slices marked as key images").format(
                    first=len(first), marked=len(marked)
                )
            offered = {first: words, **{slices: text for slices, text in offered.items() if slices != first}}
        self.images: Choice[tuple[int, ...] | None] = Choice(tr("Key images"), offered)
        self.add(tr("Key images"), self.images)
        self.patient_data = self.add_switch(PATIENT_DATA, on=True)
        self.content.addWidget(wrapped(DRAWN_IN, "muted"))

    def options(self) -> tuple[tuple[int, ...] | None, bool]:
        """What was chosen."""
        return self.images.value(), self.patient_data.isChecked()
