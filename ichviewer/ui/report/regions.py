"""What a reader painted or grew, as a report lists and shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.mask_edges import mask_edges
from ichviewer.domain.painted_region import SliceMask
from ichviewer.domain.series import Series
from ichviewer.domain.window import Voi
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import counted, joined, position_words
from ichviewer.ui.report.content import Block, KeyImage, Paragraph, Section, Table, Tone
from ichviewer.ui.report.pictures import slice_pixels, window_words

NOTHING = "–"
_HOW = marked(
    "Volumes count the pixels of a region on each slice: the area of a pixel, times how much of the distance between "
    "slices belongs to that slice. Within brackets: with half of the voxels at the surface taken away, and with half "
    "of those around it added. Each picture shows the slice on which its region is largest."
)


@dataclass(frozen=True, eq=False)
class RegionPicture:
    """The slice on which a region is largest, with the very pixels that it was painted on.

    Parameters
    ----------
    index : int
        Of the slice in the series.
    decoded : DecodedSlice
    mask : SliceMask
    """

    index: int
    decoded: DecodedSlice
    mask: SliceMask

    def __post_init__(self) -> None:
        here = self.decoded.pixel_hash, self.decoded.image.shape
        if here != (self.mask.pixel_hash, (self.mask.rows, self.mask.columns)) or self.index < 0:
            raise ValueError(f"a region is drawn on the pixels that it was painted on. Received: {here}")


@dataclass(frozen=True, eq=False)
class ReportedRegion:
    """A region as it is printed.

    Parameters
    ----------
    number : int
        Its place among the regions of the series, from 1.
    name : str
        What the reader called it; free text, which may name the patient.
    n_slices : int
        How many slices it was painted on.
    measured : str
        Its volume, or why there is none.
    hu : str
        Mean, lowest and highest value with their unit; empty where there is none.
    remarks : tuple of str
        What has to be said of the volume.
    refused : str
        Why nothing is measured or shown: its pixels changed, or are not at hand. Empty for a region that is valid.
    picture : RegionPicture or None
    """

    number: int
    name: str
    n_slices: int
    measured: str
    hu: str = ""
    remarks: tuple[str, ...] = ()
    refused: str = ""
    picture: RegionPicture | None = None

    def __post_init__(self) -> None:
        if min(self.number, self.n_slices) < 1:
            raise ValueError(
                f"regions are counted from 1, and have slices. Received: {self.number}, {self.n_slices}"
            )
        if self.refused and (self.measured or self.hu or self.picture is not None):
            raise ValueError(f"a region that is not valid has no values. Received: {self.measured!r}")

    def words(self, *, patient_data: bool) -> str:
        """What it is called; without patient data, by its number."""
        own = one_line(self.name).strip()
        if not own:
            return tr("Region {number}").format(number=self.number)
        return own if patient_data else tr("Region {number} (words hidden)").format(number=self.number)


def regions_section(
    series: Series, regions: Sequence[ReportedRegion], voi: Voi, *, patient_data: bool
) -> Section:
    """A row and a picture for each, and how the volumes were measured.

    Parameters
    ----------
    series : Series
    regions : sequence of ReportedRegion
        At least one, in the order of their numbers.
    voi : Window or VoiLut
        What the pictures are drawn through.
    patient_data : bool
        Whether the names that the reader gave are told.
    """
    rows = tuple(_row(series, region, patient_data=patient_data) for region in regions)
    columns = (tr("Name"), tr("Slices"), tr("Volume"), tr("Mean (lowest to highest)"))
    blocks: list[Block] = [Table(columns, rows)]
    shown = [region for region in regions if region.picture is not None]
    blocks += [_image(series, region, voi, patient_data=patient_data) for region in shown]
    for region in regions:
        name = region.words(patient_data=patient_data)
        if region.refused:
            words = tr("{name} is not measured and not shown: {why}.").format(name=name, why=region.refused)
            blocks.append(Paragraph(words, Tone.WARNING))
        blocks += [Paragraph(f"{name}: {remark}.", Tone.WARNING) for remark in region.remarks]
    left = sum(not region.refused and region.picture is None for region in regions)
    if left:
        further = counted("further region", "further regions", left)
        blocks.append(Paragraph(tr("Without a picture: {further}.").format(further=further), Tone.MUTED))
    if shown:
        blocks.append(Paragraph(words_of(_HOW), Tone.MUTED))
    if any(r.picture is not None and r.picture.decoded.rgb is None for r in shown):
        blocks.append(Paragraph(f"{window_words(voi)}.", Tone.MUTED))
    return Section(tr("Painted regions"), tuple(blocks))


def _row(series: Series, region: ReportedRegion, *, patient_data: bool) -> tuple[str, ...]:
    slices = f"{region.n_slices:,}"
    if region.picture is not None:
        slices = tr("{slices}, largest on {index}").format(slices=slices, index=region.picture.index + 1)
    measured = tr("not measured") if region.refused else region.measured
    return region.words(patient_data=patient_data), slices, measured, region.hu or NOTHING


def _image(series: Series, region: ReportedRegion, voi: Voi, *, patient_data: bool) -> KeyImage:
    picture = region.picture
    if picture is None:
        raise ValueError("a region without a picture is not drawn. Received: none")
    index = picture.index
    where = tr("Slice {index} of {series}").format(index=index + 1, series=len(series))
    place = joined((where, position_words(series, index)))
    lines = (region.words(patient_data=patient_data), place, region.measured)
    return KeyImage(
        slice_pixels(picture.decoded, voi),
        series.slices[index].spacing,
        lines,
        mask_edges(picture.mask.mask()),
    )
