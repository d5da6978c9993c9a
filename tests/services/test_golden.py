from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ichviewer.errors import ModelError
from ichviewer.inference.engine import open_engine
from ichviewer.inference.model_card import load_model_card
from ichviewer.services.golden import (
    GOLDEN_NAME,
    QUANTIZED_TOLERANCE,
    TOLERANCE,
    compare,
    demo_probabilities,
    read_golden,
    tolerance,
    write_golden,
)

P = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


def test_largest_difference():
    found = {"a": P, "b": (0.1, 0.2, 0.3, 0.4, 0.5, 0.65), "c": None}
    difference = compare(found, {"a": P, "b": P, "c": None})
    assert difference.largest == pytest.approx(0.05)
    assert (difference.sop_uid, difference.slices) == ("b", 3)
    assert compare(found, found).largest == 0.0


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"a": P}, "0 unknown and 1 missing"),
        ({"a": P, "b": P, "c": P}, "1 unknown and 0 missing"),
        ({"a": None, "b": P}, "slice a must be analyzed"),
    ],
)
def test_other_slices_are_no_match(found, words):
    with pytest.raises(ModelError, match=words):
        compare(found, {"a": P, "b": P})


def test_a_slice_that_must_not_be_analysed():
    with pytest.raises(ModelError, match="must not be analyzed"):
        compare({"a": P}, {"a": None})


def test_written_and_found_again(golden_template):
    card = load_model_card(golden_template)
    golden = read_golden(card)
    assert sum(p is not None for p in golden.values()) >= 20
    assert sum(p is None for p in golden.values()) >= 1  # the localizer
    again = demo_probabilities(card, open_engine(card, "litert"))
    assert compare(again, golden).largest < 1e-6


def test_a_spoiled_record_is_refused(golden_template, tmp_path):
    card = load_model_card(shutil.copytree(golden_template, tmp_path / "model"))
    path = card.folder / GOLDEN_NAME
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "keras_sha256": "0" * 64}))
    with pytest.raises(ModelError, match="of another model"):
        read_golden(card)
    path.write_text("{}")
    with pytest.raises(ModelError, match="cannot be read"):
        read_golden(card)
    path.unlink()
    with pytest.raises(ModelError, match="are missing"):
        read_golden(card)


def test_a_quantized_form_has_a_record_of_its_own(golden_template, tmp_path):
    folder = Path(shutil.copytree(golden_template, tmp_path / "model"))
    path = folder / "model.json"
    data = json.loads(path.read_text())
    data["files"]["ich.tflite"]["quantization"] = "int8"
    path.write_text(json.dumps(data))
    card = load_model_card(folder)
    with pytest.raises(ModelError, match="cannot be read"):
        read_golden(card, "litert")
    write_golden(card, kind="litert")
    record = json.loads((folder / GOLDEN_NAME).read_text())
    record["quantized"]["slices"] = {"a": list(P)}
    (folder / GOLDEN_NAME).write_text(json.dumps(record))
    assert read_golden(card, "litert") == {"a": P}
    assert len(read_golden(card, "keras")) > 20
    assert tolerance(card, "litert") == QUANTIZED_TOLERANCE
    assert tolerance(card, "keras") == tolerance(load_model_card(golden_template), "litert") == TOLERANCE
    record["quantized"]["litert_sha256"] = "0" * 64
    (folder / GOLDEN_NAME).write_text(json.dumps(record))
    with pytest.raises(ModelError, match="of another model"):
        read_golden(card, "litert")
