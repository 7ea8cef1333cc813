"""Whoever runs or calls the product finds every setting and every problem in the documents."""

import re

from fieldapp.config import ROOT, Settings
from fieldapp.problems import STATUS

OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
PROBLEMS = (ROOT / "docs" / "problems.md").read_text("utf-8")


def test_every_setting_stands_in_operations():
    named = set(re.findall(r"FIELDAPP_\w+", OPERATIONS))
    assert named == {f"FIELDAPP_{name.upper()}" for name in Settings.model_fields}


def test_every_problem_stands_in_the_list_with_its_status():
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d{3}) \|", PROBLEMS, re.MULTILINE))
    assert rows == {code: str(status) for code, status in STATUS.items()}
