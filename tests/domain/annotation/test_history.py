"""Undoing and doing again leads back to where it was, however long the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from annotation_factory import NOON, make
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.annotation.history import Change, Step
from ichviewer.domain.annotation.kinds import Length

ONE, TWO = make(Length, [(0, 0), (3, 4)], id="1"), make(Length, [(1, 0), (3, 4)], id="2")
MOVED = ONE.with_points([(0, 0, 0), (6, 8, 0)], NOON + timedelta(seconds=1))


def test_adding_changing_and_deleting():
    state = Step.add(ONE).apply({})
    assert state == {"1": ONE}
    state = Step.change(ONE, MOVED).apply(state)
    assert state == {"1": MOVED}
    assert Step.delete(MOVED).apply(state) == {}


def test_a_step_may_change_several_at_once():
    step = Step.delete(ONE, TWO, name="delete all")
    assert step.apply({"1": ONE, "2": TWO}) == {}
    assert step.inverse.apply({}) == {"1": ONE, "2": TWO}
    assert step.inverse.name == "delete all"


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (Step.add(ONE), {"1": ONE}),
        (Step.add(ONE), {"1": MOVED}),
        (Step.change(ONE, MOVED), {}),
        (Step.change(ONE, MOVED), {"1": MOVED}),
        (Step.delete(ONE), {"1": MOVED}),
    ],
)
def test_a_step_does_not_fit_other_annotations(step, state):
    before = dict(state)
    with pytest.raises(ValueError, match="Received"):
        step.apply(state)
    assert state == before


def test_steps_that_cannot_be():
    for build in (
        lambda: Change(None, None),
        lambda: Change(ONE, ONE),
        lambda: Change(ONE, TWO),
        lambda: Step(()),
        lambda: Step((Change(None, ONE), Change(ONE, MOVED))),
    ):
        with pytest.raises(ValueError, match="Received"):
            build()


@given(st.lists(st.integers(0, 9), max_size=20))
def test_undoing_all_and_doing_all_again_passes_the_same_states(moves):
    states, steps = [{}], []
    for n in moves:
        now = states[-1].get(str(n % 3))
        new = make(Length, [(0, 0), (n + 1, 4)], id=str(n % 3), label=str(len(states)))
        step = Step.add(new) if now is None else (Step.delete(now) if n > 6 else Step.change(now, new))
        states.append(step.apply(states[-1]))
        steps.append(step)
    state = states[-1]
    for step, expected in zip(reversed(steps), reversed(states[:-1]), strict=True):
        state = step.inverse.apply(state)
        assert state == expected
        assert step.inverse.inverse == step
    for step, expected in zip(steps, states[1:], strict=True):
        state = step.apply(state)
        assert state == expected
