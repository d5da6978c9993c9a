# ruff: noqa: PLC0415 - pydicom and dialogs, when they are needed
"""The commands that write the results of the series in view as DICOM objects, into a folder or into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import ExportError, IchViewerError
from ichviewer.ui.app.choosing import choose_folder
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.app.private_copies import delete_folder, private_folder
from ichviewer.ui.app.report_choice import ReportChoice
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted, joined
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Task, TaskContext
from ichviewer.ui.sources.outbox_control import OutboxControl
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.region_store import RegionStore

if TYPE_CHECKING:
    from ichviewer.ui.app.result_making import ResultMaking
    from ichviewer.ui.dialogs.results_options import OfferedKind, ResultsOptions, ResultsOptionsDialog

LANE = "dicom-results"
NO_DESTINATION = tr("There is nowhere to send them: add a node or a server under File, Sources first.")


@dataclass(frozen=True)
class SavedResults:
    """What was written.

    Parameters
    ----------
    files : tuple of Path
    without : tuple of str
        Kinds that had nothing to say, by their names.
    notes : tuple of str
        What of the reader's is not among them, and why.
    """

    files: tuple[Path, ...]
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def more(self) -> str:
        """What is not among them, in words."""
        nothing = ", ".join(name.upper() for name in self.without)
        return " ".join(
            (
                *self.notes,
                *([tr("Nothing to write as {nothing}.").format(nothing=nothing)] if nothing else ()),
            )
        )


class ResultSaving(QObject):
    """Asks what is written and where it goes, has it written beside the window, and says what became of it.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    place : OutputPlace
    report, annotations, regions : ReportChoice, AnnotationStore, RegionStore
        See `ResultMaking`.
    outbox : OutboxControl
        Sends what is put into it.
    """

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        place: OutputPlace,
        *,
        report: ReportChoice,
        annotations: AnnotationStore,
        regions: RegionStore,
        outbox: OutboxControl,
    ) -> None:
        super().__init__(place)
        self._session, self._viewing, self._place, self._outbox = session, viewing, place, outbox
        self._report, self._annotations, self._regions = report, annotations, regions
        self._task: Task | None = None
        self._of: SeriesKey | None = None
        self._sending: Path | None = None

    @cached_property
    def _making(self) -> ResultMaking:
        from ichviewer.ui.app.result_making import ResultMaking

        return ResultMaking(
            self._session,
            self._viewing,
            report=self._report,
            annotations=self._annotations,
            regions=self._regions,
        )

    @property
    def running(self) -> bool:
        """Whether results are being written."""
        return self._task is not None and not self._task.over and not self._task.dropped

    def ask(self) -> None:
        """Let the user choose what is written into which folder."""
        self._prepare(self._ask)

    def ask_send(self) -> None:
        """Let the user choose what is sent to whom."""
        self._prepare(
            lambda series, kinds: self._outbox.ask_destinations(partial(self._ask_send, series, kinds))
        )

    def drop(self) -> None:
        """Write nothing any more: the study is closed. What is in the outbox already is sent."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        if self._sending is not None:
            delete_folder(self._sending)
            self._sending = None

    def close(self, keys: Container[SeriesKey]) -> None:
        """Write nothing of these series any more: they are closed."""
        if self._of in keys:
            self.drop()

    def write(self, series: Series, options: ResultsOptions) -> None:
        """Write the results of a series as the options say, all of them or none."""
        self.drop()
        try:
            make = self._making.maker(series, options.kinds, options.observer, options.folder)
        except ExportError as error:
            self._failed(error)
            return
        target = options.folder
        if target is None:
            self._sending = private_folder()
            # Within it: once it is deleted, nothing can be written there any more.
            target = self._sending / "objects"
        inputs, folder = self._session.inputs(), target

        def work(context: TaskContext) -> SavedResults:
            from ichviewer.results.kinds import kinds_named
            from ichviewer.results.write_results import write_results

            analysis, marks = make(context)
            files = write_results(
                analysis,
                folder,
                kinds_named(options.kinds),
                inputs=inputs,
                extras=marks.extras,
                progress=context.progress,
                cancel=context.cancel,
            )
            made = {path.name.partition("_")[0] for path in files}
            return SavedResults(files, tuple(k for k in options.kinds if k not in made), marks.notes)

        self._of = series.key
        self._task = self._session.workers.run(
            work,
            on_result=partial(self._saved, folder)
            if options.folder
            else partial(self._send, options.destination),
            on_error=self._failed,
            on_progress=self._tell_progress,
            on_cancelled=self._cancelled,
            lane=LANE,
        )
        self._tell_progress(0, 0, "")

    # Asking

    def _prepare(self, then: Callable[[Series, tuple[OfferedKind, ...]], None]) -> None:
        series = self._viewing.series
        if series is None:
            return
        if self.running:
            self._place.notice.show_message(tr("Results are being written already."), "info")
            return
        try:
            self._making.findings(series)
        except ExportError as error:
            self._failed(error)
            return
        self._of = series.key
        self._task = self._session.workers.run(
            lambda _: _offered(),
            on_result=lambda kinds: then(series, kinds),
            on_error=self._failed,
            lane=LANE,
        )

    def _ask(self, series: Series, kinds: tuple[OfferedKind, ...]) -> None:
        from ichviewer.ui.dialogs.results_options import ResultsOptionsDialog

        window = self._place.window
        proposed = self._place.proposed("dicom-results", "")

        def choose(then: Callable[[Path], None]) -> None:
            def chosen(folder: Path) -> None:
                then(folder / proposed.name)

            # A folder of their own, so that they lie among nothing else.
            self._place.own(
                choose_folder(window, proposed.parent, chosen, title=tr("Folder for the results"))
            )

        dialog = ResultsOptionsDialog(
            tr("Save results as DICOM"), tr("Save"), kinds, folder=proposed, choose=choose, parent=window
        )
        self._open(series, dialog)

    def _ask_send(
        self, series: Series, kinds: tuple[OfferedKind, ...], destinations: tuple[str, ...]
    ) -> None:
        from ichviewer.ui.dialogs.results_options import ResultsOptionsDialog

        if self._session.series(series.key) is not series:
            return  # closed while the sources were read
        if not destinations:
            self._place.notice.show_message(NO_DESTINATION, "warning")
            return
        dialog = ResultsOptionsDialog(
            tr("Send results"), tr("Send"), kinds, destinations=destinations, parent=self._place.window
        )
        self._open(series, dialog)

    def _open(self, series: Series, dialog: ResultsOptionsDialog) -> None:
        dialog.chosen.connect(lambda options: self.write(series, options))
        self._place.open(dialog)

    # What became of it

    def _saved(self, folder: Path, saved: SavedResults) -> None:
        if not saved.files:
            self._nothing(saved)
            return
        self._place.tell_written(
            counted("DICOM object", "DICOM objects", len(saved.files)), folder, saved.more
        )

    def _send(self, destination: str, saved: SavedResults) -> None:
        # From here on the outbox has them, whatever is closed.
        folder, self._sending = self._sending, None
        if folder is None:
            return
        if not saved.files:
            delete_folder(folder)
            self._nothing(saved)
            return

        def added() -> None:
            delete_folder(folder)
            words = tr("{dicom_objects} put into the outbox for {destination}.").format(
                dicom_objects=counted("DICOM object", "DICOM objects", len(saved.files)),
                destination=destination,
            )
            self._place.notice.show_message(
                _sentences(words, saved.more), "warning" if saved.more else "done"
            )

        def refused(error: IchViewerError) -> None:
            delete_folder(folder)
            self._place.tell_failed(tr("Not all results were put into the outbox."), error)

        self._outbox.add(saved.files, destination, on_added=added, on_failed=refused)

    def _nothing(self, saved: SavedResults) -> None:
        self._place.notice.show_message(_sentences(tr("No object was written."), saved.more), "warning")

    def _failed(self, error: BaseException) -> None:
        self.drop()
        self._place.tell_failed(tr("No results were written."), error)

    def _cancelled(self) -> None:
        self.drop()
        self._place.notice.show_message(tr("No results were written: it was cancelled."))

    def _tell_progress(self, done: int, total: int, _: str) -> None:
        task = self._task
        if task is None or task.over:
            return
        words = joined(
            (
                tr("Making DICOM objects"),
                tr("{done} of {kinds}").format(done=done, kinds=counted("kind", "kinds", total))
                if total
                else "",
            )
        )
        self._place.notice.show_message(f"{words}.", "info", (tr("Cancel"), task.cancel))


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _offered() -> tuple[OfferedKind, ...]:
    from ichviewer.results.kinds import KINDS
    from ichviewer.ui.dialogs.results_options import OfferedKind

    return tuple(OfferedKind(kind.name, kind.title, not kind.on_request) for kind in KINDS)
