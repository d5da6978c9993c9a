from __future__ import annotations

import pytest

from ichviewer.services.pace import Pace, duration


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_rate_and_time_left_are_of_what_this_run_did():
    clock = Clock()
    pace = Pace(340, 35_201, clock)
    assert pace.words() == "0 of 340 series, 0 of 35,201 slices"
    pace.known(1000)
    clock.now_s += 10
    assert pace.words() == "1 of 340 series (1 from before), 1,000 of 35,201 slices"
    pace.done(0, 300)
    pace.under_way(1, 100.4)
    # 400.4 slices in 10 s; 33,800.6 are left: 844.2 s, 15 min when rounded up.
    assert (
        pace.words() == "2 of 340 series (1 from before), 1,400 of 35,201 slices, 40.0 slices/s, 15 min left"
    )
    pace.done(1, 200)
    assert pace.words().startswith("3 of 340 series (1 from before), 1,500 of 35,201 slices, 50.0 slices/s")


def test_nothing_is_left_at_the_end():
    clock = Clock()
    pace = Pace(1, 30, clock)
    clock.now_s += 3
    pace.under_way(0, 30)
    pace.done(0, 30)
    assert pace.words() == "1 of 1 series, 30 of 30 slices, 10.0 slices/s, 0 s left"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.2, "1 min"),
        (49.1, "50 s"),
        (61, "2 min"),
        (3600, "1 h 0 min"),
        (11_100, "3 h 5 min"),
        (86_400, "1 day 0 h"),
        (187_000, "2 days 4 h"),
    ],
)
def test_lengths_of_time_are_rounded_up(seconds, words):
    assert duration(seconds) == words
