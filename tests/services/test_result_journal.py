"""What is in a journal is found again, whatever was cut off, damaged or written twice."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import ExportError
from ichviewer.services.export import Tally
from ichviewer.services.result_journal import ResultJournal, journal_path
from ichviewer.services.series_result import SeriesResult

KEYS = ("0a" * 20, "1b" * 20, "2c" * 20)
TEXTS = st.text(st.characters(), max_size=20) | st.just("\udcff\n\r\u2028 é")


def result(key: str = KEYS[0], text: str = "a,b\n", *, lasting: bool = True) -> SeriesResult:
    return SeriesResult(
        key=key,
        lasting=lasting,
        lines=(text, text),
        details={"study_uid": text, "strongest": {"any": 0.1 + 0.2}, "pixels": [1, None]},
        counts=Tally(2, 1, 0, 1),
        problems=(Problem(ProblemCode.GAP, text, text),),
        flagged=True,
        engine="litert",
        files=("sr_1.dcm",),
        refusals=(text,),
    )


RESULTS = st.builds(result, st.sampled_from(KEYS), TEXTS, lasting=st.booleans())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "f.csv.journal"


def fill(path: Path, results: list[SeriesResult]) -> list[int]:
    """Write a journal anew; its length before the first result and behind each."""
    path.unlink(missing_ok=True)
    with ResultJournal(path) as journal:
        lengths = [path.stat().st_size]
        for one in results:
            journal.add(one)
            lengths.append(path.stat().st_size)
    return lengths


def held(path: Path) -> dict[str, SeriesResult]:
    with ResultJournal(path) as journal:
        places = {key: journal.find(key) for key in KEYS}
        found = {key: journal.read(place) for key, place in places.items() if place is not None}
        assert len(journal) == len(found)
    return found


def expected(results: list[SeriesResult]) -> dict[str, SeriesResult]:
    return {one.key: one for one in results if one.lasting}


def test_lies_beside_the_table():
    assert journal_path(Path("out/f.csv")) == Path("out/f.csv.journal")


@given(st.lists(RESULTS, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
def test_what_was_added_is_read_back_the_last_of_each_key(path, results):
    fill(path, results)
    assert held(path) == expected(results)


@given(st.lists(RESULTS, min_size=1, max_size=4), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_cut_at_any_byte_it_holds_what_was_whole_and_takes_more(path, results, data):
    lengths = fill(path, results)
    cut = data.draw(st.integers(0, lengths[-1]))
    os.truncate(path, cut)
    whole = [one for one, end in zip(results, lengths[1:], strict=True) if end <= cut]
    assert held(path) == expected(whole)
    more = result(KEYS[1], "after the cut\n")
    with ResultJournal(path) as journal:
        journal.add(more)
        assert journal.damaged == 0
    assert held(path) == expected([*whole, more])


@given(st.lists(RESULTS, min_size=1, max_size=4), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_changed_byte_costs_results_and_never_makes_one(path, results, data):
    lengths = fill(path, results)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(lengths[0], lengths[-1] - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    number = sum(end <= at for end in lengths[1:])
    # The end of a line that is lost takes the next line along.
    lost = {number, number + 1} if at == lengths[number + 1] - 1 else {number}
    found = held(path)
    kept = expected([one for i, one in enumerate(results) if i not in lost])
    assert found == kept


def test_results_of_another_key_are_not_found(path):
    fill(path, [result(KEYS[0])])
    with ResultJournal(path) as journal:
        assert journal.find(KEYS[1]) is None
        assert journal.find("") is None


def test_what_does_not_last_can_be_read_and_is_not_found_again(path):
    passing = result("", "failed\n", lasting=False)
    with ResultJournal(path) as journal:
        assert journal.read(journal.add(passing)) == passing
        assert len(journal) == 0
    assert held(path) == {}


@pytest.mark.parametrize(
    "content", [b"patient,status\n1,analysed\n", b'{"ichviewer": "journal of results"', b"\0" * 9]
)
def test_another_file_of_that_name_is_left_as_it_is(path, content):
    path.write_bytes(content)
    if b'{"ichviewer": "journal of results", "format": 1}\n'.startswith(content):
        fill(path, [result()])
        return
    with pytest.raises(ExportError, match="no journal"):
        ResultJournal(path)
    assert path.read_bytes() == content


def test_two_programs_do_not_write_one_journal(path):
    with ResultJournal(path), pytest.raises(ExportError, match="another run"):
        ResultJournal(path)
    ResultJournal(path).close()


def test_no_folder(tmp_path):
    with pytest.raises(ExportError, match="cannot be written"):
        ResultJournal(tmp_path / "nowhere" / "f.journal")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_said_and_leaves_all_results_that_were_whole(path):
    """The system itself takes no more bytes in the middle of a line."""
    here = Path(__file__).parent
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        f"sys.path[:0] = [{str(here)!r}, {str(here.parent)!r}]\n"
        "from test_result_journal import result, KEYS\n"
        "from ichviewer.errors import ExportError\n"
        "from ichviewer.services.result_journal import ResultJournal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        f"journal = ResultJournal(Path({str(path)!r}))\n"
        "journal.add(result(KEYS[0]))\n"
        "try:\n    journal.add(result(KEYS[1], 'x' * 3000))\n"
        "except ExportError as error:\n    print(error)\n"
        "journal.add(result(KEYS[2]))\njournal.close()\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=False)
    assert "f.csv.journal: the journal of results cannot be written. Found: File too large" in done.stdout, (
        done
    )
    assert held(path) == expected([result(KEYS[0]), result(KEYS[2])])


def test_where_the_disk_does_not_confirm_nothing_counts(path, monkeypatch):
    with ResultJournal(path) as journal:
        journal.add(result(KEYS[0]))

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patched:
            patched.setattr("ichviewer.services.result_journal.os.fsync", full)
            with pytest.raises(ExportError, match="No space left"):
                journal.add(result(KEYS[1]))
        assert journal.find(KEYS[1]) is None
    assert held(path) == expected([result(KEYS[0])])
