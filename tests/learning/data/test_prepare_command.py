"""`ichviewer learn prepare` on the command line."""

from __future__ import annotations

import json

from ichviewer.__main__ import main
from ichviewer.learning.data.store import Store


def test_it_says_what_it_made_and_what_it_left_out(rsna_like, tmp_path, capsys):
    store = tmp_path / "store"
    command = ["learn", "prepare", str(rsna_like.folder.parent), "-o", str(store), "--workers", "0"]
    assert main([*command, "--size-px", "64", "--mm-per-px", "3.2"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "4 series of 4 patients with 23 slices" in err
    assert "slices/s" in err
    assert "MB/s" in err
    assert "12 rows of stage_2_train.csv stand there twice" in err
    assert rsna_like.truncated.name in err
    assert "1 unreadable files" in err
    assert Store.open(store).settings.size_px == 64
    (line,) = (store / "unreadable.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["file"] == str(rsna_like.truncated)


def test_a_limit_prepares_a_part(made_up_ct_ich, tmp_path, capsys):
    command = [
        "learn",
        "prepare",
        str(made_up_ct_ich),
        "-o",
        str(tmp_path / "s"),
        "--workers",
        "0",
        "--limit",
        "1",
    ]
    assert main(command) == 0
    assert "1 series of 1 patients with 10 slices" in capsys.readouterr().err


def test_a_folder_that_is_no_data_set_is_told(tmp_path, capsys):
    assert main(["learn", "prepare", str(tmp_path), "-o", str(tmp_path / "s"), "--workers", "0"]) == 2
    assert "no data set known here" in capsys.readouterr().err


def test_without_a_folder_it_says_what_is_missing(capsys):
    assert main(["learn", "prepare"]) == 2
    assert "DATA" in capsys.readouterr().err
