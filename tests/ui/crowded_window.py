# ruff: noqa: E402 - paths and the platform are set first
"""A window that is small for what is open in it, in a process of its own, because of its language.

``python crowded_window.py LANGUAGE FOLDER``: opens a study with a scripted model, measures and paints in it with all
panels open, at every size of `SIZES` and of words, and prints as JSON what was out of reach, by size.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from PySide6.QtCore import QSettings, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolBar

from ichviewer.ui.app.app import make_app
from ichviewer.ui.look.translators import speak

SIZES = ((1024, 600), (1366, 768), (1440, 900))
PERCENTS = (100, 160)
LEAST_IMAGE_PX = 330
LEAST_IMAGE_HEIGHT_PX = 250


def wait(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("the window did not get ready")
        QTest.qWait(10)


def lost_in_the_list() -> list[str]:
    """Summaries of patients that a list of 300 px cannot show to their end."""
    from ichviewer.ui.browser.study_order import Summary
    from ichviewer.ui.browser.study_rows import parts_that_fit, summary_width

    # As wide as the line in a list of 300 px with a scroll bar.
    room = 300 - 11 - 26 - 4
    summaries = [
        Summary(2, 1, 20, not_analyzed=1, highest=0.999),
        Summary(3, 1, 120, failed=1, highest=0.999),
        Summary(4, 0, 0, not_analyzed=2, waiting=2, highest=0.2),
        Summary(2, not_analyzed=1, clear=1, highest=0.2),
    ]
    return [
        str(parts_that_fit(s, room)) for s in summaries if summary_width(parts_that_fit(s, room), s) > room
    ]


def window_with_a_region(folder: Path):
    """A window on a study in which something is painted."""
    from dataclasses import replace

    from fake_backend import Script, scripted_backend
    from region_factory import NOON

    from ichviewer.domain.painted_region import PaintedRegion, RegionStep, masks_of
    from ichviewer.services.annotations_db import AnnotationsDb
    from ichviewer.ui.app.main_window import MainWindow
    from ichviewer.ui.session.ui_settings import UiSettings
    from ichviewer.ui.sources.network_access import NetworkAccess

    backend = replace(
        scripted_backend(Script(flagged=[1, 2])),
        open_annotations=lambda _: AnnotationsDb(folder / "annotations.sqlite3"),
    )
    settings = UiSettings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    network = NetworkAccess(
        sources_file=folder / "sources.toml", cache_folder=folder / "c", outbox_folder=folder / "o"
    )
    window = MainWindow(settings, backend, network=network)
    window.show()
    window.open_paths([folder / "study"])
    wait(
        lambda: (
            window.session.is_open
            and window.session.analysis.complete
            and window.viewing.shown == window.viewing.index
        )
    )
    window.viewing.go_flagged(1)
    series = window.viewing.series
    decoded = [window.session.cache.get(info) for info in series.slices[1:3]]
    masks = masks_of(series, [1, 2], [d.image.hu() > -2000 for d in decoded], [d.pixel_hash for d in decoded])
    ordered = tuple(sorted(masks, key=lambda one: one.place))
    region = PaintedRegion("r", series.key.in_file, ordered, NOON, NOON)
    window.tools.regions.store.do(RegionStep(None, region))
    window.tools.regions.store.select("r")
    return window


def main() -> int:
    language, folder = sys.argv[1], Path(sys.argv[2])
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(folder / "settings"))
    app = make_app()
    speak(app, language)
    from crowding import out_of_reach, too_short, tools_out_of_reach

    from ichviewer.ui.look.theme import DARK, apply_theme, look

    apply_theme(app, DARK)
    window = window_with_a_region(folder)
    window.actions_["measure.list"].trigger()
    window.actions_["measure.volume"].trigger()
    found: dict[str, list[str]] = {}
    side = window.layout_.side
    for percent in PERCENTS:
        look().set_text_percent(app, percent)
        if percent == 100:
            found["list of studies"] = lost_in_the_list()
        for size in SIZES:
            window.resize(*size)
            QTest.qWait(120)
            wrong = found.setdefault(f"{size[0]} x {size[1]} at {percent} %", [])
            if (window.width(), window.height()) != size:
                wrong.append(f"the window is {window.size().toTuple()}")
            for tab in range(side.tabs.count() if side.tabbed else 1):
                side.tabs.setCurrentIndex(tab)
                QTest.qWait(60)
                wrong += out_of_reach(window, QSize(*size)) + too_short(side)
            if window.image.width() < LEAST_IMAGE_PX:
                wrong.append(f"the image is {window.image.width()} px wide")
            if window.image.height() < LEAST_IMAGE_HEIGHT_PX:
                wrong.append(f"the image is {window.image.height()} px high")
            wrong += too_short(window.status)
            wrong += [
                f"not in the toolbar: {text}" for text in tools_out_of_reach(window.findChild(QToolBar))
            ]
    window.close()
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - this is how the test is told
    return 0


if __name__ == "__main__":
    sys.exit(main())
