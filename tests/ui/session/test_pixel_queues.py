"""Whose slice is loaded next: in turn, the active pane first; nobody starves, nothing is loaded for nobody."""

from __future__ import annotations

import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ichviewer.ui.session.pixel_queues import PixelQueues, QueueId


def taken(queues: PixelQueues[str], count: int) -> list[str | None]:
    return [queues.take(queues.round) for _ in range(count)]


def three() -> tuple[PixelQueues[str], list[QueueId]]:
    """Queues a, b and c that want three slices each; a is active."""
    queues: PixelQueues[str] = PixelQueues()
    ids = [queues.open() for _ in range(3)]
    for queue, name in zip(ids, "abc", strict=True):
        queues.want(queue, [f"{name}{i}" for i in range(3)])
    return queues, ids


def test_the_active_queue_has_every_other_turn_and_the_others_share_the_rest() -> None:
    queues, _ = three()
    assert taken(queues, 10) == ["a0", "b0", "a1", "c0", "a2", "b1", "c1", "b2", "c2", None]


def test_what_is_dropped_is_wanted_by_nobody_any_more() -> None:
    queues, (a, _, _) = three()
    queues.want(a, ["x", "a1", "y"])
    queues.drop({"x", "y", "b0", "c2"})
    assert taken(queues, 6) == ["a1", "b1", "c0", "b2", "c1", None]


def test_another_active_queue_is_served_at_once() -> None:
    queues, (_, _, c) = three()
    assert taken(queues, 2) == ["a0", "b0"]
    queues.activate(c)
    assert taken(queues, 4) == ["c0", "a1", "c1", "b1"]


def test_a_pane_that_asks_faster_than_slices_come_does_not_keep_the_others_waiting() -> None:
    queues, (a, _, _) = three()
    seen = []
    for step in range(8):
        queues.want(a, [f"a at {step}"])
        seen.append(queues.take(queues.round))
    assert seen == ["a at 0", "b0", "a at 2", "c0", "a at 4", "b1", "a at 6", "c1"]


def test_panes_that_become_active_in_turn_do_not_keep_a_third_waiting() -> None:
    queues, (a, b, _) = three()
    seen = []
    for step in range(8):
        queues.want(a, [f"a at {step}"])
        queues.want(b, [f"b at {step}"])
        queues.activate((a, b)[step % 2])
        seen.append(queues.take(queues.round))
    assert [item for item in seen if item is not None and item[0] == "c"] == ["c0", "c1"]


def test_the_active_queue_is_first_again_after_a_rest() -> None:
    queues, (a, b, _) = three()
    assert taken(queues, 10)[-1] is None
    queues.want(b, ["b"])
    queues.want(a, ["a"])
    assert taken(queues, 2) == ["a", "b"]


def test_what_is_wanted_now_replaces_what_was_wanted_before() -> None:
    queues, (a, b, c) = three()
    queues.want(a, ["x", "y"])
    queues.want(b, [])
    queues.close(c)
    assert taken(queues, 3) == ["x", "y", None]
    assert queues.empty


def test_a_slice_that_several_want_is_loaded_once() -> None:
    queues, (a, b, c) = three()
    for queue in (a, b, c):
        queues.want(queue, ["same", f"own {queue}"])
    assert taken(queues, 5) == ["same", f"own {b}", f"own {a}", f"own {c}", None]


def test_a_closed_queue_wants_nothing_and_can_want_nothing() -> None:
    queues, (a, b, _) = three()
    queues.close(a)
    queues.close(a)
    assert taken(queues, 2) == ["b0", "c0"]
    for misuse in (lambda: queues.want(a, ["x"]), lambda: queues.activate(a)):
        with pytest.raises(ValueError, match="open queue"):
            misuse()
    queues.activate(b)
    assert taken(queues, 1) == ["b1"]


def test_who_works_for_the_study_before_takes_nothing_of_the_next() -> None:
    queues, (a, _, _) = three()
    before = queues.round
    queues.clear()
    queues.want(a, ["new"])
    assert queues.take(before) is None
    assert not queues.empty
    assert taken(queues, 2) == ["new", None]


