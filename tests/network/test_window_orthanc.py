"""The window and a real archive: the demo study is stored, searched, fetched by both protocols, and analyzed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from fake_backend import scripted_backend
from pydicom import dcmread
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from ichviewer.bundle import demo_dir
from ichviewer.network.outbox import State
from ichviewer.network.peers import DicomNode, WebServer
from ichviewer.network.sources_file import Sources
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.sources.network_access import NetworkAccess
from ichviewer.ui.sources.studies_dialog import StudiesDialog


@pytest.fixture
def window(qtbot: QtBot, orthanc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    network = NetworkAccess(
        sources_file=tmp_path / "sources.toml",
        cache_folder=tmp_path / "cache",
        outbox_folder=tmp_path / "outbox",
    )
    node = DicomNode("Orthanc by DICOM", "ORTHANC", "127.0.0.1", orthanc.dicom_port)
    network.save(Sources((node, WebServer("Orthanc by web", orthanc.dicomweb_url))))
    made = MainWindow(UiSettings(), scripted_backend(), network=network)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def done(window: MainWindow) -> bool:
    session = window.session
    waits = session.reading or session.arriving
    return session.is_open and not waits and session.analysis.complete


def test_the_demo_is_sent_found_fetched_by_both_protocols_and_analyzed(
    qtbot: QtBot, window, orthanc, tmp_path
):
    folder = next(path for path in sorted(demo_dir().iterdir()) if path.is_dir())
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    heads = [dcmread(path, stop_before_pixels=True) for path in files]
    (study_uid,) = {str(head.StudyInstanceUID) for head in heads}
    outbox = window.network.outbox
    outbox.add(files, "Orthanc by web")
    qtbot.waitUntil(
        lambda: [item.state for item in outbox.items] == [State.SENT] * len(files), timeout=60_000
    )
    assert len(orthanc.get("/instances")) == len(files)

    window.actions_["file.find_studies"].trigger()
    studies = window.findChild(StudiesDialog)
    qtbot.waitUntil(lambda: len(window.network.sources.peers) == 2)
    for place, name in enumerate(("Orthanc by DICOM", "Orthanc by web")):
        studies.use_source(name)
        answers: list[str] = []
        window.network.sources.test(
            studies.peer, "", on_answer=answers.append, on_refusal=pytest.fail, on_cancelled=pytest.fail
        )
        qtbot.waitUntil(lambda answers=answers: bool(answers), timeout=20_000)
        studies.form.lines["patient_id"].setText(str(heads[0].PatientID))
        studies.search()
        qtbot.waitUntil(lambda: not studies.stop_button.isEnabled(), timeout=20_000)
        assert studies.said.text() == "1 study."
        assert studies.view.current.study.uid == study_uid
        window.session.close_study()
        studies.way.set_value(False)
        studies.fetch()
        qtbot.waitUntil(lambda: not window.network.retrieval.running and done(window), timeout=60_000)
        series = window.session.catalog.series
        assert sum(len(one) for one in series) == len(files)
        findings = window.session.findings.known()
        assert {one.key for one in series if window.session.refusal(one) is None} <= set(findings)
        # Each source has a copy of its own in the cache.
        kept = {str(dcmread(path, stop_before_pixels=True).SOPInstanceUID) for path in cached(tmp_path)}
        assert kept == {str(head.SOPInstanceUID) for head in heads}
        assert len(cached(tmp_path)) == (place + 1) * len(files)


def cached(folder: Path) -> list[Path]:
    return sorted((folder / "cache").rglob("*.dcm"))
