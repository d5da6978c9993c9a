from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.window import Window
from ichviewer.errors import ReadError
from ichviewer.inference.model_card import load_model_card
from ichviewer.services import bug_report
from ichviewer.services.bug_report import KEPT, describe, fingerprint, save_report

NAMES = ("Doe", "Jane", "4711-0815", "19700101", "scan_of", "secret")
VALUE = "/home/jane/Doe^Jane 19700101/scan_of_4711-0815.dcm"


def raised(function) -> BaseException:
    try:
        function()
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what the test is about
        return error
    raise AssertionError("nothing was raised")


def chained() -> None:
    try:
        int(VALUE)
    except ValueError as error:
        raise ReadError(f"the file could not be read {VALUE}", VALUE, VALUE) from error


def divided() -> None:
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize(
    "function",
    [
        lambda: int(VALUE),
        lambda: {}[VALUE],
        lambda: Path(VALUE).read_bytes(),
        lambda: (_ for _ in ()).throw(RuntimeError(f"no such patient: {VALUE}\n{VALUE}")),
        lambda: (_ for _ in ()).throw(ValueError("secret Doe Jane")),
        lambda: getattr(object(), "Doe"),  # noqa: B009 - the name stands for a value
        chained,
    ],
)
def test_no_name_of_a_patient_or_file_gets_into_a_report(tmp_path, function):
    report = save_report(raised(function), tmp_path)
    assert report is not None
    text = report.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert not [name for name in NAMES if name in text]
    assert str(Path.home()) not in text
    assert str(Path(__file__).parent) not in text


@given(st.text(st.characters(categories=["Lu", "Lo", "Lt"]), min_size=1))
def test_a_capital_word_of_a_message_never_gets_into_a_report(word):
    text = describe(ValueError(word))
    assert text == "Traceback (most recent call last):\nValueError: <...>\n" or word in dir(__builtins__)


def test_it_still_says_where_and_why():
    text = describe(raised(lambda: Window(float("nan"), 1.0)))
    assert 'File "ichviewer/domain/window.py", line ' in text
    assert "in __post_init__" in text
    assert "ValueError: a window must be finite. Received: " in text
    assert "in load_model_card" in describe(raised(lambda: load_model_card(Path(VALUE))))


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_only_the_user_may_read_it(tmp_path):
    mask = os.umask(0)
    try:
        report = save_report(raised(divided), tmp_path / "log" / "app")
    finally:
        os.umask(mask)
    assert report is not None
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700
    report.unlink()
    report.parent.chmod(0o755)
    assert save_report(raised(divided), report.parent) == report
    assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700


def test_one_cause_is_one_report(tmp_path):
    def at(value: object) -> BaseException:
        return raised(lambda: int(value))

    reports = {save_report(at(f"value {i}"), tmp_path) for i in range(500)}
    assert len(reports) == 1
    assert len(list(tmp_path.iterdir())) == 1
    assert fingerprint(raised(divided)) != fingerprint(at("x"))
    save_report(raised(divided), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_oldest_make_room(tmp_path):
    for i in range(KEPT + 5):
        path = tmp_path / f"bug-20240101-{i:03}.log"
        path.touch()
        os.utime(path, (1000 + i, 1000 + i))
    (tmp_path / "another.log").touch()
    report = save_report(raised(divided), tmp_path)
    left = sorted(p.name for p in tmp_path.glob("bug-2024*"))
    assert report is not None
    assert report.is_file()
    assert left == [f"bug-20240101-{i:03}.log" for i in range(6, KEPT + 5)]
    assert (tmp_path / "another.log").exists()


def test_a_link_put_in_its_place_is_not_followed(tmp_path, monkeypatch):
    error = raised(divided)
    target = tmp_path / "target"
    report = save_report(error, tmp_path / "log")
    assert report is not None
    report.unlink()
    report.symlink_to(target)
    save_report(error, tmp_path / "log")
    assert not target.exists()


def test_a_disk_that_cannot_be_written_is_no_second_bug(tmp_path):
    (tmp_path / "file").touch()
    assert save_report(raised(divided), tmp_path / "file" / "log") is None


def test_an_endless_recursion_is_told_in_short():
    def deeper() -> None:
        deeper()

    text = describe(raised(deeper))
    assert "more)" in text
    assert text.count("in deeper") <= bug_report._MOST_FRAMES
