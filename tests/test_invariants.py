"""The check that all tests of damaged input rest on notices each thing that may not be."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from invariants import Answer, Limits, Outcome, check_outcome, fingerprint, run_command, run_here

from ichviewer.errors import ReadError

GOOD = Outcome("call", Answer("a", 3, {"analysed": 1, "not_analysed": 1, "failed": 1}), 0.1, 10)


def outcome(**fields: object) -> Outcome:
    return Outcome(**{**vars(GOOD), **fields})  # type: ignore[arg-type]


def test_what_holds_passes():
    check_outcome(GOOD, GOOD)


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        ({"traceback": "Traceback: KeyError"}, "KeyError"),
        ({"killed": "it was ended by SIGSEGV"}, "SIGSEGV"),
        ({"exit_code": 1}, "exit code 1"),
        ({"cpu_s": 5.1}, "5.1 s"),
        ({"memory_mb": 351}, "351 MB"),
        ({"changed": ("a.dcm",)}, "a.dcm"),
        ({"answer": Answer("a", 3, {"analysed": 2})}, "3 found"),
        ({"answer": Answer("a", 1, {"negative": 1})}, "negative"),
    ],
)
def test_each_flaw_is_told_of_the_first_run_and_of_the_next(flaw, words):
    for runs in ([outcome(**flaw)], [GOOD, outcome(**flaw)]):
        with pytest.raises(AssertionError, match=words):
            check_outcome(*runs)


def test_another_answer_is_told():
    with pytest.raises(AssertionError, match="another answer"):
        check_outcome(GOOD, outcome(answer=Answer("b", 3, GOOD.answer.statuses)))


def test_several_flaws_are_all_told():
    with pytest.raises(AssertionError, match=r"(?s)exit code 1.*9\.0 s"):
        check_outcome(outcome(exit_code=1, cpu_s=9.0))


def test_errors_for_a_person_are_an_answer_and_others_a_traceback():
    def told() -> Answer:
        raise ReadError("no", "a.dcm")

    check_outcome(run_here(told, []))
    with pytest.raises(AssertionError, match="KeyError"):
        check_outcome(run_here(lambda: Answer({}["x"]), []))


def test_time_and_memory_of_a_call_are_measured():
    def burn() -> Answer:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
        return Answer(int(np.ones(80 << 17).sum()))  # 80 MB

    spent = run_here(burn, [])
    assert 0.2 <= spent.cpu_s < 5
    # Other tests may have raised the peak before.
    assert spent.memory_mb >= 0
    with pytest.raises(AssertionError, match="of processor time"):
        check_outcome(spent, limits=Limits(cpu_s=0.1))


@pytest.mark.parametrize("harm", ["change", "remove", "add", "link"])
def test_a_source_that_is_touched_is_named(tmp_path: Path, harm: str):
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "a.dcm"
    file.write_bytes(b"one")

    def call() -> Answer:
        if harm == "change":
            file.write_bytes(b"two")
        elif harm == "remove":
            file.unlink()
        elif harm == "add":
            file.with_name("b.dcm").touch()
        else:
            content = tmp_path / "elsewhere"
            content.write_bytes(b"one")
            file.unlink()
            file.symlink_to(content)
        return Answer(None)

    with pytest.raises(AssertionError, match=r"sources changed: .*[ab]\.dcm"):
        check_outcome(run_here(call, [tmp_path / "folder"]))


def test_sources_may_be_files_and_folders(ct_series: list[Path]):
    assert len(fingerprint([ct_series[0].parent])) == 6
    assert list(fingerprint(ct_series[:1])) == [str(ct_series[0])]


def test_a_command_is_run_and_its_rows_are_counted(ct_series: list[Path], tmp_path: Path):
    folder, csv = ct_series[0].parent, tmp_path / "findings.csv"
    (folder / "broken").write_bytes(ct_series[0].read_bytes()[:200])
    command = ["annotate", str(folder), "-o", str(csv)]
    run = run_command(command, [folder], csv=csv, found=6)
    check_outcome(run)
    assert run.answer.statuses == {"not_analysed": 5, "failed": 1}
    assert run.exit_code == 3
    assert run.memory_mb > 20
    again = run_command(["annotate", str(tmp_path / "nothing"), "-o", str(csv)], [], csv=csv, found=0)
    assert (again.exit_code, again.answer.statuses) == (2, {})  # not those of the old CSV
    with pytest.raises(AssertionError, match="7 found"):
        check_outcome(run_command(command, [folder], csv=csv, found=7))


def test_a_command_that_does_not_end_is_killed_and_told(ct_series: list[Path]):
    run = run_command(["scan", str(ct_series[0])], [], timeout_s=0.01)
    with pytest.raises(AssertionError, match="did not end"):
        check_outcome(run)
