"""The status bar: what is going on, the model, the problems, and what the program is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QProgressBar, QStatusBar, QToolButton, QWidget

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.words import counted, duration, error_words, joined
from ichviewer.ui.session.analysis import AnalysisProgress
from ichviewer.ui.session.model_host import ModelHost

_GAP_PX = 8
"""About what Qt leaves between two words of the bar."""


class StatusBar(QStatusBar):
    """Says what is going on in one line.

    Parameters
    ----------
    pause, cancel, problems : QAction
        Offered as small buttons where they make sense.
    """

    _is_built = False

    def __init__(
        self, pause: QAction, cancel: QAction, problems: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        self._number = 0
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(150)
        self._bar.setAccessibleName(tr("Progress"))
        self._words = PlainLabel()
        self._pause = _small_button(pause)
        self._cancel = _small_button(cancel)
        self._model = PlainLabel()
        self._problems = QToolButton()
        # Not its default action: the button says how many there are. Its tooltip follows a change of the key.
        problems.changed.connect(lambda: set_tip(self._problems, problems.toolTip()))
        set_tip(self._problems, problems.toolTip())
        self._problems.clicked.connect(problems.trigger)
        self._problems.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._problems.setIconSize(QSize(15, 15))
        self._failed = False
        self._added: list[QWidget] = []
        self._disclaimer = PlainLabel(words_of(DISCLAIMER))
        set_tip(self._disclaimer, words_of(DISCLAIMER))
        self._patient = PlainLabel()
        self._patient.hide()
        for widget in (self._bar, self._words, self._pause, self._cancel):
            self.addWidget(widget)
        for widget in (self._patient, self._problems, self._model, self._disclaimer):
            self.addPermanentWidget(widget)
        self.set_idle("")
        self.set_problems(0)
        self._is_built = True

    @property
    def words(self) -> str:
        """What it says is going on."""
        return self._words.text()

    @property
    def problems(self) -> int:
        """How many problems it tells of."""
        return self._number

    def add_word(self, widget: QWidget) -> None:
        """Show one more thing at the far end, before all that stands there; it shows and hides itself."""
        shown = widget.isVisibleTo(self)
        # Counted from the first widget at the near end: bar, words, pause, cancel.
        self.insertPermanentWidget(4, widget)
        self._added.append(widget)
        widget.setVisible(shown)

    def set_idle(self, words: str) -> None:
        """Nothing is going on."""
        self._show(words, bar=False, pause=False, cancel=False)

    def set_reading(self, done: int, total: int, what: str) -> None:
        """Files are being read."""
        self._set_bar(done, total)
        words = (
            tr("Reading {done:,} of {files}").format(done=done, files=counted("file", "files", total))
            if total
            else tr("Reading: {what}").format(what=what)
        )
        self._show(words, bar=True, pause=False, cancel=True)

    def set_busy(self, words: str) -> None:
        """Something is going on, nobody knows for how long."""
        self._bar.setRange(0, 0)
        self._show(words, bar=True, pause=False, cancel=False)

    def set_analysis(self, progress: AnalysisProgress) -> None:
        """Slices are being analysed."""
        self._set_bar(progress.done, max(1, progress.total))
        words = tr("Analyzing slice {done:,} of {total:,}").format(
            done=min(progress.done + 1, progress.total), total=progress.total
        )
        if progress.paused:
            words = tr("Paused at {done:,} of {slices}").format(
                done=progress.done, slices=counted("slice", "slices", progress.total)
            )
        elif progress.seconds_left is not None:
            words += f", {duration(progress.seconds_left)}"
        self._show(words, bar=True, pause=True, cancel=True)

    def show_model(self, model: ModelHost) -> None:
        """Name the model in use, or say that there is none."""
        if model.failure is not None:
            words, tip = tr("No model: slices are not analyzed"), error_words(model.failure)
        elif model.card is None:
            words, tip = tr("Opening the model"), ""
        else:
            engine = model.model.analyser.name if model.model is not None else tr("starting")
            words = joined((f"{model.card.name} {model.card.version}", engine))
            tip = tr("Model in {folder}").format(folder=model.card.folder)
        self._model.setText(words)
        set_tip(self._model, tip)
        self._failed = model.failure is not None
        self._model.set_role("danger" if self._failed else "muted")
        # Where there is no room for the model's name it is told here.
        set_tip(self._disclaimer, "\n".join(t for t in (words_of(DISCLAIMER), self._model.text(), tip) if t))

    def set_patient(self, words: str, *, several: bool) -> None:
        """Say whose images are in view, and whether they are of several patients; nothing by empty words."""
        self._patient.setText(words)
        self._patient.set_role("warning" if several else "")
        self._patient.setVisible(bool(words))

    @property
    def patient(self) -> str:
        """What it says of whose images are in view."""
        return self._patient.text()

    def set_problems(self, number: int) -> None:
        """Say how many problems the input has that a reader should know of."""
        self._number = number
        self._problems.setVisible(number > 0)
        self._problems.setIcon(icon("warning", "warning"))
        self._problems.setText(counted("problem", "problems", number))

    def event(self, event: QEvent) -> bool:
        """Leave out what matters least where the bar is too narrow for all of it."""
        done = super().event(event)
        if self._is_built and event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._fit()
        return done

    def _fit(self) -> None:
        """The model's name goes first, if there is a model, then the second half of what the program is not."""
        shown = (self._words, self._pause, self._cancel, *self._added, self._patient, self._problems)
        needed = sum(_GAP_PX + w.sizeHint().width() for w in shown if not w.isHidden())
        needed += 0 if self._bar.isHidden() else self._bar.width() + _GAP_PX
        whole = self._disclaimer.fontMetrics().horizontalAdvance(words_of(DISCLAIMER)) + _GAP_PX
        model = self._model.sizeHint().width() + _GAP_PX
        room = self.contentsRect().width() - 2 * _GAP_PX
        leave_out = not self._failed and needed + whole + model > room
        if self._model.isHidden() != leave_out:
            self._model.setVisible(not leave_out)
        fits = needed + whole + (0 if leave_out else model) <= room
        said = words_of(DISCLAIMER) if fits else tr("Not a medical device")
        if self._disclaimer.text() != said:
            self._disclaimer.setText(said)

    def _set_bar(self, done: int, total: int) -> None:
        # Qt's bar does not wait for the end of the turn: it has all of the window painted, once more, at once.
        self._bar.setUpdatesEnabled(False)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setUpdatesEnabled(True)

    def _show(self, words: str, *, bar: bool, pause: bool, cancel: bool) -> None:
        self._words.setText(words)
        for widget, visible in ((self._bar, bar), (self._pause, pause), (self._cancel, cancel)):
            # Only what changes: showing again what is there lays the whole bar out anew.
            if widget.isHidden() == visible:
                widget.setVisible(visible)


def _small_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(15, 15))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
