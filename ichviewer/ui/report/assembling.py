"""From a series and its findings to the words of its report: pure functions without Qt."""

from __future__ import annotations

from datetime import datetime

from ichviewer import __version__
from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import (
    counted,
    joined,
    patient_details,
    patient_name,
    position_words,
    sentence,
)
from ichviewer.ui.report.answers import answer_section, flagged_words
from ichviewer.ui.report.content import (
    Block,
    Fact,
    KeyImage,
    Paragraph,
    ReportContent,
    Section,
    Tone,
)
from ichviewer.ui.report.left_out import input_section, not_analyzed_section
from ichviewer.ui.report.measurements import measurements_section
from ichviewer.ui.report.pictures import slice_pixels, window_words
from ichviewer.ui.report.regions import regions_section
from ichviewer.ui.report.source import ModelFacts, ReportSource, named_slices

TITLE = marked("Head CT: suspected intracranial hemorrhage")
NO_PATIENT = marked("Without patient data")

_LIMITS = (
    marked(
        "The probabilities are those of a model and no diagnosis. It misses bleeds, and it flags what is none: read "
        "the images themselves."
    ),
    marked(
        "It was made for axial head CT of adults without contrast medium. It cannot tell old blood from new, and a "
        "slice without a flag may hold blood."
    ),
    marked("Key images show a few slices through one window, not the whole series."),
)


def report_content(source: ReportSource, *, patient_data: bool, now: datetime) -> ReportContent:
    """Everything that a report of a series says.

    Without patient data it holds neither names, numbers, dates nor any free text of the files (descriptions, kernel,
    malformed values), only what was counted or measured, and the pictures, in which a scanner may have drawn words.

    Parameters
    ----------
    source : ReportSource
    patient_data : bool
        Whether the patient and the examination are told.
    now : datetime
        When it is made, in local time.
    """
    series = source.series
    sections = [
        *([_patient_section(series)] if patient_data else []),
        _series_section(series, patient_data=patient_data),
        answer_section(source),
        *([_images_section(source)] if source.pixels or source.unread else []),
        not_analyzed_section(source),
        input_section(source, patient_data=patient_data),
        *(
            [measurements_section(series, source.measurements, patient_data=patient_data)]
            if source.measurements
            else []
        ),
        *(
            [regions_section(series, source.regions, source.voi, patient_data=patient_data)]
            if source.regions
            else []
        ),
        _model_section(source.model),
        Section(tr("Limits"), tuple(Paragraph(words_of(text), Tone.MUTED) for text in _LIMITS)),
    ]
    head = joined((patient_name(series.patient), patient_details(series.patient), series.study.date))
    return ReportContent(
        title=words_of(TITLE),
        head=head if patient_data else words_of(NO_PATIENT),
        sections=tuple(sections),
        notice=words_of(DISCLAIMER),
        foot=f"ichviewer {__version__} · {now:%Y-%m-%d %H:%M}",
        patient_data=patient_data,
    )


def _facts(*pairs: tuple[str, str]) -> tuple[Fact, ...]:
    """What is known, each on one line."""
    return tuple(Fact(label, one_line(value)) for label, value in pairs if value)


def _patient_section(series: Series) -> Section:
    patient, study = series.patient, series.study
    age = "" if patient.age_years is None else tr("{age_years:.3g} years").format(age_years=patient.age_years)
    return Section(
        tr("Patient and study"),
        _facts(
            (tr("Patient"), patient_name(patient)),
            (tr("Study"), study.description),
            ("ID", patient.id),
            (tr("Date"), " ".join(part for part in (study.date, study.time) if part)),
            (tr("Born"), patient.birth_date),
            (tr("Accession"), study.accession),
            (tr("Sex"), patient.sex),
            (tr("Age then"), age),
        ),
    )


def _series_section(series: Series, *, patient_data: bool) -> Section:
    number = "" if series.number is None else f"{series.number}"
    known = sorted({info.thickness_mm for info in series.slices if info.thickness_mm})
    thickness = tr(" to ").join(f"{mm:g}" for mm in dict.fromkeys((known[0], known[-1]))) if known else ""
    ends = (position_words(series, 0), position_words(series, len(series) - 1))
    texts = (
        (
            (tr("Series"), joined((number, series.description))),
            (tr("Kernel"), series.kernel),
            (tr("Contrast medium"), series.contrast_agent),
        )
        if patient_data
        else ()
    )
    return Section(
        tr("Series"),
        _facts(
            *texts,
            (
                tr("Modality"),
                series.modality if series.modality in ("CT", "MR") or patient_data else tr("other"),
            ),
            (
                tr("Slices"),
                tr("{series:,} of {columns} x {rows} px").format(
                    series=len(series), columns=series.slices[0].columns, rows=series.slices[0].rows
                ),
            ),
            (tr("Thickness"), f"{thickness} mm" if thickness else ""),
            (
                tr("Position"),
                tr("{ends} to {ends_2}").format(ends=ends[0], ends_2=ends[1]) if all(ends) else "",
            ),
            (tr("Sorted by"), words_of(series.sort_basis)),
        ),
    )


def _images_section(source: ReportSource) -> Section:
    findings, point = source.judged(), None if source.model is None else source.model.point
    images: list[Block] = []
    for index in sorted(source.pixels):
        decoded = source.pixels[index]
        place = joined(
            (
                tr("Slice {index} of {series}").format(index=index + 1, series=len(source.series)),
                position_words(source.series, index),
            )
        )
        lines: tuple[str, ...] = (place, flagged_words(findings.slices[index], point))
        if (index, decoded.pixel_hash) in source.marked:
            lines = (*lines, tr("Marked as a key image"))
        images.append(KeyImage(slice_pixels(decoded, source.voi), source.series.slices[index].spacing, lines))
    if source.unread:
        which = named_slices(tuple(sorted(source.unread)))
        images.append(
            Paragraph(
                tr("Not shown, because they could not be read: {which}.").format(which=which), Tone.WARNING
            )
        )
    if any(decoded.rgb is None for decoded in source.pixels.values()):
        images.append(Paragraph(f"{window_words(source.voi)}.", Tone.MUTED))
    return Section(tr("Key images"), tuple(images))


def _model_section(model: ModelFacts | None) -> Section:
    if model is None:
        return Section(
            tr("Model"), (Paragraph(tr("There was no model, so nothing was analyzed."), Tone.WARNING),)
        )
    rule = tr("highest slice") if model.series_rule is None else tr("pooled over the analyzed slices")
    return Section(
        tr("Model"),
        _facts(
            (tr("Model"), f"{model.name} {model.version}"),
            (tr("Thresholds"), words_of(sentence(model.point.name.replace("_", " ")))),
            (tr("Engine"), model.engine),
            (tr("Series rule"), rule),
            ("SHA-256", f"{model.sha256[:16]}…"),
            (
                tr("Trained on"),
                counted("data set", "data sets", len(model.trained_on)) if model.trained_on else "",
            ),
        ),
    )
