"""The measurement groups of the structured report (DICOM PS3.16 TID 1501 with TID 300 and TID 4019)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ichviewer.disclaimer import RESULT_NOTICE
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS, Unit
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.results import codes
from ichviewer.results.codes import Concept
from ichviewer.results.equipment import MANUFACTURER, Algorithm, ascii_line
from ichviewer.results.uids import uid_of

if TYPE_CHECKING:
    from highdicom.sr import (
        AlgorithmIdentification,
        Measurement,
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        SourceImageForMeasurementGroup,
    )

    from ichviewer.results.source import Source

_MOST_TEXT = 1024


def series_group(source: Source) -> MeasurementsAndQualitativeEvaluations:
    """The group of the series as a whole: how many slices became what, and the series' probabilities if there are."""
    analysis = source.analysis
    findings, total = analysis.findings, len(analysis.series)
    counts = (
        (codes.SLICES, total),
        (codes.SLICES_ANALYZED, findings.analysed),
        (codes.SLICES_NOT_ANALYZED, total - findings.analysed),
        (codes.SLICES_FLAGGED, len(findings.flagged_slices(analysis.point))),
    )
    measurements = [_number(name, count, Unit.COUNT) for name, count in counts]
    whole = findings.whole(analysis.card.series_rule)
    if whole is not None:
        measurements += [
            _number(codes.series_probability(label), _probability(label, p), Unit.PROBABILITY)
            for label, p in zip(LABELS, whole, strict=True)
        ]
    return _group(
        source,
        "Series",
        algorithm=_algorithm(Algorithm.of(analysis)),
        measurements=measurements,
        evaluations=[
            _evaluation(codes.STATE, codes.state(findings.state())),
            _evaluation(codes.OPERATING_POINT, codes.operating_point(analysis.point.name)),
            *(
                _evaluation(codes.OUTSIDE_MODEL, codes.reason(p.code, p.text))
                for p in analysis.outside_model()
            ),
        ],
        texts=[(codes.COMMENT, RESULT_NOTICE)],
    )


def slice_groups(source: Source) -> Iterator[MeasurementsAndQualitativeEvaluations]:
    """A group for every flagged slice and type: the probability with its threshold, and the image it is of."""
    analysis = source.analysis
    algorithm = _brief_algorithm(source)
    for index, finding in enumerate(analysis.findings.slices):
        for label in finding.flagged(analysis.point):
            probability = finding.probability(label)
            assert probability is not None
            yield _group(
                source,
                f"Slice {index + 1}, {label.value}",
                finding=codes.FINDINGS[label],
                site=codes.SITES.get(label),
                algorithm=algorithm,
                measurements=[
                    _number(codes.PROBABILITY, _probability(label, probability), Unit.PROBABILITY),
                    _number(codes.THRESHOLD, analysis.point.threshold(label), Unit.PROBABILITY),
                ],
                evaluations=[_evaluation(codes.OPERATING_POINT, codes.operating_point(analysis.point.name))],
                images=_images(source, [index]),
                texts=[(codes.PIXEL_HASH, finding.pixel_hash)] if finding.pixel_hash else [],
            )


def not_analyzed_groups(source: Source) -> Iterator[MeasurementsAndQualitativeEvaluations]:
    """A group for every reason why slices were not analyzed or failed, with these slices."""
    slices: dict[tuple[str, ProblemCode], list[int]] = {}
    first: dict[tuple[str, ProblemCode], Problem] = {}
    for index, finding in enumerate(source.analysis.findings.slices):
        if finding.reason is not None:
            key = (finding.status.value, finding.reason.code)
            slices.setdefault(key, []).append(index)
            first.setdefault(key, finding.reason)
    for key, indices in slices.items():
        problem = first[key]
        yield _group(
            source,
            f"Not analyzed: {key[0]}, {problem.code.value}",
            algorithm=_brief_algorithm(source),
            measurements=[_number(codes.SLICES_NOT_ANALYZED, len(indices), Unit.COUNT)],
            evaluations=[_evaluation(codes.NOT_ANALYZED_BECAUSE, codes.reason(problem.code, problem.text))],
            images=_images(source, indices),
        )


