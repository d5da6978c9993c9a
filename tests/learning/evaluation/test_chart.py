"""Charts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.learning.evaluation.chart import Axes, Line, interval_chart, line_chart, standalone, ticks


def test_points_lie_where_the_axes_say():
    axes = Axes("t", "x", "y", x_range=(0, 10), y_range=(0, 1), width_px=256, height_px=262)
    # 46 px left, 10 px right, 24 px above and 38 px below leave 200 by 200 px.
    assert axes.at(0, 0) == (46, 224)
    assert axes.at(10, 1) == (246, 24)
    assert axes.at(5, 0.25) == (146, 174)
    assert axes.at(99, -3) == (246, 224)


def test_a_chart_is_one_svg_with_its_line_its_band_and_its_words():
    line = Line([0, 1], [0.2, 0.8], "first & last", low=[0.1, 0.7], high=[0.3, 0.9], dots=True, color=2)
    root = ElementTree.fromstring(line_chart(Axes("<title>", "x", "y", diagonal=True), [line]))
    assert root.tag == "svg"
    assert {e.get("class") for e in root} >= {"guide", "band c2", "line c2", "dot c2", "legend c2", "title"}
    texts = [e.text for e in root if e.tag == "text"]
    assert "first & last" in texts
    assert "<title>" in texts
    band = next(e for e in root if e.get("class") == "band c2")
    assert len(band.get("points").split()) == 4


def test_intervals_are_drawn_from_low_to_high():
    svg = interval_chart("AUC", [("any", 0.75, 0.5, 1.0)], x_range=(0.5, 1.0), x_label="AUC")
    whisker = next(e for e in ElementTree.fromstring(svg) if e.get("class") == "line c0")
    dot = next(e for e in ElementTree.fromstring(svg) if e.get("class") == "dot c0")
    left, right = float(whisker.get("x1")), float(whisker.get("x2"))
    assert float(dot.get("cx")) == pytest.approx((left + right) / 2)


@given(low=st.floats(-100, 100), extent=st.floats(0.01, 1000))
def test_ticks_are_few_round_and_within(low, extent):
    found = ticks(low, low + extent)
    assert 1 <= len(found) <= 8
    assert all(low - extent * 1e-6 <= t <= low + extent * (1 + 1e-6) for t in found)
    assert all(re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", f"{t:.6g}") for t in found)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="as many x as y"):
        Line([0, 1], [0])
    with pytest.raises(ValueError, match="two sides"):
        Line([0], [0], low=[0])
    with pytest.raises(ValueError, match="colors"):
        Line([0], [0], color=6)
    with pytest.raises(ValueError, match="extent"):
        Axes("t", "x", "y", x_range=(1, 1))


def test_a_chart_can_stand_alone():
    svg = standalone(interval_chart("AUC", [("any", 0.75, 0.5, 1.0)], x_range=(0.5, 1.0), x_label="AUC"))
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    style = next(e for e in root if e.tag.endswith("style")).text
    # Every kind of mark that the chart uses has its look in it.
    for kind in {e.get("class").split()[0] for e in root if e.get("class")}:
        assert f".{kind}" in style
