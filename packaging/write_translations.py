"""Lists the window's words for translation and makes what the program loads of them.

`python packaging/write_translations.py` brings ``resources/translations/*.ts`` up to date (pyside6-lupdate) and makes
the ``.qm`` beside each (pyside6-lrelease). ``--add fr`` begins another language. Translating itself is done in Qt
Linguist (``pyside6-linguist``), or in the ``.ts`` by hand.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ichviewer.disclaimer import DISCLAIMER, NOT_NEGATIVE  # noqa: E402
from ichviewer.domain.annotation.base import Kind  # noqa: E402
from ichviewer.domain.annotation.measured import Note  # noqa: E402
from ichviewer.domain.findings import SeriesState  # noqa: E402
from ichviewer.domain.input_scope import BANNER_LINES  # noqa: E402
from ichviewer.domain.labels import Hemorrhage  # noqa: E402
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS  # noqa: E402
from ichviewer.domain.problems import Problem, ProblemCode  # noqa: E402
from ichviewer.domain.region_numbers import NoMl  # noqa: E402
from ichviewer.domain.series import SortBasis  # noqa: E402
from ichviewer.domain.slab import Projection  # noqa: E402
from ichviewer.domain.volume_source import NoVolumeReason  # noqa: E402
from ichviewer.network.cache_key import KeyState  # noqa: E402
from ichviewer.network.node.entry import Group, StudyState  # noqa: E402
from ichviewer.network.outbox import State  # noqa: E402
from ichviewer.network.outbox_file import OUTBOX  # noqa: E402
from ichviewer.network.study_cache import PROTECTION, PROTECTION_ENCRYPTED  # noqa: E402
from ichviewer.results.reading.placing import Unplaced  # noqa: E402
from ichviewer.services.annotations_file import REFUSALS  # noqa: E402

FOLDER = ROOT / "resources" / "translations"
PACKAGE = ROOT / "ichviewer"
CALLS = ("tr+=counted", "tr+=noun_for", "QT_TR_NOOP+=marked")
"""Functions that mark words besides `tr`, in lupdate's terms."""

SILENT = (
    "services/batch", "services/deidentify", "services/golden", "services/self_test", "services/table_format",
    "services/result_journal", "network/node", "network/study_link", "domain", "inference/keras_engine",
    "dicom/deidentify", "dicom/mask",
)  # fmt: skip
"""Where errors are raised that no window shows."""


def main() -> int:
    """Update every language, or the one that is begun."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--add", metavar="CODE", help="a language to begin, such as fr or pt_BR")
    added = parser.parse_args().add
    files = sorted(FOLDER.glob("ichviewer_*.ts"))
    if added:
        files.append(FOLDER / f"ichviewer_{added}.ts")
    for file in dict.fromkeys(files):
        update(file)
        release(file, file.with_suffix(".qm"))
        print(f"{file.relative_to(ROOT)}: up to date")
    return 0


def update(file: Path) -> None:
    """Bring a language's list of words up to date; what is translated stays, what is gone from the code goes."""
    with tempfile.TemporaryDirectory() as folder:
        values = Path(folder) / "values.py"
        values.write_text(
            "".join(
                f"marked({json.dumps(words, ensure_ascii=False)})\n" for words in words_below_the_window()
            ),
            encoding="utf-8",
        )
        sources = sorted((PACKAGE / "ui").rglob("*.py"))
        _run(
            "pyside6-lupdate", "-silent", "-no-obsolete", "-sort-messages", "-locations", "none",
            "-tr-function-alias", ",".join(CALLS), *map(str, (*sources, values)), "-ts", str(file),
        )  # fmt: skip


def release(file: Path, compiled: Path) -> None:
    """Make what the program loads of a list of words."""
    _run("pyside6-lrelease", "-silent", str(file), "-qm", str(compiled))


def words_below_the_window() -> list[str]:
    """Words of values and errors that the window shows and that know nothing of it, each once, in order."""
    return sorted({*_values(), *_errors()})


def _values() -> Iterator[str]:
    yield from (DISCLAIMER, NOT_NEGATIVE, "not analyzed: ", "analyze again", "no modality")
    yield "more has arrived since this result, and is not analyzed yet"
    yield "an unexpected error; see the report"
    yield "the file changed after it was measured; analyze again"
    yield "the answer was about another series; it is not used"
    yield "the model could not be opened"
    yield from (Problem(code, "").text for code in ProblemCode)
    yield from BANNER_LINES.values()
    for words in (
        SeriesState,
        Hemorrhage,
        SortBasis,
        Projection,
        NoVolumeReason,
        Unplaced,
        StudyState,
        State,
    ):
        yield from words
    yield from (output.abbreviation for output in HEMORRHAGE_OUTPUTS)
    for values in (NoMl, Note):
        yield from (value.text for value in values)
    yield from (PROTECTION, PROTECTION_ENCRYPTED)
    yield from (state.value for state in KeyState)
    yield from (OUTBOX.unusable, OUTBOX.newer, *OUTBOX.refusals.values(), *REFUSALS.values())
    presets = tomllib.loads((ROOT / "resources" / "windows.toml").read_text(encoding="utf-8"))["window"]
    yield from (preset["name"] for preset in presets)
    yield from (kind.value.replace("_", " ") for kind in Kind)
    yield from (group.words for group in Group)
    card = json.loads((ROOT / "model" / "model.json").read_text(encoding="utf-8"))
    yield from (name.replace("_", " ").capitalize() for name in card["operating_points"])


def _errors() -> Iterator[str]:
    """What errors say that hold no value: the first argument of each that is raised below the window."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith(("ui/", "api", "cli/", "learning/", *SILENT)):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            said = node.args[0]
            if node.func.id in _SHOWN and isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


_SHOWN = frozenset(
    {
        "AnswerError", "CutShortError", "DamagedDataError", "DecodeError", "EngineError", "ExportError",
        "FileChangedError", "IchViewerError", "ModelError", "NetworkError", "NothingReadableError", "ReadError",
        "SettingsError", "UnreachableError",
    }
)  # fmt: skip


def _run(*command: str) -> None:
    tool = Path(sys.executable).parent / command[0]
    subprocess.run([str(tool), *command[1:]], check=True)


if __name__ == "__main__":
    sys.exit(main())
