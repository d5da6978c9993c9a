"""Many studies at a time: the same as one after the other, whatever fails and however often it is stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pydicom
import pytest
from dicom_factory import make_slice, write
from plugins.unruly_model import DEADLY, UnrulyModel
from synthetic_head import SPACING_MM, head_hu

from ichviewer.__main__ import main
from ichviewer.inference import litert
from ichviewer.services.series_models import registered

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


def write_study(folder: Path, number: int, description: str = "Head 5.0") -> None:
    for i in range(3):
        ds = make_slice(
            hu=head_hu(28 + 4 * i + number),
            z_mm=5.0 * i,
            instance_number=i + 1,
            pixel_spacing_mm=(SPACING_MM,) * 2,
            patient_id=f"P{number}",
            study=f"study {number}",
            series=f"series {number}",
            description=description,
        )
        write(folder / f"study{number}" / f"IM{i}", ds)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Six studies, one of them there twice; a duplicate, a cut image, a damaged file, a localizer and a text."""
    folder = tmp_path / "archive"
    for number in range(6):
        write_study(folder, number)
    shutil.copytree(folder / "study0", folder / "study0 again")
    (folder / "study1" / "twice").write_bytes((folder / "study1" / "IM0").read_bytes())
    cut = folder / "study2" / "IM1"
    cut.write_bytes(cut.read_bytes()[:5000])
    damaged = write(folder / "study3" / "damaged", make_slice(z_mm=50.0, instance_number=9))
    damaged.write_bytes(damaged.read_bytes()[:300])
    (folder / "study4" / "notes.txt").write_text("hello")
    localizer = make_slice(study="study 5", series="scout", image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    write(folder / "study5" / "scout", localizer)
    return folder


@pytest.fixture
def calm(tmp_path: Path) -> Path:
    """Four studies of which nothing is wrong."""
    for number in range(4):
        write_study(tmp_path / "calm", number)
    return tmp_path / "calm"


def annotate(paths: Path, tiny: Path, out: str, *more: str) -> int:
    return main(["annotate", str(paths), "-o", out, "--model", str(tiny), *more])


def table(out: str) -> bytes:
    return Path(out).read_bytes()


def details(out: str) -> dict[str, object]:
    found = json.loads(Path(out + ".json").read_text(encoding="utf-8"))
    return {k: v for k, v in found.items() if k not in ("time", "seconds", "csv")}


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(out).decode())))


