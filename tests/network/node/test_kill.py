"""The node as a process: killed while studies come in and results go out, with a PACS that comes and goes."""

from __future__ import annotations

import sys

import pytest
from kill_run import make_studies, run

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
    pytest.mark.timeout(900),
]


def test_each_study_has_one_result_whatever_is_killed(tmp_path):
    studies = make_studies(tmp_path / "studies", 4, n_slices=6)
    outcome = run(tmp_path, studies, senders=2, kills=3, stops=2, seed=5, longest_s=600)
    assert (outcome.n_kills, outcome.n_stops) == (3, 2)
    assert len(outcome.complete) == 4
    assert {entry["n_objects"] for entry in outcome.entries} == {6}
    assert set(outcome.contents.values()) == {1}
    assert outcome.exit_code == 0
    assert not any(outcome.outbox.undelivered.values())
    # A death between the PACS's answer and the note of it costs a number, never an object.
    n_sent = sum(outcome.times.values())
    assert len(outcome.stored) <= n_sent
    assert n_sent - outcome.n_kills <= outcome.outbox.sent <= n_sent
