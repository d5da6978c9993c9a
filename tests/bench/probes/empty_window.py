"""The floor of a start: an empty window of PySide6. Prints JSON."""

import json
import os
import resource
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

sys.path.insert(0, str(Path(__file__).parent))

from memory import memory_mb


class _Painted(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, _tell)
        return False


def _tell() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    resident, proportional = memory_mb()
    found = {
        "window_s": time.monotonic() - float(os.environ["BENCH_STARTED_S"]),
        "cpu_s": used.ru_utime + used.ru_stime,
        "empty_resident_mb": resident,
        "empty_proportional_mb": proportional,
    }
    print(json.dumps(found), flush=True)
    app.quit()


app = QApplication(sys.argv[:1])
window = QMainWindow()
window.resize(1600, 1000)
painted = _Painted()
window.installEventFilter(painted)
window.show()
app.exec()
