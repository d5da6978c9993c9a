"""The fuzz targets run here on their seeds and on the inputs that were saved, without the fuzzer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import Answer, Outcome

from fuzz import campaign, seeds, targets
from fuzz.choices import Choices

SAVED = Path(__file__).parent / "corpus"
NAMES = tuple(targets.TARGETS)


def _inputs(target: str) -> list[bytes]:
    saved = SAVED / target
    return [
        *(data for _, data in seeds.of(target)),
        *(path.read_bytes() for path in sorted(saved.iterdir() if saved.is_dir() else [])),
    ]


@pytest.mark.parametrize("target", NAMES)
def test_nothing_breaks_on_seeds_and_saved_inputs(target: str, tmp_path: Path):
    inputs = _inputs(target)
    assert len(inputs) > 5
    broken = []
    for i, data in enumerate(inputs):
        folder = tmp_path / str(i)
        folder.mkdir()
        try:
            targets.TARGETS[target](data, folder)
        except AssertionError as error:
            broken.append(f"input {i}: {error}")
    assert broken == []


def test_a_target_notices_an_unexpected_exception(tmp_path: Path, monkeypatch):
    def broken(paths):
        raise KeyError("a bug")

    monkeypatch.setattr(targets, "read_catalog", broken)
    with pytest.raises(AssertionError, match="KeyError"):
        targets.parse(b"", tmp_path)


def test_a_target_notices_another_answer(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(targets, "listing", lambda catalog: time.perf_counter())
    with pytest.raises(AssertionError, match="another answer"):
        targets.parse(b"", tmp_path)


@given(st.binary(max_size=60))
def test_the_same_bytes_make_the_same_choices_within_their_bounds(data: bytes):
    def choose() -> list[object]:
        choices = Choices(data)
        return [choices.number(3, 700), choices.pick("abc"), choices.yes(), choices.real(), choices.text(9)]

    first = choose()
    assert repr(first) == repr(choose())
    assert 3 <= first[0] <= 700
    assert first[1] in "abc"
    assert len(first[4]) <= 9


def test_every_word_of_the_dictionary_is_written(tmp_path: Path):
    seeds.write_dictionary(tmp_path / "words")
    lines = (tmp_path / "words").read_text().splitlines()
    assert len(lines) == len(set(lines)) == len(set(seeds.dictionary()))
    assert '"\\x28\\x00\\x10\\x00\\x55\\x53"' in lines  # Rows (0028,0010) US


@pytest.mark.parametrize(("target", "survives"), [("decode", True), ("decode", False), ("sort", True)])
def test_a_process_that_died_is_a_finding_unless_a_decoder_died_and_the_program_lives(
    target: str, survives: bool, tmp_path: Path, monkeypatch
):
    if not survives:
        dead = Outcome("ichviewer annotate", Answer(None), 0, 0, killed="it was ended by SIGSEGV")
        monkeypatch.setattr(campaign, "run_command", lambda *_, **__: dead)
    (tmp_path / "findings").mkdir()
    (tmp_path / "input").write_bytes(dict(seeds.files())["JPEGLosslessSV1"])
    campaign.look_at_death(target, tmp_path / "input", "ended by SIGSEGV", tmp_path / "findings")
    found = [path.name for path in (tmp_path / "findings").iterdir()]
    assert sorted(found) == (
        [] if target == "decode" and survives else [f"{target}-died-0", f"{target}-died-0.txt"]
    )
