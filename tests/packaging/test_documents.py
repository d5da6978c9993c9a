"""What the documents say is what the program does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ichviewer
from ichviewer.__main__ import main
from ichviewer.cli import cli
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.services.export import COLUMNS
from ichviewer.ui.dialogs.input_problems import SEVERITY_WORDS

ROOT = Path(__file__).parents[2]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_lists_the_columns_of_the_csv_in_their_order():
    section = text_of("README.md").partition("### The CSV")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert tuple(re.findall(r"`([a-z_]+)`", " ".join(first_cells))) == COLUMNS


def test_every_command_in_the_readme_exists_and_every_command_is_there():
    section = text_of("README.md").partition("## Use it")[2].partition("\nFiles may")[0]
    named = set(re.findall(r"^    ichviewer ([a-z-]+)", section, re.MULTILINE))
    hidden = {"learn"}  # for makers of models; CONTRIBUTING.md names it
    assert (
        named
        == set(cli.list_commands(cli.make_context("ichviewer", ["--help"], resilient_parsing=True))) - hidden
    )


def test_the_readme_names_every_key_and_mouse_action_of_the_help_in_the_window():
    from ichviewer.services.windows import load_presets
    from ichviewer.ui.app.commands import SheetGroup
    from ichviewer.ui.app.key_map import KeyMap
    from ichviewer.ui.app.key_sheet import sheet_lines
    from ichviewer.ui.app.standard_commands import standard_table

    section = text_of("README.md").partition("### Keys and mouse")[2].partition("\n### ")[0].lower()
    keys = KeyMap(standard_table(load_presets(Path("none"))))
    shown = [
        part for group in SheetGroup for line in sheet_lines(keys, group) for part in line.keys.split(", ")
    ]
    assert len(shown) > 30
    assert [words for words in shown if words.lower() not in section] == []


def test_the_tables_of_keys_in_the_readme_are_those_of_the_command_table():
    """`packaging/write_key_tables.py` writes them anew."""
    from ichviewer.ui.app.readme_keys import with_key_tables

    readme = text_of("README.md")
    assert with_key_tables(readme) == readme
    assert "| M | most suspicious slice |" in readme


def test_a_document_without_the_marks_gets_no_tables_of_keys():
    from ichviewer.ui.app.readme_keys import BEGIN, END, with_key_tables

    for broken in ("", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"):
        with pytest.raises(ValueError, match="Received"):
            with_key_tables(broken)


def test_the_notes_list_every_code_with_its_kind_and_meaning():
    rows = [
        line.strip("|").split(" | ")
        for line in text_of("docs/notes.md").splitlines()
        if line.startswith("| `")
    ]
    told = [tuple(cell.strip(" `") for cell in row) for row in rows]
    problems = [Problem(code, "here") for code in ProblemCode]
    assert told == [(p.code.value, SEVERITY_WORDS[p.severity], p.text) for p in problems]


BRITISH = re.compile(
    r"\b(analyse[dr]?|analysing|neighbour\w*|colour\w*|centre\w*|normalis\w+|recognis\w+|labell\w+|behaviour)\b",
    re.I,
)
STATUS = re.compile(
    r"`(?:not_)?analysed`|`ANALYSED`|found = analysed \+ not_analysed|status: analysed, not_analysed or failed"
)


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Makefile",
        "demo",
        "docs/api.md",
        "docs/input_check.md",
        "docs/training.md",
        "docs/trust.md",
    ],
)
def test_documents_have_one_spelling(document):
    assert BRITISH.findall(STATUS.sub("", text_of(document))) == []


@pytest.mark.parametrize(
    "command", [[], ["annotate"], ["scan"], ["render"], ["screenshot"], ["demo"], ["learn"]]
)
def test_help_has_one_spelling_and_no_word_twice(command, capsys):
    assert main([*command, "--help"]) == 0
    words = STATUS.sub("", " ".join(capsys.readouterr().out.split()))
    assert BRITISH.findall(words) == []
    assert re.findall(r"\b([A-Za-z]+) \1\b", words) == []


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/api.md", "docs/trust.md"]
)
def test_links_to_files_lead_somewhere(document):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text_of(document))
    folder = (ROOT / document).parent
    assert [target for target in targets if not (folder / target).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_make_targets_that_are_named_exist(document):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text_of(document), re.MULTILINE))
    assert named
    assert named <= targets


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_scripts_that_are_named_can_be_run(document):
    named = set(re.findall(r"^    \./([a-z]+)", text_of(document), re.MULTILINE))
    assert named
    assert [name for name in named if not os.access(ROOT / name, os.X_OK)] == []


def test_the_changelog_starts_with_this_version():
    versions = re.findall(r"^## \[(.+?)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == ichviewer.__version__


def test_the_licence_is_the_whole_apache_licence():
    text = text_of("LICENSE")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_notice_names_every_dependency_and_what_the_model_rests_on():
    notice = re.sub(r"[-_.]", "-", " ".join(text_of("NOTICE").lower().split()))
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    names = [re.split(r"[<>=;\[ ]", entry)[0] for entry in project["dependencies"]]
    backbone = json.loads(text_of("model/metrics.json"))["recipe"]["backbone"]
    names += ["CT-ICH", backbone, "SynthSeg", "Attribution 4.0 International", "Roboto"]
    assert [name for name in names if re.sub(r"[-_.]", "-", name.lower()) not in notice] == []


def test_research_only_is_said_where_people_look():
    said = subprocess.run(
        [sys.executable, "-m", "ichviewer", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for text in (said, text_of("README.md"), text_of("NOTICE")):
        assert "not a medical device" in " ".join(text.split()).lower()


def test_every_test_that_the_promises_name_is_there():
    text = text_of("docs/trust.md")
    named = re.findall(r"`(tests/[^`]+)`", text)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []
    targets = re.findall(r"`make ([a-z-]+)`", text)
    makefile = text_of("Makefile")
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
