"""A submission of the RSNA challenge."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from dicom_factory import make_slice, write
from synthetic_head import air_hu, head_hu

from ichviewer.domain.labels import LABELS, N_LABELS
from ichviewer.errors import LearningError
from ichviewer.inference.engine import Outputs
from ichviewer.learning import submit
from ichviewer.learning.data.drawn import DrawnHead, write_rsna_file

ORDER = ["epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural", "any"]


class BrightnessEngine:
    """Takes the share of bright pixels for the probability of every label."""

    name, batch_size, at_once = "brightness", 8, 1
    opened = 0

    def __init__(self):
        type(self).opened += 1

    def run(self, inputs):
        bright = (inputs[..., 1] > 180).mean(axis=(1, 2))
        return Outputs(np.repeat(20 * bright[:, None], N_LABELS, axis=1))

    def close(self):
        pass


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    BrightnessEngine.opened = 0
    monkeypatch.setattr(submit, "open_engine", lambda card, kind: BrightnessEngine())
    return BrightnessEngine


@pytest.fixture
def folder(tmp_path):
    """Two series of three slices, one with blood, flat and mixed as in the challenge."""
    root = tmp_path / "stage_2_test"
    root.mkdir()
    rng = np.random.default_rng(0)
    for series, kinds in enumerate(((), (LABELS[2],))):
        for index in range(3):
            hu = DrawnHead(kinds).hu((index + 1) / 4, rng, size_px=128, mm_per_px=1.9)
            write_rsna_file(
                root / f"ID_{index}{series}.dcm",
                hu,
                patient=f"ID_p{series}",
                series=f"ID_s{series}",
                position_mm=5.0 * index,
                mm_per_px=1.9,
            )
    return root


def table(path):
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["ID", "Label"]
    return {name: float(value) for name, value in rows[1:]}


def test_every_image_has_six_rows_in_the_challenges_order(folder, tmp_path):
    out = tmp_path / "submission.csv"
    report = submit.write_submission(folder, out)
    assert (report.images, report.analysed, report.guesses, report.engine) == (6, 6, (), "brightness")
    names = [line.split(",")[0] for line in out.read_text().splitlines()[1:]]
    assert names[:6] == [f"ID_00_{kind}" for kind in ORDER]
    assert len(names) == 36
    values = table(out)
    assert values["ID_11_any"] > values["ID_10_any"]  # the middle slice of the bleeding patient
    assert not list(tmp_path.glob("*.part"))


def test_what_cannot_be_read_gets_the_prevalence_and_is_named(folder, tmp_path):
    (folder / "ID_bad.dcm").write_bytes(b"no DICOM")
    short = folder / "ID_10.dcm"
    short.write_bytes(short.read_bytes()[:9000])
    report = submit.write_submission(folder, tmp_path / "out.csv")
    assert sorted(guess.file.rpartition("/")[2] for guess in report.errors) == ["ID_10.dcm", "ID_bad.dcm"]
    assert all(guess.reason for guess in report.errors)
    values = table(tmp_path / "out.csv")
    assert len(values) == 7 * 6
    for kind in ORDER:
        assert (
            values[f"ID_bad_{kind}"]
            == values[f"ID_10_{kind}"]
            == pytest.approx(submit.PREVALENCE[kind], rel=1e-5)
        )


def test_what_shows_no_brain_gets_the_prevalence_without_being_an_error(folder, tmp_path):
    # Far above the head.
    write(folder / "air.dcm", make_slice(hu=air_hu(), series="air", study="air", pixel_spacing_mm=(1.8, 1.8)))
    report = submit.write_submission(folder, tmp_path / "out.csv")
    (guess,) = report.guesses
    assert not guess.is_error
    assert "brain" in guess.reason or "head" in guess.reason
    assert report.images == 7


def test_names_of_images_that_are_not_the_challenges_begin_alike(tmp_path):
    ds = make_slice(hu=head_hu(), pixel_spacing_mm=(1.8, 1.8))
    write(tmp_path / "in" / "a.dcm", ds)
    submit.write_submission(tmp_path / "in", tmp_path / "out.csv")
    assert f"ID_{ds.SOPInstanceUID}_any" in table(tmp_path / "out.csv")


def test_a_run_that_was_stopped_goes_on(folder, tmp_path, monkeypatch, engine):
    out = tmp_path / "out.csv"
    expected = tmp_path / "whole.csv"
    submit.write_submission(folder, expected)
    real, calls = submit._rows_of, []

    def stopped(members, opened):
        if calls:
            raise KeyboardInterrupt
        calls.append(members)
        return real(members, opened)

    monkeypatch.setattr(submit, "_rows_of", stopped)
    with pytest.raises(KeyboardInterrupt):
        submit.write_submission(folder, out)
    part = tmp_path / "out.csv.part"
    assert len(part.read_text().splitlines()) == 2
    with part.open("a") as file:
        file.write('{"series": "cut')
    later = []
    monkeypatch.setattr(
        submit, "_rows_of", lambda members, opened: later.append(members) or real(members, opened)
    )
    submit.write_submission(folder, out)
    assert len(later) == 1
    assert out.read_bytes() == expected.read_bytes()


def test_what_another_model_made_is_not_used(folder, tmp_path):
    part = tmp_path / "out.csv.part"
    part.write_text(json.dumps({"model": "another"}) + "\n" + json.dumps({"series": "x", "rows": []}) + "\n")
    assert submit.write_submission(folder, tmp_path / "out.csv").analysed == 6


def test_a_folder_without_files_is_told(tmp_path):
    with pytest.raises(LearningError, match="no DICOM files"):
        submit.write_submission(tmp_path, tmp_path / "out.csv")


def test_the_prevalence_is_one_for_every_label():
    assert set(submit.PREVALENCE) == {label.value for label in LABELS}
    assert submit.PREVALENCE["any"] < sum(submit.PREVALENCE.values()) - submit.PREVALENCE["any"]
    assert max(submit.PREVALENCE.values()) == submit.PREVALENCE["any"]


def test_the_command_names_failures_and_says_where_the_table_is(folder, tmp_path, capsys):
    from ichviewer.__main__ import main

    (folder / "ID_bad.dcm").write_bytes(b"no DICOM")
    assert main(["learn", "submit", str(folder), "-o", str(tmp_path / "s.csv")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "ID_bad.dcm" in err
    assert "7 images" in err
    assert "1 failed" in err