def test_several_threads_take_everything_once() -> None:
    queues: PixelQueues[int] = PixelQueues()
    ids = [queues.open() for _ in range(4)]
    for n, queue in enumerate(ids):
        queues.want(queue, range(n, 2000, 4))
    got: list[list[int]] = [[], [], []]

    def work(mine: list[int]) -> None:
        while (item := queues.take(queues.round)) is not None:
            mine.append(item)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in got]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(item for mine in got for item in mine) == list(range(2000))


class QueueMachine(RuleBasedStateMachine):
    """Panes come, go, ask and become active in any order, while a worker takes one slice after the other."""

    @initialize()
    def start(self) -> None:
        self.queues: PixelQueues[tuple[int, int]] = PixelQueues()
        self.wanted: dict[QueueId, list[tuple[int, int]]] = {}
        self.passed: dict[QueueId, int] = {}
        """How many slices of others were taken since a queue was served, or began to want something."""
        self.active: QueueId | None = None
        self.fresh = 0

    @rule()
    def open(self) -> None:
        queue = self.queues.open()
        assert queue not in self.wanted
        self.wanted[queue], self.passed[queue] = [], 0
        self.active = self.active or queue

    @precondition(lambda self: self.wanted)
    @rule(data=st.data(), count=st.integers(0, 4), shared=st.integers(0, 2))
    def want(self, data: st.DataObject, count: int, shared: int) -> None:
        queue = data.draw(st.sampled_from(sorted(self.wanted)), "queue")
        self.fresh += count
        items = [(0, i) for i in range(shared)] + [(queue, self.fresh - i) for i in range(count)]
        self.queues.want(queue, items)
        if not self.wanted[queue]:
            self.passed[queue] = 0
        self.wanted[queue] = items

    @precondition(lambda self: self.wanted)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        queue = data.draw(st.sampled_from(sorted(self.wanted)), "queue")
        self.queues.close(queue)
        del self.wanted[queue], self.passed[queue]
        if self.active == queue:
            self.active = None

    @precondition(lambda self: self.wanted)
    @rule(data=st.data())
    def activate(self, data: st.DataObject) -> None:
        self.active = data.draw(st.sampled_from(sorted(self.wanted)), "queue")
        self.queues.activate(self.active)

    @rule()
    def clear(self) -> None:
        before = self.queues.round
        self.queues.clear()
        assert self.queues.take(before) is None
        self.wanted = {queue: [] for queue in self.wanted}

    @precondition(lambda self: self.wanted)
    @rule(times=st.integers(1, 12))
    def activate_one_after_the_other(self, times: int) -> None:
        ids = sorted(self.wanted)
        for step in range(times):
            self.active = ids[step % min(len(ids), 2)]
            self.queues.activate(self.active)
            self.want_again(self.active)
            self.take(1)

    def want_again(self, queue: QueueId) -> None:
        self.fresh += 1
        self.queues.want(queue, [(queue, self.fresh)])
        if not self.wanted[queue]:
            self.passed[queue] = 0
        self.wanted[queue] = [(queue, self.fresh)]

    @rule(times=st.integers(1, 6))
    def take(self, times: int) -> None:
        for _ in range(times):
            hungry = {queue for queue, items in self.wanted.items() if items}
            item = self.queues.take(self.queues.round)
            assert (item is None) == (not hungry)
            if item is None:
                return
            # It is what some queue wanted most, and now nobody wants it any more.
            served = {queue for queue in hungry if self.wanted[queue][0] == item}
            assert served
            for queue, items in self.wanted.items():
                got = item in items
                self.wanted[queue] = [i for i in items if i != item]
                self.passed[queue] = 0 if got or not self.wanted[queue] else self.passed[queue] + 1
            # Nobody starves.
            assert all(passed <= 2 * len(self.wanted) for passed in self.passed.values())

    @invariant()
    def it_is_empty_when_nobody_wants_anything(self) -> None:
        if hasattr(self, "wanted"):
            assert self.queues.empty == (not any(self.wanted.values()))


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
