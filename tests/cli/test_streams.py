"""Streams that are full, closed or of another encoding, names that would control a terminal, exit codes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dicom_factory import make_slice, write

from ichviewer.__main__ import main
from ichviewer.cli.main import cli

EVIL = "e\x1b[31m\u202ex\n\udc9by"


def run(arguments: list[str], shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program in a shell, with redirections."""
    return subprocess.run(
        ["bash", "-c", f'exec "$@" {shell}', "bash", sys.executable, "-m", "ichviewer", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A study in whose every name there is what controls a terminal."""
    folder = tmp_path / EVIL
    write(folder / f"a{EVIL}", make_slice(patient_id=EVIL.replace("\udc9b", ""), description="d\x1b[2J"))
    (folder / f"b{EVIL}.txt").write_text("hello")
    return folder


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["scan", "{}"], ["scan", "--json", "{}"], ["annotate", "{}", "-o", "-"]],
)
def test_a_full_stdout_is_told(ct_series, tiny, arguments):
    words = [word.format(ct_series[0]) for word in arguments]
    done = run([*words, *(["--model", str(tiny)] if "annotate" in words else [])], ">/dev/full")
    assert done.returncode == 2
    said = done.stderr.decode()
    assert "No space left on device" in said
    assert "bug" not in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said


@pytest.mark.parametrize("shell", [">&-", "2>&-", ">&- 2>&-", ">&- 2>&- <&-", "2>/dev/full"])
def test_closed_streams_are_no_bug(ct_series, tiny, shell):
    done = run(["annotate", str(ct_series[0].parent), "-o", "f.csv", "--model", str(tiny)], shell)
    assert done.returncode in (0, 2)
    assert Path("f.csv").is_file()
    assert b"bug" not in done.stderr
    assert not list(Path(os.environ["XDG_STATE_HOME"]).rglob("bug-*"))


@pytest.mark.parametrize("arguments", [["scan", "--json", "{}"], ["annotate", "{}", "-o", "-"]])
def test_results_that_nobody_gets_do_not_pass_for_delivered(ct_series, arguments):
    done = run([word.format(ct_series[0]) for word in arguments], ">&-")
    assert done.returncode == 2
    assert b"stdout, which is closed" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16", "utf-8"])
def test_results_are_utf8_under_any_encoding(evil, tiny, encoding):
    done = run(["scan", "--json", str(evil)], PYTHONIOENCODING=encoding)
    (series,) = json.loads(done.stdout.decode("utf-8"))["studies"][0]["series"]
    assert series["files"] == [str(evil / f"a{EVIL}")]
    done = run(["annotate", str(evil), "-o", "-", "--model", str(tiny)], PYTHONIOENCODING=encoding)
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode("utf-8")))
    assert row["status"] == "not_analysed"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_results_in_a_file_have_no_byte_order_mark(ct_series, encoding):
    done = run(["scan", "--json", str(ct_series[0])], "> f.json", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert len(json.loads(Path("f.json").read_bytes().decode("utf-8"))["studies"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "{}"],
        ["scan", "--json", "{}"],
        ["-v", "scan", "{}"],
        ["annotate", "{}", "-o", "{}.csv", "--model", "{tiny}"],
        ["annotate", "{}", "-o", "{}/no/f.csv", "--model", "{tiny}"],
        ["annotate", "{}", "-o", "f.csv", "--model", "{}"],
        ["annotate", "{}", "-o", "f.csv", "--operating-point", EVIL],
        ["render", "{}", "--slice", "1", "-o", "{}.png"],
        ["render", "{}", "--slice", "1", "-o", "f.png", "--window", EVIL],
        ["render", "{}", "--slice", "9", "-o", "f.png"],
        ["{}/gone"],
        ["scan", "{}/gone"],
        ["scan", f"--{EVIL}", "{}"],
        ["self-test", EVIL],
        ["screenshot", "{}", "-o", "f.png", "--size", EVIL],
        ["screenshot", "{}", "-o", "f.png", "--theme", EVIL],
    ],
)
def test_no_name_controls_the_terminal(evil, tiny, capsys, arguments):
    main([word.replace("{tiny}", str(tiny)).replace("{}", str(evil)) for word in arguments])
    out, err = capsys.readouterr()
    for character in "\x1b\u202e\x9b\udc9b":
        assert character not in out + err
    assert "\ny" not in out + err
    assert "bug" not in err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(36, "File name too long", "a.dcm"), "a.dcm: File name too long"),
        (PermissionError(13, "Permission denied"), "something cannot be read or written: Permission denied"),
        (MemoryError(), "not enough memory"),
        (RecursionError(), "too deeply nested"),
        (UnicodeEncodeError("ascii", "\udcff", 0, 1, "no"), "a text cannot be read or written"),
    ],
)
def test_what_the_system_refuses_is_no_bug(capsys, monkeypatch, error, words):
    def invoke(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "invoke", invoke)
    assert main([]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert "bug" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["{}"],
        ["scan", "{}"],
        ["annotate", "{}", "-o", "f.csv"],
        ["annotate", ".", "-o", "f.csv", "--model", "{}"],
    ],
)
def test_a_path_of_three_hundred_characters_is_no_bug(capsys, arguments):
    assert main([word.format("x" * 300) for word in arguments]) == 2
    err = capsys.readouterr().err
    assert "too long" in err
    assert "bug" not in err


def test_the_picture_of_a_cut_slice_is_no_success(tmp_path, capsys):
    write(tmp_path / "ct" / "a", make_slice())
    data = (tmp_path / "ct" / "a").read_bytes()
    (tmp_path / "ct" / "a").write_bytes(data[:-200])
    assert main(["render", str(tmp_path / "ct"), "--slice", "1", "-o", "f.png"]) == 3
    assert "does not show the whole slice" in capsys.readouterr().err
    assert Path("f.png").is_file()


def test_the_same_text_twice_is_counted_twice(tmp_path, tiny, capsys):
    write(tmp_path / "ct" / "a", make_slice())
    for name in ("b", "c"):
        write(tmp_path / "ct" / name, make_slice(z_mm=9.0))
        (tmp_path / "ct" / name).write_bytes((tmp_path / "ct" / name).read_bytes()[:300])
    assert main(["annotate", str(tmp_path / "ct"), "-o", "f.csv", "--model", str(tiny)]) == 3
    assert "3 found: 0 analyzed, 1 not analyzed, 2 failed." in capsys.readouterr().err
    assert main(["scan", str(tmp_path / "ct")]) == 3
    assert "1 slice; 2 failures." in capsys.readouterr().err


def test_a_closed_descriptor_is_not_given_to_an_output(ct_series, tiny):
    """What native code prints on a closed stdout must not end up in the file that was opened next."""
    code = (
        "import os, sys; from ichviewer.services import atomic_file; from ichviewer.__main__ import main\n"
        "real = os.fsync\n"
        "def fsync(handle):\n"
        "    for descriptor in (1, 2):\n        os.write(descriptor, b'noise of a library')\n"
        "    real(handle)\n"
        "atomic_file.os.fsync = fsync\n"
        f"sys.exit(main(['annotate', {str(ct_series[0])!r}, '-o', 'f.csv', '--model', {str(tiny)!r}]))"
    )
    subprocess.run(["bash", "-c", 'exec "$@" <&- >&- 2>&-', "bash", sys.executable, "-c", code], check=True)
    assert "noise" not in Path("f.csv").read_text() + Path("f.csv.json").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
@pytest.mark.parametrize(
    "arguments", [["scan", "{}"], ["scan", "--json", "{}"], ["annotate", "{}", "-o", "-"]]
)
def test_nor_where_it_is_a_real_terminal(evil, tiny, arguments):
    """With a progress bar, colors, and results for other programs shown to a person."""
    ours, theirs = os.openpty()
    command = [
        word.format(evil) for word in [*arguments, *(["--model", str(tiny)] if "-o" in arguments else [])]
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "ichviewer", *command], stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how Linux tells that the other end is closed
            while chunk := os.read(ours, 65536):
                shown += chunk
        os.close(ours)
    assert process.returncode == 0
    text = shown.decode("utf-8", "surrogateescape")
    assert "x\\n" in text
    for part in ("\x1b[31m\\u", "\x1b[2J", "\u202e", "\udc9b", "\ny"):
        assert part not in text
