from __future__ import annotations

from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from pytestqt.qtbot import QtBot
from scripted_source import NODE, ScriptedSource, scripted_network

from ichviewer.network.study_cache import PROTECTION
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.session.preferences import Preferences
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.cache_part import CachePart
from ichviewer.ui.sources.retrieval import FetchedStudy, Retrieval


@pytest.fixture
def retrieval(qapp, tmp_path: Path):
    workers = Workers()
    files = [write(tmp_path / f"{n}.dcm", make_slice(instance_number=n)) for n in (1, 2)]
    made = Retrieval(workers, scripted_network(tmp_path / "network", ScriptedSource(files=files)))
    yield made
    workers.stop()
    assert workers.join(3.0)
    made.close(ended=True, clear=False)


@pytest.fixture
def part(qtbot: QtBot, retrieval: Retrieval):
    made = CachePart(retrieval)
    qtbot.addWidget(made)
    made.load(Preferences())
    qtbot.waitUntil(lambda: bool(made.amount.text()))
    return made


def fetched(qtbot: QtBot, retrieval: Retrieval, study_uid: str) -> FetchedStudy:
    with qtbot.waitSignal(retrieval.fetched) as told:
        assert retrieval.fetch(NODE, study_uid)
        # One at a time.
        assert not retrieval.fetch(NODE, "1.2.99")
    qtbot.waitUntil(lambda: not retrieval.running)
    return told.args[0]


def test_the_part_says_how_much_is_kept_and_how_it_is_protected(part):
    assert part.amount.text() == "0 studies, 0 MB."
    assert not part.clear.isEnabled()
    assert [label.text() for label in part.findChildren(PlainLabel)].count(PROTECTION) == 1


def test_all_but_what_is_open_is_cleared_at_once(qtbot: QtBot, part, retrieval, tmp_path):
    first = fetched(qtbot, retrieval, "1.2.1")
    second = fetched(qtbot, retrieval, "1.2.2")
    retrieval.release({second.folder})
    retrieval.ask_size()
    qtbot.waitUntil(lambda: part.amount.text().startswith("2 studies"))
    part.clear.click()
    qtbot.waitUntil(lambda: "1 removed. Left, because open: 1. Now 1 study" in part.amount.text())
    assert not first.folder.exists()
    assert second.folder.exists()


@pytest.mark.parametrize("text", ["0", "1001", "ten", "", "1.5"])
def test_a_limit_that_is_none_is_refused_as_one_types(part, text):
    part.limit.setText(text)
    part.limit.textEdited.emit(text)
    assert part.limit_field.complaint == "This is a whole number from 1 to 1000."
    assert part.check() is part.limit


def test_what_is_chosen_is_a_preference(part):
    part.limit.setText("25")
    part.at_exit.set_value(True)
    assert part.check() is None
    assert part.save(Preferences()) == Preferences(fetched_limit_gb=25, clear_fetched_at_exit=True)
