"""Every language of the window is complete, says the same as the English, and is what the program loads."""

from __future__ import annotations

import importlib.util
import shutil
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = sorted(FOLDER.glob("ichviewer_*.ts"))
NUMBERS = {"de": (1, 2)}
"""A number for each form of a noun, in the order of the forms."""


@dataclass(frozen=True)
class Message:
    words: str
    apart: str
    counted: bool
    forms: tuple[str, ...]
    finished: bool


def messages(file: Path) -> Iterator[Message]:
    for found in ElementTree.parse(file).iter("message"):
        said = found.find("translation")
        assert said is not None
        forms = tuple(form.text or "" for form in said) if len(said) else (said.text or "",)
        yield Message(
            found.findtext("source") or "",
            found.findtext("comment") or "",
            found.get("numerus") == "yes",
            forms,
            said.get("type") is None,
        )


def places(words: str) -> list[tuple[str, str, str]]:
    """Where values go, with how they are written."""
    parsed = string.Formatter().parse(words)
    return sorted((name, spec or "", form or "") for _, name, spec, form in parsed if name is not None)


@pytest.fixture(params=LANGUAGES, ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "write_translations", ROOT / "packaging/write_translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_german():
    assert "ichviewer_de" in [file.stem for file in LANGUAGES]


def test_every_text_has_a_finished_translation(file: Path):
    left = [m.words for m in messages(file) if not m.finished or not all(form.strip() for form in m.forms)]
    assert left == []


def test_translations_hold_the_same_values_written_in_the_same_way(file: Path):
    """A value that is missing is not told; one that is unknown is an error when the text is shown."""
    wrong = [(m.words, form) for m in messages(file) for form in m.forms if places(form) != places(m.words)]
    assert wrong == []


def test_translations_keep_what_joins_texts_together(file: Path):
    wrong = []
    for m in messages(file):
        for form in m.forms:
            ends = (form[:1] == " ") == (m.words[:1] == " ") and (form[-1:] == " ") == (m.words[-1:] == " ")
            dots = form.endswith("…") == m.words.endswith("…")
            # At most one letter opens an entry of a menu, and only where the English has one.
            letters = form.replace("&&", "").count("&") <= m.words.replace("&&", "").count("&")
            if not (ends and dots and letters):
                wrong.append((m.words, form))
    assert wrong == []


def test_the_program_loads_what_the_translators_wrote(file: Path):
    compiled = QTranslator()
    assert compiled.load(str(file.with_suffix(".qm")))
    numbers = NUMBERS[file.stem.partition("_")[2]]
    wrong = []
    for m in messages(file):
        for form, number in zip(m.forms, numbers if m.counted else (-1,), strict=True):
            said = compiled.translate("", m.words, m.apart or None, number)
            if said != form:
                wrong.append((m.words, number, said))
    assert wrong == [], "run packaging/write_translations.py"


def test_no_text_of_the_window_is_missing_and_none_is_left_over(
    file: Path, writer: ModuleType, tmp_path: Path
):
    fresh = Path(shutil.copy(file, tmp_path))
    writer.update(fresh)
    listed, found = ({(m.words, m.apart, m.counted) for m in messages(f)} for f in (file, fresh))
    assert sorted(found - listed) == [], "run packaging/write_translations.py and translate"
    assert sorted(listed - found) == [], "run packaging/write_translations.py"


# What must not be told in weaker words than the English; a translator who changes it has to change it here too.
EXACT = {
    "Research and education only. Not a medical device.": "Nur für Forschung und Lehre. Kein Medizinprodukt.",
    "Not analyzed does not mean negative.": "Nicht analysiert heißt nicht negativ.",
    "not analyzed": "nicht analysiert",
    "Not analyzed": "Nicht analysiert",
    "NOT ANALYZED": "NICHT ANALYSIERT",
    "not analyzed yet": "noch nicht analysiert",
    "Not analyzed: {text}": "Nicht analysiert: {text}",
    "partly analyzed": "teilweise analysiert",
    "failed": "fehlgeschlagen",
    "No slice of this series is flagged. That does not rule out a hemorrhage.": (
        "Keine Schicht dieser Serie ist markiert. Das schließt eine Blutung nicht aus."
    ),
    "None of {slices} was analyzed. That says nothing about hemorrhage.": (
        "Keine von {slices} wurde analysiert. Das sagt nichts über Blutungen."
    ),
    "; none of them is over a threshold. That does not rule hemorrhage out.": (
        "; keine davon liegt über einem Schwellenwert. Das schließt eine Blutung nicht aus."
    ),
    "The probabilities are those of a model that misses bleeds and flags what is none. {disclaimer}": (
        "Die Wahrscheinlichkeiten stammen von einem Modell, das Blutungen übersieht und markiert, was keine ist. "
        "{disclaimer}"
    ),
    "Outlined: regions that influenced the score": "Umrandet: Regionen, die den Wert beeinflusst haben",
    "outside what the model knows": "außerhalb dessen, was das Modell kennt",
    "epidural": "epidural",
    "intraparenchymal": "intraparenchymal",
    "intraventricular": "intraventrikulär",
    "subarachnoid": "subarachnoidal",
    "subdural": "subdural",
    "left": "links",
    "right": "rechts",
}


def test_what_a_reader_must_not_misunderstand_is_said_exactly_in_german():
    german = {m.words: m.forms[0] for m in messages(FOLDER / "ichviewer_de.ts") if not m.apart}
    assert {words: german.get(words) for words in EXACT} == EXACT


def test_nothing_in_german_calls_a_slice_inconspicuous_or_normal():
    """“Unauffällig” is what a German report calls a normal finding; no output of the model may be read so."""
    said = " ".join(form for m in messages(FOLDER / "ichviewer_de.ts") for form in m.forms).lower()
    assert [
        word for word in ("unauffällig", "normalbefund", "gesund", "ausgeschlossen") if word in said
    ] == []
