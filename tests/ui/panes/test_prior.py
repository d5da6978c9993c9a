"""Which earlier series stands beside the one in view."""

from __future__ import annotations

from dataclasses import replace

from image_builders import make_series

from ichviewer.domain.series import Series, SeriesKey, StudyInfo
from ichviewer.ui.panes.prior import prior_of


def series(date: str, n: int = 3, *, study: str = "", name: str = "1", **patient: str) -> Series:
    plain = make_series(n)
    uid = study or f"9.{date}"
    return replace(
        plain,
        key=SeriesKey(uid, name),
        study=StudyInfo(uid, date),
        patient=replace(plain.patient, **patient),
    )


NOW = series("2024-02-28", 9)
OLD, OLDER = series("2023-05-01", 4), series("2020-01-01", 30)


def head(_: Series) -> bool:
    return True


def test_the_newest_older_study_counts_and_in_it_the_longest_series() -> None:
    longer = series("2023-05-01", 7, name="2")
    newer = series("2024-03-01", 50)
    assert prior_of(NOW, [OLDER, OLD, longer, newer, NOW], head) is longer


def test_series_that_are_no_heads_or_lie_otherwise_are_passed_over() -> None:
    coronal = make_series(40, column_direction=(0.0, 0.0, -1.0))
    coronal = replace(coronal, key=SeriesKey("9.c", "1"), study=StudyInfo("9.c", "2023-06-01"))
    assert prior_of(NOW, [OLDER, OLD, coronal], head) is OLD
    assert prior_of(NOW, [OLDER, OLD], lambda s: s is not OLD) is OLDER


def test_other_patients_the_same_day_and_missing_words_are_no_prior() -> None:
    for other in (
        series("2023-05-01", id="4712"),
        series("2023-05-01", name="2", **{"sex": "M", "id": ""}),
        series("2024-02-28", study="9.other"),
        series("", study="9.none"),
        series("2023-05-01", study=NOW.key.study_uid),
    ):
        assert prior_of(NOW, [other, NOW], head) is None
    nobody = replace(NOW, patient=replace(NOW.patient, id=""))
    assert prior_of(nobody, [replace(OLD, patient=nobody.patient)], head) is None
    undated = replace(NOW, study=replace(NOW.study, date=""))
    assert prior_of(undated, [OLD], head) is None
