"""A report on pages: nothing is cut, nothing overlaps, the PDF holds what was laid out."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
from golden import CompareGolden, pixels
from hypothesis import given, settings
from hypothesis import strategies as st
from image_builders import make_series
from PySide6.QtGui import QPageSize
from report_builders import NOW, plain_slice, whole_source

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.series import PatientInfo
from ichviewer.errors import ExportError
from ichviewer.services.outputs import Inputs
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.report.assembling import report_content
from ichviewer.ui.report.content import Fact, Paragraph, ReportContent, Section, Table
from ichviewer.ui.report.layout import A4_PT, Page, PlacedPicture, PlacedText, pages
from ichviewer.ui.report.measurements import Measurement
from ichviewer.ui.report.painting import page_image
from ichviewer.ui.report.pdf import pdf_bytes, write_pdf
from ichviewer.ui.report.source import ReportSource
from ichviewer.ui.report.typeset import Style, broken, column_widths, width_pt

pytestmark = pytest.mark.usefixtures("qapp")


def whole(**changes: object) -> ReportContent:
    return report_content(whole_source(**changes), patient_data=True, now=NOW)


def simple(*blocks: Paragraph | Table | Fact) -> ReportContent:
    return ReportContent("Title", "Who", (Section("Heading", blocks),), "Notice", "Foot", True)


def letters(text: str) -> str:
    return "".join(text.split())


def told(found: tuple[Page, ...]) -> str:
    return letters("".join(text for page in found for text in page.texts))


def test_a_report_of_a_usual_series_takes_one_page() -> None:
    assert len(pages(whole(measurements=(Measurement("A", 1, ("1.0 mm",)),)))) == 1


def test_a_report_is_the_same_whatever_the_size_of_the_words_on_screen() -> None:
    def laid_out() -> list[tuple[str, float, float, int]]:
        return [
            (item.text, item.x_pt, item.y_pt, item.style.font.pixelSize())
            for page in pages(whole())
            for item in page.items
            if isinstance(item, PlacedText)
        ]

    usual = laid_out()
    assert {size for *_, size in usual} == {7, 8, 9, 15}
    try:
        text_size().set_percent(160)
        assert laid_out() == usual
    finally:
        text_size().set_percent(100)


def test_every_word_of_the_report_is_on_its_pages() -> None:
    content = whole(
        measurements=tuple(Measurement(f"Distance {i}", i % 10, (f"{i} mm",)) for i in range(120))
    )
    found = pages(content)
    assert len(found) >= 2
    on_pages = told(found)
    for section in content.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert letters(block.text) in on_pages
            elif isinstance(block, Table):
                assert all(letters(word) in on_pages for row in block.rows for word in row)
            elif isinstance(block, Fact):
                assert letters(block.label) in on_pages


def test_head_notice_foot_and_number_are_on_every_page() -> None:
    content = whole(
        measurements=tuple(Measurement(f"Distance {i}", i % 10, (f"{i} mm",)) for i in range(120))
    )
    found = pages(content)
    for number, page in enumerate(found):
        assert page.texts.count(content.head) == 1
        assert DISCLAIMER in page.texts
        assert f"Page {number + 1} of {len(found)}" in page.texts
        assert content.foot in page.texts


def test_everything_lies_within_the_paper_and_no_line_on_another() -> None:
    content = whole(
        measurements=tuple(Measurement("word " * 40 + str(i), i % 10, (f"{i} mm",)) for i in range(60))
    )
    for page in pages(content):
        boxes = []
        for item in page.items:
            if isinstance(item, PlacedText):
                top = item.y_pt - item.style.ascent_pt
                boxes.append((item.x_pt, top, width_pt(item.text, item.style), item.style.line_pt * 0.9))
            elif isinstance(item, PlacedPicture):
                boxes.append((item.x_pt, item.y_pt, item.width_pt, item.height_pt))
        for x, y, w, h in boxes:
            assert x >= 36
            assert x + w <= page.width_pt - 36 + 1
            assert 36 <= y <= y + h <= page.height_pt - 36 + 1
        for i, (x, y, w, h) in enumerate(boxes):
            for x2, y2, w2, h2 in boxes[:i]:
                apart = x + w <= x2 + 0.01 or x2 + w2 <= x + 0.01 or y + h <= y2 + 0.01 or y2 + h2 <= y + 0.01
                assert apart, (x, y, w, h, x2, y2, w2, h2)


@settings(max_examples=25)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), min_size=1), max_size=30
    )
)
def test_lines_break_without_losing_a_letter(words: list[str]) -> None:
    text = " ".join(words)
    lines = broken(text, Style.BODY, 120.0)
    assert letters("".join(lines)) == letters(text)
    assert all(width_pt(line, Style.BODY) <= 121.0 for line in lines if len(line) > 2)


@pytest.mark.parametrize("paper", [A4_PT, (612.0, 792.0), (300.0, 400.0)])
def test_a_word_longer_than_many_pages_goes_on_and_is_not_cut(paper: tuple[float, float]) -> None:
    for content in (
        simple(Paragraph("x" * 30_000)),
        simple(Table(("a", "b"), (("y" * 20_000, "short"),))),
        simple(Fact("Patient", "z" * 20_000)),
    ):
        found = pages(content, paper)
        assert len(found) > 1
        assert max(told(found).count(letter) for letter in "xyz") >= 20_000
        for page in found:
            lowest = max(item.y_pt for item in page.items if isinstance(item, PlacedText))
            assert lowest <= page.height_pt - 36


def test_a_heading_does_not_stay_alone_at_the_end_of_a_page() -> None:
    blocks = tuple(Paragraph(f"line {i}") for i in range(3))
    sections = tuple(Section(f"Heading {n}", blocks) for n in range(60))
    found = pages(ReportContent("Title", "Who", sections, "Notice", "Foot", True))
    assert len(found) > 1
    for page in found:
        body = [text for text in page.texts if text.startswith(("Heading", "line"))]
        assert not body[-1].startswith("Heading")


def test_paper_too_small_to_print_on_is_refused() -> None:
    with pytest.raises(ValueError, match="Received"):
        pages(whole(), (100.0, 842.0))


def test_columns_share_what_there_is() -> None:
    assert column_widths((10.0, 20.0), 100.0, 5.0) == (10.0, 20.0)
    # 95 are left: the narrow one takes its 10, the two wide ones share 75 of the 85 that gaps leave.
    assert column_widths((200.0, 10.0, 200.0), 95.0, 5.0) == (37.5, 10.0, 37.5)
    assert sum(column_widths((200.0, 300.0, 10.0), 95.0, 5.0)) + 10.0 == 95.0


def test_the_page_looks_as_it_did(golden: CompareGolden) -> None:
    shift = Measurement("Midline shift", 4, ("6.2 mm to the patient's left",))
    golden(page_image(pages(whole(measurements=(shift,)))[0], 72), "report-page")


def test_key_images_are_drawn_grey_for_grey_in_their_true_shape() -> None:
    source = ReportSource(make_series(1), None, None, {0: plain_slice()})
    (page,) = pages(report_content(source, patient_data=False, now=NOW))
    (picture,) = (item for item in page.items if isinstance(item, PlacedPicture))
    assert picture.width_pt == pytest.approx(picture.height_pt)
    drawn = pixels(page_image(page, 72))
    x, y = round(picture.x_pt + picture.width_pt / 2), round(picture.y_pt + picture.height_pt / 2)
    # 40 HU through 40/80 is 129; see the window's own tests.
    assert drawn[y - 5 : y + 5, x - 5 : x + 5].reshape(-1, 3).tolist() == [[129] * 3] * 100


def test_the_pdf_has_the_pages_of_the_layout_on_its_paper() -> None:
    content = whole(
        measurements=tuple(Measurement(f"Distance {i}", i % 10, (f"{i} mm",)) for i in range(120))
    )
    for paper, size in ((QPageSize.PageSizeId.A4, (595, 842)), (QPageSize.PageSizeId.Letter, (612, 792))):
        data = pdf_bytes(content, paper)
        assert data.startswith(b"%PDF-")
        assert data.rstrip().endswith(b"%%EOF")
        assert len(re.findall(rb"/Type\s*/Page\b", data)) == len(pages(content, size))
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", data)
        assert {(round(float(w)), round(float(h))) for w, h in boxes} == {size}


def test_the_pdf_holds_key_images_without_loss_and_no_patient_in_its_metadata() -> None:
    data = pdf_bytes(whole())
    assert b"/DCTDecode" not in data
    info = data.replace(b"\0", b"")
    assert b"DOE" not in info
    assert b"ichviewer" in info


def test_two_pdfs_of_the_same_report_show_the_same_letters() -> None:
    named, other = whole(), whole_source()
    series = dataclasses.replace(other.series, patient=PatientInfo("1", "Somebody Else"))
    changed = report_content(dataclasses.replace(other, series=series), patient_data=True, now=NOW)
    first, second = (page_image(pages(c)[0], 72) for c in (named, changed))
    assert not np.array_equal(pixels(first), pixels(second))
    assert np.array_equal(pixels(first), pixels(page_image(pages(whole())[0], 72)))


def test_a_pdf_is_written_whole_and_onto_nothing_that_was_read(tmp_path: Path) -> None:
    data = pdf_bytes(simple(Paragraph("x")))
    write_pdf(data, tmp_path / "a.pdf", Inputs())
    assert (tmp_path / "a.pdf").read_bytes() == data
    with pytest.raises(ExportError, match="choose another name"):
        write_pdf(data, tmp_path / "a.pdf", Inputs(opened=(tmp_path,)))