def further_groups(source: Source) -> Iterator[MeasurementsAndQualitativeEvaluations]:
    """A group for every further model: its values of the series, and that there is none where there is none."""
    for result in source.analysis.findings.further:
        values = result.series_values()
        yield _group(
            source,
            f"Further model {result.spec.id}",
            algorithm=_algorithm(_further_algorithm(result)),
            measurements=[
                _number(codes.own(output.column.upper(), output.words), float(value), output.unit)
                for output, value in values
                if not isinstance(value, NotMeasured)
            ],
            evaluations=[_evaluation(codes.MODEL, codes.own(result.spec.id.upper(), result.spec.name))],
            texts=[
                (codes.NOT_MEASURED, f"{output.words}: {value.why}")
                for output, value in values
                if isinstance(value, NotMeasured)
            ],
        )


def _probability(label: Hemorrhage, value: float) -> float:
    return float(HEMORRHAGE_OUTPUTS[LABELS.index(label)].number(value))


def _further_algorithm(result: ModelResult) -> Algorithm:
    # A model names itself in one line, its version included.
    return Algorithm(ascii_line(result.spec.name), "as named", MANUFACTURER, (("id", result.spec.id),))


def _brief_algorithm(source: Source) -> AlgorithmIdentification:
    """Name, version and hash; the whole of it stands in the group of the series."""
    whole = Algorithm.of(source.analysis)
    return _algorithm(Algorithm(whole.name, whole.version, whole.manufacturer, whole.parameters[:1]))


def _algorithm(algorithm: Algorithm) -> AlgorithmIdentification:
    from highdicom.sr import AlgorithmIdentification  # noqa: PLC0415
    from pydicom.sr.codedict import codes as dictionary  # noqa: PLC0415

    return AlgorithmIdentification(
        name=algorithm.name,
        version=algorithm.version,
        manufacturer=algorithm.manufacturer,
        parameters=algorithm.parameter_texts(),
        family=dictionary.cid7162.ArtificialIntelligence,
    )


def _images(source: Source, indices: Iterable[int]) -> list[SourceImageForMeasurementGroup]:
    """References to the images of slices, those of one multi-frame file in one."""
    from highdicom.sr import SourceImageForMeasurementGroup  # noqa: PLC0415

    frames: dict[str, list[int]] = {}
    classes: dict[str, str] = {}
    for index in indices:
        info = source.series.slices[index]
        of_file = frames.setdefault(info.sop_uid, [])
        classes[info.sop_uid] = info.sop_class_uid
        number = source.frame_number(index)
        if number is not None:
            of_file.append(number)
    return [
        SourceImageForMeasurementGroup(classes[uid], uid, referenced_frame_numbers=sorted(numbers) or None)
        for uid, numbers in frames.items()
    ]


def _number(name: Concept, value: float, unit: Unit) -> Measurement:
    from highdicom.sr import Measurement  # noqa: PLC0415

    return Measurement(name=name.coded(), value=value, unit=codes.UNITS[unit].coded())


def _evaluation(name: Concept, value: Concept) -> QualitativeEvaluation:
    from highdicom.sr import QualitativeEvaluation  # noqa: PLC0415

    return QualitativeEvaluation(name=name.coded(), value=value.coded())


def _group(
    source: Source,
    identifier: str,
    *,
    algorithm: AlgorithmIdentification,
    measurements: Sequence[Measurement],
    evaluations: Sequence[QualitativeEvaluation],
    finding: Concept | None = None,
    site: Concept | None = None,
    images: Sequence[SourceImageForMeasurementGroup] = (),
    texts: Sequence[tuple[Concept, str]] = (),
) -> MeasurementsAndQualitativeEvaluations:
    from highdicom.sr import (  # noqa: PLC0415
        FindingSite,
        MeasurementsAndQualitativeEvaluations,
        RelationshipTypeValues,
        TextContentItem,
        TrackingIdentifier,
    )

    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=uid_of("group", source.digest, identifier), identifier=ascii_line(identifier)
        ),
        finding_type=None if finding is None else finding.coded(),
        algorithm_id=algorithm,
        finding_sites=None if site is None else [FindingSite(site.coded())],
        measurements=measurements,
        qualitative_evaluations=evaluations,
        source_images=list(images) or None,
    )
    for name, text in texts:
        group[0].ContentSequence.append(
            TextContentItem(
                name=name.coded(),
                value=ascii_line(text, _MOST_TEXT),
                relationship_type=RelationshipTypeValues.CONTAINS,
            )
        )
    return group
