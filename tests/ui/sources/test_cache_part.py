from __future__ import annotations

import os
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from keyring.errors import KeyringLocked
from memory_keyring import MemoryKeyring
from pytestqt.qtbot import QtBot
from scripted_source import NODE, ScriptedSource, scripted_network

from ichviewer.network.source import ReceivedObject
from ichviewer.network.study_cache import PROTECTION, PROTECTION_ENCRYPTED, StudyCache
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.session.preferences import Preferences
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.cache_part import CachePart
from ichviewer.ui.sources.network_access import NetworkAccess
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


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    # The system's own folder in memory is left alone.
    monkeypatch.setattr("ichviewer.network.open_copies.memory_folder", lambda _: None)
    return MemoryKeyring()


@pytest.fixture
def network(tmp_path: Path, keyring: MemoryKeyring) -> NetworkAccess:
    files = [write(tmp_path / f"{n}.dcm", make_slice(instance_number=n)) for n in (1, 2)]
    return scripted_network(tmp_path / "network", ScriptedSource(files=files), keyring=keyring)


@pytest.fixture
def encrypting(qapp, network: NetworkAccess):
    workers = Workers()
    made = Retrieval(workers, network)
    yield made
    workers.stop()
    assert workers.join(3.0)
    made.close(ended=True, clear=False)


def part_of(qtbot: QtBot, retrieval: Retrieval) -> CachePart:
    made = CachePart(retrieval)
    qtbot.addWidget(made)
    made.load(Preferences())
    qtbot.waitUntil(lambda: bool(made.amount.text()))
    return made


def decrypted(folder: Path) -> list[Path]:
    # Folders may vanish meanwhile.
    return [
        Path(place) / name for place, _, names in os.walk(folder) for name in names if name.endswith(".dcm")
    ]


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
    said = [label.text() for label in part.findChildren(PlainLabel)]
    assert said.count(PROTECTION) == 1
    assert part.state.text() == "Not encrypted: the system has no keyring."


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


def test_with_a_keyring_the_part_says_that_studies_are_encrypted_and_what_that_is_worth(
    qtbot: QtBot, encrypting, keyring
):
    part = part_of(qtbot, encrypting)
    assert part.state.text() == "Encrypted with a key in the system's keyring."
    assert part.protection.text() == PROTECTION_ENCRYPTED
    assert keyring.n_asked == 0, "nobody is asked to unlock a keyring by opening the settings"


def test_a_keyring_that_refused_is_told(qtbot: QtBot, encrypting, keyring):
    keyring.error = KeyringLocked()
    done = fetched(qtbot, encrypting, "1.2.1")
    assert any("locked" in note for note in done.notes)
    part = part_of(qtbot, encrypting)
    assert part.state.text() == "Not encrypted: the system's keyring is locked, or does not keep a key."
    assert part.protection.text() == PROTECTION


def test_studies_from_before_and_studies_without_their_key_are_counted(
    qtbot: QtBot, encrypting, keyring, tmp_path
):
    cache = tmp_path / "network" / "cache"
    with StudyCache(cache).open("PACS", "1.2.7") as study:
        fetched(qtbot, encrypting, "1.2.1")
        source = (tmp_path / "1.dcm").read_bytes()
        study(ReceivedObject("1.2.840.10008.5.1.4.1.1.2", "1.2.9", "1.2.840.10008.1.2.1", source))
    part = part_of(qtbot, encrypting)
    assert "Not encrypted before they are opened the next time: 1." in part.amount.text()
    encrypting.release(())
    keyring.kept.clear()
    # The next program finds another key, and says what it cannot read.
    workers = Workers()
    again = Retrieval(workers, scripted_network(tmp_path / "network", ScriptedSource(), keyring=keyring))
    with qtbot.waitSignal(again.failed):
        again.fetch(NODE, "1.2.8")
    later = part_of(qtbot, again)
    assert "Their key is missing: 1; these are fetched again, or cleared." in later.amount.text()
    later.clear.click()
    qtbot.waitUntil(lambda: "Now" in later.amount.text())
    assert "missing" not in later.amount.text()
    workers.stop()
    assert workers.join(3.0)
    again.close(ended=True, clear=False)


def test_a_study_lies_decrypted_only_while_it_is_open(qtbot: QtBot, encrypting, tmp_path):
    place = tmp_path / "network"
    study = fetched(qtbot, encrypting, "1.2.1")
    assert len(decrypted(place)) == 2
    encrypting.release({study.folder})
    assert len(list(study.folder.iterdir())) == 2
    encrypting.release(())
    qtbot.waitUntil(lambda: decrypted(place) == [])
    assert not study.folder.exists()


@pytest.mark.parametrize("clear", [True, False])
def test_at_exit_nothing_stays_decrypted(qtbot: QtBot, network, tmp_path, clear):
    workers = Workers()
    retrieval = Retrieval(workers, network)
    first = fetched(qtbot, retrieval, "1.2.1")
    fetched(qtbot, retrieval, "1.2.2")
    # Closed just before, and open until the end.
    retrieval.release({first.folder})
    workers.stop()
    assert workers.join(3.0)
    retrieval.close(ended=True, clear=clear)
    assert decrypted(tmp_path / "network") == []
    assert len(list((tmp_path / "network").rglob("*.sealed"))) == (0 if clear else 4)


def test_what_a_killed_program_left_decrypted_is_removed_at_the_next_start(
    qtbot: QtBot, encrypting, network, tmp_path
):
    study = network.cache().open("PACS", "1.2.1")
    mark = next(path for path in (tmp_path / "network").rglob("*") if path.parent.name == "opened")
    study.let_go()
    mark.touch()
    (study.objects_folder / "0-0.dcm").write_bytes(b"DICM")
    assert network.copies_exist()
    encrypting.start()
    qtbot.waitUntil(lambda: not study.objects_folder.exists())


def test_a_start_without_a_cache_makes_none(qtbot: QtBot, encrypting, tmp_path, keyring):
    encrypting.start()
    encrypting.ask_size()
    with qtbot.waitSignal(encrypting.cacheSized):
        pass
    assert not (tmp_path / "network" / "cache").exists() and keyring.n_asked == 0


def test_somebody_who_cancels_does_not_wait_for_the_keyring(qtbot: QtBot, encrypting, keyring):
    keyring.answers.clear()
    with qtbot.waitSignal(encrypting.cancelled):
        assert encrypting.fetch(NODE, "1.2.1")
        encrypting.cancel()
    keyring.answers.set()
