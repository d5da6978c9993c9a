"""No command writes onto what it read, finds or lists, and what cannot be written is said before the work."""

from __future__ import annotations

import hashlib
import os
from itertools import product
from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_dicomdir, write_zip

from ichviewer.__main__ import main

TOO_LONG = "x" * 300


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Three images of which one is a duplicate and one damaged, a text, a DICOMDIR, an archive."""
    folder = tmp_path / "study"
    for i in range(3):
        write(folder / f"IM{i}", make_slice(z_mm=5.0 * i, instance_number=i + 1))
    (folder / "twice").write_bytes((folder / "IM0").read_bytes())
    write(folder / "damaged", make_slice(z_mm=50.0, instance_number=9))
    (folder / "damaged").write_bytes((folder / "damaged").read_bytes()[:300])
    (folder / "notes.txt").write_text("hello")
    write_dicomdir(folder, ["IM0"])
    write_zip(folder / "a.zip", [folder / "IM2"], folder)
    return folder


def state(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def commands(study: Path, out: Path, tiny: Path) -> dict[str, list[str]]:
    return {
        "annotate": ["annotate", str(study), "-o", str(out), "--model", str(tiny)],
        "annotate --json": ["annotate", str(study), "-o", "f.csv", "--json", str(out), "--model", str(tiny)],
        "annotate sidecar": ["annotate", str(study), "-o", str(out)[:-5], "--model", str(tiny)],
        "render": ["render", str(study), "--slice", "1", "-o", str(out)],
        "screenshot": ["screenshot", str(study), "-o", str(out)],
    }


@pytest.mark.parametrize("name", ["IM0", "twice", "damaged", "notes.txt", "DICOMDIR", "a.zip"])
@pytest.mark.parametrize("command", ["annotate", "annotate --json", "render", "screenshot"])
@pytest.mark.parametrize("link", ["", "symlink", "hard link"])
def test_no_source_is_written_to(study, tiny, capsys, *, name, command, link):
    target = study / name
    if link:
        target = Path("link")
        target.symlink_to(study / name) if link == "symlink" else target.hardlink_to(study / name)
    before = state(study)
    assert main(commands(study, target, tiny)[command]) == 2
    assert "one of the files that were read or found" in capsys.readouterr().err
    assert state(study) == before
    assert not Path("f.csv").exists()


def test_nor_by_the_sidecar_that_nobody_named(study, tiny, capsys):
    (study / "IM0").rename(study / "IM0.json")
    before = state(study)
    assert main(commands(study, study / "IM0.json", tiny)["annotate sidecar"]) == 2
    assert "IM0.json: this is one of the files" in capsys.readouterr().err
    assert state(study) == before


@pytest.mark.parametrize("json_path", ["f.csv", "./f.csv", "F.CSV"])
def test_two_outputs_do_not_share_a_file(study, tiny, capsys, json_path):
    assert main(["annotate", str(study), "-o", "f.csv", "--json", json_path, "--model", str(tiny)]) == 2
    assert "two outputs cannot go to one file" in capsys.readouterr().err
    assert os.listdir() == []  # noqa: PTH208 - of the folder the test is in


@pytest.mark.parametrize("out", ["f.csv", "-"])
def test_the_json_does_not_go_to_stdout_or_into_a_file_named_so(study, tiny, capsys, out):
    assert main(["annotate", str(study), "-o", out, "--json", "-", "--model", str(tiny)]) == 2
    assert "give --json a file" in capsys.readouterr().err
    assert os.listdir() == []  # noqa: PTH208 - of the folder the test is in


@pytest.mark.parametrize(
    ("command", "out"),
    [
        *product(["annotate", "annotate --json", "render", "screenshot"], [TOO_LONG, "no/such/f.csv"]),
        ("annotate", "x" * 252),  # only its sidecar's name is too long
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_read(
    study, tiny, capsys, monkeypatch, *, out, command
):
    def read(*_: object, **__: object) -> None:
        raise AssertionError("something was read")

    for module in ("analyse_paths", "open_study"):
        monkeypatch.setattr(f"ichviewer.services.{module}.read_catalog", read, raising=False)
    monkeypatch.setattr("ichviewer.services.open_study.read_catalog", read)
    arguments = commands(study, Path(out), tiny)[command]
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert "cannot be written" in err
    assert "bug" not in err


def test_an_unknown_operating_point_is_said_before_anything_is_read(study, tiny, capsys, monkeypatch):
    monkeypatch.setattr("ichviewer.services.open_study.read_catalog", None)
    arguments = ["annotate", str(study), "-o", "f.csv", "--model", str(tiny), "--operating-point", "lucky"]
    assert main(arguments) == 2
    assert "lucky" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["annotate", "annotate --json", "render"])
def test_a_full_device_is_told_and_leaves_nothing(study, tiny, capsys, command):
    assert main(commands(study, Path("/dev/full"), tiny)[command]) == 2
    err = capsys.readouterr().err
    assert "/dev/full: the file cannot be written. Found: No space left on device" in err
    assert "bug" not in err
    assert os.listdir() == []  # noqa: PTH208 - of the folder the test is in


def test_a_device_gets_no_sidecar_beside_it(study, tiny):
    assert main(commands(study, Path(os.devnull), tiny)["annotate"]) == 3
    assert not Path(os.devnull + ".json").exists()


def test_demo_replaces_no_picture_by_a_link_to_the_demo_study(capsys, monkeypatch):
    from ichviewer.bundle import demo_dir

    source = next(p for p in sorted(demo_dir().rglob("*")) if p.is_file())
    before = source.read_bytes()
    Path("out").mkdir()
    Path("out/window.png").symlink_to(source)
    assert main(["demo", "--headless", "--out", "out"]) == 2
    assert "one of the files that were read or found" in capsys.readouterr().err
    assert source.read_bytes() == before
