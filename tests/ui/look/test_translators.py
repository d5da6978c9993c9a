from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo
from PySide6.QtWidgets import QApplication

from ichviewer.errors import SettingsError
from ichviewer.ui.look import translators
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.translators import ENGLISH, language_to_speak, languages, speak

KNOWN = ("en", "de", "pt_BR")


def test_english_comes_first_and_german_calls_itself_deutsch():
    assert list(languages().items())[:2] == [("en", "English"), ("de", "Deutsch")]


@pytest.mark.parametrize(
    ("chosen", "system", "spoken"),
    [
        ("de", ["en-US"], "de"),
        ("en", ["de-DE"], "en"),
        # Chosen once, and not there any more.
        ("fr", ["de-DE"], "en"),
        ("", ["de-AT", "de", "en"], "de"),
        ("", ["pt-BR", "pt"], "pt_BR"),
        ("", ["pt-PT", "pt"], "en"),
        ("", ["fr-FR", "de-DE"], "de"),
        ("", ["en-GB", "de-DE"], "en"),
        ("", ["C"], "en"),
        ("", [], "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_else_the_first_of_the_system_that_is_known(chosen, system, spoken):
    assert language_to_speak(chosen, system, KNOWN) == spoken


def test_english_needs_no_file(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(translators, "resources_dir", lambda: tmp_path)
    assert languages() == {ENGLISH: "English"}
    speak(qapp, ENGLISH)
    assert tr("Open") == "Open"


def test_a_damaged_translation_is_told_and_words_stay_english(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(translators, "resources_dir", lambda: tmp_path)
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "ichviewer_de.qm").write_bytes(b"not a translation")
    with pytest.raises(SettingsError, match=r"ichviewer_de\.qm: a translation could not be loaded"):
        speak(qapp, "de")
    assert tr("Open") == "Open"


def test_qt_brings_its_own_words_in_every_language_of_the_window():
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    assert [code for code in languages() if not (folder / f"qtbase_{code}.qm").is_file()] == []
