"""The files of figures, and the report."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from fake_runs import write_fake_runs

from ichviewer.errors import LearningError
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.evaluate import evaluate_runs, write_metrics
from ichviewer.learning.report import METRICS_FILE, read_json, read_metrics, write_report


class Reader(HTMLParser):
    """Everything in a page that could load something, and its tags."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.titles, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [v for k, v in attrs if k in {"src", "href", "srcset", "data", "action", "xlink:href"}]
        self.titles += [v for k, v in attrs if k == "aria-label"]
        if tag not in {"meta", "img", "polyline", "polygon", "line", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in {"polyline", "polygon", "line", "circle"}:
            return
        assert self.open.pop() == tag


def write_store(folder, patients):
    store = Store.create(folder, PreprocessSettings(size_px=32), {"source": "ct-ich"})
    for patient in patients:
        hu = np.random.default_rng(0).integers(-20, 100, (12, 32, 32)).astype(np.int16)
        positions, labels = np.arange(12, dtype=np.float32), np.zeros((12, 6), np.uint8)
        store.add(Volume(patient, patient, "ct-ich", hu, positions, labels, np.ones(12, bool)))
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    root = tmp_path_factory.mktemp("runs")
    store = write_store(root / "store", [f"p{i:03d}" for i in range(30)])
    folder = write_fake_runs(root / "first", synthetic=True, stores=(str(store),))
    write_metrics(evaluate_runs(folder, resamples=10), folder / METRICS_FILE)
    (root / "ablation").mkdir()
    line = {
        "name": "real",
        "what": "real <only>",
        "auc": {"any": [0.8, 0.7, 0.9]},
        "log_loss": [0.15, 0.1, 0.2],
    }
    (root / "ablation" / "real.json").write_text(json.dumps(line))
    return folder


@pytest.fixture(scope="module")
def page(runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    (missing,) = write_report([runs, runs], path)
    assert "-clean" in missing or "-bleed" in missing
    return path.read_text(encoding="utf-8")


def test_the_page_is_whole_and_loads_nothing(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert not {"script", "link", "iframe", "object"} & set(reader.tags)
    assert all(link.startswith(("#s", "data:image/png;base64,")) for link in reader.links)
    assert not re.search(r"https?://|url\(|@import", page)


def test_every_figure_is_there(page):
    reader = Reader()
    reader.feed(page)
    labels = ("any", "epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural")
    wanted = {f"ROC, {label}" for label in labels} | {f"Precision, {label}" for label in labels} | set(labels)
    wanted |= {"AUC and its 95 % interval", "Slices without blood flagged, balanced", "Training loss"}
    assert wanted <= set(reader.titles)
    assert sum(link.startswith("data:image/png") for link in reader.links) == 2


def test_every_part_is_there_with_the_figures(page, runs):
    for part in (
        "At a glance",
        "Runs compared",
        "Slices",
        "Calibration",
        "Studies",
        "Held-back synthetic sets",
        "By volume, brightness, place, thickness, age and type",
        "Where the blood is",
        "Across data sets",
        "External test",
        "What each part is worth",
        "Hardest cases",
        "Training",
    ):
        assert f">{part}</h2>" in page
    auc = read_json(runs / METRICS_FILE)["slice"]["any"]["auc"]
    assert f"<td>{auc:.3f} (" in page
    assert "real &lt;only&gt;" in page
    assert "none yet" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "&quot;folds&quot;: 5" in page


def test_pictures_that_are_gone_are_told_and_the_rest_is_written(tmp_path):
    folder = write_fake_runs(tmp_path / "first")
    write_metrics(evaluate_runs(folder, resamples=5), folder / METRICS_FILE)
    missing = write_report([folder], tmp_path / "out" / "report.html")
    (sentence,) = missing
    assert re.fullmatch(r"no pictures of 32 of the hardest cases, as of p\d+: no store has them", sentence)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "stores that the recipe names are gone" in page
    assert "What each part is worth" not in page


def test_runs_must_have_been_evaluated_and_not_gone_on_since(tmp_path):
    folder = write_fake_runs(tmp_path / "first")
    with pytest.raises(LearningError, match="learn evaluate"):
        read_metrics(folder)
    write_metrics(evaluate_runs(folder, resamples=5), folder / METRICS_FILE)
    assert read_metrics(folder)["folds"] == 5
    later = (folder / METRICS_FILE).stat().st_mtime + 5
    os.utime(folder / "fold_3" / "out_of_fold.npz", (later, later))
    with pytest.raises(LearningError, match=r"fold_3.out_of_fold\.npz is newer"):
        read_metrics(folder)


@pytest.mark.parametrize("text", ["[1]", "no json"])
def test_what_is_no_json_object_is_told(tmp_path, text):
    path = tmp_path / "metrics.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LearningError, match=r"metrics\.json"):
        read_json(path)
