from __future__ import annotations

import pytest

from ichviewer.__main__ import main
from ichviewer.cli import self_test
from ichviewer.services.self_test import Check, State

GOOD = [Check("decoder RLELossless", State.PASSED, "exact"), Check("engine parity", State.NOTE, "one engine")]


def test_all_of_it_holds(capsys, monkeypatch):
    monkeypatch.setattr(self_test, "run_self_test", lambda: iter(GOOD))
    assert main(["self-test"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ok", "decoder", "RLELossless", "exact"]
    assert lines[-1] == "All of it holds."


@pytest.mark.parametrize("count", [1, 2])
def test_one_failure_fails_it_and_is_named(capsys, monkeypatch, count):
    bad = [Check(f"model {i}", State.FAILED, "the file is not the one") for i in range(count)]
    monkeypatch.setattr(self_test, "run_self_test", lambda: iter([*GOOD, *bad]))
    assert main(["self-test"]) == 2
    out, err = capsys.readouterr()
    assert out.count("FAILED") == count
    assert "All of it holds" not in out
    assert f"{count} of the checks failed" in err
    assert "model 0" in err
