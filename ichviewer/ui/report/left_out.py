"""What a report says of slices without an answer, and of what was repaired or doubted."""

from __future__ import annotations

from ichviewer.disclaimer import NOT_NEGATIVE
from ichviewer.domain.findings import NOT_REACHED, Status
from ichviewer.domain.input_scope import OUTSIDE_MODEL, banner_line
from ichviewer.domain.problems import Problem, Severity
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import counted, reason_text, sentence
from ichviewer.ui.report.content import Block, Paragraph, Section, Table, Tone
from ichviewer.ui.report.source import ReportSource, named_slices, slices_words


def not_analyzed_section(source: ReportSource) -> Section:
    """How many slices have no answer, and why each of them has none."""
    slices = source.judged().slices
    missing: dict[str, list[int]] = {}
    for index, finding in enumerate(slices):
        if finding.status is not Status.ANALYSED:
            missing.setdefault(reason_text(finding), []).append(index)
    if not missing:
        return Section(tr("Not analyzed"), (Paragraph(tr("No slice was left out.")),))
    counts = {
        status: sum(finding.status is status for finding in slices)
        for status in (Status.NOT_ANALYSED, Status.FAILED)
    }
    words = tr("{number:,} of {slices} not analyzed").format(
        number=counts[Status.NOT_ANALYSED], slices=counted("slice", "slices", len(slices))
    )
    if counts[Status.FAILED]:
        words += tr(", {number:,} failed").format(number=counts[Status.FAILED])
    rows = tuple((reason, f"{len(found):,}", slices_words(tuple(found))) for reason, found in missing.items())
    return Section(
        tr("Not analyzed"),
        (
            Paragraph(f"{words}. {words_of(NOT_NEGATIVE)}", Tone.WARNING),
            Table((tr("Reason"), tr("Slices"), tr("Which")), rows),
        ),
    )


def input_section(source: ReportSource, *, patient_data: bool) -> Section:
    """What was repaired or doubted, and what places the series outside what the model knows.

    Parameters
    ----------
    source : ReportSource
    patient_data : bool
        Whether values of the file are told: those of malformed ones may be the patient's.
    """
    outside = [Paragraph(_outside_words(p, patient_data), Tone.WARNING) for p in source.outside()]
    problems = source.problems()
    doubted = [
        p
        for p in problems
        # Reasons of the analysis have a section of their own.
        if p.severity is not Severity.INFO and p.code not in OUTSIDE_MODEL | NOT_REACHED
    ]
    blocks: list[Block] = [*outside]
    told: dict[str, set[int]] = {}
    for problem in doubted:
        told.setdefault(_problem_words(problem, patient_data), set()).update(problems[problem])
    for words, found in told.items():
        where = f" ({named_slices(tuple(sorted(found)))})" if found else ""
        blocks.append(Paragraph(f"{words}{where}"))
    if not blocks:
        blocks.append(Paragraph(tr("Nothing was repaired, doubted, or found outside what the model knows.")))
    return Section(tr("Repaired, doubted, outside what the model knows"), tuple(blocks))


def _outside_words(problem: Problem, patient_data: bool) -> str:
    # What was found may be a text of the file, such as the name of a contrast agent.
    return one_line(banner_line(problem, words_of)) if patient_data else sentence(words_of(problem.text))


def _problem_words(problem: Problem, patient_data: bool) -> str:
    text = sentence(words_of(problem.text))
    return one_line(f"{text}: {words_of(problem.found)}") if patient_data and problem.found else text
