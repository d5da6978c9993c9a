"""Asks where the findings go, has them written, and says what became of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ichviewer.ui.app.choosing import choose_csv
from ichviewer.ui.app.exporting import Exported, Exporter
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.session import Session


class ExportChoice(QObject):
    """The command to export.

    Parameters
    ----------
    session : Session
    exporter : Exporter
    place : OutputPlace
    """

    def __init__(self, session: Session, exporter: Exporter, place: OutputPlace) -> None:
        super().__init__(place)
        self._session, self._exporter, self._place = session, exporter, place
        exporter.done.connect(self._done)
        exporter.failed.connect(lambda error: place.tell_failed(tr("The CSV was not written."), error))

    def ask(self) -> None:
        """Let the user choose where the CSV goes."""
        proposed = self._place.proposed("findings", ".csv")
        dialog = choose_csv(self._place.window, proposed, self._exporter.export, title=self._title())
        self._place.own(dialog)

    def _title(self) -> str:
        """The CSV holds everything that is open, and says so where that is more than was opened together."""
        if self._session.stands_alone:
            return tr("Export findings")
        studies = self._session.catalog.studies
        patients = {(study.patient.id, study.patient.name) for study in studies}
        return tr("Export findings of all {studies:,} open studies ({patients})").format(
            studies=len(studies), patients=counted("patient", "patients", len(patients))
        )

    def _done(self, made: Exported) -> None:
        left = ""
        if self._session.arriving:
            left = tr(
                " Images are still being received, and series that lack some are not analyzed; "
                "export again afterwards."
            )
        elif not self._session.analysis.complete:
            left = tr(" The analysis is not finished; export again afterwards.")
        elif incomplete := self._session.places.incomplete:
            left = tr(" Not all images came of {studies}: series that lack some are not analyzed.").format(
                studies=counted("study", "studies", len(incomplete))
            )
        self._place.tell(f"{made}{left}", made.csv)
