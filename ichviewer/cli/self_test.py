"""`ichviewer self-test`: whether this installation works."""

from __future__ import annotations

import click

from ichviewer.bundle import model_dir
from ichviewer.cli.console import say, tell
from ichviewer.cli.options import verbose_option
from ichviewer.errors import SelfTestError
from ichviewer.inference.model_card import load_model_card
from ichviewer.services.golden import write_golden
from ichviewer.services.self_test import State, run_self_test


@click.command("self-test")
@click.option(
    "--write-golden",
    "write",
    is_flag=True,
    help="First put the demo studies' probabilities on record anew, with the keras engine. For makers of models.",
)
@verbose_option
def self_test(write: bool) -> int:
    """Check every decoder, the model's hashes, its results on the demo studies, the engines and the resources.

    Exit code 0 only if all of it holds.
    """
    if write:
        card = load_model_card(model_dir())
        say(f"Written: {write_golden(card)}")
    failed = []
    for check in run_self_test():
        tell(f"{check.state.value:8}{check.name:40}{check.detail}")
        if check.state is State.FAILED:
            failed.append(check.name)
    if failed:
        raise SelfTestError(f"{len(failed)} of the checks failed", "self-test", ", ".join(failed))
    tell("All of it holds.")
    return 0
