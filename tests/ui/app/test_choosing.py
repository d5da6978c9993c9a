from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from ichviewer.ui.app.choosing import choose_csv, choose_files, choose_folder, choose_model
app = QApplication([])
folder = Path(sys.argv[1])
store = QSettings(QSettings.Scope.UserScope, "QtProject")
if sys.argv[2]:
    store.setValue("FileDialog/lastVisited", sys.argv[2])
    store.sync()
parent = QWidget()
for choose in (choose_folder, choose_files, choose_model):
    choose(parent, folder, print).accept()
choose_csv(parent, folder / "f.csv", print).reject()
for _ in range(3):
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
store.sync()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into the file where Qt keeps it on Linux")
@pytest.mark.parametrize("before", ["", "file:///of/another/program"])
def test_dialogs_leave_no_folder_of_a_patient_in_the_file_that_programs_share(
    tmp_path: Path, before: str
) -> None:
    folder = tmp_path / "Doe4711"
    folder.mkdir()
    (folder / "a.dcm").touch()
    subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), before],
        check=True,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "QT_QPA_PLATFORM": "offscreen"},
    )
    kept = (tmp_path / "config" / "QtProject.conf").read_text()
    assert "[FileDialog]" in kept, "Qt wrote nothing, so this shows nothing"
    assert "Doe4711" not in kept
    assert not before or before in kept
