"""Says in the status bar whose images are in view, while what is open is of several patients."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ichviewer.ui.app.status import StatusBar
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import patient_name
from ichviewer.ui.panes.arrangement import Arrangement
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session


class PatientsInView(QObject):
    """Keeps the words of the status bar at what the panes show.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    panes : Arrangement
    status : StatusBar
    """

    def __init__(self, session: Session, viewing: Viewing, panes: Arrangement, status: StatusBar) -> None:
        super().__init__(panes)
        self._session, self._viewing, self._panes, self._status = session, viewing, panes, status
        panes.changed.connect(self.refresh)
        viewing.activeChanged.connect(lambda _: self.refresh())
        viewing.seriesChanged.connect(lambda _: self.refresh())

    def refresh(self) -> None:
        """Say it anew; nothing where one folder is open and the panes show one patient."""
        shown = self._panes.patients_shown()
        series = self._viewing.series
        beside = self._session.places.several_patients and not self._session.stands_alone
        words = ""
        if series is not None and (beside or len(shown) > 1):
            who = series.patient
            words = tr("Patient in view: {patient_name}").format(patient_name=patient_name(who)) + (
                f", ID {who.id}" if who.id else ""
            )
        if len(shown) > 1:
            words += tr("{more}the panes show {shown} patients").format(
                more="; " if words else "", shown=len(shown)
            )
        self._status.set_patient(words, several=len(shown) > 1)
