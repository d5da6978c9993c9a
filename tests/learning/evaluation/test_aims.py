"""Aims beside what was reached."""

from __future__ import annotations

from ichviewer.learning.evaluation.aims import aims_table


def metrics(**changes):
    types = {"epidural": 0.8857, "subdural": 0.7, "subarachnoid": 0.95}
    found = {
        "slice": {"any": {"auc": 0.951}} | {name: {"auc": auc} for name, auc in types.items()},
        "study": {"any": {"auc": 0.94}},
        "mean": {"auc_of_types": 0.93},
        "weighted_log_loss": {"model": 0.105},
    }
    return found | changes


def reached(table):
    return {row[0]: row[3] for row in table.rows}


def test_each_aim_is_reached_or_not():
    told = reached(aims_table(metrics()))
    assert told["AUC of any, out of fold"] == "yes"
    assert told["AUC of any by study, out of fold"] == "no"
    assert told["mean AUC of the types, out of fold"] == "yes"
    # Exactly at the aim is reached, for what must be high and for what must be low.
    assert told["AUC of epidural, out of fold"] == "yes"
    assert told["AUC of subdural, out of fold"] == "no"
    assert told["weighted log loss, out of fold"] == "yes"


def test_the_frozen_set_and_the_real_scan_are_not_measured_or_judged():
    assert list(reached(aims_table(metrics())).values()).count("not measured") == 8
    labels = {name: {"auc": 0.94} for name in ("any", "epidural", "intraparenchymal", "intraventricular")}
    row = {
        "sets": {"all": {"labels": labels}},
        "clean_old": {"false_positives": {"balanced": 0.06}},
        "ge": {"slices": 28, "flagged": 2},
    }
    told = reached(aims_table(metrics(), row))
    assert told["AUC of any, frozen set"] == "no"
    assert told["AUC of epidural, frozen set"] == "yes"
    assert told["AUC of subdural, frozen set"] == "not measured"
    assert told["slices flagged in clean old heads with mimics, frozen set"] == "no"
    assert told["slices flagged in the GE head CT"] == "yes"
