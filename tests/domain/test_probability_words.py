from __future__ import annotations

from ichviewer.domain.probability_words import two_digits


def test_probabilities_never_round_to_certainty() -> None:
    assert [two_digits(p) for p in (0.0, 0.0001, 0.005, 0.5, 0.994, 0.995, 1.0)] == [
        "0.00",
        "<0.01",
        "0.01",
        "0.50",
        "0.99",
        ">0.99",
        "1.00",
    ]
