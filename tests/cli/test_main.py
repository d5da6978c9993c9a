from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ichviewer import __version__
from ichviewer.__main__ import main
from ichviewer.cli.main import cli
from ichviewer.errors import ReadError


@pytest.fixture
def viewed(monkeypatch) -> list[list[Path]]:
    """What the viewer was opened with; no window is opened."""
    calls: list[list[Path]] = []
    module = ModuleType("ichviewer.ui.app.app")
    module.run_viewer = lambda paths, **_: calls.append(paths) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ichviewer.ui.app.app", module)
    return calls


def raising(error: BaseException):
    def invoke(*_: object, **__: object) -> int:
        raise error

    return invoke


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in (
        "annotate",
        "scan",
        "render",
        "screenshot",
        "demo",
        "self-test",
        "sources",
        "node",
        "worklist",
        "learn",
    ):
        assert f"\n  {name} " in out
    assert "not a medical device" in out


def test_help_shows_a_link_as_it_is_written(capsys):
    assert main(["--help"]) == 0
    assert "ichviewer://open?node=N&study=UID" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    ["annotate", "scan", "render", "screenshot", "demo", "self-test", "sources", "node", "worklist", "learn"],
)
def test_every_command_has_help(capsys, command):
    assert main([command, "-h"]) == 0
    assert f"ichviewer {command}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["anotate", "--help"], ["-v", ".", "-h"], ["-h"]])
def test_help_is_given_wherever_it_is_asked_for(capsys, viewed, arguments):
    assert main(arguments) == 0
    assert "\n  annotate " in capsys.readouterr().out
    assert not viewed


def test_after_two_dashes_help_is_a_path(capsys, viewed):
    assert main(["--", "--help"]) == 2
    assert "there is no file, folder or command '--help'" in capsys.readouterr().err


def test_version(capsys):
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_nothing_heavy_is_imported_before_it_is_used():
    code = (
        "import sys; from ichviewer.__main__ import main; main(['--help']); "
        "print([m for m in ('numpy', 'pydicom', 'PySide6', 'rich', 'tensorflow', 'keras', 'ai_edge_litert', 'PIL') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_annotate_imports_neither_qt_nor_tensorflow(tiny, ct_series):
    code = (
        "import sys; from ichviewer.__main__ import main; "
        f"main(['annotate', {str(ct_series[0])!r}, '-o', '-', '--model', {str(tiny)!r}]); "
        "print([m for m in ('PySide6', 'tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_bare_call_opens_the_viewer(viewed):
    assert main([]) == 0
    assert main(["-v"]) == 0
    assert viewed == [[], []]


def test_paths_open_the_viewer(viewed, tmp_path):
    assert main([str(tmp_path), "-v", str(tmp_path)]) == 0
    assert viewed == [[tmp_path, tmp_path]]


def test_a_folder_with_the_name_of_a_command_is_opened_by_its_path(viewed, monkeypatch):
    Path("demo").mkdir()
    assert main(["./demo"]) == 0
    assert viewed == [[Path("demo")]]
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["demo", "-h"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["anotate"], "Did you mean the command 'annotate'?"),
        (["nowhere/at/all"], "there is no file, folder or command 'nowhere/at/all'"),
        (["--nonsense"], "No such option"),
        (["annotate"], "Missing argument"),
        (["scan", "nowhere"], "there is no file or folder 'nowhere'"),
        (["annotate", ".", "-o", "f.csv", "--engine", "onnx"], "--engine"),
        (["screenshot", ".", "-o", "w.png", "--size", "big"], "WIDTHxHEIGHT"),
        (["screenshot", ".", "-o", "w.png", "--size", "10x10"], "320 to 8192"),
    ],
)
def test_wrong_usage(capsys, viewed, arguments, words):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert "\0" not in err
    assert not viewed


def test_an_error_of_ours_is_one_line(capsys, monkeypatch):
    error = ReadError("the file could not be read", "a.dcm", "no header")
    monkeypatch.setattr(cli, "invoke", raising(error))
    assert main([]) == 2
    assert capsys.readouterr().err == "ichviewer: a.dcm: the file could not be read. Found: no header\n"


def test_a_bug_is_said_and_kept(capsys, monkeypatch):
    monkeypatch.setattr(cli, "invoke", raising(ZeroDivisionError("division by zero")))
    assert main([]) == 1
    err = capsys.readouterr().err
    assert "this is a bug (ZeroDivisionError: division by zero)" in err
    assert "Traceback" not in err
    kept = Path(err.strip().rsplit(": ", 1)[1])
    assert "Traceback" in kept.read_text()
    assert __version__ in kept.read_text()


@pytest.mark.parametrize(
    "name", ["keras", "cv2", "sklearn.metrics", "ichviewer.learning", "ichviewer.learning.train"]
)
def test_learning_that_is_not_installed_is_no_bug(capsys, monkeypatch, name):
    monkeypatch.setattr(cli, "invoke", raising(ModuleNotFoundError(f"No module named {name!r}", name=name)))
    assert main([]) == 2
    assert "pip install 'ichviewer[learn]'" in capsys.readouterr().err


