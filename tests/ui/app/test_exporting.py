from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_series
from fake_backend import scripted_backend
from pytestqt.qtbot import QtBot

from ichviewer.errors import ExportError
from ichviewer.ui.app import exporting
from ichviewer.ui.app.exporting import Exported, Exporter
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Workers

NOW = datetime(2026, 11, 25, 14, 30)


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "Documents"
    folder.mkdir()
    monkeypatch.setattr(exporting, "documents_folder", lambda: folder)
    return folder


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    workers = Workers()
    session = Session(workers, scripted_backend())
    session.model.open(None)
    yield session
    session.shutdown()


def opened(qtbot: QtBot, session: Session, *paths: Path) -> Exporter:
    session.open(list(paths))
    qtbot.waitUntil(lambda: session.is_open and not session.reading and session.model.model is not None)
    session.analysis.open(session.catalog.series)
    qtbot.waitUntil(lambda: session.analysis.complete)
    return Exporter(session)


def test_the_name_says_nothing_of_the_patient(
    qtbot: QtBot, session: Session, tmp_path: Path, documents: Path
) -> None:
    write(tmp_path / "ct" / "a", make_slice(patient_id="DOE4711"))
    exporter = opened(qtbot, session, tmp_path / "ct")
    assert exporter.proposed_path(None, NOW) == documents / "findings-2026-11-25-1430.csv"
    assert exporter.proposed_path(None).name.startswith("findings-2")


def test_it_goes_where_the_last_one_went_but_never_beside_the_images(
    qtbot: QtBot, session: Session, tmp_path: Path, documents: Path
) -> None:
    write_series(tmp_path / "ct" / "deep", n=1)
    (tmp_path / "link").symlink_to(tmp_path / "ct", target_is_directory=True)
    (tmp_path / "ct-exports").mkdir()
    exporter = opened(qtbot, session, tmp_path / "ct")
    assert exporter.proposed_path(tmp_path / "ct-exports").parent == tmp_path / "ct-exports"
    for beside in ("ct", "ct/deep", "link", "link/deep"):
        assert exporter.proposed_path(tmp_path / beside).parent == documents
    file = next((tmp_path / "ct" / "deep").iterdir())
    exporter = opened(qtbot, session, file)
    assert exporter.proposed_path(file.parent).parent == documents
    write_series(documents / "ct", n=1)
    for path in (documents, next((documents / "ct").iterdir())):
        exporter = opened(qtbot, session, path)
        beside = path if path.is_dir() else path.parent
        assert not exporter.proposed_path(beside).parent.is_relative_to(beside)


def test_both_files_are_written_and_named(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", n=3)
    exporter = opened(qtbot, session, tmp_path / "ct")
    with qtbot.waitSignal(exporter.done) as blocker:
        exporter.export(tmp_path / "f.csv")
    made = blocker.args[0]
    assert made == Exported(tmp_path / "f.csv", tmp_path / "f.csv.json", 3)
    assert str(tmp_path / "f.csv") in str(made)
    assert "f.csv.json" in str(made)
    assert len(list(csv.DictReader((tmp_path / "f.csv").read_text().splitlines()))) == 3
    assert json.loads((tmp_path / "f.csv.json").read_text())["tally"]["found"] == 3


@pytest.mark.parametrize("name", ["IM0000", "notes.txt"])
def test_nothing_that_was_opened_is_replaced(
    qtbot: QtBot, session: Session, tmp_path: Path, name: str
) -> None:
    write_series(tmp_path / "ct", n=2)
    (tmp_path / "ct" / "notes.txt").write_text("hello")
    before = (tmp_path / "ct" / name).read_bytes()
    exporter = opened(qtbot, session, tmp_path / "ct")
    with qtbot.waitSignal(exporter.failed) as blocker:
        exporter.export(tmp_path / "ct" / name)
    assert isinstance(blocker.args[0], ExportError)
    assert (tmp_path / "ct" / name).read_bytes() == before


def test_a_sidecar_that_cannot_be_written_takes_the_csv_with_it(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    write_series(tmp_path / "ct", n=2)
    (tmp_path / "f.csv").write_text("old")
    (tmp_path / "f.csv.json").mkdir()
    exporter = opened(qtbot, session, tmp_path / "ct")
    with qtbot.waitSignal(exporter.failed) as blocker:
        exporter.export(tmp_path / "f.csv")
    assert "f.csv.json: this is a folder" in str(blocker.args[0])
    assert (tmp_path / "f.csv").read_text() == "old"
