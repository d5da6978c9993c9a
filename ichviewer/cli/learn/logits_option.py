"""The option that says whose logits count."""

from __future__ import annotations

import click

logits_option = click.option(
    "--logits",
    "head",
    type=click.Choice(["auto", "slice", "sequence"]),
    default="auto",
    show_default=True,
    help="A slice's own, or those after the sequence head; auto takes the latter where there are any.",
)
