"""Writes the findings beside the window, so that a slow disk never stalls it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ichviewer.ui.session import Session
from ichviewer.ui.workers import TaskContext


@dataclass(frozen=True)
class Exported:
    """What was written."""

    csv: Path
    sidecar: Path
    rows: int


class Exporter(QObject):
    """Writes CSV and sidecar of what is known at that moment.

    Signals
    -------
    done(Exported)
    failed(BaseException)
    """

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def proposed_name(self) -> str:
        """File name made of the patient's ID, as far as a file system allows."""
        studies = self._session.catalog.studies
        ident = studies[0].patient.id if len({s.patient.id for s in studies}) == 1 else ""
        safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in ident)[:60]
        return f"{safe}-findings.csv" if safe else "findings.csv"

    def export(self, path: Path) -> None:
        """Write to ``path`` and its sidecar. Needs a model's card."""
        session, backend = self._session, self._session.backend
        card, point, model = session.model.card, session.model.point, session.model.model
        if card is None:
            raise ValueError("an export needs a model's card. Received: none")
        catalog, findings = session.catalog, session.analysis.findings()
        engine = model.analyser.name if model is not None else "none"

        def write(_: TaskContext) -> Exported:
            rows = backend.write_csv(path, catalog, findings, card, point=point)
            sidecar = backend.sidecar_path(path)
            backend.write_sidecar(sidecar, catalog, findings, card, engine=engine, point=point, csv_path=path)
            return Exported(path, sidecar, rows)

        session.workers.run(write, on_result=self.done.emit, on_error=self.failed.emit, lane="export")
