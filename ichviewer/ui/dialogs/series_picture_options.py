"""How a series becomes pictures. Loads what draws them, so it is imported when it is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from ichviewer.domain.series import Series
from ichviewer.domain.window import Voi
from ichviewer.services.captions import CaptionSettings, JudgedSeries
from ichviewer.services.series_pictures import PictureFormat, PictureRequest
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.output_options import DRAWN_IN, OptionsDialog
from ichviewer.ui.look.language import tr


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
        super().__init__(tr("Save series as pictures"), tr("Save…"), parent)
        self._series, self._voi, self._inverted, self._judged = series, voi, inverted, judged
        self.form_: Choice[PictureFormat] = Choice(
            tr("Form"),
            {
                PictureFormat.PNG_FOLDER: tr("A folder with a PNG a slice"),
                PictureFormat.GIF: tr("A film as GIF"),
                PictureFormat.APNG: tr("A film as APNG"),
                PictureFormat.WEBP: tr("A film as WebP"),
            },
        )
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value in ((self.first, 1), (self.last, len(series))):
            box.setRange(1, len(series))
            box.setValue(value)
        self.first.valueChanged.connect(self.last.setMinimum)
        self.own_window: Choice[bool] = Choice(
            tr("Window"), {False: tr("As the slice in view"), True: tr("Each slice's own, of the file")}
        )
        self.speed = QDoubleSpinBox()
        self.speed.setRange(0.5, 50.0)
        self.speed.setDecimals(1)
        self.speed.setValue(min(max(frames_per_s, 0.5), 50.0))
        self.add(tr("Form"), self.form_)
        self.add(tr("First slice"), self.first)
        self.add(tr("Last slice"), self.last)
        self.add(tr("Window"), self.own_window)
        self.add(tr("Pictures a second"), self.speed)
        self.true_aspect = self.add_switch(tr("True aspect ratio, where pixels are not square"), on=True)
        self.captions = self.add_switch(tr("Words below each picture"), on=True)
        self.findings = self.add_switch(tr("Findings among the words"), on=judged is not None)
        self.patient_data = self.add_switch(tr("The patient's data among the words"))
        self.form_.currentIndexChanged.connect(lambda _: self._enable())
        self.captions.toggled.connect(lambda _: self._enable())
        self.content.addWidget(wrapped(DRAWN_IN, "muted"))
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
