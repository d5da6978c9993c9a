"""A study of which images are still to come, as values: how far it is, and the mark that its series carry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from image_builders import make_series

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, SliceSource, Study
from ichviewer.domain.volume_source import NoVolume, NoVolumeReason, VolumeGeometry, volume_geometry
from ichviewer.ui.session.arrival import Arrival, Received, Stage, as_received
from ichviewer.ui.session.places import PlaceReader, Places

FOLDER = Path("/cache/objects")


def series_of(n: int) -> Series:
    plain = make_series(n)
    slices = tuple(
        replace(info, source=SliceSource(FOLDER / f"{i}.dcm")) for i, info in enumerate(plain.slices)
    )
    return replace(plain, slices=slices)


def catalog_of(*series: Series) -> Catalog:
    return Catalog(tuple(Study(s.study, s.patient, (s,)) for s in series))


def received(n: int, of: int = 34, stage: Stage = Stage.RECEIVING, **more: object) -> Received:
    return Received(tuple(FOLDER / f"{i}.dcm" for i in range(n)), n, of, stage, **more)


def numbered(n: int, series_uid: str) -> Series:
    """A series of ``n`` slices with SOP Instance UIDs ``series_uid.0``, ..."""
    plain = series_of(n)
    slices = tuple(
        replace(info, sop_uid=f"{series_uid}.{i}", source=SliceSource(FOLDER / f"{series_uid}.{i}.dcm"))
        for i, info in enumerate(plain.slices)
    )
    return replace(plain, slices=slices, key=replace(plain.key, series_uid=series_uid))


def objects(series_uid: str, n: int) -> frozenset[str]:
    return frozenset(f"{series_uid}.{i}" for i in range(n))


@pytest.mark.parametrize(
    ("n", "of", "words"),
    [
        (12, 34, "12 of 34 images received"),
        (34, 34, "34 of 34 images received"),
        (1, 0, "1 image received"),
        (12, 0, "12 images received"),
        # More than was announced is no share of it.
        (35, 34, "35 images received"),
        (0, 34, "0 of 34 images received"),
        (1200, 2000, "1,200 of 2,000 images received"),
    ],
)
def test_how_much_was_received_is_said_in_words(n, of, words) -> None:
    assert received(n, of).words == words
    assert received(n, of, Stage.BROKEN).words == words
    assert received(n, of, Stage.WHOLE).words == ""


def test_an_impossible_number_or_end_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: -1, 34"):
        Received((), -1, 34, Stage.RECEIVING)
    with pytest.raises(ValueError, match=r"Received: Stage\.BROKEN"):
        Received((), 1, 34, Stage.BROKEN, {"": "1 did not come: lost"})


def test_an_arrival_gives_the_files_that_stand_and_in_the_end_the_whole_folder() -> None:
    files = [FOLDER / "0.dcm"]
    arrival = Arrival(FOLDER, lambda: files)
    arrival.expect(3)
    assert arrival.received() == Received((FOLDER / "0.dcm",), 1, 3, Stage.RECEIVING)
    files += [FOLDER / "1.dcm", FOLDER / "2.dcm"]
    assert arrival.received().words == "3 of 3 images received"
    arrival.end(Stage.WHOLE, {"": "1 did not come: lost"})
    assert arrival.received() == Received((FOLDER,), 3, 3, Stage.WHOLE, {"": "1 did not come: lost"})
    with pytest.raises(ValueError, match="once"):
        arrival.end(Stage.BROKEN)


def test_a_study_that_broke_off_is_what_stands_and_never_the_folder() -> None:
    arrival = Arrival(FOLDER, lambda: [FOLDER / "0.dcm"])
    arrival.end(Stage.BROKEN)
    assert arrival.received().paths == (FOLDER / "0.dcm",)
    with pytest.raises(ValueError, match="once"):
        Arrival(FOLDER, list).end(Stage.RECEIVING)


def test_a_series_of_which_images_are_to_come_is_refused_by_all_that_takes_series_for_whole() -> None:
    whole = series_of(5)
    assert refusal(whole) is None and isinstance(volume_geometry(whole), VolumeGeometry)
    for stage in (Stage.RECEIVING, Stage.BROKEN):
        catalog, why = as_received(catalog_of(whole), {whole.key: None}, received(5, 34, stage), ())
        (marked,) = catalog.series
        assert not marked.all_received
        refused = refusal(marked)
        assert refused is not None and refused.code is ProblemCode.NOT_ALL_RECEIVED
        assert volume_geometry(marked) == NoVolume(NoVolumeReason.NOT_ALL_RECEIVED)
        told = why[marked.key]
        assert told is not None
        assert str(told).endswith(
            "not analyzed: not all images of the study were received (5 of 34 images received)"
        )


def test_a_localizer_is_refused_for_what_it_is_however_much_has_come() -> None:
    plain = replace(series_of(1), image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    catalog, why = as_received(catalog_of(plain), {plain.key: refusal(plain)}, received(1), ())
    assert why[plain.key] == refusal(plain) == refusal(catalog.series[0])


def test_a_whole_study_has_no_mark_and_one_that_the_source_cut_says_so_and_is_analyzed() -> None:
    whole = series_of(5)
    catalog, why = as_received(
        catalog_of(whole), {whole.key: None}, received(5, 5, Stage.WHOLE), (series_of(4),)
    )
    assert catalog.series == (whole,) and why == {whole.key: None}
    catalog, why = as_received(
        catalog_of(whole),
        {whole.key: None},
        received(5, 6, Stage.WHOLE, not_sent={"": "1 did not come: lost"}),
        (),
    )
    (problem,) = catalog.series[0].problems
    assert (problem.code, problem.found) == (ProblemCode.IMAGES_NOT_SENT, "1 did not come: lost")
    assert refusal(catalog.series[0]) is None and catalog.series[0].all_received


def test_a_series_that_is_as_it_was_stays_the_same_object_while_others_grow() -> None:
    other = replace(series_of(3), key=replace(series_of(3).key, series_uid="1.7"))
    first, _ = as_received(catalog_of(series_of(2), other), {}, received(5), ())
    again, why = as_received(catalog_of(series_of(3), other), {}, received(6), first.series)
    assert again.series[1] is first.series[1]
    assert again.series[0] is not first.series[0] and len(again.series[0]) == 3
    assert all(problem is not None and problem.found == "6 of 34 images received" for problem in why.values())
    # At the end all of them are others: the mark goes.
    last, _ = as_received(catalog_of(series_of(3), other), {}, received(6, 6, Stage.WHOLE), again.series)
    assert [series.problems for series in last.series] == [(), ()]


def test_a_series_that_is_known_to_be_whole_has_no_mark_while_others_arrive_and_stays_the_same_object() -> (
    None
):
    a, b = numbered(3, "1.1"), numbered(2, "1.2")
    refusals = {a.key: None, b.key: None}
    now = received(5, 6, whole={"1.1": objects("1.1", 3)})
    first, why = as_received(catalog_of(a, b), refusals, now, ())
    assert first.series[0] is a and not first.series[1].all_received
    assert why[a.key] is None and why[b.key] is not None
    # The line breaks: what is whole stays whole.
    broken, why = as_received(catalog_of(a, b), refusals, replace(now, stage=Stage.BROKEN), first.series)
    assert broken.series[0] is a and not broken.series[1].all_received and why[a.key] is None
    again = catalog_of(numbered(3, "1.1"), numbered(3, "1.2"))
    last, why = as_received(again, refusals, received(6, 6, Stage.WHOLE), first.series)
    assert last.series[0] is a and last.series[1].all_received and why == refusals


@pytest.mark.parametrize(
    ("shown", "listed"),
    [
        # An image more than the source lists.
        ([numbered(4, "1.1")], {"1.1": objects("1.1", 3)}),
        # What the source lists of one series says that it is of another.
        ([numbered(2, "1.1"), numbered(1, "1.2")], {"1.1": objects("1.1", 2) | {"1.2.0"}}),
        # Images without a name.
        ([series_of(3)], {series_of(3).key.series_uid: objects("1.1", 3)}),
    ],
)
def test_a_series_of_which_anything_is_in_doubt_is_not_taken_for_whole(shown, listed) -> None:
    found, why = as_received(
        catalog_of(*shown), {one.key: None for one in shown}, received(4, 9, whole=listed), ()
    )
    assert not any(series.all_received for series in found.series) and None not in why.values()


def test_a_series_that_was_whole_and_gets_another_image_is_another_series_until_that_is_listed_too() -> None:
    a = numbered(3, "1.1")
    first, _ = as_received(catalog_of(a), {a.key: None}, received(3, 9, whole={"1.1": objects("1.1", 3)}), ())
    grown = numbered(4, "1.1")
    second, _ = as_received(
        catalog_of(grown), {a.key: None}, received(4, 9, whole={"1.1": objects("1.1", 3)}), first.series
    )
    assert second.series[0] is not a and not second.series[0].all_received
    last, _ = as_received(
        catalog_of(grown), {a.key: None}, received(4, 9, whole={"1.1": objects("1.1", 4)}), second.series
    )
    assert last.series[0].all_received and len(last.series[0]) == 4


def test_only_the_series_that_lacks_images_says_so_where_it_is_known() -> None:
    a, b = numbered(3, "1.1"), numbered(2, "1.2")
    words = "1 object of this series did not come: lost"
    whole = {a.key: None, b.key: None}
    found, _ = as_received(catalog_of(a, b), whole, received(5, 6, Stage.WHOLE, not_sent={"1.2": words}), ())
    assert found.series[0] is a and not found.problems
    assert [(p.code, p.found) for p in found.series[1].problems] == [(ProblemCode.IMAGES_NOT_SENT, words)]
    # Of a series of which nothing came, the problems of the input say it.
    found, _ = as_received(catalog_of(a, b), whole, received(5, 6, Stage.WHOLE, not_sent={"1.3": words}), ())
    assert found.series == (a, b)
    assert [(p.code, p.where, p.found) for p in found.problems] == [
        (ProblemCode.IMAGES_NOT_SENT, str(FOLDER / "0.dcm"), words)
    ]
    # Where one cannot be told, all of them say it.
    unknown = {"1.2": words, "": "2 objects did not come: busy"}
    found, _ = as_received(catalog_of(a, b), whole, received(5, 6, Stage.WHOLE, not_sent=unknown), ())
    assert [series.problems[0].found for series in found.series] == [unknown[""], words]


def test_an_arrival_asks_what_is_whole_before_it_asks_what_stands() -> None:
    asked: list[str] = []
    arrival = Arrival(
        FOLDER,
        lambda: asked.append("files") or (FOLDER / "0.dcm",),
        whole=lambda: asked.append("whole") or {"1.1": objects("1.1", 1)},
    )
    assert arrival.received().whole == {"1.1": objects("1.1", 1)} and asked == ["whole", "files"]
    arrival.end(Stage.WHOLE)
    assert arrival.received().whole == {}


def test_a_place_that_arrives_is_read_again_when_more_stands_and_gone_on_with_after_a_break() -> None:
    places, files = Places(), []
    arrival = Arrival(FOLDER, lambda: tuple(files))
    place = places.open([FOLDER], "study from PACS", arrival)
    assert places.reading and not place.arriving and not place.has_news
    for n in (2, 3):
        files[:] = received(n).paths
        assert place.has_news
        now = arrival.received()
        place.received = now
        reading = PlaceReader(0, ()).reading(catalog_of(series_of(n))).received(now, place.catalog.series)
        place.take(reading, (), complete=False)
        places.gather()
        assert not places.reading and place.arriving and not place.has_news
        assert places.arrives(places.catalog.series[0].key)
        assert places.incomplete == {0: f"{n} images received"}
    assert places.broken(FOLDER) is None
    arrival.end(Stage.BROKEN)
    assert place.has_news and places.broken(FOLDER) is place
    assert places.broken(Path("/elsewhere")) is None
    again = Arrival(FOLDER, lambda: tuple(files))
    place.resume(again)
    assert places.broken(FOLDER) is None and place.arriving


def test_a_mark_is_named_with_its_series() -> None:
    (marked,) = as_received(catalog_of(series_of(2)), {}, received(2), ())[0].series
    assert isinstance(marked.problems[0], Problem) and marked.problems[0].where
