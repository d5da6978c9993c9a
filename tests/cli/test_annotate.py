from __future__ import annotations

import csv
import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from dicom_factory import make_slice, write, write_dicomdir
from plugins.intracranial_volume import IntracranialVolume
from synthetic_head import SPACING_MM, head_hu

from ichviewer.__main__ import main
from ichviewer.services.series_models import registered


@pytest.fixture
def head(tmp_path: Path) -> Path:
    """A folder with a head CT of four slices, the first at the top."""
    folder = tmp_path / "head"
    for i in range(4):
        hu = head_hu(30 + 5 * i)
        ds = make_slice(
            hu=hu,
            z_mm=15.0 - 5 * i,
            instance_number=i + 1,
            pixel_spacing_mm=(SPACING_MM,) * 2,
            patient_id="=cmd",
        )
        write(folder / f"IM{i}", ds)
    return folder


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_writes_csv_and_sidecar(head, tiny, capsys):
    assert main(["annotate", str(head), "-o", "f.csv", "--model", str(tiny)]) == 0
    found = rows(Path("f.csv").read_text(encoding="utf-8"))
    assert [r["status"] for r in found] == ["analysed"] * 4
    assert [float(r["position_mm"]) for r in found] == [0.0, 5.0, 10.0, 15.0]
    assert [r["slice_index"] for r in found] == ["1", "2", "3", "4"]
    assert [r["instance_number"] for r in found] == ["4", "3", "2", "1"]
    assert found[0]["patient_id"] == "'=cmd"
    sidecar = json.loads(Path("f.csv.json").read_text())
    assert (sidecar["engine"], sidecar["model"]["name"], sidecar["csv"]) == ("litert", "tiny", "f.csv")
    out, err = capsys.readouterr()
    assert "4 of 4" in out
    assert "4 rows written to f.csv" in err
    assert "Not a medical device" in err


def test_stdout_carries_nothing_but_the_csv(head, tiny, capsys):
    arguments = ["annotate", str(head), "-o", "-", "--model", str(tiny), "--json", "s.json"]
    assert main([*arguments, "--operating-point", "high_sensitivity"]) == 0
    out, err = capsys.readouterr()
    assert [r["status"] for r in rows(out)] == ["analysed"] * 4
    assert out.startswith("patient_id,")
    assert "4 of 4" in err
    sidecar = json.loads(Path("s.json").read_text())
    assert sidecar["operating_point"] == "high_sensitivity"
    assert sidecar["thresholds"]["any"] == 0.2
    assert not list(Path().glob("*.csv*"))


class _Talking(IntracranialVolume):
    def measure(self, slices, cancel, progress):
        sys.stdout.write("measuring\n")
        return super().measure(slices, cancel, progress)


def test_what_a_further_model_prints_is_not_in_the_csv(head, tiny, capsys):
    with registered(_Talking()):
        assert main(["annotate", str(head), "-o", "-", "--model", str(tiny)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("patient_id,")
    assert [r["status"] for r in rows(out)] == ["analysed"] * 4
    assert err.startswith("measuring\n")


def test_some_input_failed(head, tiny, capsys):
    (head / "IM0").write_bytes((head / "IM0").read_bytes()[:5000])  # cut through the head
    write_dicomdir(head, ["IM1", "GONE/AWAY"])
    assert main(["annotate", str(head), "-o", "f.csv", "--model", str(tiny)]) == 3
    found = rows(Path("f.csv").read_text())
    assert [r["status"] for r in found] == [*["analysed"] * 3, "failed", "failed"]
    assert "truncated_pixel_data" in found[3]["note"]
    assert (found[4]["note"], found[4]["file"]) == ("dangling_dicomdir_entry", str(head / "GONE" / "AWAY"))
    err = capsys.readouterr().err
    assert "GONE" in err
    assert "IM0" in err


def test_refused_is_not_failed(ct_series, tiny, capsys):
    assert main(["annotate", str(ct_series[0].parent), "-o", "f.csv", "--model", str(tiny)]) == 0
    assert {r["note"] for r in rows(Path("f.csv").read_text())} == {"not_a_head"}
    assert "no head found" in capsys.readouterr().out


def test_nothing_readable(tmp_path, tiny, capsys):
    (tmp_path / "x").mkdir()
    assert main(["annotate", str(tmp_path / "x"), "-o", "f.csv", "--model", str(tiny)]) == 2
    assert "no DICOM image here" in capsys.readouterr().err
    assert not Path("f.csv").exists()


def test_an_unwritable_place_leaves_the_old_file(head, tiny, capsys):
    assert main(["annotate", str(head), "-o", "no/such/folder/f.csv", "--model", str(tiny)]) == 2
    assert "cannot be written" in capsys.readouterr().err
    source = head / "IM1"
    before = source.read_bytes()
    assert main(["annotate", str(head), "-o", str(source), "--model", str(tiny)]) == 2
    assert source.read_bytes() == before


def test_unknown_operating_point(head, tiny, capsys):
    arguments = ["annotate", str(head), "-o", "f.csv", "--model", str(tiny), "--operating-point", "lucky"]
    assert main(arguments) == 2
    assert "balanced, high_sensitivity" in capsys.readouterr().err


@pytest.mark.alone
@pytest.mark.realdata
def test_a_real_head_ct(shared_data):
    """Every slice is analysed, in order, on the bundled model; 4 s from process start on two idle cores."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "ichviewer", "annotate", str(shared_data / "ge-head-ct"), "-o", "f.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    found = rows(Path("f.csv").read_text())
    assert [r["status"] for r in found] == ["analysed"] * 28
    positions = [float(r["position_mm"]) for r in found]
    assert positions == sorted(positions)
    # Processor time, because other work on the machine must not fail the test.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 4


@pytest.mark.realdata
def test_a_phantom_that_is_no_head(shared_data, capsys):
    assert main(["annotate", str(shared_data / "philips-phantom"), "-o", "f.csv"]) == 3
    found = rows(Path("f.csv").read_text())
    assert {r["status"] for r in found} == {"not_analysed", "failed"}
    assert all(r["note"] for r in found)
    assert sum(r["note"] == "dangling_dicomdir_entry" for r in found) >= 3
    assert "DICOMDIR names a file that is not there" in capsys.readouterr().err
