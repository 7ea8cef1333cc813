"""Who may import whom: the contracts stand in pyproject.toml."""

import subprocess
import sys

from fieldapp.config import ROOT
from tests.house.source import imported, place, python_files


def test_every_import_points_downwards():
    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_record_and_the_domain_open_no_session():
    """Import-linter sees only whole packages outside ours, so SQLAlchemy's asynchronous half is looked for here."""
    files = python_files("models", "fieldapp/domain", without=("models/migrations",))
    assert [place(path) for path in files for name in imported(path) if name.startswith("sqlalchemy.ext")] == []
