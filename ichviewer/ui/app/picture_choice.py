"""The commands that make pictures: of the slice in view on the clipboard or as PNG, and of the whole series."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import ExportError
from ichviewer.ui.app.choosing import choose_folder, choose_target
from ichviewer.ui.app.clipboard import LANE, PictureSaver, copy_image, pixels_of
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted
from ichviewer.ui.panes.pane_picture import pane_picture
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Task, TaskContext

if TYPE_CHECKING:
    from ichviewer.services.captions import JudgedSeries
    from ichviewer.services.series_pictures import PictureRequest, WrittenPictures
    from ichviewer.ui.dialogs.output_options import PictureKind

_DRAWN_IN = tr("What the scanner drew into the pixels is still there.")
_FILMS = {
    ".gif": "GIF (*.gif)",
    ".png": "APNG (*.png)",
    ".webp": "WebP (*.webp)",
}


class PictureChoice(QObject):
    """Asks what a picture shows and where it goes, and says what became of it.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    place : OutputPlace
    """

    def __init__(self, session: Session, viewing: Viewing, place: OutputPlace) -> None:
        super().__init__(place)
        self._session, self._viewing, self._place = session, viewing, place
        self._writing: Task | None = None
        self._of: SeriesKey | None = None
        self._saver = PictureSaver(session.workers, self)
        self._saver.saved.connect(lambda path: place.tell_written(tr("Picture"), path))
        self._saver.failed.connect(lambda error: place.tell_failed(tr("The picture was not saved."), error))

    # The slice in view

    def copy(self, *, patient_data: bool) -> None:
        """Put what the active pane shows on the clipboard."""
        try:
            copy_image(pane_picture(self._viewing.active.image, patient_data=patient_data))
        except ExportError as error:
            self._place.tell_failed(tr("Nothing was copied."), error)
            return
        words = (
            tr("Picture copied.")
            if patient_data
            else tr("Picture copied without the patient's data. {drawn_in}").format(drawn_in=_DRAWN_IN)
        )
        self._place.notice.show_message(words, "done")

    def ask_save(self) -> None:
        """Let the user choose what the picture shows and where it goes."""
        from ichviewer.ui.dialogs.output_options import PictureOptionsDialog  # noqa: PLC0415 - on first use

        dialog = PictureOptionsDialog(self._place.window)
        dialog.chosen.connect(self._save)
        self._place.open(dialog)

    def _save(self, options: tuple[PictureKind, bool]) -> None:
        from ichviewer.ui.dialogs.output_options import PictureKind  # noqa: PLC0415 - as above

        kind, patient_data = options
        try:
            # Now, and not when a path is chosen: it is this slice that was asked for.
            image = self._pixels() if kind is PictureKind.PIXELS else self._as_seen(patient_data)
        except ExportError as error:
            self._place.tell_failed(tr("The picture was not saved."), error)
            return

        def save(path: Path) -> None:
            self._saver.save(image, path, self._session.inputs())

        proposed = self._place.proposed("picture", ".png")
        self._place.own(choose_target(self._place.window, tr("Save picture"), "PNG (*.png)", proposed, save))

    def _as_seen(self, patient_data: bool) -> QImage:
        return pane_picture(self._viewing.active.image, patient_data=patient_data)

    def _pixels(self) -> QImage:
        pane = self._viewing.active.image
        if pane.shown is None:
            raise ExportError(tr("there is no picture: no slice is on screen"))
        return pixels_of(pane.shown.decoded, pane.voi(), inverted=pane.inverted())

    # The series in view

    def ask_series(self) -> None:
        """Let the user choose how the series becomes pictures and where they go."""
        series, pane = self._viewing.series, self._viewing.active.image
        if series is None:
            return
        from ichviewer.ui.dialogs.series_picture_options import (  # noqa: PLC0415 - Pillow, which few need
            SeriesPictureOptionsDialog,
        )

        dialog = SeriesPictureOptionsDialog(
            series, pane.voi(), self._place.window, inverted=pane.inverted(), judged=self._judged(series)
        )
        dialog.chosen.connect(self._choose_target)
        self._place.open(dialog)

    def drop(self) -> None:
        """Write no pictures any more: the study is closed. Nothing is left half written."""
        if self._writing is not None:
            self._writing.drop()
            self._writing = None

    def close(self, keys: Container[SeriesKey]) -> None:
        """Write no pictures of these series any more: they are closed."""
        if self._of in keys:
            self.drop()

    def _judged(self, series: Series) -> JudgedSeries | None:
        from ichviewer.services.captions import JudgedSeries  # noqa: PLC0415 - as above

        model, found = self._session.model, self._session.findings.known().get(series.key)
        if found is None or model.card is None or model.point is None:
            return None
        return JudgedSeries(found, model.point, f"{model.card.name} {model.card.version}")

    def _choose_target(self, request: PictureRequest) -> None:
        window, suffix = self._place.window, request.form.suffix
        proposed = self._place.proposed("series", suffix)
        if not suffix:
            # A folder of their own, so that they lie among nothing else.
            dialog = choose_folder(
                window, proposed.parent, lambda folder: self._write(request, folder / proposed.name)
            )
        else:
            dialog = choose_target(
                window, tr("Save film"), _FILMS[suffix], proposed, lambda path: self._write(request, path)
            )
        self._place.own(dialog)

    def _write(self, request: PictureRequest, target: Path) -> None:
        inputs, read = self._session.inputs(), self._session.cache.get

        def work(context: TaskContext) -> WrittenPictures:
            from ichviewer.services.series_pictures import write_series_pictures  # noqa: PLC0415 - as above

            return write_series_pictures(
                request, target, inputs, read, progress=context.progress, cancel=context.cancel
            )

        self.drop()
        self._of = request.series.key
        self._writing = self._session.workers.run(
            work,
            on_result=lambda written: self._written(target, written),
            on_error=lambda error: self._place.tell_failed(tr("The pictures were not written."), error),
            on_progress=self._tell_progress,
            on_cancelled=lambda: self._place.notice.show_message(
                tr("No pictures were written: it was cancelled.")
            ),
            lane=LANE,
        )
        self._tell_progress(0, 0, "begins")

    def _tell_progress(self, done: int, total: int, what: str) -> None:
        task = self._writing
        if task is None:
            return
        words = (
            tr("Writing pictures: {done:,} of {slices}").format(
                done=done, slices=counted("slice", "slices", total)
            )
            if total
            else tr("Writing pictures")
        )
        self._place.notice.show_message(f"{words}.", "info", (tr("Cancel"), task.cancel))

    def _written(self, target: Path, written: WrittenPictures) -> None:
        from ichviewer.ui.report.source import slices_words  # noqa: PLC0415 - on first use

        self._writing = None
        missing = slices_words(tuple(index for index, _ in written.left_out))
        more = (
            tr("Not among them, because they could not be read: {missing}.").format(missing=missing)
            if missing
            else ""
        )
        self._place.tell_written(counted("slice", "slices", len(written.slices)), target, more)
