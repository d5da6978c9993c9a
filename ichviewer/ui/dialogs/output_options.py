"""What is to be in a picture or a report, asked before where it goes."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QDoubleSpinBox, QSpinBox, QWidget

from ichviewer.domain.series import Series
from ichviewer.domain.window import Voi
from ichviewer.services.captions import CaptionSettings, JudgedSeries
from ichviewer.services.series_pictures import PictureFormat, PictureRequest
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.settings_page import Field, add_field, form

_Button = QDialogButtonBox.StandardButton
PATIENT_DATA = "With the patient's data"
_DRAWN_IN = "What the scanner drew into the pixels themselves stays in any case."


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
        self.rows = form()
        self.content.addLayout(self.rows)
        self.buttons.setStandardButtons(_Button.Ok | _Button.Cancel)
        self.buttons.button(_Button.Ok).setText(accept_words)
        self.buttons.button(_Button.Ok).setDefault(True)
        self.buttons.button(_Button.Cancel).setText("Cancel")
        self.buttons.accepted.connect(self.accept)

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
        super().__init__("Save picture", "Save…", parent)
        words = {
            PictureKind.AS_SEEN: "As seen, with words",
            PictureKind.PIXELS: "The slice alone, pixel for pixel",
        }
        self.kind: Choice[PictureKind] = Choice("Picture", words)
        self.add("Picture", self.kind)
        self.patient_data = self.add_switch(PATIENT_DATA)
        self.kind.currentIndexChanged.connect(lambda _: self._enable())
        self.content.addWidget(wrapped(_DRAWN_IN, "muted"))

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
    """

    def __init__(self, index: int, accept_words: str, parent: QWidget | None = None) -> None:
        super().__init__("Report", accept_words, parent)
        self.images: Choice[tuple[int, ...] | None] = Choice(
            "Key images",
            {None: "The most suspicious slices", (index,): f"Slice {index + 1}, in view", (): "None"},
        )
        self.add("Key images", self.images)
        self.patient_data = self.add_switch(PATIENT_DATA, on=True)
        self.content.addWidget(wrapped(_DRAWN_IN, "muted"))

    def options(self) -> tuple[tuple[int, ...] | None, bool]:
        """What was chosen."""
        return self.images.value(), self.patient_data.isChecked()


class SeriesPictureOptionsDialog(OptionsDialog):
    """Asks how a series becomes pictures; `chosen` tells a `PictureRequest`.

    Parameters
    ----------
    series : Series
    voi : Window or VoiLut
        What the slice in view is seen through.
    inverted : bool
        Whether black and white are swapped.
    judged : JudgedSeries or None
        Findings that captions may tell.
    frames_per_s : float
        What is proposed.
    parent : QWidget or None
    """

    def __init__(
        self,
        series: Series,
        voi: Voi,
        parent: QWidget | None = None,
        *,
        inverted: bool = False,
        judged: JudgedSeries | None = None,
        frames_per_s: float = 8.0,
    ) -> None:
        super().__init__("Save series as pictures", "Save…", parent)
        self._series, self._voi, self._inverted, self._judged = series, voi, inverted, judged
        self.form_: Choice[PictureFormat] = Choice(
            "Form",
            {
                PictureFormat.PNG_FOLDER: "A folder with a PNG a slice",
                PictureFormat.GIF: "A film as GIF",
                PictureFormat.APNG: "A film as APNG",
                PictureFormat.WEBP: "A film as WebP",
            },
        )
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value in ((self.first, 1), (self.last, len(series))):
            box.setRange(1, len(series))
            box.setValue(value)
        self.first.valueChanged.connect(self.last.setMinimum)
        self.own_window: Choice[bool] = Choice(
            "Window", {False: "As the slice in view", True: "Each slice's own, of the file"}
        )
        self.speed = QDoubleSpinBox()
        self.speed.setRange(0.5, 50.0)
        self.speed.setDecimals(1)
        self.speed.setValue(min(max(frames_per_s, 0.5), 50.0))
        self.add("Form", self.form_)
        self.add("First slice", self.first)
        self.add("Last slice", self.last)
        self.add("Window", self.own_window)
        self.add("Pictures a second", self.speed)
        self.true_aspect = self.add_switch("True aspect ratio, where pixels are not square", on=True)
        self.captions = self.add_switch("Words below each picture", on=True)
        self.findings = self.add_switch("Findings among the words", on=judged is not None)
        self.patient_data = self.add_switch("The patient's data among the words")
        self.form_.currentIndexChanged.connect(lambda _: self._enable())
        self.captions.toggled.connect(lambda _: self._enable())
        self.content.addWidget(wrapped(_DRAWN_IN, "muted"))
        self._enable()

    def options(self) -> PictureRequest:
        """What was chosen."""
        words = CaptionSettings(
            patient_data=self.patient_data.isChecked(),
            judged=self._judged if self.findings.isChecked() else None,
        )
        return PictureRequest(
            self._series,
            self.first.value() - 1,
            self.last.value() - 1,
            self.form_.value(),
            voi=None if self.own_window.value() else self._voi,
            inverted=self._inverted,
            true_aspect=self.true_aspect.isChecked(),
            captions=words if self.captions.isChecked() else None,
            frames_per_s=self.speed.value(),
        )

    def _enable(self) -> None:
        self.speed.setEnabled(self.form_.value() is not PictureFormat.PNG_FOLDER)
        self.patient_data.setEnabled(self.captions.isChecked())
        self.findings.setEnabled(self.captions.isChecked() and self._judged is not None)