def test_another_missing_module_is_a_bug(capsys, monkeypatch):
    monkeypatch.setattr(cli, "invoke", raising(ModuleNotFoundError("No module named 'numpy'", name="numpy")))
    assert main([]) == 1
    assert "this is a bug" in capsys.readouterr().err


def test_interrupted(capsys, monkeypatch):
    monkeypatch.setattr(cli, "invoke", raising(KeyboardInterrupt()))
    assert main([]) == 130
    assert capsys.readouterr().err == "ichviewer: interrupted\n"


def test_a_reader_that_goes_away_is_no_error(ct_series):
    arguments = ["scan", str(ct_series[0]), "--json"]
    code = f"import sys; from ichviewer.__main__ import main; sys.exit(main({arguments}))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 0
    assert "Traceback" not in said
    assert "bug" not in said


def test_a_windowed_build_has_no_streams(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["--help"]) == 0
    assert main(["anotate"]) == 2
    for stream in (sys.stdout, sys.stderr):
        stream.close()


@pytest.fixture
def fetched(monkeypatch) -> list[tuple[list[Path], str, str, bool]]:
    """The studies that the viewer was asked to fetch, and whether it asks first; no window is opened."""
    calls: list[tuple[list[Path], str, str, bool]] = []
    module = ModuleType("ichviewer.ui.app.app")

    def run_viewer(paths, *, fetch, ask, new_window, on_handed_over):
        calls.append((paths, fetch.source, fetch.study_uid, ask))
        return 0

    module.run_viewer = run_viewer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ichviewer.ui.app.app", module)
    return calls


def test_a_link_fetches_a_study(fetched, capsys):
    assert main(["ichviewer://open?node=My%20PACS&study=1.2.3"]) == 0
    assert fetched == [([], "My PACS", "1.2.3", True)]
    assert main(["ichviewer://open?node=PACS&study=*"]) == 2
    assert "a UID holds digits and dots" in capsys.readouterr().err
    assert main(["ichviewer://open?node=PACS&study=1.2", "/tmp"]) == 2
    assert "a link is opened alone" in capsys.readouterr().err
    assert len(fetched) == 1


def test_open_fetches_from_a_source_that_is_known(fetched, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["open", "--node", "PACS", "--study", "1.2.3"]) == 2
    assert "there is no source 'PACS'" in capsys.readouterr().err
    (tmp_path / "ichviewer").mkdir()
    (tmp_path / "ichviewer" / "sources.toml").write_text(
        'version = 1\n[[web]]\nname = "PACS"\nurl = "http://localhost"\n'
    )
    assert main(["open", "--node", "pacs", "--study", "1.2.3"]) == 0
    assert fetched == [([], "pacs", "1.2.3", False)]


def test_a_link_given_as_one_is_never_a_path_or_an_option(fetched, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ichviewer:study").mkdir()
    assert main(["open", "--link", "ichviewer://open?node=PACS&study=1.2.3"]) == 0
    assert fetched == [([], "PACS", "1.2.3", True)]
    hostile = [
        *(
            "ichviewer:study",
            "ichviewer:/etc/passwd",
            "ichviewer:--help",
            str(tmp_path),
            "file:///etc/passwd",
        ),
        *("--version", "", "https://evil.example/", "ichviewer://evil.example/open?node=PACS&study=1.2.3"),
    ]
    for text in hostile:
        assert main(["open", "--link", text]) == 2, text
        assert "a link is ichviewer://open?node=NAME&study=UID" in capsys.readouterr().err
    assert main(["ichviewer:study"]) == 2
    assert main(["open", "--link", "ichviewer://open?node=PACS&study=1.2.3", "--node", "PACS"]) == 2
    assert main(["open", "--node", "PACS"]) == 2
    assert len(fetched) == 1


@pytest.mark.parametrize(
    ("arguments", "new_window"),
    [
        (["PATH"], False),
        (["--new-window", "PATH"], True),
        (["PATH", "--new-window"], True),
        (["ichviewer://open?node=PACS&study=1.2.3"], False),
        (["--new-window", "ichviewer://open?node=PACS&study=1.2.3"], True),
        (["open", "--link", "ichviewer://open?node=PACS&study=1.2.3"], False),
        (["open", "--new-window", "--link", "ichviewer://open?node=PACS&study=1.2.3"], True),
    ],
)
def test_what_is_opened_comes_into_the_open_window_unless_a_new_one_is_asked_for(
    monkeypatch, capsys, tmp_path, arguments, new_window
):
    asked = []
    module = ModuleType("ichviewer.ui.app.app")

    def run_viewer(paths, *, fetch=None, ask=False, new_window, on_handed_over):
        asked.append(new_window)
        on_handed_over()
        return 0

    module.run_viewer = run_viewer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ichviewer.ui.app.app", module)
    assert main([str(tmp_path) if word == "PATH" else word for word in arguments]) == 0
    assert asked == [new_window]
    out, err = capsys.readouterr()
    assert out == "" and "--new-window opens another one" in err
