"""About: version, the model and what it was trained on, licenses."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ichviewer import __version__
from ichviewer.disclaimer import DISCLAIMER
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.look.icons import app_icon
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import counted, error_words, joined, sentence
from ichviewer.ui.session.model_host import ModelHost

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard

_LICENSES = tr(
    "ichviewer is free software under the Apache License 2.0. It comes with Qt for Python (LGPL-3.0), pydicom (MIT), "
    "NumPy (BSD-3-Clause), pyqtgraph (MIT), imagecodecs (BSD-3-Clause), LiteRT (Apache-2.0), the typeface Roboto "
    "(Apache-2.0) and others. The file NOTICE lists them all."
)


class AboutDialog(DialogFrame):
    """Says what the program is, what it is not, and which model it runs."""

    def __init__(self, model: ModelHost, parent: QWidget | None = None) -> None:
        super().__init__(tr("About ichviewer"), "ichviewer", parent)
        self.setMinimumWidth(560)
        top = QHBoxLayout()
        top.setSpacing(18)
        picture = PlainLabel()
        picture.setPixmap(app_icon().pixmap(QSize(72, 72), self.devicePixelRatioF()))
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(
            wrapped(
                tr("Version {version} · Python {python_version} · Qt {qversion}").format(
                    version=__version__, python_version=platform.python_version(), qversion=qVersion()
                ),
                "muted",
            )
        )
        words.addWidget(
            wrapped(
                tr(
                    "Shows head CT and the calibrated probability of five types of intracranial hemorrhage, offline."
                )
            )
        )
        words.addWidget(wrapped(words_of(DISCLAIMER), "warning"))
        top.addLayout(words, 1)
        self.content.addLayout(top)
        self.content.addWidget(PlainLabel(tr("Model"), "group"))
        self.content.addWidget(_model_facts(model))
        self.content.addWidget(PlainLabel(tr("Licenses"), "group"))
        self.content.addWidget(wrapped(_LICENSES, "muted"))


def _model_facts(model: ModelHost) -> QWidget:
    card = model.card
    if card is None:
        return wrapped(
            error_words(model.failure) if model.failure else tr("The model is still being opened."), "muted"
        )
    box = QWidget()
    form = QFormLayout(box)
    form.setContentsMargins(10, 8, 10, 8)
    form.setHorizontalSpacing(18)
    form.setVerticalSpacing(6)
    engine = model.model.analyser.name if model.model else tr("starting")
    for name, value in (
        (tr("Name"), f"{card.name} {card.version}"),
        (tr("Engine"), engine),
        (
            tr("Hash"),
            tr("{keras_sha256}… (SHA-256 of the .keras file)").format(keras_sha256=card.keras_sha256[:16]),
        ),
        (
            tr("Thresholds"),
            ", ".join(words_of(sentence(name.replace("_", " "))) for name in card.operating_points),
        ),
        (tr("Where"), str(card.folder)),
        (tr("Trained on"), _training(card)),
    ):
        form.addRow(PlainLabel(name, "muted"), wrapped(value))
    area = QScrollArea()
    area.setWidget(box)
    area.setWidgetResizable(True)
    # The facts of the bundled model without scrolling; a model trained on more scrolls.
    area.setMinimumHeight(200)
    return area


def _training(card: ModelCard) -> str:
    lines = []
    for data in card.training_data:
        size = joined(
            (
                counted("patient", "patients", data.patients) if data.patients else "",
                counted("slice", "slices", data.slices) if data.slices else "",
                data.licence,
            )
        )
        lines.append(f"{data.name} ({size})" if size else data.name)
    return "\n".join(lines) or tr("the model does not say")