def test_any_number_of_jobs_writes_what_one_run_over_all_does(archive, tiny, capsys, monkeypatch):
    monkeypatch.setattr("ichviewer.cli.annotate_batch.available_cpus", lambda: 3)
    assert annotate(archive, tiny, "all.csv") == 3
    for jobs in ("1", "2", "3"):
        assert annotate(archive, tiny, f"{jobs}.csv", "--jobs", jobs) == 3
        assert table(f"{jobs}.csv") == table("all.csv")
        assert details(f"{jobs}.csv") == details("all.csv")
    text = Path("2.csv.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
    err = capsys.readouterr().err
    assert "failed: study" in err
    assert "1 of 3 slices failed" in err
    assert "damaged" in err


def test_what_is_done_is_not_done_again_and_what_changed_is(calm, tiny, capsys):
    assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 0
    first = table("f.csv")
    Path("f.csv").unlink()
    assert annotate(calm, tiny, "f.csv", "--jobs", "1") == 0
    assert "4 series, 4 of them from before" in capsys.readouterr().err
    assert table("f.csv") == first
    # Other pixels in a file of the same size and time are another series to analyze.
    changed = calm / "study2" / "IM1"
    before = changed.stat()
    data = bytearray(changed.read_bytes())
    data[-20_000:-10_000] = data[-10_000:]
    changed.write_bytes(data)
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed.stat().st_size == before.st_size
    write_study(calm, 7)
    assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 0
    assert "5 series, 3 of them from before" in capsys.readouterr().err
    assert annotate(calm, tiny, "fresh.csv") == 0
    assert table("f.csv") == table("fresh.csv")
    assert details("f.csv") == details("fresh.csv")
    assert table("f.csv") != first


def test_results_of_another_model_or_other_thresholds_are_not_used(calm, tiny, capsys, tmp_path):
    assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 0
    other = Path(shutil.copytree(tiny, tmp_path / "other"))
    card = json.loads((other / "model.json").read_text())
    card["calibration"]["intercept"] = [v + 0.5 for v in card["calibration"]["intercept"]]
    (other / "model.json").write_text(json.dumps(card))
    capsys.readouterr()
    for model, more in ((other, ()), (tiny, ("--operating-point", "high_sensitivity"))):
        assert annotate(calm, model, "f.csv", "--jobs", "2", *more) == 0
        assert "from before" not in capsys.readouterr().err
        assert annotate(calm, model, "fresh.csv", *more) == 0
        assert table("f.csv") == table("fresh.csv")
    # Those of the first are still there.
    assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 0
    assert "4 of them from before" in capsys.readouterr().err


def started(archive: Path, tiny: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ichviewer", "annotate", str(archive), "-o", "f.csv"]
    return subprocess.Popen(
        [*command, "--model", str(tiny), "--jobs", "2", *more],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(results: int, process: subprocess.Popen[str]) -> None:
    """Wait until the journal has so many results more than the line that names it, or the process ends."""
    journal = Path("f.csv.journal")
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        if journal.exists() and journal.read_bytes().count(b"\n") > results:
            return
        time.sleep(0.005)


def of_session(session: int) -> list[str]:
    """Processes of a session that are still alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Process id, (name), state, parent, group, session: proc(5).
            state, _, _, of = (
                path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:4]
            )
        except OSError:
            continue  # it ended meanwhile
        if state != "Z" and of == str(session):
            found.append(path.parent.name)
    return found


def left_of(session: int) -> list[str]:
    """Processes that did not end with the program: a decoder takes a moment to hear that its worker is gone."""
    until = time.monotonic() + 60
    while (left := of_session(session)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


@linux
def test_killed_again_and_again_it_goes_on_and_ends_as_if_it_never_was(archive, tiny):
    assert annotate(archive, tiny, "all.csv") == 3
    for results in (1, 3, 4):
        process = started(archive, tiny)
        wait_for(results, process)
        process.kill()
        process.communicate()
        assert not Path("f.csv").exists()
        assert left_of(process.pid) == []
    process = started(archive, tiny)
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 3, err
    assert int(err.split(" of them from before")[0].rpartition(", ")[2]) >= 4
    assert table("f.csv") == table("all.csv")
    assert details("f.csv") == details("all.csv")


@linux
def test_ctrl_c_ends_all_says_so_and_leaves_what_is_done(calm, tiny):
    for number in range(4, 40):  # enough that it is not through when the signal comes
        write_study(calm, number)
    process = started(calm, tiny)
    wait_for(1, process)
    os.killpg(process.pid, signal.SIGINT)
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 130, err
    assert "What is done is kept in f.csv.journal; the same command goes on from there." in err
    assert "Traceback" not in err
    assert left_of(process.pid) == []
    assert annotate(calm, tiny, "f.csv", "--jobs", "1") == 0
    assert annotate(calm, tiny, "all.csv") == 0
    assert table("f.csv") == table("all.csv")


@posix
def test_a_series_that_ends_its_worker_is_named_and_costs_no_other(calm, tiny, capsys):
    write_study(calm, 1, DEADLY)
    with registered(UnrulyModel()):
        assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 3
        found = rows("f.csv")
        err = capsys.readouterr().err
        assert [r["status"] for r in found] == [*["analysed"] * 3, *["failed"] * 3, *["analysed"] * 6]
        assert all(r["any"] == "" and "engine_failed" in r["note"] for r in found[3:6])
        assert f"({DEADLY}): 3 of 3 slices failed" in err
        assert "SIGKILL" in err
        # It is tried again, the others are not.
        assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 3
        assert "4 series, 3 of them from before" in capsys.readouterr().err


def test_a_bug_costs_its_series_and_is_told_as_one_after_all_is_written(calm, tiny, capsys, monkeypatch):
    # Unpicklable by name in the worker: what a series cannot be asked there is a bug of the program.
    monkeypatch.setattr("ichviewer.services.batch.ANALYSE", "unknown job")
    assert annotate(calm, tiny, "f.csv", "--jobs", "1") == 1
    assert {r["status"] for r in rows("f.csv")} == {"failed"}
    assert "this is a bug" in capsys.readouterr().err


def test_nothing_is_written_onto_what_is_read(calm, tiny, capsys):
    before = {p: p.read_bytes() for p in calm.rglob("*") if p.is_file()}
    source = calm / "study0" / "IM0"
    for out in (source, calm / "f.csv", calm / "study1" / "f.csv"):
        assert annotate(calm, tiny, str(out), "--jobs", "2") == 2
        assert "results cannot lie in what is analyzed" in capsys.readouterr().err
    assert annotate(source, tiny, str(source), "--jobs", "2") == 2
    assert annotate(calm, tiny, "f.csv", "--jobs", "2", "--dicom-out", str(calm / "results")) == 2
    Path("link.csv").symlink_to(source)
    assert annotate(calm, tiny, "link.csv", "--jobs", "2") == 2
    Path("f.csv.journal").hardlink_to(source)
    assert annotate(calm, tiny, "f.csv", "--jobs", "2") == 2
    assert "one of the files that were read or found" in capsys.readouterr().err
    assert {p: p.read_bytes() for p in calm.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "-", "--jobs", "2"], "journal beside the output"),
        (["-o", os.devnull, "--jobs", "2"], "journal beside the output"),
        (["-o", "f.csv", "--jobs", "0"], "--jobs"),
        (["-o", "f.csv", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:9"], "--scheduler"),
        (["-o", "-", "--format", "parquet"], "only a CSV"),
        (["-o", "no/such/f.csv", "--jobs", "2"], "cannot be written"),
        (["-o", "f.csv", "--jobs", "2", "--operating-point", "lucky"], "lucky"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(calm, tiny, capsys, arguments, words):
    assert main(["annotate", str(calm), "--model", str(tiny), *arguments]) == 2
    assert words in capsys.readouterr().err
    assert os.listdir() == []  # noqa: PTH208 - of the folder the test is in


def test_nothing_readable_leaves_no_journal(tmp_path, tiny, capsys):
    (tmp_path / "empty").mkdir()
    assert annotate(tmp_path / "empty", tiny, "f.csv", "--jobs", "2") == 2
    assert "no DICOM image here" in capsys.readouterr().err
    assert os.listdir() == []  # noqa: PTH208 - of the folder the test is in


def test_no_more_jobs_than_cores(calm, tiny, capsys):
    cores = litert.available_cpus()
    assert annotate(calm, tiny, "f.csv", "--jobs", "5000") == 0
    assert f"{cores} at a time, not 5,000: there are no more cores." in capsys.readouterr().err


@posix
def test_a_full_disk_is_said_and_the_rest_follows_when_there_is_room(calm, tiny):
    size = 8000  # bytes that a file may have: room for two results of the journal
    command = [
        sys.executable,
        "-c",
        f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); "
        "import sys; from ichviewer.__main__ import main; sys.exit(main())",
    ]
    arguments = ["annotate", str(calm), "-o", "f.csv", "--model", str(tiny), "--jobs", "1"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot be written. Found: File too large" in done.stderr
    assert "goes on from there" in done.stderr
    assert "bug" not in done.stderr
    assert sorted(os.listdir()) == ["f.csv.journal"]  # noqa: PTH208 - of the folder the test is in
    assert main(arguments) == 0
    assert annotate(calm, tiny, "all.csv") == 0
    assert table("f.csv") == table("all.csv")


def objects(folder: str) -> dict[str, str]:
    return {p.name: str(pydicom.dcmread(p).SOPInstanceUID) for p in Path(folder).iterdir()}


def test_dicom_objects_are_those_of_one_run_over_all_and_come_back(calm, tiny, capsys):
    assert annotate(calm, tiny, "all.csv", "--dicom-out", "all") == 0
    assert annotate(calm, tiny, "f.csv", "--dicom-out", "out", "--jobs", "2") == 0
    found = objects("out")
    assert found == objects("all")
    assert f"{len(found)} DICOM objects in out" in capsys.readouterr().err
    (Path("out") / min(found)).unlink()
    assert annotate(calm, tiny, "f.csv", "--dicom-out", "out", "--jobs", "2") == 0
    assert "4 series, 3 of them from before" in capsys.readouterr().err
    assert objects("out") == found
    # Other objects are other results.
    assert annotate(calm, tiny, "f.csv", "--dicom-out", "out", "--objects", "sr", "--jobs", "2") == 0
    assert "from before" not in capsys.readouterr().err
    assert table("f.csv") == table("all.csv")


def test_objects_that_cannot_be_made_are_said_and_fail_the_run(calm, tiny, capsys):
    nameless = calm / "study0" / "IM0"
    ds = pydicom.dcmread(nameless)
    del ds.SOPInstanceUID
    ds.save_as(nameless)
    for _ in range(2):
        assert annotate(calm, tiny, "f.csv", "--dicom-out", "out", "--objects", "sr", "--jobs", "2") == 3
        assert "0 of 3 slices failed; " in capsys.readouterr().err
    assert len(objects("out")) == 3


def test_parquet_holds_the_rows_of_the_csv(archive, tiny):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra tables")
    assert annotate(archive, tiny, "all.parquet") == 3
    assert annotate(archive, tiny, "jobs.parquet", "--jobs", "2") == 3
    assert annotate(archive, tiny, "f.csv") == 3
    whole, parts = (parquet.read_table(name) for name in ("all.parquet", "jobs.parquet"))
    assert whole.equals(parts)
    assert [r["sop_uid"] for r in whole.to_pylist()] == [r["sop_uid"] for r in rows("f.csv")]
    assert [r["any"] for r in parts.to_pylist()] == [
        float(r["any"]) if r["any"] else None for r in rows("f.csv")
    ]
    said = json.loads(Path("jobs.parquet.json").read_text())
    assert (said["csv"], said["parquet"]) == (None, "jobs.parquet")


def test_dask_is_named_where_it_is_missing(calm, tiny, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert annotate(calm, tiny, "f.csv", "--scheduler", "tcp://127.0.0.1:9") == 2
    assert "ichviewer[cluster]" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert annotate(calm, tiny, "f.parquet", "--jobs", "1") == 2
    assert "ichviewer[tables]" in capsys.readouterr().err


def test_what_writes_parquet_or_speaks_to_a_cluster_is_loaded_when_it_is_wanted():
    code = (
        "import sys; import ichviewer.cli.annotate, ichviewer.cli.annotate_batch, ichviewer.services.dask_pool\n"
        "heavy = ('dask', 'distributed', 'pandas', 'pyarrow', 'highdicom', 'tensorflow', 'PySide6')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
