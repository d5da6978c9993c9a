from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import make_slice, write

import ichviewer
from ichviewer import Status
from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import ArgumentError, EngineError, ModelError, NothingReadableError

ROOT = Path(__file__).parents[2]


def probabilities(findings: ichviewer.Findings) -> np.ndarray:
    return np.concatenate([findings.of(series).probabilities() for series in findings.series])


def test_paths_a_catalog_a_study_and_series_give_the_same(head: Path, tiny: Path) -> None:
    wanted = probabilities(ichviewer.annotate(head, tiny))
    assert np.isfinite(wanted).all()
    assert wanted.shape == (4, 6)
    catalog = ichviewer.open_study(head)
    for subject in (
        *(catalog, catalog.studies[0], catalog.series[0], list(catalog.series)),
        (path for path in sorted(head.iterdir())),
        iter(catalog.series),
    ):
        assert np.array_equal(probabilities(ichviewer.annotate(subject, tiny)), wanted)


def test_the_result_says_what_made_it(head: Path, tiny: Path) -> None:
    findings = ichviewer.annotate(head, str(tiny), operating_point="high_sensitivity")
    assert (findings.model.name, findings.engine, findings.point.name) == (
        "tiny",
        "litert",
        "high_sensitivity",
    )
    assert findings.analyzed_at.tzinfo is not None
    assert repr(findings) == "<Findings: 1 series, 4 of 4 slices analyzed>"


def test_what_is_no_head_ct_is_not_analyzed_with_the_reason(ct_series: list[Path], tiny: Path) -> None:
    findings = ichviewer.annotate(ct_series[0].parent, tiny)
    (series,) = findings.series
    for found in findings.of(series).slices:
        assert found.status is Status.NOT_ANALYSED
        assert found.probabilities is None
        assert found.reason is not None
    assert len(findings.problems()) >= 5
    assert findings.failures() == ()


def test_wrong_arguments_are_named(head: Path, tiny: Path) -> None:
    with pytest.raises(ArgumentError, match=r"annotate\(engine\)") as caught:
        ichviewer.annotate(head, tiny, engine="onnx")
    assert "litert" in caught.value.what
    assert "onnx" in caught.value.found
    for wrong in (None, 3, [3], [head, 3], ichviewer):
        with pytest.raises(ArgumentError, match=r"annotate\(series_or_paths\)"):
            ichviewer.annotate(wrong, tiny)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"annotate\(model\)"):
        ichviewer.annotate(head, 3)  # type: ignore[arg-type]
    with pytest.raises(ModelError):
        ichviewer.annotate(head, head)
    with pytest.raises(ModelError):
        ichviewer.annotate(head, tiny, operating_point="no_such_point")
    with pytest.raises(NothingReadableError):
        ichviewer.annotate(head / "missing", tiny)


def test_a_series_that_is_there_twice_is_refused(head: Path, tiny: Path) -> None:
    first, second = ichviewer.open_study(head).series[0], ichviewer.open_study(head).series[0]
    with pytest.raises(ArgumentError, match="once"):
        ichviewer.annotate([first, second], tiny)


def test_files_that_vanish_are_failures_and_never_negative(head: Path, tiny: Path) -> None:
    catalog = ichviewer.open_study(head)
    for path in list(head.iterdir())[:3]:
        path.unlink()
    findings = ichviewer.annotate(catalog, tiny)
    statuses = [found.status for found in findings.of(catalog.series[0]).slices]
    assert statuses.count(Status.FAILED) == 3
    assert np.isnan(probabilities(findings)).all(axis=1).sum() == 3
    assert len(findings.failures()) == 3


def test_files_that_are_replaced_are_failures(head: Path, tiny: Path) -> None:
    (series,) = ichviewer.open_study(head).series
    other = make_slice(hu=np.zeros((128, 128)), z_mm=5.0, instance_number=9, patient_id="other")
    write(series.slices[1].source.path, other)
    found = ichviewer.annotate(series, tiny).of(series).slices[1]
    assert found.reason is not None
    assert found.reason.code is ProblemCode.FILE_CHANGED


def test_a_thread_may_annotate_and_two_at_once_give_the_same(
    head: Path, tiny: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    alone = probabilities(ichviewer.annotate(head, tiny))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: probabilities(ichviewer.annotate(head, tiny)), range(4)))
    assert all(np.array_equal(one, alone) for one in found)
    # Stderr is where it was: loading an engine turns it round for a moment.
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"
    assert multiprocessing.active_children() == []


def test_ctrl_c_ends_it_with_its_processes_and_the_next_call_works(head: Path, tiny: Path) -> None:
    def interrupt(done: int, total: int, what: str) -> None:
        if what.startswith("analyzing"):
            raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        ichviewer.annotate(head, tiny, progress=interrupt)
    assert multiprocessing.active_children() == []
    assert threading.active_count() == before
    assert np.isfinite(probabilities(ichviewer.annotate(head, tiny))).all()


def test_cancelling_says_so_of_every_slice_that_was_not_reached(head: Path, tiny: Path) -> None:
    token = ichviewer.CancelToken()
    catalog = ichviewer.open_study(head)

    def cancel(done: int, total: int, what: str) -> None:
        if what.startswith("analyzing slice 3"):
            token.cancel()

    (series,) = catalog.series
    slices = ichviewer.annotate(catalog, tiny, progress=cancel, cancel=token).of(series).slices
    assert slices[-1].status is Status.NOT_ANALYSED
    assert slices[-1].reason is not None
    assert slices[-1].reason.code is ProblemCode.CANCELLED


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(code, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=200,
    )


def test_a_script_needs_no_guard(head: Path, tiny: Path, tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "print('began')\n"
        "import ichviewer\n"
        f"findings = ichviewer.annotate({str(head)!r}, {str(tiny)!r})\n"
        "print(findings, ichviewer.read_volume(findings.series[0]).hu().shape)\n",
    )
    assert done.stdout == "began\n<Findings: 1 series, 4 of 4 slices analyzed> (4, 128, 128)\n"
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_worker_of_a_pool_hears_why_it_cannot(head: Path, tiny: Path, tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "import multiprocessing, ichviewer\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "def work(path):\n"
        "    try:\n"
        f"        return repr(ichviewer.annotate(path, {str(tiny)!r}))\n"
        "    except ichviewer.errors.EngineError as error:\n"
        "        return error.found\n"
        "if __name__ == '__main__':\n"
        "    context = multiprocessing.get_context('spawn')\n"
        "    with context.Pool(1) as pool:\n"
        f"        print(pool.apply(work, ({str(head)!r},)))\n"
        "    with ProcessPoolExecutor(1, context) as pool:\n"
        f"        print(pool.submit(work, {str(head)!r}).result())\n",
    )
    daemon, worker = done.stdout.splitlines()
    assert "daemonic" in daemon
    assert worker == "<Findings: 1 series, 4 of 4 slices analyzed>"
    assert done.returncode == 0


def test_an_engine_that_is_not_there_is_an_engine_error(
    head: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(EngineError, match="LiteRT"):
        ichviewer.annotate(head, tiny, engine="litert")
