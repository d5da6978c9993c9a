"""The window in another language: nothing of it stays English, nothing is cut off that is whole in English."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import write_series

from ichviewer.ui.look.language import tr

ROOT = Path(__file__).parents[3]
WALKER = ROOT / "tests" / "ui" / "speaking_window.py"
PATIENT = ("Doe0, Jane", "Doe1, Jane", "Head 5.0", "CT head", "P0", "P1")


def walk(folder: Path, language: str, percent: int = 100) -> dict[str, Any]:
    for p in range(2):
        write_series(
            folder / "study" / f"p{p}",
            n=6,
            patient_id=f"P{p}",
            patient_name=f"Doe{p}^Jane",
            study=f"s{p}",
            series=f"s{p}",
            positions_mm=[0, 5, 10, 15, 20, 35],
        )
    (folder / "study" / "note.txt").write_text("no DICOM")
    done = subprocess.run(
        [sys.executable, WALKER, language, folder, str(percent)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(folder / "data")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The window in a language that puts ⟦ ⟧ around everything that is looked up."""
    return walk(tmp_path_factory.mktemp("marks"), "marks")


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The German window, 1024 x 600 px, words at their largest."""
    return walk(tmp_path_factory.mktemp("german"), "de", 160)


KEY = (
    r"(?:(?:Ctrl|Shift|Alt)\+)*"
    r"(?:Page Up|Page Down|PgUp|PgDown|Scroll Left|Scroll Right|Up|Down|Left|Right|Home|End|Del|Esc|Return|F\d+|.)"
)
KEPT = [
    # Keys, which Qt calls as the system does.
    rf"\s\({KEY}\)$",
    rf"^{KEY}(?:, {KEY})*$",
    rf"(?<=, ){KEY}$",
    # What the test study holds, and where it lies.
    *(re.escape(text) for text in PATIENT),
    r"^(?:/\S+|study)$",
    r"\bseries 1\b",
    r"\b\d+ between [\d.]+ and [\d.]+ mm",
    # Names and units.
    r"\b(?:ichviewer|scripted|litert|nothing|model|CC0|OHIF|Weasis|Horos|English|Deutsch|CT|ID|HU|mm|MB)\b",
    # Qt's own words, which its own translations hold, and menus of pyqtgraph that nobody can open.
    r"^(?:Close|Float|Closes the dock widget|Undocks and re-attaches the dock widget|Export|Export\.\.\.)$",
]
"""What no translator translates."""

WINDOW_NAMES = r"\b(?:Brain|Subdural|Stroke|Soft tissue|Bone|From file)\b"
"""In the settings, where a person gives windows their names, they stand as they are stored."""


def english_left(place: str, text: str) -> str:
    """What of a text is neither looked up nor kept."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    text = text.replace("\u200b", "").replace("&", "").strip("\n")
    for kept in (*KEPT, WINDOW_NAMES) if place == "file.settings" else KEPT:
        text = re.sub(kept, "", text)
    return text if re.search(r"[A-Za-z]{2}", text) else ""


def test_the_search_for_english_sees_it():
    assert english_left("window", "⟦Slice⟧ 5 and more") == " 5 and more"
    assert english_left("window", "⟦Open ⟦slices⟧⟧  (Ctrl+Shift+O)") == ""
    assert english_left("window", "Brain, 40/80") != english_left("file.settings", "Brain, 40/80") == ""


def test_everything_that_the_window_and_its_dialogs_say_is_looked_up(marks: dict[str, Any]):
    left = {
        (place, text): rest
        for place, texts in marks["texts"].items()
        for text in texts
        # The news are the changelog, which is written in English.
        if place != "help.news" and (rest := english_left(place, text))
    }
    assert left == {}
    assert "⟦What's new⟧" in marks["texts"]["help.news"]
    assert sum(map(len, marks["texts"].values())) > 2000


def test_the_german_window_says_what_must_be_said(german: dict[str, Any]):
    said = {text for texts in german["texts"].values() for text in texts}
    for words in (
        "Nur für Forschung und Lehre. Kein Medizinprodukt.",
        "Analyse &abbrechen",
        "Schicht 2 / 6",
        "Intraparenchymal 0.88",
        "Befunde werden auf den aufgenommenen Schichten gezeigt.",
    ):
        assert words in said, words
    # Of Qt: its translations are loaded too.
    assert any("Strg+" in text for text in said)


def test_german_words_have_the_room_that_english_ones_have(
    german: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
):
    english = walk(tmp_path_factory.mktemp("english"), "en", 160)

    def cut(walked: dict[str, Any]) -> Counter[tuple[str, str]]:
        return Counter(
            (place, text.split()[0]) for place, found in walked["cut"].items() for text in set(found)
        )

    more = cut(german) - cut(english)
    assert more == Counter(), german["cut"]


SPY = """
import json, sys
from ichviewer.ui.look import translators
real, seen = translators.speak, {}
def speak(app, language):
    seen["before"] = sorted(name for name in sys.modules if name.startswith("ichviewer.ui"))
    seen["language"] = language
    real(app, language)
translators.speak = speak
from ichviewer.ui.app import app as start
def make_window(app, **options):
    from ichviewer.ui.panes.region_overlay import MEANING
    seen["meaning"] = MEANING.text
    print(json.dumps(seen))
    raise SystemExit(0)
start.make_window = make_window
start.run_viewer([])
"""


def test_the_language_is_spoken_before_any_module_with_words_is_loaded(tmp_path: Path):
    (tmp_path / "ichviewer").mkdir()
    (tmp_path / "ichviewer" / "ichviewer.ini").write_text("[General]\nsettings_version=1\nlanguage=de\n")
    done = subprocess.run(
        [sys.executable, "-c", SPY],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert (seen["language"], seen["meaning"]) == ("de", "Umrandet: Regionen, die den Wert beeinflusst haben")
    assert [name for name in seen["before"] if looks_up_when_loaded(name)] == []
    # It would be seen.
    assert looks_up_when_loaded("ichviewer.ui.panes.region_overlay")


def test_what_a_report_is_made_of_is_looked_up_when_it_is_made():
    """A report for a DICOM object is English; tables of words that were looked up earlier would not be."""
    modules = [
        f"ichviewer.ui.{room}.{path.stem}"
        for room in ("look", "session", "report")
        for path in sorted((ROOT / "ichviewer" / "ui" / room).glob("*.py"))
    ]
    measured = ["report_annotations", "report_regions", "value_words", "region_words", "region_measures"]
    measured += ["measurements"]
    modules += [f"ichviewer.ui.tools.{name}" for name in measured]
    assert [name for name in modules if looks_up_when_loaded(name)] == []


def looks_up_when_loaded(module: str) -> bool:
    """Whether a module asks for words while it is loaded, in its tables, classes or defaults."""
    path = ROOT.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def asks(node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOK_UP:
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return any(asks(child) for child in (*node.args.defaults, *node.args.kw_defaults) if child)
        return any(asks(child) for child in ast.iter_child_nodes(node))

    return asks(ast.parse(source.read_text(encoding="utf-8")))


LOOK_UP = {tr.__name__, "words_of", "counted", "noun_for"}
