"""Writes the findings beside the window, so that a slow disk never stalls it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import TaskContext


@dataclass(frozen=True)
class Exported:
    """What was written; no sidecar where the CSV went to a device."""

    csv: Path
    sidecar: Path | None
    rows: int

    def __str__(self) -> str:
        beside = (
            ""
            if self.sidecar is None
            else tr(", and how they came about to {name} beside it").format(name=self.sidecar.name)
        )
        return tr("{rows} written to {csv}{beside}.").format(
            rows=counted("row", "rows", self.rows), csv=self.csv, beside=beside
        )


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

    def proposed_path(
        self,
        last_folder: Path | None,
        now: datetime | None = None,
        *,
        what: str = "findings",
        suffix: str = ".csv",
    ) -> Path:
        """Where to write: a name that says nothing of the patient, in a folder that is not that of the images.

        Parameters
        ----------
        last_folder : Path or None
            Where the last export went; the user's documents where there is none, or images were opened from there;
            the home folder where they were opened from the documents.
        now : datetime, optional
            Local time for the name; the present unless told.
        what, suffix : str
            What the name begins and ends with.
        """
        opened = [path.resolve() for path in self._session.paths]
        beside = [path if path.is_dir() else path.parent for path in opened]
        candidates = (last_folder, documents_folder())
        # Where everything lies below what was opened, there is no better place than home.
        folder = next(
            (f for f in candidates if f and not any(f.resolve().is_relative_to(b) for b in beside)),
            Path.home(),
        )
        return folder / f"{what}-{now or datetime.now():%Y-%m-%d-%H%M}{suffix}"

    def export(self, path: Path) -> None:
        """Write to ``path`` and its sidecar, both or none. Needs a model's card."""
        session, backend = self._session, self._session.backend
        card, point, model = session.model.card, session.model.point, session.model.model
        if card is None:
            raise ValueError("an export needs a model's card. Received: none")
        catalog, findings, opened = session.catalog, session.findings.known(), tuple(session.paths)
        engine = model.analyser.name if model is not None else "none"

        def write(_: TaskContext) -> Exported:
            from ichviewer.services.outputs import Inputs  # noqa: PLC0415 - the window stands before it is needed
            from ichviewer.services.write_findings import Report  # noqa: PLC0415 - as above

            sidecar = backend.sidecar_path(path)
            report = Report(catalog, findings, card, engine, point)
            return Exported(path, sidecar, backend.write_report(report, path, sidecar, Inputs(opened)))

        session.workers.run(write, on_result=self.done.emit, on_error=self.failed.emit, lane="export")


def documents_folder() -> Path:
    """The user's documents; the home folder where there are none."""
    path = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return path if path.is_dir() else Path.home()
