"""One page of HTML that holds everything: its style, its charts, its pictures. It loads nothing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from ichviewer.learning.evaluation.table import Table

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2125; --quiet: #5c6670; --paper: #ffffff; --rule: #d7dbe0;
  --tint: #f4f5f7; --c0: #1f5fa8; --c1: #b5561b; --c2: #2c7a51; --c3: #7a4b99; --c4: #a23b4a; --c5: #66707a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6e9; --quiet: #a0a8b1; --paper: #16191c; --rule: #3a4047; --tint: #1f2327;
    --c0: #76aef0; --c1: #e8995e; --c2: #75c49b; --c3: #c39ae0; --c4: #ea8a97; --c5: #a9b2bb; } }
body { font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: var(--ink); background: var(--paper);
  max-width: 72rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; font-weight: 600; margin: 0 0 .2rem; }
h2 { font-size: 1.2rem; font-weight: 600; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; font-weight: 600; margin: 1.4rem 0 .3rem; }
p { max-width: 60rem; } .quiet, figcaption, .note { color: var(--quiet); font-size: .9rem; }
nav { columns: 3 14rem; font-size: .9rem; } nav a { display: block; color: var(--c0); text-decoration: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .22rem .8rem .22rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; }
th { font-weight: 600; } tr:hover td { background: var(--tint); }
.charts { display: flex; flex-wrap: wrap; gap: .8rem; }
figure { margin: .6rem 0; } figure img { max-width: 100%; height: auto; border: 1px solid var(--rule); }
pre { background: var(--tint); padding: .8rem; overflow-x: auto; font-size: .8rem; }
.warn { border-left: 3px solid var(--c4); padding-left: .8rem; }
svg.chart { max-width: 100%; height: auto; font: 11px system-ui, "Segoe UI", "Noto Sans", sans-serif; }
svg .title { font-weight: 600; fill: var(--ink); } svg text { fill: var(--quiet); }
svg .tick, svg .axis { text-anchor: middle; } svg .name, svg .legend { text-anchor: end; }
svg .grid { stroke: var(--rule); stroke-width: .6; }
svg .guide { stroke: var(--quiet); stroke-dasharray: 3 3; fill: none; }
svg .line { fill: none; stroke: var(--c); stroke-width: 1.7; } svg .band { opacity: .18; stroke: none; }
svg .band, svg .dot, svg .legend { fill: var(--c); }
svg .c0 { --c: var(--c0); } svg .c1 { --c: var(--c1); } svg .c2 { --c: var(--c2); }
svg .c3 { --c: var(--c3); } svg .c4 { --c: var(--c4); } svg .c5 { --c: var(--c5); }
@media print { body { max-width: none; margin: 0; font-size: 10pt; } nav { display: none; } h2 { break-after: avoid; }
  table, figure, svg { break-inside: avoid; } .scroll { overflow: visible; } pre { white-space: pre-wrap; } }
"""


class Page:
    """A page that is written from top to bottom.

    Parameters
    ----------
    title : str
    subtitle : str
        A quiet line under it.
    """

    def __init__(self, title: str, subtitle: str = "") -> None:
        self._title = title
        self._subtitle = subtitle
        self._sections: list[str] = []
        self._body: list[str] = []

    def section(self, title: str) -> None:
        """Begin a section; it goes into the list of contents."""
        self._sections.append(title)
        self._body.append(f'<h2 id="s{len(self._sections)}">{escape(title)}</h2>')

    def text(self, text: str, kind: str = "") -> None:
        """A paragraph; ``kind`` is ``quiet``, ``note`` or ``warn``."""
        attribute = f' class="{kind}"' if kind else ""
        self._body.append(f"<p{attribute}>{escape(text)}</p>")

    def table(self, table: Table | None, *, heading: bool = True) -> None:
        """A table with its title and note; nothing if there are no rows."""
        if table is None or not table.rows:
            return
        if heading and table.title:
            self._body.append(f"<h3>{escape(table.title)}</h3>")
        head = "".join(f"<th>{escape(cell)}</th>" for cell in table.header)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
        )
        self._body.append(
            f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        )
        if table.note:
            self.text(table.note, "note")

    def charts(self, charts: Sequence[str], caption: str = "") -> None:
        """Charts side by side, made by `chart`."""
        if charts:
            told = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
            self._body.append(f'<figure><div class="charts">{"".join(charts)}</div>{told}</figure>')

    def picture(self, png: bytes, caption: str) -> None:
        """A PNG inside the page."""
        data = base64.b64encode(png).decode("ascii")
        self._body.append(
            f'<figure><img alt="{escape(caption)}" src="data:image/png;base64,{data}">'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
        )

    def code(self, text: str) -> None:
        """Text as it is."""
        self._body.append(f"<pre>{escape(text)}</pre>")

    def html(self) -> str:
        """The whole page."""
        contents = "".join(f'<a href="#s{i}">{escape(s)}</a>' for i, s in enumerate(self._sections, 1))
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self._title)}</title>"
            f"<style>{_STYLE}</style></head>\n<body>\n<h1>{escape(self._title)}</h1>\n"
            f'<p class="quiet">{escape(self._subtitle)}</p>\n<nav>{contents}</nav>\n'
            + "\n".join(self._body)
            + "\n</body></html>\n"
        )
