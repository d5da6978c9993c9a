"""`ichviewer node` and `ichviewer worklist` as a person meets them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ichviewer.__main__ import main
from ichviewer.network.node.entry import StudySummary
from ichviewer.network.node.worklist import Worklist

ROOT = Path(__file__).parents[2]


def settings_file(folder: Path, more: str = "") -> Path:
    path = folder / "node.toml"
    path.write_text(f'version = 1\ndata_folder = "{folder}/data"\n{more}')
    return path


def filled(folder: Path) -> Worklist:
    """A worklist with a study of each kind."""
    folder.mkdir()
    now = [1_700_000_000.0]
    worklist = Worklist(folder, clock=lambda: now[0])
    for uid, summary in (
        ("1.1", StudySummary(patient_name="Nothing^Seen", probability=0.02, n_series=1, n_analyzed=1)),
        ("1.2", StudySummary(patient_name="Half^Done", n_series=1, reasons=("a slice cannot be decoded",))),
        (
            "1.3",
            StudySummary(
                patient_name="[red]Bleed^\x1b[31mOne",
                probability=0.91,
                flagged=("any", "subdural"),
                n_series=1,
                n_analyzed=1,
                model="m",
                model_version="7",
            ),
        ),
    ):
        worklist.arrived(uid)
        now[0] += 100
        worklist.queue_quiet(10, lambda _: 3)
        claim = worklist.claim()
        assert claim is not None
        assert worklist.analyzed(claim, summary)
        worklist.written(claim, ())
        worklist.handed_over(claim, to_be_sent=False)
    worklist.arrived("1.4")
    return worklist


def test_settings_are_checked_without_starting_anything(tmp_path, capsys):
    assert main(["node", "--check", str(settings_file(tmp_path))]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()
    bad = settings_file(tmp_path, "[analysis]\nquiet_s = 0\ntries = 0\n[results]\nkinds = ['tea']\n")
    assert main(["node", "--check", str(bad)]) == 2
    said = capsys.readouterr().err
    for key in ("analysis.quiet_s: ", "analysis.tries: ", "results.kinds: "):
        assert key in said
    assert main(["node", str(bad)]) == 2
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert main(["node", str(tmp_path / "none.toml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_worklist_is_printed_the_most_urgent_first(tmp_path, capsys):
    filled(tmp_path / "data").close()
    assert main(["worklist", str(tmp_path / "data")]) == 0
    out = capsys.readouterr().out
    lines = [line for line in out.splitlines() if "20" in line]
    assert [line.split("  ")[0].strip() for line in lines] == [
        "flagged",
        "NOT ANALYZED",
        "waiting",
        "analyzed, nothing flagged",
    ]
    assert "0.910" in lines[0]
    assert "any, subdural" in lines[0]
    assert "a slice cannot be decoded" in lines[1]
    assert "negative" not in out.lower()
    # Neither markup nor control sequences of a patient's name do anything.
    assert "[red]Bleed" in out
    assert "\x1b" not in out


def test_the_worklist_is_json_while_a_node_has_it_open(tmp_path, capsys):
    worklist = filled(tmp_path / "data")
    assert main(["worklist", "--json", str(tmp_path / "data" / "worklist.sqlite3")]) == 0
    studies = json.loads(capsys.readouterr().out)["studies"]
    worklist.close()
    assert [study["study_uid"] for study in studies] == ["1.3", "1.2", "1.4", "1.1"]
    assert studies[0]["summary"]["model_version"] == "7"
    assert studies[0]["waited_s"] == 100.0
    assert studies[2]["summary"] is None
    assert studies[2]["result_is_current"] is False


@pytest.mark.parametrize("content", [b"", b"nothing of the kind" * 100, None])
def test_what_is_no_worklist_is_said_and_left_as_it_is(tmp_path, capsys, content):
    file = tmp_path / "worklist.sqlite3"
    if content is None:
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE other (x)")
        connection.close()
    else:
        file.write_bytes(content)
    before = file.read_bytes()
    assert main(["worklist", str(file)]) == 2
    assert "worklist" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_a_damaged_worklist_is_set_aside_and_studies_are_found_again(tmp_path):
    folder = tmp_path / "data"
    filled(folder).close()
    (folder / "worklist.sqlite3").write_bytes(b"broken" * 1000)
    with Worklist(folder) as worklist:
        assert worklist.set_aside is not None
        assert worklist.set_aside.read_bytes() == b"broken" * 1000
        assert worklist.entries() == ()


def test_looking_at_settings_and_a_worklist_loads_neither_window_nor_network_nor_runtime(tmp_path):
    filled(tmp_path / "data").close()
    code = (
        "import sys; from ichviewer.__main__ import main; "
        f"assert main(['worklist', {str(tmp_path / 'data')!r}]) == 0; "
        "print(sorted({n.partition('.')[0] for n in sys.modules}"
        " & {'PySide6', 'pynetdicom', 'highdicom', 'tensorflow', 'ai_edge_litert', 'dicomweb_client', 'keyring'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"
