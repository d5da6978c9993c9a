"""The report is in the language of the window on paper, and in English where it goes into a DICOM object."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from report_builders import NOW, whole_source

from ichviewer.ui.look.language import english, set_lookup
from ichviewer.ui.report.assembling import report_content
from ichviewer.ui.report.content import Paragraph, Table
from ichviewer.ui.report.layout import pages
from ichviewer.ui.report.regions import ReportedRegion, regions_section


@pytest.fixture(autouse=True)
def marks() -> Iterator[None]:
    before = set_lookup(lambda words, _apart, _number: f"⟦{words}⟧")
    yield
    set_lookup(before)


def said(*, patient_data: bool) -> str:
    """All words of the report, those of its pages too."""
    content = report_content(whole_source(), patient_data=patient_data, now=NOW)
    return "\n".join([content.text(), *(text for page in pages(content) for text in page.texts)])


@pytest.mark.parametrize("patient_data", [True, False])
def test_every_heading_and_sentence_is_looked_up(patient_data: bool) -> None:
    content = report_content(whole_source(), patient_data=patient_data, now=NOW)
    assert content.title == "⟦Head CT: suspected intracranial hemorrhage⟧"
    assert content.notice == "⟦Research and education only. Not a medical device.⟧"
    assert [section.heading for section in content.sections if not section.heading.startswith("⟦")] == []
    assert "⟦The probabilities are those of a model and no diagnosis." in content.text()


@pytest.mark.parametrize("patient_data", [True, False])
def test_within_english_nothing_is(patient_data: bool) -> None:
    with english():
        inside = said(patient_data=patient_data)
    assert "⟦" not in inside
    assert "⟦" in said(patient_data=patient_data)
    before = set_lookup(None)
    assert said(patient_data=patient_data) == inside
    set_lookup(before)


def test_what_is_said_of_painted_regions_is_looked_up() -> None:
    source = whole_source()
    regions = (ReportedRegion(1, "left", 3, "12 mL"), ReportedRegion(2, "", 3, "", refused="why"))
    section = regions_section(source.series, regions, source.voi, patient_data=False)
    table, *words = section.blocks
    assert isinstance(table, Table)
    assert section.heading == "⟦Painted regions⟧"
    assert table.columns == ("⟦Name⟧", "⟦Slices⟧", "⟦Volume⟧", "⟦Mean (lowest to highest)⟧")
    assert table.rows == (
        ("⟦Region 1 (words hidden)⟧", "3", "12 mL", "–"),
        ("⟦Region 2⟧", "3", "⟦not measured⟧", "–"),
    )
    assert [word.text for word in words if isinstance(word, Paragraph)] == [
        "⟦⟦Region 2⟧ is not measured and not shown: why.⟧",
        "⟦Without a picture: 1 ⟦further region⟧.⟧",
    ]
