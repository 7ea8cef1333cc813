"""Every deed that the code writes down has words, and a place in the audit's filter."""

import ast

import pytest

from fieldapp.config import ROOT
from fieldapp.domain.audited import AUDITED, DEEDS, OTHER
from fieldapp.domain.record import RecordKind
from fieldapp.i18n import LOCALES, catalogue
from fieldapp.reports.audit_list import ABOUT, SHOWN_TO_COMMUNE
from fieldapp.services.incidents import Step
from models.difficulty import DifficultyDeed
from models.review import SecondLook, Verdict
from models.target import TargetStep
from models.unit_change import ChangeKind
from tests.house.source import place, python_files, tree

WORKED_OUT = {
    ("fieldapp/services/reviews.py", "f'visit.{payload.verdict}'"): {f"visit.{verdict}" for verdict in Verdict},
    ("fieldapp/services/reopening.py", "f'visit.{verdict}'"): {f"visit.{verdict}" for verdict in SecondLook},
    ("fieldapp/services/push.py", "envelope.kind"): set(RecordKind),
    ("fieldapp/services/held.py", "word"): {"record.accept", "record.refuse"},
    ("fieldapp/services/account_care.py", "action"): {
        "account.change", "account.block", "account.unblock", "account.discard",
    },
    ("fieldapp/services/unit_changes.py", "f'unit.{kind}'"): {f"unit.{kind}" for kind in ChangeKind},
    ("fieldapp/services/data_requests.py", "action"): set(AUDITED["rights"]),
    ("fieldapp/services/partners.py", "deed"): {"partner.add", "partner.change"},
    ("fieldapp/services/incidents.py", "action"): {"incident.save", "incident.end_sessions"} | {
        f"incident.{step}" for step in Step
    },
    ("fieldapp/services/targets.py", "f\"target.{change['step']}\""): {f"target.{step}" for step in TargetStep},
    ("fieldapp/services/household_keeping.py", "action"): {
        f"household.{deed}" for deed in ("add", "change", "move", "return", "merge", "take_in")
    },
    ("fieldapp/services/roster_imports.py", "action"): {
        f"roster.{deed}" for deed in ("stage", "discard", "apply", "undo")
    },
    ("fieldapp/services/platforms.py", "deed"): set(AUDITED["platform"]),
    ("fieldapp/services/indicators.py", "deed"): {
        f"indicator.{deed}" for deed in ("add", "rename", "order", "retire", "restore")
    },
    ("fieldapp/services/training_classes.py", "deed"): {"class.add", "class.change"},
    ("fieldapp/services/seats.py", "action"): {f"seat.{deed}" for deed in ("give", "change", "end")},
    ("fieldapp/services/teams.py", "action"): {
        f"team.{deed}" for deed in ("found", "change", "end", "reason", "reason_taken_back")
    },
    ("fieldapp/services/retention.py", "action"): {f"retention.{what}" for what in ("photos", "words", "trail")},
    ("fieldapp/services/materials.py", "action"): {
        f"material.{deed}" for deed in ("keep", "pass_on", "approve", "send_back", "withdraw", "dead", "alive")
    },
    ("fieldapp/services/report_decisions.py", "word"): {"report.approve", "report.return"},
    ("fieldapp/services/calendar_days.py", "action"): {"calendar.decide", "calendar.forget"},
    ("fieldapp/services/difficulty_handling.py", "f'difficulty.{form.deed}'"): {
        f"difficulty.{deed}" for deed in DifficultyDeed if deed != DifficultyDeed.REPORT
    },
    ("fieldapp/api/exports.py", "action"): {
        "export.summary", "export.visits", "export.audit", "export.consents", "export.household",
        "export.register", "export.incident", "export.class",
    },
}  # fmt: skip
"""What stands at a call instead of a fixed word, and what it can be."""

TOO_OLD = "fieldapp/services/retention.py"
"""Deletes what is older than the database holds on to."""

FOR_OTHERS = {"contact.view"}
"""Written by pages that show a member's telephone number."""


def written() -> tuple[set[str], set[tuple[str, str]]]:
    """The deeds that calls of `audit.event` name, and the calls that work theirs out."""
    named, worked_out = set(), set()
    for path in python_files("fieldapp"):
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "event"):
                continue
            if ast.unparse(node.func.value) != "audit":
                continue
            word = node.args[1]
            if isinstance(word, ast.Constant):
                named.add(word.value)
            else:
                worked_out.add((place(path), ast.unparse(word)))
    return named, worked_out


def test_every_deed_that_is_written_is_known():
    named, worked_out = written()
    assert worked_out == set(WORKED_OUT)
    assert named | {str(word) for words in WORKED_OUT.values() for word in words} | FOR_OTHERS == DEEDS


def test_no_deed_stands_in_two_groups():
    assert sum(map(len, AUDITED.values())) == len(DEEDS)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_deed_group_subject_and_detail_has_words(locale: str):
    needed = {f"event.{deed}" for deed in (*DEEDS, OTHER)} | {f"audit.group.{group}" for group in AUDITED}
    needed |= {f"audit.about.{kind}" for kind in ABOUT} | {f"audit.detail.{name}" for name in SHOWN_TO_COMMUNE}
    assert needed - set(catalogue(locale)) == set()


def test_nobody_updates_or_deletes_what_was_written():
    """The database refuses it as well (tests/services/test_audit.py)."""
    sources = {path: path.read_text("utf-8") for path in (ROOT / "fieldapp").rglob("*.py")}
    changed = [
        place(path)
        for path, text in sources.items()
        if place(path) != TOO_OLD
        if any(f"{verb}({name})" in text for verb in ("update", "delete") for name in ("EVENTS", "AuditEvent"))
    ]
    assert changed == []
