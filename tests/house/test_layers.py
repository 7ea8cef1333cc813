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


def test_the_process_that_watches_over_workers_imports_neither_the_record_nor_its_drivers():
    """It would hold forty megabytes for nothing."""
    heavy = "{'models', 'sqlalchemy', 'redis', 'reflex'} & {name.split('.')[0] for name in sys.modules}"
    asked = f"import sys, fieldapp.cli.serve; print(*sorted({heavy}))"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
